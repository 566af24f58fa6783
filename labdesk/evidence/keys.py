"""Signing keys: Ed25519 for codes, log, receipts and documents; ECDSA P-256 for the PDF signature.

Common PDF readers call an Ed25519 signature corrupt, hence two kinds. A key's id is the first 8 bytes of SHA-256 over its raw public
key (32 bytes; P-256: the uncompressed point), as 16 hexadecimal characters. Ids may collide: verifiers try every key of that id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class KeyUse(StrEnum):
    """What a key may sign; one key, one use."""

    ROOT = "root"
    REPORT_CODE = "report-code"
    CODE_GRANT = "code-grant"
    LOG = "log"
    RECEIPT = "receipt"
    DOCUMENT = "document"
    PDF = "pdf"


class KeyAlgorithm(StrEnum):
    """Signature algorithms in use; 国密 SM2 would be a further profile."""

    ED25519 = "Ed25519"
    P256 = "P-256"


def key_id(public_key: bytes) -> str:
    """Id (16 hexadecimal characters) of a raw public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


class Signer(Protocol):
    """Something that signs with one Ed25519 key: a key file, or a token behind it."""

    @property
    def key_id(self) -> str:
        """Id of the key."""
        ...

    @property
    def public_key(self) -> bytes:
        """Raw public key."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Signature over ``data``; raises EnvironmentFault when the key cannot be used."""
        ...


@dataclass(frozen=True)
class Ed25519Key:
    """An Ed25519 private key in memory."""

    private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> Ed25519Key:
        """A new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Ed25519Key:
        """The key of a 32-byte seed (RFC 8032)."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_key(self) -> bytes:
        """Raw public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """Id of the key."""
        return key_id(self.public_key)

    def sign(self, data: bytes) -> bytes:
        """Ed25519 signature, 64 bytes; the same data give the same signature."""
        return self.private.sign(data)


@dataclass(frozen=True)
class P256Key:
    """An ECDSA P-256 private key in memory."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> P256Key:
        """A new key from the system's randomness."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> bytes:
        """Uncompressed point, 65 bytes."""
        return p256_point(self.private.public_key())

    @property
    def key_id(self) -> str:
        """Id of the key."""
        return key_id(self.public_key)

    def sign(self, data: bytes) -> bytes:
        """DER-encoded ECDSA signature with SHA-256."""
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))


def p256_point(public: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point (65 bytes) of a P-256 public key."""
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def ed25519_holds(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` is that of ``public_key`` over ``data``; bent keys and signatures are simply not."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
