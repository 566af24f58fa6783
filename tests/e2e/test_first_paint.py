"""The sign-in page is painted before anything heavy is loaded; what is behind it begins afterwards, also behind a window unseen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HEAVY = {"sqlalchemy", "numpy", "pyqtgraph", "alembic", "pyhanko", "reportlab", "httpx", "argon2", "uuid6", "PIL"}
LATE = {"labdesk.ui.shell.work_area", "labdesk.app.rooms", "labdesk.app.foundation", "labdesk.domain.testing"}
_PROGRAM = """
import json, os, sys
from pathlib import Path
from labdesk.app.desktop import program
from labdesk.app.paths import Home
begun = []
program._behind = lambda desktop: begun.append(set(sys.modules))
app = program.make_application()
desktop = program.assemble(app, Home(Path(sys.argv[1])))
if sys.argv[2] == "seen":
    painted = []
    watch = program.AfterPaint(desktop.shell.sign_in, lambda: painted.append(1))
    program.open_window(desktop)
else:
    desktop.shell.show = desktop.shell.hide
    program.open_window(desktop)
while not begun:
    app.processEvents()
order = sys.argv[2] != "seen" or bool(painted)
print(json.dumps({"painted_first": order, "loaded": sorted(begun[0])}), flush=True)
os._exit(0)
"""


def begin(home: Path, how: str) -> dict[str, object]:
    """Start a desktop up to the moment when it would begin to build what is behind the window."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(home), how],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_nothing_heavy_is_loaded_before_the_sign_in_page_is_painted(tmp_path: Path) -> None:
    found = begin(tmp_path, "seen")
    loaded = found["loaded"]
    assert isinstance(loaded, list)
    assert found["painted_first"]
    assert "labdesk.ui.people.sign_in" in loaded
    assert not (HEAVY | LATE).intersection(loaded)


def test_a_window_nobody_sees_does_not_keep_the_laboratory_waiting(tmp_path: Path) -> None:
    assert begin(tmp_path, "unseen")["loaded"]
