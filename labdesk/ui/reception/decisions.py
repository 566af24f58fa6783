"""How a reception is held, goes on, and ends: decisions about the whole commission, taken through the flow."""

from __future__ import annotations

from labdesk.domain.reception import ReceptionView
from labdesk.services.receiving import Received
from labdesk.ui.reception.flow import CounterFlow


def hold(flow: CounterFlow, papers: frozenset[str]) -> None:
    """Hold for missing papers."""
    if flow.view is not None:
        number, session = flow.view.commission.number, flow.context.session()
        flow.run(lambda: flow.desk.hold(number, tuple(sorted(papers)), session), flow.take)


def release(flow: CounterFlow) -> None:
    """The missing papers are here."""
    if flow.view is not None:
        number, session = flow.view.commission.number, flow.context.session()
        flow.run(lambda: flow.desk.release(number, session), flow.take)


def refuse_expired(flow: CounterFlow) -> None:
    """The paper did not come before the deadline: everything is refused."""
    if flow.view is None:
        return
    number, session = flow.view.commission.number, flow.context.session()

    def work() -> tuple[Received, ReceptionView]:
        refused = flow.desk.refuse_expired(number, session)
        return flow.receiving.received(number) or Received((), "", "", ""), refused

    flow.run(work, flow.done)


def finish(flow: CounterFlow, papers: frozenset[str]) -> None:
    """Receive what was found right, refuse the rest."""
    if flow.view is None:
        return
    number, session = flow.view.commission.number, flow.context.session()

    def work() -> tuple[Received, ReceptionView]:
        return flow.receiving.finish(number, papers, session), flow.desk.view(number)

    flow.run(work, flow.done)
