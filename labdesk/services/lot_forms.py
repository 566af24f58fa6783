"""The entry sheet of a lot: which inputs its method asks for, row by row, and what the commission has answered already.

A method that is data brings its form with it (:meth:`MethodSource.form`); a method in code may have one in :data:`CODED_FORMS`.
Without a form (rebar lots, cubes) the fields come from the tests planned for each piece.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from labdesk.domain.clock import WALL
from labdesk.domain.sentences import Language, catalogue, say
from labdesk.domain.specimens import DETERMINATION, Lot
from labdesk.domain.testing import Entry
from labdesk.services.method_info import FormInput, LotForm
from labdesk.services.method_sources import source_of
from labdesk.standards.methods.schema import Words

EDITION, TEST_DATE = "edition", "test_date"
ROOM_TEMPERATURE, ROOM_HUMIDITY = "room_temperature_c", "room_humidity_percent"

Key = tuple[str, str]

#: Conditions of the room, for the report; no method evaluates them.
ROOM = (
    FormInput(
        ROOM_TEMPERATURE, Words("室内温度", "room temperature"), "℃", needed=False, low=Decimal(-10), high=Decimal(50)
    ),
    FormInput(
        ROOM_HUMIDITY, Words("室内相对湿度", "relative humidity of the room"), "%", needed=False, high=Decimal(100)
    ),
)

#: Forms of methods in code, by method id: from the lot and the day of the test.
CODED_FORMS: Mapping[str, Callable[[Lot, date], LotForm]] = {}


@dataclass(frozen=True)
class SheetCell:
    """One cell of the sheet.

    Attributes:
        label: the determination's label; empty for the lot as a whole.
        item: the input it is for.
        needed: the evaluation cannot do without.
        given: what the commission says, where that can stand; such a cell is not typed.
        asked: what the commission says where it cannot stand: no word or number that the method knows.
    """

    label: str
    item: FormInput
    needed: bool
    given: str = ""
    asked: str = ""


def form_of(lot: Lot, entries: Mapping[Key, Entry], today: date) -> LotForm | None:
    """The form of a lot's method in the edition of its day, or ``None`` where its method has none.

    Raises:
        OperatorError: the edition that the commission or an entry names does not exist.
    """
    day = test_day(lot, entries, today)
    if lot.method in CODED_FORMS:
        return CODED_FORMS[lot.method](lot, day)
    source = source_of(lot.method)
    if source is None:
        return None
    chosen = entries.get(("", EDITION))
    edition = chosen.text if chosen is not None else lot.settings.get(EDITION, "").strip()
    return source.form(lot.method, day, edition)


def form_by(method: str, rules: str) -> LotForm | None:
    """The form by which something was evaluated; ``None`` for methods without one and for files that are gone."""
    source = source_of(method)
    return None if source is None else source.form_by(method, rules)


def method_words(method: str) -> Words | None:
    """The name of a method with an entry sheet of its own data."""
    source = source_of(method)
    return None if source is None else source.form(method, date.max).words


def test_day(lot: Lot, entries: Mapping[Key, Entry], today: date) -> date:
    """The day that decides about the edition: as commissioned, else that of the first entry, else today."""
    try:
        return date.fromisoformat(lot.settings.get(TEST_DATE, "").strip()[:10])
    except ValueError:
        days = [entry.at.astimezone(WALL).date() for entry in entries.values()]
        return min(days, default=today)


test_day.__test__ = False  # type: ignore[attr-defined]


def row_labels(form: LotForm, pieces: Sequence[str], filled: Collection[str]) -> tuple[str, ...]:
    """Labels of the determinations: the pieces themselves where there are enough, else numbered ones on the pieces.

    Of a method with a choice of numbers the least is shown, and one more as soon as these are begun.
    """
    rows = [item for item in form.inputs if item.per_specimen]
    if not rows or not pieces:
        return ()
    least, most = max(item.least for item in rows), max(item.most for item in rows)
    if len(pieces) >= max(least, 2):
        return tuple(pieces[:most])
    labels = [
        f"{pieces[place % len(pieces)]}{DETERMINATION}{place // len(pieces) + 1}" if most > 1 else pieces[place]
        for place in range(most)
    ]
    last = max((place for place, label in enumerate(labels, start=1) if label in filled), default=0)
    return tuple(labels[: min(most, max(least, last + (last >= least)))])


def sheet_cells(lot: Lot, form: LotForm, pieces: Sequence[str], entries: Mapping[Key, Entry]) -> list[SheetCell]:
    """All cells of a lot's sheet: those of the lot first, then row by row, then the room's."""
    typed = [item for item in form.inputs if not item.from_run]
    found = [_of_lot(lot, item, entries) for item in typed if not item.per_specimen]
    labels = row_labels(form, pieces, {label for label, _ in entries if label})
    for place, label in enumerate(labels):
        begun = any(of == label for of, _ in entries)
        for item in typed:
            if item.per_specimen and place < item.most:
                needed = item.needed and (place < item.least or begun)
                found.append(SheetCell(label, item, needed))
    return [*found, *(SheetCell("", item, False) for item in ROOM)]


def _of_lot(lot: Lot, item: FormInput, entries: Mapping[Key, Entry]) -> SheetCell:
    said = lot.settings.get(item.name, "").strip()
    if said and ("", item.name) not in entries and fits(item, said):
        return SheetCell("", item, False, given=said)
    return SheetCell("", item, item.needed, asked=said)


def choice_words(choice: str, language: Language) -> str:
    """An allowed word in the language; grades and classes are the same in both."""
    key = f"sheets.choice.{choice}"
    return say(key, language) if key in catalogue() else choice


def fits(item: FormInput, text: str) -> bool:
    """Whether a text can stand in an input: one of its words, or a number in its range."""
    if item.choices:
        return text in item.choices
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    if not number.is_finite():
        return False
    return (item.low is None or number >= item.low) and (item.high is None or number <= item.high)


def sheet_settings(
    lot: Lot, form: LotForm, entries: Mapping[Key, Entry], today: date, cells: Iterable[SheetCell]
) -> dict[str, str]:
    """What the evaluation is told of the lot as a whole: given or typed, and the day that decided about the edition."""
    found = {cell.item.name: cell.given for cell in cells if cell.given}
    for item in form.inputs:
        typed = entries.get(("", item.name))
        if typed is not None and not item.per_specimen:
            found[item.name] = typed.text
    if EDITION not in found and (edition := lot.settings.get(EDITION, "").strip()):
        found[EDITION] = edition
    found[TEST_DATE] = test_day(lot, entries, today).isoformat()
    return found
