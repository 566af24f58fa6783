"""Codes on picture files: photographs, screenshots, scanned sheets."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.scanning.code_readers import FoundCode, Reader, read_picture

MAX_PIXELS = 120_000_000
"""Larger pictures are refused: a sheet at 600 dpi has 35 million, a telephone's largest photograph 108 million."""


@dataclass(frozen=True)
class ImageCodes:
    """One picture's codes and the milliseconds from opening the file to the last code."""

    file: str
    codes: tuple[FoundCode, ...]
    ms: float


def read_image(path: Path, readers: Sequence[Reader]) -> ImageCodes:
    """Reads all codes of the picture at ``path``; a picture without a code has none.

    Raises:
        EnvironmentFault: ``scanning.not_read``: missing, a folder, no rights.
        OperatorError: ``scanning.not_an_image``, ``scanning.image_too_large``, ``scanning.image_cut``.
    """
    began = time.perf_counter()
    codes = read_picture(_grey(path), readers)
    return ImageCodes(str(path), codes, round((time.perf_counter() - began) * 1000, 1))


def _grey(path: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes; the limit here is ours
            with Image.open(path) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise OperatorError("scanning.image_too_large", file=path.name, pixels=MAX_PIXELS // 1_000_000)
                return _flat(picture)
    except UnidentifiedImageError as error:
        raise OperatorError("scanning.not_an_image", file=path.name) from error
    except Image.DecompressionBombError as error:
        raise OperatorError("scanning.image_too_large", file=path.name, pixels=MAX_PIXELS // 1_000_000) from error
    except OSError as error:
        if error.errno is None:  # Pillow's own: the file ends early
            raise OperatorError("scanning.image_cut", file=path.name) from error
        raise EnvironmentFault("scanning.not_read", file=path.name, reason=error.strerror or str(error)) from error
    except (ValueError, SyntaxError, EOFError) as error:  # what Pillow's readers raise on broken heads
        raise OperatorError("scanning.image_cut", file=path.name) from error


def _flat(picture: Image.Image) -> Image.Image:
    """Grey, eight bits: see-through parts are white paper, sixteen bits are scaled and not cut off."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda level: level / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        colours = picture.convert("RGBA")
        paper = Image.new("RGBA", colours.size, "white")
        return Image.alpha_composite(paper, colours).convert("L")
    return picture.convert("L")
