"""Reception: look, then scan every tag; green, or red with the field that differs and both values (YK-7.4).

Pure rules: facts in, verdicts out. What a finding means - refuse, hold, warn, allow - is said by the region profile; the
refusals the mission makes mandatory have no override anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR
from enum import StrEnum

from labdesk.domain.clock import WALL
from labdesk.domain.commission import Commission, LotOrder, Sampling, TagRecord, TagState, TestType
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import RegionProfile, Treatment
from labdesk.domain.projects import PartyRole, Project, SiteRole


class Look(StrEnum):
    """What the eyes said before the scan."""

    NOT_YET = "not_yet"
    SOUND = "sound"
    TAG_DAMAGED = "tag_damaged"
    PIECE_DAMAGED = "piece_damaged"


class ScanVerdict(StrEnum):
    """What one scan at the counter means. Values are also the findings' names in the region profile."""

    MATCH = "match"
    LOOK_FIRST = "look_first"
    UNKNOWN_TAG = "unknown_tag"
    OTHER_COMMISSION = "other_commission"
    WRONG_PROJECT = "wrong_project"
    ALREADY_SCANNED = "already_scanned"
    ALREADY_RECEIVED = "already_received"
    ALREADY_REFUSED = "already_refused"
    TAG_VOID = "tag_void"
    WITNESS_LATE = "witness_late"
    SAMPLER_NOT_AUTHORISED = "sampler_not_authorised"
    WITNESS_NOT_AUTHORISED = "witness_not_authorised"
    SAMPLER_IS_WITNESS = "sampler_is_witness"
    SITE_TOO_FAR = "site_too_far"
    NOT_CLIENT_COMMISSION = "not_client_commission"
    PAPER_MISSING = "paper_missing"
    TAG_DAMAGED = "tag_damaged"
    PIECE_DAMAGED = "piece_damaged"
    QUANTITY_SHORT = "quantity_short"


# Said and sounded, but nothing new happens to the piece: the person scans again, or has scanned or refused this one before.
HARMLESS = frozenset({ScanVerdict.LOOK_FIRST, ScanVerdict.ALREADY_SCANNED, ScanVerdict.ALREADY_REFUSED})
# What the eyes said of a piece is final once it is on record: a second look does not mend it (no exception, no release).
SEEN_DAMAGED = frozenset({ScanVerdict.TAG_DAMAGED, ScanVerdict.PIECE_DAMAGED})
# Verdicts that hold for a lot as a whole, whichever of its pieces is scanned.
OF_LOT = frozenset(
    {
        ScanVerdict.WITNESS_LATE,
        ScanVerdict.SAMPLER_NOT_AUTHORISED,
        ScanVerdict.WITNESS_NOT_AUTHORISED,
        ScanVerdict.SAMPLER_IS_WITNESS,
        ScanVerdict.SITE_TOO_FAR,
        ScanVerdict.NOT_CLIENT_COMMISSION,
    }
)
RULE_OF = {
    ScanVerdict.WITNESS_LATE: "YK-6.3",
    ScanVerdict.SAMPLER_NOT_AUTHORISED: "YK-5.1",
    ScanVerdict.WITNESS_NOT_AUTHORISED: "YK-4.3",
    ScanVerdict.SAMPLER_IS_WITNESS: "YK-4.3",
    ScanVerdict.QUANTITY_SHORT: "YK-5.2",
    ScanVerdict.PAPER_MISSING: "YK-5.2",
    ScanVerdict.SITE_TOO_FAR: "YK-5.2",
    ScanVerdict.NOT_CLIENT_COMMISSION: "YK-4.1",
}


def rule_of(verdict: ScanVerdict) -> str:
    """Id of the rule a refusal rests on."""
    return RULE_OF.get(verdict, "YK-7.4")


@dataclass(frozen=True)
class Finding:
    """A verdict with what differs.

    Attributes:
        verdict: what.
        field: key of the differing field (``reception.field.<field>``), empty where nothing differs.
        expected, found: both values as text.
        treatment: what the profile does with it.
    """

    verdict: ScanVerdict
    field: str = ""
    expected: str = ""
    found: str = ""
    treatment: Treatment = Treatment.REFUSE

    def refuses(self) -> bool:
        """Whether the piece (or lot) is refused. A region that wants a finding held does not want it passed: only a
        missing paper can be waited for, everything else a hold asks for is refused."""
        harmless = self.verdict in HARMLESS or self.verdict is ScanVerdict.MATCH
        return not harmless and self.treatment in (Treatment.REFUSE, Treatment.HOLD)


