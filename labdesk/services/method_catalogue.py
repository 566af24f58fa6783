"""The methods that are data, as a source of methods: the shipped ones, and those of the laboratory's own folder."""

from __future__ import annotations

import locale
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import metadata
from pathlib import Path

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, Remark
from labdesk.domain.sentences import Language, say
from labdesk.services.method_folder import methods_folder, read_folder, state_of
from labdesk.services.method_info import CODED, FormInput, FormResult, LotForm, MethodInfo, MethodInput
from labdesk.services.own_tables import own_table_remarks
from labdesk.standards.methods.catalogue import MethodCatalogue, MethodFault, load_methods, shipped_methods
from labdesk.standards.methods.evaluate import Specimen, evaluate
from labdesk.standards.methods.schema import DataMethod, Per, Words
from labdesk.standards.rulesets import RuleFault

_EDITION = Words("标准版本", "Edition")


class DataMethods:
    """Data methods as a :class:`~labdesk.services.method_info.MethodSource`; a changed file counts from the next question."""

    def __init__(self, folder: Callable[[], Path] = methods_folder) -> None:
        self._folder = folder
        self._read: tuple[object, MethodCatalogue] | None = None
        self._listed: tuple[MethodCatalogue, tuple[MethodInfo, ...]] | None = None

    def catalogue(self) -> MethodCatalogue:
        """All usable methods and the refused files."""
        folder = self._folder()
        state = state_of(folder)
        if not state:
            return shipped_methods()
        key = (folder, state)
        if self._read is None or self._read[0] != key:
            texts, faults = read_folder(folder, tuple(name for name, _, _ in state))
            own = load_methods((), texts, CODED)
            self._read = (key, _together(shipped_methods(), replace(own, faults=(*faults, *own.faults))))
        return self._read[1]

    def own_text(self, rules: str) -> str:
        """Text of the laboratory's own file behind these rules; empty for a shipped method."""
        return self.catalogue().own_texts.get(rules, "")

    def infos(self) -> Sequence[MethodInfo]:
        """All data methods as they are listed."""
        catalogue = self.catalogue()
        if self._listed is None or self._listed[0] is not catalogue:
            infos = (_info(method, tuple(catalogue.methods[method.id])) for method in catalogue.newest())
            self._listed = (catalogue, tuple(infos))
        return self._listed[1]

    def evaluate(self, lot: LotInput, curves: Mapping[str, Curve]) -> Evaluation:
        """The evaluation of a lot; entries of specimens by label, everything else from the settings.

        Raises:
            OperatorError: no such edition, an entry missing or out of range, a formula without a value.
        """
        if curves:
            raise OperatorError("methods.no_curves", method=lot.method)
        method = self._method(lot)
        specimens = tuple(Specimen(piece.label, piece.entries) for piece in lot.specimens)
        found = evaluate(method, lot.settings, specimens)
        engine = f"labdesk {metadata.version('labdesk')}"
        remarks = (*found.remarks, *_ended(method, lot), *_own_table(method.rules, self.own_text(method.rules)))
        return Evaluation(lot.method, method.rules, found.values, found.verdict, remarks, engine)

    def form(self, method: str, day: date, edition: str = "") -> LotForm:
        """The entry sheet of a method; where several editions or none is in force that day, it asks which.

        Raises:
            OperatorError: ``standards.unknown_rules`` for an edition that does not exist.
        """
        catalogue = self.catalogue()
        known = catalogue.methods[method].values()
        in_force = {item.edition for item in known if item.in_force(day)}
        if edition or in_force:
            chosen = catalogue.propose(method, day, edition)
        else:
            chosen = max(known, key=lambda item: item.rank)
        made = form_of_method(chosen)
        if len(in_force) == 1:
            return made
        editions = tuple(sorted({item.edition for item in known}))
        default = chosen.edition if in_force else ""
        asked = FormInput("edition", _EDITION, needed=not in_force, choices=editions, default=default)
        return replace(made, inputs=(asked, *made.inputs))

    def form_by(self, method: str, rules: str) -> LotForm | None:
        """The entry sheet of exactly these rules."""
        found = self.catalogue().methods.get(method, {}).get(rules)
        return None if found is None else form_of_method(found)

    def faults(self) -> Sequence[RuleFault]:
        """Refused files, each with line and reason in the language of the system."""
        language = _language()
        return tuple(
            RuleFault(fault.file, fault.line, fault_text(fault, language)) for fault in self.catalogue().faults
        )

    def _method(self, lot: LotInput) -> DataMethod:
        catalogue = self.catalogue()
        if lot.rules:
            return catalogue.get(lot.method, lot.rules)
        edition = lot.settings.get("edition", "").strip()
        text = lot.settings.get("test_date", "").strip()
        if not text and not edition:
            return max(catalogue.methods[lot.method].values(), key=lambda item: item.rank)
        try:
            day = date.fromisoformat(text[:10]) if text else date.max
        except ValueError as error:
            raise OperatorError("evaluation.bad_date", text=text[:20]) from error
        return catalogue.propose(lot.method, day, edition)


