"""The catalogue of methods as a page or overview: what ``labdesk methods --html`` and the documents are made with."""

from __future__ import annotations

from labdesk.domain.sentences import Language
from labdesk.services.house_rules import house_rules
from labdesk.services.method_catalogue import DataMethods
from labdesk.services.method_list import list_methods
from labdesk.services.method_page import methods_html
from labdesk.services.method_sheets import digest_markdown
from labdesk.services.rule_sheets import rulesets_html
from labdesk.standards.methods.catalogue import shipped_methods


def catalogue_html(language: Language) -> str:
    """The quality manager's page of all methods, the laboratory's own files included."""
    source = DataMethods()
    ids = {info.id for info in source.infos()}
    coded = [info for info in list_methods() if info.id not in ids]
    page = methods_html(source.catalogue(), coded, house_rules(), language)
    return page.replace("\n</main>", f"\n{rulesets_html(house_rules(), language)}\n</main>")


def catalogue_markdown(language: Language, *, own: bool = True) -> str:
    """An overview as Markdown; without the laboratory's ``own`` files it is what the documents show."""
    return digest_markdown(DataMethods().catalogue() if own else shipped_methods(), language)
