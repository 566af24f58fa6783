"""The methods as a person reads them on the screen: found by words, one sheet at a time, the whole as a page."""

from __future__ import annotations

from dataclasses import dataclass

from labdesk.domain.sentences import Language
from labdesk.services.method_catalogue import DataMethods, fault_text
from labdesk.services.method_page import method_sheet
from labdesk.services.method_pages import catalogue_html
from labdesk.services.method_sheets import by_material, example_rows, page_word
from labdesk.standards.methods.schema import DataMethod


@dataclass(frozen=True)
class MethodLine:
    """One method in the list.

    Attributes:
        id, title, material, rules: what it is, in the language asked for.
        certainty: of the method as a whole (``V``, ``M-h`` ...), and whether it was ``checked`` against the print.
        own: from the laboratory's own folder.
    """

    id: str
    title: str
    material: str
    rules: str
    certainty: str
    checked: bool
    own: bool


class MethodDesk:
    """Questions of the methods page; reads files only."""

    def __init__(self, source: DataMethods | None = None) -> None:
        self._source = source or DataMethods()

    def lines(self, words: str, language: Language) -> tuple[MethodLine, ...]:
        """Methods whose id, title, material or standard holds every one of ``words``, in the order of the catalogue."""
        wanted = words.casefold().split()
        groups = by_material(self._source.catalogue().newest())
        found = (_line(method, language) for methods in groups.values() for method in methods if _holds(method, wanted))
        return tuple(found)

    def sheet(self, method: str, language: Language) -> str:
        """One method as an HTML fragment; empty if there is none of that id (its file was taken away)."""
        found = next((item for item in self._source.catalogue().newest() if item.id == method), None)
        return "" if found is None else method_sheet(found, language)

    def wrong_examples(self, method: str) -> int:
        """How many worked examples of a method differ today: nothing but 0 is good."""
        found = next((item for item in self._source.catalogue().newest() if item.id == method), None)
        return 0 if found is None else sum(bool(row.differences) for row in example_rows(found))

    def faults(self, language: Language) -> tuple[str, ...]:
        """Refused files, one sentence each."""
        return tuple(
            f"{fault.file}:{fault.line} {fault_text(fault, language)}" for fault in self._source.catalogue().faults
        )  # fmt: skip

    def page(self, language: Language) -> bytes:
        """The quality manager's page of everything."""
        return catalogue_html(language).encode()


def _holds(method: DataMethod, wanted: list[str]) -> bool:
    languages = (Language.ZH, Language.EN)
    text = " ".join(
        (method.id, method.words.zh, method.words.en, method.standard, method.clause,
         *(page_word(method.material, language) for language in languages))
    ).casefold()  # fmt: skip
    return all(word in text for word in wanted)


def _line(method: DataMethod, language: Language) -> MethodLine:
    return MethodLine(
        id=method.id,
        title=method.words[language],
        material=page_word(method.material, language),
        rules=method.rules,
        certainty=method.certainty.value,
        checked=method.checked,
        own=method.origin.own,
    )
