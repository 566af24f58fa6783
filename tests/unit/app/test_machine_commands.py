"""``labdesk drivers`` and ``labdesk decode`` as typed: presets listed, beta drivers only on demand and with their warning."""

from __future__ import annotations

import json

import pytest

from labdesk.app.machine_commands import run_machine_command
from labdesk.devices.registry import manifests
from tests.helpers.source import ROOT

BETA = [manifest for manifest in manifests() if manifest.beta]


def test_beta_drivers_are_off_in_the_list_until_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert BETA
    assert run_machine_command("drivers", []) == 0
    shown = capsys.readouterr()
    names = {line.split()[0] for line in shown.out.splitlines()}
    assert {"generic_ascii_line", "laumas_tlb_modbus", "ohaus_defender3000"} <= names
    assert not names & {manifest.id for manifest in BETA}
    assert f"{len(BETA)} beta" in shown.err
    assert run_machine_command("drivers", ["--beta"]) == 0
    shown = capsys.readouterr()
    lines = {line.split()[0]: line.split()[1] for line in shown.out.splitlines()}
    assert set(lines) == {manifest.id for manifest in manifests()}
    assert {name for name, state in lines.items() if state == "beta"} == {manifest.id for manifest in BETA}
    assert not shown.err


def test_everything_a_manifest_says_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_machine_command("drivers", ["--json"]) == 0
    found = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert set(found) == {manifest.id for manifest in manifests()}
    assert found["ohaus_defender3000"]["base"] == "generic_ascii_line"
    assert found["ohaus_defender3000"]["kind"] == "scale"


@pytest.mark.parametrize("driver_id", [manifest.id for manifest in manifests()])
def test_every_driver_decodes_its_recording(
    driver_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    manifest = next(each for each in manifests() if each.id == driver_id)
    folder = ROOT / "drivers" / (manifest.base or driver_id) / "recordings"
    presets = tuple(each.id for each in manifests() if each.base == driver_id)
    names = sorted(folder.glob(f"{driver_id}*.bin" if manifest.base else "*.bin"))
    recording = next(path for path in names if not path.name.startswith(presets))
    assert run_machine_command("decode", ["--driver", driver_id, str(recording), "--json"]) == 0
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert found["driver"] == driver_id
    assert len(found["frames"]) == found["counters"]["good"] > 0
    assert shown.err.strip() == manifest.warning.get("zh", "")


def test_a_setting_that_cannot_be_used_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    file = ROOT / "drivers" / "generic_ascii_line" / "recordings" / "generic_ascii_line.bin"
    arguments = ["--driver", "generic_ascii_line", str(file), "--set", "pattern=(a+)+"]
    assert run_machine_command("decode", arguments) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert "pattern" in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize("typed", ["patern=x", "pattern"])
def test_a_setting_nobody_knows_is_not_ignored(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = ROOT / "drivers" / "generic_ascii_line" / "recordings" / "generic_ascii_line.bin"
    assert run_machine_command("decode", ["--driver", "generic_ascii_line", str(file), "--set", typed]) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert "terminator" in shown.err
    assert run_machine_command("decode", ["--driver", "generic_ascii_line", str(file), "--set", "baud=1200"]) == 0


def test_bytes_of_another_device_are_said_to_hold_no_frame(capsys: pytest.CaptureFixture[str]) -> None:
    file = ROOT / "drivers" / "generic_ascii_line" / "recordings" / "generic_ascii_line.bin"
    assert run_machine_command("decode", ["--driver", "yaohua_xk3190a9", str(file)]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["good"] == 0
    assert "yaohua_xk3190a9" in shown.err
