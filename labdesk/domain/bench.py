"""The bench gate: may this specimen be loaded on this machine by this person now, and as what - or a refusal in words.

Facts in, findings out; nothing here reads a database or a clock. The region profile decides what a finding means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.capture import EndReason, RunClass
from labdesk.domain.clock import WALL
from labdesk.domain.evaluation import TestKind
from labdesk.domain.machines import Machine
from labdesk.domain.people import Person, Role
from labdesk.domain.profile import RegionProfile, Treatment
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.testing import BenchFinding, Disposition, Invalidation, LostRunFinding, Run

MACHINE_TESTS = frozenset(
    {TestKind.TENSION, TestKind.COMPRESSION, TestKind.FLEXURE, TestKind.SPLITTING, TestKind.SHEAR}
)
#: A fixture turns a machine of one kind to another test: strips split a cube in a press, a holder shears welds in a tension machine.
_BY_FIXTURE = {TestKind.SPLITTING: TestKind.COMPRESSION, TestKind.SHEAR: TestKind.TENSION}


def does(machine: Machine, test: TestKind) -> bool:
    """Whether a machine is registered for a kind of test, or for the kind whose machine takes its fixture."""
    fixture = _BY_FIXTURE.get(test, test)
    return not machine.tests or test.value in machine.tests or fixture.value in machine.tests


class RateUnit(StrEnum):
    """How a standard gives its rate: as stress, or as force."""

    STRESS = "MPa/s"
    FORCE = "kN/s"


@dataclass(frozen=True)
class Recognition:
    """How start and break of a loading are recognised.

    Attributes:
        preload_kn: above it the loading has begun.
        arming_kn: no break is looked for before this force was reached.
        break_percent: fall from the peak, in percent of it, that is a break.
        from_share, to_share: part of the loading in which the rate is judged, in shares of the expected force; ``None``: to the end.
    """

    preload_kn: Decimal
    arming_kn: Decimal
    break_percent: Decimal
    from_share: Decimal
    to_share: Decimal | None


@dataclass(frozen=True)
class LoadingPlan:
    """What the method says about loading a specimen.

    Attributes:
        area_mm2: nominal area for stress and stress rate.
        expected_kn: force at which it is expected to break.
        rate_low_mpa_s, rate_high_mpa_s: the standard's band, over the part where it applies.
        age_tolerance: how far the real age may be from the nominal one; ``None`` where age does not matter.
        unit: in which the standard gives the rate; the band itself is always kept as stress over ``area_mm2``.
        recognition: the method's own way to see start, break and the judged part; ``None``: that of the kind of test.
    """

    area_mm2: Decimal
    expected_kn: Decimal
    rate_low_mpa_s: Decimal
    rate_high_mpa_s: Decimal
    age_tolerance: timedelta | None
    unit: RateUnit = RateUnit.STRESS
    recognition: Recognition | None = None

    def in_unit(self, rate_mpa_s: Decimal) -> Decimal:
        """A stress rate in the unit of the standard."""
        return rate_mpa_s if self.unit is RateUnit.STRESS else rate_mpa_s * self.area_mm2 / 1000


@dataclass(frozen=True)
class BenchFacts:
    """Everything the gate looks at.

    Attributes:
        runs, findings, invalidations: of the whole lot.
        scanned_tag: body of the site tag scanned after the label, ``None`` when none was.
        held_by: machine where this specimen is open now, with its station if that is another one; empty if nowhere.
        held_here: it is this very machine.
        silent_at: when that other station was last heard, if that is too long ago to be alive.
        others: the laboratory's other machines, for proposing one.
    """

    specimen: Specimen
    lot: Lot
    machine: Machine
    person: Person
    run_class: RunClass
    now: datetime
    profile: RegionProfile
    plan: LoadingPlan
    runs: tuple[Run, ...]
    findings: tuple[LostRunFinding, ...]
    invalidations: tuple[Invalidation, ...]
    scanned_tag: str | None
    held_by: str = ""
    held_here: bool = False
    silent_at: datetime | None = None
    others: tuple[Machine, ...] = ()


@dataclass(frozen=True)
class GateResult:
    """What the gate says.

    Attributes:
        test: the kind of test that is next on this machine, ``None`` if nothing is.
        findings: reasons, the refusing ones first.
        needs_tag: everything else is right; the piece's site tag must be scanned too.
        real_age: age at this moment, for concrete.
        over_age: tested outside the tolerance: the report prints the real age and makes no statement about the nominal one.
    """

    test: TestKind | None
    findings: tuple[BenchFinding, ...]
    needs_tag: bool = False
    real_age: timedelta | None = None
    over_age: bool = False

    def refused(self) -> bool:
        """Whether a finding forbids loading."""
        return any(found.treatment in (Treatment.REFUSE.value, Treatment.HOLD.value) for found in self.findings)

    def may_load(self) -> bool:
        """Whether the specimen may be loaded now."""
        return self.test is not None and not self.refused() and not self.needs_tag


def next_test(
    specimen: Specimen, invalidations: Iterable[Invalidation], tests: Mapping[str, TestKind]
) -> TestKind | None:
    """The machine test planned for a piece; a spare takes over the test of the piece it replaces.

    Args:
        specimen: the piece.
        invalidations: of its lot.
        tests: run id to the kind of test it was.
    """
    for kind in specimen.tests:
        if kind in MACHINE_TESTS:
            return kind
    for invalid in invalidations:
        if invalid.replacement_label == specimen.label:
            return tests.get(invalid.run_id)
    return None


def loading_run(label: str, runs: Iterable[Run], findings: Iterable[LostRunFinding]) -> Run | None:
    """The run that already loaded this piece; a run found *unbroken* afterwards does not count."""
    unbroken = {found.run_id for found in findings if found.disposition is Disposition.UNBROKEN}
    for run in runs:
        counts = run.run_class is RunClass.TEST and run.loaded and run.id not in unbroken
        if run.specimen_label == label and counts:
            return run
    return None


def open_lost_run(runs: Iterable[Run], findings: Iterable[LostRunFinding]) -> Run | None:
    """A run that ended without a break while the piece was loaded, and about which nobody has said what was found."""
    told = {found.run_id for found in findings}
    for run in runs:
        lost = run.run_class is RunClass.TEST and run.loaded and run.end_reason is not EndReason.BREAK
        if lost and run.id not in told:
            return run
    return None


def judge_bench(facts: BenchFacts) -> GateResult:
    """The gate. Order of findings: what can be changed here and now comes last."""
    kinds = {run.id: run.test for run in facts.runs if run.test is not None}
    test = next_test(facts.specimen, facts.invalidations, kinds)
    age, over = _age(facts)
    found = [
        *_about_piece(facts, test),
        *_about_age(facts, age),
        *_about_machine(facts, test),
        *_about_person(facts),
    ]
    needs_tag = facts.profile.bench_tag_scan and _own_tag(facts) and facts.scanned_tag is None and not _refusing(found)
    found.sort(key=lambda item: item.treatment != Treatment.REFUSE.value)
    return GateResult(test=test, findings=tuple(found), needs_tag=needs_tag, real_age=age, over_age=over)


def _own_tag(facts: BenchFacts) -> bool:
    """Whether the piece itself carries its site tag; that of several pieces stayed on the bag, bundle or sheet they come from."""
    tag = facts.specimen.tag
    return bool(tag) and sum(piece.tag == tag for piece in facts.lot.specimens) < 2


def _refusing(found: Iterable[BenchFinding]) -> bool:
    return any(item.treatment == Treatment.REFUSE.value for item in found)


def _refuse(key: str, **params: object) -> BenchFinding:
    return BenchFinding(key, {name: str(value) for name, value in params.items()}, Treatment.REFUSE.value)


def _treated(profile: RegionProfile, rule: str, key: str, /, **params: object) -> list[BenchFinding]:
    treatment = profile.treatment(rule)
    if treatment is Treatment.ALLOW:
        return []
    return [BenchFinding(key, {item: str(value) for item, value in params.items()}, treatment.value)]


def _about_piece(facts: BenchFacts, test: TestKind | None) -> list[BenchFinding]:
    piece, found = facts.specimen, []
    if facts.scanned_tag is not None and facts.scanned_tag != piece.tag:
        found.append(_refuse("bench.other_tag", label=piece.label, expected=piece.tag, found=facts.scanned_tag))
    loaded = loading_run(piece.label, facts.runs, facts.findings)
    if loaded is not None:
        when = loaded.started_at.astimezone(WALL).strftime("%m-%d %H:%M")
        found.append(_refuse("bench.loaded_before", label=piece.label, number=loaded.number, time=when))
    elif test is None and piece.spare:
        found.append(_refuse("bench.spare", label=piece.label))
    elif test is None:
        planned = ", ".join(kind.value for kind in piece.tests) or "-"
        found.append(_refuse("bench.nothing_to_load", label=piece.label, planned=planned))
    if facts.held_by:
        found.append(_held(facts))
    return found


def _held(facts: BenchFacts) -> BenchFinding:
    """The piece stands at a machine already: here, elsewhere, or at a station that is silent."""
    what = {"label": facts.specimen.label, "station": facts.held_by}
    if facts.silent_at is not None:
        return _refuse("bench.silent_elsewhere", **what, time=_day(facts.silent_at))
    return _refuse("bench.armed_here" if facts.held_here else "bench.open_elsewhere", **what)


def _age(facts: BenchFacts) -> tuple[timedelta | None, bool]:
    lot, tolerance = facts.lot, facts.plan.age_tolerance
    if lot.cast_at is None or lot.age_days is None or tolerance is None:
        return None, False
    age = facts.now - lot.cast_at
    return age, age > timedelta(days=lot.age_days) + tolerance


def _about_age(facts: BenchFacts, age: timedelta | None) -> list[BenchFinding]:
    lot, tolerance = facts.lot, facts.plan.age_tolerance
    if age is None or lot.age_days is None or tolerance is None:
        return []
    nominal = timedelta(days=lot.age_days)
    if age < nominal - tolerance:
        return _treated(
            facts.profile, "under_age", "bench.under_age", age=age_text(age), nominal=lot.age_days, due=_day(lot.due_at)
        )
    if age > nominal + tolerance:
        return _treated(facts.profile, "over_age", "bench.over_age", age=age_text(age), nominal=lot.age_days)
    return []


def _day(moment: datetime | None) -> str:
    return "-" if moment is None else moment.astimezone(WALL).strftime("%m-%d %H:%M")


def age_text(age: timedelta) -> str:
    """An age as printed: ``28 d 3 h``."""
    return f"{age.days} d {age.seconds // 3600} h"


def _about_machine(facts: BenchFacts, test: TestKind | None) -> list[BenchFinding]:
    machine, found = facts.machine, []
    day = facts.now.astimezone(WALL).date()
    if not machine.calibration().holds_on(day):
        found += _treated(
            facts.profile,
            "machine_out_of_calibration",
            "bench.out_of_calibration",
            machine=machine.number,
            until=machine.certificate_valid_to,
        )
    if test is not None and not does(machine, test):
        found.append(_refuse("bench.wrong_machine", machine=machine.number, test=test.value))
    low, high = load_range_kn(machine, facts.profile)
    if not low <= facts.plan.expected_kn <= high:
        other = suitable_machine(facts.others, test, facts.plan.expected_kn, (facts.profile, day))
        found += _treated(
            facts.profile,
            "load_out_of_range",
            "bench.load_out_of_range",
            expected=facts.plan.expected_kn.quantize(Decimal(1)),
            low=low.quantize(Decimal(1)),
            high=high.quantize(Decimal(1)),
            machine=machine.number,
            other=other.number if other else "-",
        )
    return found


def load_range_kn(machine: Machine, profile: RegionProfile) -> tuple[Decimal, Decimal]:
    """The share of the machine's range in which the expected load must lie: the stricter of machine and profile."""
    low = max(machine.range_low_percent, profile.number("range_low_percent"))
    high = min(machine.range_high_percent, profile.number("range_high_percent"))
    return machine.capacity_kn * low / 100, machine.capacity_kn * high / 100


