"""Driver of the H5K: asks for code, load, travel and code again; it never sends a command that moves or zeroes."""

from __future__ import annotations

from dataclasses import replace

from labdesk.devices.driver import Decoder, Driver, Poll
from labdesk.devices.framing import ResyncDecoder
from labdesk.domain.sealed_run import Channel

from .exchange import LoadAndTravel
from .protocol import CELLS, REQUESTS, FencedFormat, quantum_kn

PERIOD_MS = 25


class MachineDriver(Driver):
    """Force and crosshead travel; the stated load cell gives the quantum."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Force with a thirty-thousandth of the cell's range as quantum, travel in 0.001 mm."""
        force, travel = self.manifest.channels
        return (replace(force, quantum=quantum_kn(self.settings["load_cell"])), travel)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(FencedFormat(CELLS[self.settings["load_cell"]][0]))

    def poll(self) -> Poll | None:
        """One question every 25 ms, four make a frame."""
        return Poll(REQUESTS, PERIOD_MS)

    def exchange(self) -> LoadAndTravel:
        """What passes on the line while somebody else asks."""
        return LoadAndTravel(CELLS[self.settings["load_cell"]][0])
