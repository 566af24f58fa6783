"""The readers one by one: what each reports, what it must not report, and what happens when one is not installed."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
import zxingcpp
from PIL import Image

from labdesk.scanning.code_readers import (
    FoundCode,
    OpenCvReader,
    ZbarReader,
    ZxingReader,
    installed_readers,
    read_picture,
)

PHOTOS = Path(__file__).parents[2] / "data" / "qr-photos"
EMPTY = Image.new("L", (300, 300), 255)


def photo(name: str) -> Image.Image:
    with Image.open(PHOTOS / name) as picture:
        return picture.convert("L")


def written(text: str, format_name: str) -> Image.Image:
    """A code as a picture with a quiet zone."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, format_name))
    return Image.fromarray(numpy.array(zxingcpp.write_barcode_to_image(made, scale=4, add_quiet_zones=True)))


class Says:
    """A reader that always says the same and counts how often it was asked."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.asked = 0

    def read(self, picture: Image.Image) -> tuple[FoundCode, ...]:
        self.asked += 1
        return tuple(FoundCode(text, "QRCode", "second") for text in self.texts)


def test_a_code_too_small_for_the_first_look_is_read_at_another_size() -> None:
    picture = photo("qrcode-2/28.webp")
    assert not zxingcpp.read_barcodes(picture)
    assert [code.text for code in ZxingReader().read(picture)] == ["http://www.webtech.co.jp/k/"]


@pytest.mark.parametrize("kind", ["QRCode", "DataMatrix", "Aztec", "PDF417", "Code128", "Code39"])
def test_the_kind_is_named(kind: str) -> None:
    found = ZxingReader().read(written("LABDESK 42", kind))
    assert [(code.text, code.reader) for code in found] == [("LABDESK 42", "zxing-cpp")]
    assert found[0].format.startswith(kind)


def test_control_characters_arrive_as_they_are() -> None:
    assert ZxingReader().read(photo("qrcode-2/33.png"))[0].text == "\x01\x10AD:SUB:阿;;"
    assert "\x1d" in ZxingReader().read(photo("qrcode-2/gs1-figure-4.15.1-2.png"))[0].text


def test_the_second_reader_is_asked_only_when_the_first_found_nothing() -> None:
    second = Says("late")
    assert read_picture(photo("qrcode-1/1.webp"), (ZxingReader(), second))[0].reader == "zxing-cpp"
    assert second.asked == 0
    assert [code.text for code in read_picture(EMPTY, (ZxingReader(), second))] == ["late"]
    assert read_picture(EMPTY, (ZxingReader(),)) == ()


def test_zbar_is_asked_for_qr_codes_only_and_its_bytes_are_text() -> None:
    asked: list[Any] = []

    def decode(picture: Image.Image, symbols: list[str]) -> list[Any]:
        asked.extend(symbols)
        return [SimpleNamespace(data="样品 7".encode()), SimpleNamespace(data=b"")]

    module: Any = SimpleNamespace(decode=decode, ZBarSymbol=SimpleNamespace(QRCODE="QRCODE"))
    assert ZbarReader(module).read(EMPTY) == (FoundCode("样品 7", "QRCode", "pyzbar"),)
    assert asked == ["QRCODE"]


def test_opencv_codes_found_but_not_decoded_are_no_codes() -> None:
    class Detector:
        def detectAndDecodeMulti(self, pixels: Any) -> tuple[Any, ...]:
            assert pixels.shape == (300, 300)
            return True, ("LDT:1", ""), None, None

    module: Any = SimpleNamespace(QRCodeDetector=Detector, error=RuntimeError)
    assert OpenCvReader(module, numpy).read(EMPTY) == (FoundCode("LDT:1", "QRCode", "opencv"),)


def test_opencv_failing_inside_is_nothing_found() -> None:
    class Detector:
        def detectAndDecodeMulti(self, pixels: Any) -> tuple[Any, ...]:
            raise RuntimeError("assertion")

    module: Any = SimpleNamespace(QRCodeDetector=Detector, error=RuntimeError)
    assert OpenCvReader(module, numpy).read(EMPTY) == ()


def test_missing_second_and_third_readers_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyzbar", "pyzbar.pyzbar", "cv2"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it raises ImportError
    assert [type(reader) for reader in installed_readers()] == [ZxingReader]


def test_installed_ones_come_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyzbar", "pyzbar.pyzbar", "cv2"):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace())
    assert [type(reader) for reader in installed_readers()] == [ZxingReader, ZbarReader, OpenCvReader]
