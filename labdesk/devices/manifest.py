"""What a driver says of itself: ``manifest.toml`` beside its code, read strictly so that a wrong one is never half used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.errors import BugError, EnvironmentFault, OperatorError
from labdesk.domain.plain import from_plain
from labdesk.domain.sealed_run import Channel, DriverStamp

_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


class Maturity(StrEnum):
    """How far a driver was proven: from documents, against a recording of a real machine, against the machine's display."""

    DOCUMENTED = "documented"
    RECORDED = "recorded"
    VERIFIED = "verified"


@dataclass(frozen=True)
class LineSettings:
    """Serial line; ignored by TCP ports. ``parity`` is ``N``, ``E`` or ``O``."""

    baud: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1


@dataclass(frozen=True)
class Setting:
    """Something the site must state because the wire does not say it."""

    default: str
    allowed: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True)
class Manifest:
    """A driver's manifest.

    Attributes:
        id: ``maker_model``; the name of its folder.
        version, decoding: program version; number that changes when the same bytes would give other samples.
        maker, model, zh, en: names.
        maturity, source: how far proven, and where the protocol is written down.
        tests: kinds of test the machine does (``tension``, ``compression``).
        rate_hz: usual samples per second.
        silence_ms: without a good frame for this long the line counts as lost.
        channels: measured quantities with the quantum of one count (for the default settings).
        line: serial line defaults; ``baud`` can be set per machine.
        settings: what the site states, by name.
        limits: what it cannot do, in both languages (``zh``, ``en``).
    """

    id: str
    version: str
    decoding: int
    maker: str
    model: str
    zh: str
    en: str
    maturity: Maturity
    source: str
    tests: tuple[str, ...]
    rate_hz: int
    channels: tuple[Channel, ...]
    silence_ms: int = 2000
    line: LineSettings = LineSettings()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)

    def stamp(self) -> DriverStamp:
        """What a sealed run says of the driver."""
        return DriverStamp(self.id, self.version, self.maturity.value, self.decoding)

    def resolve(self, given: Mapping[str, str]) -> dict[str, str]:
        """All settings with defaults filled in.

        Raises:
            OperatorError: ``capture.driver_setting`` for a value that is not allowed. Unknown names (``baud``) are kept.
        """
        for name, setting in self.settings.items():
            value = given.get(name, setting.default)
            if value not in setting.allowed:
                allowed = ", ".join(setting.allowed)
                raise OperatorError("capture.driver_setting", driver=self.id, name=name, value=value, allowed=allowed)
        return {name: setting.default for name, setting in self.settings.items()} | dict(given)

    def line_for(self, given: Mapping[str, str]) -> LineSettings:
        """The serial line with the machine's own ``baud``, ``parity`` ... applied."""
        try:
            return LineSettings(
                int(given.get("baud", self.line.baud)),
                int(given.get("bytesize", self.line.bytesize)),
                given.get("parity", self.line.parity),
                int(given.get("stopbits", self.line.stopbits)),
            )
        except ValueError as error:
            raise OperatorError(
                "capture.driver_setting", driver=self.id, name="line", value=str(error), allowed="0-9"
            ) from error


def parse_manifest(text: str, folder: str) -> Manifest:
    """The manifest in ``text``; raises EnvironmentFault ``capture.driver_manifest`` with the reason."""
    try:
        manifest = from_plain(Manifest, tomllib.loads(text, parse_float=Decimal))
    except (tomllib.TOMLDecodeError, BugError, TypeError) as error:
        raise EnvironmentFault("capture.driver_manifest", driver=folder, reason=str(error)) from error
    if manifest.id != folder or not _ID.fullmatch(manifest.id):
        raise EnvironmentFault("capture.driver_manifest", driver=folder, reason=f"id = {manifest.id}")
    if not manifest.channels or manifest.channels[0].name != "force" or manifest.channels[0].unit != "kN":
        raise EnvironmentFault("capture.driver_manifest", driver=folder, reason="channels[0] = force, kN")
    if manifest.rate_hz < 1 or manifest.silence_ms < 100 or {"zh", "en"} - set(manifest.limits):
        raise EnvironmentFault("capture.driver_manifest", driver=folder, reason="rate_hz, silence_ms, limits")
    return manifest
