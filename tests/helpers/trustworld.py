"""A small world of keys for tests: a platform with root, grant key and PDF authority, and one laboratory. Fixed seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from labdesk.evidence.certificates import Holder, issue_certificate, make_authority
from labdesk.evidence.keys import Ed25519Key, KeyAlgorithm, KeyUse, P256Key
from labdesk.evidence.trust import KeyRecord, Revocation, Trust, TrustList, certify_key, sign_trust_list

PLATFORM = "jianguan.example.cn"
LAB_ID = "LN-YK-0042"
LAB_NAME = "营口示例建筑工程质量检测有限公司"
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2029, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def ed25519(seed: int) -> Ed25519Key:
    """A fixed Ed25519 key."""
    return Ed25519Key.from_seed(bytes([seed]) * 32)


def p256(seed: int) -> P256Key:
    """A fixed P-256 key."""
    return P256Key(ec.derive_private_key(seed, ec.SECP256R1()))


def record(key: Ed25519Key | P256Key, use: KeyUse, holder_id: str = LAB_ID) -> KeyRecord:
    """The record of a key, valid from START to END."""
    algorithm = KeyAlgorithm.ED25519 if isinstance(key, Ed25519Key) else KeyAlgorithm.P256
    return KeyRecord(key.key_id, key.public_key.hex(), algorithm, use, holder_id, LAB_NAME, START, END)


@dataclass(frozen=True)
class TrustWorld:
    """Keys and certificates of platform and laboratory."""

    root: Ed25519Key
    grant_key: Ed25519Key
    lab_key: Ed25519Key
    pdf_key: P256Key
    authority_key: P256Key
    authority: bytes
    pdf_certificate: bytes
    records: tuple[KeyRecord, ...]

    def trust(self) -> Trust:
        """What an up-to-date verifier trusts."""
        return self.bare().updated(self.trust_list(self.records))

    def bare(self) -> Trust:
        """What a verifier trusts that has only the pinned root."""
        return Trust(PLATFORM, (self.root.public_key,), None, (self.authority,))

    def trust_list(self, records: tuple[KeyRecord, ...], number: int = 7) -> bytes:
        """A signed trust list with these records."""
        until = datetime(2026, 12, 31, tzinfo=UTC)
        return sign_trust_list(TrustList(PLATFORM, number, NOW, until, records), self.root)

    def revoked(self, key: Ed25519Key | P256Key, at: datetime, why: Revocation) -> Trust:
        """What a verifier trusts once ``key`` was revoked."""
        changed = tuple(
            replace(item, revoked_at=at, revocation=why) if item.key_id == key.key_id else item for item in self.records
        )
        return self.bare().updated(self.trust_list(changed, number=8))

    def certificate(self, key: Ed25519Key) -> bytes:
        """The key certificate of one of the keys."""
        return certify_key(next(item for item in self.records if item.key_id == key.key_id), self.root)


@cache
def world() -> TrustWorld:
    """The one world all tests share."""
    root, grant_key, lab_key = ed25519(1), ed25519(2), ed25519(3)
    authority_key, pdf_key = p256(11), p256(12)
    authority = make_authority(authority_key, Holder("示例监管平台 PDF 签名根", PLATFORM, START, END))
    pdf_certificate = issue_certificate(
        authority_key, authority, pdf_key.public_key, Holder(LAB_NAME, LAB_ID, START, END)
    )
    records = (
        record(grant_key, KeyUse.CODE_GRANT, PLATFORM),
        record(lab_key, KeyUse.REPORT_CODE),
        record(pdf_key, KeyUse.PDF),
    )
    return TrustWorld(root, grant_key, lab_key, pdf_key, authority_key, authority, pdf_certificate, records)
