"""Cold start of ``labdesk gui`` to a painted sign-in page, against a bare PySide6 window in the same run.

``python -m benchmarks.cold_start [--runs 15] [--display]`` prints one JSON object. Each start is a new interpreter, timed from its
creation to the line it writes once its window was painted; bare window, desktop and command are started in turns, so that whatever
else the machine does slows all alike. Bytecode is compiled and files are in the system's cache: the disk is not measured.
``command`` is what a user types (``labdesk gui``), ``desktop`` is ``python -m labdesk.app.desktop``. Without ``--display`` Qt draws
offscreen. Goal: command at most 2.5 times the bare window, by medians.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from labdesk.app.demo import people
from labdesk.app.foundation import open_foundation
from labdesk.app.paths import Home
from labdesk.domain.people_ports import LabSetup
from labdesk.services.setup import SetupService
from tests.helpers.laboratory import capture_processes

GOAL = 2.5
ROOT = Path(__file__).parents[1]
_COMMAND = (
    "import sys; from labdesk.app.command import _window; sys.exit(_window('benchmarks.first_paint', sys.argv[1:]))"
)


def set_up(home: Home) -> None:
    """A laboratory with its administrator, so that the sign-in page shows and not the first start."""
    base = open_foundation(home)
    try:
        who = people.ADMINISTRATOR
        SetupService(base.store, base.ids, PasswordHasher()).create(
            LabSetup(people.LABORATORY, who.name, who.badge, who.pin, who.password)
        )
    finally:
        base.close()


def starts(home: Path) -> dict[str, list[str]]:
    """Arguments of the interpreter for each kind of start."""
    return {
        "bare": ["-m", "benchmarks.first_paint", "bare"],
        "desktop": ["-m", "benchmarks.first_paint", "labdesk", str(home)],
        "command": ["-c", _COMMAND, str(home)],
    }


def start_ms(arguments: list[str], environment: dict[str, str]) -> float:
    """Milliseconds from the start of the process to its painted window."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, env=environment, cwd=ROOT)
    assert process.stdout is not None
    line = process.stdout.readline()
    took = (time.perf_counter() - began) * 1000
    process.stdout.close()
    if process.wait(30) != 0 or line != b"painted\n":
        raise RuntimeError(f"did not paint: {arguments}")
    return took


def measure(runs: int, *, display: bool) -> dict[str, Any]:
    """Medians of ``runs`` starts of each kind; one more of each goes before and is not counted."""
    for room in ("labdesk", "drivers", "resources", "benchmarks"):
        compileall.compile_dir(ROOT / room, quiet=2)
    environment = dict(os.environ)
    if not display:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        set_up(home)
        try:
            for turn in range(runs + 1):
                for kind, arguments in starts(home.folder).items():
                    milliseconds = start_ms(arguments, environment)
                    if turn:
                        took.setdefault(kind, []).append(milliseconds)
        finally:
            for process in capture_processes(home.folder):
                process.kill()
    medians = {kind: statistics.median(found) for kind, found in took.items()}
    return {
        "runs": runs,
        "platform": "display" if display else "offscreen",
        "median_ms": {kind: round(value, 1) for kind, value in medians.items()},
        "fastest_ms": {kind: round(min(found), 1) for kind, found in took.items()},
        "ratio": round(medians["command"] / medians["bare"], 2),
        "ratio_desktop_process": round(medians["desktop"] / medians["bare"], 2),
        "goal": GOAL,
        "cores": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def main() -> int:
    """Prints the result; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--display", action="store_true", help="on the display there is, not offscreen")
    options = parser.parse_args()
    result = measure(options.runs, display=options.display)
    sys.stdout.write(json.dumps(result) + "\n")
    return 0 if result["ratio"] <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
