"""Whose key is whose, and was it good at that moment: key certificates and trust lists signed by the platform's root.

Two layers only: the root, pinned in every verifier, certifies keys; a dated trust list, also signed by the root, repeats all key
records with what has been revoked since. There are two ways to end a key: *retired* (roll-over; what it signed before stays good) and
*compromised* (what it signed before cannot be told from a forgery that was dated back, unless the platform confirms it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.plain import from_plain, to_plain
from labdesk.evidence import cose
from labdesk.evidence.keys import KeyAlgorithm, KeyUse, Signer, key_id

_CERTIFICATE = b"labdesk/key-certificate/1"
_TRUST_LIST = b"labdesk/trust-list/1"
T = TypeVar("T")
_MAX_LIST = 2 * 1024 * 1024


class Revocation(StrEnum):
    """Why a key ended."""

    NONE = ""
    RETIRED = "retired"
    COMPROMISED = "compromised"


class Standing(StrEnum):
    """Whether a key was good at a moment."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    WRONG_USE = "wrong-use"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class KeyRecord:
    """One key as the root certifies it.

    Attributes:
        key_id: see :func:`labdesk.evidence.keys.key_id`.
        public_key: raw public key, hexadecimal.
        holder_id, holder_name: laboratory (``lab_id``) or platform.
        valid_from, valid_to: the moments between which it may sign.
        revoked_at, revocation: when and why it ended before its time.
    """

    key_id: str
    public_key: str
    algorithm: KeyAlgorithm
    use: KeyUse
    holder_id: str
    holder_name: str
    valid_from: datetime
    valid_to: datetime
    revoked_at: datetime | None = None
    revocation: Revocation = Revocation.NONE

    def standing(self, use: KeyUse, at: datetime) -> Standing:
        """Whether this key was good for ``use`` at the moment ``at``."""
        if self.use is not use:
            return Standing.WRONG_USE
        if at < self.valid_from:
            return Standing.NOT_YET_VALID
        if at > self.valid_to:
            return Standing.EXPIRED
        if self.revoked_at is None:
            return Standing.TRUSTED
        if at >= self.revoked_at:
            return Standing.REVOKED
        return Standing.TRUSTED if self.revocation is Revocation.RETIRED else Standing.DOUBTFUL


@dataclass(frozen=True)
class TrustList:
    """All key records of a platform as of a moment.

    Attributes:
        platform: host name of the platform.
        number: counts up; an older list never replaces a newer one.
        issued_at, next_update: after ``next_update`` the list is stale and unknown keys cannot be judged.
        keys: all records ever issued, ended ones too.
        pdf_authorities: certificates (DER, hexadecimal) of the authorities for PDF signatures.
    """

    platform: str
    number: int
    issued_at: datetime
    next_update: datetime
    keys: tuple[KeyRecord, ...]
    pdf_authorities: tuple[str, ...] = ()


def certify_key(record: KeyRecord, root: Signer) -> bytes:
    """The key certificate: the record signed by the platform's root (COSE)."""
    return cose.sign1(cose.encode(to_plain(record)), root, _CERTIFICATE)


def read_key_certificate(data: bytes, roots: Iterable[bytes]) -> KeyRecord:
    """The record in a key certificate signed by one of ``roots`` (raw public keys).

    Raises:
        OperatorError: as :func:`labdesk.evidence.cose.verify1`, or ``evidence.code_malformed``.
    """
    record = _read(KeyRecord, cose.verify1(data, _by_id(roots), _CERTIFICATE).payload)
    _check_record(record)
    return record


def sign_trust_list(trust_list: TrustList, root: Signer) -> bytes:
    """The trust list signed by the platform's root (COSE)."""
    return cose.sign1(cose.encode(to_plain(trust_list)), root, _TRUST_LIST)


def read_trust_list(data: bytes, roots: Iterable[bytes]) -> TrustList:
    """The trust list signed by one of ``roots``; raises as :func:`read_key_certificate`."""
    trust_list = _read(TrustList, cose.verify1(data, _by_id(roots), _TRUST_LIST, _MAX_LIST).payload)
    for record in trust_list.keys:
        _check_record(record)
    return trust_list


