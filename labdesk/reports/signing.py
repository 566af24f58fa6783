"""Signs a PDF as a whole: PAdES baseline B with ECDSA P-256; the key may live in a file or on a token."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Protocol

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from labdesk.evidence.container import ContainerParts, attributes, build, normal_signature
from labdesk.reports.style import CHINA

FIELD = "LabDesk"
RESERVED = 8192


class P256Signer(Protocol):
    """Something that signs with one P-256 key."""

    def sign(self, data: bytes) -> bytes:
        """DER-encoded ECDSA signature with SHA-256; raises EnvironmentFault when the key cannot be used."""
        ...


class PadesSigner:
    """Signs PDFs with a laboratory's P-256 key (port ``PdfSigner``).

    Args:
        key: the private key or a token.
        certificate, authority: DER of its certificate and of the issuing authority.
        name: the laboratory's name, as PDF readers show it.
    """

    def __init__(self, key: P256Signer, certificate: bytes, authority: bytes, name: str) -> None:
        self._key = key
        self._certificate = certificate
        self._authority = authority
        self._name = name

    def sign(self, pdf: bytes, signed_at: datetime, reason: str) -> bytes:
        """The signed PDF: one invisible signature over the whole file."""
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        steps = PdfCMSEmbedder(new_field_spec=SigFieldSpec(FIELD)).write_cms(FIELD, writer)
        next(steps)
        placeholder = SignatureObject(
            timestamp=signed_at.astimezone(CHINA),
            name=self._name,
            reason=reason,
            subfilter=SigSeedSubFilter.PADES,
            bytes_reserved=RESERVED,
        )
        steps.send(SigObjSetup(sig_placeholder=placeholder))
        out = io.BytesIO()
        prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", output=out))
        digest = prepared.document_digest
        signature = normal_signature(self._key.sign(attributes(self._certificate, digest)))
        steps.send(build(ContainerParts(self._certificate, self._authority, digest, signature)))
        return out.getvalue()
