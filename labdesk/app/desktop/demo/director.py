"""Hands for the demonstration: scans, keys and waiting on the real window; every step is timed and photographed."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from labdesk.app.demo.people import DemoPerson
from labdesk.app.demo.world import World
from labdesk.app.desktop.program import Desktop
from labdesk.app.desktop.rooms import Rooms
from labdesk.domain.codes import CodeKind, format_code

_POLL_MS = 20
PATIENCE_S = 30.0


class StepFailedError(Exception):
    """A step did not come to what it should."""


@dataclass
class Step:
    """One line of ``summary.json``."""

    name: str
    outcome: str
    ms: int
    detail: str = ""


@dataclass
class Director:
    """Runs the steps of the demonstration.

    Attributes:
        desktop, world: the window and what stands around it.
        out: where pictures and papers go.
        pace_ms: pause between actions, so that a person can follow when it is visible.
    """

    desktop: Desktop
    world: World
    out: Path
    pace_ms: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def rooms(self) -> Rooms:
        """The services, for looking at what was stored."""
        return self.desktop.rooms.get()

    def step(self, name: str, act: Callable[[], str | None]) -> None:
        """Do one step, take its picture, and write the summary anew; a failed step raises after it is on record."""
        began = time.perf_counter()
        try:
            detail, outcome = act() or "", "ok"
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs into the summary
            detail = "".join(traceback.format_exception_only(error)).strip()
            trace = traceback.extract_tb(error.__traceback__)
            detail += " @ " + " < ".join(
                f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(trace[-4:])
            )
            outcome = "failed"
        elapsed = int((time.perf_counter() - began) * 1000)
        self.steps.append(Step(name, outcome, elapsed, detail))
        self.picture(f"{len(self.steps):02d}-{name}")
        self.write_summary()
        if outcome == "failed":
            raise StepFailedError(f"{name}: {detail}")

    def picture(self, name: str) -> None:
        """The window as it is now, as PNG."""
        QApplication.processEvents()
        folder = self.out / "screens"
        folder.mkdir(parents=True, exist_ok=True)
        self.desktop.shell.grab().save(str(folder / f"{name}.png"))

    def write_summary(self) -> None:
        """``summary.json``: each step with outcome and milliseconds."""
        lines = {"steps": [vars(step) for step in self.steps]}
        (self.out / "summary.json").write_text(json.dumps(lines, ensure_ascii=False, indent=1), encoding="utf-8")

    def pause(self, milliseconds: int) -> None:
        """Let the window live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(self, what: str, condition: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """Let the window live until ``condition`` is true; raises StepFailedError naming ``what`` after ``seconds``."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise StepFailedError(f"not within {seconds:.0f} s: {what}")
            self.pause(_POLL_MS)

    def settle(self) -> None:
        """Until nothing runs for the screen and everything was delivered."""
        self.until("the screen is idle", lambda: self.desktop.ops.idle)
        self.pause(_POLL_MS + self.pace_ms)

    def scan(self, kind: CodeKind, body: str) -> None:
        """Pull the scanner's trigger on a code."""
        self.scan_text(format_code(kind, body))

    def scan_text(self, text: str) -> None:
        """Pull the scanner's trigger on any text."""
        self.world.scanner.scan(text)
        self.pause(120)
        self.settle()

    def in_front(self) -> QWidget:
        """What has the keyboard in LabDesk's window, also while the person who watches has clicked into another one."""
        shell = self.desktop.shell
        return QApplication.focusWidget() or shell.window().focusWidget() or shell

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.in_front(), key, modifier)
        self.pause(_POLL_MS)
        self.settle()

    def type(self, text: str) -> None:
        """Type like a person: slower than a scanner."""
        for character in text:
            QTest.keyClicks(self.in_front(), character)
            self.pause(90)
        self.pause(120)

    def paste(self, text: str) -> None:
        """Put a longer text into the field in front, as from the clipboard."""
        target = self.in_front()
        if not isinstance(target, QLineEdit | QPlainTextEdit):
            raise StepFailedError(f"{type(target).__name__} is in front instead of a field for: {text[:20]}")
        if isinstance(target, QLineEdit):
            target.insert(text)
        else:
            target.insertPlainText(text)
        self.pause(_POLL_MS)

    def open_page(self, page_id: str) -> None:
        """Go to a page of the rail."""
        if not self.desktop.shell.work.open(page_id):
            raise StepFailedError(f"no page {page_id} for this person")
        self.settle()

    def sign_in(self, person: DemoPerson) -> str:
        """Scan a badge, type the PIN."""
        self.scan(CodeKind.BADGE, person.badge)
        self.type(person.pin)
        self.key(Qt.Key.Key_Return)
        shell = self.desktop.shell
        self.until(
            f"{person.name} is signed in",
            lambda: shell.signed_in() and shell.session().person.name == person.name,
        )
        self.settle()
        return f"{person.name} · {', '.join(role.value for role in person.roles)}"
