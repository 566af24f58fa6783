"""What a report says, put together from the lot, its commission and project, the runs, the evaluation and the signatures.

Everything comes from what is stored; nothing is typed for a report. Order 57, article 21, and the CMA rules decide what must be
there; remarks about runs that were invalid, lost or read by hand are written out in full sentences.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from labdesk.domain.clock import WALL
from labdesk.domain.commission import Commission, LotOrder
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, Verdict
from labdesk.domain.people import Laboratory as LaboratoryRecord
from labdesk.domain.plain import from_plain
from labdesk.domain.projects import Project
from labdesk.domain.reporting import (
    CommissionLine,
    Environment,
    EquipmentLine,
    Laboratory,
    ProjectLine,
    ReportData,
    RunLine,
    SampleLine,
    SignatureLine,
    StandardLine,
)
from labdesk.domain.review import Draft, Signature
from labdesk.domain.sealed_run import RunHeader
from labdesk.domain.sentences import Language, catalogue, say
from labdesk.domain.specimens import Lot, piece_label
from labdesk.domain.testing import Disposition, LostRunFinding, Run
from labdesk.services.house_rules import standard_of
from labdesk.services.loaded_products import hand_sheet, shape_of
from labdesk.services.lot_forms import ROOM_HUMIDITY, ROOM_TEMPERATURE, form_by
from labdesk.services.lot_words import conclusion_words, symbol_words
from labdesk.services.method_info import LotForm
from labdesk.services.report_sheet import entry_sheet, judging_standards, method_standards, sheet_conclusion
from labdesk.services.review_facts import ReviewFacts
from labdesk.services.review_notices import entry_chains

CHINA = WALL
_ZH = Language.ZH
#: Test methods by our method ids; the standard that judges comes from the ruleset.
_METHODS: Mapping[str, tuple[str, ...]] = {
    "rebar-lot": ("GB/T 28900-2022", "GB/T 228.1-2021"),
    **dict.fromkeys(
        ("concrete-cube", "concrete-flexural", "concrete-splitting", "concrete-prism", "concrete-modulus"),
        ("GB/T 50081-2019",),
    ),
    "concrete-same-condition": ("GB/T 50081-2019",),
    "cement-strength": ("GB/T 17671-2021",),
    "brick-strength": ("GB/T 2542-2012",),
    "rebar-splice": ("JGJ/T 27-2014", "GB/T 228.1-2021"),
    "rebar-splice-process": ("JGJ/T 27-2014", "GB/T 228.1-2021"),
    "rebar-weld": ("JGJ/T 27-2014", "GB/T 228.1-2021"),
    "straightened-bar": ("GB/T 28900-2022",),
}
#: Entries of the lot as a whole that describe the room.
_TEMPERATURE, _HUMIDITY = "temperature_c", "humidity_percent"


@dataclass(frozen=True)
class ReportFacts:
    """What a report is made from.

    Attributes:
        review: the draft with lot, commission, runs, entries and signatures.
        laboratory: as registered.
        project: as the platform issued it, ``None`` if it has not arrived (the commission then names it).
        headers: headers of the sealed runs that the evaluation used, by run hash: machine and calibration as they were.
        deliverer: who stood at the counter; empty = the sampler (取样员即送试员).
    """

    review: ReviewFacts
    laboratory: LaboratoryRecord
    project: Project | None
    headers: Mapping[str, RunHeader]
    deliverer: str = ""


def laboratory_from(text: str | None) -> LaboratoryRecord:
    """The laboratory as kept in the database's facts; raises OperatorError ``setup.not_done``."""
    if text is None:
        raise OperatorError("setup.not_done")
    return from_plain(LaboratoryRecord, json.loads(text))


def build_report_data(facts: ReportFacts) -> ReportData:
    """The report's data; a draft without signatures yet says so by having none.

    Raises:
        OperatorError: ``reporting.no_commission`` where the commission is not here, ``review.no_such_subject``.
    """
    review = facts.review
    draft, commission, order = review.draft, review.commission, review.order()
    if draft is None:
        raise OperatorError("review.no_such_subject", id=review.subject_id or review.number)
    if commission is None or order is None:
        raise OperatorError("reporting.no_commission", number=review.lot.commission_no)
    runs = _used_runs(review)
    measured = [_day(entry.at) for entry in review.bench.entries]
    days = [_day(run.started_at) for run in runs] or measured or [_day(review.stored.at)]
    last = review.signatures[-1].at if review.signatures else review.stored.at
    stored = review.stored
    form = form_by(stored.lot.method, stored.evaluation.rules)
    return ReportData(
        title=_title_of(review.lot.method, form),
        report_no=draft.report_no,
        issue_no=draft.issue_no,
        laboratory=_laboratory(facts.laboratory),
        commission=_commission(commission, order, review.lot, facts.deliverer),
        project=_project(facts.project, commission, review.lot),
        sample=_sample(review.lot, stored.lot),
        tested_from=min(days),
        tested_to=max(days),
        issued_on=_day(last),
        lot=stored.lot,
        evaluation=stored.evaluation,
        standards=_standards(stored.evaluation, form),
        equipment=_equipment(facts.headers),
        environment=_environment(review, form),
        runs=tuple(_run_lines(review)),
        signatures=_signatures(draft, review),
        conclusion=conclusion(review),
        replaces_issue=draft.issue_no - 1,
        replace_reason=stored.reason if draft.issue_no > 1 else "",
        remarks=tuple(_remarks(review)),
        sheet=hand_sheet(review.lot, stored.lot, _ZH) if form is None else entry_sheet(form, stored.lot, _ZH),
    )


