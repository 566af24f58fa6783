"""From a scanned tag to the painted verdict, with 10 thousand and with 1 million specimens in the database.

``python -m benchmarks.scan_to_verdict [--small] [--scans N]`` prints one JSON object. The clock starts when the whole scan reaches the
reception page and stops when the banner with its verdict has been painted; in between lie the judgement, the transaction with its log
leaves synchronised to disk, and the reading back. Both databases are scanned in turns, piece by piece, so that whatever else the
machine does slows both alike. Goals: p99 <= 50 ms, and at most 1.2 times as much with a hundred times the specimens (compared by the
median, which noise moves least). ``painted_cpu_ms`` is the processor's share of it, all threads
together: on a machine that does other work at the same time it tells what the program itself takes. ``stored_ms`` is the same
without a screen. ``--small`` measures 1 k and 10 k instead.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from benchmarks.rack_fill import fill
from labdesk.app.demo.people import LABORATORY
from labdesk.app.demo.site import build_site
from labdesk.app.system import SystemClock, Uuid7Ids
from labdesk.domain.codes import Code, CodeKind, format_code
from labdesk.domain.commission import Commission, TagRecord
from labdesk.domain.people import Person, Role, Session
from labdesk.domain.reception import Look, ScanVerdict
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.store import SYSTEM
from labdesk.evidence.canonical import canonical_bytes
from labdesk.reports.renderer import PdfRenderer
from labdesk.services.receiving import Receiving
from labdesk.services.reception import ReceptionDeps, ReceptionDesk
from labdesk.storage.blobs import BlobStore
from labdesk.storage.database import ensure_schema, open_engine, sqlite_url
from labdesk.storage.unit_of_work import SqlStore
from labdesk.ui import theme
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.page import PageContext
from labdesk.ui.reception.page import ReceptionPage, ReceptionPageDeps
from labdesk.ui.sounds import Sounds
from labdesk.ui.tokens import Scheme, Size
from labdesk.ui.widgets.banner import VerdictState

PHOTOS = dict.fromkeys(("钢筋取样", "钢筋挂牌", "钢筋见证", "试块成型", "试块标识", "试块见证"), "0" * 64)


class Counter:
    """A laboratory with a full rack, and commissions of six bars that wait at its counter."""

    def __init__(self, folder: Path, specimens: int, commissions: int) -> None:
        file = folder / "labdesk.db"
        self.engine = open_engine(sqlite_url(file))
        ensure_schema(self.engine)
        fill(file, specimens)
        clock = SystemClock()
        self.store = SqlStore(self.engine, clock)
        self.deps = ReceptionDeps(self.store, BlobStore(folder / "blobs"), clock, Uuid7Ids(), PdfRenderer())
        self.desk = ReceptionDesk(self.deps)
        self.receiving = Receiving(self.deps, self.desk)
        self.session = Session(Person("p-1", "李雯", "A1", (Role.RECEPTION,)), "收样台 1", clock.now())
        self.commissions = [self._arrive(number) for number in range(commissions)]

    def _arrive(self, number: int) -> Commission:
        """A commission like the demonstration's rebar, under a number and tags of its own."""
        now = self.deps.clock.now()
        site = build_site(now - timedelta(minutes=1), PHOTOS)
        model = site.commissions[0]
        lot = model.lots[0]
        samples = tuple(replace(sample, tag=f"YKNEW{number:04d}{sample.index}") for sample in lot.samples)
        made = replace(model, number=f"WT-NEW-{number:04d}", lots=(replace(lot, samples=samples),))
        with self.store.write(SYSTEM) as uow:
            uow.facts.put("laboratory", canonical_bytes(LABORATORY).decode())
            if uow.projects.get(made.project_code) is None:
                uow.projects.put(site.projects[0], now)
            uow.reception.put_commission(made, now)
            for sample in samples:
                uow.reception.put_tag(TagRecord(sample.tag, made.project_code, made.number))
            uow.commit()
        return made

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def tag_scan(tag: str, counter: Counter) -> Scan:
    """A tag as the wedge hands it over."""
    raw = format_code(CodeKind.TAG, tag)
    return Scan(raw, raw, ScanSource.WEDGE, "", 60, counter.deps.clock.now())


