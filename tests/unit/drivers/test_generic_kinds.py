"""The generic drivers as extensometers and scales: presets decide what comes first."""

from __future__ import annotations

import importlib
from decimal import Decimal
from importlib import resources

import pytest

from labdesk.devices.driver import Driver
from labdesk.devices.manifest import parse_preset
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading
from labdesk.domain.errors import OperatorError

HEAD = """
base = "{base}"
maker = "X"
model = "Y"
zh = "甲"
en = "A"
source = "a manual"
kind = "{kind}"
check = "shape"

[[channels]]
name = "{name}"
unit = "{unit}"
quantum = "0.001"

[values]
"""
ASCII_EXT = "pattern = '(?P<ext>-?[0-9.]{1,9});(?P<disp>-?[0-9.]{1,9})'\nlength_unit = 'um'\nsample = '{ext:.1f};{disp:.1f}\\r\\n'\n"
BINARY_EXT = "unit = 'mm'\nvalue_quantum = '0.0001'\ndisp = 'i16be@4'\nvalue = 'i16be@2'\n"
BINARY_MASS = "unit = 'kg'\nvalue_quantum = '0.5'\n"
MODBUS_EXT = "unit = 'mm'\nvalue = 'f32@0'\nvalue_quantum = '0.0001'\n"
KINDS = [
    ("generic_ascii_line", "extensometer", "extension", "mm", ASCII_EXT, ["extension", "displacement"]),
    ("generic_binary_frame", "extensometer", "extension", "mm", BINARY_EXT, ["extension", "displacement"]),
    ("generic_binary_frame", "scale", "mass", "g", BINARY_MASS, ["mass"]),
    ("generic_modbus_rtu", "extensometer", "extension", "mm", MODBUS_EXT, ["extension"]),
]


def made(base: str, text: str, given: dict[str, str]) -> tuple[Driver, DeviceSimulator]:
    """Driver and simulator of a preset that stands nowhere else."""
    own = resources.files("labdesk_drivers").joinpath(base, "manifest.toml").read_text(encoding="utf-8")
    manifest = parse_preset(text, "x_y", {base: own})
    driver = importlib.import_module(f"labdesk_drivers.{base}.driver").MachineDriver(manifest, given)
    simulator = importlib.import_module(f"labdesk_drivers.{base}.sim").Simulator(manifest, manifest.resolve(given))
    return driver, simulator


@pytest.mark.parametrize(("base", "kind", "name", "unit", "values", "channels"), KINDS)
def test_what_is_measured_comes_first(
    base: str, kind: str, name: str, unit: str, values: str, channels: list[str]
) -> None:
    driver, simulator = made(base, HEAD.format(base=base, kind=kind, name=name, unit=unit) + values, {})
    assert [channel.name for channel in driver.channels] == channels
    reading = Reading(9.80665, 1.5, 0.25)
    frames = [frame for _ in range(2) for frame in driver.new_decoder().feed(simulator.encode(reading, 0, 0) * 2)]
    found = frames[-1].counts[0]
    assert found is not None
    expected = Decimal(1_000_000) if name == "mass" else Decimal("0.25")
    assert found * driver.channels[0].quantum == expected
    assert driver.channels[0].unit == unit


@pytest.mark.parametrize(
    ("base", "given"),
    [
        ("generic_ascii_line", {"pattern": "(?P<force>[0-9]+)"}),
        ("generic_ascii_line", {"pattern": "(?P<ext>[0-9]+)(?P<mass>[0-9])(?P<force>[0-9])"}),
        ("generic_binary_frame", {"unit": "kN"}),
        ("generic_binary_frame", {"ext": "u8@5"}),
        ("generic_modbus_rtu", {"unit": "kg"}),
        ("generic_modbus_rtu", {"ext": "i16@0"}),
    ],
)
def test_an_extensometer_measures_no_force(base: str, given: dict[str, str]) -> None:
    values = {"generic_ascii_line": ASCII_EXT, "generic_binary_frame": BINARY_EXT, "generic_modbus_rtu": MODBUS_EXT}[
        base
    ]
    with pytest.raises(OperatorError, match=r"drivers\.setting"):
        made(base, HEAD.format(base=base, kind="extensometer", name="extension", unit="mm") + values, given)
