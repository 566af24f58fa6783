"""Settings of a station, from ``station.toml``; secrets are not among them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from labdesk.domain.errors import OperatorError


@dataclass(frozen=True)
class StationConfig:
    """What one station is told.

    Attributes:
        station: its name, printed in custody events.
        database_url: empty = the embedded database of the data folder.
        platform_url: address of the regional platform, empty = none yet.
        scanner_ports: addresses of serial handheld scanners.
        language: ``zh`` or ``en``.
        theme: ``light`` or ``dark``.
    """

    station: str = "工位 1"
    database_url: str = ""
    platform_url: str = ""
    scanner_ports: tuple[str, ...] = ()
    language: str = "zh"
    theme: str = "light"


def read_config(path: Path) -> StationConfig:
    """The station's settings; a missing file means the defaults.

    Raises:
        OperatorError: ``app.bad_config`` with line and reason; nothing is guessed.
    """
    if not path.exists():
        return StationConfig()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OperatorError("app.bad_config", file=path.name, reason=str(error)) from error
    known = {field.name: field for field in fields(StationConfig)}
    values: dict[str, object] = {}
    for name, value in found.items():
        expected = list if name == "scanner_ports" else str
        if name not in known or not isinstance(value, expected):
            raise OperatorError("app.bad_config", file=path.name, reason=name)
        values[name] = tuple(str(item) for item in value) if isinstance(value, list) else value
    return StationConfig(**values)  # type: ignore[arg-type]
