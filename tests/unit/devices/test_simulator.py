"""Simulated machines: believable curves, repeatable, with faults; nothing of them is known above the line."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labdesk.devices.faults import LineFault
from labdesk.devices.registry import make_driver, make_simulator, manifest, manifests
from labdesk.devices.scenarios import Scenario
from labdesk.devices.simulate import main
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.devices.simulator import AskedSimulator, TooLarge, VirtualMachine, reach_kn
from labdesk.devices.specimens import ConcreteCube, Reading, RebarBar
from labdesk.devices.transport import open_transport
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.sentences import Language, say


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


def test_the_same_seed_gives_the_same_bytes_and_a_bad_bar_is_weak() -> None:
    def run(**parameters: object) -> tuple[bytes, float]:
        made = VirtualMachine(make_simulator("labdesk_utm", {}), 100, 4)
        made.load("rebar", {"speed": 50} | parameters, 0)
        return made.advance(3.0), made.display_peak_kn

    assert run() == run()
    assert run(seed=9) != run()
    assert run(strength_factor=0.8)[1] == pytest.approx(run()[1] * 0.8, rel=0.01)


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
        with pytest.raises(EnvironmentFault, match="bend"):
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
        ["yaohua_xk3190a9", "--driver-setting", "colour=red"],
        ["labdesk_utm", "--rate", "0"],
        ["labdesk_utm", "--seed", "x"],
        ["labdesk_utm", "--scenario", "cube", "--set", "speed=0"],
        ["labdesk_utm", "--scenario", "cube", "--set", "side_mm=nan"],
        ["labdesk_utm", "--pty", "/dev/null/below"],
        ["labdesk_utm", "--fault", "garbage@20:1", "--fault", "stuck=3"],
        ["tinius_olsen_h5k", "--scenario", "rebar", "--set", "diameter_mm=20"],
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_wrong_arguments_end_with_two(
    arguments: list[str], language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--tcp", "0", *arguments], language) == 2
    shown = capsys.readouterr()
    assert (shown.out, len(shown.err.splitlines())) == ("", 1)
    assert (language is Language.ZH) == any("一" <= letter <= "鿿" for letter in shown.err)


@pytest.mark.parametrize("language", list(Language))
def test_help_explains_every_piece_and_fault_in_the_readers_language(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"], language)
    assert ended.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    for name, key in [*((each, "scenario") for each in Scenario), *((each, "fault") for each in LineFault)]:
        line = next(line for line in lines if line.split()[:1] == [name])
        assert say(f"simulate.{key}.{name}", language) in line


def test_what_a_device_can_show_is_found_by_showing_it() -> None:
    reach = {}
    for each in manifests():
        reach[each.id] = reach_kn(make_driver(each.id, {}), make_simulator(each.id, {}))
    assert all(found > 1 for found in reach.values()), reach
    assert reach["tinius_olsen_h5k"] == pytest.approx(11, abs=0.01), "110 % of its load cell"
    assert reach["sauter_fh"] == pytest.approx(1000, abs=1), "five digits"
    assert reach["labdesk_utm"] > 2000
    large = {"load_cell": "250 kN"}
    assert reach_kn(make_driver("tinius_olsen_h5k", large), make_simulator("tinius_olsen_h5k", large)) > 200


def test_a_usual_piece_is_made_smaller_for_a_small_machine_and_a_described_one_refused() -> None:
    machine = VirtualMachine(make_simulator("tinius_olsen_h5k", {}), 10, 1, reach_kn=11.0)
    machine.load("rebar", {"speed": 50, "delay_s": 0}, 0)
    machine.advance(3.0)
    assert machine.display_peak_kn == pytest.approx(6.6, rel=0.02)
    assert machine.piece_share == pytest.approx(6.6 / 189, rel=0.02)
    with pytest.raises(TooLarge):
        machine.load("rebar", {"diameter_mm": 20}, 5)
    machine.load("rebar", {"diameter_mm": 4}, 5)
    assert machine.piece_share == 1


def test_the_first_piece_waits_for_somebody_who_listens(tmp_path: Path) -> None:
    for port in (["--tcp", "0"], ["--pty", str(tmp_path / "port")]):
        command = [sys.executable, "-m", "labdesk.devices.simulate", "labdesk_utm", "--scenario", "cube", *port]
        more = ["--rate", "20", "--set", "speed=40", "--set", "delay_s=0"]
        with subprocess.Popen([*command, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            ready = json.loads(process.stdout.readline())
            line = open_transport(ready["port"], manifest("labdesk_utm").line)
            decoder, seen = make_driver("labdesk_utm", {}).new_decoder(), 0
            until = time.monotonic() + 30
            while seen < 7_000_000 and time.monotonic() < until:
                seen = max([seen, *(frame.counts[0] or 0 for frame in decoder.feed(line.read_chunk()))])
            line.close()
            process.stdin.close()
            assert process.wait(30) == 0
        assert seen > 7_000_000, "the whole loading was still to come"


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
