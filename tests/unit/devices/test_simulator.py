"""Simulated machines: believable curves, repeatable, with faults; nothing of them is known above the line."""

from __future__ import annotations

import itertools
import json
import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from labdesk.devices.registry import make_driver, make_simulator, manifest
from labdesk.devices.simulate import main
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.devices.simulator import AskedSimulator, FaultPlan, LineFault, VirtualMachine
from labdesk.devices.specimens import ConcreteCube, Reading, RebarBar, make_specimen
from labdesk.domain.errors import EnvironmentFault


def test_a_bar_yields_hardens_necks_and_breaks() -> None:
    bar = RebarBar()
    points = [bar.at(n / 100) for n in range(round(bar.duration_s * 100))]
    stress = [point.force_kn * 1000 / bar.area_mm2 for point in points]
    strain = [(point.extension_mm or 0) / bar.gauge_mm for point in points]
    top = stress.index(max(stress))
    assert max(stress) == pytest.approx(bar.rm_mpa, abs=0.5)
    assert strain[top] * 100 == pytest.approx(bar.agt_percent, abs=0.2)
    upper = max(range(top), key=lambda n: stress[n] if strain[n] < 0.003 else 0)
    assert stress[upper] == pytest.approx(bar.reh_mpa, abs=1)
    plateau = [s for s, e in zip(stress, strain, strict=True) if 0.005 < e < 0.013]
    assert min(plateau) == pytest.approx(bar.rel_mpa, abs=1)
    slope = [
        (s2 - s1) / (e2 - e1)
        for s1, s2, e1, e2 in zip(stress[500:1500], stress[501:], strain[500:], strain[501:], strict=False)
    ]
    assert sum(slope) / len(slope) == pytest.approx(200_000, rel=0.02)
    assert 0.8 < stress[-310] / bar.rm_mpa < 0.95
    assert points[-1].force_kn == 0
    assert strain == sorted(strain)


def test_a_cube_is_crushed() -> None:
    cube = ConcreteCube()
    force = [cube.at(n / 20).force_kn for n in range(round(cube.duration_s * 20))]
    assert max(force) == pytest.approx(36 * 22.5, rel=0.001)
    rise = [b - a for a, b in itertools.pairwise(force)][100:900]
    assert min(rise) > 0
    assert max(rise) * 20 / 22.5 == pytest.approx(0.6, rel=0.1)
    assert force[-1] < 5


@pytest.mark.parametrize(
    ("scenario", "parameters"),
    [("bend", {}), ("rebar", {"grade": "X"}), ("rebar", {"colour": "3"}), ("cube", {"side_mm": "wide"})],
)
def test_what_cannot_be_loaded_is_refused(scenario: str, parameters: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        make_specimen(scenario, parameters, random.Random(1))


def test_the_same_seed_gives_the_same_bytes_and_a_bad_bar_is_weak() -> None:
    def run(**parameters: object) -> tuple[bytes, float]:
        made = VirtualMachine(make_simulator("labdesk_utm", {}), 100, 4)
        made.load("rebar", {"speed": 50} | parameters, 0)
        return made.advance(3.0), made.display_peak_kn

    assert run() == run()
    assert run(seed=9) != run()
    assert run(strength_factor=0.8)[1] == pytest.approx(run()[1] * 0.8, rel=0.01)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("none", FaultPlan()),
        ("unplug", FaultPlan(LineFault.UNPLUG, 60, 3600)),
        ("garbage@30:0.5", FaultPlan(LineFault.GARBAGE, 30, 0.5)),
    ],
)
def test_faults_are_written_short(text: str, plan: FaultPlan) -> None:
    assert FaultPlan.parse(text) == plan


