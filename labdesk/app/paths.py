"""Where a laboratory's data lie on this computer; demo data have a folder of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labdesk.domain.errors import EnvironmentFault
from labdesk.services.data_folder import data_folder


@dataclass(frozen=True)
class Home:
    """The data folder of one laboratory (``LABDESK_HOME``), private to its owner."""

    folder: Path

    @property
    def config(self) -> Path:
        """Settings of this station."""
        return self.folder / "station.toml"

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.folder / "labdesk.db"

    @property
    def blobs(self) -> Path:
        """The content store."""
        return self.folder / "files"

    @property
    def keys(self) -> Path:
        """Encrypted private keys."""
        return self.folder / "keys"

    @property
    def capture(self) -> Path:
        """The capture process's journals and sealed runs."""
        return self.folder / "capture"

    @property
    def logs(self) -> Path:
        """Log files and crash records."""
        return self.folder / "logs"

    def prepare(self) -> None:
        """Create the folders, readable by the owner only.

        Raises:
            EnvironmentFault: ``app.no_home`` where that is not possible.
        """
        try:
            for folder in (self.folder, self.blobs, self.keys, self.capture, self.logs):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            reason = error.strerror or str(error)
            raise EnvironmentFault("app.no_home", folder=str(self.folder), reason=reason) from error


def default_home() -> Home:
    """``LABDESK_HOME``, or the usual place of the operating system."""
    return Home(data_folder())
