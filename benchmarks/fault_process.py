"""The capture process of the fault campaign: the real one, only its wall clock can be set from outside.

``python -m benchmarks.fault_process --home DIR`` is the supervisor. The file ``clock-offset`` in DIR holds the seconds by which the
wall clock is wrong; everything else is ``labdesk.app.capture``.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from labdesk.app.capture import run_child
from labdesk.capture.supervisor import Supervisor

OFFSET = "clock-offset"


class JumpingClock:
    """A wall clock that somebody sets while a bar is loaded."""

    def __init__(self, home: Path) -> None:
        self._file = home / OFFSET

    def now(self) -> datetime:
        """What the wall clock shows."""
        try:
            return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text()))
        except (OSError, ValueError):
            return datetime.now(UTC)


def command(home: Path, keeper: int | None = None) -> list[str]:
    """How the supervisor starts its child, and the campaign the supervisor."""
    child = [] if keeper is None else ["--keeper", str(keeper)]
    return [sys.executable, "-m", "benchmarks.fault_process", "--home", str(home), *child]


def main() -> int:
    """Supervisor, or child when there is a keeper."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--keeper", type=int)
    options = parser.parse_args()
    if options.keeper is not None:
        return run_child(options.home, options.keeper, JumpingClock(options.home))
    return Supervisor(options.home, command).run()


if __name__ == "__main__":
    sys.exit(main())
