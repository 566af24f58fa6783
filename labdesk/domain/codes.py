"""What a scanned code says: one text format for everything LabDesk prints or expects to scan.

``LD<kind>:<body>:<check>``, upper-case, where the check is two characters by ISO 7064 MOD 1271-36 over kind and body, so that
a scan cut short or mangled by an input method fails loudly instead of matching a shorter number.

Kinds: ``B`` badge · ``C`` commission · ``T`` tag · ``S`` specimen label · ``I`` inspection code. Report codes are https addresses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from labdesk.domain.errors import OperatorError

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODE = re.compile(r"LD([BCTSI]):([0-9A-Z\-]{1,64}):([0-9A-Z]{2})")
_REPORT = re.compile(r"https?://[^/\s]+/r/([0-9A-Z\-]+)(?:#([0-9A-Za-z_\-]*))?")


class CodeKind(StrEnum):
    """What a code stands for."""

    BADGE = "B"
    COMMISSION = "C"
    TAG = "T"
    SPECIMEN = "S"
    INSPECTION = "I"
    REPORT = "R"


@dataclass(frozen=True)
class Code:
    """A recognised code: its kind and the number inside (for a report: the report code)."""

    kind: CodeKind
    body: str


def check_characters(text: str) -> str:
    """Two ISO 7064 MOD 1271-36 check characters for ``text``; characters outside 0-9A-Z are skipped."""
    remainder = 0
    for character in text:
        if character in _ALPHABET:
            remainder = (remainder + _ALPHABET.index(character)) * 36 % 1271
    check = (1272 - remainder * 36 % 1271) % 1271
    return _ALPHABET[check // 36] + _ALPHABET[check % 36]


def format_code(kind: CodeKind, body: str) -> str:
    """The text to print in a QR for ``body``."""
    return f"LD{kind.value}:{body}:{check_characters(kind.value + body)}"


def normalise_scan(raw: str) -> str:
    """A scan with full-width characters folded, spaces and control characters removed, upper-cased unless it is an address."""
    folded = unicodedata.normalize("NFKC", raw)
    text = "".join(ch for ch in folded if unicodedata.category(ch)[0] != "C" and not ch.isspace())
    return text if text.lower().startswith("http") else text.upper()


def parse_code(raw: str) -> Code:
    """The code in a scan.

    Raises:
        OperatorError: ``scan.incomplete`` when it looks like ours but its check fails (cut short, mangled by an input
            method), ``scan.unknown`` when it is not one of ours.
    """
    text = normalise_scan(raw)
    report = _REPORT.fullmatch(text)
    if report:
        return Code(CodeKind.REPORT, report.group(1))
    match = _CODE.fullmatch(text)
    if match and check_characters(match.group(1) + match.group(2)) == match.group(3):
        return Code(CodeKind(match.group(1)), match.group(2))
    if text.startswith("LD"):
        raise OperatorError("scan.incomplete", text=text[:40])
    raise OperatorError("scan.unknown", text=text[:40])
