"""A region in a test: a platform, laboratories with certified keys, one project, and everything one report stands on."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from labdesk.domain.commission import Commission, LotOrder, SampleOrder, Sampling, TestType
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind, Value, Verdict
from labdesk.domain.messages import (
    Actor,
    Body,
    EvaluationBody,
    ReceivedLot,
    ReceivedSample,
    ReceptionBody,
    ReportIssuedBody,
    ReportRequestBody,
    RunBody,
    SignatureBody,
    named_hashes,
    natural_key,
)
from labdesk.domain.outbox import MessageKind, OutboxMessage
from labdesk.domain.people import Field
from labdesk.domain.people import Laboratory as LabRecord
from labdesk.domain.projects import Authorisation, Party, PartyRole, Project, SitePerson, SiteRole, Unit
from labdesk.domain.reporting import (
    CommissionLine,
    Environment,
    Laboratory,
    ProjectLine,
    ReportData,
    RunLine,
    SampleLine,
    SignatureLine,
    SignatureRole,
)
from labdesk.domain.sealed_run import encode_run, run_hash
from labdesk.evidence.canonical import canonical_bytes, canonical_hash, sha256_hex
from labdesk.evidence.documents import sign_document
from labdesk.evidence.keys import Ed25519Key, KeyUse, P256Key
from labdesk.evidence.report_code import ReportClaims, make_qr_text
from labdesk.evidence.trust import Trust
from labdesk.platform.api.context import Context
from labdesk.platform.rules.authority import PlatformIdentity
from labdesk.platform.server import admin
from labdesk.platform.server.setup import Settings, open_platform
from labdesk.sync.client import LabIdentity
from labdesk.wire.bodies import BODIES
from labdesk.wire.envelope import MESSAGE_DOCUMENT, VERSION, Envelope
from tests.unit.domain.test_sealed_run import RUN

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
IDENTITY = PlatformIdentity("platform.example", "营口", "YK")
PROJECT_CODE = "LN-2108-0031-7752"
SAMPLER = SitePerson("王海涛", "QY-2108-0117", "辽宁三建集团有限公司")
WITNESS = SitePerson("赵敏", "JZ-2108-0042", "营口正信监理有限公司")
TESTER, REVIEWER, APPROVER = Actor("p-1", "张建国"), Actor("p-2", "李雯"), Actor("p-3", "陈立")


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._now

    def move(self, by: timedelta) -> None:
        """Forward, or back as clocks do."""
        self._now += by


class CountingIds:
    """Keys that count, in the form of a UUIDv7."""

    def __init__(self, start: int = 0) -> None:
        self._count = start

    def new_id(self) -> str:
        """The next key."""
        self._count += 1
        return f"019aa000-0000-7000-8000-{self._count:012d}"


PROJECT = Project(
    code=PROJECT_CODE,
    name="滨海大厦 2#楼",
    address="营口市鲅鱼圈区滨海大道 18 号",
    parties=(
        Party(PartyRole.CLIENT, "营口滨海置业有限公司"),
        Party(PartyRole.CONTRACTOR, SAMPLER.company),
        Party(PartyRole.SUPERVISOR, WITNESS.company),
    ),
    units=(Unit("01", "2#楼主体"),),
    authorisations=(
        Authorisation(SAMPLER, SiteRole.SAMPLER, date(2026, 1, 1), date(2026, 12, 31), "SQ-01"),
        Authorisation(WITNESS, SiteRole.WITNESS, date(2026, 1, 1), date(2026, 12, 31), "SQ-02"),
    ),
)


def sampling(delay_min: int = 14, sampler: SitePerson = SAMPLER) -> Sampling:
    """A sampling witnessed after so many minutes."""
    taken = NOON - timedelta(days=1)
    return Sampling(
        sampler=sampler,
        witness=WITNESS,
        sampled_at=taken,
        witnessed_at=taken + timedelta(minutes=delay_min),
        latitude=Decimal("40.2600"),
        longitude=Decimal("122.1200"),
        distance_m=Decimal(86),
    )


def commission(number: str = "WT-2026-01877", how: Sampling | None = None, tags: str = "YK21074408") -> Commission:
    """A commission of one rebar lot with two bars to be pulled."""
    lot = LotOrder(
        index=1,
        method="rebar-lot",
        field=Field.STEEL,
        material="热轧带肋钢筋",
        settings={"grade": "HRB400E", "diameter_mm": "25"},
        part="三层柱 ③–⑥/Ⓐ–Ⓓ",
        quantity="58.6 t",
        batch="L2610-77",
        maker="营口钢铁",
        required=2,
        samples=tuple(SampleOrder(index, f"{tags}{index}", "三层柱") for index in (1, 2)),
        sampling=how or sampling(),
    )
    return Commission(
        number=number,
        project_code=PROJECT_CODE,
        project_name=PROJECT.name,
        unit_name="2#楼主体",
        test_type=TestType.WITNESSED,
        commissioned_by=PROJECT.parties[0],
        client=PROJECT.parties[0],
        contractor=PROJECT.parties[1],
        supervisor=PROJECT.parties[2],
        lots=(lot,),
        issued_at=NOON - timedelta(hours=20),
    )


@dataclass(frozen=True)
class LabSide:
    """A laboratory: its keys and what it got from the platform."""

    id: str
    keys: Mapping[KeyUse, Ed25519Key | P256Key]
    registration: admin.Registration

    def key(self, use: KeyUse) -> Ed25519Key:
        """One of its Ed25519 keys."""
        key = self.keys[use]
        assert isinstance(key, Ed25519Key)
        return key

    def identity(self, head: str = "") -> LabIdentity:
        """As the sync client needs it."""
        return LabIdentity(self.id, self.key(KeyUse.DOCUMENT), FixedHead(head))

    def trust(self) -> Trust:
        """Pinned root with the list it was given."""
        given = self.registration
        pinned = Trust(given.platform, (bytes.fromhex(given.root_key),), None, (bytes.fromhex(given.pdf_authority),))
        return pinned.updated(base64.b64decode(given.trust_list))


@dataclass(frozen=True)
class FixedHead:
    """A log whose newest head is always this note."""

    note: str = ""

    def newest(self) -> str:
        """The note."""
        return self.note


@dataclass
class Region:
    """A platform over a folder and a database, with its clock."""

    context: Context
    clock: FixedClock
    ids: CountingIds
    labs: dict[str, LabSide] = field(default_factory=dict)

    def add_lab(self, lab_id: str = "YK-LAB-1") -> LabSide:
        """Register a laboratory and certify its keys."""
        registration = admin.add_lab(
            self.context, LabRecord(lab_id, f"{lab_id} 检测有限公司", "营口", "辽建检字第 042 号")
        )
        keys: dict[KeyUse, Ed25519Key | P256Key] = {
            use: Ed25519Key.generate() for use in (KeyUse.DOCUMENT, KeyUse.LOG, KeyUse.REPORT_CODE)
        }
        keys[KeyUse.PDF] = P256Key.generate()
        admin.certify_keys(self.context, lab_id, {use: key.public_key for use, key in keys.items()})
        self.labs[lab_id] = LabSide(lab_id, keys, registration)
        return self.labs[lab_id]

    def send_out(self, found: Commission, lab_id: str = "YK-LAB-1") -> None:
        """Import project and commission."""
        admin.import_records(
            self.context, admin.ImportFile(projects=(PROJECT,), commissions=(admin.CommissionFor(lab_id, found),))
        )

    def message(self, body: Body, attachments: tuple[str, ...] = ()) -> OutboxMessage:
        """A body as it lies in the outbox."""
        return outgoing(body, self.ids, self.clock.now(), attachments)


def outgoing(body: Body, ids: CountingIds, at: datetime, attachments: tuple[str, ...] = ()) -> OutboxMessage:
    """A body as a message in the outbox."""
    data = canonical_bytes(body)
    return OutboxMessage(
        id=ids.new_id(),
        kind=next(kind for kind, body_type in BODIES.items() if isinstance(body, body_type)),
        natural_key=natural_key(body),
        stream=body.commission_no or "laboratory",
        body=data,
        sha256=sha256_hex(data),
        attachments=tuple(dict.fromkeys((*named_hashes(body), *attachments))),
        created_at=at,
    )


def region(folder: Path, database_url: str = "") -> Region:
    """A new region."""
    clock, ids = FixedClock(), CountingIds()
    return Region(open_platform(Settings(folder, IDENTITY, database_url), clock, ids), clock, ids)


def envelope_of(message: OutboxMessage, lab: LabSide) -> Envelope:
    """The message in its envelope, signed with the laboratory's key."""
    bare = Envelope(
        version=VERSION,
        id=message.id,
        kind=MessageKind(message.kind),
        natural_key=message.natural_key,
        stream=message.stream,
        lab_id=lab.id,
        created_at=message.created_at,
        sha256=message.sha256,
        attachments=message.attachments,
        body=message.body.decode("utf-8"),
        key_id=lab.key(KeyUse.DOCUMENT).key_id,
    )
    return replace(
        bare, signature=sign_document(bare.signed_part(), MESSAGE_DOCUMENT, lab.key(KeyUse.DOCUMENT)).signature
    )


