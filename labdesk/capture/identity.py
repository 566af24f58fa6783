"""Who a capture process is for other computers: a certificate of its own and a secret, made once and kept in the capture folder."""

from __future__ import annotations

import hashlib
import secrets
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from labdesk.capture.pairing import SECRET_BYTES, write_private
from labdesk.domain.errors import EnvironmentFault

_YEARS_20 = timedelta(days=7305)


@dataclass(frozen=True)
class Identity:
    """``certificate`` is the PEM file of certificate and key; ``fingerprint`` the SHA-256 of the certificate; ``new``: made just now."""

    certificate: Path
    fingerprint: bytes
    secret: bytes = field(repr=False)
    new: bool = False


def read_identity(folder: Path, *, renew_secret: bool = False) -> Identity:
    """The identity of this capture folder, made if it is not there; ``renew_secret`` shuts out everybody paired before.

    Raises:
        EnvironmentFault: ``elsewhere.file`` if it cannot be read or written.
    """
    certificate, secret = folder / "elsewhere.pem", folder / "elsewhere.secret"
    try:
        if not certificate.exists():
            write_private(certificate, _self_signed())
        new = renew_secret or not secret.exists()
        if new:
            write_private(secret, secrets.token_bytes(SECRET_BYTES))
        return Identity(certificate, _fingerprint(certificate), secret.read_bytes(), new)
    except (OSError, ValueError) as error:
        raise EnvironmentFault("elsewhere.file", path=str(folder), detail=str(error)) from error


def _fingerprint(certificate: Path) -> bytes:
    text = certificate.read_text(encoding="ascii")
    start = text.index("-----BEGIN CERTIFICATE-----")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text[start:])).digest()


def _self_signed() -> bytes:
    # Only the bench computer needs this library, and only once.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "labdesk-capture")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS_20)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(serialization.Encoding.PEM, *form) + made.public_bytes(serialization.Encoding.PEM)
