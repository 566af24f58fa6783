"""One capture without the desktop: its files, how sure its end is, what is refused before anything is opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from labdesk.capture.commands import decode_file
from labdesk.capture.runs import RunFolder
from labdesk.capture.sealing import begin_journal
from labdesk.capture.single import SAID_BY_THE_END, CaptureCommand, Status, capture_until_break, remarks_of, status_of
from labdesk.devices.journal import read_journal
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import EndReason, LinkTrouble
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sealed_run import RunMark, decode_run
from labdesk.domain.sentences import Language, catalogue, say
from tests.helpers.virtual_runs import virtual_run
from tests.unit.capture.test_recorder import FORCES, feed, recorder, sealed, utm

SAID_OF_ENDS = ("lost", "lost_unloaded", "unloaded", "operator", "limit", "capture_restarted", "doubtful")


def captured(
    folder: Path, driver_id: str, load: Callable[[SimulatedMachine], None], name: str = "a.run", **more: Any
) -> dict[str, Any]:
    """One capture of a simulated machine that is loaded as soon as it may be."""
    with SimulatedMachine(driver_id, SimulatedPort(), rate_hz=100) as simulator:
        fields = {"limit_s": 60} | more
        command = CaptureCommand(driver_id, simulator.port_url, folder / name, **fields)
        return capture_until_break(command, lambda: load(simulator))


@pytest.mark.parametrize("name", ["curve.csv", "run.run"])
def test_one_capture_without_the_desktop(tmp_path: Path, name: str) -> None:
    told = captured(tmp_path, "yaohua_xk3190a9", lambda machine: machine.load("cube", speed=60), name)
    assert (told["end_reason"], told["loaded"]) == ("break", True)
    assert (told["status"], told["sentence"], told["remarks"], told["recovered"]) == (0, None, [], [])
    assert abs(Decimal(told["peak_kn"]) - 810) < 20
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, f"{name}.journal"]
    if name.endswith(".csv"):
        assert told["peak_kn"] in (tmp_path / name).read_text()
    else:
        assert str(decode_run((tmp_path / name).read_bytes()).peak_kn) == told["peak_kn"]
    good = told["header"]["counters"]["good"]
    assert decode_file("yaohua_xk3190a9", tmp_path / f"{name}.journal", {})["counters"]["good"] >= good > 100


def test_a_line_that_is_lost_is_no_success_and_the_run_is_kept(tmp_path: Path) -> None:
    told = captured(tmp_path, "labdesk_utm", lambda machine: machine.load("rebar", speed=20, fault="unplug@40"))
    assert (told["status"], told["end_reason"]) == (Status.LOST, "lost-link")
    assert told["sentence"]["key"] == "capture.ended_lost"
    run = decode_run((tmp_path / "a.run").read_bytes())
    assert run.peak_kn is not None
    assert run.peak_kn > 50
    assert (tmp_path / "a.run.journal").stat().st_size > 0


def test_what_gives_reason_to_doubt_is_remarked_with_its_evidence() -> None:
    run = virtual_run("labdesk_utm", "cube", "peak-hold", rate_hz=20)
    assert status_of(run, recorded=False) is Status.LOOK
    (remark,) = remarks_of(run, "a")
    assert (remark["key"], remark["params"]["label"]) == ("doubts.peak_held_moving", "a")
    assert float(remark["params"]["seconds"]) > 1.5
    lost = virtual_run("labdesk_utm", "cube", "silence@88:2", rate_hz=20)
    assert {each["key"] for each in remarks_of(lost, "a")} >= {"capture.mark.gap-critical"}


def test_a_device_without_a_force_is_recorded_for_a_while(tmp_path: Path) -> None:
    told = captured(tmp_path, "mettler_mtsics", lambda machine: None, record_s=1)
    assert (told["status"], told["end_reason"], told["loaded"], told["peak_kn"]) == (0, "limit", False, None)
    assert told["samples"] > 2


def test_a_port_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labdesk.capture.single.READY_S", 0.2)
    with pytest.raises(EnvironmentFault, match="no_run_seen"):
        capture_until_break(CaptureCommand("labdesk_utm", "socket://127.0.0.1:1", tmp_path / "a"))
    assert list(tmp_path.iterdir()) == [], "nothing of it is left behind"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"driver_id": "nobody"}, "capture.no_such_driver"),
        ({"driver_id": "mts_lx"}, "capture.no_force_device"),
        ({"settings": {"unit": "stone"}, "driver_id": "yaohua_xk3190a9"}, "capture.driver_setting"),
        ({"preload_kn": Decimal(0)}, "capture.thresholds"),
        ({"preload_kn": Decimal(9)}, "capture.thresholds"),
        ({"drop_percent": Decimal(100)}, "capture.thresholds"),
        ({"limit_s": 0}, "capture.seconds"),
        ({"record_s": 100_000}, "capture.seconds"),
        ({"out": Path("no", "such", "folder")}, "capture.no_folder"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_opened(
    change: dict[str, Any], key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OperatorError) as caught:
        capture_until_break(replace(CaptureCommand("labdesk_utm", "socket://127.0.0.1:1", Path("a")), **change))
    assert caught.value.key == key
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.csv", "a.csv.journal"])
def test_nothing_captured_is_ever_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious")
    with pytest.raises(OperatorError, match="out_exists"):
        capture_until_break(CaptureCommand("labdesk_utm", "socket://127.0.0.1:1", tmp_path / "a.csv"))
    assert (tmp_path / name).read_text() == "precious"


def left_behind(out: Path) -> Path:
    """A folder as a capture leaves it that was ended by force in mid-test."""
    folder = RunFolder(out.with_name(f".{out.name}.capture"))
    run = recorder()
    made, _ = begin_journal(folder.journal_path(run.request.run_id), run, ())
    for record in (utm(index, force) for index, force in enumerate(FORCES[:250])):
        made.append(record.stamp_ns, record.payload)
    made.close()
    return folder.journal_path(run.request.run_id)


def test_what_an_earlier_capture_left_is_sealed_beside_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labdesk.capture.single.READY_S", 0.2)
    journal = left_behind(tmp_path / "a.run")
    command = CaptureCommand("labdesk_utm", "socket://127.0.0.1:1", tmp_path / "a.run")
    with pytest.raises(OperatorError, match="out_busy"):
        capture_until_break(command)
    os.utime(journal, (1, 1))
    with pytest.raises(EnvironmentFault, match="no_run_seen"):
        capture_until_break(command)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.run.run-1.run", "a.run.run-1.run.journal"]
    kept = decode_run((tmp_path / "a.run.run-1.run").read_bytes())
    assert kept.header.end_reason is EndReason.CAPTURE_RESTARTED
    assert kept.peak_kn == Decimal(FORCES[249]) / 10_000
    assert read_journal((tmp_path / "a.run.run-1.run.journal").read_bytes()).records


def test_how_sure_an_end_is() -> None:
    clean = sealed(feed(recorder()))
    assert status_of(clean, recorded=False) is Status.COMPLETE
    for mark in (RunMark.GAP_CRITICAL, RunMark.STUCK_VALUE, RunMark.PEAK_HELD, RunMark.LOOKS_UNLOADED):
        doubtful = replace(clean, header=replace(clean.header, marks=(mark,)))
        assert status_of(doubtful, recorded=False) is Status.LOOK, mark
    for mark in (RunMark.BAD_FRAMES, RunMark.MISSING_FRAMES, RunMark.GAP):
        noted = replace(clean, header=replace(clean.header, marks=(mark,)))
        assert status_of(noted, recorded=False) is Status.COMPLETE, mark
    for reason in EndReason:
        ended = replace(clean, header=replace(clean.header, end_reason=reason))
        wanted = {EndReason.BREAK: Status.COMPLETE, EndReason.LOST_LINK: Status.LOST}.get(reason, Status.LOOK)
        assert status_of(ended, recorded=False) is wanted, reason
    limit = replace(clean, header=replace(clean.header, end_reason=EndReason.LIMIT))
    assert status_of(limit, recorded=True) is Status.COMPLETE


def test_an_unloading_that_passes_for_a_break_is_not_complete() -> None:
    assert status_of(virtual_run("labdesk_utm", "operator-abort", rate_hz=20), recorded=False) is Status.LOOK


def test_every_end_and_mark_has_its_sentence() -> None:
    values = dict.fromkeys(("out", "peak", "detail", "label", "run"), "1")
    ends = [f"capture.ended_{end}" for end in SAID_OF_ENDS]
    for key in (*ends, *(f"capture.mark.{mark.value}" for mark in set(RunMark) - SAID_BY_THE_END)):
        assert key in catalogue()
        assert "{" not in say(key, Language.ZH, **values) + say(key, Language.EN, **values)
    assert {f"capture.trouble.{trouble.value}" for trouble in LinkTrouble} <= set(catalogue())
