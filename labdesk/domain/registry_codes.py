"""Codes that registries gave to companies, people and projects: is one well-formed, and does its check character fit?

Nothing here says that the company, person or project exists. The check digit of a project code is not published, so it is not looked at.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PROJECT = re.compile(r"(\d{4})-(\d{6})-(\d{2})-(\d{2})-(\d{6}|\d{5}X)")
#: The older form carries the whole year and was given out until the national platform changed (2015 to 2020).
_OLD_YEARS = range(2015, 2021)


def credit_code_sum(code: str) -> int:
    """Weighted sum of the first 17 characters of a unified social credit code (GB 32100-2015, 5.6)."""
    return sum(_CREDIT_ALPHABET.index(sign) * weight for sign, weight in zip(code[:17], _CREDIT_WEIGHTS, strict=True))


def is_credit_code(code: str) -> bool:
    """Whether a unified social credit code holds: 18 characters, its own check and that of the organisation code inside."""
    if len(code) != 18 or any(sign not in _CREDIT_ALPHABET for sign in code):
        return False
    check = _CREDIT_ALPHABET[(31 - credit_code_sum(code) % 31) % 31]
    return code[17] == check and is_organisation_code(code[8:17])


def is_organisation_code(code: str) -> bool:
    """Whether an organisation code (GB 11714, nine characters without hyphen) holds."""
    if len(code) != 9 or any(sign not in _ORG_ALPHABET for sign in code):
        return False
    total = sum(_ORG_ALPHABET.index(sign) * weight for sign, weight in zip(code[:8], _ORG_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return code[8] == {10: "X", 11: "0"}.get(rest, str(rest))


def id_number_sum(number: str) -> int:
    """Weighted sum of the first 17 digits of a resident's number (GB 11643-1999)."""
    return sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))


def is_id_number(number: str) -> bool:
    """Whether a resident's identity number holds: 17 digits with a real date, and the check character (``X`` for ten)."""
    if re.fullmatch(r"\d{17}[\dX]", number, re.ASCII) is None:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return number[17] == _ID_CHECKS[id_number_sum(number) % 11]


class ProjectCodeForm(StrEnum):
    """Which form of the national project code a text has."""

    NEW = "new"
    OLD = "old"


def project_code_form(code: str) -> ProjectCodeForm | None:
    """Form of an investment project code (GB/T 40058-2021: ``YYMM-RRRRRR-DD-TT-NNNNNC``), or ``None`` where it is none.

    A first group that ends like a month is the new form, a year from 2015 to 2020 the older one; no text fits both.
    """
    match = _PROJECT.fullmatch(code.strip()) if code.isascii() else None
    if match is None:
        return None
    if 1 <= int(match[1][2:]) <= 12:
        return ProjectCodeForm.NEW
    return ProjectCodeForm.OLD if int(match[1]) in _OLD_YEARS and match[5].isdigit() else None
