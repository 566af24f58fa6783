"""QR codes: drawn as vectors for print, read back from pictures and rendered pages."""

from __future__ import annotations

import io

import qrcode
import zxingcpp
from PIL import Image, UnidentifiedImageError
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import MODE_8BIT_BYTE, QRData
from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from labdesk.domain.verification import ReadCode

QUIET_MODULES = 4
_MAX_PIXELS = 64_000_000


def qr_matrix(text: str, *, strong: bool = False) -> list[list[bool]]:
    """The modules of a QR for ``text`` without quiet zone; ``strong`` raises error correction from M to Q."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q if strong else ERROR_CORRECT_M, border=0)
    code.add_data(QRData(text.encode("utf-8"), mode=MODE_8BIT_BYTE))
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def draw_qr(canvas: Canvas, text: str, x: float, y: float, size: float, *, strong: bool = False) -> None:
    """Draw a QR with its quiet zone into the square of ``size`` at ``x, y``; runs of modules become one rectangle."""
    matrix = qr_matrix(text, strong=strong)
    module = size / (len(matrix) + 2 * QUIET_MODULES)
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.rect(x, y, size, size, stroke=0, fill=1)
    canvas.setFillColor(black)
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        bottom = y + size - (QUIET_MODULES + row + 1) * module
        for start, length in _runs(modules):
            path.rect(x + (QUIET_MODULES + start) * module, bottom, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _runs(modules: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = None
    for index, dark in enumerate([*modules, False]):
        if dark and start is None:
            start = index
        elif not dark and start is not None:
            found.append((start, index - start))
            start = None
    return found


class QrFlowable(Flowable):  # type: ignore[misc]
    """A QR of a given size (points) in the flow of a page."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self._text = text
        self.width = self.height = size

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its fixed size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it at the flowable's origin."""
        draw_qr(self.canv, self._text, 0, 0, self.width)


class ZxingImageReader:
    """Reads QR codes from picture files (port ``CodeImageReader``)."""

    def read(self, image: bytes) -> tuple[ReadCode, ...]:
        """All QR codes on the picture; empty if it is no picture, too large, or has none."""
        try:
            with Image.open(io.BytesIO(image)) as picture:
                if picture.width * picture.height > _MAX_PIXELS:
                    return ()
                return read_codes(picture.convert("L"))
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            return ()


def read_codes(picture: Image.Image) -> tuple[ReadCode, ...]:
    """All QR codes on an opened picture, with the share of the picture each fills."""
    area = float(picture.width * picture.height) or 1.0
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return tuple(ReadCode(code.text, _area(code.position) / area) for code in found if code.valid)


def _area(position: object) -> float:
    corners = [getattr(position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return float(abs(sum(a.x * b.y - b.x * a.y for a, b in pairs))) / 2
