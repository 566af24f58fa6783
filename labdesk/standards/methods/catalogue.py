"""All methods that are data, by id and edition: the shipped files, and those of the laboratory's own folder before them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources

from labdesk.domain.errors import OperatorError
from labdesk.standards.methods.examples import example_faults
from labdesk.standards.methods.reading import Broken, read_method
from labdesk.standards.methods.schema import DataMethod, Origin
from labdesk.standards.rule_cells import line_of

_AT_LINE = re.compile(r"at line (\d+)")
_DIGITS = 8


@dataclass(frozen=True)
class MethodFault:
    """A file that was refused: name, line (1-based, 0 if unknown), key of the reason's sentence and its parameters."""

    file: str
    line: int
    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MethodCatalogue:
    """All usable methods: id -> rules (edition, or edition with the laboratory's own text) -> method; and the refused files."""

    methods: Mapping[str, Mapping[str, DataMethod]]
    faults: tuple[MethodFault, ...] = ()

    #: Texts of the laboratory's own files by the rules that name them.
    own_texts: Mapping[str, str] = field(default_factory=dict)

    def newest(self) -> tuple[DataMethod, ...]:
        """The method of each id that would be taken today for want of anything else, in the order of material and id."""
        found = (max(editions.values(), key=lambda item: item.rank) for editions in self.methods.values())
        return tuple(sorted(found, key=lambda item: (item.material, item.id)))

    def get(self, method: str, rules: str) -> DataMethod:
        """The method with exactly these rules; raises OperatorError ``standards.unknown_rules``."""
        editions = self.methods.get(method, {})
        if rules not in editions:
            raise OperatorError("standards.unknown_rules", rules=rules, known=", ".join(sorted(editions)))
        return editions[rules]

    def propose(self, method: str, day: date, edition: str = "") -> DataMethod:
        """The method in force on ``day`` (of ``edition`` if one is named): the laboratory's own before the shipped.

        Raises:
            OperatorError: ``standards.unknown_rules`` or ``standards.no_rules_on_day``.
        """
        editions = self.methods.get(method, {}).values()
        if edition:
            named = [item for item in editions if item.edition == edition]
            if not named:
                return self.get(method, edition)
            return max(named, key=lambda item: item.rank)
        fitting = [item for item in editions if item.in_force(day)]
        if not fitting:
            raise OperatorError("standards.no_rules_on_day", method=method, day=day.isoformat())
        return max(fitting, key=lambda item: item.rank)


@cache
def shipped_methods() -> MethodCatalogue:
    """The methods that come with LabDesk."""
    folder = resources.files("labdesk_resources.methods")
    texts = [(item.name, item.read_text(encoding="utf-8")) for item in folder.iterdir() if item.name.endswith(".toml")]
    return load_methods(sorted(texts))


def load_methods(
    shipped: Iterable[tuple[str, str]], own: Iterable[tuple[str, str]] = (), reserved: frozenset[str] = frozenset()
) -> MethodCatalogue:
    """A catalogue from named texts; a broken one is a fault, the others stay.

    Own files must pass their own examples and may not take an id that is ``reserved`` (of a method in code).
    """
    methods: dict[str, dict[str, DataMethod]] = {}
    faults: list[MethodFault] = []
    own_texts: dict[str, str] = {}
    for is_own, texts in ((False, shipped), (True, own)):
        for name, text in texts:
            try:
                method = _read(name, text, is_own)
                if is_own and method.id in reserved:
                    raise Broken("methods.coded_id", ("id",), name=method.id)
            except Broken as error:
                faults.append(MethodFault(name, line_of(text, error.where), error.key, error.params))
            except tomllib.TOMLDecodeError as error:
                match = _AT_LINE.search(str(error))
                line = int(match.group(1)) if match else text.count("\n") + 1
                faults.append(MethodFault(name, line, "methods.not_toml", {"reason": str(error)[:120]}))
            else:
                methods.setdefault(method.id, {})[method.rules] = method
                if is_own:
                    own_texts[method.rules] = text
    return MethodCatalogue(methods, tuple(faults), own_texts)


def _read(name: str, text: str, own: bool) -> DataMethod:
    method = read_method(text, Origin(name, sha256(text.encode()).hexdigest()[:_DIGITS], own))
    if own:
        for fault in example_faults(method):
            raise Broken("methods.example_differs", ("[[examples]]", fault.example), **fault.shown())
    return method
