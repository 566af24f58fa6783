"""Values measured by hand: kept as typed, corrected only beside the old one and with a reason.

A decimal comma and full-width digits are what an input method makes of a point and of digits: they are kept as point and digits,
and shown so at once. A comma that may as well part thousands is asked about instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from labdesk.domain.bench import MACHINE_TESTS
from labdesk.domain.clock import WALL
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.people import Role, Session
from labdesk.domain.specimens import Lot
from labdesk.domain.store import Actor
from labdesk.domain.testing import Entry, Invalidation, Run
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.loaded_products import hand_inputs, is_loaded_product
from labdesk.services.lot_forms import SheetCell, form_of, sheet_cells
from labdesk.services.method_info import FormInput, LotForm
from labdesk.services.runs import RunDeps
from labdesk.standards.methods.schema import Words

_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")


@dataclass(frozen=True)
class EntryField:
    """One field of the measuring page.

    Attributes:
        label: specimen's label; empty for a value of the lot.
        name: name with unit.
        unit: as shown.
        low, high: what is plausible, ``None`` = open; outside it is refused with a sentence.
        choices: for fields that are chosen, not typed.
        needed: the evaluation cannot do without.
        current: newest text, empty if none yet.
        words: what it is called, where the method says so.
        default: what is taken while nothing is typed.
        given: as commissioned, and right: nothing is typed here.
        asked: as commissioned, but no value of this field.
    """

    label: str
    name: str
    unit: str
    low: Decimal | None = Decimal(0)
    high: Decimal | None = Decimal(1_000_000)
    choices: tuple[str, ...] = ()
    needed: bool = True
    current: str = ""
    words: Words | None = None
    default: str = ""
    given: str = ""
    asked: str = ""

    @property
    def named(self) -> dict[str, str]:
        """The name as parameters of a sentence, in both languages where there are words."""
        if self.words is None:
            return {"name": self.name}
        return {"name": self.name, "name_zh": self.words.zh, "name_en": self.words.en}


#: No measured number is longer.
_LONGEST = 40
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

    if is_loaded_product(lot.method):
        return _product_fields(lot, tests, entries)
    found = [field("", row) for row in _LOT_FIELDS.get(lot.method, ())]
    for label, kinds in tests.items():
        for kind in kinds:
            found += [field(label, row) for row in _PER_TEST.get(kind, ())]
            if kind is TestKind.BEND:
                found.append(chosen(label, "bend_result"))
            if kind is TestKind.REVERSE_BEND:
                found.append(chosen(label, "reverse_bend_result"))
    return found


def _product_fields(
    lot: Lot, tests: Mapping[str, tuple[TestKind, ...]], entries: Mapping[tuple[str, str], Entry]
) -> list[EntryField]:
    """Fields of a product that is loaded in a machine: what its runs cannot say."""

    def field(label: str, item: FormInput) -> EntryField:
        entry = entries.get((label, item.name))
        said = lot.settings.get(item.name, "").strip()
        given = "" if label or entry is not None else said
        # What the commission says of every piece holds where nothing is typed for one.
        return EntryField(
            label, item.name, item.unit, item.low, item.high, item.choices, item.needed and not said,
            entry.text if entry else given, item.words, default=said if label else "", given=given,
        )  # fmt: skip

    found = [field("", item) for item in hand_inputs(lot, None)]
    of_kind = {kind: hand_inputs(lot, kind) for kinds in tests.values() for kind in kinds}
    for label, kinds in tests.items():
        found += [field(label, item) for kind in kinds for item in of_kind[kind]]
    return found


def pieces_of(lot: Lot, tests: Mapping[str, tuple[TestKind, ...]]) -> tuple[str, ...]:
    """Labels of the pieces that count, in their order."""
    return tuple(piece.label for piece in lot.specimens if piece.label in tests)


def _of_sheet(cell: SheetCell, entries: Mapping[tuple[str, str], Entry]) -> EntryField:
    item = cell.item
    entry = entries.get((cell.label, item.name))
    return EntryField(
        cell.label, item.name, item.unit, item.low, item.high, item.choices, cell.needed,
        entry.text if entry else cell.given, item.words, item.default, cell.given, cell.asked,
    )  # fmt: skip


@dataclass(frozen=True)
class LotSheet:
    """What is to be measured on a lot.

    Attributes:
        form: its method's entry sheet, ``None`` where the fields come from the tests of the pieces.
        fields: with what was entered so far.
    """

    form: LotForm | None
    fields: tuple[EntryField, ...]


class Entries:
    """The use case of the measuring page."""

    def __init__(self, deps: RunDeps) -> None:
        self._deps = deps
        self._notes = CustodyNotes(deps.clock, deps.ids)

    def fields(self, lot_no: str) -> list[EntryField]:
        """What is to be measured on a lot, with what was entered so far."""
        return list(self.sheet(lot_no).fields)

    def sheet(self, lot_no: str) -> LotSheet:
        """The fields with the form they come from.

        Raises:
            OperatorError: ``testing.no_such_lot``; the edition that the commission names does not exist.
        """
        with self._deps.store.read() as uow:
            lot = uow.reception.lot(lot_no)
            if lot is None:
                raise OperatorError("testing.no_such_lot", lot=lot_no)
            entries = newest(uow.testing.entries_of_lot(lot_no))
            planned = planned_tests(lot, uow.testing.runs_of_lot(lot_no), uow.testing.invalidations_of_lot(lot_no))
        form = form_of(lot, entries, self._deps.clock.now().astimezone(WALL).date())
        if form is None:
            return LotSheet(None, tuple(fields_of(lot, planned, entries)))
        cells = sheet_cells(lot, form, pieces_of(lot, planned), entries)
        return LotSheet(form, tuple(_of_sheet(cell, entries) for cell in cells))

    def history(self, lot_no: str) -> list[Entry]:
        """Everything that was ever entered for a lot, oldest first."""
        with self._deps.store.read() as uow:
            return uow.testing.entries_of_lot(lot_no)

    def enter(self, lot_no: str, field: EntryField, text: str, session: Session, reason: str = "") -> Entry | None:
        """Keep a value as typed; the same text again adds nothing.

        Raises:
            OperatorError: ``testing.bad_entry`` (not a number, outside the plausible range), ``testing.bad_choice``,
                ``testing.thousands``, ``testing.as_commissioned``,
                ``testing.correction_needs_reason`` when an earlier value would be replaced without one.
        """
        if not (session.person.may(Role.TECHNICIAN) or session.person.may(Role.CHECKER)):
            raise OperatorError("testing.entry_role", name=session.person.name)
        typed = checked_text(field, text)
        current = next(
            (item for item in self.fields(lot_no) if (item.label, item.name) == (field.label, field.name)), None
        )
        if current is None:
            raise OperatorError("testing.no_such_field", name=field.name, label=field.label or lot_no)
        if current.current == typed:
            return None
        if current.given:
            raise OperatorError("testing.as_commissioned", **field.named, given=current.given)
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
                detail = {**field.named, "text": typed, **({"reason": entry.reason} if entry.reason else {})}
                where = (lot.commission_no, field.label or lot_no)
                self._notes.note(uow, CustodyKind.MEASURED, where, session, detail)
            uow.commit()
        return entry


def checked_text(field: EntryField, text: str) -> str:
    """What is kept of a typed text: itself without blanks at its ends, with a decimal point and plain digits.

    Raises:
        OperatorError: ``testing.bad_entry``, ``testing.bad_choice``, ``testing.thousands``.
    """
    typed, where = text.strip(), field.label or "-"
    if field.choices:
        if typed not in field.choices:
            raise OperatorError("testing.bad_choice", **field.named, label=where, choices=" / ".join(field.choices))
        return typed
    plain = unicodedata.normalize("NFKC", typed).replace("。", ".").strip()
    if _THOUSANDS.fullmatch(plain):
        told = {"whole": plain.replace(",", ""), "broken": plain.replace(",", ".", 1)}
        raise OperatorError("testing.thousands", **field.named, label=where, text=typed[:20], **told)
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    try:
        value = Decimal(plain) if len(plain) <= _LONGEST else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    below = value.is_finite() and field.low is not None and value < field.low
    above = value.is_finite() and field.high is not None and value > field.high
    if not value.is_finite() or below or above:
        low, high = ("…" if end is None else f"{end:f}" for end in (field.low, field.high))
        raise OperatorError("testing.bad_entry", **field.named, label=where, text=typed[:20], low=low, high=high)
    return plain