def form_of_method(method: DataMethod) -> LotForm:
    """A data method as an entry sheet."""
    inputs = tuple(
        FormInput(
            name=entry.name, words=entry.words, unit=entry.unit, per_specimen=entry.per is Per.SPECIMEN,
            needed=entry.required, choices=entry.choices, default=entry.default, low=entry.low, high=entry.high,
            least=entry.count.least, most=entry.count.most,
        )
        for entry in method.inputs
    )  # fmt: skip
    notes = {"sampling": method.sampling, "retest": method.retest, "note": method.note}
    return LotForm(
        method=method.id,
        rules=method.rules,
        words=method.words,
        standard=method.standard,
        clause=method.clause,
        inputs=inputs,
        results=tuple(FormResult(item.symbol, item.words, item.unit) for item in method.results),
        notes={name: words for name, words in notes.items() if words is not None},
    )


def _own_table(rules: str, text: str) -> tuple[Remark, ...]:
    return own_table_remarks(rules, (text,)) if text else ()


class FrozenMethods(DataMethods):
    """The shipped methods with own files that came with an evaluation, instead of this computer's folder."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._frozen = _together(shipped_methods(), load_methods((), texts, CODED))

    def catalogue(self) -> MethodCatalogue:
        """All usable methods and the refused files."""
        return self._frozen


def _ended(method: DataMethod, lot: LotInput) -> tuple[Remark, ...]:
    """Said where an edition that is no longer in force was taken without a date that asks for it."""
    if method.in_force_to is None or lot.settings.get("test_date", "").strip():
        return ()
    return (Remark("methods.edition_ended", {"rules": method.rules, "day": method.in_force_to.isoformat()}),)


def fault_text(fault: MethodFault, language: Language) -> str:
    """Why a file was refused, in one sentence; file and line stand beside it."""
    return say(fault.key, language, **fault.params)


def _together(shipped: MethodCatalogue, own: MethodCatalogue) -> MethodCatalogue:
    ids = {*shipped.methods, *own.methods}
    methods = {name: {**shipped.methods.get(name, {}), **own.methods.get(name, {})} for name in ids}
    return MethodCatalogue(methods, (*shipped.faults, *own.faults), own.own_texts)


def _info(method: DataMethod, rules: tuple[str, ...]) -> MethodInfo:
    inputs = tuple(
        MethodInput(entry.name, entry.unit, entry.required, entry.choices, entry.per is Per.SPECIMEN)
        for entry in method.inputs
    )
    common = (MethodInput("test_date"), MethodInput("edition"))
    symbols = tuple(result.symbol for result in method.results)
    return MethodInfo(method.id, method.standard, rules, (*inputs, *common), "none", symbols)


def _language() -> Language:
    name = locale.getlocale()[0] or ""
    return Language.ZH if name.lower().startswith(("zh", "chinese")) else Language.EN
