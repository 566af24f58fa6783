"""The laboratory's keys in use: messages, log heads, report codes and the PDF signature, each read when first needed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from labdesk.app.membership import Membership, key_store, read_membership
from labdesk.app.paths import Home
from labdesk.domain.errors import EnvironmentFault
from labdesk.evidence.keys import Ed25519Key, KeyUse, P256Key, Signer
from labdesk.reports.signing import PadesSigner


class LabKeys:
    """Keys of the laboratory in ``home``; every use before it joined a platform is an EnvironmentFault in words."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @cached_property
    def membership(self) -> Membership:
        """The membership; raises EnvironmentFault ``app.no_platform_yet``."""
        found = read_membership(self._home)
        if found is None:
            raise EnvironmentFault("app.no_platform_yet")
        return found

    def _ed25519(self, use: KeyUse) -> Ed25519Key:
        return key_store(self._home).ed25519(self.membership.key_ids[use.value])

    @cached_property
    def messages(self) -> Ed25519Key:
        """Signs what is sent."""
        return self._ed25519(KeyUse.DOCUMENT)

    @cached_property
    def log(self) -> Ed25519Key:
        """Signs heads of the log."""
        return self._ed25519(KeyUse.LOG)

    @cached_property
    def signer(self) -> Signer:
        """Signs the payload of report codes."""
        return self._ed25519(KeyUse.REPORT_CODE)

    @cached_property
    def certificate(self) -> bytes:
        """The platform's certificate of the report-code key."""
        return base64.b64decode(self.membership.certificates[KeyUse.REPORT_CODE.value])

    @cached_property
    def pdf(self) -> P256Key:
        """Signs PDFs."""
        return key_store(self._home).p256(self.membership.key_ids[KeyUse.PDF.value])


class LabPdfSigner:
    """The PDF signer of the laboratory, made when the first report is signed."""

    def __init__(self, keys: LabKeys, name: Callable[[], str]) -> None:
        self._keys = keys
        self._name = name

    def sign(self, pdf: bytes, signed_at: datetime, reason: str) -> bytes:
        """The signed PDF; raises EnvironmentFault when the key cannot be used."""
        membership = self._keys.membership
        signer = PadesSigner(
            self._keys.pdf,
            bytes.fromhex(membership.pdf_certificate),
            bytes.fromhex(membership.pdf_authority),
            self._name(),
        )
        return signer.sign(pdf, signed_at, reason)