@dataclass(frozen=True)
class Story:
    """Everything one report stands on, and the report; ``runs`` are the sealed bytes by hash."""

    reception: ReceptionBody
    runs: Mapping[str, bytes]
    run_bodies: tuple[RunBody, ...]
    evaluation: EvaluationBody
    signatures: tuple[SignatureBody, ...]
    request: ReportRequestBody

    def before_request(self) -> tuple[Body, ...]:
        """All bodies that must arrive before the code is asked for."""
        return (self.reception, *self.run_bodies, self.evaluation, *self.signatures)


def sealed(label: str, run_id: str) -> bytes:
    """Bytes of a sealed run of a specimen."""
    request = replace(RUN.header.request, run_id=run_id, specimen_label=label, operator_id=TESTER.id)
    return encode_run(replace(RUN, header=replace(RUN.header, request=request)))


def story(found: Commission, lab_id: str = "YK-LAB-1", report_no: str = "GJ-2026-00031", mark: str = "K4") -> Story:
    """A complete, honest course of one lot."""
    lot, labels = found.lots[0], (f"{mark}-0721", f"{mark}-0722")
    runs = {run_hash(data): data for data in (sealed(label, f"run-{label}") for label in labels)}
    lot_input = LotInput(
        method=lot.method,
        rules="GB1499.2-2024",
        settings=lot.settings,
        specimens=tuple(
            SpecimenInput(label, (TestKind.TENSION,), run_hash=digest)
            for label, digest in zip(labels, runs, strict=True)
        ),
    )
    evaluation = Evaluation(
        method=lot.method,
        rules="GB1499.2-2024",
        values=tuple(
            Value(symbol, "MPa", Decimal(raw), Decimal(rounded), limit, Verdict.PASS, "7.4.1", label)
            for label in labels
            for symbol, raw, rounded, limit in (("ReL", "418.6", "420", ">= 400"), ("Rm", "586.2", "585", ">= 540"))
        ),
        verdict=Verdict.PASS,
        engine="0.1.0",
    )
    digest = canonical_hash(evaluation)
    about = {"commission_no": found.number, "project_code": found.project_code, "lot_index": 1}
    data = report_data(found, lab_id, report_no, lot_input, evaluation)
    return Story(
        reception=_reception(found, labels),
        runs=runs,
        run_bodies=tuple(_run(found, label, runs[key], key) for label, key in zip(labels, runs, strict=True)),
        evaluation=EvaluationBody(
            **about,  # type: ignore[arg-type]
            lot_no="GJ-2026-00031",
            input=lot_input,
            evaluation=evaluation,
            evaluated_at=NOON + timedelta(hours=2),
            evaluated_by=TESTER,
        ),
        signatures=_signatures(found, report_no, digest),
        request=ReportRequestBody(**about, data=data, data_sha256=canonical_hash(data)),  # type: ignore[arg-type]
    )


