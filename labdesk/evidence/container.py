"""The CMS signature container of a PDF (PAdES baseline B), built from its parts and from nothing else.

A verifier takes a container apart and builds it again: what differs in one byte was tampered with, wherever it was. That closes the gap
which a signature's own container leaves open, because it cannot cover itself (unsigned fields, padding, odd encodings).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, cast

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509 import InvalidVersion, load_der_x509_certificate

from labdesk.domain.errors import OperatorError

# Order of the P-256 group (SEC 2): of the two valid forms of a signature only the one with the smaller s is used.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# What the ASN.1 and certificate libraries raise on bent input.
_BENT = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    UnsupportedAlgorithm,
    InvalidVersion,
)


@dataclass(frozen=True)
class ContainerParts:
    """Everything a container is made of.

    Attributes:
        certificate, authority: DER of the signer's certificate and of the authority that issued it.
        digest: SHA-256 of the signed byte ranges.
        signature: DER-encoded ECDSA signature over :func:`attributes`.
    """

    certificate: bytes
    authority: bytes
    digest: bytes
    signature: bytes


def attributes(certificate: bytes, digest: bytes) -> bytes:
    """The DER of the signed attributes: what the key signs (content type, digest, the signer's certificate)."""
    return cast(bytes, _attributes(certificate, digest).dump())


def build(parts: ContainerParts) -> bytes:
    """The container (DER of a CMS ContentInfo)."""
    certificate = x509.Certificate.load(parts.certificate)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number}),
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": _attributes(parts.certificate, parts.digest),
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": normal_signature(parts.signature),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate, x509.Certificate.load(parts.authority)],
            "signer_infos": [signer],
        }
    )
    return cast(bytes, cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def take_apart(container: bytes, digest: bytes) -> ContainerParts:
    """The parts of a container, for :func:`build`; ``digest`` is computed from the file, never read from the container.

    Raises:
        OperatorError: ``evidence.container_refused``.
    """
    try:
        signed = cms.ContentInfo.load(container, strict=True)["content"]
        leaf, authority = (choice.chosen.dump() for choice in signed["certificates"])
        signature = bytes(signed["signer_infos"][0]["signature"])
        if x509.Certificate.load(authority).subject != x509.Certificate.load(leaf).issuer:
            leaf, authority = authority, leaf
        if normal_signature(signature) != signature or x509.Certificate.load(leaf).serial_number <= 0:
            raise ValueError("signature")
    except _BENT as error:
        raise OperatorError("evidence.container_refused", reason="malformed") from error
    return ContainerParts(leaf, authority, digest, signature)


def check(container: bytes, digest: bytes) -> ContainerParts:
    """The parts of a container that equals the one rebuilt from them and whose signature holds over ``digest``.

    Raises:
        OperatorError: ``evidence.container_refused`` (a byte differs) or ``evidence.signature_wrong``.
    """
    parts = take_apart(container, digest)
    try:
        public = _public_key(parts.certificate)
        public.verify(parts.signature, attributes(parts.certificate, digest), ec.ECDSA(hashes.SHA256()))
        again = build(parts)
    except InvalidSignature as error:
        raise OperatorError("evidence.signature_wrong", key_id="PDF") from error
    except _BENT as error:
        raise OperatorError("evidence.container_refused", reason="malformed") from error
    if again != container:
        raise OperatorError("evidence.container_refused", reason="not as rebuilt")
    return parts


def normal_signature(signature: bytes) -> bytes:
    """The one form of an ECDSA signature: shortest DER, smaller s; raises ValueError for what is none."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDER - s))


def _public_key(certificate: bytes) -> ec.EllipticCurvePublicKey:
    public = load_der_x509_certificate(certificate).public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ValueError("key")
    return public


def _attributes(certificate: bytes, digest: bytes) -> Any:
    identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest()})
    signing = tsp.SigningCertificateV2({"certs": [identifier]})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [core.OctetString(digest)]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [signing]}),
            cms.CMSAttribute(
                {
                    "type": "cms_algorithm_protection",
                    "values": [
                        cms.CMSAlgorithmProtection(
                            {
                                "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                            }
                        )
                    ],
                }
            ),
        ]
    )
