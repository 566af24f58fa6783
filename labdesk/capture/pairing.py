"""What a desktop knows of a capture process on another computer: where it is, how it is recognised, the secret both share."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.plain import from_plain, to_plain

SCHEME = "labdesk-capture"
SECRET_BYTES = 32
_NAME = r"\w[\w-]{0,39}"
_PLACE = re.compile(rf"({_NAME})@(.+)", re.S)


@dataclass(frozen=True)
class Pairing:
    """One capture process elsewhere.

    Attributes:
        name: what ports of its machines begin with (``press-pc@COM3``): letters, digits, ``-``, at most 40.
        host, port: where it listens.
        fingerprint: SHA-256 of its certificate, hex.
        secret: shared secret, hex.
    """

    name: str
    host: str
    port: int
    fingerprint: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        hexes = all(re.fullmatch(rf"[0-9a-f]{{{2 * SECRET_BYTES}}}", each) for each in (self.fingerprint, self.secret))
        host = re.fullmatch(r"[\w.:%-]{1,253}", self.host)
        if not (hexes and host and re.fullmatch(_NAME, self.name) and 0 < self.port < 65536):
            raise OperatorError("elsewhere.pairing_line")

    def line(self) -> str:
        """The pairing line; it contains the secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        given = f"name={quote(self.name)}&fp={self.fingerprint}&secret={self.secret}"
        return f"{SCHEME}://{host}:{self.port}?{given}"


def parse_pairing(line: str) -> Pairing:
    """The pairing a line stands for; raises OperatorError ``elsewhere.pairing_line``."""
    try:
        parts = urlsplit(line.strip())
        given = parse_qs(parts.query, strict_parsing=True, max_num_fields=3)
        (name,), (fingerprint,), (secret,) = (given[key] for key in ("name", "fp", "secret"))
        host, port, known = parts.hostname or "", parts.port or 0, parts.scheme == SCHEME
    except (ValueError, KeyError) as error:
        raise OperatorError("elsewhere.pairing_line") from error
    if not known:
        raise OperatorError("elsewhere.pairing_line")
    return Pairing(name, host, port, fingerprint, secret)


def is_name(text: str) -> bool:
    """Whether a computer may be called so."""
    return re.fullmatch(_NAME, text) is not None


def split_place(port_url: str) -> tuple[str, str]:
    """Name of the computer (empty: this one) and the port there, of ``NAME@PORT``."""
    found = _PLACE.fullmatch(port_url)
    return (found[1], found[2]) if found and "://" not in found[1] else ("", port_url)


class PairingFile:
    """All pairings of a data folder, in one file that only its owner may read."""

    def __init__(self, home: Path) -> None:
        self._path = home / "capture-elsewhere.json"

    def all(self) -> tuple[Pairing, ...]:
        """Every pairing, by name; raises EnvironmentFault ``elsewhere.file``."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return tuple(from_plain(Pairing, item) for item in found)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError, LabDeskError) as error:
            raise EnvironmentFault("elsewhere.file", path=str(self._path), detail=str(error)) from error

    def put(self, pairing: Pairing) -> None:
        """Stores it, in place of one of the same name."""
        others = [each for each in self.all() if each.name != pairing.name]
        self._write(sorted([*others, pairing], key=lambda each: each.name))

    def remove(self, name: str) -> None:
        """Forgets one; raises OperatorError ``elsewhere.not_paired``."""
        known = self.all()
        if name not in {each.name for each in known}:
            raise OperatorError("elsewhere.not_paired", name=name)
        self._write([each for each in known if each.name != name])

    def _write(self, pairings: list[Pairing]) -> None:
        text = json.dumps(to_plain(tuple(pairings)), ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(self._path, text.encode())
        except OSError as error:
            raise EnvironmentFault("elsewhere.file", path=str(self._path), detail=str(error)) from error


def write_private(path: Path, data: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all; raises OSError."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
