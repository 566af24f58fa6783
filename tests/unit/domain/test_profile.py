"""The region profile: a laboratory may only tighten it, and a newer edition never makes its own rules an obstacle."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.profile import BUILT_IN, MANDATORY_REFUSALS, Treatment, still_tightened, tightened

STRICTER = {"site_too_far": Treatment.REFUSE}
SHORTER = {"witness_delay_min": Decimal(15)}


def test_stricter_rules_are_taken() -> None:
    own = tightened(BUILT_IN, STRICTER, SHORTER)
    assert own.treatment("site_too_far") is Treatment.REFUSE
    assert own.number("witness_delay_min") == 15


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("finding", sorted(MANDATORY_REFUSALS))
def test_a_mandatory_refusal_cannot_be_loosened_by_anybody(finding: str) -> None:
    loosened_by_region = replace(BUILT_IN, treatments={**BUILT_IN.treatments, finding: Treatment.ALLOW})
    assert loosened_by_region.treatment(finding) is Treatment.REFUSE
    with pytest.raises(OperatorError) as refused:
        tightened(BUILT_IN, {finding: Treatment.WARN}, {})
    assert refused.value.key == "profile.not_stricter"


@pytest.mark.rule("YK-6.3")
def test_the_witness_limit_cannot_be_stretched() -> None:
    with pytest.raises(OperatorError):
        tightened(BUILT_IN, {}, {"witness_delay_min": Decimal(21)})


def test_what_nobody_named_is_refused() -> None:
    assert BUILT_IN.treatment("something_new") is Treatment.REFUSE


def test_a_stricter_new_edition_goes_first_and_the_rest_of_the_own_rules_holds() -> None:
    newer = replace(BUILT_IN, edition="2027-01-01", numbers={**BUILT_IN.numbers, "witness_delay_min": Decimal(10)})
    own = still_tightened(newer, STRICTER, SHORTER)
    assert own.number("witness_delay_min") == 10
    assert own.treatment("site_too_far") is Treatment.REFUSE


@pytest.mark.rule("YK-10.2")
def test_the_trigger_of_low_groups_can_only_be_raised_and_set_where_a_region_has_none() -> None:
    assert BUILT_IN.low_group_percent == 95
    assert tightened(BUILT_IN, {}, {"low_group_percent": Decimal(100)}).low_group_percent == 100
    with pytest.raises(OperatorError):
        tightened(BUILT_IN, {}, {"low_group_percent": Decimal(90)})
    without = replace(
        BUILT_IN, numbers={name: value for name, value in BUILT_IN.numbers.items() if name != "low_group_percent"}
    )
    assert without.low_group_percent is None
    assert tightened(without, {}, {"low_group_percent": Decimal(90)}).low_group_percent == 90
