"""The wiring pictures of the manual's chapter on taps, drawn from one description in both languages.

python tools/wiring_pictures.py          writes docs/manual/images/<language>/tap-*.svg
python tools/wiring_pictures.py check    exit 1 if one of them is not what this tool draws
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "manual" / "images"
LANGUAGES = ("zh", "en")
WIDE, HIGH = 880, 380
INK, QUIET, LINE, OURS, BAD = "#0f172a", "#475569", "#334155", "#1d4ed8", "#b91c1c"
FONT = '"Noto Sans SC", "Microsoft YaHei", "Segoe UI", Arial, sans-serif'


@dataclass
class Drawing:
    """One picture in one language; every text is given as (Chinese, English)."""

    language: str
    parts: list[str] = field(default_factory=list)

    def say(self, words: tuple[str, str]) -> str:
        """The words in this picture's language."""
        return words[LANGUAGES.index(self.language)].replace("&", "&amp;").replace("<", "&lt;")

    def text(
        self, x: int, y: int, words: tuple[str, str], colour: str = INK, size: int = 14, anchor: str = "start"
    ) -> None:
        """One line of text."""
        self.parts.append(
            f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">{self.say(words)}</text>'
        )

    def box(self, x: int, y: int, size: tuple[int, int], title: tuple[str, str], colour: str = LINE) -> None:
        """A device with its name on top."""
        wide, high = size
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="10" fill="#ffffff" stroke="{colour}" stroke-width="2"/>'
        )
        below = y + 24 if colour == LINE else y + high - 32
        self.text(x + wide // 2, below, title, colour, 15, "middle")

    def wire(self, points: str, colour: str = LINE, dashed: bool = False) -> None:
        """A wire along ``points`` (``x,y x,y ...``)."""
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        self.parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>')

    def joint(self, x: int, y: int, colour: str = OURS) -> None:
        """Where a wire is joined to another."""
        self.parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>')

    def open_end(self, x: int, y: int) -> None:
        """A pin that stays open."""
        self.parts.append(f'<path d="M{x - 6},{y - 6} l12,12 m0,-12 l-12,12" stroke="{BAD}" stroke-width="2.5"/>')

    def resistor(self, x: int, y: int) -> None:
        """In a vertical wire."""
        self.parts.append(
            f'<rect x="{x - 8}" y="{y}" width="16" height="34" fill="#ffffff" stroke="{OURS}" stroke-width="2"/>'
        )

    def svg(self, title: tuple[str, str]) -> str:
        """The whole picture."""
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-labelledby="t">\n'
            f'<title id="t">{self.say(title)}</title>\n<style>text {{ font-family: {FONT} }}</style>\n'
            f'<rect width="{WIDE}" height="{HIGH}" fill="#f8fafc"/>\n{body}\n</svg>\n'
        )


MACHINE, MAKER = ("试验机 / 控制器", "testing machine"), ("厂家程序的电脑", "maker's computer")
OUR_ADAPTER = ("LabDesk 的 USB 转 RS-232（隔离型）", "LabDesk's USB adapter (isolated)")


def _both_ends(draw: Drawing) -> None:
    """Machine on the left, the maker's computer on the right, an RS-232 cable between them."""
    draw.box(20, 30, (170, 150), MACHINE)
    draw.box(690, 30, (170, 150), MAKER)
    for y, left, right in ((85, "TX", "2  RX"), (115, "RX", "3  TX"), (145, "GND", "5  GND")):
        draw.text(180, y + 5, (left, left), QUIET, 13, "end")
        draw.text(700, y + 5, (right, right), QUIET, 13)
        draw.wire(f"190,{y} 690,{y}")


def rs232(draw: Drawing) -> str:
    """One receive wire on the machine's TX."""
    _both_ends(draw)
    draw.box(330, 250, (280, 105), OUR_ADAPTER, OURS)
    draw.wire("400,85 400,190", OURS)
    draw.resistor(400, 190)
    draw.wire("400,224 400,250", OURS)
    draw.joint(400, 85)
    draw.wire("470,145 470,250", OURS)
    draw.joint(470, 145)
    draw.open_end(540, 250)
    for x, pin in ((400, "2 RX"), (470, "5 GND"), (540, "3 TX")):
        draw.text(x, 272, (pin, pin), OURS if x < 540 else BAD, 13, "middle")
    draw.text(414, 212, ("1 kΩ", "1 kΩ"), OURS, 13)
    draw.text(560, 240, ("TX、RTS、DTR 等一律不接", "TX, RTS, DTR and all others: not connected"), BAD, 13)
    draw.text(
        20, 372, ("RX 接在电脑 2 脚所在的那根线上", "RX on the wire that goes to pin 2 of the computer"), QUIET, 13
    )
    return draw.svg(("RS-232 监听：只接 RX 和 GND", "Tap on RS-232: RX and ground only"))


