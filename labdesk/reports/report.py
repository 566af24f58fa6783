"""The report as a story of tables, values, curves and signatures (Order 57, art. 21; ISO/IEC 17025, 7.8.2)."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from labdesk.domain.evaluation import Verdict
from labdesk.domain.projects import PartyRole, SitePerson
from labdesk.domain.reporting import CurveDrawing, ReportData, ReportDocument, SignatureRole
from labdesk.reports.curves import CurveFlowable
from labdesk.reports.entry_tables import entry_tables, result_table
from labdesk.reports.page import BODY, build_pages, cross_page_seal, footer, watermark
from labdesk.reports.qr import QrFlowable
from labdesk.reports.stamps import StampBlank
from labdesk.reports.style import BAD, BOLD, CENTER, INK, LINE, QUIET, local_text, markup, paragraph, style
from labdesk.reports.tables import Pair, facts, values_tables
from labdesk.reports.words import Words, number

Cell = list[Flowable] | str
_QR = 37 * mm
_SIDE = 38 * mm


def draw_report(document: ReportDocument, words: Words) -> bytes:
    """The report's pages; a watermarked draft when the document has no code (YK-7.2b)."""
    data = document.data
    code = document.code.code if document.code else words("report.no_code")
    left = f"{words('report.number')} {data.report_no} · {words('report.issue', number=data.issue_no)} · {words('report.code')} {code}"

    def decorate(canvas: Canvas, number: int, total: int) -> None:
        footer(canvas, left, words("page", number=number, total=total))
        if total > 1 and document.code:
            cross_page_seal(canvas, words("stamp.cross"))

    behind = None if document.code else lambda canvas: watermark(canvas, words("report.draft"))
    return build_pages(_story(document, words), decorate, behind)


def _story(document: ReportDocument, words: Words) -> list[Flowable]:
    data = document.data
    story: list[Flowable] = [_head(document, words), Spacer(0, 2 * mm)]
    story += [*_notices(data, words), facts(_facts(data, words), _wide(words))]
    if data.sheet is not None:
        story += [_section(words("section.entries")), *_spaced(entry_tables(data, words))]
    # A sheet that names its results has them in one list; what was loaded in a machine is printed piece by piece.
    listed = data.sheet is not None and bool(data.sheet.results)
    results = [result_table(data, data.sheet, words)] if data.sheet and listed else _spaced(values_tables(data, words))
    story += [_section(words("section.values")), *results]
    story += [_conclusion(data, words)]
    if document.curves or any(run.manual for run in data.runs):
        curves = _curves(document.curves, words)
        story.append(KeepTogether([_section(words("section.curves")), *curves[:1]]))
        story += curves[1:]
    story += [KeepTogether([_section(words("section.remarks")), _remarks(data, words)])]
    story += [
        KeepTogether(
            [_section(words("section.signatures")), _signatures(data, words), Spacer(0, 2 * mm), *_end(data, words)]
        )
    ]
    return story


def _head(document: ReportDocument, words: Words) -> Table:
    data = document.data
    middle: list[Flowable] = [
        paragraph(data.laboratory.name, style(12.5, bold=True, align=CENTER)),
        Spacer(0, 1.5 * mm),
        paragraph(data.title, style(18, bold=True, align=CENTER)),
        Spacer(0, 2.5 * mm),
        paragraph(f"{words('report.number')}：{data.report_no}", style(9.5, align=CENTER)),
        paragraph(_issue(data, words), style(8, align=CENTER, colour=QUIET)),
    ]
    cma = [StampBlank(26 * mm, 17 * mm, words("stamp.cma"), align="LEFT"), Spacer(0, 1 * mm)]
    cma.append(paragraph(data.laboratory.cma_number, style(7.5, colour=QUIET)))
    table = Table([[cma, middle, _qr(document, words)]], colWidths=[_SIDE, BODY - 2 * _SIDE, _SIDE])
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (1, 0), (1, 0), 10),
                ("TOPPADDING", (0, 0), (0, 0), 6),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("ALIGN", (2, 0), (2, 0), "RIGHT"),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _issue(data: ReportData, words: Words) -> str:
    text = words("report.issue", number=data.issue_no)
    if data.replaces_issue:
        text += " · " + words("report.replaces", number=data.replaces_issue)
    return text


