"""What a verdict means in words: the conclusion for the report, and what the client must commission before anything goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labdesk.domain.evaluation import Evaluation, Value, Verdict
from labdesk.domain.sentences import Language, catalogue, say

#: Single groups: a strength and its share of the design value, by the symbol of the group's value.
_GROUPS = {
    "concrete-cube": "fcu,m",
    "concrete-flexural": "ff,m",
    "concrete-splitting": "fts,m",
    "concrete-prism": "fcp,m",
    "concrete-modulus": "Ec,m",
    "concrete-same-condition": "fcu,eq",
    "mortar-cube": "f2",
}
#: One bar's curve: what it shows of the bar says nothing of a lot.
_ONE_BAR = "rebar-tensile"
_ACCEPTANCE = ("concrete-acceptance", "mortar-acceptance")
_OFF_AGE = ("evaluation.over_age", "evaluation.under_age")
_RETEST = ("evaluation.retest", "products.retest")


@dataclass(frozen=True)
class RetestOrder:
    """What the client must commission, with new witnessed sampling: the item (a sentence's key or its name) and the number."""

    item: str
    count: int

    def said(self, language: Language) -> str:
        """The item in words."""
        return say(self.item, language) if self.item in catalogue() else self.item


def retest_orders(evaluation: Evaluation) -> tuple[RetestOrder, ...]:
    """Retests that the evaluation asks for; empty unless its verdict is RETEST."""
    if evaluation.verdict is not Verdict.RETEST:
        return ()
    found = []
    for remark in evaluation.remarks:
        if remark.key in _RETEST:
            item = remark.params["item"].removeprefix("@")
            known = f"products.item_{item}"
            found.append(RetestOrder(known if known in catalogue() else item, int(remark.params["count"])))
    return tuple(dict.fromkeys(found))


def conclusion_words(evaluation: Evaluation, standard: str, settings: Mapping[str, str], language: Language) -> str:
    """The conclusion of a report.

    A single group has a strength and a share of its design value, never a verdict; off its age, no statement about that age. Lots
    pass, fail or are retested; what is invalid asks for a replacement.
    """
    grade = settings.get("grade") or settings.get("design_grade") or "—"
    if evaluation.method in _GROUPS:
        return _group_words(evaluation, grade, language)
    if evaluation.method == _ONE_BAR and evaluation.verdict in (Verdict.PASS, Verdict.FAIL):
        return say(f"evaluation.words_bar_{evaluation.verdict.value}", language, standard=standard, grade=grade)
    if evaluation.method in _ACCEPTANCE:
        return say(f"products.words_acceptance_{evaluation.verdict.value}", language, standard=standard, grade=grade)
    failed = sorted({value.symbol for value in evaluation.values if value.verdict is Verdict.FAIL})
    orders = [f"{order.said(language)} × {order.count}" for order in retest_orders(evaluation)]
    comma = "、" if language is Language.ZH else ", "
    return say(
        f"products.words_{evaluation.verdict.value}",
        language,
        standard=standard,
        grade=grade,
        items=comma.join(symbol_words(symbol, language) for symbol in failed) or "—",
        orders=comma.join(orders) or "—",
    )


def symbol_words(symbol: str, language: Language) -> str:
    """A symbol with its name, where it has one."""
    key = f"print.symbol.{symbol}"
    name = say(key, language) if key in catalogue() else ""
    return f"{name} {symbol}".strip() if "bend" not in symbol and symbol != "dW" else name or symbol


def _group_words(evaluation: Evaluation, grade: str, language: Language) -> str:
    whole = {value.symbol: value for value in evaluation.values if not value.subject}
    symbol = _GROUPS[evaluation.method]
    strength = whole.get(symbol)
    if evaluation.verdict is Verdict.INVALID:
        return say(
            "reporting.conclusion.cube_invalid" if _by_fifteen(evaluation) else "products.words_INVALID", language
        )
    if strength is None or strength.rounded is None:
        return say("reporting.conclusion.cube_incomplete", language)
    told = {"value": f"{strength.rounded:f}", "symbol": symbol_words(symbol, language)}
    off_age = next((remark for remark in evaluation.remarks if remark.key in _OFF_AGE), None)
    if off_age is not None:
        age, nominal = off_age.params["age"], off_age.params["nominal"]
        return say("products.words_off_age", language, age=age, nominal=nominal, **told)
    share = _share(whole)
    cubes = evaluation.method == "concrete-cube"
    if share is None or share.rounded is None:
        return say("reporting.conclusion.cube_strength" if cubes else "products.words_strength", language, **told)
    key = "reporting.conclusion.cube" if cubes else "products.words_share"
    return say(key, language, grade=grade, percent=f"{share.rounded:f}", **told)


def _by_fifteen(evaluation: Evaluation) -> bool:
    """The group is invalid because of its spread, not because of single specimens."""
    return not any(value.verdict is Verdict.INVALID for value in evaluation.values if value.subject)


def _share(whole: Mapping[str, Value]) -> Value | None:
    return next((value for symbol, value in whole.items() if value.unit == "%" and "/" in symbol), None)
