"""The manual says what the program says: the same chapters in both languages, every verdict by its sentence, no picture astray."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from labdesk.domain.reception import ScanVerdict
from labdesk.domain.sentences import Language, say
from tests.helpers.source import ROOT
from tools import manual_pictures

MANUAL = ROOT / "docs" / "manual"
LANGUAGES = ("zh", "en")
_PICTURE = re.compile(r"\]\(\.\./images/(\w+)/([\w-]+)\.png\)")


def chapters(language: str) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((MANUAL / language).glob("*.md"))}


def test_both_languages_have_the_same_chapters_and_all_are_listed() -> None:
    assert set(chapters("zh")) == set(chapters("en"))
    for language in LANGUAGES:
        contents = chapters(language)
        linked = set(re.findall(r"\]\(([\w-]+\.md)\)", contents["README.md"]))
        assert linked == set(contents) - {"README.md"}


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", ScanVerdict)
def test_every_verdict_stands_in_the_chapter_on_reception_as_the_screen_says_it(
    language: str, verdict: ScanVerdict
) -> None:
    sentence = say(f"reception.verdict.{verdict.value}", Language(language))
    assert sentence in chapters(language)["03-reception.md"]


def test_pictures_are_listed_where_they_are_shown() -> None:
    listed = tomllib.loads((MANUAL / "pictures.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        shown = {name for text in chapters(language).values() for _, name in _PICTURE.findall(text)}
        assert shown == set(listed[language])
        assert all(found == language for text in chapters(language).values() for found, _ in _PICTURE.findall(text))


def test_a_picture_is_found_by_the_end_of_its_name(tmp_path: Path) -> None:
    for name in ("05-bar-1-matches.png", "12-other-bar-1-matches.png", "checker-1.png"):
        (tmp_path / name).write_bytes(b"")
    assert manual_pictures.find(tmp_path, "bar-1-matches") == tmp_path / "05-bar-1-matches.png"
    assert manual_pictures.find(tmp_path, "checker-1") == tmp_path / "checker-1.png"
    assert manual_pictures.find(tmp_path, "nothing") is None


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    wanted = manual_pictures.pictures(manual_pictures.LIST.read_text(encoding="utf-8"))
    screens = tmp_path / "screens"
    screens.mkdir()
    first = next(iter(wanted.values()))
    (screens / f"01-{first}.png").write_bytes(b"picture")
    missing = manual_pictures.copy(screens, tmp_path)
    assert len(missing) == len(wanted) - sum(ending == first for ending in wanted.values())
    assert (tmp_path / next(iter(wanted))).read_bytes() == b"picture"