@dataclass(frozen=True)
class Scanned:
    """One scan at the counter as kept: who, what, when, how, and what it meant."""

    id: str
    reception_id: str
    tag: str
    raw: str
    source: str
    look: Look
    lot_index: int
    sample_index: int
    finding: Finding
    person_id: str
    station: str
    at: datetime


@dataclass(frozen=True)
class CounterFacts:
    """What the rule looks at for one scan.

    Attributes:
        commission: the open one.
        project: its record, ``None`` when the platform never sent it.
        tag: body of the scanned tag.
        record: the tag as the platform registered it, ``None`` = unknown.
        specimen_label: label of the specimen that this tag became, empty if none.
        look: what the eyes said, ``None`` when nobody looked.
        scans: what was scanned in this reception so far.
        profile: the rules in force.
        slip_no: number of the slip under which this tag was refused at any counter, empty if it never was.
        other_project_name: name of the project the tag belongs to, for the sentence.
    """

    commission: Commission
    project: Project | None
    tag: str
    record: TagRecord | None
    specimen_label: str
    look: Look | None
    scans: tuple[Scanned, ...]
    profile: RegionProfile
    other_project_name: str = ""
    slip_no: str = ""


def judge_scan(facts: CounterFacts) -> Finding:
    """The verdict on one scan. The first thing that is wrong is said: no look, a slip, the tag, its condition, its lot."""
    where = facts.commission.find(facts.tag)
    if facts.look in (None, Look.NOT_YET):
        return Finding(ScanVerdict.LOOK_FIRST, treatment=Treatment.ALLOW)
    if facts.slip_no:
        return Finding(ScanVerdict.ALREADY_REFUSED, "slip", "—", facts.slip_no)
    wrong = _about_tag(facts)
    if wrong is not None:
        return wrong
    if where is None:
        return _treated(facts, Finding(ScanVerdict.UNKNOWN_TAG, "tag", facts.commission.number, facts.tag))
    damage = next((scan.finding for scan in facts.scans if _damaged(scan, facts.tag)), None)
    if damage is not None:
        return damage
    if facts.look is not Look.SOUND:
        return _treated(facts, Finding(ScanVerdict(str(facts.look)), "condition", "", ""))
    of_lot = judge_lot(where[0], facts.project, facts.profile)
    for wrong in (judge_client(facts.commission, facts.profile), of_lot):
        if wrong is not None and wrong.refuses():
            return wrong
    if _newest(facts) is ScanVerdict.MATCH:
        return Finding(ScanVerdict.ALREADY_SCANNED, treatment=Treatment.ALLOW)
    return Finding(ScanVerdict.MATCH, treatment=Treatment.ALLOW)


def _damaged(scan: Scanned, tag: str) -> bool:
    return scan.tag == tag and scan.finding.verdict in SEEN_DAMAGED


def _newest(facts: CounterFacts) -> ScanVerdict | None:
    """What the tag's newest scan that says something meant."""
    for scan in reversed(facts.scans):
        if scan.tag == facts.tag and scan.finding.verdict not in HARMLESS:
            return scan.finding.verdict
    return None


def _about_tag(facts: CounterFacts) -> Finding | None:
    commission, record = facts.commission, facts.record
    if record is None:
        return _treated(facts, Finding(ScanVerdict.UNKNOWN_TAG, "tag", commission.number, facts.tag))
    if record.state is TagState.VOID:
        return _treated(facts, Finding(ScanVerdict.TAG_VOID, "tag", facts.tag, record.reason or "—"))
    if record.project_code != commission.project_code:
        mine = f"{commission.project_code}（{commission.project_name}）"
        other = (
            f"{record.project_code}（{facts.other_project_name}）" if facts.other_project_name else record.project_code
        )
        return _treated(facts, Finding(ScanVerdict.WRONG_PROJECT, "project", mine, f"{other} {record.commission_no}"))
    if record.commission_no != commission.number:
        found = Finding(ScanVerdict.OTHER_COMMISSION, "commission", commission.number, record.commission_no)
        return _treated(facts, found)
    if facts.specimen_label:
        return _treated(facts, Finding(ScanVerdict.ALREADY_RECEIVED, "specimen", "—", facts.specimen_label))
    return None


def _treated(facts: CounterFacts, finding: Finding) -> Finding:
    return Finding(
        finding.verdict,
        finding.field,
        finding.expected,
        finding.found,
        facts.profile.treatment(finding.verdict.value),
    )


def judge_lot(lot: LotOrder, project: Project | None, profile: RegionProfile) -> Finding | None:
    """What is wrong with a lot as a whole: witnessing too late, people not authorised, too far away (YK-4.3, 5.1, 6.1, 6.3).

    The first finding that refuses, else the first that is to be told.
    """
    found = [item for item in _about_lot(lot, project, profile) if item.treatment is not Treatment.ALLOW]
    return next((item for item in found if item.refuses()), found[0] if found else None)


