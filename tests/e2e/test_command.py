"""``labdesk`` as users run it, a process each: published values, machines, refusals in one sentence, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from labdesk.app.command import HANDLERS
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.sealed_run import decode_run
from tests.helpers.laboratory import run_command
from tests.helpers.machines import wait_until

DATA = Path(__file__).parents[1] / "data"
RECORDINGS = Path(__file__).parents[2] / "drivers"
TENSILE = sorted((DATA / "tensile-42crmo4").glob("*.csv"))
CYLINDERS = {"M01_Z0": 410, "M01_Z02": 387, "M01_Z03": 416, "M02_Z01": 444, "M02_Z02": 441, "M02_Z03": 439}


def evaluated(*arguments: str) -> dict[str, Any]:
    """Standard output of ``labdesk evaluate ... --json``, which must succeed."""
    done = run_command("evaluate", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def together(calls: list[tuple[str, ...]]) -> list[dict[str, Any]]:
    """Several evaluations, two processes at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda arguments: evaluated(*arguments), calls))


def by_symbol(found: dict[str, Any]) -> dict[str, float | None]:
    return {value["symbol"]: value["value"] for value in found["values"]}


def published(path: Path) -> dict[str, float]:
    """The values in the head of a 42CrMo4 file."""
    cells = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[:20]]
    return {row[0].rstrip(":"): float(row[1]) for row in cells if len(row) > 2 and row[2] in ("MPa", "%")}


def test_42crmo4_meets_its_published_values_and_has_no_yield_point() -> None:
    assert len(TENSILE) == 6
    found = together([("tensile", "--curve", str(path)) for path in TENSILE])
    for path, values in zip(TENSILE, map(by_symbol, found), strict=True):
        source = published(path)
        assert values["Rm"] == pytest.approx(source["Ultimate tensile strength"], rel=0.001), path.stem
        assert values["Rp0.2"] == pytest.approx(source["Yield stress at 0.2% plastic strain"], rel=0.01), path.stem
        assert values["Ag"] == pytest.approx(source["Uniform elongation"], abs=0.05), path.stem
        assert values["ReH"] is None
        assert values["ReL"] is None


def test_1045_keeps_its_sharp_upper_yield_point() -> None:
    values = by_symbol(evaluated("tensile", "--curve", str(next((DATA / "tensile-1045").glob("*.csv")))))
    assert values["Rm"] == pytest.approx(737.11, rel=0.001)
    assert values["ReH"] == pytest.approx(523.7, abs=0.05)
    assert values["A"] == pytest.approx(27.17, abs=0.01)


def test_cubes_and_cylinders_meet_the_machines_own_registers() -> None:
    """A group is three cubes; the peak is what the machine's controller wrote into the head of its file."""
    groups = [
        sorted((DATA / "concrete-cubes-mts").glob(f"{mix}_{age}_*.dat"))
        for mix, age in (("M01", "7d"), ("M01", "28d"), ("M02", "7d"), ("M02", "28d"))
    ]
    cylinders = [DATA / "concrete-cylinders-mts" / f"{name}.dat" for name in CYLINDERS]
    calls: list[tuple[str, ...]] = [
        ("concrete-cube", *(part for path in group for part in ("--curve", str(path)))) for group in groups
    ]
    calls += [("concrete-cylinder", "--curve", str(path), "--set", "diameter_mm=99") for path in cylinders]
    found = together(calls)
    for group, result in zip(groups, found[:4], strict=True):
        values = {value["subject"]: value["value"] for value in result["values"] if value["subject"]}
        for path in group:
            peak = -float(path.read_text(encoding="latin-1").splitlines()[17].split("\t")[1].replace(",", "."))
            assert values[path.stem] == pytest.approx(peak * 1000 / 22500, rel=1e-6)
        assert result["verdict"] == "NOT_EVALUATED"
    for name, result in zip(CYLINDERS, found[4:], strict=True):
        strength = by_symbol(result)["fc"]
        assert strength is not None
        # The protocol rounds the load to 1 kN.
        assert strength * 7697.69 / 1000 == pytest.approx(CYLINDERS[name], abs=0.9)


