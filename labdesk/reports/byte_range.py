"""The signed bytes of a PDF: found, measured and hashed on the raw file, before anything in it is believed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from labdesk.domain.errors import OperatorError
from labdesk.evidence import container

_RANGE = re.compile(rb"/ByteRange \[0 ([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,10})\] *\n")
_CONTENTS = b"/Contents "


@dataclass(frozen=True)
class SignedBytes:
    """A signature over the whole file: its container's parts and the byte range that was signed."""

    parts: container.ContainerParts
    byte_range: tuple[int, int, int, int]


def check_signed_bytes(pdf: bytes) -> SignedBytes:
    """The one signature that covers every byte of ``pdf`` but its own container, which must be exactly as rebuilt.

    Raises:
        OperatorError: ``verification.not_signed``, ``verification.not_whole`` (bytes outside the signature: an update
            was appended, or the file was cut), or as :func:`labdesk.evidence.container.check`.
    """
    candidates = [tuple(int(group) for group in match.groups()) for match in _RANGE.finditer(pdf)]
    if not candidates:
        raise OperatorError("verification.not_signed")
    whole = [found for found in candidates if _covers(pdf, *found)]
    if len(whole) != 1:
        raise OperatorError("verification.not_whole")
    before, after, rest = whole[0]
    digest = hashlib.sha256(pdf[:before] + pdf[after:]).digest()
    text = pdf[before + 1 : after - 1]
    parts = container.check(_unhex(text), digest)
    built = container.build(parts).hex().upper().encode("ascii")
    if built + b"0" * (len(text) - len(built)) != text:
        raise OperatorError("evidence.container_refused", reason="padding")
    return SignedBytes(parts, (0, before, after, rest))


def _covers(pdf: bytes, before: int, after: int, rest: int) -> bool:
    """Whether the gap is exactly one ``/Contents <...>`` and everything else is inside the range."""
    return (
        len(_CONTENTS) <= before < after - 1
        and after + rest == len(pdf)
        and pdf[before - len(_CONTENTS) : before] == _CONTENTS
        and pdf[before : before + 1] == b"<"
        and pdf[after - 1 : after] == b">"
    )


def _unhex(text: bytes) -> bytes:
    """The container without its padding: DER says how long it is."""
    try:
        data = bytes.fromhex(text.decode("ascii"))
    except (ValueError, UnicodeDecodeError) as error:
        raise OperatorError("evidence.container_refused", reason="hexadecimal") from error
    if len(data) < 4 or data[:2] != b"\x30\x82":
        raise OperatorError("evidence.container_refused", reason="length")
    return data[: 4 + int.from_bytes(data[2:4], "big")]
