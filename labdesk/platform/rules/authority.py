"""The platform's keys and what it signs with them: receipts, inbox items, profiles, code grants, log heads, certificates.

One key has one use. The root signs key certificates and trust lists only; in a real region it stays off the server, here it lies
encrypted beside the others so that one command gives a working platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Laboratory
from labdesk.domain.profile import RegionProfile
from labdesk.evidence.canonical import canonical_bytes
from labdesk.evidence.certificates import Holder, issue_certificate
from labdesk.evidence.checkpoint import Checkpoint, NoteVerifier, cosign_note, open_checkpoint
from labdesk.evidence.documents import SignedDocument, sign_document, verify_document
from labdesk.evidence.keys import Ed25519Key, KeyAlgorithm, KeyUse, P256Key, key_id
from labdesk.evidence.report_code import CodeGrant, sign_grant
from labdesk.evidence.trust import KeyRecord, Standing, TrustList, certify_key, sign_trust_list
from labdesk.wire.envelope import (
    ITEM_DOCUMENT,
    MESSAGE_DOCUMENT,
    PROFILE_DOCUMENT,
    RECEIPT_DOCUMENT,
    Envelope,
    Receipt,
)
from labdesk.wire.inbox import ItemStatement

KEY_YEARS = 5
#: Keys are good from a little before they are certified: moments inside codes are cut to whole seconds.
GRACE = timedelta(minutes=5)
LIST_DAYS = 30

#: What the platform signs day by day, each with a key of its own.
DAILY_USES = (KeyUse.RECEIPT, KeyUse.DOCUMENT, KeyUse.CODE_GRANT, KeyUse.LOG)
#: What a laboratory signs; the PDF key gets an X.509 certificate besides.
LAB_USES = (KeyUse.DOCUMENT, KeyUse.LOG, KeyUse.REPORT_CODE, KeyUse.PDF)


@dataclass(frozen=True)
class PlatformIdentity:
    """Who this platform is: host as printed in report addresses, region, and the two letters its codes begin with."""

    host: str
    region: str
    code_prefix: str


@dataclass(frozen=True)
class Authority:
    """The platform's identity with its keys.

    Attributes:
        root: signs certificates and trust lists.
        daily: the other keys by use.
        pdf_key, pdf_certificate: authority for the laboratories' PDF certificates (DER).
    """

    identity: PlatformIdentity
    root: Ed25519Key
    daily: Mapping[KeyUse, Ed25519Key]
    pdf_key: P256Key
    pdf_certificate: bytes

    def receipt(self, receipt: Receipt) -> bytes:
        """The signed receipt."""
        return sign_document(receipt, RECEIPT_DOCUMENT, self.daily[KeyUse.RECEIPT]).to_bytes()

    def item(self, statement: ItemStatement) -> bytes:
        """The signed inbox item."""
        return sign_document(statement, ITEM_DOCUMENT, self.daily[KeyUse.DOCUMENT]).to_bytes()

    def profile(self, profile: RegionProfile) -> bytes:
        """The signed region profile, a file of its own."""
        return sign_document(profile, PROFILE_DOCUMENT, self.daily[KeyUse.DOCUMENT]).to_bytes()

    def grant(self, grant: CodeGrant) -> bytes:
        """The platform's word that this code stands for these report data (YK-7.2b)."""
        return sign_grant(grant, self.daily[KeyUse.CODE_GRANT])

    def cosigned(self, note: str) -> str:
        """A laboratory's log head with the platform's signature added."""
        key = self.daily[KeyUse.LOG]
        return cosign_note(note, NoteVerifier(self.identity.host, key.public_key), key.sign)

    def trust_list(self, keys: tuple[KeyRecord, ...], number: int, at: datetime) -> bytes:
        """All key records as of ``at``, signed by the root."""
        authorities = (self.pdf_certificate.hex(),)
        listed = TrustList(self.identity.host, number, at, at + timedelta(days=LIST_DAYS), keys, authorities)
        return sign_trust_list(listed, self.root)

    def certify(self, public_key: bytes, use: KeyUse, holder: Laboratory | None, at: datetime) -> KeyRecord:
        """The record of a key of a laboratory, or of the platform itself (``None``), to be signed by :meth:`certificate`."""
        algorithm = KeyAlgorithm.P256 if use is KeyUse.PDF else KeyAlgorithm.ED25519
        if len(public_key) != (65 if algorithm is KeyAlgorithm.P256 else 32):
            raise OperatorError("platform.bad_key", use=use.value)
        return KeyRecord(
            key_id=key_id(public_key),
            public_key=public_key.hex(),
            algorithm=algorithm,
            use=use,
            holder_id=self.identity.host if holder is None else holder.id,
            holder_name=self.identity.region if holder is None else holder.name,
            valid_from=at - GRACE,
            valid_to=at + timedelta(days=365 * KEY_YEARS),
        )

    def certificate(self, record: KeyRecord) -> bytes:
        """The key certificate of a record (COSE)."""
        return certify_key(record, self.root)

    def pdf_certificate_for(self, public_key: bytes, lab: Laboratory, at: datetime) -> bytes:
        """A laboratory's X.509 certificate (DER) for signing PDFs."""
        holder = Holder(lab.name, lab.id, at - GRACE, at + timedelta(days=365 * KEY_YEARS))
        try:
            return issue_certificate(self.pdf_key, self.pdf_certificate, public_key, holder)
        except ValueError as error:
            raise OperatorError("platform.bad_key", use=KeyUse.PDF.value) from error


def good_keys(records: tuple[KeyRecord, ...], use: KeyUse, at: datetime) -> tuple[KeyRecord, ...]:
    """Those of ``records`` that may sign for ``use`` at ``at``."""
    return tuple(record for record in records if record.standing(use, at) is Standing.TRUSTED)


def check_envelope_signature(envelope: Envelope, records: tuple[KeyRecord, ...], at: datetime) -> None:
    """Hold an envelope against the laboratory's keys.

    Raises:
        OperatorError: ``evidence.key_unknown`` or ``evidence.signature_wrong``.
    """
    body = canonical_bytes(envelope.signed_part()).decode("utf-8")
    signed = SignedDocument(MESSAGE_DOCUMENT, body, envelope.key_id, envelope.signature)
    usable = good_keys(records, KeyUse.DOCUMENT, at)
    verify_document(
        signed, MESSAGE_DOCUMENT, lambda kid: [bytes.fromhex(r.public_key) for r in usable if r.key_id == kid]
    )


def open_head(note: str, lab_id: str, records: tuple[KeyRecord, ...], at: datetime) -> Checkpoint:
    """The head in a note that the laboratory signed with its log key under its id.

    Raises:
        OperatorError: ``evidence.note_refused``.
    """
    usable = good_keys(records, KeyUse.LOG, at)
    verifiers = tuple(NoteVerifier(lab_id, bytes.fromhex(record.public_key)) for record in usable)
    return open_checkpoint(note, verifiers)[0]
