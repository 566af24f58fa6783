"""Whether everything that a report stands on has arrived (YK-7.2a, 7.2b; YK-6.3; O57).

A code is given only for a lot whose reception, runs with curves, witnessing within the deadline, evaluation and three signatures
by different people are here. What is missing is named piece by piece, so that the laboratory knows what to send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labdesk.domain.bench import MACHINE_TESTS
from labdesk.domain.capture import RunClass
from labdesk.domain.commission import Commission, LotOrder
from labdesk.domain.evaluation import Evaluation, SpecimenInput, Verdict
from labdesk.domain.profile import RegionProfile, Treatment
from labdesk.domain.reporting import ReportData, SignatureRole
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.specimens import piece_label
from labdesk.evidence.canonical import canonical_hash
from labdesk.wire.bodies import (
    Body,
    EvaluationBody,
    FailingResultBody,
    GapReasonBody,
    ManualReadingBody,
    ReceptionBody,
    ReportRequestBody,
    RunBody,
    SignatureBody,
)

REPORT_ROLES = (SignatureRole.TESTED, SignatureRole.REVIEWED, SignatureRole.APPROVED)
_MATCH = "match"


@dataclass(frozen=True)
class Arrived:
    """What the platform holds about one commission when a code is asked for.

    Attributes:
        lab_id: the laboratory that asks.
        commission: as the platform sent it out.
        bodies: everything that laboratory sent about it; curves named by runs have arrived, the intake saw to that.
        profile: the region profile in force when the lot was sampled.
        valid_issues: issue numbers of this report that are valid now, with the code they have.
    """

    lab_id: str
    commission: Commission
    bodies: tuple[Body, ...]
    profile: RegionProfile
    valid_issues: dict[int, str]


def missing(request: ReportRequestBody, arrived: Arrived) -> tuple[str, ...]:
    """What stands between the request and its code, as ``what:detail``; empty = complete."""
    lot = next((lot for lot in arrived.commission.lots if lot.index == request.lot_index), None)
    if lot is None:
        return (f"lot:{request.lot_index}",)
    found = [*_agreement(request, arrived, lot)]
    found += _reception(request, arrived)
    found += _witnessing(lot, arrived.profile)
    found += _runs(request, arrived)
    found += _evaluation(request, arrived)
    found += _signatures(request, arrived)
    found += _issue(request.data, arrived)
    return tuple(dict.fromkeys(found))


def _agreement(request: ReportRequestBody, arrived: Arrived, lot: LotOrder) -> Iterator[str]:
    """The report speaks of this laboratory, this project and this commission."""
    data, commission = request.data, arrived.commission
    pairs = (
        ("laboratory", data.laboratory.lab_id, arrived.lab_id),
        ("project", data.project.code, commission.project_code),
        ("commission", data.commission.number, commission.number),
        ("test-type", data.commission.test_type.value, commission.test_type.value),
        ("witness", data.commission.witness.certificate_no, lot.sampling.witness.certificate_no),
        ("sampler", data.commission.sampler.certificate_no, lot.sampling.sampler.certificate_no),
        ("method", data.lot.method, lot.method),
    )
    for name, said, known in pairs:
        if said != known:
            yield f"agreement:{name}"
    if request.data_sha256 != canonical_hash(data):
        yield "agreement:data"


def taken_in(verdict: str, profile: RegionProfile) -> bool:
    """Whether a piece with that verdict may have been received: a match, or a finding that the region only warns of."""
    return verdict == _MATCH or profile.treatment(verdict) in (Treatment.ALLOW, Treatment.WARN)


def _reception(request: ReportRequestBody, arrived: Arrived) -> Iterator[str]:
    received = {
        sample.label: sample
        for body in arrived.bodies
        if isinstance(body, ReceptionBody)
        for sample in body.samples
        if sample.lot_index == request.lot_index
    }
    for specimen in request.data.lot.specimens:
        sample = received.get(piece_label(specimen.label))
        if sample is None or not taken_in(sample.verdict, arrived.profile) or not sample.looked_sound:
            yield f"reception:{specimen.label}"


def _witnessing(lot: LotOrder, profile: RegionProfile) -> Iterator[str]:
    sampling = lot.sampling
    if sampling.sampler.certificate_no == sampling.witness.certificate_no:
        yield "witnessing:same-person"
    delay = sampling.witness_delay_min()
    late = delay < 0 or delay > profile.number("witness_delay_min")
    if late and profile.treatment("witness_late") in (Treatment.REFUSE, Treatment.HOLD):
        yield f"witnessing:{int(delay)}-min"


def _runs(request: ReportRequestBody, arrived: Arrived) -> Iterator[str]:
    runs = {body.run_hash: body for body in arrived.bodies if isinstance(body, RunBody)}
    readings = [body for body in arrived.bodies if isinstance(body, ManualReadingBody)]
    for specimen in request.data.lot.specimens:
        if specimen.run_hash is not None:
            run = runs.get(specimen.run_hash)
            if run is None or not _is_run_of(run, specimen, request.lot_index):
                yield f"run:{specimen.label}"
            elif RunMark.GAP_CRITICAL.value in run.marks and not any(_takes_on(body, run) for body in arrived.bodies):
                yield f"gap-reason:{specimen.label}"
        elif specimen.manual_peak_kn is not None:
            if not any(_is_reading_of(body, specimen, request.lot_index) for body in readings):
                yield f"manual-reading:{specimen.label}"
        elif MACHINE_TESTS & set(specimen.tests):
            yield f"run:{specimen.label}"


def _is_run_of(run: RunBody, specimen: SpecimenInput, lot_index: int) -> bool:
    return run.specimen_label == specimen.label and run.lot_index == lot_index and run.run_class == RunClass.TEST.value


def _takes_on(body: Body, run: RunBody) -> bool:
    """A run with samples missing where they matter counts by a reason of somebody who did not load it."""
    return (
        isinstance(body, GapReasonBody)
        and (body.run_id, body.run_hash) == (run.run_id, run.run_hash)
        and body.given_by.id != run.operator.id
        and bool(body.reason.strip())
    )


def _is_reading_of(body: ManualReadingBody, specimen: SpecimenInput, lot_index: int) -> bool:
    return (
        body.specimen_label == specimen.label
        and body.lot_index == lot_index
        and body.peak_kn == specimen.manual_peak_kn
        and body.read_by.id != body.witnessed_by.id
        and bool(body.photos)
    )


def _evaluation(request: ReportRequestBody, arrived: Arrived) -> Iterator[str]:
    data = request.data
    same_lot = (body for body in arrived.bodies if isinstance(body, EvaluationBody))
    if not any(
        body.lot_index == request.lot_index and body.input == data.lot and body.evaluation == data.evaluation
        for body in same_lot
    ):
        yield "evaluation"
    failed = data.evaluation.verdict in (Verdict.FAIL, Verdict.RETEST)
    if failed and not any(_tells_failure(body, request) for body in arrived.bodies):
        yield "failing-result"


def _tells_failure(body: Body, request: ReportRequestBody) -> bool:
    return (
        isinstance(body, FailingResultBody)
        and body.lot_index == request.lot_index
        and body.evaluation_sha256 == evaluation_hash(request.data.evaluation)
    )


def evaluation_hash(evaluation: Evaluation) -> str:
    """The canonical hash by which signatures and failing results name an evaluation."""
    return canonical_hash(evaluation)


def _signatures(request: ReportRequestBody, arrived: Arrived) -> Iterator[str]:
    """Tested, reviewed and approved, each by the person the report names, all three different (O57, article 21)."""
    data = request.data
    digest = evaluation_hash(data.evaluation)
    signed: dict[SignatureRole, str] = {}
    for role in REPORT_ROLES:
        named = next((line for line in data.signatures if line.role is role), None)
        if named is None or not any(
            _is_signature(body, request, role, digest) and body.signer.id == named.person_id
            for body in arrived.bodies
            if isinstance(body, SignatureBody)
        ):
            yield f"signature:{role.value}"
        else:
            signed[role] = named.person_id
    if len(set(signed.values())) != len(signed):
        yield "signature:same-person"


def _is_signature(body: SignatureBody, request: ReportRequestBody, role: SignatureRole, digest: str) -> bool:
    return (
        body.subject == "report"
        and body.role is role
        and body.lot_index == request.lot_index
        and body.report_no == request.data.report_no
        and body.issue_no == request.data.issue_no
        and body.evaluation_sha256 == digest
        and (role is not SignatureRole.APPROVED or bool(body.authorisation))
    )


def _issue(data: ReportData, arrived: Arrived) -> Iterator[str]:
    """A further issue replaces the one that is valid now and says why (ISO/IEC 17025, 7.8.8)."""
    if data.issue_no < 1 or data.issue_no != data.replaces_issue + 1:
        yield "issue:number"
    if data.replaces_issue == 0 and arrived.valid_issues:
        yield "issue:replaces"
    if data.replaces_issue and data.replaces_issue not in arrived.valid_issues:
        yield "issue:replaces"
    if data.replaces_issue and not data.replace_reason.strip():
        yield "issue:reason"
