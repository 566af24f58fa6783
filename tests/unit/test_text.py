"""What no file of the project may say: places on somebody's machine, secrets, dangling references, data without a licence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.helpers.source import ROOT, tracked_files
from tools.secrets_check import secrets_in

HERE = "tests/unit/test_text.py"
# Words are put together here, so that this file may be read by its own rules.
_REGISTRIES = (
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "deb.de" + "bian.org",
    "snapshot.de" + "bian.org",
)
FORBIDDEN = {
    "a folder of somebody's machine": re.compile(
        r"(?<![\w.\-/])/(?:ro" + r"ot|wo" + r"rk|ho" + r"me/\w+|Us" + r"ers/\w+)/(?=[\w.])"
    ),
    "a Windows user's folder": re.compile(r"[A-Z]:\\Us" + r"ers\\\w"),
    "the host of a package registry": re.compile("|".join(map(re.escape, _REGISTRIES))),
    "a file outside the project": re.compile(r"(?:\.\./)+sh" + r"ared\b"),
    "a sign of generated text": re.compile(
        r"\bas an A" + r"I\b|\bA" + r"I[- ](?:generated|assisted)\b|\blanguage mo" + r"del\b", re.I
    ),
    "an unfinished merge": re.compile(r"^(?:<{7}|>{7}) ", re.M),
}
# Kinds of file that somebody else made: they need a licence beside them wherever they lie.
FOREIGN = (".ttf", ".otf", ".woff2", ".icc", ".wav", ".ogg", ".min.js", ".min.css")
LICENCE_FILES = {".md", ".txt", ".toml", ".license", "LICENSE", "LICENCE", "README"}
DATA_FOLDERS = ("data", "recordings", "vendor")
_MENTION = re.compile(r"(?<![\w/.])[\w./-]*\b[\w-]+\.md\b")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_COMMENT = re.compile(r"<!--.*?-->", re.S)


@cache
def _texts() -> dict[str, str]:
    found = {}
    for name in tracked_files():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data[:8000]:
            found[name] = data.decode("utf-8", errors="replace")
    return found


def _own_texts() -> Iterator[tuple[str, str]]:
    """Texts we wrote: data of others stay as they came."""
    for name, text in _texts().items():
        if not set(PurePosixPath(name).parts[:-1]) & set(DATA_FOLDERS) and not name.endswith(FOREIGN):
            yield name, text


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_says_what_it_must_not(kind: str) -> None:
    found = [f"{name}: {match.group()!r}" for name, text in _own_texts() for match in FORBIDDEN[kind].finditer(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a folder of somebody's machine", "open('/ro" + "ot/x')"),
        ("a folder of somebody's machine", "see /wo" + "rk/main"),
        ("a folder of somebody's machine", "/ho" + "me/li/labdesk"),
        ("the host of a package registry", "https://pypi" + ".org/simple"),
        ("a file outside the project", "../sh" + "ared/notes"),
    ],
)
def test_forbidden_words_are_found(kind: str, text: str) -> None:
    assert FORBIDDEN[kind].search(text)


@pytest.mark.parametrize("text", ["GET /workorders/1", "/rooted", "a/root/b", "https://example.org/home/page/x"])
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert not any(pattern.search(text) for pattern in FORBIDDEN.values())


def test_no_file_holds_a_secret() -> None:
    found = [f"{name}: {kind}" for name, text in _texts().items() for kind in secrets_in(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    ["-----BEGIN EC " + "PRIVATE KEY-----", "AKIA" + "ABCDEFGHIJKLMNOP", "postgresql://lab:" + "secret@db/labdesk"],
)
def test_a_secret_is_found(text: str) -> None:
    assert secrets_in(f"x = '{text}'")


def _licensed(folder: PurePosixPath) -> bool:
    """Whether a text in ``folder`` or above it (below the root) names a licence."""
    for place in (folder, *folder.parents):
        if place == PurePosixPath("."):
            return False
        names = (
            path for path in (ROOT / place).glob("*") if path.suffix in LICENCE_FILES or path.name in LICENCE_FILES
        )
        if any(re.search(r"licen[cs]e", path.read_text(encoding="utf-8", errors="replace"), re.I) for path in names):
            return True
    return False


def _is_foreign(name: str) -> bool:
    folders = PurePosixPath(name).parts[:-1]
    return name.endswith(FOREIGN) or (bool(set(folders) & set(DATA_FOLDERS)) and not name.endswith(".py"))


def test_everything_made_elsewhere_has_its_licence() -> None:
    folders = {PurePosixPath(name).parent for name in tracked_files() if _is_foreign(name)}
    assert folders, "the bundled fonts at least should be found"
    missing = sorted(str(folder) for folder in folders if not _licensed(folder))
    assert not missing, "no README, LICENSE or .license with a licence line in: " + ", ".join(missing)


def test_documents_named_in_the_text_exist() -> None:
    """``see docs/x.md`` must lead somewhere, in comments as in documents."""
    known = tracked_files()
    found = []
    for name, text in _own_texts():
        for mention in _MENTION.findall("" if name == HERE else text):
            tail = re.sub(r"^(?:\.\.?/)+", "", mention)
            if not any(path == tail or path.endswith("/" + tail) for path in known):
                found.append(f"{name}: {mention}")
    assert not found, "\n".join(found)


def test_links_between_documents_lead_somewhere() -> None:
    found = []
    for name, text in _own_texts():
        if name.endswith(".md"):
            for target in _LINK.findall(_COMMENT.sub("", text)):
                if "://" not in target and not (ROOT / name).parent.joinpath(target).exists():
                    found.append(f"{name}: {target}")
    assert not found, "\n".join(found)


def test_paths_named_in_the_documents_exist() -> None:
    """``labdesk/domain/codes.py`` in a document must still be that file when somebody looks for it."""
    path = re.compile(r"`((?:labdesk|tests|tools|docs|resources|benchmarks)/[\w./-]+)`")
    found = []
    for name, text in _own_texts():
        if name.endswith(".md"):
            found += [
                f"{name}: {target}" for target in path.findall(_COMMENT.sub("", text)) if not (ROOT / target).exists()
            ]
    assert not found, "\n".join(found)
