"""A test machine at home: ``labdesk simulate`` in one terminal, ``labdesk capture`` in another, as a user has them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from labdesk.domain.sealed_run import decode_run
from tests.helpers.machines import wait_until

LABDESK = [sys.executable, "-m", "labdesk"]


@contextmanager
def simulated(*arguments: str) -> Iterator[tuple[str, IO[str]]]:
    """A simulated machine in a process of its own; gives its port and where its commands go."""
    with subprocess.Popen(
        [*LABDESK, "simulate", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield json.loads(process.stdout.readline())["port"], process.stdin
        finally:
            process.communicate()


def capture(driver: str, port: str, out: Path, *more: str) -> list[str]:
    return [*LABDESK, "capture", "--driver", driver, "--port", port, "--out", str(out), *more]


def test_a_lost_line_is_exit_3_with_one_sentence_and_the_run(tmp_path: Path) -> None:
    out = tmp_path / "bar.run"
    with (
        simulated("labdesk_utm", "--pty", str(tmp_path / "port")) as (port, commands),
        subprocess.Popen(
            capture("labdesk_utm", port, out, "--until-break", "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"LC_ALL": "C", "LANG": "en"},
        ) as process,
    ):
        wait_until(lambda: list(tmp_path.rglob("*.journal")), 60)  # it is armed
        commands.write('{"cmd": "load", "scenario": "rebar", "speed": 30, "fault": "unplug@40"}\n')
        commands.flush()
        printed, complained = process.communicate(timeout=60)
    told = json.loads(printed)
    assert (process.returncode, told["status"], told["end_reason"]) == (3, 3, "lost-link"), complained
    (sentence,) = complained.splitlines()
    assert sentence == told["sentence"]["text"]
    assert sentence.startswith(
        ("The line was lost (the port is gone)", "The line was lost (unplugged or switched off)")
    )
    run = decode_run(out.read_bytes())
    assert str(run.peak_kn) == told["peak_kn"]
    assert float(told["peak_kn"]) > 50


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_ended_by_the_system_the_run_is_kept_and_exit_is_1(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    with (
        simulated("yaohua_xk3190a9", "--tcp", "0") as (port, _),
        subprocess.Popen(
            capture("yaohua_xk3190a9", port, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        wait_until(lambda: list(tmp_path.rglob("*.journal")), 60)  # it is armed
        process.send_signal(signal.SIGTERM)
        printed, complained = process.communicate(timeout=60)
    told: dict[str, Any] = json.loads(printed)
    assert (process.returncode, told["end_reason"]) == (1, "operator"), complained
    assert complained.splitlines() == [told["sentence"]["text"]]
    assert "force_kn" in out.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.csv.journal"]
