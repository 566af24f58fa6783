"""The computers in the room as the desktop's page sees them: found by UDP, paired by a line, kept in the data folder."""

from __future__ import annotations

from pathlib import Path

from labdesk.app.elsewhere_commands import FIND_S, knock
from labdesk.capture.beacon import EVERYBODY, FIND_PORT, Found, find_captures
from labdesk.capture.pairing import Pairing, PairingFile, parse_pairing
from labdesk.domain.finding import RoomComputer


class HomeCaptureRoom:
    """Fulfils ``CaptureRoom``."""

    def __init__(
        self, home: Path, hosts: tuple[str, ...] = EVERYBODY, find_port: int = FIND_PORT, wait_s: float = FIND_S
    ) -> None:
        self._file = PairingFile(home)
        self._asking = (hosts, find_port, wait_s)

    def computers(self) -> tuple[RoomComputer, ...]:
        """Paired ones first, then those that only answered."""
        heard = {each.fingerprint: each for each in find_captures(*self._asking)}
        paired = self._file.all()
        found = [_paired(each, heard.pop(each.fingerprint, None)) for each in paired]
        others = sorted(heard.values(), key=lambda each: each.name)
        return (
            *found,
            *(RoomComputer(each.name, f"{each.host}:{each.port}", each.fingerprint, False, True) for each in others),
        )

    def pair(self, line: str) -> RoomComputer:
        """Knocks and keeps the pairing; what cannot be entered is not kept."""
        pairing = parse_pairing(line)
        knock(pairing)
        self._file.put(pairing)
        return _paired(pairing, None)

    def forget(self, name: str) -> None:
        """Forgets one."""
        self._file.remove(name)


def _paired(pairing: Pairing, heard: Found | None) -> RoomComputer:
    return RoomComputer(pairing.name, f"{pairing.host}:{pairing.port}", pairing.fingerprint, True, heard is not None)
