"""Plain values from the other side into dataclasses, with every surprise turned into one refusal in words."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.plain import from_plain

T = TypeVar("T")

_HASH = re.compile(r"[0-9a-f]{64}")
_TOKEN = re.compile(r"[!-~]{1,200}")

#: What may go wrong while a foreign value is fitted into a dataclass.
_SHAPE_ERRORS = (BugError, TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError)


def read_as(kind: type[T], value: Any) -> T:
    """An instance of dataclass ``kind`` from what the other side sent.

    Raises:
        OperatorError: ``wire.shape`` naming what was expected and found.
    """
    try:
        return from_plain(kind, value)
    except _SHAPE_ERRORS as error:
        raise OperatorError("wire.shape", expected=kind.__name__, found=str(error)[:200]) from error


def require_hash(text: str, where: str) -> None:
    """Raises OperatorError ``wire.shape`` unless ``text`` is a SHA-256 in lower-case hex."""
    if not _HASH.fullmatch(text):
        raise OperatorError("wire.shape", expected="SHA-256", found=f"{where}: {text[:80]}")


def require_token(text: str, where: str) -> None:
    """Raises OperatorError ``wire.shape`` unless ``text`` is 1-200 printable ASCII characters without spaces."""
    if not _TOKEN.fullmatch(text):
        raise OperatorError("wire.shape", expected="1-200 printable ASCII characters", found=f"{where}: {text[:80]}")


def require_line(text: str, where: str) -> None:
    """Raises OperatorError ``wire.shape`` unless ``text`` is one line of 1-200 printable characters of any script."""
    if not 1 <= len(text) <= 200 or not text.isprintable() or text != text.strip():
        raise OperatorError("wire.shape", expected="one line of 1-200 characters", found=f"{where}: {text[:80]!r}")
