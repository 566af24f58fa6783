"""Signed documents: canonical JSON with a detached Ed25519 signature, for region profiles, receipts and other machine papers.

The signed bytes travel as they are (``body`` is text inside the envelope), so nobody has to write them again to check them. The
signature also covers the kind of document and the key's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.plain import from_plain
from labdesk.evidence.canonical import canonical_bytes, loads, parse_canonical
from labdesk.evidence.keys import Signer, ed25519_holds

_LABEL = b"LabDesk signed document 1\n"
MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class SignedDocument:
    """A document and its signature.

    Attributes:
        kind: what it is, e.g. ``region-profile``, ``receipt``.
        body: canonical JSON text, exactly as signed.
        key_id: id of the signing key.
        signature: Ed25519 signature, hexadecimal.
    """

    kind: str
    body: str
    key_id: str
    signature: str

    def to_bytes(self) -> bytes:
        """The envelope as canonical JSON."""
        return canonical_bytes(self)


def sign_document(document: Any, kind: str, signer: Signer) -> SignedDocument:
    """``document`` (dataclass or plain value) signed as ``kind``."""
    body = canonical_bytes(document).decode("utf-8")
    signature = signer.sign(_signed_bytes(kind, signer.key_id, body))
    return SignedDocument(kind, body, signer.key_id, signature.hex())


def read_document(data: bytes) -> SignedDocument:
    """The envelope in ``data``, nothing verified; raises OperatorError ``evidence.json_refused``."""
    try:
        return from_plain(SignedDocument, loads(data, MAX_BYTES))
    except BugError as error:
        raise OperatorError("evidence.json_refused", reason=str(error)[:120]) from error


def verify_document(signed: SignedDocument, kind: str, keys: Callable[[str], Iterable[bytes]]) -> Any:
    """The plain content of a document of ``kind`` whose signature holds under one of ``keys(key_id)``.

    Raises:
        OperatorError: ``evidence.document_kind``, ``evidence.key_unknown``, ``evidence.signature_wrong`` or
            ``evidence.json_refused``.
    """
    if signed.kind != kind:
        raise OperatorError("evidence.document_kind", kind=signed.kind[:40], expected=kind)
    candidates = tuple(keys(signed.key_id))
    if not candidates:
        raise OperatorError("evidence.key_unknown", key_id=signed.key_id[:16])
    try:
        signature = bytes.fromhex(signed.signature)
        data = _signed_bytes(signed.kind, signed.key_id, signed.body)
    except ValueError as error:
        raise OperatorError("evidence.signature_wrong", key_id=signed.key_id[:16]) from error
    if signature.hex() != signed.signature or not any(ed25519_holds(key, signature, data) for key in candidates):
        raise OperatorError("evidence.signature_wrong", key_id=signed.key_id[:16])
    return parse_canonical(signed.body.encode("utf-8"), MAX_BYTES)


def _signed_bytes(kind: str, key: str, body: str) -> bytes:
    return _LABEL + canonical_bytes([kind, key]) + b"\n" + body.encode("utf-8")
