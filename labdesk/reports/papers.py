"""Receipt, rejection slip and specimen labels."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from PIL import Image as PilImage
from PIL import UnidentifiedImageError
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, Spacer, Table, TableStyle

from labdesk.domain.evaluation import TestKind
from labdesk.domain.reporting import LabelData, Laboratory, ReceiptData, ReceiptItem, SlipData, say_aloud
from labdesk.reports.page import BODY, Decoration, build_pages, footer
from labdesk.reports.qr import QrFlowable, draw_qr
from labdesk.reports.style import (
    BAD,
    BOLD,
    CENTER,
    FILL,
    INK,
    LINE,
    QUIET,
    REGULAR,
    local_text,
    paragraph,
    printable,
    register_fonts,
    style,
)
from labdesk.reports.tables import facts, grid
from labdesk.reports.words import Words

LABEL_WIDTH, LABEL_HEIGHT = 70 * mm, 40 * mm
_QR = 27 * mm
_PHOTO = 1200


def draw_receipt(receipt: ReceiptData, words: Words) -> bytes:
    """The reception receipt."""
    commission, project = receipt.commission, receipt.project
    pairs = [
        (words("field.commission"), commission.number),
        (words("field.test_type"), words("test_type." + commission.test_type.value)),
        (words("field.client"), commission.client),
        (words("field.project"), project.name),
        (words("field.project_code"), project.code),
        (words("field.unit"), project.unit),
        (words("field.part"), project.part),
        (words("field.witness"), f"{commission.witness.name} {commission.witness.company}"),
        (words("field.deliverer"), commission.deliverer),
        (words("receipt.received"), local_text(receipt.received_at)),
        (words("receipt.by"), receipt.received_by),
        (words("receipt.station"), receipt.station),
    ]
    wide = frozenset(words(f"field.{key}") for key in ("client", "project", "part"))
    story: list[Flowable] = [
        _head(
            receipt.laboratory,
            words("receipt.title"),
            f"{words('receipt.number')}：{receipt.receipt_no}",
            receipt.qr_text,
        ),
        Spacer(0, 4 * mm),
        facts(pairs, wide),
        Spacer(0, 4 * mm),
        _items(receipt.items, words),
        Spacer(0, 3 * mm),
        *(paragraph(text, style(8.5)) for text in (words("receipt.note"), *receipt.remarks)),
        Spacer(0, 6 * mm),
        _sign_lines(words),
    ]
    return build_pages(story, _foot(f"{words('receipt.number')} {receipt.receipt_no}", words))


def _items(items: Iterable[ReceiptItem], words: Words) -> Table:
    heads = (
        "field.sample_number",
        "receipt.name",
        "receipt.quantity",
        "field.tags",
        "field.labels",
        "receipt.tests",
        "receipt.due",
    )
    rows: list[list[Flowable | str]] = [[paragraph(words(key), style(8, bold=True, align=CENTER)) for key in heads]]
    small = style(8)
    for item in items:
        rows.append(
            [
                paragraph(item.sample_number, small),
                paragraph(f"{item.name} {item.description}".strip(), small),
                paragraph(str(item.quantity), style(8, align=CENTER)),
                paragraph("\n".join(item.tags), style(7.5)),
                paragraph("\n".join(item.labels), style(7.5)),
                paragraph(_kinds(item.tests, words), small),
                paragraph(_day(item.due_on), style(8, align=CENTER)),
            ]
        )
    widths = [27 * mm, 34 * mm, 12 * mm, 36 * mm, 29 * mm, 22 * mm]
    table = grid(rows, [*widths, BODY - sum(widths)])
    table.repeatRows = 1
    table.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, 0), FILL), ("VALIGN", (0, 1), (-1, -1), "TOP")]))
    return table


def draw_slip(slip: SlipData, images: Mapping[str, bytes], words: Words) -> bytes:
    """The rejection slip: the reason first, both values side by side."""
    project = slip.project
    pairs = [
        (words("field.commission"), slip.commission_no),
        (words("field.project_code"), project.code),
        (words("field.project"), project.name),
        (words("field.unit"), project.unit),
        (words("field.part"), project.part),
        (words("field.sample"), slip.sample_name),
        (words("slip.tag"), slip.tag),
        (words("slip.at"), local_text(slip.refused_at)),
        (words("slip.by"), slip.refused_by),
        (words("receipt.station"), slip.station),
        (words("field.deliverer"), slip.deliverer),
        (words("slip.clause"), f"{slip.rule_id} {slip.clause}".strip()),
    ]
    wide = frozenset((words("field.project"), words("slip.tag"), words("slip.clause")))
    story: list[Flowable] = [
        _head(slip.laboratory, words("slip.title"), f"{words('slip.number')}：{slip.slip_no}", slip.qr_text),
        Spacer(0, 4 * mm),
        _reason(slip, words),
        Spacer(0, 4 * mm),
        facts(pairs, wide),
        Spacer(0, 4 * mm),
        *_photos(slip, images, words),
        paragraph(words("slip.note"), style(8.5)),
        Spacer(0, 6 * mm),
        _sign_lines(words),
    ]
    return build_pages(story, _foot(f"{words('slip.number')} {slip.slip_no}", words))


def _reason(slip: SlipData, words: Words) -> Table:
    white = style(20, bold=True, align=CENTER, colour=BAD)
    rows: list[list[Flowable | str]] = [
        [paragraph(words("slip.refused"), white), paragraph(slip.reason, style(12, bold=True)), ""]
    ]
    spans = [("SPAN", (1, 0), (2, 0))]
    if slip.expected or slip.found:
        caption = style(8, colour=QUIET)
        rows.append(
            [
                [paragraph(words("slip.field"), caption), paragraph(slip.field, style(11, bold=True))],
                [paragraph(words("slip.expected"), caption), paragraph(slip.expected or "—", style(13, bold=True))],
                [
                    paragraph(words("slip.found"), caption),
                    paragraph(slip.found or "—", style(13, bold=True, colour=BAD)),
                ],
            ]
        )
    table = Table(rows, colWidths=[34 * mm, (BODY - 34 * mm) / 2, (BODY - 34 * mm) / 2])
    looks = [
        ("BOX", (0, 0), (-1, -1), 1.2, BAD),
        ("LINEABOVE", (0, 1), (-1, -1), 0.5, LINE),
        ("LINEAFTER", (0, 0), (0, -1), 0.5, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
        *spans,
    ]
    table.setStyle(TableStyle(looks))
    return table


def _photos(slip: SlipData, images: Mapping[str, bytes], words: Words) -> list[Flowable]:
    if not slip.photos:
        return []
    width = (BODY - 6 * mm) / 2
    cells: list[list[Flowable]] = []
    for photo in slip.photos:
        picture = _picture(images.get(photo.sha256), width)
        missing = words("slip.photo_missing", sha256=photo.sha256[:16])
        shown: Flowable = picture or paragraph(missing, style(8, colour=QUIET))
        cells.append([shown, paragraph(f"{photo.caption}　{photo.sha256[:16]}", style(7.5, colour=QUIET))])
    rows = [[*cells[start : start + 2], ""][:2] for start in range(0, len(cells), 2)]
    table = Table(rows, colWidths=[BODY / 2, BODY / 2])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return [KeepTogether([paragraph(words("slip.photos"), style(9.5, bold=True)), table]), Spacer(0, 3 * mm)]


def _picture(data: bytes | None, width: float) -> Image | None:
    """A photo scaled for print, its colours made sRGB without transparency."""
    if data is None:
        return None
    try:
        with PilImage.open(io.BytesIO(data)) as opened:
            opened.thumbnail((_PHOTO, _PHOTO))
            plain = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, PilImage.DecompressionBombError):
        return None
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82)
    out.seek(0)
    height = width * plain.height / plain.width
    scale = min(1.0, 62 * mm / height)
    return Image(out, width * scale, height * scale, hAlign="LEFT")


def draw_labels(labels: Sequence[LabelData], words: Words) -> bytes:
    """Labels 70 × 40 mm, one a page: black on white, the number first; nothing names project, client or maker."""
    register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(LABEL_WIDTH, LABEL_HEIGHT), invariant=1, pageCompression=1, initialFontName=REGULAR)
    for label in labels:
        _draw_label(canvas, label, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_label(canvas: Canvas, label: LabelData, words: Words) -> None:
    edge = 2.5 * mm
    left = LABEL_WIDTH - _QR - edge
    draw_qr(canvas, label.qr_text, left, LABEL_HEIGHT - _QR - 1 * mm, _QR, strong=True)
    canvas.setFillColorRGB(0, 0, 0)
    room = left - 1.5 * edge
    _fit(canvas, label.blind_number, (edge, LABEL_HEIGHT - 12.5 * mm), room, BOLD, 30)
    _fit(canvas, say_aloud(label.blind_number), (edge, LABEL_HEIGHT - 18.5 * mm), room, REGULAR, 9.5)
    _fit(canvas, f"{label.material} {label.size}", (edge, LABEL_HEIGHT - 26 * mm), room, BOLD, 13)
    canvas.setLineWidth(0.8)
    canvas.line(edge, 11 * mm, LABEL_WIDTH - edge, 11 * mm)
    tests = _kinds(label.tests, words)
    _fit(
        canvas,
        f"{words('label.piece', piece=label.piece)}　{tests}",
        (edge, 6.2 * mm),
        LABEL_WIDTH - 2 * edge,
        BOLD,
        10.5,
    )
    if label.due_on:
        text = words("label.due", day=label.due_on.isoformat())
        _fit(canvas, text, (edge, 2 * mm), LABEL_WIDTH - 2 * edge, REGULAR, 9.5)


def _fit(canvas: Canvas, text: str, at: tuple[float, float], room: float, font: str, size: float) -> None:
    """Draw one line, smaller if it would not fit."""
    shown = printable(text)
    width = stringWidth(shown, font, size)
    canvas.setFont(font, size if width <= room else size * room / width)
    canvas.drawString(at[0], at[1], shown)


def _head(laboratory: Laboratory, title: str, number: str, qr_text: str) -> Table:
    left: list[Flowable] = [
        paragraph(laboratory.name, style(11, bold=True)),
        Spacer(0, 2 * mm),
        paragraph(title, style(20, bold=True)),
        Spacer(0, 3 * mm),
        paragraph(number, style(11)),
    ]
    table = Table([[left, QrFlowable(qr_text, _QR)]], colWidths=[BODY - _QR - 2 * mm, _QR + 2 * mm])
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("LINEBELOW", (0, 0), (-1, -1), 1, INK),
            ]
        )
    )
    return table


def _sign_lines(words: Words) -> Table:
    captions = [words("sign.deliverer"), words("sign.reception"), words("sign.date")]
    cells = [Paragraph(f"{caption}：", style(9)) for caption in captions]
    table = Table([cells], colWidths=[BODY / 3] * 3, rowHeights=12 * mm)
    table.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.6, LINE), ("VALIGN", (0, 0), (-1, -1), "BOTTOM")]))
    return table


def _foot(left: str, words: Words) -> Decoration:
    def decorate(canvas: Canvas, number: int, total: int) -> None:
        footer(canvas, left, words("page", number=number, total=total))

    return decorate


def _kinds(kinds: Iterable[TestKind], words: Words) -> str:
    return "、".join(words(f"kind.{kind.value}") for kind in kinds)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "—"
