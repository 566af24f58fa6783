"""The driver guide is followed to the letter: its files are written, its commands typed, and the contract run on its driver."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.source import ROOT

GUIDE = ROOT / "docs" / "driver-guide.md"
_FILE = re.compile(r"^\*\*([\w/.]+)\*\*\n\n```\w+\n(.*?)^```$", re.M | re.S)
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
NEEDS_TERMINALS = pytest.mark.skipif(os.name != "posix", reason="the guide's commands are those of a POSIX shell")


@dataclass(frozen=True)
class Typed:
    """A command of the guide, and the lines it says come back; empty where it says nothing about them."""

    command: str
    output: str


def files_of(guide: str) -> dict[str, str]:
    """Path to contents of every file the guide has one write."""
    return dict(_FILE.findall(guide))


def commands_of(guide: str) -> Iterator[Typed]:
    """Everything typed after ``$``, in order."""
    for block in _CONSOLE.findall(guide):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield Typed(command, output)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What of a clone the guide touches: drivers, contract and a virtual environment; with the files of the guide in it."""
    place = tmp_path_factory.mktemp("clone")
    for folder in ("drivers", "tests/contract", "tests/helpers", "resources/presets", "docs/drivers"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests/__init__.py", "tests/conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, place / name)
    for folder in ("tests/unit", "tests/unit/drivers"):
        (place / folder).mkdir()
        (place / folder / "__init__.py").touch()
    for entry in (ROOT / "resources").iterdir():
        if entry.name not in ("presets", "__pycache__"):
            (place / "resources" / entry.name).symlink_to(entry)
    (place / "labdesk_drivers").symlink_to(place / "drivers")
    (place / "labdesk_resources").symlink_to(place / "resources")
    (place / ".venv").symlink_to(sys.prefix)
    for path, text in files_of(GUIDE.read_text(encoding="utf-8")).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, encoding="utf-8")
    return place


def typed(command: str, clone: Path) -> subprocess.CompletedProcess[str]:
    """Types a command into a shell of the clone; the program comes from this checkout, the drivers from the clone."""
    surroundings = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(clone), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    surroundings.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        command, shell=True, cwd=clone, env=surroundings, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_guide_has_a_whole_driver() -> None:
    names = {Path(path).name for path in files_of(GUIDE.read_text(encoding="utf-8"))}
    assert {"__init__.py", "manifest.toml", "protocol.py", "driver.py", "sim.py", "README.txt"} <= names
    assert {"test_lines_of_the_guide.py", "haishan_hs20.toml"} <= names


@NEEDS_TERMINALS
def test_every_command_of_the_guide_does_what_it_says(clone: Path) -> None:
    commands = list(commands_of(GUIDE.read_text(encoding="utf-8")))
    assert any("tests/contract/test_every_driver.py" in each.command for each in commands)
    for each in commands:
        done = typed(each.command, clone)
        assert done.returncode == 0, f"{each.command}\n{done.stdout}{done.stderr}"
        if each.output:
            assert done.stdout == each.output, each.command
        if "pytest" in each.command:
            assert re.search(r"\d+ passed", done.stdout), done.stdout
            assert "skipped" not in done.stdout


@NEEDS_TERMINALS
def test_the_contract_sees_the_driver_of_the_guide(clone: Path) -> None:
    """A guide that drifts must fail: with a guess in place of the check, the contract refuses the same driver."""
    protocol = clone / "drivers" / "haishan_hs10" / "protocol.py"
    sound = protocol.read_text(encoding="utf-8")
    try:
        protocol.write_text(sound.replace("if raw[8:10] != check_characters(body):", "if False:"), encoding="utf-8")
        done = typed(
            ".venv/bin/python -m pytest -n 0 tests/contract/test_every_driver.py -k 'haishan_hs10 and wrong_byte'",
            clone,
        )
    finally:
        protocol.write_text(sound, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed" in done.stdout


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_the_code_of_the_guide_is_as_tidy_as_ours(command: list[str]) -> None:
    for path, text in files_of(GUIDE.read_text(encoding="utf-8")).items():
        if path.endswith(".py"):
            tool = [sys.executable, "-m", "ruff", *command, "--no-cache", "--stdin-filename", path, "-"]
            done = subprocess.run(tool, input=text, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
            assert done.returncode == 0, f"{path}\n{done.stdout}{done.stderr}"