def two_wires(draw: Drawing) -> str:
    """A receive wire on each side."""
    _both_ends(draw)
    for x, y, name in (
        (210, 85, ("适配器 A：听试验机", "A: hears the machine")),
        (470, 115, ("适配器 B：听厂家程序", "B: hears the program")),
    ):
        draw.box(x, 250, (220, 105), name, OURS)
        draw.wire(f"{x + 60},{y} {x + 60},190", OURS)
        draw.resistor(x + 60, 190)
        draw.wire(f"{x + 60},224 {x + 60},250", OURS)
        draw.joint(x + 60, y)
        draw.wire(f"{x + 120},145 {x + 120},250", OURS)
        draw.joint(x + 120, 145)
        draw.open_end(x + 180, 250)
        for at, pin in ((60, "2 RX"), (120, "5 GND"), (180, "3 TX")):
            draw.text(x + at, 272, (pin, pin), OURS if at < 180 else BAD, 13, "middle")
        draw.text(x + 74, 212, ("1 kΩ", "1 kΩ"), OURS, 13)
    draw.text(704, 300, ("两个适配器", "two adapters"), QUIET, 13)
    draw.text(704, 320, ("都不接 TX", "no TX at either"), BAD, 13)
    return draw.svg(
        ("RS-232 两侧监听：两个适配器，各接 RX 和 GND", "Tap on both sides of RS-232: two adapters, RX and ground each")
    )


def rs485(draw: Drawing) -> str:
    """A receiver on the shared pair."""
    draw.box(20, 30, (170, 150), ("变送器 / 控制器", "transmitter"))
    draw.box(690, 30, (170, 150), MAKER)
    for y, name in ((85, "A (D+)"), (115, "B (D−)"), (145, "GND")):
        draw.text(180, y + 5, (name, name), QUIET, 13, "end")
        draw.text(700, y + 5, (name, name), QUIET, 13)
        draw.wire(f"190,{y} 690,{y}", dashed=y == 145)
    draw.box(290, 250, (340, 105), ("只收的 RS-485 接收器（隔离型）", "receive-only RS-485 receiver (isolated)"), OURS)
    for x, y, pin in ((380, 85, "A"), (440, 115, "B"), (500, 145, "GND")):
        draw.wire(f"{x},{y} {x},250", OURS)
        draw.joint(x, y)
        draw.text(x, 272, (pin, pin), OURS, 13, "middle")
    note = ("高输入阻抗（1/8 单位负载），DE 固定为“收”", "high input impedance (1/8 unit load), DE tied to receive")
    draw.text(460, 345, note, OURS, 12, "middle")
    draw.text(650, 262, ("不加 120 Ω 终端", "no 120 Ω terminator"), BAD, 13)
    draw.text(650, 284, ("不加偏置电阻", "no bias resistors"), BAD, 13)
    draw.text(650, 306, ("支线短于 0.3 m", "stub shorter than 0.3 m"), QUIET, 13)
    return draw.svg(("RS-485 监听：高阻接收器并在双绞线上", "Tap on RS-485: a high-impedance receiver across the pair"))


PICTURES: dict[str, Callable[[Drawing], str]] = {"tap-rs232": rs232, "tap-two-wires": two_wires, "tap-rs485": rs485}


def drawn() -> Iterator[tuple[Path, str]]:
    """Every picture with its place."""
    for language in LANGUAGES:
        for name, make in PICTURES.items():
            yield IMAGES / language / f"{name}.svg", make(Drawing(language))


def main(arguments: list[str]) -> int:
    """Writes or checks."""
    stale = [path for path, text in drawn() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if arguments == ["check"]:
        for path in stale:
            sys.stdout.write(f"stale: {path.relative_to(ROOT)}\n")
        return 1 if stale else 0
    for path, text in drawn():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