class Paints(QObject):
    """Waits, in an event loop as the program has it, until the banner has painted another verdict."""

    def __init__(self, page: ReceptionPage) -> None:
        super().__init__()
        self._banner, self._before, self._loop = page.banner, page.banner.verdict, QEventLoop()
        self._banner.installEventFilter(self)

    def wait_for_next(self, act: Callable[[], object]) -> None:
        """Does ``act`` and returns when its verdict is on the screen."""
        self._before = self._banner.verdict
        act()
        self._loop.exec()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The loop ends after this event, which is after the paint."""
        if event.type() == QEvent.Type.Paint and self._banner.verdict is not self._before:
            self._loop.quit()
        return super().eventFilter(watched, event)


class Screen:
    """The reception page as large as the smallest window that is supported."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.ops = Ops()
        context = PageContext(
            self.ops,
            ErrorDesk(language),
            Sounds(enabled=False),
            lambda: counter.session,
            language,
            lambda page_id: None,
        )
        self.page = ReceptionPage(
            context, ReceptionPageDeps(counter.desk, counter.receiving, lambda sha256: None, lambda sha256, name: None)
        )
        self.page.resize(Size.WINDOW_WIDTH - Size.RAIL, Size.WINDOW_HEIGHT - Size.HEADER - Size.STATUS_BAR)
        self.page.show()
        self.paints = Paints(self.page)

    def settle(self) -> None:
        """Until nothing is under way."""
        while not self.ops.idle:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.processEvents()

    def open(self, number: str) -> None:
        """The commission is scanned."""
        raw = format_code(CodeKind.COMMISSION, number)
        scan = Scan(raw, raw, ScanSource.WEDGE, "", 60, self.counter.deps.clock.now())
        self.page.on_scan(Code(CodeKind.COMMISSION, number), scan)
        self.settle()

    def painted_ms(self, tag: str) -> tuple[float, float]:
        """Looks, scans, and waits for the green banner: milliseconds on the clock, and of processor time."""
        self.page.flow.declare(Look.SOUND)
        self.settle()
        scan = tag_scan(tag, self.counter)
        started, used = time.perf_counter(), time.process_time()
        self.paints.wait_for_next(lambda: self.page.on_scan(Code(CodeKind.TAG, tag), scan))
        took = ((time.perf_counter() - started) * 1e3, (time.process_time() - used) * 1e3)
        shown = self.page.banner.verdict
        assert shown is not None
        assert shown.state is VerdictState.MATCH, shown
        self.settle()
        return took

    def close(self) -> None:
        """Ends its threads."""
        self.page.close()
        self.ops.close()


def stored_ms(counter: Counter, number: str, tag: str) -> float:
    """Milliseconds until a verdict is stored and read back, without a screen."""
    scan = tag_scan(tag, counter)
    started = time.perf_counter()
    finding, _ = counter.desk.scan(number, scan, Look.SOUND, counter.session)
    took = (time.perf_counter() - started) * 1e3
    assert finding.verdict is ScanVerdict.MATCH, finding
    return took


def figures(times: list[float]) -> dict[str, float]:
    """Median, 99th percentile and worst, in milliseconds."""
    ordered = sorted(times)
    at = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
    found = {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) for name, share in at.items()}
    return {"scans": len(ordered), **found, "max": round(ordered[-1], 2)}


def measure(sizes: tuple[int, int], scans: int) -> dict[str, Any]:
    """Both sizes in turns; the first commission of each warms up."""
    commissions = scans // 6 + 1
    with ExitStack() as stack:
        screens = []
        for size in sizes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            counter = Counter(folder, size, 2 * commissions)
            stack.callback(counter.close)
            screens.append(Screen(counter))
            stack.callback(screens[-1].close)
        painted: list[list[tuple[float, float]]] = [[] for _ in sizes]
        stored: list[list[float]] = [[] for _ in sizes]
        for index in range(commissions):
            _painted_round(screens, index, painted)
            _stored_round(screens, commissions + index, stored)
    return {
        "sizes": [
            {
                "specimens": size,
                "painted_ms": figures([clock for clock, _ in painted[at][6:]]),
                "painted_cpu_ms": figures([used for _, used in painted[at][6:]]),
                "stored_ms": figures(stored[at][6:]),
            }
            for at, size in enumerate(sizes)
        ]
    }


def _painted_round(screens: list[Screen], index: int, times: list[list[tuple[float, float]]]) -> None:
    for screen in screens:
        screen.open(screen.counter.commissions[index].number)
    for piece in range(6):
        for at, screen in enumerate(screens):
            tag = screen.counter.commissions[index].lots[0].samples[piece].tag
            times[at].append(screen.painted_ms(tag))


def _stored_round(screens: list[Screen], index: int, times: list[list[float]]) -> None:
    for screen in screens:
        screen.counter.desk.open(screen.counter.commissions[index].number, screen.counter.session)
    for piece in range(6):
        for at, screen in enumerate(screens):
            commission = screen.counter.commissions[index]
            times[at].append(stored_ms(screen.counter, commission.number, commission.lots[0].samples[piece].tag))


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="1 k and 10 k specimens")
    parser.add_argument("--scans", type=int, default=300)
    options = parser.parse_args()
    app = QApplication([])
    theme.apply(app, Scheme.LIGHT)
    result = measure((1_000, 10_000) if options.small else (10_000, 1_000_000), options.scans)
    few, many = (size["painted_ms"] for size in result["sizes"])
    result["growth_p50"] = round(many["p50"] / few["p50"], 2)
    result["goals"] = {"p99_ms": 50, "growth": 1.2}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
