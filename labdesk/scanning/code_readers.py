"""The programs that read codes: zxing-cpp always, zbar and OpenCV where somebody installed them."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

import zxingcpp
from PIL import Image

_MOST_ENLARGED = 4_000_000
"""Pixels up to which a picture is also tried at twice its size; beyond, a code large enough to read is already large."""
_LEAST_REDUCED = 10_000
_MATRIX = zxingcpp.BarcodeFormat.AllMatrix


@dataclass(frozen=True)
class FoundCode:
    """A code on a picture: its exact text, its kind (``QRCode``, ``DataMatrix``, ``EAN13`` ...) and what read it."""

    text: str
    format: str
    reader: str


class Reader(Protocol):
    """Reads codes from a grey picture."""

    def read(self, picture: Image.Image) -> tuple[FoundCode, ...]:
        """All codes found, none invented; empty if there is none."""
        ...


class ZxingReader:
    """zxing-cpp: the picture as it is; then only codes with error correction at twice and at half the size.

    Bar codes whose only protection is a width are not looked for in resampled pictures: what is invented there looks
    like a reading.
    """

    def read(self, picture: Image.Image) -> tuple[FoundCode, ...]:
        """All codes of the first look that finds any."""
        return _zxing(picture) or _first(picture)


def _first(picture: Image.Image) -> tuple[FoundCode, ...]:
    pixels = picture.width * picture.height
    if pixels <= _MOST_ENLARGED and (found := _zxing(_scaled(picture, 2.0), _MATRIX)):
        return found
    return _zxing(_scaled(picture, 0.5), _MATRIX) if pixels >= _LEAST_REDUCED else ()


def _scaled(picture: Image.Image, by: float) -> Image.Image:
    size = (max(1, round(picture.width * by)), max(1, round(picture.height * by)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _zxing(picture: Image.Image, formats: Any = None) -> tuple[FoundCode, ...]:
    # Plain: the text that was written. The default shows control characters as <GS> and GS1 numbers in brackets.
    plain = zxingcpp.TextMode.Plain
    found = (
        zxingcpp.read_barcodes(picture, text_mode=plain)
        if formats is None
        else zxingcpp.read_barcodes(picture, formats=formats, text_mode=plain)
    )
    return tuple(FoundCode(code.text, code.format.name, "zxing-cpp") for code in found if code.valid)


class ZbarReader:
    """zbar through pyzbar: sees dusty and pale codes that the first misses."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def read(self, picture: Image.Image) -> tuple[FoundCode, ...]:
        """QR codes only: zbar reports bar codes in grass and fences."""
        found = self._module.decode(picture, symbols=[self._module.ZBarSymbol.QRCODE])
        texts = (bytes(code.data).decode("utf-8", "replace") for code in found)
        return tuple(FoundCode(text, "QRCode", "pyzbar") for text in texts if text)


class OpenCvReader:
    """OpenCV's detector: the last try."""

    def __init__(self, module: ModuleType, numpy: ModuleType) -> None:
        self._module = module
        self._numpy = numpy

    def read(self, picture: Image.Image) -> tuple[FoundCode, ...]:
        """QR codes it both finds and decodes."""
        pixels = self._numpy.asarray(picture)
        try:
            _, texts, _, _ = self._module.QRCodeDetector().detectAndDecodeMulti(pixels)
        except (self._module.error, UnicodeDecodeError):  # assertions inside on odd pictures, texts that are not UTF-8
            return ()
        return tuple(FoundCode(text, "QRCode", "opencv") for text in texts if text)


def installed_readers() -> tuple[Reader, ...]:
    """What this computer has, best first; a missing second or third reader is no fault."""
    readers: list[Reader] = [ZxingReader()]
    if (zbar := _module("pyzbar.pyzbar")) is not None:
        readers.append(ZbarReader(zbar))
    if (cv2 := _module("cv2")) is not None:
        readers.append(OpenCvReader(cv2, importlib.import_module("numpy")))
    return tuple(readers)


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except (ImportError, OSError):  # pyzbar without the system's libzbar raises ImportError or OSError
        return None


def read_picture(picture: Image.Image, readers: Sequence[Reader]) -> tuple[FoundCode, ...]:
    """What the first reader that finds anything finds."""
    for reader in readers:
        if found := reader.read(picture):
            return found
    return ()
