"""Values measured by hand: kept exactly as typed, corrected only beside the old one and with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from labdesk.domain.bench import MACHINE_TESTS
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.people import Role, Session
from labdesk.domain.specimens import Lot
from labdesk.domain.store import Actor
from labdesk.domain.testing import Entry, Invalidation, Run
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.runs import RunDeps


@dataclass(frozen=True)
class EntryField:
    """One field of the measuring page.

    Attributes:
        label: specimen's label; empty for a value of the lot.
        name: name with unit.
        unit: as shown.
        low, high: what is plausible; outside it is refused with a sentence.
        choices: for fields that are chosen, not typed.
        needed: the evaluation cannot do without.
        current: newest text, empty if none yet.
    """

    label: str
    name: str
    unit: str
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1_000_000)
    choices: tuple[str, ...] = ()
    needed: bool = True
    current: str = ""


BEND_CHOICES = ("no-crack", "crack")
_PER_TEST: Mapping[TestKind, tuple[tuple[str, str, int, int, bool], ...]] = {
    TestKind.WEIGHT: (("length_mm", "mm", 500, 2000, True),),
    TestKind.TENSION: (
        ("l0_mm", "mm", 20, 600, True),
        ("lu_mm", "mm", 20, 900, True),
        ("agt_l0_mm", "mm", 50, 600, False),
        ("agt_l_mm", "mm", 50, 900, False),
    ),
    TestKind.COMPRESSION: (
        ("measured_a_mm", "mm", 60, 320, False),
        ("measured_b_mm", "mm", 60, 320, False),
    ),
}
_LOT_FIELDS: Mapping[str, tuple[tuple[str, str, int, int, bool], ...]] = {
    "rebar-lot": (("total_mass_g", "g", 100, 200_000, True),),
}


def newest(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    """The entry that counts for each label and name: the last one written."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        found[(entry.specimen_label, entry.name)] = entry
    return found


def planned_tests(lot: Lot, runs: Iterable[Run], invalid: Iterable[Invalidation]) -> dict[str, tuple[TestKind, ...]]:
    """Tests per label that count: an invalid piece's machine test moves to its replacement; unused spares have none."""
    gone, replacing = set(), {}
    by_id = {run.id: run for run in runs}
    for item in invalid:
        run = by_id.get(item.run_id)
        if run is not None and run.test is not None:
            gone.add(run.specimen_label)
            replacing[item.replacement_label] = run.test
    found = {}
    for piece in lot.specimens:
        tests = (replacing[piece.label],) if piece.label in replacing else piece.tests
        if piece.label in gone:
            tests = tuple(kind for kind in tests if kind not in MACHINE_TESTS)
        if tests:
            found[piece.label] = tests
    return found


def fields_of(
    lot: Lot, tests: Mapping[str, tuple[TestKind, ...]], entries: Mapping[tuple[str, str], Entry]
) -> list[EntryField]:
    """All fields of a lot's measuring page, the lot's own first."""

    def field(label: str, row: tuple[str, str, int, int, bool]) -> EntryField:
        name, unit, low, high, needed = row
        entry = entries.get((label, name))
        return EntryField(label, name, unit, Decimal(low), Decimal(high), (), needed, entry.text if entry else "")

    def chosen(label: str, name: str) -> EntryField:
        entry = entries.get((label, name))
        return EntryField(label, name, "", choices=BEND_CHOICES, current=entry.text if entry else "")

    found = [field("", row) for row in _LOT_FIELDS.get(lot.method, ())]
    for label, kinds in tests.items():
        for kind in kinds:
            found += [field(label, row) for row in _PER_TEST.get(kind, ())]
            if kind is TestKind.BEND:
                found.append(chosen(label, "bend_result"))
            if kind is TestKind.REVERSE_BEND:
                found.append(chosen(label, "reverse_bend_result"))
    return found


class Entries:
    """The use case of the measuring page."""

    def __init__(self, deps: RunDeps) -> None:
        self._deps = deps
        self._notes = CustodyNotes(deps.clock, deps.ids)

    def fields(self, lot_no: str) -> list[EntryField]:
        """What is to be measured on a lot, with what was entered so far."""
        with self._deps.store.read() as uow:
            lot = uow.reception.lot(lot_no)
            if lot is None:
                raise OperatorError("testing.no_such_lot", lot=lot_no)
            entries = newest(uow.testing.entries_of_lot(lot_no))
            planned = planned_tests(lot, uow.testing.runs_of_lot(lot_no), uow.testing.invalidations_of_lot(lot_no))
        return fields_of(lot, planned, entries)

    def history(self, lot_no: str) -> list[Entry]:
        """Everything that was ever entered for a lot, oldest first."""
        with self._deps.store.read() as uow:
            return uow.testing.entries_of_lot(lot_no)

    def enter(self, lot_no: str, field: EntryField, text: str, session: Session, reason: str = "") -> Entry | None:
        """Keep a value as typed; the same text again adds nothing.

        Raises:
            OperatorError: ``testing.bad_entry`` (not a number, outside the plausible range), ``testing.bad_choice``,
                ``testing.correction_needs_reason`` when an earlier value would be replaced without one.
        """
        if not (session.person.may(Role.TECHNICIAN) or session.person.may(Role.CHECKER)):
            raise OperatorError("testing.entry_role", name=session.person.name)
        typed = text.strip()
        _check_text(field, typed)
        current = next(
            (item for item in self.fields(lot_no) if (item.label, item.name) == (field.label, field.name)), None
        )
        if current is None:
            raise OperatorError("testing.no_such_field", name=field.name, label=field.label or lot_no)
        if current.current == typed:
            return None
        if current.current and not reason.strip():
            raise OperatorError("testing.correction_needs_reason", old=current.current, new=typed)
        entry = Entry(
            id=self._deps.ids.new_id(),
            lot_no=lot_no,
            specimen_label=field.label,
            name=field.name,
            text=typed,
            person_id=session.person.id,
            at=self._deps.clock.now(),
            reason=reason.strip(),
        )
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            lot = uow.reception.lot(lot_no)
            uow.testing.add_entry(entry)
            if lot is not None:
                detail = {"name": field.name, "text": typed, **({"reason": entry.reason} if entry.reason else {})}
                where = (lot.commission_no, field.label or lot_no)
                self._notes.note(uow, CustodyKind.MEASURED, where, session, detail)
            uow.commit()
        return entry


def _check_text(field: EntryField, typed: str) -> None:
    where = field.label or "-"
    if field.choices:
        if typed not in field.choices:
            raise OperatorError("testing.bad_choice", name=field.name, label=where, choices=" / ".join(field.choices))
        return
    try:
        value = Decimal(typed)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not field.low <= value <= field.high:
        raise OperatorError(
            "testing.bad_entry", name=field.name, label=where, text=typed[:20], low=str(field.low), high=str(field.high)
        )
