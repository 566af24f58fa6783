"""The desktop process: ``labdesk gui``. The sign-in page is painted before database, numerics and PDF code are loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the desktop; returns the exit code."""
    from labdesk.app.desktop.program import run

    return run(sys.argv[1:] if arguments is None else list(arguments))