def _qr(document: ReportDocument, words: Words) -> list[Flowable]:
    if document.code is None:
        return [StampBlank(_QR - 4 * mm, _QR - 4 * mm, words("report.no_code"))]
    small = style(7, align=CENTER, colour=QUIET)
    return [
        QrFlowable(document.code.qr_text, _QR),
        paragraph(document.code.code, style(8.5, bold=True, align=CENTER)),
        paragraph(words("report.scan"), small),
    ]


def _notices(data: ReportData, words: Words) -> list[Flowable]:
    """What a reader must not overlook, above everything else."""
    texts = []
    if not data.commission.is_acceptance_evidence:
        texts.append(words("notice.not_client"))
    if data.replaces_issue:
        texts.append(words("notice.replaces", number=data.replaces_issue, reason=data.replace_reason or "—"))
    if not texts:
        return []
    table = Table([[paragraph(text, style(9, bold=True, colour=BAD))] for text in texts], colWidths=[BODY])
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.8, BAD), ("BOTTOMPADDING", (0, 0), (-1, -1), 4)]))
    return [table, Spacer(0, 2 * mm)]


def _wide(words: Words) -> frozenset[str]:
    keys = ("project", "part", "tags", "methods", "judgement", "equipment", "labels")
    return frozenset(words(f"field.{key}") for key in keys)


def _facts(data: ReportData, words: Words) -> list[Pair]:
    commission, project = data.commission, data.project
    pairs: list[tuple[str, str]] = [
        ("client", f"{commission.client}（{words('role.' + commission.client_role.value)}）"),
        ("commission", commission.number),
        ("project", project.name),
        ("project_code", project.code),
        ("permit", project.permit_no),
        ("unit", project.unit),
        ("test_type", words("test_type." + commission.test_type.value)),
        ("part", project.part),
        *_parties(data),
        ("sampler", _person(commission.sampler)),
        ("witness", _person(commission.witness)),
        *_sample(data, words),
        ("received", commission.received_on.isoformat()),
        ("tested", _days(data)),
        ("issued", data.issued_on.isoformat()),
        ("place", data.laboratory.test_place or data.laboratory.address),
        ("environment", _environment(data, words)),
        ("deliverer", commission.deliverer),
        ("methods", _standards(data, "method")),
        ("judgement", _standards(data, "judgement")),
        ("equipment", _equipment(data, words)),
    ]
    return [(words(f"field.{key}"), text) for key, text in pairs]


def _parties(data: ReportData) -> list[tuple[str, str]]:
    by_role = {party.role: party.name for party in data.project.parties}
    return [(f"party.{role.value}", by_role.get(role, "")) for role in PartyRole]


def _sample(data: ReportData, words: Words) -> list[tuple[str, str]]:
    sample = data.sample
    made = [("made", sample.made_on.isoformat()), ("curing", sample.curing)] if sample.made_on else []
    return [
        ("sample", sample.name),
        ("sample_number", sample.number),
        ("grade", sample.grade),
        ("size", sample.size),
        ("maker", sample.maker),
        ("batch", sample.batch),
        ("quantity", sample.represented_quantity),
        ("condition", sample.condition),
        *made,
        ("tags", "、".join(sample.tags)),
        ("labels", "、".join(sample.specimen_labels)),
    ]


def _person(person: SitePerson) -> str:
    certificate = f"（{person.certificate_no}）" if person.certificate_no else ""
    return f"{person.name}{certificate} {person.company}".strip()


def _days(data: ReportData) -> str:
    start, end = data.tested_from.isoformat(), data.tested_to.isoformat()
    return start if start == end else f"{start} ~ {end}"


def _environment(data: ReportData, words: Words) -> str:
    parts = []
    if data.environment.temperature_c is not None:
        parts.append(words("environment.temperature", value=number(data.environment.temperature_c)))
    if data.environment.humidity_percent is not None:
        parts.append(words("environment.humidity", value=number(data.environment.humidity_percent)))
    return "，".join(parts)


def _standards(data: ReportData, purpose: str) -> str:
    return "；".join(f"{item.number} {item.title}".strip() for item in data.standards if item.purpose == purpose)


def _equipment(data: ReportData, words: Words) -> str:
    lines = []
    for item in data.equipment:
        valid = words("equipment.valid", day=item.valid_to.isoformat()) if item.valid_to else ""
        parts = (item.number, item.name, item.model, item.range_text, item.certificate_no, valid)
        lines.append(" · ".join(part for part in parts if part))
    return "\n".join(lines)


def _section(text: str) -> Paragraph:
    look = style(9.5, bold=True)
    look.spaceBefore, look.spaceAfter = 7, 3
    return paragraph(text, look)


