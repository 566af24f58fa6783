"""What products loaded in a machine need beside their runs: inputs by hand, by the tests that each piece goes through.

The runs themselves reach the evaluation as hashes: a verifier repeats every value from the sealed bytes, so nothing of a curve is
ever copied into an entry. What a curve cannot say (where it broke, how wide a face is) stands here, as data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from labdesk.domain.evaluation import LotInput, TestKind
from labdesk.domain.reporting import EntryLine, EntrySheet
from labdesk.domain.sentences import Language
from labdesk.domain.specimens import Lot
from labdesk.services.evaluation import propose_rules
from labdesk.services.house_rules import house_rules
from labdesk.services.lot_forms import choice_words
from labdesk.services.method_info import FormInput
from labdesk.services.piece_plans import piece_table
from labdesk.standards.methods.schema import Words
from labdesk.standards.product_rules import ProductRules


def is_loaded_product(method: str) -> bool:
    """Whether the pieces of a method go over the bench by the tables of ``resources/loading``."""
    return method in piece_table()


@cache
def entry_table() -> tuple[Mapping[str, Any], ...]:
    """All rows as written."""
    text = (resources.files("labdesk_resources.loading") / "entries.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["entry"])


def hand_inputs(lot: Lot, test: TestKind | None) -> tuple[FormInput, ...]:
    """What is entered for each piece with this test, or once for the lot (``None``), in the order of the table.

    Raises:
        OperatorError: the edition that the commission names does not exist.
    """
    wanted = "" if test is None else test.value
    rows = [row for row in entry_table() if lot.method in row["methods"] and row["test"] == wanted]
    return tuple(_input(row, lot) for row in rows if not _left_out(row, lot))


def _left_out(row: Mapping[str, Any], lot: Lot) -> bool:
    setting, value = row.get("unless", ("", ""))
    return bool(setting) and lot.settings.get(setting, "").strip().casefold() == value


def _input(row: Mapping[str, Any], lot: Lot) -> FormInput:
    choices = tuple(row.get("choices", ())) or _names(lot, row.get("choices_of", ""))
    return FormInput(
        name=row["name"],
        words=Words(row["zh"], row["en"]),
        unit=row.get("unit", ""),
        per_specimen=bool(row["test"]),
        needed=bool(row["needed"]),
        choices=choices,
        low=Decimal(row["low"]) if row.get("low") else None,
        high=Decimal(row["high"]) if row.get("high") else None,
    )


def _names(lot: Lot, table: str) -> tuple[str, ...]:
    """Names of a table of the lot's ruleset."""
    rules = _rules(lot) if table else None
    return tuple(row.text("name") for row in rules.tables[table]) if rules is not None else ()


def _rules(lot: Lot) -> ProductRules | None:
    rules = house_rules().get(lot.settings.get("rules", "") or propose_rules(lot.method, lot.settings))
    return rules if isinstance(rules, ProductRules) else None


def hand_sheet(lot: Lot, used: LotInput, language: Language) -> EntrySheet | None:
    """What was entered by hand, for the report: inputs as typed, in the order of the table; ``None`` where there is nothing to print."""
    if not is_loaded_product(lot.method):
        return None
    kinds = dict.fromkeys(kind for piece in used.specimens for kind in piece.tests)
    lines = []
    for kind, item in [(each, found) for each in (None, *kinds) for found in hand_inputs(lot, each)]:
        of_all = used.settings.get(item.name, "")
        if kind is None:
            texts = {"": of_all}
        else:
            texts = {
                piece.label: piece.entries.get(item.name, of_all) for piece in used.specimens if kind in piece.tests
            }
        texts = {label: text for label, text in texts.items() if text}
        if item.choices:
            texts = {label: choice_words(text, language) for label, text in texts.items()}
        if texts:
            lines.append(EntryLine(item.words[language], item.unit, texts))
    return EntrySheet(tuple(lines), {}) if lines else None


#: Pieces whose shape is the method's own; others are as commissioned.
_SHAPES = {"mortar-cube": "70.7×70.7×70.7 mm", "cement-strength": "40×40×160 mm"}


def shape_of(lot: Lot) -> str:
    """The size of a piece as a report prints it, where ``side_mm`` alone would make a cube of a beam or a prism; else empty."""
    if lot.method in _SHAPES:
        return _SHAPES[lot.method]
    side = lot.settings.get("side_mm", "").strip()
    rules = _rules(lot) if side and lot.method in ("concrete-flexural", "concrete-prism", "concrete-modulus") else None
    row = next((row for row in rules.tables["sizes"] if str(row.number("side_mm")) == side), None) if rules else None
    if row is None:
        return ""
    if "height_mm" in row.cells:
        return f"{side}×{side}×{row.number('height_mm')} mm"
    span = lot.settings.get("span_mm", "").strip() or str(row.number("span_mm"))
    return f"{side}×{side} mm, l = {span} mm"