def test_methods_and_drivers_are_listed() -> None:
    methods = run_command("methods", "--json")
    listed = {item["id"]: item for item in json.loads(methods.stdout)}
    assert {"tensile", "rebar-tensile", "rebar-lot", "concrete-cube"} <= set(listed)
    drivers = run_command("drivers", "--json")
    manifests = {item["id"]: item for item in json.loads(drivers.stdout)}
    assert {"labdesk_utm", "yaohua_xk3190a9"} <= set(manifests)
    assert all(item["maturity"] for item in manifests.values())
    assert (methods.returncode, drivers.returncode) == (0, 0)


def test_recorded_bytes_become_frames_and_counters() -> None:
    recording = RECORDINGS / "labdesk_utm" / "recordings" / "simulated_bar_with_faults.bin"
    done = run_command("decode", "--driver", "labdesk_utm", str(recording), "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["counters"]["good"] == len(found["frames"]) > 100
    assert found["counters"]["bad"] > 0


def test_a_simulated_machine_is_captured_until_its_break(tmp_path: Path) -> None:
    out = tmp_path / "bar.run"
    with SimulatedMachine("labdesk_utm", SimulatedPort(tmp_path / "line")) as machine:
        command = ["capture", "--driver", "labdesk_utm", "--port", machine.port_url, "--until-break", "--out", str(out)]
        process = subprocess.Popen(
            [sys.executable, "-m", "labdesk", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        # The run's journal is there as soon as it is armed; then the piece may be loaded.
        wait_until(lambda: list(tmp_path.rglob("*.journal")), 30)
        machine.load("rebar", speed=20, delay_s=0.5)
        printed, complained = process.communicate(timeout=60)
    assert process.returncode == 0, complained
    told = json.loads(printed)
    assert (told["end_reason"], told["loaded"]) == ("break", True)
    run = decode_run(out.read_bytes())
    assert str(run.peak_kn) == told["peak_kn"]
    assert abs(Decimal(told["peak_kn"]) - 190) < 4
    assert (tmp_path / "bar.run.journal").stat().st_size > 0


def test_simulate_says_where_it_listens_and_ends_with_its_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "labdesk", "simulate", "yaohua_xk3190a9", "--scenario", "cube", "--tcp", "0"],
        input='{"cmd": "status"}\n{"cmd": "quit"}\n',
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    ready, status, *_ = (json.loads(line) for line in done.stdout.splitlines())
    assert (done.returncode, ready["driver"], status["ok"]) == (0, "yaohua_xk3190a9", True)
    assert ready["port"].startswith("socket://127.0.0.1:")


def test_help_names_every_command() -> None:
    for word in ("help", "--help"):
        done = run_command(word)
        assert (done.returncode, done.stderr) == (0, "")
        assert all(name in done.stdout for name in HANDLERS), done.stdout


WRONG = (
    ("nosuch",),
    ("audit", "--home"),
    ("audit", "--home", os.devnull),
    ("audit", "--nosuch"),
    ("doctor", "--home", f"{os.devnull}/below"),
    ("read-codes",),
    ("verify",),
    ("verify", "does-not-exist.pdf"),
    ("sync", "sometimes"),
    ("decode", "--driver", "labdesk_utm"),
    ("decode", "--driver", "labdesk_utm", "does-not-exist.bin"),
    ("decode", "--driver", "nobody", str(DATA / "README.md")),
    ("capture", "--driver", "nobody", "--port", "socket://127.0.0.1:1", "--out", "x.csv"),
    ("capture", "--driver", "labdesk_utm"),
    ("simulate", "nobody"),
    ("simulate",),
    ("platform",),
    ("platform", "nosuch"),
    ("join", "--url", "http://127.0.0.1:1"),
    ("join", "--url", "http://127.0.0.1:1", "--registration", "does-not-exist.json"),
    ("evaluate", "nothing"),
    ("evaluate", "tensile", "--curve", str(DATA / "README.md")),
    ("evaluate", "rebar-tensile", "--curve", str(TENSILE[0])),
)


def test_what_cannot_be_done_is_exit_2_with_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABDESK_HOME", str(tmp_path))
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda arguments: run_command(*arguments), WRONG))
    for arguments, result in zip(WRONG, done, strict=True):
        assert (result.returncode, result.stdout) == (2, ""), arguments
        assert result.stderr.count("\n") == 1, (arguments, result.stderr)
        assert len(result.stderr) > 12, arguments
        assert "Traceback" not in result.stderr
