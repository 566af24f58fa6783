"""COSE_Sign1 (RFC 9052) with EdDSA, in the one narrow form LabDesk uses.

Tagged (18), definite lengths, protected header exactly ``{alg: EdDSA, kid: 8 bytes}``, nothing unprotected, payload included. The
external data name what is being signed, so that a signature over one kind of statement is none over another. The signature is
verified before the payload is decoded; what is decoded is encoded again and compared, because decoders forgive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import cbor2

from labdesk.domain.errors import OperatorError
from labdesk.evidence.keys import Signer, ed25519_holds

MAX_BYTES = 8 * 1024
_TAG = 18
_EDDSA = -8
_MAX_DEPTH = 8
# Tags for which the decoder would build objects (dates, big numbers, regular expressions, shared references ...).
_BUILDING_TAGS = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)


@dataclass(frozen=True)
class Sign1:
    """The parts of a COSE_Sign1 message; nothing about it is verified yet."""

    protected: bytes
    unprotected: dict[Any, Any]
    payload: bytes
    signature: bytes


@dataclass(frozen=True)
class Signed:
    """A payload whose signature holds, and the key that made it."""

    payload: bytes
    key_id: str
    public_key: bytes


def to_be_signed(protected: bytes, external: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052, section 4.4."""
    return encode(["Signature1", protected, external, payload])


def encode(value: Any) -> bytes:
    """Deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """A plain value from deterministic CBOR: no floats, no tags but 18, no duplicate keys, nothing behind it.

    Raises:
        OperatorError: ``evidence.code_malformed``.
    """
    if len(data) > max_bytes:
        _malformed("size")
    try:
        value = cbor2.loads(
            data,
            max_depth=_MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_NO_OBJECTS,
        )
        again = encode(value)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        _malformed("CBOR")
    if again != data:
        _malformed("CBOR not in its shortest form")
    _check_plain(value)
    return value


def split(data: bytes, max_bytes: int = MAX_BYTES) -> Sign1:
    """The parts of a tagged COSE_Sign1 message; raises OperatorError ``evidence.code_malformed``."""
    message = decode(data, max_bytes)
    if not isinstance(message, cbor2.CBORTag) or message.tag != _TAG:
        _malformed("no COSE_Sign1")
    match tuple(message.value) if isinstance(message.value, Sequence) else ():
        case (bytes(protected), Mapping() as unprotected, bytes(payload), bytes(signature)) if len(signature) == 64:
            found = Sign1(protected, dict(unprotected), payload, signature)
        case _:
            _malformed("no COSE_Sign1")
    return found


def sign1(payload: bytes, signer: Signer, context: bytes) -> bytes:
    """The COSE_Sign1 message over ``payload`` in ``context`` (external data naming the kind of statement)."""
    protected = encode({1: _EDDSA, 4: bytes.fromhex(signer.key_id)})
    signature = signer.sign(to_be_signed(protected, context, payload))
    return encode(cbor2.CBORTag(_TAG, [protected, {}, payload, signature]))


def verify1(data: bytes, keys: Callable[[str], Iterable[bytes]], context: bytes, max_bytes: int = MAX_BYTES) -> Signed:
    """The payload of a message whose signature holds under one of ``keys(key_id)``.

    Raises:
        OperatorError: ``evidence.code_malformed``, ``evidence.key_unknown`` or ``evidence.signature_wrong``.
    """
    parts = split(data, max_bytes)
    header = decode(parts.protected)
    if not isinstance(header, dict) or set(header) != {1, 4} or header[1] != _EDDSA or parts.unprotected:
        _malformed("header")
    kid = header[4]
    if not isinstance(kid, bytes) or len(kid) != 8:
        _malformed("key id")
    candidates = tuple(keys(kid.hex()))
    if not candidates:
        raise OperatorError("evidence.key_unknown", key_id=kid.hex())
    signed = to_be_signed(parts.protected, context, parts.payload)
    for public_key in candidates:
        if ed25519_holds(public_key, parts.signature, signed):
            return Signed(parts.payload, kid.hex(), public_key)
    raise OperatorError("evidence.signature_wrong", key_id=kid.hex())


def peek_key_id(data: bytes) -> str:
    """The key id a message names, nothing verified; raises OperatorError ``evidence.code_malformed``."""
    header = decode(split(data).protected)
    if not isinstance(header, dict) or not isinstance(header.get(4), bytes):
        _malformed("header")
    return str(header[4].hex())


def _refuse_tag(*_: Any) -> NoReturn:
    raise ValueError("tag")


_NO_OBJECTS = dict.fromkeys(_BUILDING_TAGS, _refuse_tag)


def _check_plain(value: Any) -> None:
    if isinstance(value, cbor2.CBORTag) and value.tag == _TAG:
        value = value.value
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, (int, str)) or isinstance(key, bool):
                _malformed("map key")
            _check_plain(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check_plain(item)
    elif value is not None and not isinstance(value, (int, str, bytes, bool)):
        _malformed(type(value).__name__)


def _malformed(reason: str) -> NoReturn:
    raise OperatorError("evidence.code_malformed", reason=reason)
