"""Showing papers to a person: the system's own viewer opens and prints them."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from labdesk.domain.errors import EnvironmentFault

_UNSAFE = re.compile(r"[^\w\-]+")


def open_document(name: str, data: bytes) -> None:
    """Write a PDF to a private temporary folder and open it; raises EnvironmentFault ``app.no_viewer``.

    ``LABDESK_PAPERS`` names a folder that gets the papers instead, for stations that print from a folder.
    """
    _open(f"{_UNSAFE.sub('-', Path(name).stem)}.pdf", data)


def open_page(name: str, data: bytes) -> None:
    """As :func:`open_document`, for an HTML page in the system's browser."""
    _open(f"{_UNSAFE.sub('-', Path(name).stem)}.html", data)


def _open(name: str, data: bytes) -> None:
    folder = os.environ.get("LABDESK_PAPERS")
    place = Path(folder) if folder else Path(tempfile.mkdtemp(prefix="labdesk-"))
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    path.write_bytes(data)
    if folder is None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise EnvironmentFault("app.no_viewer", file=str(path))


def show_folder(folder: Path) -> None:
    """Opens a folder in the system's file manager; where there is none, the notice that names the folder must do."""
    if os.environ.get("LABDESK_PAPERS") is None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
