"""Tables of a report: captions beside values, and values against their limits, one layout per method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from labdesk.domain.evaluation import SpecimenInput, Value, Verdict
from labdesk.domain.reporting import ReportData
from labdesk.reports.page import BODY
from labdesk.reports.style import BAD, BOLD, CENTER, FILL, INK, LINE, QUIET, REGULAR, markup, paragraph, style
from labdesk.reports.words import Words, number

_CAPTION = 23 * mm
_PER_TABLE = 5
_WORST = (Verdict.FAIL, Verdict.INVALID, Verdict.RETEST, Verdict.NOT_EVALUATED, Verdict.PASS)

Pair = tuple[str, str]


def grid(
    rows: Sequence[Sequence[Flowable | str]], widths: Sequence[float], spans: Sequence[tuple[int, int, int]] = ()
) -> Table:
    """A hairline table; ``spans`` are ``(row, first column, last column)``."""
    table = Table([list(row) for row in rows], colWidths=list(widths), repeatRows=0)
    commands: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("FONT", (0, 0), (-1, -1), REGULAR, 8.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.8),
    ]
    commands += [("SPAN", (first, row), (last, row)) for row, first, last in spans]
    table.setStyle(TableStyle(commands))
    return table


def facts(pairs: Iterable[Pair], wide: frozenset[str] = frozenset()) -> Table:
    """Captions and values, two pairs a row; pairs whose caption is in ``wide`` take a row of their own."""
    rows: list[list[Flowable | str]] = []
    spans: list[tuple[int, int, int]] = []
    pending: Pair | None = None

    def whole(pair: Pair) -> None:
        spans.append((len(rows), 1, 3))
        rows.append([_caption(pair[0]), paragraph(pair[1] or "—"), "", ""])

    for pair in pairs:
        if pair[0] in wide:
            if pending:
                whole(pending)
                pending = None
            whole(pair)
        elif pending:
            rows.append(
                [_caption(pending[0]), paragraph(pending[1] or "—"), _caption(pair[0]), paragraph(pair[1] or "—")]
            )
            pending = None
        else:
            pending = pair
    if pending:
        whole(pending)
    half = BODY / 2 - _CAPTION
    table = grid(rows, [_CAPTION, half, _CAPTION, half], spans)
    spanned = {row for row, _, _ in spans}
    shade = [("BACKGROUND", (0, row), (0, row), FILL) for row in range(len(rows))]
    shade += [("BACKGROUND", (2, row), (2, row), FILL) for row in range(len(rows)) if row not in spanned]
    table.setStyle(TableStyle(shade))
    return table


def _caption(text: str) -> Paragraph:
    return paragraph(text, style(8, align=CENTER, colour=QUIET))


#: Groups of three loaded to the break: a row each, with its breaking load.
_BY_SPECIMEN = frozenset(
    (
        "concrete-cube",
        "concrete-flexural",
        "concrete-splitting",
        "concrete-prism",
        "concrete-same-condition",
        "mortar-cube",
    )
)


def values_tables(data: ReportData, words: Words) -> list[Flowable]:
    """The values of the evaluation: parameters as rows for bars, specimens as rows for cubes and their like."""
    if data.lot.method in _BY_SPECIMEN:
        return [_specimen_rows(data, words)]
    labels = [item.label for item in data.lot.specimens if any(v.subject == item.label for v in data.evaluation.values)]
    chunks = [labels[start : start + _PER_TABLE] for start in range(0, len(labels), _PER_TABLE)] or [[]]
    return [_parameter_rows(data, chunk, words, last=chunk is chunks[-1]) for chunk in chunks]


def _parameter_rows(data: ReportData, labels: Sequence[str], words: Words, *, last: bool) -> Table:
    """Rebar: one row per parameter, one column per specimen; values of the whole lot span the specimens."""
    columns = max(1, len(labels))
    head = [head_cell(words("value.parameter")), head_cell(words("value.unit")), head_cell(words("value.limit"))]
    narrow = columns > 3
    named = (
        _label_head(label) if narrow else paragraph(label, style(7.2, bold=True, align=CENTER)) for label in labels
    )
    head += list(named) or [head_cell("—")]
    head += [head_cell(words("value.verdict")), head_cell(words("value.clause"))]
    rows: list[list[Flowable | str]] = [list(head)]
    spans: list[tuple[int, int, int]] = []
    for symbol in dict.fromkeys(value.symbol for value in data.evaluation.values):
        found = [value for value in data.evaluation.values if value.symbol == symbol]
        of_lot = [value for value in found if not value.subject]
        by_label = {value.subject: value for value in found if value.subject in labels}
        if by_label:
            cells: list[Flowable | str] = [value_cell(by_label.get(label), words) for label in labels]
            rows.append(_row(symbol, tuple(by_label.values()), cells, words))
        for value in of_lot if last else ():
            spans.append((len(rows), 3, 2 + columns))
            rows.append(_row(symbol, (value,), [value_cell(value, words), *[""] * (columns - 1)], words))
    verdict, clause, unit, limit, name = 15.5 * mm, 28 * mm, 9 * mm, 24 * mm, 29.5 * mm
    each = (BODY - verdict - clause - unit - limit - name) / columns
    return shaded(grid(rows, [name, unit, limit, *[each] * columns, verdict, clause], spans))


def _label_head(label: str) -> Paragraph:
    """A label over a narrow column: broken behind its letter and year, never within a number."""
    stem, dash, piece = label.partition("-")
    text = f"{markup(stem + dash)}<br/>{markup(piece)}" if piece else markup(label)
    return Paragraph(text, style(7.2, bold=True, align=CENTER))


def _row(symbol: str, values: Sequence[Value], cells: Sequence[Flowable | str], words: Words) -> list[Flowable | str]:
    first = values[0]
    worst = next((verdict for verdict in _WORST if any(value.verdict is verdict for value in values)), first.verdict)
    return [
        Paragraph(words.symbol(symbol), style(8)),
        paragraph(first.unit, style(8, align=CENTER)),
        paragraph(words.limit(first), style(8 if len(first.limit) < 14 else 6.8, align=CENTER)),
        *cells,
        verdict_cell(worst if first.limit else None, words),
        paragraph(first.clause or "—", style(6.6, align=CENTER, colour=QUIET)),
    ]


def _specimen_rows(data: ReportData, words: Words) -> Table:
    """Concrete: one row per cube; values of the group below, with limit, verdict and clause in words."""
    symbols = list(dict.fromkeys(value.symbol for value in data.evaluation.values if value.subject))
    by_place = {(value.subject, value.symbol): value for value in data.evaluation.values}
    units = {value.symbol: value.unit for value in data.evaluation.values}
    head = [head_cell(words(f"value.{key}")) for key in ("specimen", "size", "age")]
    peaks = {run.label: run.peak_kn for run in data.runs}
    head.append(head_cell(words("value.load")))
    head += [_symbol_head(symbol, units[symbol], words) for symbol in symbols]
    rows: list[list[Flowable | str]] = [[*head, head_cell(words("value.remark"))]]
    for specimen in data.lot.specimens:
        row: list[Flowable | str] = [
            paragraph(specimen.label, style(8, align=CENTER)),
            paragraph(_size(data, specimen), style(8, align=CENTER)),
            paragraph(specimen.age_text or "—", style(8, align=CENTER)),
            _load(specimen, peaks.get(specimen.label)),
        ]
        row += [value_cell(by_place.get((specimen.label, symbol)), words) for symbol in symbols]
        remark = words("manual.short") if specimen.manual_peak_kn is not None else ""
        rows.append([*row, paragraph(remark or "—", style(7.5, align=CENTER, colour=QUIET))])
    columns = len(rows[0])
    spans: list[tuple[int, int, int]] = []
    for value in (value for value in data.evaluation.values if not value.subject):
        spans += [(len(rows), 0, 2), (len(rows), 3, columns - 1)]
        rows.append(_group_row(value, columns, words))
    each = (BODY - 142 * mm) / max(1, len(symbols))
    return shaded(grid(rows, [30 * mm, 34 * mm, 22 * mm, 26 * mm, *[each] * len(symbols), 30 * mm], spans))


def _load(specimen: SpecimenInput, peak_kn: Decimal | None) -> Paragraph:
    """Breaking load: the sealed run's peak, or what two people read from the display."""
    shown = specimen.manual_peak_kn if specimen.manual_peak_kn is not None else peak_kn
    return paragraph("—" if shown is None else number(shown), style(8.5, align=CENTER))


