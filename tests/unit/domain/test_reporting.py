"""What a report is about, as rules: who commissioned it decides what it may be used for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labdesk.domain.commission import TestType
from labdesk.domain.projects import PartyRole
from labdesk.domain.reporting import say_aloud
from tests.helpers.reportworld import COMMISSION


@pytest.mark.rule("YK-4.1")
@pytest.mark.parametrize(
    ("role", "test_type", "accepted"),
    [
        (PartyRole.CLIENT, TestType.WITNESSED, True),
        (PartyRole.CLIENT, TestType.ORDINARY, True),
        (PartyRole.CONTRACTOR, TestType.WITNESSED, False),
        (PartyRole.SUPERVISOR, TestType.PARALLEL, False),
        (PartyRole.AUTHORITY, TestType.SUPERVISION, True),
    ],
)
def test_only_the_client_s_or_the_authority_s_commissions_serve_acceptance(
    role: PartyRole, test_type: TestType, accepted: bool
) -> None:
    commission = replace(COMMISSION, client_role=role, test_type=test_type)
    assert commission.is_acceptance_evidence is accepted


def test_numbers_are_said_digit_by_digit() -> None:
    assert say_aloud("C-190") == "C 杠 幺 九 零"
