"""Who may sign: every rule alone, and the order in which they are said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Field, Person, Role, Scope
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import NEEDED_ROLE, ORDER, Signature, SigningCase, Subject, check_may_sign, next_role
from labdesk.domain.sentences import Language, say_error

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
YEAR = Scope(Field.STEEL, date(2026, 1, 1), date(2026, 12, 31), "L-1")
TESTER = Person("t", "张建国", "T", (Role.TECHNICIAN,))
REVIEWER = Person("r", "陈立", "R", (Role.REVIEWER,))
SIGNATORY = Person("s", "郑远", "S", (Role.SIGNATORY,), signatory=(YEAR,))


def signature(role: SignatureRole, who: Person) -> Signature:
    return Signature(role.value, Subject.REPORT, "d", "GJ-1", Field.STEEL, role, who.id, who.name, NOON, "0" * 64)


def case(role: SignatureRole, person: Person, *given: Signature, **change: object) -> SigningCase:
    made = SigningCase(Subject.REPORT, role, person, Field.STEEL, NOON.date(), given, frozenset({"t"}), False, ())
    return replace(made, **change)  # type: ignore[arg-type]


TESTED = signature(SignatureRole.TESTED, TESTER)
REVIEWED = signature(SignatureRole.REVIEWED, REVIEWER)


def test_the_way_through() -> None:
    check_may_sign(case(SignatureRole.TESTED, TESTER))
    check_may_sign(case(SignatureRole.REVIEWED, REVIEWER, TESTED))
    check_may_sign(case(SignatureRole.APPROVED, SIGNATORY, TESTED, REVIEWED))


@pytest.mark.rule("O57")
@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        (case(SignatureRole.TESTED, TESTER, returned=True), "review.returned"),
        (case(SignatureRole.TESTED, TESTER, TESTED), "review.signed_already"),
        (case(SignatureRole.REVIEWED, REVIEWER), "review.not_turn"),
        (case(SignatureRole.APPROVED, SIGNATORY, TESTED), "review.not_turn"),
        (case(SignatureRole.CHECKED, REVIEWER, TESTED), "review.not_turn"),
        (case(SignatureRole.REVIEWED, TESTER, TESTED), "review.role_missing"),
        (case(SignatureRole.REVIEWED, replace(REVIEWER, active=False), TESTED), "review.role_missing"),
        (
            case(SignatureRole.APPROVED, replace(SIGNATORY, id="r"), TESTED, REVIEWED),
            "review.same_person",
        ),
        (case(SignatureRole.TESTED, replace(TESTER, id="other")), "review.not_tester"),
        (case(SignatureRole.REVIEWED, REVIEWER, TESTED, testers=frozenset({"t", "r"})), "review.own_test"),
        (case(SignatureRole.APPROVED, SIGNATORY, TESTED, REVIEWED, field=Field.CONCRETE), "review.not_signatory"),
        (case(SignatureRole.APPROVED, SIGNATORY, TESTED, REVIEWED, day=date(2027, 1, 1)), "review.not_signatory"),
        (case(SignatureRole.REVIEWED, REVIEWER, TESTED, unseen=("curve:a",)), "review.not_seen"),
    ],
)
def test_each_rule_refuses_with_its_sentence(wrong: SigningCase, key: str) -> None:
    with pytest.raises(OperatorError) as raised:
        check_may_sign(wrong)
    assert raised.value.key == key
    for language in Language:
        sentence = say_error(raised.value, language)
        assert "@" not in sentence
        assert "review." not in sentence


def test_the_first_and_last_day_of_an_authorisation_count() -> None:
    for day in (YEAR.valid_from, YEAR.valid_to):
        check_may_sign(case(SignatureRole.APPROVED, SIGNATORY, TESTED, REVIEWED, day=day))


def test_the_main_tester_signs_without_having_opened_everything() -> None:
    check_may_sign(case(SignatureRole.TESTED, TESTER, unseen=("custody",)))


@pytest.mark.parametrize("subject", list(Subject))
def test_roles_follow_each_other_to_the_end(subject: Subject) -> None:
    given: list[Signature] = []
    for role in ORDER[subject]:
        assert next_role(subject, given) is role
        assert role in NEEDED_ROLE
        given.append(signature(role, REVIEWER))
    assert next_role(subject, given) is None
