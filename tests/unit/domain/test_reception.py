"""The counter's rules: every verdict, and what cannot be talked away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.app.demo.site import build_site
from labdesk.domain.commission import Commission, LotOrder, SampleOrder, TagRecord, TagState, TestType
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import BUILT_IN, MANDATORY_REFUSALS, RegionProfile, Treatment
from labdesk.domain.projects import Project, SiteRole
from labdesk.domain.reception import (
    HARMLESS,
    WALL,
    CounterFacts,
    Finding,
    Look,
    Scanned,
    ScanVerdict,
    cast_moment,
    client_commissioned,
    count_lot,
    due_moment,
    judge_lot,
    judge_scan,
    plan_tests,
    rule_of,
)
from tests.helpers.stores import START

SITE = build_site(START, defaultdict(lambda: "0" * 64))
REBAR, CONCRETE, SCHOOL = SITE.commissions
TOWER, LATE = SITE.projects[0], CONCRETE.lots[1]
TAGS = {record.tag: record for record in SITE.tags}
TAG = REBAR.lots[0].samples[0].tag


def with_lot(of: Commission, index: int, **changes: object) -> Commission:
    lots = tuple(replace(lot, **changes) if lot.index == index else lot for lot in of.lots)  # type: ignore[arg-type]
    return replace(of, lots=lots)


def with_sampling(lot: LotOrder, **changes: object) -> LotOrder:
    return replace(lot, sampling=replace(lot.sampling, **changes))  # type: ignore[arg-type]


def facts(tag: str = TAG, **changes: object) -> CounterFacts:
    plain = CounterFacts(
        commission=REBAR,
        project=TOWER,
        tag=tag,
        record=TAGS.get(tag),
        specimen_label="",
        look=Look.SOUND,
        scans=(),
        profile=BUILT_IN,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def verdict(tag: str = TAG, **changes: object) -> ScanVerdict:
    return judge_scan(facts(tag, **changes)).verdict


def scanned(number: int, finding: Finding, tag: str = TAG, lot: int = 1, sample: int = 1) -> Scanned:
    return Scanned(f"{number:036d}", "r", tag, "", "wedge", Look.SOUND, lot, sample, finding, "p", "s", START)


MATCH = Finding(ScanVerdict.MATCH, treatment=Treatment.ALLOW)


@pytest.mark.rule("YK-7.4")
def test_a_sound_piece_with_its_own_tag_matches() -> None:
    assert verdict() is ScanVerdict.MATCH


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("look", [None, Look.NOT_YET])
def test_a_scan_without_a_look_says_so_and_refuses_nothing(look: Look | None) -> None:
    found = judge_scan(facts(look=look))
    assert found.verdict is ScanVerdict.LOOK_FIRST
    assert not found.refuses()


@pytest.mark.rule("YK-7.4")
def test_a_tag_nobody_registered_is_unknown_with_both_values() -> None:
    found = judge_scan(facts("YK9"))
    assert (found.verdict, found.expected, found.found) == (ScanVerdict.UNKNOWN_TAG, REBAR.number, "YK9")
    assert found.refuses()


@pytest.mark.rule("YK-7.4")
def test_a_registered_tag_that_no_piece_of_the_commission_has_is_unknown_too() -> None:
    stray = TagRecord("YK8", REBAR.project_code, REBAR.number)
    assert verdict("YK8", record=stray) is ScanVerdict.UNKNOWN_TAG


@pytest.mark.rule("YK-7.4")
def test_a_tag_of_another_commission_names_both() -> None:
    found = judge_scan(facts(CONCRETE.lots[0].samples[0].tag))
    assert found.verdict is ScanVerdict.OTHER_COMMISSION
    assert (found.field, found.expected, found.found) == ("commission", REBAR.number, CONCRETE.number)


@pytest.mark.rule("YK-7.4", "LN-3.1")
def test_a_tag_of_another_project_names_both_projects() -> None:
    found = judge_scan(facts(SCHOOL.lots[0].samples[0].tag, other_project_name=SCHOOL.project_name))
    assert found.verdict is ScanVerdict.WRONG_PROJECT
    assert TOWER.code in found.expected
    assert SCHOOL.project_code in found.found
    assert SCHOOL.project_name in found.found


@pytest.mark.rule("YK-7.4")
def test_a_void_tag_is_refused_with_its_reason() -> None:
    found = judge_scan(facts(record=replace(TAGS[TAG], state=TagState.VOID, reason="lost on site")))
    assert (found.verdict, found.found) == (ScanVerdict.TAG_VOID, "lost on site")


@pytest.mark.rule("YK-7.4")
def test_a_tag_that_became_a_specimen_is_refused_with_its_label() -> None:
    found = judge_scan(facts(specimen_label="G26-00417-2"))
    assert (found.verdict, found.found) == (ScanVerdict.ALREADY_RECEIVED, "G26-00417-2")
    assert found.refuses()


@pytest.mark.rule("YK-7.4")
def test_a_tag_with_a_slip_has_no_release() -> None:
    found = judge_scan(facts(slip_no="JS-2026-00003"))
    assert (found.verdict, found.found) == (ScanVerdict.ALREADY_REFUSED, "JS-2026-00003")


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("look", [Look.TAG_DAMAGED, Look.PIECE_DAMAGED])
def test_damage_refuses_even_after_a_match(look: Look) -> None:
    assert verdict(look=look).value == look.value
    assert verdict(look=look, scans=(scanned(1, MATCH),)).value == look.value


@pytest.mark.rule("YK-7.4")
def test_the_same_tag_twice_is_not_two_pieces() -> None:
    found = judge_scan(facts(scans=(scanned(1, MATCH),)))
    assert found.verdict is ScanVerdict.ALREADY_SCANNED
    assert not found.refuses()
    silent = scanned(2, Finding(ScanVerdict.LOOK_FIRST, treatment=Treatment.ALLOW))
    assert verdict(scans=(scanned(1, MATCH), silent)) is ScanVerdict.ALREADY_SCANNED


@pytest.mark.rule("YK-6.3")
@pytest.mark.parametrize(
    ("minutes", "late"), [("20", False), ("20.02", True), ("34", True), ("0", False), ("-1", True)]
)
def test_witnessing_is_late_beyond_the_limit_and_never_before_sampling(minutes: str, late: bool) -> None:
    good = REBAR.lots[0]
    done = good.sampling.sampled_at + timedelta(seconds=float(Decimal(minutes) * 60))
    found = judge_lot(with_sampling(good, witnessed_at=done), TOWER, BUILT_IN)
    assert (found is not None and found.verdict is ScanVerdict.WITNESS_LATE and found.refuses()) is late


@pytest.mark.rule("YK-6.3")
def test_a_little_late_never_reads_as_just_in_time() -> None:
    good = REBAR.lots[0]
    done = good.sampling.sampled_at + timedelta(minutes=20, seconds=5)
    found = judge_lot(with_sampling(good, witnessed_at=done), TOWER, BUILT_IN)
    assert found is not None
    assert (found.expected, found.found) == ("≤ 20 min", "21 min")


@pytest.mark.rule("YK-6.3")
def test_one_late_lot_leaves_the_others_alone() -> None:
    assert verdict(LATE.samples[0].tag, commission=CONCRETE) is ScanVerdict.WITNESS_LATE
    assert verdict(CONCRETE.lots[0].samples[0].tag, commission=CONCRETE) is ScanVerdict.MATCH


@pytest.mark.rule("YK-4.3", "YK-5.1")
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (SiteRole.SAMPLER, ScanVerdict.SAMPLER_NOT_AUTHORISED),
        (SiteRole.WITNESS, ScanVerdict.WITNESS_NOT_AUTHORISED),
    ],
)
def test_without_a_letter_covering_the_day_a_lot_is_refused(role: SiteRole, expected: ScanVerdict) -> None:
    def without(project: Project, last: datetime) -> Project:
        day = last.astimezone(WALL).date()
        letters = tuple(replace(item, valid_to=day) if item.role is role else item for item in project.authorisations)
        return replace(project, authorisations=letters)

    sampled = REBAR.lots[0].sampling.sampled_at
    assert verdict(project=without(TOWER, sampled)) is ScanVerdict.MATCH, "the last day counts"
    expired = judge_scan(facts(project=without(TOWER, sampled - timedelta(days=1))))
    assert expired.verdict is expected
    assert expired.refuses()
    assert "SQ-2026" in expired.expected


@pytest.mark.rule("YK-4.3")
def test_a_project_that_never_arrived_authorises_nobody() -> None:
    assert verdict(project=None) is ScanVerdict.SAMPLER_NOT_AUTHORISED


@pytest.mark.rule("YK-4.3")
def test_nobody_witnesses_the_own_sampling() -> None:
    sampler = REBAR.lots[0].sampling.sampler
    alone = with_lot(REBAR, 1, sampling=replace(REBAR.lots[0].sampling, witness=sampler))
    found = judge_scan(facts(commission=alone))
    assert found.verdict is ScanVerdict.SAMPLER_IS_WITNESS
    assert found.refuses()


@pytest.mark.rule("YK-4.1")
def test_not_the_clients_commission_is_received_and_said_except_supervision_sampling() -> None:
    by_contractor = replace(REBAR, commissioned_by=REBAR.contractor)
    assert not client_commissioned(by_contractor)
    assert verdict(commission=by_contractor) is ScanVerdict.MATCH
    assert client_commissioned(replace(by_contractor, test_type=TestType.SUPERVISION))
    strict = with_treatments(not_client_commission=Treatment.REFUSE)
    assert verdict(commission=by_contractor, profile=strict) is ScanVerdict.NOT_CLIENT_COMMISSION


def with_treatments(**treatments: Treatment) -> RegionProfile:
    return replace(BUILT_IN, treatments={**BUILT_IN.treatments, **treatments})


@pytest.mark.rule("YK-7.4", "YK-4.3")
@pytest.mark.parametrize("finding", sorted(MANDATORY_REFUSALS & {item.value for item in ScanVerdict}))
@pytest.mark.parametrize("treatment", list(Treatment))
def test_no_profile_softens_a_mandatory_refusal(finding: str, treatment: Treatment) -> None:
    soft = with_treatments(**{finding: treatment})
    assert Finding(ScanVerdict(finding), treatment=soft.treatment(finding)).refuses()


@pytest.mark.rule("YK-6.3")
def test_a_lot_that_a_region_wants_held_is_not_let_pass() -> None:
    held = with_treatments(witness_late=Treatment.HOLD)
    assert verdict(LATE.samples[0].tag, commission=CONCRETE, profile=held) is ScanVerdict.WITNESS_LATE
    warned = with_treatments(witness_late=Treatment.WARN)
    assert verdict(LATE.samples[0].tag, commission=CONCRETE, profile=warned) is ScanVerdict.MATCH


def test_a_warning_does_not_hide_a_refusal_behind_it() -> None:
    mixed = with_treatments(witness_late=Treatment.WARN, site_too_far=Treatment.REFUSE)
    far = with_sampling(LATE, distance_m=Decimal(501))
    found = judge_lot(far, TOWER, mixed)
    assert found is not None
    assert found.verdict is ScanVerdict.SITE_TOO_FAR
    assert judge_lot(with_sampling(REBAR.lots[0], distance_m=Decimal(500)), TOWER, mixed) is None


@pytest.mark.rule("YK-7.4")
@given(
    seen=st.tuples(st.sampled_from([None, *Look]), st.booleans()),
    record=st.tuples(
        st.booleans(),
        st.booleans(),
        st.sampled_from([TOWER.code, SCHOOL.project_code]),
        st.sampled_from([REBAR.number, CONCRETE.number]),
    ),
    before=st.tuples(st.sampled_from(["", "G26-00001-1"]), st.sampled_from(["", "JS-2026-00001"])),
)
def test_only_what_is_right_in_every_respect_matches(
    seen: tuple[Look | None, bool], record: tuple[bool, bool, str, str], before: tuple[str, str]
) -> None:
    (look, on_it), (registered, void, project, number), (label, slip) = seen, record, before
    tag = TAG if on_it else "YK0"
    known = TagRecord(tag, project, number, TagState.VOID if void else TagState.ACTIVE) if registered else None
    right = look is Look.SOUND and registered and not void and project == TOWER.code and number == REBAR.number
    right = right and not label and not slip and on_it
    found = judge_scan(facts(tag, record=known, look=look, specimen_label=label, slip_no=slip))
    assert (found.verdict is ScanVerdict.MATCH) is right
    assert right or found.refuses() or found.verdict in HARMLESS


def test_the_newest_scan_of_a_piece_counts() -> None:
    lot = REBAR.lots[0]
    bad = Finding(ScanVerdict.TAG_DAMAGED)
    count = count_lot(lot, [scanned(1, MATCH), scanned(2, bad)])
    assert (count.matched, count.refused, count.waiting) == ((), (1,), (2, 3, 4, 5, 6))
    assert count.short()
    absent = Finding(ScanVerdict.QUANTITY_SHORT)
    found = count_lot(lot, [scanned(1, absent), scanned(2, MATCH)])
    assert (found.matched, found.refused) == ((1,), ())


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("seen", [ScanVerdict.TAG_DAMAGED, ScanVerdict.PIECE_DAMAGED])
def test_no_second_look_mends_a_damage_on_record(seen: ScanVerdict) -> None:
    bad = scanned(1, Finding(seen))
    assert verdict(scans=(bad,)) is seen
    assert verdict(scans=(bad, scanned(2, MATCH))) is seen
    count = count_lot(REBAR.lots[0], [bad, scanned(2, MATCH)])
    assert (count.matched, count.refused) == ((), (1,))


@pytest.mark.rule("YK-5.2")
def test_a_lot_is_short_when_spares_cannot_make_up() -> None:
    lot = REBAR.lots[0]
    five = [scanned(index, MATCH, sample=index) for index in range(1, 6)]
    assert count_lot(lot, five).acceptable()
    assert count_lot(lot, five[:4]).short()
    with_spare = [*five[:4], scanned(6, MATCH, sample=6)]
    assert count_lot(lot, with_spare).acceptable()
    assert rule_of(ScanVerdict.QUANTITY_SHORT) == "YK-5.2"


def test_rebar_is_weighed_together_then_pulled_bent_and_bent_back() -> None:
    chains = plan_tests(REBAR.lots[0], (1, 2, 3, 4, 5, 6))
    weight = TestKind.WEIGHT
    assert chains[1] == chains[2] == (weight, TestKind.TENSION)
    assert chains[3] == chains[4] == (weight, TestKind.BEND)
    assert chains[5] == (weight, TestKind.REVERSE_BEND)
    assert chains[6] == ()


def test_a_spare_steps_in_for_a_refused_piece_and_plain_grades_are_not_bent_back() -> None:
    chains = plan_tests(REBAR.lots[0], (1, 2, 4, 5, 6))
    assert chains[6] == (TestKind.WEIGHT, TestKind.REVERSE_BEND)
    plain = replace(REBAR.lots[0], settings={**REBAR.lots[0].settings, "grade": "HRB400"})
    assert plan_tests(plain, (1, 2, 3, 4, 5))[5] == (TestKind.WEIGHT,)


def test_cubes_are_crushed_and_their_spares_wait() -> None:
    chains = plan_tests(CONCRETE.lots[0], (1, 2, 3, 4))
    assert [chains[index] for index in (1, 2, 3, 4)] == [(TestKind.COMPRESSION,)] * 3 + [()]


def cube(cast_at: datetime) -> LotOrder:
    return replace(CONCRETE.lots[0], cast_at=cast_at, age_days=28)


def test_concrete_is_due_after_its_age_and_a_date_alone_counts_from_noon_on_the_wall() -> None:
    with_hour = datetime(2026, 10, 1, 6, 30, tzinfo=UTC)
    assert due_moment(cube(with_hour), BUILT_IN) == datetime(2026, 10, 29, 6, 30, tzinfo=UTC)
    wall_midnight = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    assert cast_moment(cube(wall_midnight), BUILT_IN) == datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
    start = replace(BUILT_IN, age_without_hour="start")
    assert due_moment(cube(wall_midnight), start) == wall_midnight + timedelta(days=28)
    assert due_moment(REBAR.lots[0], BUILT_IN) is None


def test_two_pieces_of_one_tag_in_a_commission_still_name_the_first() -> None:
    lot = REBAR.lots[0]
    doubled: Commission = with_lot(REBAR, 1, samples=(*lot.samples, SampleOrder(7, TAG, "", spare=True)))
    where = doubled.find(TAG)
    assert where is not None
    assert where[1].index == 1
