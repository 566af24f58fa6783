"""A missing paper holds with a deadline: no number and no test meanwhile, and after the deadline only refusal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.outbox import MessageKind
from labdesk.domain.reception import ReceptionState, ScanVerdict
from labdesk.domain.sentences import Language, say_error
from tests.helpers.receptionworld import CONCRETE, CUBES, LATE_CUBES, ReceptionWorld, make_counter, session
from tests.helpers.stores import opened_engine

PAPER = ("commission_form",)


@pytest.fixture
def counter(database_url: str) -> Iterator[ReceptionWorld]:
    with opened_engine(database_url) as engine:
        made = make_counter(engine)
        made.desk.open(CONCRETE, session())
        made.desk.hold(CONCRETE, PAPER, session())
        yield made


def told(error: pytest.ExceptionInfo[OperatorError]) -> str:
    """Both sentences can be said with the parameters that came along."""
    assert say_error(error.value, Language.ZH)
    assert say_error(error.value, Language.EN)
    return error.value.key


@pytest.mark.rule("YK-5.2")
def test_the_deadline_is_the_profiles(counter: ReceptionWorld) -> None:
    hold = counter.desk.view(CONCRETE).hold
    assert hold is not None
    assert (hold.deadline - hold.at).total_seconds() == 48 * 3600


@pytest.mark.rule("YK-5.2")
def test_nothing_is_scanned_received_or_refused_for_the_paper_while_it_is_waited_for(counter: ReceptionWorld) -> None:
    for attempt in (
        lambda: counter.scan(CUBES[0], CONCRETE),
        lambda: counter.receiving.finish(CONCRETE, frozenset(PAPER), session()),
        lambda: counter.desk.hold(CONCRETE, PAPER, session()),
    ):
        with pytest.raises(OperatorError) as caught:
            attempt()
        assert told(caught) == "reception.held"
    with pytest.raises(OperatorError) as caught:
        counter.desk.refuse_expired(CONCRETE, session())
    assert told(caught) == "reception.hold_running"
    with counter.store.read() as uow:
        assert uow.numbers.series("HNT", 2026) == []


@pytest.mark.rule("YK-5.2")
def test_the_paper_came_in_the_last_minute(counter: ReceptionWorld) -> None:
    counter.clock.forward(hours=48)
    view = counter.desk.release(CONCRETE, session())
    assert view.state is ReceptionState.OPEN
    assert counter.scan(CUBES[0], CONCRETE)[0].verdict is ScanVerdict.MATCH


@pytest.mark.rule("YK-5.2", "YK-7.4")
def test_after_the_deadline_it_is_refused_with_slips_and_never_received(counter: ReceptionWorld) -> None:
    counter.clock.forward(hours=48, seconds=1)
    with pytest.raises(OperatorError) as caught:
        counter.desk.release(CONCRETE, session())
    assert told(caught) == "reception.hold_expired"
    view = counter.desk.refuse_expired(CONCRETE, session())
    assert view.state is ReceptionState.DONE
    assert [(slip.lot_index, slip.finding.verdict) for slip in view.rejections] == [
        (1, ScanVerdict.PAPER_MISSING),
        (2, ScanVerdict.PAPER_MISSING),
    ]
    with counter.store.read() as uow:
        told_platform = [item for item in uow.outbox.newest(20) if item.kind is MessageKind.REJECTION]
        assert uow.reception.lots_of(CONCRETE) == []
        assert len(told_platform) == 2
    for tag in (CUBES[0], LATE_CUBES[0]):
        with pytest.raises(OperatorError) as caught:
            counter.scan(tag, CONCRETE)
        assert told(caught) == "reception.done"
