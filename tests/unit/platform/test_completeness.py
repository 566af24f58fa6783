"""What stands between a report and its code: a run with samples missing where they matter needs somebody else's reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labdesk.domain.messages import GapReasonBody
from labdesk.domain.sealed_run import RunMark
from labdesk.wire.envelope import ReceiptOutcome
from tests.unit.platform import world
from tests.unit.platform.test_intake import send, send_story, upload
from tests.unit.platform.world import NOON, TESTER, Actor, LabSide, Region, Story, commission, story


@pytest.fixture
def lab(here: Region) -> LabSide:
    """A laboratory that has one commission."""
    found = here.add_lab()
    here.send_out(commission())
    return found


@pytest.fixture
def told(lab: LabSide) -> Story:
    """The course of its lot."""
    return story(commission())


@pytest.mark.rule("YK-7.2a")
def test_a_run_with_a_critical_gap_carries_a_report_only_with_somebody_elses_reason(
    here: Region, lab: LabSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = replace(world.RUN, header=replace(world.RUN.header, marks=(RunMark.GAP_CRITICAL,)))
    monkeypatch.setattr(world, "RUN", marked)
    told = story(commission())
    send_story(here, lab, told)
    labels = [body.specimen_label for body in told.run_bodies]
    assert send(here, lab, told.request).missing == tuple(f"gap-reason:{label}" for label in labels)
    for run, giver in zip(told.run_bodies, (TESTER, Actor("p-9", "何静")), strict=True):
        about = (run.commission_no, run.project_code, run.lot_index, run.specimen_label, run.run_id, run.run_hash)
        send(here, lab, GapReasonBody(*about, "峰值寄存一致", giver, NOON))
    # Who loaded it gives no reason for it.
    assert send(here, lab, told.request).missing == (f"gap-reason:{labels[0]}",)


@pytest.mark.rule("YK-7.2a")
def test_a_run_that_hides_its_marks_or_its_loader_is_refused(here: Region, lab: LabSide, told: Story) -> None:
    body = told.run_bodies[0]
    upload(here, lab, told.runs[body.run_hash])
    for changed in (replace(body, marks=("slow-sampling",)), replace(body, loader=Actor("p-9", "何静"))):
        receipt = send(here, lab, changed)
        assert (receipt.outcome, receipt.reason) == (ReceiptOutcome.REFUSED, "platform.run_differs")
