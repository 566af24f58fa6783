"""One sequence of bytes for one meaning: what is hashed and signed never depends on who wrote it down.

Canonical JSON here is UTF-8 without spaces, keys sorted by code point, the plain types of :mod:`labdesk.domain.plain` only
(no floats, so no question of how a float is spelt; decimals travel as text). Reading is strict: a key that appears twice, a
float, ``NaN``, a lone surrogate, too much nesting or too many bytes are refused.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.plain import to_plain

MAX_BYTES = 64 * 1024 * 1024
_MAX_DEPTH = 64


def canonical_bytes(value: Any) -> bytes:
    """The canonical JSON of a dataclass or plain value.

    Raises:
        BugError: ``bug.not_plain`` for floats and other types that have no canonical form.
    """
    text = json.dumps(to_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BugError("bug.not_plain", type="text with a lone surrogate") from error


def sha256_hex(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()


def canonical_hash(value: Any) -> str:
    """SHA-256 (hex) of the canonical bytes of ``value``."""
    return sha256_hex(canonical_bytes(value))


def loads(data: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """Plain values from JSON bytes, strictly read but not necessarily canonical.

    Raises:
        OperatorError: ``evidence.json_refused`` with the reason.
    """
    if len(data) > max_bytes:
        _refuse(f"{len(data)} > {max_bytes} bytes")
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=_unique, parse_float=_refuse_float, parse_constant=_refuse_float, parse_int=_integer
        )
    except (ValueError, RecursionError) as error:
        _refuse(str(error)[:120] or type(error).__name__)
    _check_depth(value, 0)
    return value


def parse_canonical(data: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """Plain values from bytes that must be exactly what :func:`canonical_bytes` would write for them.

    Raises:
        OperatorError: ``evidence.json_refused``.
    """
    value = loads(data, max_bytes)
    try:
        again = canonical_bytes(value)
    except BugError as error:
        _refuse(str(error)[:120])
    if again != data:
        _refuse("not canonical")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"key {twice[:40]!r} appears twice")
    return found


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(f"number {text[:40]} is not an integer")


def _integer(text: str) -> int:
    if len(text) > 40 or text == "-0":
        raise ValueError(f"number {text[:40]} is not allowed")
    return int(text)


def _check_depth(value: Any, depth: int) -> None:
    if depth > _MAX_DEPTH:
        _refuse("nested too deeply")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_depth(item, depth + 1)


def _refuse(reason: str) -> NoReturn:
    raise OperatorError("evidence.json_refused", reason=reason)
