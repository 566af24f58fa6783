"""Dataclasses to plain values and back, without surprises.

Plain means ``dict``, ``list``, ``str``, ``int``, ``bool`` and ``None``: what canonical JSON and CBOR carry. ``Decimal`` and
``datetime`` become text (the exact digits; ISO 8601 in UTC with ``Z``); ``float`` is refused, because its text is not its value.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from labdesk.domain.errors import BugError

T = TypeVar("T")


def utc_text(moment: datetime) -> str:
    """ISO 8601 text of an aware moment in UTC with microseconds and ``Z``; raises BugError for a naive one."""
    if moment.tzinfo is None:
        raise BugError("bug.naive_datetime", value=str(moment))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_moment(text: str) -> datetime:
    """The aware moment written by :func:`utc_text` (or any ISO 8601 text with an offset)."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise BugError("bug.naive_datetime", value=text)
    return moment


def to_plain(value: Any) -> Any:
    """Plain form of a dataclass, enum, Decimal, date, tuple or mapping; raises BugError for anything else (floats too)."""
    if value is None or (isinstance(value, (bool, int, str)) and not isinstance(value, enum.Enum)):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [to_plain(item) for item in value]
    raise BugError("bug.not_plain", type=type(value).__name__)


def from_plain(kind: type[T], value: Any) -> T:
    """An instance of dataclass ``kind`` from its plain form; unknown keys are refused, missing ones take their default.

    Raises:
        BugError: ``bug.plain_shape`` naming the type and the key.
    """
    return typing.cast(T, _build(kind, value, kind.__name__))


def _build(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if kind is Any or kind is object:
        return value
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _build(next(arg for arg in typing.get_args(kind) if arg is not type(None)), value, where)
    if origin is tuple:
        return tuple(_build(typing.get_args(kind)[0], item, where) for item in value)
    if origin is list:
        return [_build(typing.get_args(kind)[0], item, where) for item in value]
    if origin is not None and issubclass(origin, Mapping):
        key_kind, item_kind = typing.get_args(kind)
        return {_build(key_kind, key, where): _build(item_kind, item, where) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    return _build_scalar(kind, value, where)


@cache
def _field_types(kind: Any) -> Mapping[str, Any]:
    """Field name to its type. Looked up once a class: resolving annotations takes longer than building the value."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise BugError("bug.plain_shape", where=where, found=type(value).__name__)
    hints = _field_types(kind)
    unknown = set(value) - hints.keys()
    if unknown:
        raise BugError("bug.plain_shape", where=where, found=", ".join(sorted(unknown)))
    try:
        return kind(**{name: _build(hints[name], item, f"{where}.{name}") for name, item in value.items()})
    except TypeError as error:
        raise BugError("bug.plain_shape", where=where, found=str(error)) from error


def _build_scalar(kind: Any, value: Any, where: str) -> Any:
    try:
        if kind is datetime:
            return parse_moment(value)
        if kind is date:
            return date.fromisoformat(value)
        if kind is Decimal:
            return Decimal(value)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return kind(value)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BugError("bug.plain_shape", where=where, found=str(value)) from error
    if (kind is bool and not isinstance(value, bool)) or (
        kind is int and (isinstance(value, bool) or not isinstance(value, int))
    ):
        raise BugError("bug.plain_shape", where=where, found=str(value))
    if kind is str and not isinstance(value, str):
        raise BugError("bug.plain_shape", where=where, found=str(value))
    return value
