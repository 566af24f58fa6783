"""From a scanned tag to the painted verdict, with 10 thousand and with 1 million specimens in the database.

``python -m benchmarks.scan_to_verdict [--small] [--scans N]`` prints one JSON object. The clock starts when the whole scan reaches the
reception page and stops when the banner with its verdict has been painted; in between lie the judgement, the transaction with its log
leaves synchronised to disk, and the reading back. Goals: p99 <= 50 ms, and at most 1.2 times as much with a hundred times the specimens.
``--small`` measures 1 k and 10 k instead.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.rack_fill import fill
from labdesk.app.demo.people import LABORATORY
from labdesk.app.demo.site import build_site
from labdesk.app.system import SystemClock, Uuid7Ids
from labdesk.domain.codes import CodeKind, format_code
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


def stored_ms(counter: Counter) -> Iterator[float]:
    """Milliseconds until a verdict is stored and read back, without a screen."""
    for commission in counter.commissions:
        counter.desk.open(commission.number, counter.session)
        for sample in commission.lots[0].samples:
            scan = tag_scan(sample.tag, counter)
            started = time.perf_counter()
            finding, _ = counter.desk.scan(commission.number, scan, Look.SOUND, counter.session)
            yield (time.perf_counter() - started) * 1e3
            assert finding.verdict is ScanVerdict.MATCH, finding


def figures(times: list[float]) -> dict[str, float]:
    """Median, 99th percentile and worst, in milliseconds."""
    ordered = sorted(times)
    at = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
    found = {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) for name, share in at.items()}
    return {"scans": len(ordered), **found, "max": round(ordered[-1], 2)}


def measure(specimens: int, scans: int) -> dict[str, Any]:
    """One size."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        counter = Counter(Path(folder), specimens, scans // 6 + 1)
        filled = time.perf_counter() - started
        try:
            return {"specimens": specimens, "fill_s": round(filled, 1), "stored_ms": figures(list(stored_ms(counter)))}
        finally:
            counter.close()


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="1 k and 10 k specimens")
    parser.add_argument("--scans", type=int, default=300)
    options = parser.parse_args()
    sizes = (1_000, 10_000) if options.small else (10_000, 1_000_000)
    results = [measure(size, options.scans) for size in sizes]
    print(json.dumps({"sizes": results}, indent=1))


if __name__ == "__main__":
    main()