def _about_lot(lot: LotOrder, project: Project | None, profile: RegionProfile) -> Iterator[Finding]:
    sampling = lot.sampling
    if sampling.sampler.certificate_no == sampling.witness.certificate_no:
        name = sampling.sampler.name
        yield Finding(ScanVerdict.SAMPLER_IS_WITNESS, "witness", "≠ " + name, sampling.witness.name)
    people = _about_people(sampling, project, profile)
    if people is not None:
        yield people
    limit, delay = profile.number("witness_delay_min"), sampling.witness_delay_min()
    if delay > limit or delay < 0:
        late = ScanVerdict.WITNESS_LATE
        # Rounded away from the limit: 20.4 min must not read as the 20 that are allowed.
        minutes = delay.to_integral_value(ROUND_CEILING if delay > limit else ROUND_FLOOR)
        yield Finding(late, "witness_delay", f"≤ {limit} min", f"{minutes} min", profile.treatment(late.value))
    farthest = profile.number("site_distance_m")
    if sampling.distance_m > farthest:
        far = ScanVerdict.SITE_TOO_FAR
        yield Finding(far, "distance", f"≤ {farthest} m", f"{sampling.distance_m} m", profile.treatment(far.value))


def judge_client(commission: Commission, profile: RegionProfile) -> Finding | None:
    """Said of a commission that the client did not give (YK-4.1); ``None`` where it did."""
    if client_commissioned(commission):
        return None
    verdict = ScanVerdict.NOT_CLIENT_COMMISSION
    return Finding(
        verdict, "client", commission.client.name, commission.commissioned_by.name, profile.treatment(verdict.value)
    )


def _about_people(sampling: Sampling, project: Project | None, profile: RegionProfile) -> Finding | None:
    day = sampling.sampled_at.astimezone(WALL).date()
    for person, role, verdict in (
        (sampling.sampler, SiteRole.SAMPLER, ScanVerdict.SAMPLER_NOT_AUTHORISED),
        (sampling.witness, SiteRole.WITNESS, ScanVerdict.WITNESS_NOT_AUTHORISED),
    ):
        if project is None or not project.authorised(person, role, day):
            letters = _letter_text(project, role, person.certificate_no)
            found = f"{person.name} {day.isoformat()}"
            return Finding(verdict, role.value, letters, found, profile.treatment(verdict.value))
    return None


def _letter_text(project: Project | None, role: SiteRole, certificate_no: str) -> str:
    letters = project.authorisations if project else ()
    for letter in letters:
        if letter.role is role and letter.person.certificate_no == certificate_no:
            return f"{letter.letter_no} {letter.valid_from.isoformat()} – {letter.valid_to.isoformat()}"
    return "—"


def client_commissioned(commission: Commission) -> bool:
    """Whether the report may serve for acceptance: the client commissioned, or it is supervision sampling (YK-4.1)."""
    return commission.test_type is TestType.SUPERVISION or commission.commissioned_by.role is PartyRole.CLIENT


@dataclass(frozen=True)
class LotCount:
    """How many pieces of a lot are sound, refused and still waiting.

    Attributes:
        matched, refused, waiting: sample indices.
        required: pieces needed.
        refusal: what refuses the lot as a whole.
    """

    lot: LotOrder
    matched: tuple[int, ...]
    refused: tuple[int, ...]
    waiting: tuple[int, ...]
    refusal: Finding | None = None

    def short(self) -> bool:
        """Whether there are fewer sound pieces than required."""
        return len(self.matched) < self.lot.required

    def acceptable(self) -> bool:
        """Whether the lot can be received."""
        return self.refusal is None and not self.short()


def count_lot(lot: LotOrder, scans: Iterable[Scanned]) -> LotCount:
    """Where a lot stands after the scans so far; the newest scan of each piece that says something counts, damage for good."""
    state: dict[int, Finding] = {}
    refusal: Finding | None = None
    for scan in scans:
        if scan.lot_index != lot.index or scan.finding.verdict in HARMLESS:
            continue
        if scan.finding.verdict in OF_LOT and scan.finding.refuses():
            refusal = scan.finding
        if not (known := state.get(scan.sample_index)) or known.verdict not in SEEN_DAMAGED:
            state[scan.sample_index] = scan.finding
    matched = tuple(index for index, found in sorted(state.items()) if found.verdict is ScanVerdict.MATCH)
    refused = tuple(index for index, found in sorted(state.items()) if found.refuses())
    waiting = tuple(sample.index for sample in lot.samples if sample.index not in state)
    return LotCount(lot, matched, refused, waiting, refusal)


