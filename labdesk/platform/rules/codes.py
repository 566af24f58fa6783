"""Report codes: short, sayable, checked, never given twice.

``YK26-7F3K-92QD``: two letters of the region and the year, four and two random characters, two check characters (ISO 7064
MOD 1271-36) over everything before them. The random alphabet leaves out I, L, O and U.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from labdesk.domain.codes import check_characters
from labdesk.domain.errors import BugError

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE = re.compile(r"[A-Z]{2}[0-9]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}")
_ATTEMPTS = 50

Choose = Callable[[str], str]


def new_code(prefix: str, year: int, taken: Callable[[str], bool], choose: Choose = secrets.choice) -> str:
    """A code that ``taken`` does not know yet.

    Args:
        prefix: two capital letters of the region.
        year: of issue.
        taken: whether a code was given before; the database holds it too.
        choose: picks one character of an alphabet.
    """
    for _ in range(_ATTEMPTS):
        drawn = "".join(choose(_ALPHABET) for _ in range(6))
        head = f"{prefix}{year % 100:02d}"
        code = f"{head}-{drawn[:4]}-{drawn[4:]}{check_characters(head + drawn)}"
        if not taken(code):
            return code
    raise BugError("bug.no_free_code", prefix=prefix)


def looks_right(code: str) -> bool:
    """Whether the form and the check characters hold; says nothing of whether the code was ever given."""
    return bool(_CODE.fullmatch(code)) and check_characters(code[:-2].replace("-", "")) == code[-2:]
