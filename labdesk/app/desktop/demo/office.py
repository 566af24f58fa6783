"""Steps in the office: raw record, review, approval, report code, verification - every signature with the PIN again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt

from labdesk.app.demo.people import DemoPerson
from labdesk.app.desktop.demo.director import Director, StepFailedError
from labdesk.services.review_desk import QueueItem
from labdesk.ui.review.page import ReviewPage

_ENOUGH_SPECIMENS = 8


def _waiting_for_me(director: Director) -> tuple[QueueItem, ...]:
    person = director.desktop.shell.session().person
    return tuple(item for item in director.rooms.office.review_desk.queue(person).mine if item.blocked is None)


def sign_everything(director: Director, person: DemoPerson, picture: str) -> str:
    """Sign in, look at every page of every subject that waits, sign each with the PIN; returns what was signed."""
    director.sign_in(person)
    director.open_page("review")
    signed: list[str] = []
    while waiting := _waiting_for_me(director):
        item = waiting[0]
        _sign(director, person, item)
        signed.append(f"{item.number} {item.role.value}")
        director.picture(f"{picture}-{len(signed)}")
        if len(signed) > _ENOUGH_SPECIMENS:
            raise StepFailedError(f"{person.name} signs without end: {signed[-1]}")
    return "; ".join(signed)


def _sign(director: Director, person: DemoPerson, item: QueueItem) -> None:
    page = director.desktop.shell.work.page
    if not isinstance(page, ReviewPage):
        raise StepFailedError("the review page is not in front")
    page.reload()
    director.settle()
    _select(director, page, item)
    _walk_through(director)
    director.key(Qt.Key.Key_A)
    director.until(f"PIN asked for {item.number}", lambda: page.signing.pin.isVisible())
    director.type(person.pin)
    director.key(Qt.Key.Key_Return)
    director.until(
        f"{item.number} signed as {item.role.value}",
        lambda: not any((found.number, found.role) == (item.number, item.role) for found in _waiting_for_me(director)),
    )
    director.settle()


def _select(director: Director, page: ReviewPage, item: QueueItem) -> None:
    """K up to the first, then J down to the item."""
    for key in (*[Qt.Key.Key_K] * _ENOUGH_SPECIMENS, *[Qt.Key.Key_J] * _ENOUGH_SPECIMENS):
        current = page.queue.current()
        if current is not None and (current.number, current.role) == (item.number, item.role):
            return
        director.key(key)
    raise StepFailedError(f"{item.number} is not in the queue on screen")


def _walk_through(director: Director) -> None:
    """Open every curve, the custody and the photos, as the rule against blind signatures wants."""
    for _ in range(_ENOUGH_SPECIMENS):
        director.key(Qt.Key.Key_Right)
    for tab in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_1):
        director.key(tab)
    page = director.desktop.shell.work.page
    director.key(Qt.Key.Key_P)
    if isinstance(page, ReviewPage) and page.photos.isVisible():
        for _ in range(_ENOUGH_SPECIMENS):
            director.key(Qt.Key.Key_Right)
        director.key(Qt.Key.Key_Escape)


def reports_issued(director: Director, count: int) -> list[Path]:
    """Wait until the platform gave the codes and the reports are signed; copies them to ``out``."""
    store = director.rooms.base.store

    def issued() -> list[str]:
        with store.read() as uow:
            return [f"{report.report_no}|{report.pdf_sha256}" for report in uow.reporting.newest_issued(10)]

    director.until(f"{count} reports issued", lambda: len(issued()) >= count, 90)
    papers = []
    for line in issued():
        number, digest = line.split("|")
        path = director.out / f"{number}.pdf"
        path.write_bytes(director.rooms.base.blobs.get(digest))
        papers.append(path)
    return papers


def verify(director: Director, paper: Path) -> int:
    """``labdesk verify`` on a paper, as a process of its own; its exit code."""
    command = [sys.executable, "-m", "labdesk", "verify", "--home", str(director.world.home.folder), str(paper)]
    return subprocess.run(command, capture_output=True, check=False, timeout=120).returncode  # noqa: S603 - our own program


def with_one_byte_changed(paper: Path) -> Path:
    """A copy of a report in which one byte in the middle differs."""
    data = bytearray(paper.read_bytes())
    data[len(data) // 2] ^= 1
    forged = paper.with_name(f"forged-{paper.name}")
    forged.write_bytes(bytes(data))
    return forged
