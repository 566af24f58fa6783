"""Pairing lines, ports that name a computer, the private file."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.capture.identity import read_identity
from labdesk.capture.pairing import Pairing, PairingFile, parse_pairing, split_place
from labdesk.domain.errors import EnvironmentFault, OperatorError

PAIRING = Pairing("压力机-1", "192.168.1.20", 47116, "ab" * 32, "cd" * 32)


@pytest.mark.parametrize("host", ["192.168.1.20", "press-pc.local", "fe80::1"])
def test_a_line_gives_the_pairing_back(host: str) -> None:
    pairing = replace(PAIRING, host=host)
    assert parse_pairing(f"  {pairing.line()}\n") == pairing


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("labdesk-capture:", "http:"),
        (":47116", ""),
        (":47116", ":70000"),
        ("fp=ab", "fp="),
        ("fp=ab", "fp=zz"),
        ("&secret=" + "cd" * 32, ""),
        ("&secret=", "&name=twice&secret="),
        ("name=", "name=a/b"),
        ("192.168.1.20", ""),
    ],
)
def test_a_line_that_lacks_something_is_refused(old: str, new: str) -> None:
    line = PAIRING.line()
    assert old in line
    with pytest.raises(OperatorError) as caught:
        parse_pairing(line.replace(old, new, 1))
    assert caught.value.key == "elsewhere.pairing_line"


def test_the_secret_is_not_shown_by_accident() -> None:
    assert PAIRING.secret not in repr(PAIRING)


@pytest.mark.parametrize(
    ("port", "place"),
    [
        ("press-pc@COM3", ("press-pc", "COM3")),
        ("压力机@/dev/ttyUSB0", ("压力机", "/dev/ttyUSB0")),
        ("pc@socket://127.0.0.1:5", ("pc", "socket://127.0.0.1:5")),
        ("COM3", ("", "COM3")),
        ("rfc2217://user@host:4000", ("", "rfc2217://user@host:4000")),
        ("/dev/serial/by-id/usb-a@b", ("", "/dev/serial/by-id/usb-a@b")),
        ("@COM3", ("", "@COM3")),
    ],
)
def test_a_port_may_name_a_computer(port: str, place: tuple[str, str]) -> None:
    assert split_place(port) == place


def test_the_file_keeps_one_pairing_of_a_name_and_is_private(tmp_path: Path) -> None:
    file = PairingFile(tmp_path / "home")
    assert file.all() == ()
    other = replace(PAIRING, name="b")
    file.put(other)
    file.put(PAIRING)
    file.put(replace(PAIRING, port=1))
    assert file.all() == (other, replace(PAIRING, port=1))
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "home" / "capture-elsewhere.json").stat().st_mode) == 0o600
    file.remove("b")
    assert [each.name for each in file.all()] == [PAIRING.name]
    with pytest.raises(OperatorError):
        file.remove("b")


@pytest.mark.parametrize("text", ["{", "[1]", '[{"name": "a"}]', '{"a": 1}'])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "capture-elsewhere.json").write_text(text)
    with pytest.raises(EnvironmentFault) as caught:
        PairingFile(tmp_path).all()
    assert caught.value.key == "elsewhere.file"


def test_an_identity_is_made_once_and_its_secret_can_be_renewed(tmp_path: Path) -> None:
    made = read_identity(tmp_path)
    again = read_identity(tmp_path)
    renewed = read_identity(tmp_path, renew_secret=True)
    assert (made.new, again.new, renewed.new) == (True, False, True)
    assert made.fingerprint == again.fingerprint == renewed.fingerprint
    assert made.secret == again.secret != renewed.secret
    if os.name == "posix":
        files = ("elsewhere.pem", "elsewhere.secret")
        assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in files} == {0o600}