_E_GRADE = "E"
#: The method whose pieces go through a chain of tests.
_CHAINED = "rebar-lot"
#: Methods whose pieces are all loaded once in a machine; pieces of methods that are not named here are measured by hand.
ONE_TEST: Mapping[str, TestKind] = {"concrete-cube": TestKind.COMPRESSION}


def plan_tests(lot: LotOrder, received: tuple[int, ...]) -> Mapping[int, tuple[TestKind, ...]]:
    """The chain of tests of each received piece, by sample index; pieces beyond the required number are spares.

    Rebar (GB 1499.2-2024, 8): all required pieces are weighed together, the first two pulled, the next two bent, and for E
    grades the fifth reverse-bent. Pieces of :data:`ONE_TEST` go through one machine test each; those of every other method are
    measured by hand on the method's entry sheet.
    """
    wanted = {sample.index: sample.spare for sample in lot.samples}
    ordered = sorted(received, key=lambda index: (wanted.get(index, True), index))
    used = ordered[: lot.required]
    if lot.method != _CHAINED:
        kind = ONE_TEST.get(lot.method, TestKind.MEASURE)
        return {index: ((kind,) if index in used else ()) for index in received}
    further = [TestKind.TENSION, TestKind.TENSION, TestKind.BEND, TestKind.BEND]
    if lot.settings.get("grade", "").upper().endswith(_E_GRADE):
        further.append(TestKind.REVERSE_BEND)
    chains: dict[int, tuple[TestKind, ...]] = dict.fromkeys(received, ())
    for place, index in enumerate(used):
        chains[index] = (TestKind.WEIGHT, *([further[place]] if place < len(further) else []))
    return chains


def cast_moment(lot: LotOrder, profile: RegionProfile) -> datetime | None:
    """The moment from which concrete's age counts: a date without an hour is midnight on the wall and counts from noon or
    from the day's start, as the profile says."""
    cast = lot.cast_at
    if cast is not None and cast.astimezone(WALL).time() == time(0) and profile.age_without_hour == "noon":
        return cast + timedelta(hours=12)
    return cast


def due_moment(lot: LotOrder, profile: RegionProfile) -> datetime | None:
    """When concrete reaches its age; a casting date without an hour counts from noon or from the day's start (profile)."""
    cast = cast_moment(lot, profile)
    if cast is None or lot.age_days is None:
        return None
    return cast + timedelta(days=lot.age_days)


class ReceptionState(StrEnum):
    """Where the reception of a commission stands."""

    OPEN = "open"
    HELD = "held"
    DONE = "done"


@dataclass(frozen=True)
class Hold:
    """A commission held for a missing paper until a deadline: no number, no test (YK-5.2)."""

    id: str
    reception_id: str
    papers: tuple[str, ...]
    deadline: datetime
    person_id: str
    at: datetime


@dataclass(frozen=True)
class Rejection:
    """Something refused at the counter, with its slip.

    Attributes:
        number: of the slip (``JS-2026-00003``).
        tag: of the refused piece; empty when a whole lot is refused.
        lot_index, sample_index: place in the commission; 0 when the tag is not of it.
        slip_sha256: the PDF.
    """

    id: str
    number: str
    reception_id: str
    commission_no: str
    tag: str
    lot_index: int
    sample_index: int
    finding: Finding
    person_id: str
    at: datetime
    slip_sha256: str


@dataclass(frozen=True)
class ReceptionPapers:
    """What a finished reception printed; all empty where nothing was received.

    Attributes:
        receipt_no: number of the receipt (``SD-2026-00001``).
        receipt_sha256, labels_sha256: the PDFs.
    """

    receipt_no: str = ""
    receipt_sha256: str = ""
    labels_sha256: str = ""


@dataclass(frozen=True)
class ReceptionView:
    """What the reception page shows of an open commission.

    Attributes:
        reception_id: of this visit to the counter.
        lot_findings: what is wrong or to be told of a lot as a whole, by its index.
        client_commissioned: whether the report may serve for acceptance.
        papers: receipt and labels once it is finished.
    """

    reception_id: str
    commission: Commission
    project: Project | None
    state: ReceptionState
    counts: tuple[LotCount, ...]
    scans: tuple[Scanned, ...]
    rejections: tuple[Rejection, ...]
    hold: Hold | None
    lot_findings: Mapping[int, Finding] = field(default_factory=dict)
    client_commissioned: bool = True
    papers: ReceptionPapers | None = None

    def total(self) -> int:
        """Pieces of the commission."""
        return sum(len(count.lot.samples) for count in self.counts)

    def verified(self) -> int:
        """Pieces found right."""
        return sum(len(count.matched) for count in self.counts)
