"""Stored runs: found by words, drawn without inventing, exported byte for byte, journals only if they are the right ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from labdesk.cli.runs import run_runs
from labdesk.domain.capture import EndReason
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sealed_run import Companion, SealedRun, decode_run, encode_run
from labdesk.domain.testing import Run
from labdesk.services.curve_files import read_curve_file
from labdesk.services.run_archive import RunArchive, draw
from labdesk.storage.database import ensure_schema, open_engine
from tests.helpers.benchworld import BAR, BenchWorld, make_bench

ONE, TWO = "G26-00417-1", "G26-00417-2"


@dataclass
class Journals:
    """Journals by run, those of companions behind a point and their number."""

    data: dict[str, bytes] = field(default_factory=dict)

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        name = f"{run_id}.{device}" if device else run_id
        if name not in self.data:
            raise OperatorError("capture.no_such_run", run_id=run_id)
        return self.data[name]


class Archive:
    """A bench with two runs and an archive over it."""

    def __init__(self, engine: Engine) -> None:
        self.world: BenchWorld = make_bench(engine)
        self.one = self.world.load(ONE)
        self.two = self.world.load(TWO, replace(BAR, share=0.6, end=EndReason.LOST_LINK))
        self.journals = Journals()
        self.asked: list[tuple[bytes, str, Mapping[str, str]]] = []
        self.others: list[bytes] = []
        self.archive = RunArchive(self.world.store, self.world.blobs, self.journals, self.redecode)

    def redecode(self, journal: bytes, driver_id: str, settings: Mapping[str, str], others: Sequence[bytes]) -> bytes:
        self.asked.append((journal, driver_id, settings))
        self.others += others
        return self.world.blobs.get(self.one.sealed_sha256)

    def sealed(self, run: Run) -> SealedRun:
        return decode_run(self.world.blobs.get(run.sealed_sha256))


@pytest.fixture
def made(database_url: str) -> Iterator[Archive]:
    engine = open_engine(database_url)
    ensure_schema(engine)
    yield Archive(engine)
    engine.dispose()


def test_runs_are_found_by_all_words(made: Archive) -> None:
    find = made.archive.find
    assert [run.id for run in find()] == [made.two.id, made.one.id]
    assert [run.id for run in find(f"{ONE} 张建国")] == [made.one.id]
    assert find("张建国 nobody") == []
    assert find("100%") == []
    assert [run.id for run in find("", 1)] == [made.two.id]
    assert made.archive.by_number(made.one.number) == made.one
    with pytest.raises(OperatorError, match="unknown"):
        made.archive.by_number("SY-2026-9")


def test_a_drawn_run_is_the_counts(made: Archive) -> None:
    drawn, sealed = made.archive.drawn(made.one), made.sealed(made.one)
    assert len(drawn.force_kn) == len(sealed.times_ns)
    assert drawn.force_kn.max() == pytest.approx(float(made.one.peak_kn or 0))
    assert set(drawn.axes) == {"time", "extension", "displacement"}
    assert drawn.hertz == "20.0"


def test_missing_values_are_holes_and_gaps_breaks(made: Archive) -> None:
    sealed = made.sealed(made.one)
    force, stretched, moved = sealed.columns
    holed = replace(sealed, columns=((None, *force[1:]), (*stretched[:9], None, *stretched[10:]), moved))
    gap = replace(made.sealed(made.two).header.gaps[0], from_ns=sealed.times_ns[4], to_ns=sealed.times_ns[7])
    drawn = draw(made.one, replace(holed, header=replace(sealed.header, gaps=(gap,))))
    assert len(drawn.force_kn) == len(force) - 1
    assert np.isnan(drawn.axes["extension"]).sum() >= 1
    assert drawn.breaks == (6,)
    nothing = replace(sealed, columns=(tuple(None for _ in force), stretched, moved))
    with pytest.raises(OperatorError, match="no_force"):
        draw(made.one, nothing)


def test_exports_are_the_same_bytes_each_time(made: Archive, tmp_path: Path) -> None:
    exported = made.archive.export(made.one, tmp_path / "a")
    again = made.archive.export(made.one, tmp_path / "b")
    assert exported.without_journal
    assert [path.read_bytes() for path in exported.files] == [path.read_bytes() for path in again.files]
    by_suffix = {path.suffix: path for path in exported.files}
    assert hashlib.sha256(by_suffix[".run"].read_bytes()).hexdigest() == made.one.sealed_sha256
    curve = read_curve_file(by_suffix[".csv"]).curve
    assert len(curve.time_s.counts) == len(made.sealed(made.one).times_ns)
    assert json.loads(by_suffix[".json"].read_bytes())["run"]["number"] == made.one.number


def test_a_journal_goes_along_only_if_it_is_the_right_one(made: Archive, tmp_path: Path) -> None:
    journal = b"raw bytes of the wire"
    sealed = made.sealed(made.one)
    header = replace(sealed.header, journal_sha256=hashlib.sha256(journal).hexdigest())
    run = replace(made.one, sealed_sha256=made.world.blobs.put(encode_run(replace(sealed, header=header))))
    made.journals.data[run.id] = journal
    exported = made.archive.export(run, tmp_path)
    assert not exported.without_journal
    assert (tmp_path / f"{run.number}.journal").read_bytes() == journal
    made.journals.data[run.id] = journal + b"!"
    with pytest.raises(EnvironmentFault, match="journal_differs"):
        made.archive.export(run, tmp_path)


def test_decoding_again_stands_beside_and_overwrites_nothing(made: Archive, tmp_path: Path) -> None:
    journal = b"raw"
    sealed = made.sealed(made.one)
    header = replace(sealed.header, journal_sha256=hashlib.sha256(journal).hexdigest())
    run = replace(made.one, sealed_sha256=made.world.blobs.put(encode_run(replace(sealed, header=header))))
    with pytest.raises(OperatorError, match="no_journal"):
        made.archive.decode_again(run, "", {}, tmp_path / "again.run")
    made.journals.data[run.id] = journal
    made.archive.decode_again(run, "a_driver", {"unit": "kg"}, tmp_path / "again.run")
    assert made.asked == [(journal, "a_driver", {"unit": "kg"})]
    with pytest.raises(OperatorError, match="exists"):
        made.archive.decode_again(run, "", {}, tmp_path / "again.run")
    assert made.archive.by_number(made.one.number) == made.one


def test_a_folder_that_cannot_be_written_is_named(made: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentFault, match="cannot_write"):
        made.archive.export(made.one, tmp_path / "file")


def test_the_command_lists_and_exports(made: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_runs(["list", TWO], made.archive) == 0
    assert [run["number"] for run in json.loads(capsys.readouterr().out)] == [made.two.number]
    assert run_runs(["export", made.one.number, "--out", str(tmp_path)], made.archive) == 0
    told = json.loads(capsys.readouterr().out)
    assert (len(told["files"]), told["journal"]) == (3, False)
    with pytest.raises(OperatorError, match="command_line"):
        run_runs(["export", made.one.number], made.archive)
    with pytest.raises(OperatorError, match="no_journal"):
        run_runs(["decode", made.one.number, "--out", str(tmp_path / "x.run")], made.archive)


def test_a_second_device_comes_along_with_its_own_curve_and_raw_bytes(made: Archive, tmp_path: Path) -> None:
    """Press and extensometer: everything of both, or it is said that something is missing."""
    journals = (b"raw bytes of the press", b"raw bytes of the extensometer")
    sealed = made.sealed(made.one)
    extensometer = Companion(
        machine=replace(sealed.header.machine, id="m-9", number="JC-09"),
        driver=sealed.header.driver,
        time_base=sealed.header.time_base,
        counters=sealed.header.counters,
        gaps=(),
        journal_sha256=hashlib.sha256(journals[1]).hexdigest(),
        journal_bytes=len(journals[1]),
        channels=(sealed.channels[1],),
        times_ns=(-5_000_000, 0, 20_000_000),
        columns=((10, None, 12),),
    )
    header = replace(sealed.header, journal_sha256=hashlib.sha256(journals[0]).hexdigest())
    both = encode_run(replace(sealed, header=header, companions=(extensometer,)))
    run = replace(made.one, sealed_sha256=made.world.blobs.put(both))
    press_alone = replace(sealed, channels=sealed.channels[:1], columns=sealed.columns[:1], companions=(extensometer,))
    drawn = draw(run, press_alone)
    assert set(drawn.axes) == {"time", "extension"}
    seen = drawn.axes["extension"][np.isfinite(drawn.axes["extension"])] / float(sealed.channels[1].quantum)
    assert 0 < len(seen) < len(drawn.force_kn)
    assert ((seen >= 10) & (seen <= 12)).all()
    made.journals.data[run.id] = journals[0]
    assert made.archive.export(run, tmp_path / "half").without_journal
    with pytest.raises(OperatorError, match="no_journal"):
        made.archive.decode_again(run, "", {}, tmp_path / "again.run")
    made.journals.data[f"{run.id}.1"] = journals[1]
    exported = made.archive.export(run, tmp_path / "whole")
    assert not exported.without_journal
    files = {path.name.removeprefix(run.number): path.read_bytes() for path in exported.files}
    assert (files[".journal"], files[".1.journal"]) == journals
    lines = files[".1.csv"].decode().splitlines()
    assert "#machine: JC-09" in lines
    assert [line.split(",")[0] for line in lines[-3:]] == ["-0.005", "0", "0.02"]
    assert lines[-2].endswith(",")
    assert read_curve_file(tmp_path / "whole" / f"{run.number}.csv").curve
    made.archive.decode_again(run, "", {}, tmp_path / "again.run")
    assert made.others == [journals[1]]
    made.journals.data[f"{run.id}.1"] = b"changed"
    with pytest.raises(EnvironmentFault, match="journal_differs"):
        made.archive.export(run, tmp_path / "changed")
