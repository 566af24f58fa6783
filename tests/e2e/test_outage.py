"""The platform killed at many points of the main job and started again: work goes on, everything arrives once and in order."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.outbox import OutboxMessage, OutboxState
from labdesk.sync.engine import Pace, SyncEngine, SyncParts
from labdesk.sync.port import PlatformPort, UnreachableError
from tests.helpers.laboratory import Laboratory, arrived, main_job, open_laboratory
from tests.helpers.machines import wait_until

UNREACHABLE = ("sync.unreachable",)
#: The platform is switched off before these steps and on again before those.
OFF = {"foreign tag", "bar 1 and cube 1", "evaluate rebar-lot", "evaluate concrete-cube"}
ON = {"cubes received", "manual reading", "signatures rebar-lot"}


class AnswerLost:
    """The way to the platform, cut after the message got there and before the answer came back; everything else goes through."""

    def __init__(self, platform: PlatformPort, cut: Callable[[], None], every: int) -> None:
        self._platform = platform
        self._cut = cut
        self._every = every
        self.delivered = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    def deliver(self, message: OutboxMessage) -> Any:
        """Deliver; every so often the power fails before the answer is heard."""
        outcome = self._platform.deliver(message)
        self.delivered += 1
        if self.delivered % self._every == 0:
            self._cut()
            raise UnreachableError(EnvironmentFault("sync.unreachable", reason="answer lost"))
        return outcome


@pytest.fixture
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    laboratory = open_laboratory(tmp_path_factory.mktemp("lab"))
    try:
        yield laboratory
    finally:
        laboratory.close()


def streams(rows: list[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Message ids of each commission, in order of arrival."""
    found: dict[str, list[str]] = defaultdict(list)
    for stream, key, _ in rows:
        found[stream].append(key)
    return found


def check_all_there_once_and_in_order(lab: Laboratory) -> None:
    messages = lab.messages()
    assert set(lab.states()) == {OutboxState.ACKNOWLEDGED}, [(m.kind, m.state, m.last_error) for m in messages]
    there = arrived(lab)
    assert len(there) == len({key for _, key, _ in there}) == len(messages) == 27
    assert {(key, digest) for _, key, digest in there} == {(item.id, item.sha256) for item in messages}
    sent = streams([(message.stream, message.id, message.sha256) for message in messages])
    assert streams(there) == sent
    assert len(sent) == 2
    for day in {message.created_at.date().isoformat() for message in messages}:
        assert lab.rooms.line.control.reconcile(day).clean
    assert all(lab.report_file(method).stat().st_size > 50_000 for method in lab.drafts)


def until_everything_is_there(lab: Laboratory, engine: SyncEngine) -> None:
    """Passes until nothing waits; a platform that is off is switched on."""

    def done() -> bool:
        if engine.sync_now().problems:
            lab.world.platform.unplug()
            lab.world.platform.start()
        return engine.status().waiting == 0

    wait_until(done, 60)


@pytest.mark.allow_log("labdesk.services.reporting:WARNING:.*")
@pytest.mark.rule("YK-9.3")
def test_killed_again_and_again_everything_arrives_once_and_in_order(lab: Laboratory) -> None:
    """The first half of the proof: whole steps without a platform, and answers that are lost with the power."""
    platform, base = lab.world.platform, lab.rooms.base
    lab.sync()
    engine = lab.rooms.line.engine
    assert engine is not None
    parts = engine._parts
    line = AnswerLost(parts.platform, platform.unplug, every=4)
    shaky = SyncEngine(SyncParts(line, parts.outbox, base.blobs, parts.inbox, base.clock), Pace())  # type: ignore[arg-type]
    off = False
    problems: list[str] = []
    for step in main_job(lab, haste=2):
        if step in ON:
            platform.start()
            off = False
        if off:
            # Work went on without the platform; nothing got lost, nothing counts as an attempt.
            assert shaky.sync_now().problems == UNREACHABLE
            assert all(message.attempts == 0 for message in lab.messages())
        else:
            found = shaky.sync_now().problems
            problems += found
            if found:
                platform.start()
        if step in OFF:
            platform.unplug()
            off = True
    assert not off or platform.start() is None
    until_everything_is_there(lab, shaky)
    assert problems.count("sync.unreachable") >= 2
    assert line.delivered > 10
    check_all_there_once_and_in_order(lab)


@pytest.mark.allow_log("labdesk.services.reporting:WARNING:.*")
@pytest.mark.rule("YK-9.3")
def test_killed_at_any_moment_of_a_pass_while_the_engine_runs_by_itself(lab: Laboratory) -> None:
    """The second half: the engine's own thread delivers, the platform dies at moments nobody chose, and comes back."""
    platform, base = lab.world.platform, lab.rooms.base
    lab.sync()
    engine = lab.rooms.line.engine
    assert engine is not None
    own = SyncEngine(engine._parts, Pace(poll_s=0.05, first_pause_s=0.05, poll_offline_s=0.2))
    over, deaths = threading.Event(), []

    def cut() -> None:
        """Until the job is over, and at least five times: on a fast machine the last deaths fall into the catching up."""
        while not over.wait(0.9) or len(deaths) < 5:
            platform.unplug()
            deaths.append(base.clock.now())
            platform.start()

    power = threading.Thread(target=cut)
    power.start()
    try:
        own.start()
        for _ in main_job(lab, haste=2):
            own.wake()
    finally:
        over.set()
        power.join()
        assert own.stop()
    until_everything_is_there(lab, engine)
    assert len(deaths) >= 5
    check_all_there_once_and_in_order(lab)
