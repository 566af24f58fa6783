"""How a simulated H5K speaks: it answers, question by question, with the newest reading."""

from __future__ import annotations

from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import CELLS, FULL_SCALE, build_answers


class Simulator(DeviceSimulator):
    """Encodes readings as the machine would; what the fence cannot tell moves by one count, as the next sample of a real one would."""

    polled = True
    _newest: tuple[int, int] | None = None

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """The four answers of one frame."""
        code, range_kn = CELLS[self.settings["load_cell"]]
        load, travel = round(reading.force_kn / float(range_kn) * FULL_SCALE), round(reading.displacement_mm * 1000)
        load, travel = load + (load == code), travel + (travel == code)
        self._newest = (load, travel)
        return build_answers(code, load, travel)

    def answer(self, request: bytes) -> bytes:
        """One answer for each question it knows; silence for anything else."""
        if self._newest is None:
            return b""
        known = {"RC": CELLS[self.settings["load_cell"]][0], "RL": self._newest[0], "RP": self._newest[1]}
        questions = request.decode("latin-1").split("\r")[:-1]
        return b"".join(b"%d\r" % known[question] for question in questions if question in known)
