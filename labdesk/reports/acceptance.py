"""The printed statement of acceptance: outcome, every bound with its raw value and clause, and the selection it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from labdesk.domain.acceptance import AcceptanceSheet, AcceptanceStatement, FrozenGroup, GroupPart
from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.sentences import Language, catalogue
from labdesk.reports.page import BODY, Decoration, build_pages, footer
from labdesk.reports.pdfa import PdfFacts, to_pdfa
from labdesk.reports.style import BAD, CENTER, FILL, INK, LINE, QUIET, REGULAR, local_text, paragraph, printable, style
from labdesk.reports.tables import facts, grid
from labdesk.reports.words import Words, number

#: Rows per table: one table of thousands of rows is laid out in quadratic time.
_ROWS = 120
_WIDTHS = (32 * mm, 46 * mm, 22 * mm, 20 * mm, 22 * mm)
_MOST_VALUES = 60


class PdfAcceptancePrinter:
    """Makes statements as PDF/A-3b in one language."""

    def __init__(self, language: Language = Language.ZH) -> None:
        self._words = Words(language)

    def acceptance(self, sheet: AcceptanceSheet) -> bytes:
        """The statement."""
        made = sheet.statement
        title = f"{_say(self._words, _title(made))} {made.number}"
        facts_ = PdfFacts(title, sheet.laboratory.name, made.number, made.at)
        return to_pdfa(draw_acceptance(sheet, self._words), facts_)


def draw_acceptance(sheet: AcceptanceSheet, words: Words) -> bytes:
    """All pages of a statement."""
    made = sheet.statement
    story: list[Flowable] = [
        paragraph(sheet.laboratory.name, style(11, bold=True)),
        Spacer(0, 2 * mm),
        paragraph(_say(words, _title(made)), style(18, bold=True)),
        Spacer(0, 4 * mm),
        facts(_pairs(sheet, words), frozenset({_say(words, "project"), _say(words, "note"), _say(words, "hash")})),
        Spacer(0, 4 * mm),
        _outcome(made, words),
        Spacer(0, 2 * mm),
        *(paragraph(text, style(8.5)) for text in sheet.why),
        Spacer(0, 3 * mm),
        _values(made, words),
        Spacer(0, 4 * mm),
        *_remarks(made, words),
        paragraph(_say(words, "list"), style(9.5, bold=True)),
        Spacer(0, 1.5 * mm),
        *_groups(made, words),
    ]
    return build_pages(story, _foot(made, words))


def _say(words: Words, name: str, **params: object) -> str:
    return words.sentence(f"acceptance.print.{name}", **params)


def _title(made: AcceptanceStatement) -> str:
    return "title_mortar" if made.evaluation.method == "mortar-acceptance" else "title"


def _pairs(sheet: AcceptanceSheet, words: Words) -> list[tuple[str, str]]:
    made = sheet.statement
    parts = [group.part for group in made.groups]
    counts = {part.name.lower(): parts.count(part) for part in GroupPart}
    told = {"sample": counts["sample"], "out": counts["left_out"], "history": counts["history"]}
    kind = "mortar-cube" if made.evaluation.method == "mortar-acceptance" else "concrete-cube"
    if made.lot.settings.get("curing") == "same-condition":
        kind = "concrete-same-condition"
    return [
        (_say(words, "number"), made.number),
        (_say(words, "code"), made.project_code),
        (_say(words, "project"), sheet.project_name),
        (_say(words, "grade"), made.lot.settings.get("design_grade", "")),
        (_say(words, "kind"), words.sentence(f"acceptance.kind.{kind}")),
        (_say(words, "rules"), made.evaluation.rules),
        (_say(words, "groups"), _say(words, "groups_text", **told)),
        (_say(words, "author"), made.person_name),
        (_say(words, "at"), local_text(made.at)),
        *([(_say(words, "note"), made.note)] if made.note else []),
        (_say(words, "hash"), sheet.sha256),
    ]


def _outcome(made: AcceptanceStatement, words: Words) -> Flowable:
    verdict = made.evaluation.verdict
    bad = verdict is not Verdict.PASS
    text = f"{_say(words, 'verdict')}：{words.sentence(f'acceptance.verdict.{verdict.value}')}"
    return paragraph(text, style(13, bold=True, colour=BAD if bad else INK))


def _values(made: AcceptanceStatement, words: Words) -> Table:
    """Bounds with their raw values; of very many batches the failing ones and the first."""
    names = ("quantity", "raw", "rounded", "limit", "clause", "regime")
    rows: list[Sequence[Flowable | str]] = [
        [paragraph(_say(words, name), style(8, bold=True, align=CENTER)) for name in names]
    ]
    shown = [value for value in made.evaluation.values if value.symbol != "fcu,eq"]
    if len(shown) > _MOST_VALUES:
        failing = [value for value in shown if value.verdict is Verdict.FAIL]
        shown = (failing or shown)[:_MOST_VALUES]
    for value in shown:
        look = style(8, align=CENTER, bold=value.verdict is Verdict.FAIL, colour=_ink(value))
        cells = (
            f"{value.symbol} {value.subject}".strip(),
            "—" if value.raw is None else number(round(value.raw, 6).normalize()),
            words.value(value) + (f" {value.unit}" if value.rounded is not None else ""),
            words.limit(value),
            value.clause,
            _regime(value, words),
        )
        rows.append([paragraph(cell, look if at < 4 else style(7, align=CENTER)) for at, cell in enumerate(cells)])
    table = grid(rows, [24 * mm, 30 * mm, 24 * mm, 24 * mm, 40 * mm, BODY - 142 * mm])
    table.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, 0), FILL)]))
    table.repeatRows = 1
    return table


def _regime(value: Value, words: Words) -> str:
    step, comma, name = value.regime.rpartition(", ")
    key = f"methods_page.{name}"
    return f"{step}{comma}{words.sentence(key)}" if key in catalogue() else value.regime


def _ink(value: Value) -> object:
    return BAD if value.verdict is Verdict.FAIL else INK


def _remarks(made: AcceptanceStatement, words: Words) -> Iterator[Flowable]:
    """What the method says besides, and why groups are left out."""
    silent = ("products.group_left_out", "products.group_off_age", "products.group_retest")
    said = [remark for remark in made.evaluation.remarks if remark.key not in silent][:_MOST_VALUES]
    out = [(group.lot_no, group.why) for group in made.groups if group.why is not None]
    if said or out:
        yield paragraph(_say(words, "remarks"), style(9.5, bold=True))
        for remark in said:
            yield paragraph(words.sentence(remark.key, **remark.params), style(8))
        for number_, why in out[:_MOST_VALUES]:
            standing = words.sentence(f"acceptance.part.{GroupPart.LEFT_OUT.value}")
            yield paragraph(f"{number_} · {standing}: {words.sentence(why.key, **why.params)}", style(8))
        yield Spacer(0, 3 * mm)


def _groups(made: AcceptanceStatement, words: Words) -> Iterator[Table]:
    values = {
        piece.label: piece.entries.get("fcu_mpa") or piece.entries.get("f2_mpa") or "—" for piece in made.lot.specimens
    }
    cast = {piece.label: piece.entries.get("cast_at", "")[:10] for piece in made.lot.specimens}
    head = [_say(words, name) for name in ("lot", "part", "cast", "value", "standing", "evaluation")]
    rows = [_row(group, cast, values, words) for group in made.groups]
    for start in range(0, len(rows), _ROWS):
        table = Table([head, *rows[start : start + _ROWS]], colWidths=[*_WIDTHS, BODY - sum(_WIDTHS)], repeatRows=1)
        table.setStyle(
            TableStyle(
                [
                    ("GRID", (0, 0), (-1, -1), 0.4, LINE),
                    ("FONT", (0, 0), (-1, -1), REGULAR, 7.5),
                    ("FONT", (5, 1), (5, -1), REGULAR, 6),
                    ("TEXTCOLOR", (5, 1), (5, -1), QUIET),
                    ("BACKGROUND", (0, 0), (-1, 0), FILL),
                    ("TOPPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ]
            )
        )
        yield table


def _row(group: FrozenGroup, cast: dict[str, str], values: dict[str, str], words: Words) -> list[str]:
    standing = words.sentence(f"acceptance.part.{group.part.value}")
    return [
        printable(group.lot_no),
        _short(printable(group.place)),
        cast.get(group.lot_no, ""),
        values.get(group.lot_no, "—"),
        standing,
        group.evaluation_sha256[:24] + "…" if group.evaluation_sha256 else "—",
    ]


def _short(text: str) -> str:
    """As much of a part as one line of the table holds; the whole text stands in the statement."""
    most = 30
    width = 0
    for at, sign in enumerate(text):
        width += 1 if sign.isascii() else 2
        if width > most:
            return f"{text[:at]}…"
    return text


def _foot(made: AcceptanceStatement, words: Words) -> Decoration:
    left = f"{_say(words, 'number')} {made.number} · {_say(words, 'foot')}"

    def decorate(canvas: object, at: int, total: int) -> None:
        footer(canvas, left, words("page", number=at, total=total))

    return decorate


__all__ = ["PdfAcceptancePrinter", "draw_acceptance"]
