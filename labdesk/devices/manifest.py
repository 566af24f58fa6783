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
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, FORCE, MASS, Channel, DriverStamp

MAX_TYPED = 1000
"""Characters of a typed setting."""

_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


class Maturity(StrEnum):
    """How far a driver was proven: from documents, against a recording of a real machine, against the machine's display."""

    DOCUMENTED = "documented"
    RECORDED = "recorded"
    VERIFIED = "verified"


class Kind(StrEnum):
    """What the device is; it decides which channel comes first."""

    MACHINE = "machine"
    GAUGE = "gauge"
    EXTENSOMETER = "extensometer"
    SCALE = "scale"


FIRST_CHANNEL = {
    Kind.MACHINE: (FORCE, "kN"),
    Kind.GAUGE: (FORCE, "kN"),
    Kind.EXTENSOMETER: (EXTENSION, "mm"),
    Kind.SCALE: (MASS, "g"),
}
"""Name and unit of ``channels[0]``."""

UNITS = {FORCE: "kN", EXTENSION: "mm", DISPLACEMENT: "mm", MASS: "g"}
"""Unit of every channel a driver may have."""


class Check(StrEnum):
    """What tells a good frame from a bad one."""

    NONE = "none"
    """Nothing but a start or an end: any other byte may be wrong unnoticed."""
    SHAPE = "shape"
    """Fixed characters and places of digits: a wrong digit goes unnoticed."""
    XOR = "xor"
    SUM = "sum"
    TWOS_COMPLEMENT = "twos_complement"
    CRC16 = "crc16"
    """CRC-16 of Modbus."""
    CRC_CCITT = "crc_ccitt"

    @property
    def weak(self) -> bool:
        """Whether a wrong digit makes another good frame; the driver's limits must say so."""
        return self in (Check.NONE, Check.SHAPE)


@dataclass(frozen=True)
class LineSettings:
    """Serial line; ignored by TCP ports. ``parity`` is ``N``, ``E`` or ``O``; ``rts``, ``dtr``: these lines are held high."""

    baud: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1
    rts: bool = True
    dtr: bool = True


@dataclass(frozen=True)
class Setting:
    """Something the site must state because the wire does not say it.

    Attributes:
        default: what is taken when the site states nothing.
        zh, en: what is asked.
        allowed: the values to choose from, or
        pattern: a regular expression that a typed value must match as a whole; exactly one of the two is given.
    """

    default: str
    zh: str
    en: str
    allowed: tuple[str, ...] = ()
    pattern: str = ""

    def takes(self, value: str) -> bool:
        """Whether the site may state this."""
        if self.allowed:
            return value in self.allowed
        return len(value) <= MAX_TYPED and re.fullmatch(self.pattern, value) is not None


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
        check: what tells a good frame from a bad one; a weak one is named in the limits.
        kind: press or universal machine, force gauge, extensometer, scale.
        beta: off in lists until somebody asks for it; ``warning`` (``zh``, ``en``) is shown then, and raw bytes are always recorded.
        base: the generic driver whose settings a preset names; empty for a driver of its own.
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
    check: Check = Check.NONE
    silence_ms: int = 2000
    line: LineSettings = LineSettings()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.MACHINE
    beta: bool = False
    warning: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

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
            if not setting.takes(value):
                allowed = ", ".join(setting.allowed) or setting.pattern
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
                given.get("rts", "on") != "off",
                given.get("dtr", "on") != "off",
            )
        except ValueError as error:
            raise OperatorError(
                "capture.driver_setting", driver=self.id, name="line", value=str(error), allowed="0-9"
            ) from error


def parse_manifest(text: str, folder: str) -> Manifest:
    """The manifest in ``text``; raises EnvironmentFault ``capture.driver_manifest`` with the reason."""
    try:
        return _checked(tomllib.loads(text, parse_float=Decimal), folder)
    except tomllib.TOMLDecodeError as error:
        raise EnvironmentFault("capture.driver_manifest", driver=folder, reason=str(error)) from error


def parse_preset(text: str, name: str, drivers: Mapping[str, str]) -> Manifest:
    """A generic driver's settings under a name: what ``text`` says replaces what the manifest of its ``base`` says.

    ``[values]`` holds the settings; they become the defaults, and the site may still change them. ``drivers`` are the texts of all
    manifests by id.

    Raises:
        EnvironmentFault: ``capture.driver_manifest`` with the reason.
    """
    try:
        preset = tomllib.loads(text, parse_float=Decimal)
        values, base = preset.pop("values"), tomllib.loads(drivers[preset["base"]], parse_float=Decimal)
        unknown = set(values) - set(base["settings"]) | {"id", "settings"} & set(preset)
        settings = {
            key: {**setting, "default": values.get(key, setting["default"])}
            for key, setting in base["settings"].items()
        }
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise EnvironmentFault("capture.driver_manifest", driver=name, reason=str(error)) from error
    if unknown or name in drivers:
        raise EnvironmentFault("capture.driver_manifest", driver=name, reason=", ".join(sorted(unknown)) or "id")
    return _checked({**base, **preset, "id": name, "settings": settings}, name)


def _checked(plain: Mapping[str, object], name: str) -> Manifest:
    try:
        manifest = from_plain(Manifest, plain)
    except (BugError, TypeError) as error:
        raise EnvironmentFault("capture.driver_manifest", driver=name, reason=str(error)) from error
    reason = _wrong(manifest, name)
    if reason:
        raise EnvironmentFault("capture.driver_manifest", driver=name, reason=reason)
    return manifest


def _wrong(manifest: Manifest, folder: str) -> str:
    """What a well-formed manifest says that cannot be; empty if nothing."""
    first = manifest.channels[0] if manifest.channels else None
    name, unit = FIRST_CHANNEL[manifest.kind]
    if manifest.id != folder or not _ID.fullmatch(manifest.id):
        return f"id = {manifest.id}"
    if first is None or (first.name, first.unit) != (name, unit):
        return f"channels[0] = {name}, {unit}"
    if any(UNITS.get(channel.name) != channel.unit for channel in manifest.channels):
        return "channels: " + ", ".join(f"{name} {unit}" for name, unit in UNITS.items())
    if len({channel.name for channel in manifest.channels}) < len(manifest.channels):
        return "channels: one of each name"
    if manifest.rate_hz < 1 or manifest.silence_ms < 100 or set(manifest.limits) != {"zh", "en"}:
        return "rate_hz, silence_ms, limits"
    if not isinstance(manifest.beta, bool) or set(manifest.warning) != ({"zh", "en"} if manifest.beta else set()):
        return "beta, warning"
    return next((f"settings.{key}" for key, setting in manifest.settings.items() if not _settable(setting)), "")


def _settable(setting: Setting) -> bool:
    """Whether a setting offers either a choice or a pattern that is one, with a default that it takes itself."""
    try:
        return bool(setting.allowed) != bool(setting.pattern) and setting.takes(setting.default)
    except re.error:
        return False
