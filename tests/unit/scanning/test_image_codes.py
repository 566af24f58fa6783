"""Real photographs: every text exactly, nothing where there is nothing, and files that are no pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.scanning import image_codes
from labdesk.scanning.code_readers import ZxingReader
from labdesk.scanning.image_codes import read_image

PHOTOS = Path(__file__).parents[2] / "data" / "qr-photos"
READERS = (ZxingReader(),)
MISSED = {"12"}
"""A code under a blurred aerial photograph, which no reader tried has read."""


def texts(path: Path) -> list[str]:
    return [code.text for code in read_image(path, READERS).codes]


def refused(path: Path) -> LabDeskError:
    with pytest.raises(LabDeskError) as caught:
        read_image(path, READERS)
    return caught.value


def outcome(path: Path) -> str:
    try:
        read_image(path, ())
    except LabDeskError as error:
        return error.key
    return "read"


def test_real_photographs_give_their_exact_texts() -> None:
    truths = sorted(PHOTOS.glob("qrcode-*/*.txt"))
    assert len(truths) == 13
    for truth in truths:
        picture = next(path for path in truth.parent.glob(f"{truth.stem}.*") if path.suffix in (".png", ".webp"))
        with truth.open(encoding="utf-8", newline="") as lines:
            assert texts(picture) == ([] if truth.stem in MISSED else [lines.read()]), picture.name


def test_nothing_is_read_where_there_is_no_code() -> None:
    photos = sorted((PHOTOS / "falsepositives-2").glob("*.webp"))
    assert len(photos) == 3
    assert [texts(path) for path in photos] == [[], [], []]


def test_see_through_and_sixteen_bit_pictures(tmp_path: Path) -> None:
    with Image.open(PHOTOS / "qrcode-1" / "1.webp") as picture:
        grey = picture.convert("L")
    expected = [code.text for code in zxingcpp.read_barcodes(grey)]
    dark = grey.point(lambda level: 255 if level < 128 else 0)
    ink = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    ink.putalpha(dark)  # black ink on nothing: without paper all of it is black
    ink.save(tmp_path / "ink.png")
    grey.convert("I").point(lambda level: level * 257).convert("I;16").save(tmp_path / "deep.png")
    assert texts(tmp_path / "ink.png") == expected
    assert texts(tmp_path / "deep.png") == expected


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture", encoding="utf-8")
    cut = tmp_path / "cut.webp"
    cut.write_bytes((PHOTOS / "qrcode-1" / "1.webp").read_bytes()[:1500])
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    assert refused(text).key == refused(empty).key == "scanning.not_an_image"
    assert refused(cut).key in ("scanning.image_cut", "scanning.not_an_image")
    assert isinstance(refused(tmp_path / "missing.png"), EnvironmentFault)
    assert isinstance(refused(tmp_path), EnvironmentFault)


def test_cut_and_changed_files_never_raise_anything_else(tmp_path: Path) -> None:
    whole = {suffix: tmp_path / f"whole.{suffix}" for suffix in ("png", "jpg", "gif", "bmp", "tiff", "webp")}
    with Image.open(PHOTOS / "qrcode-1" / "1.webp") as picture:
        grey = picture.convert("L")
    for path in whole.values():
        grey.save(path)
    for suffix, path in whole.items():
        data = path.read_bytes()
        for place in range(0, len(data), max(1, len(data) // 12)):
            damaged = tmp_path / f"damaged.{suffix}"
            for content in (data[:place], data[:place] + b"\xff\x00\xff" + data[place + 3 :]):
                damaged.write_bytes(content)
                assert outcome(damaged).startswith(("read", "scanning.")), (suffix, place)


def test_enormous_pictures_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_codes, "MAX_PIXELS", 9_999)
    Image.new("1", (100, 100)).save(tmp_path / "big.png")
    error = refused(tmp_path / "big.png")
    assert isinstance(error, OperatorError)
    assert error.key == "scanning.image_too_large"
