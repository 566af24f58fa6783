"""What import-linter cannot say: the lower floors use little, tests are packages, every error has its sentence in both languages."""

from __future__ import annotations

import ast
import string
import sys
import tomllib
from collections.abc import Iterator
from functools import cache

import grimp
import pytest

from tests.helpers.source import ROOT, Source, name_of, parse, sources

LANGUAGES = ("zh", "en")
ERRORS = {"OperatorError", "EnvironmentFault", "BugError"}
SENTENCES = ROOT / "resources" / "sentences"
# labdesk_resources holds the tables of the standards and the sentences: data, no code.
OURS = ("labdesk", "labdesk_resources")


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("labdesk", include_external_packages=True, cache_dir=None)


def _foreign_imports(room: str, allowed: set[str]) -> list[str]:
    graph = _graph()
    modules = {room, *graph.find_descendants(room)}
    return sorted(
        f"{module} imports {imported}"
        for module in modules
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.split(".")[0] not in {*sys.stdlib_module_names, *OURS, *allowed}
    )


@pytest.mark.parametrize("room", ["labdesk.domain", "labdesk.standards"])
def test_the_lowest_rooms_use_only_the_standard_library_and_numpy(room: str) -> None:
    assert not _foreign_imports(room, {"numpy"})


def test_the_check_sees_foreign_imports() -> None:
    """The same question put to a room that may use more finds something: the check is not blind."""
    assert _foreign_imports("labdesk.storage", set())


def dynamic_imports(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name_of(node.func).split(".")[-1] in {"import_module", "__import__"}:
            yield f"{source.path}:{node.lineno}: an import that no contract sees"


def test_the_lowest_rooms_import_nothing_by_name() -> None:
    found = [line for source in sources("labdesk/domain", "labdesk/standards") for line in dynamic_imports(source)]
    assert not found, "\n".join(found)
    assert list(dynamic_imports(parse("x.py", "import importlib\nimportlib.import_module('numpy')\n")))


@pytest.mark.parametrize("room", ["labdesk.devices", "labdesk.capture"])
def test_what_stands_at_the_machine_needs_no_numpy(room: str) -> None:
    graph = _graph()
    if "numpy" not in graph.modules:
        pytest.fail("nothing imports numpy any more: this test has lost its object")
    upstream = graph.find_upstream_modules(room, as_package=True)
    chain = graph.find_shortest_chain(room, "numpy", as_packages=True) if "numpy" in upstream else None
    assert chain is None, " -> ".join(chain or ())


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    parents = {
        parent
        for folder in folders
        for parent in (folder, *folder.parents)
        if (ROOT / "tests") in (parent, *parent.parents)
    }
    missing = sorted(str(folder.relative_to(ROOT)) for folder in parents if not (folder / "__init__.py").exists())
    assert not missing


# ---- sentences ---------------------------------------------------------------------------------------------------------


def placeholders(text: str) -> set[str]:
    """Names in ``{name}`` (attributes and formats aside)."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def _sentences() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in sorted(SENTENCES.glob("*.toml")):
        for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            assert key not in found, f"{path.name}: {key} stands in two files"
            found[key] = entry
    return found


def sentence_faults(key: str, entry: dict[str, str]) -> Iterator[str]:
    if set(entry) != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in entry.values()):
        yield f"{key}: needs exactly {' and '.join(LANGUAGES)}, none empty"
    elif len({frozenset(placeholders(text)) for text in entry.values()}) > 1:
        yield f"{key}: the languages name different placeholders"
    elif "" in placeholders(entry["en"]):
        yield f"{key}: a placeholder without a name"


def test_every_sentence_is_complete_in_both_languages() -> None:
    faults = [fault for key, entry in _sentences().items() for fault in sentence_faults(key, entry)]
    assert not faults, "\n".join(faults)


def key_faults(source: Source, catalogue: dict[str, dict[str, str]]) -> Iterator[str]:
    """Errors and ``say`` calls with a literal key: the key exists, and every placeholder gets its value."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name, first = name_of(node.func).split(".")[-1], node.args[0]
        if name not in {*ERRORS, "say"} or not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        where = f"{source.path}:{node.lineno}: {first.value}"
        if first.value not in catalogue:
            yield f"{where} has no sentence in resources/sentences"
            continue
        given = {keyword.arg for keyword in node.keywords}
        missing = set().union(*map(placeholders, catalogue[first.value].values())) - given
        if missing and None not in given:
            yield f"{where} is not told {', '.join(sorted(missing))}"


def test_every_key_in_the_code_has_its_sentence_and_values() -> None:
    faults = [fault for source in sources("labdesk", "drivers") for fault in key_faults(source, _sentences())]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "text",
    [
        'raise OperatorError("no.such_key")',
        'raise errors.EnvironmentFault("a.b", name="x")',
        'say("a.b", language, name="x")',
    ],
)
def test_a_wrong_key_or_a_missing_value_is_found(text: str) -> None:
    catalogue = {"a.b": {"zh": "{name}：{place}", "en": "{name}: {place}"}}
    assert list(key_faults(parse("x.py", text), catalogue))


def test_a_right_key_is_left_alone() -> None:
    catalogue = {"a.b": {"zh": "{name}", "en": "{name}"}}
    assert not list(
        key_faults(parse("x.py", 'raise OperatorError("a.b", name=1)\nraise OperatorError("a.b", **p)'), catalogue)
    )


@pytest.mark.parametrize(
    "entry", [{"en": "only"}, {"zh": "{a}", "en": "{b}"}, {"zh": "", "en": ""}, {"zh": "{}", "en": "{}"}]
)
def test_an_incomplete_sentence_is_found(entry: dict[str, str]) -> None:
    assert list(sentence_faults("a.b", entry))
