"""What waited in a port when it was opened is one chunk, whatever pieces the system gives it in."""

from __future__ import annotations

import pytest

from labdesk.devices import session
from labdesk.devices.registry import make_driver
from labdesk.devices.session import Line, LineEvent, NoKeeper
from labdesk.devices.transport import LineLost
from labdesk.domain.capture import LinkTrouble
from tests.helpers.machines import wait_until


class Pieces:
    """A line that gives these pieces, one a read, and is lost behind them."""

    def __init__(self, *pieces: bytes) -> None:
        self._left = list(pieces)

    def read_chunk(self, wait_s: float, pause_s: float) -> bytes:
        if not self._left:
            raise LineLost(LinkTrouble.UNPLUGGED, "no more")
        return self._left.pop(0)

    def descriptor(self) -> int | None:
        return None

    def wake(self) -> None:
        pass

    def close(self) -> None:
        pass


def brought(monkeypatch: pytest.MonkeyPatch, *pieces: bytes) -> list[bytes]:
    lines = iter([Pieces(*pieces)])
    monkeypatch.setattr(session, "open_transport", lambda url, line: next(lines))
    line, events = Line("m-1", "/dev/none", make_driver("labdesk_utm", {}), NoKeeper(), list), list[LineEvent]()
    line.start()

    def lost() -> bool:
        events.extend(line.drain())
        return any(event.lost for event in events)

    wait_until(lost, 30)
    line.stop()
    return [event.data for event in events if event.data]


def test_what_waited_comes_as_one_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert brought(monkeypatch, b"a" * 4095, b"b" * 4095, b"c" * 25, b"d") == [
        b"a" * 4095 + b"b" * 4095 + b"c" * 25,
        b"d",
    ]


def test_a_line_lost_behind_what_waited_loses_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert brought(monkeypatch, b"a" * 4095) == [b"a" * 4095]
    assert brought(monkeypatch, b"a" * 4095, b"b" * 4095) == [b"a" * 4095 + b"b" * 4095]


def test_small_chunks_are_not_held_back_and_later_ones_not_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    assert brought(monkeypatch, b"a", b"b" * 4095, b"c" * 4095) == [b"a", b"b" * 4095, b"c" * 4095]
