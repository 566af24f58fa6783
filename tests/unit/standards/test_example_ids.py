"""Every worked example of the reference runs as a test under its own id; the table here is complete, and none of it is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache

import pytest

from tests.helpers.source import ROOT

#: Family, number of examples, and the file that runs them.
FAMILIES = {
    "R": (16, "tests/unit/domain/test_rounding.py"),
    "C": (15, "tests/unit/standards/test_concrete_examples.py"),
    "E": (18, "tests/unit/standards/test_acceptance_examples.py"),
    "B": (16, "tests/unit/standards/test_rebar_examples.py"),
    "J": (12, "tests/unit/standards/test_joint_examples.py"),
    "M": (3, "tests/unit/standards/test_masonry_examples.py"),
    "K": (9, "tests/unit/standards/test_masonry_examples.py"),
    "Z": (2, "tests/unit/standards/test_masonry_examples.py"),
    "D": (5, "tests/unit/domain/test_registry_codes.py"),
}
IDS = {f"{family}{number}" for family, (count, _) in FAMILIES.items() for number in range(1, count + 1)}
_NODE = re.compile(r"^(\S+?)::\w+\[([A-Z]\d+)(?:[a-z]|-[^\]]*)?\]$", re.M)


@cache
def collected() -> dict[str, set[str]]:
    """Ids of examples by file, as pytest itself would run them."""
    files = sorted({path for _, path in FAMILIES.values()})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-o",
        "addopts=--import-mode=importlib",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        "0",
        *files,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, set[str]] = {}
    for path, example in _NODE.findall(done.stdout):
        found.setdefault(path, set()).add(example)
    return found


def test_the_table_counts_96_examples() -> None:
    assert len(IDS) == 96


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_no_example_is_missing(family: str) -> None:
    count, path = FAMILIES[family]
    wanted = {f"{family}{number}" for number in range(1, count + 1)}
    found = {example for example in collected()[path] if example.startswith(family)}
    assert found == wanted
