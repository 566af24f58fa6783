"""From what the site typed to a rule for lines; a wrong setting is refused with one sentence before the port is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping

from labdesk.devices.manifest import FIRST_CHANNEL, Kind
from labdesk.devices.quantities import Scale, scale_for, units_of
from labdesk.devices.typed import refuse, safe_pattern, typed_bytes

from .protocol import CHANNEL_GROUPS, LineRule

_FIELD = re.compile(r"\{(force|abs|sign|ext|disp|mass)(?::[+ -]?0?[0-9]{0,2}(?:\.[0-9])?f)?\}")


def read_bytes(driver: str, settings: Mapping[str, str], name: str) -> bytes:
    """The bytes of a typed setting; raises OperatorError ``drivers.setting``."""
    found = typed_bytes(settings[name])
    if found is None:
        refuse(driver, name, settings[name], "bytes")
    return found


def read_rule(driver: str, kind: Kind, settings: Mapping[str, str]) -> LineRule:
    """The rule that the settings describe; raises OperatorError ``drivers.setting`` naming the first that cannot be used."""
    start, terminator = read_bytes(driver, settings, "start"), read_bytes(driver, settings, "terminator")
    length, longest = int(settings["length"]), int(settings["max_length"])
    if not (terminator or length):
        refuse(driver, "terminator", settings["terminator"], "frame_end")
    if length and not len(start) + len(terminator) < length <= longest:
        refuse(driver, "length", settings["length"], "frame_end")
    pattern, reason = safe_pattern(settings["pattern"], length or longest)
    if pattern is None:
        refuse(driver, "pattern", settings["pattern"], reason)
    main = next((group for group, name in CHANNEL_GROUPS.items() if name == FIRST_CHANNEL[kind][0]), "")
    named = set(pattern.groupindex)
    if (
        main not in named
        or named - set(CHANNEL_GROUPS) - {"sign", "more", "unit", "stable"}
        or {"force", "mass"} <= named
    ):
        refuse(driver, "pattern", settings["pattern"], "pattern_groups")
    return LineRule(
        start=start,
        terminator=terminator,
        length=length,
        max_length=longest,
        pattern=pattern,
        scales=_scales(driver, settings, [main, *(name for name in CHANNEL_GROUPS if name in named - {main})]),
        main=main,
        units=_unit_map(driver, settings, CHANNEL_GROUPS[main]),
        reversed_digits=settings["order"] == "reversed",
        decimal=settings["decimal"].encode("ascii"),
        negative=settings["negative"].encode("ascii").strip(),
        stable=settings["stable"].encode("ascii"),
    )


def _scales(driver: str, settings: Mapping[str, str], groups: list[str]) -> dict[str, Scale]:
    found = {}
    for group in groups:
        name = "unit" if group in ("force", "mass") else "length_unit"
        if settings[name] not in units_of(CHANNEL_GROUPS[group]):
            refuse(driver, name, settings[name], "unit")
        found[group] = scale_for(CHANNEL_GROUPS[group], settings[name])
    return found


def _unit_map(driver: str, settings: Mapping[str, str], channel: str) -> dict[bytes, str]:
    found = {}
    for item in filter(None, settings["units"].split(",")):
        text, equals, unit = item.partition("=")
        if not (text.strip() and equals):
            refuse(driver, "units", settings["units"], "unit_map")
        if unit.strip() not in units_of(channel):
            refuse(driver, "units", settings["units"], "unit")
        found[text.strip().encode("ascii")] = unit.strip()
    return found


def check_sample(driver: str, text: str) -> str:
    """The line the simulator sends, fields named only; raises OperatorError ``drivers.setting``."""
    rest, fields = _FIELD.subn("", text)
    if not fields or "{" in rest or "}" in rest:
        refuse(driver, "sample", text, "sample")
    return text
