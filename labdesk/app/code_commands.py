"""``labdesk read-codes``: one JSON line per picture."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.domain.errors import LabDeskError
from labdesk.domain.sentences import Language, say, say_error

_CANNOT = 2


def run_read_codes(arguments: list[str]) -> int:
    """``labdesk read-codes IMAGE... [--json]``.

    Exit 0: every picture was read, with codes or without. Exit 2, with one sentence: one could not be read; its line has no codes
    and says so under ``error``, the others are complete.
    """
    parser = Arguments(
        prog="labdesk read-codes",
        description="Read the codes on pictures (PNG, JPEG, WebP, TIFF, BMP, GIF).",
        epilog="Exit 0: all were read, with codes or without. Exit 2: one could not be read; its line says why under error.",
    )  # fmt: skip
    parser.add_argument("images", nargs="+", metavar="IMAGE", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON line per picture instead of plain text")
    parser.add_argument("--lang", choices=[item.value for item in Language], default=system_language().value)
    options = parser.parse_args(arguments)
    return _read_all(options.images, options.json, Language(options.lang))


def _read_all(images: Sequence[Path], as_json: bool, language: Language) -> int:
    from labdesk.scanning.code_readers import installed_readers
    from labdesk.scanning.image_codes import read_image

    readers = installed_readers()
    refused: list[str] = []
    for path in images:
        try:
            line = asdict(read_image(path, readers))
        except LabDeskError as error:
            refused.append(say_error(error, language))
            line = {"file": str(path), "codes": [], "ms": 0.0, "error": refused[-1]}
        _put(line, as_json)
    if not refused:
        return 0
    several = len(refused) > 1
    first = refused[0]
    sys.stderr.write(
        (say("scanning.some_not_read", language, count=len(refused), first=first) if several else first) + "\n"
    )
    return _CANNOT


def _put(line: dict[str, Any], as_json: bool) -> None:
    """At once: the first picture's codes do not wait for the last one's."""
    if as_json:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line['file']}\t{code['format']}\t{code['text']}\n" for code in line["codes"])
    sys.stdout.flush()