def _spaced(tables: list[Flowable]) -> list[Flowable]:
    return [part for table in tables for part in (table, Spacer(0, 2 * mm))][:-1]


def _conclusion(data: ReportData, words: Words) -> Table:
    bad = data.evaluation.verdict in (Verdict.FAIL, Verdict.INVALID)
    table = Table(
        [
            [
                paragraph(words("section.conclusion"), style(9.5, bold=True, align=CENTER)),
                paragraph(data.conclusion, style(10, bold=True, colour=BAD if bad else INK)),
            ]
        ],
        colWidths=[25 * mm, BODY - 25 * mm],
        spaceBefore=2.5 * mm,
    )
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.9, INK),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return table


def _curves(curves: tuple[CurveDrawing, ...], words: Words) -> list[Flowable]:
    width = BODY / 2 - 1.5 * mm
    drawn = [CurveFlowable(curve, (width, 52 * mm), words) for curve in curves]
    rows = [[*drawn[start : start + 2], ""][:2] for start in range(0, len(drawn), 2)]
    tables: list[Flowable] = []
    for row in rows:
        table = Table([row], colWidths=[BODY / 2, BODY / 2])
        table.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]))
        tables.append(table)
    return tables


def _remarks(data: ReportData, words: Words) -> Table:
    texts = [words.sentence(remark.key, **remark.params) for remark in data.evaluation.remarks]
    notes = dict.fromkeys((value.symbol, value.subject, value.note) for value in data.evaluation.values if value.note)
    texts += [f"{subject} {symbol}：{words.sentence(note)}".strip() for symbol, subject, note in notes]
    texts += [words("manual.long", label=run.label, reason=run.manual_reason) for run in data.runs if run.manual]
    texts += data.remarks
    rules = words("remark.rules", rules=data.evaluation.rules, engine=data.evaluation.engine or "—")
    runs = "；".join(f"{run.label} {run.run_number}（{(run.run_hash or '—')[:16]}）" for run in data.runs)
    texts += [rules, words("remark.runs", runs=runs or "—")]
    rows = [[Paragraph(f"{index}. {markup(text)}", style(8))] for index, text in enumerate(texts, start=1)]
    table = Table(rows, colWidths=[BODY])
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.4, LINE),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return table


def _signatures(data: ReportData, words: Words) -> Table:
    cells: list[list[Flowable]] = []
    by_role = {signature.role: signature for signature in data.signatures}
    roles = [role for role in SignatureRole if role in by_role or role is not SignatureRole.CHECKED]
    for role in roles:
        signed = by_role.get(role)
        detail = " ".join(part for part in (signed.certificate_no, local_text(signed.at)) if part) if signed else ""
        cells.append(
            [
                paragraph(words("signature." + role.value), style(8, colour=QUIET)),
                paragraph(signed.name if signed else "—", style(13, bold=True)),
                paragraph(detail, style(7, colour=QUIET)),
            ]
        )
    stamp: Cell = [StampBlank(36 * mm, 36 * mm, words("stamp.test"), round_=True)]
    width = (BODY - 44 * mm) / 2
    padded: list[Cell] = [*cells, *[""] * (4 - len(cells))]
    table = Table(
        [[*padded[:2], stamp], [*padded[2:4], ""]],
        colWidths=[width, width, 44 * mm],
        rowHeights=20 * mm,
    )
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (1, -1), 0.4, LINE),
                ("BOX", (0, 0), (-1, -1), 0.4, LINE),
                ("SPAN", (2, 0), (2, 1)),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("ALIGN", (2, 0), (2, 1), "CENTER"),
            ]
        )
    )
    if len(roles) == 3:
        table.setStyle(TableStyle([("SPAN", (0, 1), (1, 1))]))
    return table


def _end(data: ReportData, words: Words) -> list[Flowable]:
    statements = data.statements or tuple(words(f"statement.{index}") for index in range(1, 8))
    copies = (words("report.copies", number=data.copies),) if data.copies else ()
    contact = "　".join(
        part for part in (data.laboratory.address, data.laboratory.phone, data.laboratory.qualification_number) if part
    )
    small = style(7.2, colour=QUIET)
    lines = [Paragraph(f"{index}. {markup(text)}", small) for index, text in enumerate((*statements, *copies), start=1)]
    end = Paragraph(f"<font name='{BOLD}'>—— {markup(words('report.end'))} ——</font>", style(9, align=CENTER))
    return [*lines, paragraph(contact, small), Spacer(0, 3 * mm), end]