def _signatures(found: Commission, report_no: str, digest: str) -> tuple[SignatureBody, ...]:
    people = zip(
        (SignatureRole.TESTED, SignatureRole.REVIEWED, SignatureRole.APPROVED),
        (TESTER, REVIEWER, APPROVER),
        strict=True,
    )
    return tuple(
        SignatureBody(
            commission_no=found.number,
            project_code=found.project_code,
            lot_index=1,
            signature_id=f"s-{report_no}-{role.value}",
            subject="report",
            role=role,
            signer=signer,
            signed_at=NOON + timedelta(hours=3),
            evaluation_sha256=digest,
            report_no=report_no,
            issue_no=1,
            authorisation="SQR-7" if role is SignatureRole.APPROVED else "",
        )
        for role, signer in people
    )


def report_data(
    found: Commission, lab_id: str, report_no: str, lot_input: LotInput, evaluation: Evaluation
) -> ReportData:
    """What the report says."""
    lot = found.lots[0]
    roles = zip(
        (SignatureRole.TESTED, SignatureRole.REVIEWED, SignatureRole.APPROVED),
        (TESTER, REVIEWER, APPROVER),
        strict=True,
    )
    return ReportData(
        title="钢筋力学性能检测报告",
        report_no=report_no,
        issue_no=1,
        laboratory=Laboratory(lab_id, "营口示例建筑工程质量检测有限公司", qualification_number="辽建检字第 042 号"),
        commission=CommissionLine(
            number=found.number,
            client=found.client.name,
            client_role=PartyRole.CLIENT,
            test_type=found.test_type,
            received_on=date(2026, 11, 21),
            sampler=lot.sampling.sampler,
            witness=lot.sampling.witness,
        ),
        project=ProjectLine(found.project_code, found.project_name, found.unit_name, lot.part),
        sample=SampleLine("GJ-2026-00031", lot.material, "HRB400E", "Φ25", represented_quantity=lot.quantity),
        tested_from=date(2026, 11, 21),
        tested_to=date(2026, 11, 21),
        issued_on=date(2026, 11, 21),
        lot=lot_input,
        evaluation=evaluation,
        standards=(),
        equipment=(),
        environment=Environment(),
        runs=tuple(
            RunLine(item.label, f"SY-{index}", item.run_hash, "JC-07", NOON)
            for index, item in enumerate(lot_input.specimens)
        ),
        signatures=tuple(
            SignatureLine(role, person.name, person.id, NOON + timedelta(hours=3)) for role, person in roles
        ),
        conclusion="所检项目符合 GB/T 1499.2-2024 中 HRB400E 的要求。",
    )