def test_faults_come_when_they_should() -> None:
    made = VirtualMachine(make_simulator("labdesk_utm", {}), 100, 4)
    made.load("rebar", {"speed": 20, "fault": "silence@50:0.5", "delay_s": 0}, 0)
    sent = [made.advance(n / 100) for n in range(300)]
    silent = [n / 100 for n, data in enumerate(sent) if not data]
    half = RebarBar().duration_s / 40
    assert half - 0.4 < silent[0] < half + 0.4
    assert silent[-1] - silent[0] == pytest.approx(0.5, abs=0.03)
    frames = make_driver("labdesk_utm", {}).new_decoder().feed(b"".join(sent))
    jumps = {b.sequence - a.sequence for a, b in itertools.pairwise(frames)}  # type: ignore[operator]
    assert max(jumps) > 40


def test_a_simulated_machine_obeys_and_dies_with_its_owner(tmp_path: Path) -> None:
    with SimulatedMachine("labdesk_utm", SimulatedPort(tmp_path / "port")) as simulator:
        assert simulator.port_url == str(tmp_path / "port")
        assert simulator.status() == {
            "ok": True,
            "loading": False,
            "display_peak_kn": simulator.status()["display_peak_kn"],
        }
        simulator.load("rebar", grade="HRB500E")
        assert simulator.status()["loading"]
        with pytest.raises(EnvironmentFault, match="unknown scenario"):
            simulator.load("bend")
        process = simulator._process
    assert process.returncode == 0
    assert not (tmp_path / "port").is_symlink()
    simulator.stop()


def test_commands_over_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "labdesk.devices.simulate", "yaohua_xk3190a9", "--tcp", "0"],
        input=b'{"cmd":"load","scenario":"cube"}\n{"cmd":"status"}\nnonsense\n{"cmd":"quit"}\n',
        capture_output=True,
        check=True,
        timeout=20,
    )
    ready, loaded, status, error, _ = map(json.loads, done.stdout.splitlines())
    assert ready["port"].startswith("socket://127.0.0.1:")
    assert loaded["ok"]
    assert status["loading"]
    assert not error["ok"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody"],
        ["labdesk_utm", "--scenario", "bend"],
        ["labdesk_utm", "--fault", "earthquake"],
        ["labdesk_utm", "--set", "diameter_mm"],
        ["labdesk_utm", "--tcp", "port"],
        ["labdesk_utm", "--tcp", "70000"],
        ["labdesk_utm", "--nosuch"],
        ["yaohua_xk3190a9", "--driver-setting", "unit=lb"],
    ],
)
def test_wrong_arguments_end_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tcp", "0", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="the selector of Windows takes sockets only")
def test_without_anybody_at_its_input_it_obeys_what_stands_there_and_goes_on(tmp_path: Path) -> None:
    orders = tmp_path / "orders"
    orders.write_text('{"cmd": "status"}\n', encoding="utf-8")
    command = [sys.executable, "-m", "labdesk.devices.simulate", "labdesk_utm"]
    with (
        orders.open("rb") as given,
        subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        ready, answer = (json.loads(process.stdout.readline()) for _ in range(2))
        assert answer["ok"]
        with socket.create_connection(("127.0.0.1", ready["control"]), 30) as control, control.makefile("rw") as line:
            line.write('{"cmd": "quit"}\n')
            line.flush()
            assert json.loads(line.readline())["ok"]
        assert process.wait(30) == 0


class Asked(AskedSimulator):
    """Answers ``?`` with the force in whole kilonewtons."""

    def frame(self, reading: Reading) -> bytes:
        return b"%d;" % round(reading.force_kn)

    def requests(self) -> tuple[bytes, ...]:
        return (b"?",)


def test_an_asked_device_speaks_only_when_asked() -> None:
    machine = VirtualMachine(Asked(manifest("labdesk_utm"), {}), 10, seed=1, noise_kn=0.0)
    assert machine.advance(1.0) == b""
    assert machine.answer(b"?", 1.0) == b"0;"
    assert machine.answer(b"??", 1.0) == b"0;0;"
    assert machine.answer(b"u", 1.0) == b""


def test_a_dead_line_answers_nothing() -> None:
    machine = VirtualMachine(Asked(manifest("labdesk_utm"), {}), 10, seed=1)
    machine.load("cube", {"delay_s": 0, "fault": "silence@0"}, 0.0)
    machine.advance(1.0)
    assert machine.answer(b"?", 1.0) == b""