def _day(moment: datetime) -> date:
    """The day on the laboratory's wall."""
    return moment.astimezone(CHINA).date()


def _title_of(method: str, form: LotForm | None) -> str:
    key = f"reporting.title.{method}"
    if key in catalogue():
        return say(key, _ZH)
    if form is None:
        return say("reporting.title.other", _ZH)
    return say("sheets.report_title", _ZH, method=form.words[_ZH])


def _laboratory(record: LaboratoryRecord) -> Laboratory:
    return Laboratory(
        lab_id=record.id,
        name=record.name,
        address=record.address,
        phone=record.phone,
        cma_number=record.cma_no,
        qualification_number=record.certificate_no,
        test_place=record.address,
    )


def _commission(commission: Commission, order: LotOrder, lot: Lot, deliverer: str) -> CommissionLine:
    return CommissionLine(
        number=commission.number,
        client=commission.commissioned_by.name,
        client_role=commission.commissioned_by.role,
        test_type=commission.test_type,
        received_on=_day(lot.received_at),
        sampler=order.sampling.sampler,
        witness=order.sampling.witness,
        deliverer=deliverer or order.sampling.sampler.name,
    )


def _project(project: Project | None, commission: Commission, lot: Lot) -> ProjectLine:
    parties = project.parties if project is not None else ()
    return ProjectLine(
        code=commission.project_code,
        name=commission.project_name,
        unit=commission.unit_name,
        part=lot.part,
        parties=parties or (commission.client, commission.contractor, commission.supervisor),
    )


def _sample(lot: Lot, used: LotInput) -> SampleLine:
    labels = {piece_label(piece.label) for piece in used.specimens}
    pieces = [piece for piece in lot.specimens if piece.label in labels]
    return SampleLine(
        number=lot.number,
        name=lot.material,
        grade=lot.settings.get("grade") or lot.settings.get("design_grade", ""),
        size=_size(lot),
        maker=lot.maker,
        batch=lot.batch,
        represented_quantity=lot.quantity,
        tags=tuple(dict.fromkeys(piece.tag for piece in pieces if piece.tag)),
        specimen_labels=tuple(piece.label for piece in pieces),
        made_on=_day(lot.cast_at) if lot.cast_at is not None else None,
        curing=lot.settings.get("curing", ""),
        condition=say("reporting.condition_sound", _ZH),
    )


def _size(lot: Lot) -> str:
    diameter, side = lot.settings.get("diameter_mm"), lot.settings.get("side_mm")
    if diameter:
        return f"φ{diameter} mm"
    if shape := shape_of(lot):
        return shape
    return f"{side}×{side}×{side} mm" if side else lot.settings.get("size", "")


def _standards(evaluation: Evaluation, form: LotForm | None) -> tuple[StandardLine, ...]:
    methods = _METHODS.get(evaluation.method, ()) if form is None else method_standards(form)
    lines = [StandardLine("method", number, _title(number)) for number in methods]
    if form is None:
        judging = [number for number in (standard_of(evaluation.rules),) if number not in methods]
    else:  # the same standard may say how to test and what is required: both lines are printed
        judging = list(judging_standards(form, evaluation)) if any(value.limit for value in evaluation.values) else []
    return (*lines, *(StandardLine("judgement", number, _title(number)) for number in judging))


def _title(number: str) -> str:
    key = f"reporting.standard.{number}"
    return say(key, _ZH) if key in catalogue() else ""


def _equipment(headers: Mapping[str, RunHeader]) -> tuple[EquipmentLine, ...]:
    """Machines with the calibration that was frozen into the runs, not today's."""
    lines = {
        EquipmentLine(
            number=header.machine.number,
            name=header.machine.name,
            range_text=f"0～{header.machine.capacity_kn.normalize():f} kN",
            certificate_no=header.request.calibration.certificate_no,
            valid_to=header.request.calibration.valid_to,
        )
        for header in headers.values()
    }
    return tuple(sorted(lines, key=lambda line: (line.number, line.certificate_no)))


