"""Drawn pictures that stand for the site's and the laboratory's photos; plainly drawings, so that nobody takes them for real."""

from __future__ import annotations

import io
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 400)
SITE_CAPTIONS = ("钢筋取样", "钢筋挂牌", "钢筋见证", "试块成型", "试块标识", "试块见证")


def _font(size: int) -> ImageFont.FreeTypeFont:
    data = (resources.files("labdesk_resources.fonts") / "NotoSansSC_700Bold.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def site_photo(caption: str) -> bytes:
    """A drawing of bars or cubes with its caption, as JPEG."""
    steel = caption.startswith("钢筋")
    image = Image.new("RGB", SIZE, "#8fa0b3" if steel else "#a79078")
    pen = ImageDraw.Draw(image)
    if steel:
        for row in range(9):
            pen.line([(30, 70 + row * 28), (610, 52 + row * 28)], fill="#4d5a68", width=12)
    else:
        for column in range(3):
            left = 90 + column * 165
            pen.rectangle([left, 130, left + 130, 260], fill="#c9c5bd", outline="#7d776c", width=3)
            pen.rectangle([left + 45, 175, left + 85, 215], fill="#f4f4f2", outline="#444444", width=2)
    pen.rectangle([0, 340, 640, 400], fill="#16202c")
    pen.text((20, 350), f"演示图 · {caption}", font=_font(26), fill="#ffffff")
    return _jpeg(image)


def display_photo(force_kn: str) -> bytes:
    """A drawing of a press display that holds its peak, as JPEG."""
    image = Image.new("RGB", SIZE, "#2b2f36")
    pen = ImageDraw.Draw(image)
    pen.rectangle([70, 90, 570, 270], fill="#0c1a10", outline="#8a8f98", width=6)
    pen.text((110, 120), f"{force_kn} kN", font=_font(88), fill="#5dff9b")
    pen.text((110, 300), "演示图 · 试验机显示屏 峰值保持", font=_font(24), fill="#d7dbe2")
    return _jpeg(image)
