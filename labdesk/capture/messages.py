"""What client and capture process say to each other over the local socket.

A frame is ``u32 length (little-endian) · kind · body``; kind ``J`` is JSON, ``B`` is ``u32 request number · bytes``. A request is
``{"id", "op", ...}``, its reply ``{"id", "result"}`` or ``{"id", "error": {"class", "key", "params"}}`` or a ``B`` frame. Pushed states are
``{"live": {...}, "generation", "from", "points": [[elapsed_ms, force, extension, displacement], ...]}``: only points not sent before.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from labdesk.domain.capture import LivePoint, LiveState
from labdesk.domain.errors import BugError, EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.plain import from_plain, utc_text

MAX_REQUEST = 1 << 20
MAX_REPLY = 1 << 28
_LENGTH = struct.Struct("<I")
_CLASSES: dict[str, type[LabDeskError]] = {
    "operator": OperatorError,
    "environment": EnvironmentFault,
    "bug": BugError,
}


class FrameReader:
    """Takes bytes cut anywhere, gives whole frames."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Kind and body of every completed frame; raises ValueError for one beyond the limit."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if not 1 <= length <= self._limit:
                raise ValueError(f"frame of {length} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            frame = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield frame[:1], frame[1:]


_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def json_frame(value: dict[str, Any]) -> bytes:
    """A ``J`` frame."""
    body = b"J" + _encode(value).encode()
    return _LENGTH.pack(len(body)) + body


def bytes_frame(number: int, data: bytes) -> bytes:
    """A ``B`` frame that answers request ``number``."""
    return _LENGTH.pack(len(data) + 5) + b"B" + _LENGTH.pack(number) + data


def split_bytes(body: bytes) -> tuple[int, bytes]:
    """Request number and bytes of a ``B`` frame's body."""
    return _LENGTH.unpack_from(body)[0], body[_LENGTH.size :]


def error_plain(error: LabDeskError) -> dict[str, Any]:
    """An error as it travels."""
    kind = next((name for name, known in _CLASSES.items() if type(error) is known), "bug")
    return {"class": kind, "key": error.key, "params": {name: str(value) for name, value in error.params.items()}}


def error_from(plain: dict[str, Any]) -> LabDeskError:
    """The error that travelled."""
    return _CLASSES.get(str(plain["class"]), BugError)(str(plain["key"]), **plain["params"])


def live_message(state: LiveState, generation: int, first: int, points: list[LivePoint]) -> dict[str, Any]:
    """A pushed state with the points from number ``first`` on."""
    rows = [
        [point.elapsed_ms, str(point.force_kn), _text(point.extension_mm), _text(point.displacement_mm)]
        for point in points
    ]
    return {"live": _state_plain(state), "generation": generation, "from": first, "points": rows}


_PLAIN: dict[type, Callable[[Any], Any]] = {Decimal: str, datetime: utc_text, tuple: list}
_TYPED = tuple(field.name for field in fields(LiveState) if re.search("Decimal|datetime|tuple", str(field.type)))


def _state_plain(state: LiveState) -> dict[str, Any]:
    """What ``to_plain`` gives of a state without its points, in a tenth of the time: made many times a second for each machine."""
    plain = vars(state).copy()
    del plain["points"]
    for name in _TYPED:
        value = plain.get(name)
        if value is not None:
            plain[name] = _PLAIN[type(value)](value)
    return plain


def live_from(message: dict[str, Any], known: tuple[int, tuple[LivePoint, ...]]) -> tuple[int, LiveState]:
    """Generation and complete state, the known points of the same generation in front."""
    generation, points = known
    first = int(message["from"])
    kept = points[:first] if generation == message["generation"] else ()
    new = tuple(
        LivePoint(first + offset, row[0], Decimal(row[1]), _decimal(row[2]), _decimal(row[3]))
        for offset, row in enumerate(message["points"])
    )
    state = from_plain(LiveState, message["live"])
    return int(message["generation"]), replace(state, points=kept + new)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