def _environment(review: ReviewFacts, form: LotForm | None) -> Environment:
    """The room; a method's own input of that name (the temperature of a bend) says nothing about it."""
    newest = {
        chain[-1].name: chain[-1].text for chain in entry_chains(review.bench.entries) if not chain[-1].specimen_label
    }
    names = (_TEMPERATURE, _HUMIDITY) if form is None else (ROOM_TEMPERATURE, ROOM_HUMIDITY)
    return Environment(*(_number(newest.get(name)) for name in names))


def _number(text: str | None) -> Decimal | None:
    try:
        value = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _used_runs(review: ReviewFacts) -> tuple[Run, ...]:
    """Runs that the evaluation's values come from, by curve or by a reading of the display."""
    hashes = {piece.run_hash for piece in review.stored.lot.specimens if piece.run_hash}
    read = set(_manual(review))
    return tuple(run for run in review.bench.runs if run.sealed_sha256 in hashes or run.id in read)


def _manual(review: ReviewFacts) -> dict[str, LostRunFinding]:
    """Readings of the display that the evaluation uses, by run."""
    labels = {piece.label for piece in review.stored.lot.specimens if piece.manual_peak_kn is not None}
    of_run = {run.id: run.specimen_label for run in review.bench.runs}
    return {
        item.run_id: item
        for item in review.bench.findings
        if item.disposition is Disposition.PEAK_ON_DISPLAY and of_run.get(item.run_id) in labels
    }


def _run_lines(review: ReviewFacts) -> Iterator[RunLine]:
    manual = _manual(review)
    for run in _used_runs(review):
        finding = manual.get(run.id)
        yield RunLine(
            label=run.specimen_label,
            run_number=run.number,
            run_hash=None if finding is not None else run.sealed_sha256,
            equipment_no=run.machine_number,
            started_at=run.started_at,
            peak_kn=None if finding is not None else run.peak_kn,
            manual=finding is not None,
            manual_reason=finding.reason if finding is not None else "",
        )


def _signatures(draft: Draft, review: ReviewFacts) -> tuple[SignatureLine, ...]:
    """The three of the report and the checker of its raw record, in the order they were given."""
    del draft
    checked = [item for item in review.record_signatures if item.role.value == "checked"]
    given: list[Signature] = sorted([*checked, *review.signatures], key=lambda item: item.at)
    return tuple(SignatureLine(item.role, item.person_name, item.person_id, item.at, item.reference) for item in given)


def conclusion(review: ReviewFacts) -> str:
    """The printed conclusion in words."""
    evaluation = review.stored.evaluation
    form = form_by(evaluation.method, evaluation.rules)
    if form is not None:
        return sheet_conclusion(form, evaluation, _ZH)
    settings = review.stored.lot.settings
    if review.lot.method != "rebar-lot":
        return conclusion_words(evaluation, standard_of(evaluation.rules), settings, _ZH)
    grade = settings.get("grade") or settings.get("design_grade", "")
    failed = sorted({value.symbol for value in evaluation.values if value.verdict is Verdict.FAIL})
    return say(
        f"reporting.conclusion.{evaluation.verdict.value}",
        _ZH,
        standard=standard_of(evaluation.rules),
        grade=grade,
        items="、".join(symbol_words(symbol, _ZH) for symbol in failed) or "—",
    )


def _remarks(review: ReviewFacts) -> Iterator[str]:
    """What happened besides the evaluation's own remarks, which the layout prints itself."""
    used = _used_runs(review)
    machines: dict[str, list[str]] = {}
    for each in used:
        machines.setdefault(each.machine_number, []).append(each.specimen_label)
    if len(machines) > 1:
        told = (f"{number}（{'、'.join(labels)}）" for number, labels in sorted(machines.items()))
        yield say("reporting.remark.two_machines", _ZH, machines="；".join(told))
    numbers = {run.id: run for run in review.bench.runs}
    for item in review.bench.invalidations:
        run = numbers.get(item.run_id)
        key = "reporting.remark.replaced" if item.replacement_label else "reporting.remark.invalid"
        yield say(
            key,
            _ZH,
            label=run.specimen_label if run else "—",
            run=run.number if run else "—",
            reason=item.reason,
            replacement=item.replacement_label,
        )
    yield from _taken_on(review, used)
    for finding in review.bench.findings:
        run = numbers.get(finding.run_id)
        if run is not None and finding.disposition is not Disposition.UNBROKEN:
            yield say(
                f"reporting.remark.{finding.disposition.value}",
                _ZH,
                label=run.specimen_label,
                run=run.number,
                reason=finding.reason,
            )


def _taken_on(review: ReviewFacts, used: tuple[Run, ...]) -> Iterator[str]:
    """Runs with samples missing where they matter: who took them on, when and why."""
    runs = {run.id: run for run in used}
    for reason in review.bench.gap_reasons:
        if reason.run_id in runs:
            run = runs[reason.run_id]
            yield say(
                "gaps.remark",
                _ZH,
                label=run.specimen_label,
                run=run.number,
                person=reason.person_name,
                time=f"{reason.at.astimezone(CHINA):%Y-%m-%d %H:%M}",
                reason=reason.reason,
            )