@dataclass(frozen=True)
class Trust:
    """What a verifier trusts: pinned root keys, the newest trust list it has, and the pinned authorities for PDFs.

    Attributes:
        platform: host name reports must name.
        roots: raw public keys of the platform's root (old and new one while it rolls over).
        trust_list: newest list known, ``None`` on a verifier that never saw one.
        pdf_authorities: pinned certificates (DER).
    """

    platform: str
    roots: tuple[bytes, ...]
    trust_list: TrustList | None = None
    pdf_authorities: tuple[bytes, ...] = ()

    def updated(self, data: bytes) -> Trust:
        """This trust with a newer trust list.

        Raises:
            OperatorError: ``evidence.list_older`` for a list older than the one known, ``evidence.list_platform`` for
                another platform's, or as :func:`read_trust_list`.
        """
        new = read_trust_list(data, self.roots)
        if new.platform != self.platform:
            raise OperatorError("evidence.list_platform", platform=new.platform, expected=self.platform)
        if self.trust_list is not None and new.number < self.trust_list.number:
            raise OperatorError("evidence.list_older", number=new.number, known=self.trust_list.number)
        return Trust(self.platform, self.roots, new, self.pdf_authorities)

    def with_certificate(self, data: bytes) -> Trust:
        """This trust with one more key from its certificate; what the trust list says of that key goes first.

        Raises:
            OperatorError: as :func:`read_key_certificate`.
        """
        record = read_key_certificate(data, self.roots)
        if any(known.public_key == record.public_key for known in self.records()):
            return self
        base = self.trust_list
        if base is None:
            base = TrustList(self.platform, 0, record.valid_from, record.valid_from, ())
        extended = TrustList(
            base.platform, base.number, base.issued_at, base.next_update, (*base.keys, record), base.pdf_authorities
        )
        return Trust(self.platform, self.roots, extended, self.pdf_authorities)

    def records(self, identifier: str | None = None) -> tuple[KeyRecord, ...]:
        """All key records known, or those with this key id."""
        keys = self.trust_list.keys if self.trust_list else ()
        return keys if identifier is None else tuple(record for record in keys if record.key_id == identifier)

    def ed25519_keys(self, identifier: str) -> tuple[bytes, ...]:
        """Raw Ed25519 keys with this id, whatever their standing (ask :meth:`standing` afterwards)."""
        return tuple(
            bytes.fromhex(record.public_key)
            for record in self.records(identifier)
            if record.algorithm is KeyAlgorithm.ED25519
        )

    def record_of(self, public_key: bytes) -> KeyRecord | None:
        """The record of a raw public key."""
        return next((record for record in self.records() if record.public_key == public_key.hex()), None)

    def standing(self, public_key: bytes, use: KeyUse, at: datetime) -> Standing:
        """Whether ``public_key`` was good for ``use`` at the moment ``at``."""
        record = self.record_of(public_key)
        return Standing.UNKNOWN if record is None else record.standing(use, at)

    def is_stale(self, now: datetime) -> bool:
        """Whether the list is missing or past its next update, so that a key unknown here may yet be good."""
        return self.trust_list is None or now > self.trust_list.next_update


def _by_id(roots: Iterable[bytes]) -> Callable[[str], list[bytes]]:
    known = tuple(roots)
    return lambda identifier: [root for root in known if key_id(root) == identifier]


def _read(kind: type[T], payload: bytes) -> T:
    try:
        return from_plain(kind, cose.decode(payload, _MAX_LIST))
    except BugError as error:
        raise OperatorError("evidence.code_malformed", reason=kind.__name__) from error


def _check_record(record: KeyRecord) -> None:
    """The id must be that of the key: a signed record that says otherwise is a mistake of the root."""
    try:
        identifier = key_id(bytes.fromhex(record.public_key))
    except ValueError:
        identifier = ""
    if identifier != record.key_id:
        raise OperatorError("evidence.code_malformed", reason="key id")