def _group_row(value: Value, columns: int, words: Words) -> list[Flowable | str]:
    parts = [f"<font name='{BOLD}'>{markup(words.value(value))}</font> {markup(value.unit)}".strip()]
    if value.limit:
        parts.append(markup(f"{words('value.limit')} {words.limit(value)}"))
        parts.append(markup(words(f"verdict.{value.verdict.value}")))
    if value.clause:
        parts.append(f"<font size='7' color='#5a6675'>{markup(value.clause)}</font>")
    text = Paragraph("　".join(parts), style(8.5))
    return [Paragraph(words.symbol(value.symbol), style(8.5, align=CENTER)), "", "", text, *[""] * (columns - 4)]


def _size(data: ReportData, specimen: SpecimenInput) -> str:
    side = specimen.entries.get("side_mm") or data.lot.settings.get("side_mm", "")
    if data.lot.method in ("concrete-flexural", "concrete-prism"):
        return data.sample.size
    return f"{side}×{side}×{side} mm" if side else data.sample.size


def shaded(table: Table) -> Table:
    """A table with a shaded head that is repeated on the next page."""
    table.repeatRows = 1
    table.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, 0), FILL)]))
    return table


def head_cell(text: str) -> Paragraph:
    """A cell of the head."""
    return paragraph(text, style(8, bold=True, align=CENTER))


def _symbol_head(symbol: str, unit: str, words: Words) -> Paragraph:
    suffix = f" ({markup(unit)})" if unit else ""
    return Paragraph(words.symbol(symbol) + suffix, style(8, bold=True, align=CENTER))


def value_cell(value: Value | None, words: Words) -> Paragraph:
    """A value as reported; red and bold where it fails."""
    if value is None:
        return paragraph("—", style(8.5, align=CENTER, colour=QUIET))
    bad = value.verdict in (Verdict.FAIL, Verdict.INVALID)
    return paragraph(words.value(value), style(9, bold=bad, align=CENTER, colour=BAD if bad else INK))


def verdict_cell(verdict: Verdict | None, words: Words) -> Paragraph:
    """A verdict in words; red and bold where it is a failure."""
    if verdict is None:
        return paragraph("—", style(8, align=CENTER, colour=QUIET))
    bad = verdict in (Verdict.FAIL, Verdict.INVALID)
    return paragraph(words(f"verdict.{verdict.value}"), style(8, bold=bad, align=CENTER, colour=BAD if bad else INK))
