"""Settings that people type: bytes with escapes or as hexadecimal digits, and patterns that cannot take for ever.

A typed pattern is matched against whatever a line brings, in the process that must not lose a sample. So it is measured before it is
used: :func:`safe_pattern` counts in how many ways the pattern can divide a line among its repetitions and refuses too many.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from labdesk.domain.errors import OperatorError

MAX_WAYS = 300_000
"""Ways to divide a line among a pattern's repetitions: a few milliseconds for the worst of lines."""

_PARSER: Any = importlib.import_module("re._parser")
_ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}
_ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|([rnt\\]))|([ -\[\]-~])")
_ALL = frozenset(range(256))
_CATEGORIES = {
    "CATEGORY_DIGIT": rb"\d",
    "CATEGORY_NOT_DIGIT": rb"\D",
    "CATEGORY_SPACE": rb"\s",
    "CATEGORY_NOT_SPACE": rb"\S",
    "CATEGORY_WORD": rb"\w",
    "CATEGORY_NOT_WORD": rb"\W",
}


def refuse(driver: str, name: str, value: str, reason: str) -> NoReturn:
    """Refuses a setting with one sentence; ``reason`` is the last part of a ``drivers.reason_...`` key.

    Raises:
        OperatorError: ``drivers.setting``.
    """
    raise OperatorError("drivers.setting", driver=driver, name=name, value=value, reason=f"@drivers.reason_{reason}")


def typed_bytes(text: str) -> bytes | None:
    r"""The bytes of ``text``: printable ASCII, ``\r``, ``\n``, ``\t``, ``\\`` and ``\x02``; ``None`` for anything else."""
    found, at = bytearray(), 0
    while at < len(text):
        part = _ESCAPED.match(text, at)
        if part is None:
            return None
        code, letter, plain = part.groups()
        found += bytes.fromhex(code) if code else _ESCAPES[letter] if letter else plain.encode("ascii")
        at = part.end()
    return bytes(found)


def hex_bytes(text: str) -> bytes | None:
    """The bytes of hexadecimal digits with or without spaces; ``None`` for anything else."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class _Part:
    """What a stretch of a pattern may begin with, whether it may be empty, and in how many ways it may divide what it matches."""

    first: frozenset[int] = frozenset()
    empty: bool = True
    ways: int = 1


def safe_pattern(text: str, longest: int) -> tuple[re.Pattern[bytes] | None, str]:
    """The compiled pattern, or ``None`` with the reason: ``pattern`` (not one), ``pattern_slow`` (too many ways).

    Allowed: characters, classes, groups, alternatives, repetitions, anchors. Refused: back references, look-around, conditions.
    Where what a repetition takes cannot be the beginning of what follows, there is one way; elsewhere as many as it has lengths.
    """
    try:
        raw = text.encode("ascii")
        pattern = re.compile(raw)
        tree = _PARSER.parse(raw)
        if pattern.flags & (re.IGNORECASE | re.VERBOSE | re.LOCALE):
            return None, "pattern_slow"
        ways = _sequence(list(tree), frozenset(), longest).ways
    except (re.error, UnicodeEncodeError, OverflowError, RecursionError):
        return None, "pattern"
    return (pattern, "") if ways <= MAX_WAYS else (None, "pattern_slow")


def _sequence(nodes: list[Any], follow: frozenset[int], longest: int) -> _Part:
    whole = _Part()
    for operation, argument in reversed(nodes):
        after = whole.first | follow if whole.empty else whole.first
        part = _node(str(operation), argument, after, longest)
        first = part.first | whole.first if part.empty else part.first
        whole = _Part(first, part.empty and whole.empty, min(part.ways * whole.ways, MAX_WAYS + 1))
    return whole


def _node(operation: str, argument: Any, follow: frozenset[int], longest: int) -> _Part:
    if operation in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
        return _Part(_characters(operation, argument), False)
    if operation == "SUBPATTERN":
        return _sequence(list(argument[3]), follow, longest)
    if operation == "BRANCH":
        return _branch([_sequence(list(each), follow, longest) for each in argument[1]], follow)
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        return _repeat(argument, follow, longest)
    return _Part(ways=1 if operation == "AT" else MAX_WAYS + 1)


def _branch(parts: list[_Part], follow: frozenset[int]) -> _Part:
    starts = [part.first | follow if part.empty else part.first for part in parts]
    first = frozenset().union(*(part.first for part in parts))
    apart = sum(map(len, starts)) == len(frozenset().union(*starts))
    ways = max(part.ways for part in parts) if apart else sum(part.ways for part in parts)
    return _Part(first, any(part.empty for part in parts), ways)


def _repeat(argument: Any, follow: frozenset[int], longest: int) -> _Part:
    least, most = int(argument[0]), min(int(argument[1]), longest)
    body = list(argument[2])
    again = _sequence(body, frozenset(), longest).first if most > 1 else frozenset()
    part = _sequence(body, follow | again, longest)
    ways = part.ways if most <= 1 else (1 if part.ways == 1 and not part.empty else MAX_WAYS + 1)
    if most > least and part.first & follow:
        ways *= most - least + 1
    return _Part(part.first, part.empty or least == 0, min(ways, MAX_WAYS + 1))


def _characters(operation: str, argument: Any) -> frozenset[int]:
    if operation == "LITERAL":
        return frozenset((argument,))
    if operation == "NOT_LITERAL":
        return _ALL - {argument}
    if operation == "ANY":
        return _ALL
    return _class(list(argument))


def _class(items: list[Any]) -> frozenset[int]:
    found: set[int] = set()
    turned = False
    for operation, argument in items:
        kind = str(operation)
        if kind == "NEGATE":
            turned = True
        elif kind == "RANGE":
            found.update(range(argument[0], argument[1] + 1))
        elif kind == "CATEGORY":
            found.update(byte for byte in _ALL if re.match(_CATEGORIES[str(argument)], bytes((byte,))))
        else:
            found.add(argument)
    return _ALL - found if turned else frozenset(found)
