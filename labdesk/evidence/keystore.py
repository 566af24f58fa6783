"""Private keys at rest: encrypted PKCS#8 files, readable by their owner only, with the passphrase kept elsewhere.

The passphrase comes from the operating system's keyring where there is one, else from a secret file of its own in the data
folder; a token or a vault is another :class:`PassphraseSource`. A key file is written once and never replaced.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labdesk.domain.errors import EnvironmentFault
from labdesk.evidence.keys import Ed25519Key, P256Key

_OWNER_ONLY = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class PassphraseSource(Protocol):
    """Where the passphrase of the key files is kept."""

    def passphrase(self) -> bytes:
        """The passphrase, made on first use; raises EnvironmentFault when it cannot be had."""
        ...


class FilePassphrase:
    """The passphrase in a secret file, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def passphrase(self) -> bytes:
        """The passphrase, made on first use.

        Raises:
            EnvironmentFault: ``evidence.key_file_open`` when others may read the file, ``evidence.key_file`` otherwise.
        """
        with contextlib.suppress(FileExistsError):
            _write_once(self._path, secrets.token_urlsafe(32).encode("ascii"))
        return _read_private(self._path)


class KeyringPassphrase:
    """The passphrase in the operating system's keyring.

    Args:
        service, account: under what name it is kept there.
        get, set_: the keyring's functions.
    """

    def __init__(
        self,
        service: str,
        account: str,
        get: Callable[[str, str], str | None],
        set_: Callable[[str, str, str], None],
    ) -> None:
        self._service, self._account = service, account
        self._get, self._set = get, set_

    def passphrase(self) -> bytes:
        """The passphrase, made on first use; raises EnvironmentFault ``evidence.keyring``."""
        try:
            found = self._get(self._service, self._account)
            if found is None:
                self._set(self._service, self._account, secrets.token_urlsafe(32))
                found = self._get(self._service, self._account)
        except Exception as error:
            raise EnvironmentFault("evidence.keyring", reason=str(error)[:120]) from error
        if not found:
            raise EnvironmentFault("evidence.keyring", reason="empty")
        return found.encode("utf-8")


def passphrase_source(folder: Path, account: str) -> PassphraseSource:
    """The keyring where the system has a working one and no secret file was begun before, else the secret file."""
    secret = folder / "key-secret"
    if secret.exists():
        return FilePassphrase(secret)
    try:
        import keyring  # loads backends on import, so only when keys are needed

        if keyring.get_keyring().priority >= 1:
            source = KeyringPassphrase("LabDesk", account, keyring.get_password, keyring.set_password)
            source.passphrase()
            return source
    except Exception:  # noqa: BLE001 - no desktop session, no D-Bus, locked: the file serves
        return FilePassphrase(secret)
    return FilePassphrase(secret)


class KeyStore:
    """Key files in one folder, named by key id."""

    def __init__(self, folder: Path, passphrases: PassphraseSource) -> None:
        self._folder = folder
        self._passphrases = passphrases

    def save(self, key: Ed25519Key | P256Key) -> str:
        """Store a new key; returns its id. Raises EnvironmentFault ``evidence.key_file``."""
        data = key.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._passphrases.passphrase()),
        )
        path = self._path(key.key_id)
        try:
            _write_once(path, data)
        except OSError as error:
            raise EnvironmentFault("evidence.key_file", path=path.name, reason=str(error)) from error
        return key.key_id

    def ed25519(self, identifier: str) -> Ed25519Key:
        """The Ed25519 key with this id.

        Raises:
            EnvironmentFault: ``evidence.key_file`` (missing, damaged, wrong passphrase), ``evidence.key_file_open``.
        """
        private = self._load(identifier)
        if not isinstance(private, Ed25519PrivateKey):
            raise EnvironmentFault("evidence.key_file", path=identifier, reason="not Ed25519")
        return Ed25519Key(private)

    def p256(self, identifier: str) -> P256Key:
        """The P-256 key with this id; raises as :meth:`ed25519`."""
        private = self._load(identifier)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise EnvironmentFault("evidence.key_file", path=identifier, reason="not P-256")
        return P256Key(private)

    def ids(self) -> tuple[str, ...]:
        """Ids of all stored keys."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.pem")))

    def _path(self, identifier: str) -> Path:
        return self._folder / f"{identifier}.pem"

    def _load(self, identifier: str) -> object:
        path = self._path(identifier)
        data = _read_private(path)
        try:
            return serialization.load_pem_private_key(data, self._passphrases.passphrase())
        except (ValueError, TypeError) as error:
            raise EnvironmentFault("evidence.key_file", path=path.name, reason="damaged") from error


def _write_once(path: Path, data: bytes) -> None:
    """Write a private file whole or not at all; FileExistsError if it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _publish(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _publish(partial: Path, path: Path) -> None:
    """Give the finished file its name, failing where the name is taken."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # file systems without hard links
        if path.exists():
            raise FileExistsError(path) from None
        partial.rename(path)


def _read_private(path: Path) -> bytes:
    try:
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            raise EnvironmentFault("evidence.key_file_open", path=path.name)
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentFault("evidence.key_file", path=path.name, reason=str(error.strerror)) from error
