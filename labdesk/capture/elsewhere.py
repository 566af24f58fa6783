"""One capture process on another computer, as the desktop holds it: what it shall capture, what is in the way to it."""

from __future__ import annotations

import contextlib
import functools
import threading
from dataclasses import replace

from labdesk.capture.client import CaptureClient
from labdesk.capture.pairing import Pairing, split_place
from labdesk.capture.secured import connect_elsewhere
from labdesk.domain.capture import LinkTrouble, LiveListener, LiveState, MachineState
from labdesk.domain.errors import EnvironmentFault, LabDeskError
from labdesk.domain.machines import Machine

RETRY_S = 1.0


def out_of_reach(machine_id: str, known: LiveState | None, detail: str) -> LiveState:
    """State of a machine whose computer does not answer: what was known of its run stays, because the run goes on there."""
    state = known or LiveState(machine_id, 0, MachineState.LOST)
    return replace(state, state=MachineState.LOST, trouble=LinkTrouble.NO_CAPTURE, detail=detail)


class Elsewhere:
    """A client that never waits for a computer that is off, and tells what it shall capture as soon as it answers."""

    def __init__(self, pairing: Pairing, listener: LiveListener) -> None:
        """Begins to connect at once; ``listener`` gets the states of the machines of :meth:`configure`."""
        self.pairing = pairing
        self._listener = listener
        self._lock = threading.Lock()
        self._wanted: dict[str, Machine] = {}
        self._told = True
        self._reachable = False
        self._trouble: Exception = ConnectionError("not connected yet")
        self._client = CaptureClient(functools.partial(connect_elsewhere, pairing), self._on_link, RETRY_S)
        self._client.subscribe(self._received)

    def close(self) -> None:
        """Ends the connection; capture goes on there."""
        self._client.close()

    @property
    def reachable(self) -> bool:
        """Whether it answered last."""
        return self._reachable

    def configure(self, machines: tuple[Machine, ...]) -> None:
        """Makes these the machines it holds open: now, or when it is reached."""
        with self._lock:
            if not machines and not self._wanted:
                return  # it may work for another desktop
            self._wanted, self._told = {machine.id: machine for machine in machines}, False
        if self._reachable:
            self.client()
        else:
            self._say_lost()

    def client(self) -> CaptureClient:
        """The client of a process that is there and knows its machines.

        Raises:
            EnvironmentFault: ``capture.unreachable``, ``elsewhere.wrong_secret``, ``elsewhere.wrong_certificate``.
        """
        if not self._reachable:
            trouble = self._trouble
            if isinstance(trouble, LabDeskError):
                raise trouble
            raise EnvironmentFault("capture.unreachable", detail=self._detail())
        with self._lock:
            if not self._told:
                self._client.configure(tuple(map(_as_seen_there, self._wanted.values())))
                self._told = True
        return self._client

    def states(self) -> tuple[LiveState, ...]:
        """Newest state of every machine it shall capture, also while it is out of reach."""
        try:
            found = {state.machine_id: state for state in self.client().states()}
        except LabDeskError:
            return tuple(map(self._lost, tuple(self._wanted)))
        return tuple(found[name] for name in tuple(self._wanted) if name in found)

    def newest(self, machine_id: str) -> LiveState | None:
        """The newest state received, without asking."""
        return self._client.newest(machine_id) if self._reachable else self._lost(machine_id)

    def _lost(self, machine_id: str) -> LiveState:
        return out_of_reach(machine_id, self._client.newest(machine_id), self._detail())

    def _detail(self) -> str:
        return f"{self.pairing.name} ({self.pairing.host}:{self.pairing.port}): {self._trouble}"

    def _say_lost(self) -> None:
        for machine_id in tuple(self._wanted):
            self._listener(self._lost(machine_id))

    # ---- on the client's thread ------------------------------------------------------------------------------------

    def _received(self, state: LiveState) -> None:
        if state.machine_id in self._wanted:
            self._listener(state)

    def _on_link(self, trouble: Exception | None) -> None:
        was = self._reachable
        # Told again after every interruption: the computer there may have been exchanged. What is known already is not touched.
        self._told = self._told and not self._wanted
        self._reachable = trouble is None
        if trouble is not None:
            self._trouble = trouble
            if was:
                self._say_lost()
        elif not self._told:
            # Not on this thread: it is the one that takes the answer in.
            threading.Thread(target=self._tell, name="capture-elsewhere-tell", daemon=True).start()

    def _tell(self) -> None:
        with contextlib.suppress(LabDeskError):  # whoever asks next tells it
            self.client()


def _as_seen_there(machine: Machine) -> Machine:
    """The machine with its port as the other computer calls it; where it was captured stays among the settings, and so in the run."""
    name, port = split_place(machine.port_url)
    return replace(machine, port_url=port, settings={**machine.settings, "capture": name})
