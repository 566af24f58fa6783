"""The challenge, the certificate's fingerprint, and bytes carried both ways."""

from __future__ import annotations

import contextlib
import secrets
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.capture.endpoint import connect, listen
from labdesk.capture.pairing import Pairing
from labdesk.capture.secured import NONCE_BYTES, REFUSED, answer_to, connect_elsewhere, enter
from labdesk.domain.errors import EnvironmentFault
from tests.helpers.elsewhere import front_door

WAIT_S = 60.0
END = b"end"


class Echo:
    """Stands for the capture process: gives back what it hears and counts who came in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.listener = listen(folder)
        self.listener.socket.setblocking(True)
        self.visits = 0
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        while True:
            connection, _ = self.listener.socket.accept()
            with connection:
                connection.settimeout(WAIT_S)
                said = connection.recv(1 << 16)
                if said == END:
                    return
                self.visits += 1
                while said:
                    connection.sendall(said)
                    said = connection.recv(1 << 16)

    def close(self) -> None:
        with connect(self.folder, WAIT_S) as last:
            last.sendall(END)
            self.thread.join()
        self.listener.socket.close()


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Echo]:
    echo = Echo(tmp_path)
    yield echo
    echo.close()


@pytest.fixture
def door(inside: Echo) -> Iterator[Pairing]:
    with front_door(inside.folder) as pairing:
        yield pairing


def unchecked(door: Pairing) -> ssl.SSLSocket:
    """TLS with the door, and nothing said yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection((door.host, door.port), WAIT_S))


def test_a_challenge_has_one_answer() -> None:
    secret, nonce, fingerprint = (bytes([each]) * 32 for each in (1, 2, 3))
    right = answer_to(secret, nonce, fingerprint)
    assert len(right) == 32
    mixed = [(nonce, secret, fingerprint), (secret, fingerprint, nonce), (secret, nonce, nonce)]
    assert right not in [answer_to(*each) for each in mixed]


def test_bytes_go_both_ways_unchanged(door: Pairing) -> None:
    sent = secrets.token_bytes(3_000_000)
    got = bytearray()
    with connect_elsewhere(door, WAIT_S) as way:
        way.settimeout(WAIT_S)
        writer = threading.Thread(target=way.sendall, args=(sent,))
        writer.start()
        while len(got) < len(sent):
            data = way.recv(1 << 16)
            assert data
            got += data
        writer.join()
    assert got == sent


def test_a_wrong_secret_is_one_sentence_and_nothing_reaches_the_inside(inside: Echo, door: Pairing) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        enter(replace(door, secret="00" * 32), WAIT_S)
    assert (caught.value.key, caught.value.params["name"]) == ("elsewhere.wrong_secret", door.name)
    assert inside.visits == 0


def test_an_old_answer_opens_nothing(inside: Echo, door: Pairing) -> None:
    """A listener who recorded one answer cannot use it: every connection has a nonce of its own."""
    secret, fingerprint = bytes.fromhex(door.secret), bytes.fromhex(door.fingerprint)
    with unchecked(door) as first:
        old = answer_to(secret, first.recv(NONCE_BYTES), fingerprint)
    with unchecked(door) as second:
        second.recv(NONCE_BYTES)
        second.sendall(old)
        assert second.recv(1) == REFUSED
        assert second.recv(1) == b""
    assert inside.visits == 0


def test_messages_without_an_answer_are_not_read(inside: Echo, door: Pairing) -> None:
    with unchecked(door) as hasty:
        hasty.sendall(b'\x14\x00\x00\x00J{"id":1,"op":"stop"}'.ljust(64))
        assert hasty.recv(NONCE_BYTES)
        assert hasty.recv(1) == REFUSED
    assert inside.visits == 0


def test_a_wrong_certificate_never_sees_an_answer(inside: Echo, door: Pairing, tmp_path: Path) -> None:
    (tmp_path / "impostor").mkdir()
    with front_door(tmp_path / "impostor") as impostor, pytest.raises(EnvironmentFault) as caught:
        enter(replace(door, port=impostor.port), WAIT_S)
    assert caught.value.key == "elsewhere.wrong_certificate"


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 64, b"\x16\x03\x01\xff\xff"])
def test_who_speaks_something_else_is_sent_away_and_the_door_stays(door: Pairing, said: bytes) -> None:
    stranger = socket.create_connection((door.host, door.port), WAIT_S)
    with stranger, contextlib.suppress(OSError):  # sent away: closed or reset, as the system likes
        stranger.sendall(said)
        stranger.shutdown(socket.SHUT_WR)
        while stranger.recv(4096):
            pass
    enter(door, WAIT_S).close()


def test_a_door_without_capture_process_closes_the_connection(tmp_path: Path) -> None:
    with front_door(tmp_path) as pairing, connect_elsewhere(pairing, WAIT_S) as way:
        way.settimeout(WAIT_S)
        assert way.recv(1) == b""
