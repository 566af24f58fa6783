"""``capture-pair`` and ``capture-find`` in this process; ``capture-serve`` runs in ``tests/e2e``."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from labdesk.app.elsewhere_commands import run_elsewhere_command
from labdesk.capture.beacon import Beacon
from labdesk.capture.pairing import PairingFile
from labdesk.domain.errors import LabDeskError
from tests.helpers.elsewhere import front_door


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_pair_find_list_and_remove(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, home = tmp_path / "bench", tmp_path / "home"
    bench.mkdir()
    with front_door(bench) as pairing:
        told = (pairing.name, pairing.port, pairing.fingerprint)
        beacon = Beacon("127.0.0.1", 0, told)
        find = ["--at", "127.0.0.1", "--find-port", str(beacon.port), "--wait", "2"]
        try:
            assert run_elsewhere_command("capture-find", find, home) == 0
            (found,) = lines(capsys)
            assert (found["name"], found["fingerprint"], found["paired"]) == ("press-pc", pairing.fingerprint, False)
            monkeypatch.setattr("sys.stdin", io.StringIO(pairing.line() + "\n"))
            assert run_elsewhere_command("capture-pair", ["-", "--name", "压力机"], home) == 0
            shown = capsys.readouterr().out
            assert pairing.secret not in shown
            assert json.loads(shown)["name"] == "压力机"
            assert run_elsewhere_command("capture-find", find, home) == 0
            (found,) = lines(capsys)
            assert (found["paired"], found["paired_as"]) == (True, "压力机")
            assert found["address"] == f"127.0.0.1:{pairing.port}"
        finally:
            beacon.close()
    assert run_elsewhere_command("capture-pair", ["--list"], home) == 0
    assert [each["name"] for each in lines(capsys)] == ["压力机"]
    assert run_elsewhere_command("capture-pair", ["--remove", "压力机"], home) == 0
    assert PairingFile(home).all() == ()


@pytest.mark.parametrize(
    ("name", "arguments", "key"),
    [
        ("capture-pair", [], "elsewhere.pairing_line"),
        ("capture-pair", ["labdesk-capture://x"], "elsewhere.pairing_line"),
        ("capture-pair", ["--remove", "nobody"], "elsewhere.not_paired"),
        ("capture-serve", ["--listen", "47116"], "elsewhere.address"),
        ("capture-serve", ["--listen", "127.0.0.1:x"], "elsewhere.address"),
        ("capture-serve", ["--name", "a b"], "elsewhere.name"),
    ],
)
def test_a_wrong_command_line_is_one_sentence(tmp_path: Path, name: str, arguments: list[str], key: str) -> None:
    with pytest.raises(LabDeskError) as caught:
        run_elsewhere_command(name, arguments, tmp_path)
    assert caught.value.key == key
    assert list(tmp_path.iterdir()) == []


def test_nobody_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--at", "127.0.0.1", "--find-port", "9", "--wait", "0.2"]
    assert run_elsewhere_command("capture-find", arguments, tmp_path) == 1
    assert capsys.readouterr().out == ""
