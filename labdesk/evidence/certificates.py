"""X.509 for the PDF signature: the platform's P-256 authority and the certificates it issues to laboratories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from labdesk.domain.errors import OperatorError
from labdesk.evidence.keys import P256Key, p256_point

_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True)
class Holder:
    """To whom a certificate is issued: name as printed by PDF readers, id (``lab_id`` or host) and validity."""

    name: str
    identifier: str
    valid_from: datetime
    valid_to: datetime


def make_authority(key: P256Key, holder: Holder) -> bytes:
    """A self-signed authority certificate (DER) for PDF signatures."""
    name = _name(holder)
    public = key.private.public_key()
    builder = _builder(name, name, public, holder)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key.private, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.DER)


def issue_certificate(authority: P256Key, authority_der: bytes, public_key: bytes, holder: Holder) -> bytes:
    """A laboratory's PDF signing certificate (DER) for the raw P-256 point ``public_key``."""
    issuer = x509.load_der_x509_certificate(authority_der)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    certificate = (
        _builder(_name(holder), issuer.subject, public, holder)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.private.public_key()), critical=False
        )
        .sign(authority.private, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True)
class CheckedCertificate:
    """A certificate that one of the pinned authorities issued: its raw key, its holder, the authority (DER)."""

    public_key: bytes
    lab_id: str
    name: str
    authority: bytes


def check_certificate(der: bytes, authorities: tuple[bytes, ...], at: datetime) -> CheckedCertificate:
    """The checked certificate, valid at the moment ``at`` and issued by one of ``authorities`` (DER).

    Raises:
        OperatorError: ``evidence.certificate_refused`` with the reason.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        public = certificate.public_key()
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (
        ValueError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    ) as error:
        raise OperatorError("evidence.certificate_refused", reason="malformed") from error
    if certificate.public_bytes(serialization.Encoding.DER) != der:
        raise OperatorError("evidence.certificate_refused", reason="malformed")
    if not isinstance(public, ec.EllipticCurvePublicKey) or constraints.ca or not usage.digital_signature:
        raise OperatorError("evidence.certificate_refused", reason="purpose")
    authority = next((pinned for pinned in authorities if _issued_by(certificate, pinned, at)), None)
    if authority is None:
        raise OperatorError("evidence.certificate_refused", reason="issuer")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise OperatorError("evidence.certificate_refused", reason="validity")
    name = certificate.subject
    return CheckedCertificate(
        p256_point(public), _attribute(name, NameOID.SERIAL_NUMBER), _attribute(name, NameOID.COMMON_NAME), authority
    )


def _issued_by(certificate: x509.Certificate, authority_der: bytes, at: datetime) -> bool:
    authority = x509.load_der_x509_certificate(authority_der)
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return authority.not_valid_before_utc <= at <= authority.not_valid_after_utc


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, holder: Holder
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(holder.valid_from)
        .not_valid_after(holder.valid_to)
    )


def _name(holder: Holder) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, holder.name[:64]),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, holder.identifier[:64]),
        ]
    )


def _attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
