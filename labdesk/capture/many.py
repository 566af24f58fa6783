"""Several capture processes behind one port: a machine hangs on the computer its port names (``press-pc@COM3``), else on this one."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from labdesk.capture.client import CaptureClient
from labdesk.capture.elsewhere import Elsewhere, out_of_reach
from labdesk.capture.pairing import Pairing, split_place
from labdesk.domain.capture import CapturePort, LiveListener, LiveState, RunOutcome, RunRequest
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.machines import Machine

HERE = ""


class ManyCaptures:
    """A :class:`labdesk.domain.capture.CapturePort`. A computer that does not answer is the trouble of its own machines only."""

    def __init__(self, here: CaptureClient, pairings: Callable[[], tuple[Pairing, ...]]) -> None:
        """``here``: this computer's process; ``pairings`` is asked again at every :meth:`configure`."""
        self._here = here
        self._pairings = pairings
        self._lock = threading.Lock()
        self._listeners: list[LiveListener] = []
        self._elsewhere: dict[str, Elsewhere] = {}
        self._places: dict[str, str] = {}
        self._holders: dict[str, str] = {}
        self._pair()

    def close(self) -> None:
        """Ends all connections; capture goes on everywhere."""
        for each in self._elsewhere.values():
            each.close()
        self._here.close()

    def stop_capture(self) -> None:
        """Asks this computer's capture process to end; nobody ends another computer's from here."""
        self._here.stop_capture()

    def states(self) -> tuple[LiveState, ...]:
        """See ``CapturePort``; a machine out of reach is ``LOST`` with ``NO_CAPTURE``."""
        found = [state for state in self._here.states() if self._places.get(state.machine_id, HERE) == HERE]
        for each in tuple(self._elsewhere.values()):
            found.extend(each.states())
        return (*found, *self._strangers())

    def newest(self, machine_id: str) -> LiveState | None:
        """The newest state received so far, without asking; ``None`` before the first one."""
        place = self._elsewhere.get(self._places.get(machine_id, HERE))
        return self._here.newest(machine_id) if place is None else place.newest(machine_id)

    def configure(self, machines: tuple[Machine, ...]) -> None:
        """See ``CapturePort``; a computer out of reach is told when it answers again."""
        self._pair()
        places = {machine.id: split_place(machine.port_url)[0] for machine in machines}
        self._places = places
        self._here.configure(tuple(machine for machine in machines if places[machine.id] == HERE))
        for name, each in tuple(self._elsewhere.items()):
            with contextlib.suppress(LabDeskError):  # it is told when it answers again
                each.configure(tuple(machine for machine in machines if places[machine.id] == name))
        for state in self._strangers():
            self._tell(state)

    def arm(self, request: RunRequest) -> None:
        """See ``CapturePort``; OperatorError ``elsewhere.apart`` if companions hang on another computer, ``elsewhere.not_paired``."""
        place = self._places.get(request.machine_id, HERE)
        if any(self._places.get(each, HERE) != place for each in request.companion_ids):
            raise OperatorError("elsewhere.apart")
        self._at(place).arm(request)
        self._holders[request.run_id] = place

    def abort(self, machine_id: str, reason: str) -> None:
        """See ``CapturePort``."""
        self._of(machine_id).abort(machine_id, reason)

    def switch_channel(self, machine_id: str, channel: str, reason: str) -> None:
        """See ``CapturePort``."""
        self._of(machine_id).switch_channel(machine_id, channel, reason)

    def subscribe(self, listener: LiveListener) -> Callable[[], None]:
        """See ``CapturePort``."""

        def from_here(state: LiveState) -> None:
            if self._places.get(state.machine_id, HERE) == HERE:
                listener(state)

        end = self._here.subscribe(from_here)
        self._listeners = [*self._listeners, listener]
        for machine_id, place in tuple(self._places.items()):
            state = self.newest(machine_id) if place != HERE else None
            if state is not None:
                listener(state)

        def unsubscribe() -> None:
            end()
            self._listeners = [each for each in self._listeners if each is not listener]

        return unsubscribe

    def sealed_runs(self) -> tuple[RunOutcome, ...]:
        """See ``CapturePort``; runs of a computer out of reach wait there and are listed when it answers again."""
        found = [(HERE, outcome) for outcome in self._here.sealed_runs()]
        for name, each in tuple(self._elsewhere.items()):
            with contextlib.suppress(LabDeskError):
                found.extend((name, outcome) for outcome in each.client().sealed_runs())
        self._holders.update((outcome.run_id, name) for name, outcome in found)
        return tuple(sorted((outcome for _, outcome in found), key=lambda each: (each.sealed_at, each.run_id)))

    def fetch(self, run_id: str) -> bytes:
        """See ``CapturePort``."""
        return self._holding(run_id, lambda port: port.fetch(run_id))

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        """See ``CapturePort``."""
        return self._holding(run_id, lambda port: port.fetch_journal(run_id, device))

    def acknowledge(self, run_id: str) -> None:
        """See ``CapturePort``."""

        def say(port: CapturePort) -> bytes:
            port.acknowledge(run_id)
            return b""

        self._holding(run_id, say)

    # ---- which one -------------------------------------------------------------------------------------------------

    def _pair(self) -> None:
        """Brings the connections in line with the pairings on disk."""
        with self._lock:
            wanted = {pairing.name: pairing for pairing in self._pairings()}
            for name in [name for name, each in self._elsewhere.items() if wanted.get(name) != each.pairing]:
                self._elsewhere.pop(name).close()
            for name in wanted.keys() - self._elsewhere.keys():
                self._elsewhere[name] = Elsewhere(wanted[name], self._tell)

    def _tell(self, state: LiveState) -> None:
        for listener in self._listeners:
            listener(state)

    def _strangers(self) -> Iterator[LiveState]:
        """Machines on a computer that was never paired."""
        for machine_id, place in tuple(self._places.items()):
            if place != HERE and place not in self._elsewhere:
                yield out_of_reach(machine_id, None, place)

    def _of(self, machine_id: str) -> CapturePort:
        return self._at(self._places.get(machine_id, HERE))

    def _at(self, place: str) -> CapturePort:
        if place == HERE:
            return self._here
        if place not in self._elsewhere:
            raise OperatorError("elsewhere.not_paired", name=place)
        return self._elsewhere[place].client()

    def _holding(self, run_id: str, ask: Callable[[CapturePort], bytes]) -> bytes:
        """Asks whoever has this run: the one that armed or listed it, else all in turn."""
        if run_id in self._holders:
            return ask(self._at(self._holders[run_id]))
        for place in (HERE, *(name for name, each in self._elsewhere.items() if each.reachable)):
            try:
                return ask(self._at(place))
            except OperatorError as error:
                if error.key != "capture.no_such_run":
                    raise
        raise OperatorError("capture.no_such_run", run_id=run_id)