def suitable_machine(
    machines: Iterable[Machine], test: TestKind | None, expected_kn: Decimal, rules: tuple[RegionProfile, date]
) -> Machine | None:
    """A machine in calibration whose range fits the expected load."""
    profile, day = rules
    for machine in machines:
        low, high = load_range_kn(machine, profile)
        fits = does(machine, test) if test is not None else not machine.tests
        if fits and machine.calibration().holds_on(day) and low <= expected_kn <= high:
            return machine
    return None


def _about_person(facts: BenchFacts) -> list[BenchFinding]:
    person, day = facts.person, facts.now.astimezone(WALL).date()
    if not person.may(Role.TECHNICIAN) or not person.competent(facts.lot.field, day):
        return _treated(
            facts.profile, "not_competent", "bench.not_competent", name=person.name, field=facts.lot.field.value
        )
    return []


#: Part of the loading, in shares of the expected force, in which the rate is judged: steel up to about its yield point
#: (GB/T 228.1, 10.3.3.2), cubes until they begin to fail (GB/T 50081, 5.0.4). Start and end of a hand valve are not.
_RATE_PART = {TestKind.TENSION: (Decimal("0.10"), Decimal("0.55")), TestKind.COMPRESSION: (Decimal("0.10"), None)}
_STILL_RISING = Decimal("0.98")


def rate_part(test: TestKind, plan: LoadingPlan | None = None) -> tuple[Decimal, Decimal | None]:
    """The part of the loading in which the rate is judged, in shares of the expected force; ``None``: to the end."""
    if plan is not None and plan.recognition is not None:
        return plan.recognition.from_share, plan.recognition.to_share
    return _RATE_PART.get(test, (Decimal(0), None))


def rate_is_judged(test: TestKind, plan: LoadingPlan, force_kn: Decimal, peak_kn: Decimal) -> bool:
    """Whether the plan's stress rate band holds at this force of the loading; beyond yield or maximum it does not."""
    start, end = rate_part(test, plan)
    rising = force_kn >= peak_kn * _STILL_RISING
    return rising and force_kn >= plan.expected_kn * start and (end is None or peak_kn <= plan.expected_kn * end)
