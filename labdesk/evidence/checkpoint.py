"""Heads of the log as C2SP checkpoints in signed notes, so that anybody's tool can read and countersign them.

A checkpoint is text: origin, number of entries, root hash in base64, then optional extension lines. A signed note adds an empty
line and one line per signature, ``— name base64(key hash || signature)`` (C2SP ``tlog-checkpoint`` and ``signed-note``, Ed25519,
algorithm byte 1).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from labdesk.domain.errors import BugError, OperatorError

_MAX_NOTE = 16 * 1024
_MAX_SIGNATURES = 16
_NAME = re.compile(r"[^\s+\x00-\x1f]{1,128}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_ED25519 = b"\x01"


@dataclass(frozen=True)
class Checkpoint:
    """A head of the log: whose (``origin``), how many entries, which root; ``extensions`` are further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The text that is signed, ending in a newline."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode("ascii"), *self.extensions]
        if any(not line or "\n" in line for line in lines) or len(self.root) != 32 or self.size < 0:
            raise BugError("bug.checkpoint", origin=self.origin)
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class NoteVerifier:
    """A known signer of notes: its name and raw Ed25519 public key (32 bytes)."""

    name: str
    public_key: bytes

    def key_hash(self) -> bytes:
        """The 4-byte key hash of the signed-note format."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:4]


def sign_note(text: str, signer: NoteVerifier, sign: Callable[[bytes], bytes]) -> str:
    """The signed note of ``text`` (which ends in a newline); ``sign`` makes the Ed25519 signature of the signer's key."""
    if not _NAME.fullmatch(signer.name) or not text.endswith("\n"):
        raise BugError("bug.checkpoint", origin=signer.name)
    return text + "\n" + _signature_line(text, signer, sign)


def cosign_note(note: str, signer: NoteVerifier, sign: Callable[[bytes], bytes]) -> str:
    """``note`` with one more signature, e.g. the platform's."""
    text, _ = _split_note(note)
    return note + _signature_line(text, signer, sign)


def open_note(note: str, verifiers: tuple[NoteVerifier, ...]) -> tuple[str, tuple[str, ...]]:
    """The signed text and the names of the known signers whose signatures hold; unknown signers are passed over.

    Raises:
        OperatorError: ``evidence.note_refused`` when it is malformed, a known signer's signature is wrong, or none is known.
    """
    text, lines = _split_note(note)
    names = []
    for line in lines:
        name, signature = _parse_signature(line)
        known = next((v for v in verifiers if v.name == name and v.key_hash() == signature[:4]), None)
        if known is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(known.public_key).verify(signature[4:], text.encode())
        except InvalidSignature:
            _refuse(f"signature of {name}")
        names.append(name)
    if not names:
        _refuse("no known signer")
    return text, tuple(names)


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteVerifier, sign: Callable[[bytes], bytes]) -> str:
    """The checkpoint as a signed note."""
    return sign_note(checkpoint.text(), signer, sign)


def open_checkpoint(note: str, verifiers: tuple[NoteVerifier, ...]) -> tuple[Checkpoint, tuple[str, ...]]:
    """The checkpoint in a signed note and who signed it; raises as :func:`open_note` does."""
    text, names = open_note(note, verifiers)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        _refuse("not a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), _base64(lines[2], 32), tuple(lines[3:])), names


def _signature_line(text: str, signer: NoteVerifier, sign: Callable[[bytes], bytes]) -> str:
    blob = base64.b64encode(signer.key_hash() + sign(text.encode())).decode("ascii")
    return f"\u2014 {signer.name} {blob}\n"


def _split_note(note: str) -> tuple[str, list[str]]:
    if len(note) > _MAX_NOTE or not note.endswith("\n"):
        _refuse("length")
    head, separator, tail = note.rpartition("\n\n")
    lines = tail[:-1].split("\n") if tail else []
    if not separator or not head or not lines or len(lines) > _MAX_SIGNATURES:
        _refuse("no signature")
    return head + "\n", lines


def _parse_signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not _NAME.fullmatch(parts[1]):
        _refuse("signature line")
    return parts[1], _base64(parts[2], 68)


def _base64(text: str, size: int) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        _refuse("base64")
    if len(data) != size or base64.b64encode(data).decode("ascii") != text:
        _refuse("base64")
    return data


def _refuse(reason: str) -> NoReturn:
    raise OperatorError("evidence.note_refused", reason=reason)
