"""Every rule a test claims to prove exists, and the printed table says what the tests say."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.helpers.rules import all_rules
from tools.rules_table import ROOT, TABLE, collect, known_rules, marked_tests, render


def test_tests_name_only_known_rules() -> None:
    unknown = {rule: tests for rule, tests in collect(ROOT / "tests").items() if rule not in all_rules()}
    assert not unknown, f"not in docs/rules.md: {unknown}"


def test_the_table_is_current() -> None:
    current = render(all_rules(), collect(ROOT / "tests"))
    assert TABLE.read_text(encoding="utf-8") == current, "docs/rules-and-tests.md is out of date: make docs"


def test_the_main_rules_are_listed() -> None:
    assert {"YK-4.1", "YK-6.3", "YK-7.2a", "YK-7.4", "O57", "LN-3.1", "HB"} <= set(all_rules())


def test_marks_are_found_wherever_they_stand() -> None:
    tree = ast.parse("""
import pytest
pytestmark = [pytest.mark.rule("M")]

@pytest.mark.rule("F", "G")
def test_function(): ...

@pytest.mark.rule("C")
class TestClass:
    @pytest.mark.parametrize("a", [pytest.param(1, marks=pytest.mark.rule("P"))])
    def test_method(self, a): ...

@pytest.mark.rule("X")
def helper(): ...
""")
    assert sorted(marked_tests(tree)) == [
        ("C", "test_method"), ("F", "test_function"), ("G", "test_function"),
        ("M", "test_function"), ("M", "test_method"), ("P", "test_method"),
    ]  # fmt: skip


def test_an_unknown_rule_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_x.py").write_text("import pytest\n@pytest.mark.rule('YK-99')\ndef test_a(): ...\n")
    assert collect(folder) == {"YK-99": ["tests/test_x.py::test_a"]}
    assert "YK-99" not in known_rules("| id | rule |\n|---|---|\n| YK-1 | One |\n")
