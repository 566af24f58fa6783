"""The shape of the house, without an exceptions list: small files, functions and classes; threads and dialogs where they belong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.helpers.source import Source, name_of, parse, sources

FILE_LINES = 500
FUNCTION_LINES = 60
CLASS_METHODS = 20
PARAMETERS = 6

# Each line: a resource with one owner, as docs/architecture.md says. A path ending in / is a whole room.
THREAD_ROOMS = (
    "labdesk/app/",
    "labdesk/capture/",
    "labdesk/devices/session.py",
    "labdesk/devices/journal.py",
    "labdesk/sync/engine.py",
    "labdesk/ui/ops.py",
    "labdesk/scanning/serial_scanner.py",
)
THREAD_MAKERS = {
    "Thread",
    "Timer",
    "QThread",
    "QThreadPool",
    "ThreadPoolExecutor",
    "start_new_thread",
    "to_thread",
    "run_in_executor",
}
DIALOG_ROOM = "labdesk/ui/errors.py"
DIALOGS = {"QMessageBox", "QErrorMessage"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _is_migration(source: Source) -> bool:
    return "/migrations/versions/" in source.path


def long_files(source: Source) -> Iterator[str]:
    if source.lines > FILE_LINES:
        yield f"{source.path}: {source.lines} lines, at most {FILE_LINES}"


def long_functions(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{source.path}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"


def wide_classes(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(item, Function) for item in node.body)
            if methods > CLASS_METHODS:
                yield f"{source.path}:{node.lineno}: {node.name} has {methods} methods, at most {CLASS_METHODS}"


def many_parameters(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, Function):
            names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            count = len(names) - (1 if names[:1] in (["self"], ["cls"]) else 0)
            if count > PARAMETERS:
                yield f"{source.path}:{node.lineno}: {node.name} takes {count} parameters, at most {PARAMETERS}"


def stray_threads(source: Source) -> Iterator[str]:
    if not source.path.startswith(("labdesk/", "drivers/")) or source.path.startswith(THREAD_ROOMS):
        return
    for node in ast.walk(source.tree):
        made = name_of(node.func) if isinstance(node, ast.Call) else ""
        bases = [name_of(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
        for name in (made, *bases):
            if name.split(".")[-1] in THREAD_MAKERS:
                yield f"{source.path}:{node.lineno}: {name} starts a thread outside {', '.join(THREAD_ROOMS)}"


def stray_dialogs(source: Source) -> Iterator[str]:
    if not source.path.startswith("labdesk/") or source.path == DIALOG_ROOM:
        return
    for node in ast.walk(source.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        for name in DIALOGS.intersection(names):
            yield f"{source.path}:{getattr(node, 'lineno', 0)}: {name} outside {DIALOG_ROOM}"


def bare_excepts(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield f"{source.path}:{node.lineno}: bare except"


LAWS = [long_files, long_functions, wide_classes, many_parameters, stray_threads, stray_dialogs, bare_excepts]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_its_shape(law: Callable[[Source], Iterator[str]]) -> None:
    found = [line for source in sources() if not _is_migration(source) for line in law(source)]
    assert not found, "\n".join(found)


_BODY = "\n".join("    a = 1" for _ in range(FUNCTION_LINES))
_METHODS = "\n".join(f"    def m{number}(self): ..." for number in range(CLASS_METHODS + 1))
OFFENCES = [
    (long_files, "labdesk/x.py", "a = 1\n" * (FILE_LINES + 1)),
    (long_functions, "labdesk/x.py", f"def f():\n{_BODY}\n"),
    (wide_classes, "labdesk/x.py", f"class Wide:\n{_METHODS}\n"),
    (many_parameters, "labdesk/x.py", "class A:\n    def f(self, a, b, c, d, *, e, f, g): ...\n"),
    (stray_threads, "labdesk/services/x.py", "import threading\nthreading.Thread(target=print).start()\n"),
    (stray_threads, "labdesk/ui/x.py", "class Worker(QThread): ...\n"),
    (stray_threads, "drivers/maker/driver.py", "from threading import Timer\nTimer(1, print)\n"),
    (stray_dialogs, "labdesk/ui/x.py", "from PySide6.QtWidgets import QMessageBox\n"),
    (stray_dialogs, "labdesk/ui/x.py", "QtWidgets.QMessageBox.warning(None, 'a', 'b')\n"),
    (bare_excepts, "tests/x.py", "try:\n    pass\nexcept:\n    pass\n"),
]


@pytest.mark.parametrize(("law", "path", "text"), OFFENCES)
def test_each_law_catches_its_offence(law: Callable[[Source], Iterator[str]], path: str, text: str) -> None:
    assert list(law(parse(path, text)))


@pytest.mark.parametrize(
    ("law", "path", "text"),
    [
        (long_files, "labdesk/x.py", "a = 1\n" * FILE_LINES),
        (many_parameters, "labdesk/x.py", "class A:\n    def f(self, a, b, c, d, *, e, f): ...\n"),
        (stray_threads, "labdesk/capture/x.py", "import threading\nthreading.Thread(target=print).start()\n"),
        (stray_threads, "tests/x.py", "import threading\nthreading.Thread(target=print).start()\n"),
        (stray_dialogs, DIALOG_ROOM, "from PySide6.QtWidgets import QMessageBox\n"),
    ],
)
def test_the_laws_leave_the_rest_alone(law: Callable[[Source], Iterator[str]], path: str, text: str) -> None:
    assert not list(law(parse(path, text)))
