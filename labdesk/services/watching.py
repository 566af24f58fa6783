"""The watcher: looks at a maker's file or database, imports every finished record once, and tells what happens to it later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.imported import TestState
from labdesk.domain.people import Person, Role, Session
from labdesk.domain.ports.watching import RecordReader
from labdesk.domain.store import Actor
from labdesk.domain.watching import (
    RawRecord,
    RecordEvent,
    RecordReview,
    Settling,
    SourceKind,
    WatchedRecord,
    WatchedSource,
    noticed,
)
from labdesk.services.runs import RunCollector, RunDeps
from labdesk.services.watched.proposing import Proposal, propose
from labdesk.services.watched.readers import needed, shapes_of
from labdesk.services.watched.sealing import ImportedRun, ImportedRuns, run_id_of, seal
from labdesk.services.watched.tables import TableShape, access_reader
from labdesk.services.watched.understanding import Understood, understand

MAY_CHANGE = (Role.QUALITY, Role.ADMINISTRATOR)
#: How long a record that looks unfinished may stay the same before it is taken as it is.
LONG_WAIT_S = 600
RAW_MEDIA_TYPE = "application/vnd.labdesk.watched-record"


@dataclass(frozen=True)
class Look:
    """What one look at a source found.

    Attributes:
        new: versions stored now, oldest first.
        waiting: keys of records that are not finished or not yet believed.
    """

    new: tuple[WatchedRecord, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToldSource:
    """A source as people speak of it.

    Attributes:
        machine: number and name of its machine; its key only where it is not registered any more.
        responsible: name of who answers for it.
    """

    source: WatchedSource
    machine: str
    responsible: str


@dataclass(frozen=True)
class Reading:
    """All records of a source at one moment."""

    source: WatchedSource
    records: tuple[RawRecord, ...]
    at: datetime


@dataclass(frozen=True)
class Preview:
    """What a record would become.

    Attributes:
        key, specimen_label, operator: as the record says.
        samples, peak_kn: of its curve; 0 and ``None`` without one.
        state: of its test, empty where it cannot be read.
        problem, detail, params: the sentence's key and particulars where it cannot be read.
    """

    key: str
    specimen_label: str
    operator: str
    samples: int
    peak_kn: Decimal | None
    state: str
    problem: str
    detail: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Seen:
    """What the watcher remembers between looks; losing it only means waiting again."""

    settling: Settling = field(default_factory=Settling)


class Watcher:
    """Use case of watching. Somebody calls :meth:`look` every few seconds; nothing here sleeps or runs a thread."""

    def __init__(self, deps: RunDeps, reader: RecordReader) -> None:
        self._deps = deps
        self._reader = reader
        self._seen: dict[str, _Seen] = {}

    # ---- sources ------------------------------------------------------------------------------------------------------

    def sources(self) -> list[WatchedSource]:
        """All watched sources by name."""
        with self._deps.store.read() as uow:
            return uow.watching.sources()

    def told_sources(self) -> tuple[ToldSource, ...]:
        """All watched sources with machine and person as people call them, by name."""
        with self._deps.store.read() as uow:
            machines = {each.id: f"{each.number} {each.name}".strip() for each in uow.equipment.all()}
            people = {each.id: each.name for each in uow.people.all()}
            return tuple(
                ToldSource(
                    each,
                    machines.get(each.machine_id, each.machine_id),
                    people.get(each.responsible_id, each.responsible_name),
                )
                for each in uow.watching.sources()
            )

    def register(self, source: WatchedSource, session: Session) -> WatchedSource:
        """Keep a source, new (with an empty id) or changed.

        Raises:
            OperatorError: ``watching.may_not``, ``watching.source_shape`` naming what is missing, ``bench.unknown_machine``.
        """
        _may(session.person)
        kept = source if source.id else replace(source, id=self._deps.ids.new_id())
        for name in ("name", "location", "method", "responsible_id"):
            if not str(getattr(kept, name)).strip():
                raise OperatorError("watching.source_shape", name=name)
        for name in {SourceKind.FOLDER: (), SourceKind.QUERY: ("query", "key")}.get(kept.kind, ("table", "key")):
            needed(kept, name)
        if kept.kind is SourceKind.ACCESS and not kept.mapping.get("reader"):
            kept = replace(kept, mapping={**kept.mapping, "reader": access_reader()})
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            if uow.equipment.get(kept.machine_id) is None:
                raise OperatorError("bench.unknown_machine", machine=kept.machine_id)
            uow.watching.put_source(kept)
            uow.commit()
        return kept

    def propose(self, source: WatchedSource) -> tuple[Proposal, tuple[TableShape, ...]]:
        """Tables of a database file and the mapping the assistant proposes; nothing is kept. Raises EnvironmentFault."""
        shapes = shapes_of(source)
        return propose(shapes), shapes

    def preview(self, source: WatchedSource, limit: int = 5) -> tuple[Preview, ...]:
        """What the first records would become under a mapping; nothing is kept.

        Raises:
            EnvironmentFault: ``watching.unreadable``.
            OperatorError: ``watching.mapping``, ``watching.source_shape``.
        """
        return tuple(_previewed(source, record) for record in list(self._reader.look(source))[:limit])

    # ---- looking ------------------------------------------------------------------------------------------------------

    def look(self, source_id: str) -> Look:
        """One look at a source.

        Raises:
            EnvironmentFault: ``watching.unreadable``: nothing was concluded.
            OperatorError: ``watching.mapping``, ``watching.no_such_source``.
        """
        return self.take(self.read(source_id))

    def read(self, source_id: str) -> Reading:
        """The records of a source as they are now; nothing is concluded or kept yet. May be called beside other work."""
        source = self._source(source_id)
        return Reading(source, tuple(self._reader.look(source)), self._deps.clock.now())

    def take(self, reading: Reading) -> Look:
        """What a reading means: believed records imported, changes told. One at a time; raises as :meth:`look`."""
        source = reading.source
        records = {record.key: record for record in reading.records}
        with self._deps.store.read() as uow:
            known = uow.watching.newest(source.id)
        new: list[WatchedRecord] = []
        waiting: list[str] = []
        for key in sorted({*records, *known}):
            found = self._one(reading, key, records.get(key), known.get(key))
            if isinstance(found, WatchedRecord):
                new.append(found)
            elif found:
                waiting.append(key)
        return Look(tuple(new), tuple(waiting))

    def _one(
        self, reading: Reading, key: str, record: RawRecord | None, known: WatchedRecord | None
    ) -> WatchedRecord | bool:
        """The version stored now, or whether the record is waited for."""
        source, now = reading.source, reading.at
        settling = self._seen.setdefault(source.id, _Seen()).settling
        digest = hashlib.sha256(record.data).hexdigest() if record is not None else ""
        event = noticed(known, digest)
        if event is None:
            settling.forget(key)
            return False
        if not settling.settled(key, digest, now, source.settle_s):
            return True
        understood, trouble = _understood(source, record)
        if (
            event is RecordEvent.FIRST
            and _unfinished(understood, trouble)
            and not settling.stood(key, now, LONG_WAIT_S)
        ):
            return True
        settling.forget(key)
        return self._keep(source, record, known, (event, understood, trouble))

    def _keep(
        self,
        source: WatchedSource,
        record: RawRecord | None,
        known: WatchedRecord | None,
        what: tuple[RecordEvent, Understood | None, LabDeskError | None],
    ) -> WatchedRecord:
        """Stores the raw bytes, the run (first sight only), and the version; reads it back."""
        event, understood, trouble = what
        digest = self._deps.blobs.put(record.data) if record is not None else known.raw_sha256 if known else ""
        run_id = ""
        importing = event in (RecordEvent.FIRST, RecordEvent.EDITED) and not self._imported(known)
        if importing and record is not None and trouble is None and understood is not None:
            run_id, trouble = self._import(source, record, understood)
        label = understood.specimen_label if understood is not None else known.specimen_label if known else ""
        version = WatchedRecord(
            id=self._deps.ids.new_id(),
            source_id=source.id,
            record_key=record.key if record is not None else known.record_key if known else "",
            version=known.version + 1 if known is not None else 1,
            event=event,
            raw_sha256=digest,
            run_id=run_id,
            specimen_label=label[:64],
            problem=trouble.key if trouble is not None and importing else "",
            detail=_told(trouble.params) if trouble is not None else "",
            seen_at=self._deps.clock.now(),
        )
        self._store(source, version, len(record.data) if record is not None else None)
        return version

    def _imported(self, known: WatchedRecord | None) -> bool:
        """Whether some version of the record is a run already."""
        if known is None:
            return False
        with self._deps.store.read() as uow:
            return any(version.run_id for version in uow.watching.versions(known.source_id, known.record_key))

    def _store(self, source: WatchedSource, version: WatchedRecord, size: int | None) -> None:
        with self._deps.store.write(Actor(source.responsible_id, self._deps.station)) as uow:
            if size is not None:
                uow.blobs.add(version.raw_sha256, size, RAW_MEDIA_TYPE, version.seen_at)
            uow.watching.add_record(version)
            uow.commit()
        with self._deps.store.read() as uow:
            if uow.watching.record(version.id) != version:
                raise EnvironmentFault("watching.unreadable", source=source.name, reason="not kept")

    def _import(self, source: WatchedSource, record: RawRecord, what: Understood) -> tuple[str, LabDeskError | None]:
        """The record as a run of its specimen; gives its key, or why there is none."""
        try:
            run = self._sealed(source, record, what)
            RunCollector(self._deps, ImportedRuns([run])).collect()
        except OperatorError as error:
            return "", error
        return run_id_of(source, record), None

    def _sealed(self, source: WatchedSource, record: RawRecord, what: Understood) -> ImportedRun:
        if not what.specimen_label:
            raise OperatorError("watching.no_specimen", record=record.key)
        with self._deps.store.read() as uow:
            specimen = uow.reception.specimen(what.specimen_label)
            machine = uow.equipment.get(source.machine_id)
        if specimen is None:
            raise OperatorError("watching.unknown_specimen", record=record.key, label=what.specimen_label)
        if machine is None:
            raise OperatorError("bench.unknown_machine", machine=source.machine_id)
        return seal(source, machine, record, what, self._deps.clock.now())

    # ---- people -------------------------------------------------------------------------------------------------------

    def notices(self) -> list[WatchedRecord]:
        """Versions that a person must look at, oldest first."""
        with self._deps.store.read() as uow:
            return uow.watching.open_notices()

    def versions(self, source_id: str, record_key: str) -> list[tuple[WatchedRecord, bytes]]:
        """All versions of a record with their raw bytes, oldest first."""
        with self._deps.store.read() as uow:
            found = uow.watching.versions(source_id, record_key)
        return [(version, self._deps.blobs.get(version.raw_sha256)) for version in found]

    def assign(self, record_id: str, label: str, session: Session) -> WatchedRecord:
        """A record that names no specimen of ours becomes a run of the one a person names; that settles its notice.

        Raises:
            OperatorError: ``watching.may_not``, ``watching.no_such_record``, ``watching.imported_before``,
                ``watching.unknown_specimen``, or what the bench's own rules refuse (``testing.second_loading`` ...).
        """
        _may(session.person)
        with self._deps.store.read() as uow:
            record = uow.watching.record(record_id)
            newest = uow.watching.newest(record.source_id)[record.record_key] if record else None
        if record is None or newest is None:
            raise OperatorError("watching.no_such_record", record=record_id)
        if self._imported(record):
            raise OperatorError("watching.imported_before")
        source = self._source(record.source_id)
        raw = RawRecord(record.record_key, self._deps.blobs.get(record.raw_sha256))
        what = replace(understand(source, raw), specimen_label=label.strip())
        run_id, trouble = self._import(source, raw, what)
        if trouble is not None:
            raise trouble
        version = replace(
            newest,
            id=self._deps.ids.new_id(),
            version=newest.version + 1,
            event=RecordEvent.ASSIGNED,
            raw_sha256=record.raw_sha256,
            run_id=run_id,
            specimen_label=what.specimen_label,
            problem="",
            detail=session.person.name,
            seen_at=self._deps.clock.now(),
        )
        self._store(source, version, None)
        if record.needs_review:
            self.review(record.id, f"→ {version.specimen_label}", session)
        return version

    def review(self, record_id: str, words: str, session: Session) -> RecordReview:
        """What a person says of a change or of a record that was not imported.

        Raises:
            OperatorError: ``watching.may_not``, ``watching.no_such_record``, ``watching.review_words``.
        """
        _may(session.person)
        review = RecordReview(
            self._deps.ids.new_id(), record_id, session.person.id, words.strip(), self._deps.clock.now()
        )
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            if uow.watching.record(record_id) is None:
                raise OperatorError("watching.no_such_record", record=record_id)
            uow.watching.add_review(review)
            uow.commit()
        return review

    def _source(self, source_id: str) -> WatchedSource:
        with self._deps.store.read() as uow:
            source = uow.watching.source(source_id)
        if source is None:
            raise OperatorError("watching.no_such_source", source=source_id)
        return source


def _previewed(source: WatchedSource, record: RawRecord) -> Preview:
    try:
        what = understand(source, record)
    except OperatorError as error:
        params = {name: str(value) for name, value in error.params.items()}
        return Preview(record.key, "", "", 0, None, "", error.key, _told(error.params), params)
    curve = what.test.curve
    peak = None if curve is None else curve.force_kn.exact(int(curve.force_kn.counts.argmax()))
    samples = 0 if curve is None else len(curve)
    return Preview(record.key, what.specimen_label, what.operator, samples, peak, what.test.state.value, "", "")


def _unfinished(what: Understood | None, trouble: LabDeskError | None) -> bool:
    """A record without samples, or one whose curve ends under load, may still be written."""
    if trouble is not None:
        return trouble.key in _NOT_FINISHED
    return what is not None and what.test.state in (TestState.EMPTY, TestState.ABORTED)


#: A file that cannot be read yet may still be written; it is waited for, and never taken for a finished one.
_NOT_FINISHED = {
    "import.nothing", "import.no_table", "import.damaged", "import.no_samples", "import.not_this_encoding", "curve_file.no_force",
    "import.ask_columns", "import.ask_titles", "watching.empty_record",
}  # fmt: skip


def _may(person: Person) -> None:
    if not any(person.may(role) for role in MAY_CHANGE):
        raise OperatorError("watching.may_not", name=person.name)


def _told(params: Mapping[str, object]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in params.items())


def _understood(source: WatchedSource, record: RawRecord | None) -> tuple[Understood | None, LabDeskError | None]:
    if record is None:
        return None, None
    try:
        return understand(source, record), None
    except OperatorError as error:
        return None, error
