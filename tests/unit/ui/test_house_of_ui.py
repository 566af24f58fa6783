"""Walls inside the screen: message boxes, threads, heavy imports, short-cuts of one letter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import labdesk.ui

UI = Path(labdesk.ui.__file__).parent
FILES = sorted(UI.rglob("*.py"))
#: What must not be loaded before the sign-in page is painted.
HEAVY = ("sqlalchemy", "numpy", "pyqtgraph", "alembic", "pyhanko", "qtawesome", "miniaudio", "fastapi", "httpx")


def names(path: Path) -> set[str]:
    """All names and attributes that a module mentions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_only_errors_opens_message_boxes(path: Path) -> None:
    if path.name != "errors.py":
        assert not names(path) & {"QMessageBox", "QErrorMessage"}
    assert "exec" not in names(path) or path.name == "desktop.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_only_ops_starts_threads(path: Path) -> None:
    if path.name != "ops.py":
        assert not names(path) & {"QThread", "Thread", "ThreadPoolExecutor", "QThreadPool", "QRunnable"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_pages_use_key_actions_instead_of_shortcuts(path: Path) -> None:
    if path.parent.name != "shell":
        assert "QShortcut" not in names(path)


def test_the_sign_in_page_is_painted_before_anything_heavy_is_loaded() -> None:
    program = f"""
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
from labdesk.domain.sentences import Language
from labdesk.ui import theme
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.shell.window import Shell
from labdesk.ui.tokens import Scheme
from tests.ui.fakes import parts
app = QApplication([])
languages = Languages(app)
languages.use(Language.ZH)
theme.apply(app, Scheme.LIGHT)
shell = Shell(parts(Ops(), languages))
shell.show()
app.processEvents()
shell.grab()
print(sorted(name for name in {HEAVY!r} if name in sys.modules))
shell.close()
"""
    root = UI.parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
