"""Found in the room: who answers is told once, never with a secret, and nonsense is passed over."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from labdesk.capture.beacon import QUESTION_BYTES, Beacon, Found, find_captures

WAIT_S = 60.0
HERE = ("127.0.0.1",)


def test_a_question_is_answered_with_name_port_and_fingerprint() -> None:
    beacon = Beacon("127.0.0.1", 0, ("press-pc", 47116, "ab" * 32))
    try:
        found = next(find_captures(HERE, beacon.port, WAIT_S))
    finally:
        beacon.close()
    assert found == Found("press-pc", "127.0.0.1", 47116, "ab" * 32)


def test_the_answer_is_shorter_than_the_question_and_nonsense_gets_none() -> None:
    beacon = Beacon("127.0.0.1", 0, ("p" * 40, 65535, "ab" * 32))
    question = (b"LABDESK-CAPTURE? " + b"n" * 32).ljust(QUESTION_BYTES)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(WAIT_S)
            for nonsense in (b"", b"x" * QUESTION_BYTES, question[:-1], question + b" "):
                asking.sendto(nonsense, ("127.0.0.1", beacon.port))
            asking.sendto(question, ("127.0.0.1", beacon.port))
            answer = asking.recv(4096)
            asking.setblocking(False)
            with pytest.raises(BlockingIOError):
                asking.recv(4096)
    finally:
        beacon.close()
    assert len(answer) < QUESTION_BYTES
    assert set(json.loads(answer)) == {"nonce", "name", "port", "fp"}


def test_false_answers_are_passed_over() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as liar:
        liar.bind(("127.0.0.1", 0))
        liar.settimeout(WAIT_S)

        def lie() -> None:
            question, where = liar.recvfrom(4096)
            nonce = question.split(b" ")[1].decode()
            good = {"nonce": nonce, "name": "b", "port": 2, "fp": "cd" * 32}
            lies = ({"nonce": "other"}, {"name": "a\nb"}, {"fp": "short"}, {"port": "x"}, {"name": 5})
            for answer in (b"\xff", b"[]", b"{}", *(json.dumps(good | each).encode() for each in lies)):
                liar.sendto(answer, where)
            liar.sendto(json.dumps(good).encode(), where)

        thread = threading.Thread(target=lie)
        thread.start()
        found = next(find_captures(HERE, liar.getsockname()[1], WAIT_S))
        thread.join()
    assert found == Found("b", "127.0.0.1", 2, "cd" * 32)
