"""The content store: files named by their SHA-256 in a local folder, written beside and renamed, read back before "done"."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from labdesk.domain.errors import EnvironmentFault
from labdesk.evidence.canonical import sha256_hex


class BlobStore:
    """Content-addressed files under ``folder``, fanned out by the first two characters of the hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a blob lies."""
        return self._folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its hash; raises EnvironmentFault ``storage.blob_not_written``."""
        digest = sha256_hex(data)
        target = self.path(digest)
        if target.exists() and self._matches(target, digest):
            return digest
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write(target, data)
        except OSError as error:
            raise EnvironmentFault("storage.blob_not_written", reason=str(error.strerror)) from error
        if not self._matches(target, digest):
            raise EnvironmentFault("storage.blob_not_written", reason="read back differs")
        return digest

    def get(self, sha256: str) -> bytes:
        """The blob with that hash; raises EnvironmentFault ``storage.blob_missing`` or ``storage.blob_changed``."""
        try:
            data = self.path(sha256).read_bytes()
        except OSError as error:
            raise EnvironmentFault("storage.blob_missing", sha256=sha256[:12]) from error
        if sha256_hex(data) != sha256:
            raise EnvironmentFault("storage.blob_changed", sha256=sha256[:12])
        return data

    def _write(self, target: Path, data: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _matches(self, target: Path, digest: str) -> bool:
        return sha256_hex(target.read_bytes()) == digest
