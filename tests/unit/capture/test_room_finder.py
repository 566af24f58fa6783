"""A machine at another computer is found over the network: its ports told, its line listened to there, errors in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.capture.beacon import Beacon
from labdesk.capture.lent_lines import LentLines, LentTransport
from labdesk.capture.room_finder import RoomFinder
from labdesk.devices.manifest import LineSettings
from labdesk.devices.transport import LineLost
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.finding import FindsElsewhere, LineChoice
from labdesk.domain.plain import to_plain
from tests.helpers.elsewhere import front_door
from tests.helpers.machines import wait_until
from tests.unit.capture.test_many import Computer


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Computer]:
    made = Computer(tmp_path / "there")
    yield made
    made.close()


class Speaking:
    """The machine at the other computer talks until the end."""

    def __init__(self, computer: Computer) -> None:
        self._stop = threading.Event()
        self._computer = computer
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            self._computer.speak()


def test_a_line_elsewhere_is_listened_to_with_the_same_drivers(there: Computer) -> None:
    with front_door(there.folder) as pairing, Speaking(there):
        finder = RoomFinder(lambda: (pairing,))
        assert isinstance(finder, FindsElsewhere)
        try:
            listening = finder.listen(LineChoice(f"press-pc@{there.line.url}", "labdesk_utm"))
            try:
                wait_until(lambda: listening.heard().good >= 5)
                assert listening.heard().values[0].channel == "force"
            finally:
                listening.close()
        finally:
            finder.close()


def test_ports_of_a_paired_computer_carry_its_name(there: Computer) -> None:
    with front_door(there.folder) as pairing:
        finder = RoomFinder(lambda: (pairing,))
        try:
            (told,) = finder.elsewhere()
            assert (told.name, told.trouble) == ("press-pc", None)
            assert all(port.url.startswith("press-pc@") for port in told.ports)
        finally:
            finder.close()


def test_what_stands_in_the_way_is_one_sentence(there: Computer) -> None:
    with front_door(there.folder) as pairing:
        wrong = (
            (replace(pairing, secret="0" * 64), "elsewhere.wrong_secret"),
            (replace(pairing, fingerprint="0" * 64), "elsewhere.wrong_certificate"),
        )
        for each, key in wrong:
            finder = RoomFinder(lambda each=each: (each,))  # type: ignore[misc]
            try:
                (told,) = finder.elsewhere()
                assert told.trouble is not None
                assert told.trouble.key == key
            finally:
                finder.close()
    finder = RoomFinder(lambda: (pairing,))  # nobody serves any more
    try:
        (told,) = finder.elsewhere()
        assert told.trouble is not None
        assert told.trouble.key == "elsewhere.unreachable"
        listening = finder.listen(LineChoice("press-pc@COM9", "labdesk_utm"))
        wait_until(lambda: listening.heard().trouble == LinkTrouble.NO_CAPTURE.value)
        listening.close()
        stranger = finder.listen(LineChoice("other-pc@COM9", "labdesk_utm"))
        wait_until(lambda: stranger.heard().trouble == LinkTrouble.NO_CAPTURE.value)
        stranger.close()
    finally:
        finder.close()


def test_a_port_that_does_not_open_there_says_why(there: Computer) -> None:
    with front_door(there.folder) as pairing:
        finder = RoomFinder(lambda: (pairing,))
        try:
            found = finder.find("press-pc@/dev/there-is-none", lambda progress: True)
            assert found.trouble == LinkTrouble.NO_SUCH_PORT.value
        finally:
            finder.close()


class Scripted:
    """A line that gives what it is told to, then is lost."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks, self.sent, self.closed = list(chunks), b"", False

    def read_chunk(self, wait_s: float = 0.1, pause_s: float = 0.0) -> bytes:
        if not self.chunks:
            raise LineLost(LinkTrouble.UNPLUGGED, "gone")
        return self.chunks.pop(0)

    def write(self, data: bytes) -> None:
        self.sent += data

    def descriptor(self) -> int | None:
        return None

    def close(self) -> None:
        self.closed = True


def test_a_lent_line_gives_what_came_and_says_when_it_is_gone() -> None:
    line = Scripted(b"12", b"34")
    lent = LentLines(lambda url, settings: line)
    number = lent.open("COM3", to_plain(LineSettings(9600)))
    seen: list[dict[str, str]] = []

    def gone() -> bool:
        seen.append(lent.take(number))
        return seen[-1]["state"] == "lost"

    wait_until(gone)
    assert seen[-1]["trouble"] == LinkTrouble.UNPLUGGED.value
    assert line.closed
    lent.close(number)
    lent.close(number)
    with pytest.raises(OperatorError, match=r"elsewhere\.line"):
        lent.take(number)


def test_a_port_taken_there_is_the_fault_that_opening_it_here_would_be() -> None:
    def taken(url: str, settings: LineSettings) -> Scripted:
        raise EnvironmentFault("capture.port", port=url, trouble=LinkTrouble.PORT_TAKEN.value, detail="busy")

    lent = LentLines(taken)
    operations = {
        "line_open": lambda url, line: lent.open(url, line),
        "line_take": lambda number: lent.take(number),
        "line_close": lambda number: lent.close(number),
    }
    with pytest.raises(EnvironmentFault, match=r"capture\.port") as caught:
        LentTransport(lambda name, **given: operations[name](**given), "COM3", LineSettings(9600))
    assert caught.value.params["trouble"] == LinkTrouble.PORT_TAKEN.value


def test_the_room_tells_who_is_there_pairs_and_forgets(there: Computer, tmp_path: Path) -> None:
    from labdesk.app.elsewhere_room import HomeCaptureRoom

    with front_door(there.folder) as pairing:
        beacon = Beacon("127.0.0.1", 0, (pairing.name, pairing.port, pairing.fingerprint))
        try:
            room = HomeCaptureRoom(tmp_path, ("127.0.0.1",), beacon.port, 0.5)
            (found,) = room.computers()
            assert (found.name, found.paired, found.heard) == ("press-pc", False, True)
            with pytest.raises(OperatorError, match=r"elsewhere\.pairing_line"):
                room.pair("1234")
            with pytest.raises(EnvironmentFault, match=r"elsewhere\.wrong_secret"):
                room.pair(replace(pairing, secret="0" * 64).line())
            assert room.pair(pairing.line()).paired
            (known,) = room.computers()
            assert (known.paired, known.heard) == (True, True)
            room.forget("press-pc")
            assert not room.computers()[0].paired
        finally:
            beacon.close()
