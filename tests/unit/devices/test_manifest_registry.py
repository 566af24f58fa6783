"""Manifests are read strictly; drivers are found by their folders."""

from __future__ import annotations

from importlib import resources

import pytest

from labdesk.devices.manifest import Maturity, parse_manifest, parse_preset
from labdesk.devices.registry import make_driver, make_simulator, manifest, manifests
from labdesk.domain.errors import EnvironmentFault, OperatorError

TEXT = resources.files("labdesk_drivers").joinpath("yaohua_xk3190a9/manifest.toml").read_text(encoding="utf-8")


def test_what_is_shipped() -> None:
    assert [each.id for each in manifests()] == sorted(each.id for each in manifests())
    assert manifest("labdesk_utm").maturity is Maturity.DOCUMENTED
    assert manifest("yaohua_xk3190a9").stamp().decoding == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "yaohua_xk3190a9"', 'id = "other_name"'),
        ('maturity = "documented"', 'maturity = "perfect"'),
        ('maturity = "documented"', 'maturity = "documented"\nsurprise = 1'),
        ('name = "force"', 'name = "load"'),
        ('unit = "kN"\nquantum', 'unit = "N"\nquantum'),
        ('quantum = "0.0001"', 'quantum = "0"'),
        ('quantum = "0.0001"', 'quantum = "many"'),
        ("rate_hz = 20", "rate_hz = 0"),
        ("silence_ms = 2000", "silence_ms = 1"),
        ("[line]", "[line"),
        ("[limits]\nzh", "[limits]\nde"),
        ('version = "1.0"\n', ""),
        ('check = "xor"', 'check = "crc99"'),
        ('check = "xor"', 'kind = "balance"'),
        ('check = "xor"', 'kind = "extensometer"'),
        ('check = "xor"', "beta = true"),
        ('check = "xor"', 'beta = "yes"'),
        ('allowed = ["kN", "N", "kg"]', 'allowed = ["N", "kg"]'),
        ('allowed = ["kN", "N", "kg"]', ""),
        ('allowed = ["kN", "N", "kg"]', 'pattern = "["'),
        ('allowed = ["kN", "N", "kg"]', 'pattern = "[0-9]"'),
    ],
)
def test_a_wrong_manifest_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(EnvironmentFault, match="driver_manifest"):
        parse_manifest(TEXT.replace(old, new), "yaohua_xk3190a9")


@pytest.mark.parametrize(
    ("kind", "name", "unit"),
    [("machine", "force", "kN"), ("gauge", "force", "kN"), ("extensometer", "extension", "mm"), ("scale", "mass", "g")],
)
def test_the_kind_decides_what_comes_first(kind: str, name: str, unit: str) -> None:
    text = TEXT.replace('check = "xor"', f'kind = "{kind}"').replace(
        'name = "force"\nunit = "kN"', f'name = "{name}"\nunit = "{unit}"'
    )
    first = parse_manifest(text, "yaohua_xk3190a9").channels[0]
    assert (first.name, first.unit) == (name, unit)
    for other in {"machine", "extensometer", "scale"} - ({"machine"} if kind == "gauge" else {kind}):
        with pytest.raises(EnvironmentFault, match="driver_manifest"):
            parse_manifest(text.replace(f'kind = "{kind}"', f'kind = "{other}"'), "yaohua_xk3190a9")


def test_a_beta_driver_warns() -> None:
    text = TEXT.replace('check = "xor"', "beta = true") + '\n[warning]\nzh = "核对"\nen = "Check it"\n'
    found = parse_manifest(text, "yaohua_xk3190a9")
    assert (found.beta, found.warning["en"], found.check.weak) == (True, "Check it", True)


def test_a_typed_setting_keeps_to_its_pattern() -> None:
    text = TEXT.replace('allowed = ["kN", "N", "kg"]', 'pattern = "k?[A-Z]"')
    found = parse_manifest(text, "yaohua_xk3190a9")
    assert found.resolve({"unit": "T"}) == {"unit": "T"}
    with pytest.raises(OperatorError, match="driver_setting"):
        found.resolve({"unit": "TT"})


def test_settings_and_line() -> None:
    found = manifest("yaohua_xk3190a9")
    assert found.resolve({"baud": "4800"}) == {"unit": "kN", "baud": "4800"}
    assert found.line_for({"baud": "4800", "parity": "E"}).baud == 4800
    with pytest.raises(OperatorError, match="driver_setting"):
        found.line_for({"baud": "fast"})


def test_unknown_drivers() -> None:
    with pytest.raises(OperatorError, match="no_such_driver"):
        make_driver("nobody_nothing", {})
    with pytest.raises(OperatorError, match="no_such_driver"):
        make_simulator("nobody_nothing", {})


PRESET = resources.files("labdesk_resources.presets").joinpath("laumas_tlb_modbus.toml").read_text(encoding="utf-8")
BASE = {
    "generic_modbus_rtu": resources.files("labdesk_drivers")
    .joinpath("generic_modbus_rtu/manifest.toml")
    .read_text(encoding="utf-8")
}


def test_a_preset_is_its_base_with_other_settings() -> None:
    found, base = manifest("laumas_tlb_modbus"), manifest("generic_modbus_rtu")
    assert (found.base, found.settings["first"].default, base.settings["first"].default) == (base.id, "7", "0")
    assert found.settings["address"] == base.settings["address"]
    driver = make_driver("laumas_tlb_modbus", {"first": "9"})
    assert driver.settings["first"] == "9"
    assert driver.manifest.stamp().id == "laumas_tlb_modbus"
    assert make_simulator("laumas_tlb_modbus", {}).manifest == found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('base = "generic_modbus_rtu"', 'base = "nobody"'),
        ('base = "generic_modbus_rtu"', ""),
        ('first = "7"', 'furst = "7"'),
        ('first = "7"', 'first = "seven"'),
        ("[values]", "[settings]"),
        ('maker = "Laumas"', 'maker = "Laumas"\nid = "other_name"'),
        ('check = "crc16"', 'check = "crc99"'),
        ("[limits]", "[limits"),
    ],
)
def test_a_wrong_preset_is_refused(old: str, new: str) -> None:
    assert old in PRESET
    parse_preset(PRESET, "laumas_tlb_modbus", BASE)
    with pytest.raises(EnvironmentFault, match="driver_manifest"):
        parse_preset(PRESET.replace(old, new), "laumas_tlb_modbus", BASE)


def test_a_preset_takes_no_drivers_name() -> None:
    with pytest.raises(EnvironmentFault, match="driver_manifest"):
        parse_preset(PRESET, "generic_modbus_rtu", BASE)
