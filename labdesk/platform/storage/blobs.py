"""Blobs by hash in a folder, arriving in chunks: what was cut off goes on where it stopped.

A part belongs to one laboratory until it is whole; then it is read back, compared with its hash and renamed to its place. Only
what lies under its final name has arrived.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from labdesk.domain.errors import EnvironmentFault, OperatorError

MAX_BLOB = 256 * 1024 * 1024
_BLOCK = 1 << 20


class BlobFiles:
    """The folder of blobs.

    Args:
        folder: shared by all processes of the platform.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size(self, sha256: str) -> int | None:
        """Bytes of a blob that is here, ``None`` if it is not."""
        try:
            return self._path(sha256).stat().st_size
        except OSError:
            return None

    def read(self, sha256: str) -> bytes:
        """The whole blob, compared with its hash.

        Raises:
            EnvironmentFault: ``platform.blob_lost``.
        """
        try:
            data = self._path(sha256).read_bytes()
        except OSError as error:
            raise EnvironmentFault("platform.blob_lost", sha256=sha256[:12]) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise EnvironmentFault("platform.blob_lost", sha256=sha256[:12])
        return data

    def offset(self, lab_id: str, sha256: str) -> int:
        """Bytes of the part that have arrived, 0 if none."""
        try:
            return self._part(lab_id, sha256).stat().st_size
        except OSError:
            return 0

    def append(self, lab_id: str, sha256: str, offset: int, data: bytes) -> int:
        """Write ``data`` at ``offset`` of the part; returns the new length.

        Raises:
            OperatorError: ``platform.blob_offset`` when ``offset`` is not where the part ends.
            EnvironmentFault: ``platform.disk``.
        """
        path = self._part(lab_id, sha256)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "ab") as file:
                here = file.tell()
                if here != offset:
                    raise OperatorError("platform.blob_offset", offset=here)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                return file.tell()
        except OSError as error:
            raise EnvironmentFault("platform.disk", reason=str(error.strerror)) from error

    def finish(self, lab_id: str, sha256: str) -> int:
        """Compare the part with its hash and put it in its place; returns its size.

        Raises:
            OperatorError: ``platform.blob_hash``: the part is thrown away and must be sent again from the beginning.
            EnvironmentFault: ``platform.disk``.
        """
        part = self._part(lab_id, sha256)
        try:
            if _file_hash(part) != sha256:
                part.unlink(missing_ok=True)
                raise OperatorError("platform.blob_hash", sha256=sha256[:12])
            target = self._path(sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(part, target)
            return target.stat().st_size
        except OSError as error:
            raise EnvironmentFault("platform.disk", reason=str(error.strerror)) from error

    def put(self, data: bytes) -> str:
        """Keep bytes the operator imports (photos of sampling); returns their hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.size(sha256) is None:
            self._part("", sha256).unlink(missing_ok=True)
            self.append("", sha256, 0, data)
            self.finish("", sha256)
        return sha256

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _part(self, lab_id: str, sha256: str) -> Path:
        owner = hashlib.sha256(lab_id.encode("utf-8")).hexdigest()[:16]
        return self._folder / "parts" / f"{owner}-{sha256}"


def _file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
