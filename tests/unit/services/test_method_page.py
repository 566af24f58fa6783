"""The quality manager's page and the overview in docs: everything of every method, in both languages, and current."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from labdesk.cli.evaluate import run_methods
from labdesk.domain.sentences import Language
from labdesk.services.method_list import list_methods
from labdesk.services.method_page import methods_html
from labdesk.services.method_pages import catalogue_html
from labdesk.services.method_sheets import by_material, page_word, tally
from labdesk.standards.methods.catalogue import load_methods, shipped_methods
from labdesk.standards.methods.schema import Certainty
from labdesk.standards.rulesets import shipped
from tests.helpers.source import ROOT
from tools import methods_page

MUD = (ROOT / "resources" / "methods" / "sand-mud.toml").read_text(encoding="utf-8")
VOID = {"meta", "link", "br", "hr", "img"}


class _Balance(HTMLParser):
    """Refuses tags that close nothing or stay open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def text_of(page: str) -> str:
    reader = _Balance()
    reader.feed(page)
    assert not reader.open
    return " ".join(reader.text)


@pytest.fixture(scope="module")
def pages() -> dict[Language, str]:
    return {language: catalogue_html(language) for language in Language}


@pytest.mark.parametrize("language", Language)
def test_every_method_stands_on_the_page_with_all_its_parts(pages: dict[Language, str], language: Language) -> None:
    text = text_of(pages[language])
    for method in shipped_methods().newest():
        assert method.words[language] in text
        assert method.id in text
        for result in method.results:
            assert result.words[language] in text
            assert all(row.clause in text for row in result.limits)
        for example in method.examples:
            assert example.id in text
    for info in list_methods():
        assert info.id in text


def test_the_page_is_complete_in_itself(pages: dict[Language, str]) -> None:
    for page in pages.values():
        assert "<script" not in page
        assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
        assert "methods_page." not in page
        assert 'class="differs"' not in page


def test_every_material_has_a_name_in_both_languages() -> None:
    for material in by_material(shipped_methods().newest()):
        assert page_word(material, Language.ZH) != material
        assert page_word(material, Language.EN) != material


def test_the_figures_at_the_head_are_those_of_the_data() -> None:
    methods = shipped_methods().newest()
    counts = tally(methods)
    assert counts.methods == len(methods)
    assert counts.right == counts.examples
    assert sum(counts.by_certainty.values()) == counts.limits
    assert counts.by_certainty[Certainty.HIGH] > counts.by_certainty[Certainty.LOW]


def test_a_wrong_example_and_a_refused_file_are_seen() -> None:
    wrong = MUD.replace('expect = { wc = "2.8" }', 'expect = { wc = "2.7" }', 1)
    catalogue = load_methods([("sand-mud.toml", wrong), ("bad.toml", "id = ")])
    text = text_of(methods_html(catalogue, [], shipped(), Language.EN))
    assert "differs: wc: 2.8" in text
    assert "bad.toml:1" in text


def test_whatever_a_file_says_is_text_on_the_page() -> None:
    wild = MUD.replace('zh = "砂的含泥量"', 'zh = "<script>alert(1)</script>"').replace('unit = "%"', 'unit = "<b>"')
    page = methods_html(load_methods([("x.toml", wild)]), [], shipped(), Language.ZH)
    assert "<script" not in page
    assert html.escape("<script>") in page
    text_of(page)


@pytest.mark.parametrize("language", Language)
def test_the_overview_in_docs_is_current(language: Language) -> None:
    shown = methods_page.PAGES[language].read_text(encoding="utf-8")
    assert shown == methods_page.current(language), "docs/methods are out of date: python -m tools.methods_page --write"


def test_the_command_writes_page_and_overview(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, overview = tmp_path / "page.html", tmp_path / "overview.txt"
    assert run_methods(["--html", str(page), "--markdown", str(overview), "--lang", "zh"]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert overview.read_text(encoding="utf-8") == methods_page.current(Language.ZH)
    assert capsys.readouterr().out == ""


def test_a_page_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_methods(["--html", str(tmp_path / "no" / "page.html")]) == 2
    assert capsys.readouterr().err.strip().count("\n") == 0
