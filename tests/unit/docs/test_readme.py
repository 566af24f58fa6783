"""What the README has people type works as written, and the commands it lists are the ones there are."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.app.command import HANDLERS, USAGE, main
from labdesk.app.foundation import open_foundation
from labdesk.app.paths import Home
from labdesk.domain.codes import CodeKind, parse_code
from tests.helpers.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "first-commission.json"


def typed(section: str) -> list[list[str]]:
    """Arguments of every ``labdesk`` line in the shell blocks of a section."""
    text = README.split(f"## {section}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith(".venv/bin/labdesk")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone's folder as far as the README's lines look into it, with a data folder of its own."""
    (tmp_path / "docs" / "examples").mkdir(parents=True)
    shutil.copy(EXAMPLE, tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABDESK_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        found: int = free.getsockname()[1]
    return found


@pytest.fixture
def platform(folder: Path, port: int) -> Iterator[list[subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for process in running:
        process.terminate()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def serve(folder: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "labdesk", "platform", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["url"].endswith(str(port))
    return process


def test_a_laboratory_of_your_own_joins_and_gets_its_commission(
    folder: Path, port: int, platform: list[subprocess.Popen[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = typed("Five minutes to the first report")
    own = lines[next(index for index, line in enumerate(lines) if line[:2] == ["platform", "add-lab"]) :]
    assert ["sync", "now"] in own
    for arguments in own:
        if arguments == ["platform", "serve"]:
            platform.append(serve(folder, port))
            continue
        if not arguments:
            continue  # the desktop itself
        target = folder / arguments[arguments.index(">") + 1] if ">" in arguments else None
        words = arguments[: arguments.index(">")] if target else arguments
        capsys.readouterr()
        assert main([word.replace("8765", str(port)) for word in words]) == 0, words
        said = capsys.readouterr().out
        if target:
            target.write_text(said, encoding="utf-8")
    assert json.loads(said)["problems"] == []
    base = open_foundation(Home(folder / "home"))
    try:
        with base.store.read() as uow:
            waiting = uow.reception.waiting("", 10)
    finally:
        base.close()
    wanted = json.loads(EXAMPLE.read_text(encoding="utf-8"))["commissions"][0]["commission"]["number"]
    assert [commission.number for commission in waiting] == [wanted]


def test_the_sheet_of_codes_belongs_to_the_example() -> None:
    sheet = EXAMPLE.with_suffix(".svg").read_text(encoding="utf-8")
    commission = json.loads(EXAMPLE.read_text(encoding="utf-8"))["commissions"][0]["commission"]
    codes = [parse_code(text) for text in re.findall(r">(LD[A-Z]:[^<]+)<", sheet)]
    tags = [sample["tag"] for lot in commission["lots"] for sample in lot["samples"]]
    assert [code.body for code in codes if code.kind is CodeKind.TAG] == tags
    assert [code.body for code in codes if code.kind is CodeKind.COMMISSION] == [commission["number"]]


def test_the_table_of_commands_is_the_program_s() -> None:
    table = README.split("## Commands\n")[1].split("\n## ")[0]
    listed = {
        word
        for row in re.findall(r"^\| (`labdesk.*?`) \|", table, re.M)
        for word in re.findall(r"`labdesk ([\w-]+)", row)
    }
    assert listed == set(HANDLERS)
    assert {"join", "audit", "verify"} <= set(re.findall(r"\w+", USAGE))


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", "docs/manual/zh", "docs/manual/en"])
def test_no_document_names_a_command_that_is_not_there(path: str) -> None:
    place = ROOT / path
    for file in [place] if place.is_file() else sorted(place.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^|`|bin/)labdesk ([a-z][a-z-]+)", text, re.M))
        assert named <= set(HANDLERS), file.name
