"""The table of rules and the tests that prove them: prints it, or writes docs/rules-and-tests.md (``--write``).

A test names the rules it proves with ``@pytest.mark.rule("YK-7.4")``, on the function, its class, one of its parameters, or
as the module's ``pytestmark``. The rules themselves stand in docs/rules.md.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "docs" / "rules.md"
TABLE = ROOT / "docs" / "rules-and-tests.md"
_ROW = re.compile(r"^\| ([A-Z][A-Z0-9]*(?:-[0-9.]+[a-z]?)?) \| (.+) \|$", re.M)
_HEAD = """# Rules and the tests that prove them

Made by `make docs` from the marks in the tests; the rules in full are in [rules.md](rules.md). A rule without a test is not
proved here, whatever the program does.

| rule | tests |
|---|---|
"""


def known_rules(text: str) -> dict[str, str]:
    """Rule id to its wording, from the tables of docs/rules.md."""
    return dict(_ROW.findall(text))


def _ids(nodes: list[ast.expr]) -> list[str]:
    """Ids in all ``pytest.mark.rule(...)`` calls below ``nodes``."""
    calls = [call for node in nodes for call in ast.walk(node) if isinstance(call, ast.Call)]
    marks = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "rule"]
    return [
        arg.value for mark in marks for arg in mark.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    ]


def marked_tests(tree: ast.AST, inherited: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Pairs of rule id and test name below ``tree``."""
    body: list[ast.stmt] = getattr(tree, "body", [])
    own = [item.value for item in body if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == "pytestmark"]
    inherited = (*inherited, *_ids(own))
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from marked_tests(node, (*inherited, *_ids(node.decorator_list)))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            for rule in dict.fromkeys((*inherited, *_ids(node.decorator_list))):
                yield rule, node.name


def collect(folder: Path) -> dict[str, list[str]]:
    """Rule id to its tests, as ``tests/unit/test_x.py::test_name``."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for rule, name in marked_tests(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(rule, []).append(f"{path.relative_to(folder.parent).as_posix()}::{name}")
    return found


def render(rules: dict[str, str], tests: dict[str, list[str]]) -> str:
    """The table as Markdown: rules with tests in the order of docs/rules.md, then the ones without."""
    proved = [f"| {rule} | {'<br>'.join(f'`{test}`' for test in tests[rule])} |" for rule in rules if rule in tests]
    open_rules = [rule for rule in rules if rule not in tests]
    return _HEAD + "\n".join(proved) + f"\n\nWithout a test so far: {', '.join(open_rules) or 'none'}.\n"


def main() -> int:
    """Prints or writes the table; exit 1 when a test names a rule that docs/rules.md does not have."""
    rules, tests = known_rules(RULES.read_text(encoding="utf-8")), collect(ROOT / "tests")
    unknown = sorted(set(tests) - set(rules))
    if unknown:
        print(f"docs/rules.md does not know: {', '.join(unknown)}", file=sys.stderr)
        return 1
    if "--write" in sys.argv[1:]:
        TABLE.write_text(render(rules, tests), encoding="utf-8")
    else:
        print(render(rules, tests), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