def issued_body(found: Story, result: Mapping[str, str], lab: LabSide, pdf: bytes) -> ReportIssuedBody:
    """The finished report under the code that the platform gave."""
    data = found.request.data
    claims = ReportClaims(
        platform=result["platform"],
        lab_id=lab.id,
        code=result["report_code"],
        report_no=data.report_no,
        issue_no=data.issue_no,
        replaces=data.replaces_issue,
        project_code=data.project.code,
        data_hash=canonical_hash(data),
        values=(),
        verdict=data.evaluation.verdict.value,
        issued_at=datetime.fromisoformat(result["granted_at"]),
    )
    return ReportIssuedBody(
        commission_no=data.commission.number,
        project_code=data.project.code,
        report_code=result["report_code"],
        report_no=data.report_no,
        issue_no=data.issue_no,
        pdf_sha256=sha256_hex(pdf),
        qr_text=make_qr_text(claims, lab.key(KeyUse.REPORT_CODE)),
        issued_at=NOON + timedelta(hours=4),
    )


def _reception(found: Commission, labels: tuple[str, ...]) -> ReceptionBody:
    return ReceptionBody(
        commission_no=found.number,
        project_code=found.project_code,
        receipt_no=f"SY-{found.number}",
        received_at=NOON,
        received_by=Actor("p-9", "周敏"),
        station="收样台 1",
        deliverer="王海涛",
        lots=(ReceivedLot(1, "GJ-2026-00031"),),
        samples=tuple(
            ReceivedSample(1, sample.index, sample.tag, "match", label, NOON, looked_sound=True)
            for sample, label in zip(found.lots[0].samples, labels, strict=True)
        ),
    )


def _run(found: Commission, label: str, data: bytes, digest: str) -> RunBody:
    header = RUN.header
    return RunBody(
        commission_no=found.number,
        project_code=found.project_code,
        lot_index=1,
        specimen_label=label,
        run_id=f"run-{label}",
        run_number=f"SY-{label}",
        run_hash=digest,
        run_class="test",
        method="rebar-lot",
        machine_id=header.request.machine_id,
        operator=TESTER,
        started_at=header.started_at,
        sealed_at=header.sealed_at,
        end_reason=header.end_reason.value,
        samples=len(RUN.times_ns),
        peak_kn=RUN.peak_kn,
        marks=tuple(mark.value for mark in header.marks),
    )
