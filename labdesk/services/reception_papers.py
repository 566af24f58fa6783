"""What the counter prints: rejection slip, receipt and labels, built from the facts of a reception."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from labdesk.domain.clock import WALL
from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.commission import Commission, LotOrder
from labdesk.domain.evaluation import TestKind
from labdesk.domain.people import Laboratory as LaboratoryRecord
from labdesk.domain.people import Session
from labdesk.domain.reception import Finding, Rejection, client_commissioned, rule_of
from labdesk.domain.reporting import (
    CommissionLine,
    LabelData,
    Laboratory,
    PhotoRef,
    ProjectLine,
    ReceiptData,
    ReceiptItem,
    SlipData,
)
from labdesk.domain.sentences import Language, say
from labdesk.domain.specimens import Lot
from labdesk.services.lot_forms import method_words

_ZH = Language.ZH


def laboratory_line(record: LaboratoryRecord) -> Laboratory:
    """The laboratory as printed."""
    return Laboratory(
        lab_id=record.id,
        name=record.name,
        address=record.address,
        phone=record.phone,
        cma_number=record.cma_no,
        qualification_number=record.certificate_no,
        test_place=record.address,
    )


def project_line(commission: Commission, part: str) -> ProjectLine:
    """Project, unit and part as the commission names them."""
    return ProjectLine(
        code=commission.project_code,
        name=commission.project_name,
        unit=commission.unit_name,
        part=part,
        parties=(commission.client, commission.contractor, commission.supervisor),
    )


def size_of(lot: LotOrder | Lot) -> str:
    """Size as printed on labels: ``Φ25`` or ``150 mm``."""
    diameter, side = lot.settings.get("diameter_mm"), lot.settings.get("side_mm")
    if diameter:
        return f"Φ{diameter}"
    return f"{side} mm" if side else lot.settings.get("size", "")


def method_name(lot: LotOrder | Lot, language: Language = _ZH) -> str:
    """What is tested, for methods that are not named by the kinds of test: ``砂的含泥量``."""
    words = method_words(lot.method)
    return "" if words is None else words[language]


def sentence_of(finding: Finding) -> str:
    """The refusal in Chinese, for slips and the platform."""
    return say(f"reception.verdict.{finding.verdict.value}", _ZH)


def printed_papers(papers: Iterable[str]) -> str:
    """Papers as a slip names them."""
    return "、".join(say(f"reception.paper.{paper}", _ZH) for paper in papers)


def paper_words(papers: Iterable[str]) -> tuple[str, ...]:
    """Papers as words of a sentence, said in the language of whoever reads it."""
    return tuple(f"@reception.paper.{paper}" for paper in papers)


def slip_data(
    rejection: Rejection, commission: Commission, laboratory: LaboratoryRecord, session: Session, lot: LotOrder | None
) -> SlipData:
    """The rejection slip."""
    finding = rejection.finding
    sampling = lot.sampling if lot else None
    return SlipData(
        slip_no=rejection.number,
        laboratory=laboratory_line(laboratory),
        commission_no=commission.number,
        project=project_line(commission, lot.part if lot else ""),
        tag=rejection.tag,
        sample_name=f"{lot.material} {size_of(lot)}" if lot else "—",
        refused_at=rejection.at,
        refused_by=session.person.name,
        station=session.station,
        reason=sentence_of(finding),
        rule_id=rule_of(finding.verdict),
        clause=say(f"reception.clause.{rule_of(finding.verdict)}", _ZH),
        qr_text=format_code(CodeKind.COMMISSION, commission.number),
        deliverer=sampling.sampler.name if sampling else "",
        field=say(f"reception.field.{finding.field}", _ZH) if finding.field else "",
        expected=finding.expected,
        found=finding.found,
        photos=tuple(PhotoRef(photo.sha256, photo.caption) for photo in sampling.photos) if sampling else (),
    )


def label_data(lots: Iterable[Lot]) -> list[LabelData]:
    """Labels of all specimens; they name material and size, never project, part or maker (blind sample)."""
    return [
        LabelData(
            blind_number=piece.label,
            qr_text=format_code(CodeKind.SPECIMEN, piece.label),
            material=lot.material,
            size=" ".join(part for part in (size_of(lot), method_name(lot)) if part),
            piece=f"{piece.piece}/{len(lot.specimens)}",
            tests=piece.tests,
            due_on=lot.due_at.astimezone(WALL).date() if lot.due_at else None,
        )
        for lot in lots
        for piece in lot.specimens
    ]


def receipt_data(
    receipt_no: str, commission: Commission, lots: list[Lot], laboratory: LaboratoryRecord, by: tuple[Session, datetime]
) -> ReceiptData:
    """The receipt handed over the counter."""
    session, at = by
    first = commission.lots[0]
    remarks = () if client_commissioned(commission) else (say("reception.not_client", _ZH),)
    return ReceiptData(
        receipt_no=receipt_no,
        laboratory=laboratory_line(laboratory),
        commission=CommissionLine(
            number=commission.number,
            client=commission.commissioned_by.name,
            client_role=commission.commissioned_by.role,
            test_type=commission.test_type,
            received_on=at.astimezone(WALL).date(),
            sampler=first.sampling.sampler,
            witness=first.sampling.witness,
            deliverer=first.sampling.sampler.name,
        ),
        project=project_line(commission, "；".join(dict.fromkeys(lot.part for lot in lots))),
        received_at=at,
        received_by=session.person.name,
        station=session.station,
        items=tuple(_item(lot) for lot in lots),
        qr_text=format_code(CodeKind.COMMISSION, commission.number),
        remarks=remarks,
    )


def _item(lot: Lot) -> ReceiptItem:
    kinds: list[TestKind] = []
    for piece in lot.specimens:
        kinds += [kind for kind in piece.tests if kind not in kinds]
    grade = lot.settings.get("grade") or lot.settings.get("design_grade", "")
    return ReceiptItem(
        sample_number=lot.number,
        name=lot.material,
        description=" · ".join(
            part for part in (f"{grade} {size_of(lot)}".strip(), method_name(lot), lot.part) if part
        ),
        quantity=len(lot.specimens),
        tags=tuple(dict.fromkeys(piece.tag for piece in lot.specimens)),
        labels=tuple(piece.label for piece in lot.specimens),
        tests=tuple(kinds),
        due_on=lot.due_at.astimezone(WALL).date() if lot.due_at else None,
    )
