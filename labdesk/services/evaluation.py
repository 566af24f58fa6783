"""Evaluation: from a lot and its curves to values, verdict and remarks. Pure: the same input gives the same evaluation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from importlib import metadata

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, Remark, SpecimenInput, TestKind, Value, Verdict
from labdesk.services.evaluate_cubes import CubeGroup, cylinder_values
from labdesk.services.evaluate_rebar import RebarLot, regime_flips
from labdesk.services.evaluate_tensile import bar_values, tensile_values
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.given import Given, check_names, described_lot, lot_of
from labdesk.services.house_rules import house_rules
from labdesk.services.method_list import TENSILE_RULES, list_methods, rule_faults
from labdesk.services.method_sources import MethodInfo, MethodInput, source_of
from labdesk.services.own_tables import own_table_remarks
from labdesk.services.product_lot import Outcome, ProductLot
from labdesk.services.product_methods import PRODUCTS
from labdesk.services.sealed_curves import curve_from_bytes
from labdesk.services.suspicions import lot_suspicions, suspicions
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.proposal import Proposal, Question
from labdesk.standards.proposal import propose as propose_edition
from labdesk.standards.rebar import Bar
from labdesk.standards.rule_tables import CubeRules, RebarRules
from labdesk.standards.rulesets import Catalogue, Rules

__all__ = [
    "TENSILE_RULES",
    "Given",
    "MethodInfo",
    "MethodInput",
    "evaluate_curve",
    "evaluate_from_runs",
    "evaluate_given",
    "evaluate_lot",
    "list_methods",
    "propose",
    "propose_rules",
    "rule_faults",
    "with_rules",
]


def evaluate_lot(lot: LotInput, curves: Mapping[str, Curve], *, catalogue: Catalogue | None = None) -> Evaluation:
    """The evaluation of a lot (``rebar-lot``, ``concrete-cube``) from its sealed curves by run hash.

    Raises:
        OperatorError: an input is missing or cannot be; a ruleset or method does not exist.
    """
    source = source_of(lot.method)
    if source is not None:
        return source.evaluate(lot, curves)
    known = catalogue or house_rules()
    proposal = None if lot.rules else propose(lot.method, lot.settings, known)
    rule_id = lot.rules if proposal is None else proposal.rules
    rules = known.get(rule_id)
    if rules.method != lot.method:
        raise OperatorError("evaluation.rules_of_other_method", rules=rule_id, method=lot.method)
    values, verdict, remarks = _evaluator(lot, rules, curves, known)
    if proposal is not None and proposal.doubtful:
        told = {"rules": rule_id, "others": ", ".join(proposal.others)}
        remarks = (*remarks, Remark("products.edition_in_doubt", told))
    remarks = (*remarks, *lot_suspicions(lot, curves, values), *own_table_remarks(rule_id, known.own_of(rule_id)))
    return Evaluation(lot.method, rule_id, values, verdict, remarks, _engine())


def _evaluator(lot: LotInput, rules: Rules, curves: Mapping[str, Curve], known: Catalogue) -> Outcome:
    """The lot under its ruleset; variants of the same edition are at hand, to tell where they give another verdict."""
    siblings = known.siblings(rules)
    if isinstance(rules, RebarRules):
        return RebarLot(lot, rules, curves, [other for other in siblings if isinstance(other, RebarRules)]).evaluate()
    if isinstance(rules, CubeRules):
        return CubeGroup(lot, rules, curves).evaluate()
    others = [other for other in siblings if isinstance(other, ProductRules)]
    return PRODUCTS[lot.method].evaluate(ProductLot(lot, rules, curves, others))


def evaluate_from_runs(lot: LotInput, runs: Mapping[str, bytes]) -> Evaluation:
    """The evaluation of a lot from the bytes of its sealed runs by hash (what a verifier repeats)."""
    return evaluate_lot(lot, {run_hash: curve_from_bytes(data) for run_hash, data in runs.items()})


def propose_rules(method: str, settings: Mapping[str, str], *, catalogue: Catalogue | None = None) -> str:
    """Ruleset by mill certificate, date and commission: the id of :func:`propose`.

    Raises:
        OperatorError: no such edition, or none in force that day.
    """
    return propose(method, settings, catalogue or house_rules()).rules


def propose(
    method: str, settings: Mapping[str, str], known: Catalogue, scope: Collection[str] | None = None
) -> Proposal:
    """The edition for a lot from its settings ``edition`` (mill certificate), ``produced_on``, ``test_date`` and ``grade``.

    Raises:
        OperatorError: no such edition or grade, none in force that day, or none within ``scope``.
    """
    typed = Typed(settings)
    grade = typed.text("grade").upper() if method == "rebar-lot" else ""
    if not typed.text("edition") and grade and not any(rules.knows(grade) for rules in _of_method(known, method)):
        names = sorted({name for rules in _of_method(known, method) for name in rules.grades})
        raise OperatorError("standards.no_such_grade", grade=grade, standard="GB 1499", known=", ".join(names))
    question = Question(
        method, typed.text("edition"), typed.day("produced_on"), typed.day("test_date"), grade=grade, scope=scope
    )
    return propose_edition(known, question)


def _of_method(catalogue: Catalogue, method: str) -> list[RebarRules]:
    return [rules for rules in catalogue.rules.values() if isinstance(rules, RebarRules) and rules.method == method]


def evaluate_curve(
    method: str, curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str = ""
) -> Evaluation:
    """One command-line evaluation from curves by label and settings alone; see :func:`evaluate_given`."""
    return evaluate_given(Given(method, settings, rules=rules), curves)


def evaluate_given(given: Given, curves: Mapping[str, Curve]) -> Evaluation:
    """One command-line evaluation: a method on curves by label, settings and the rows of a results file.

    Raises:
        OperatorError: an unknown method or setting, or an input that cannot be evaluated.
    """
    info = next((item for item in list_methods() if item.id == given.method), None)
    if info is None:
        known = ", ".join(item.id for item in list_methods())
        raise OperatorError("evaluation.unknown_method", method=given.method, known=known)
    check_names(given, info)
    if given.settings.get("lot"):
        return evaluate_lot(described_lot(given), curves)
    by_curve = _BY_CURVE.get(given.method)
    listed = not curves and any(item.per_specimen and given.settings.get(item.name) for item in info.inputs)
    if by_curve is None or given.rows or listed:
        return evaluate_lot(lot_of(given, info, curves), curves)
    if not curves:
        raise OperatorError("evaluation.no_curve_given", method=given.method)
    return by_curve(curves, given.settings, given.rules)


def _tensile(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    if rules not in ("", TENSILE_RULES):
        raise OperatorError("standards.unknown_rules", rules=rules, known=TENSILE_RULES)
    values: list[Value] = []
    remarks: list[Remark] = []
    for label, curve in curves.items():
        values.extend(tensile_values(curve, Typed(settings), label if len(curves) > 1 else "", remarks))
    remarks.extend(suspicions("tensile", curves, values))
    return Evaluation("tensile", TENSILE_RULES, tuple(values), Verdict.NOT_EVALUATED, tuple(remarks), _engine())


def _rebar_tensile(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    rule_id = rules or propose_rules("rebar-lot", settings)
    found = house_rules().get(rule_id)
    if not isinstance(found, RebarRules):
        raise OperatorError("evaluation.rules_of_other_method", rules=rule_id, method="rebar-tensile")
    values: list[Value] = []
    remarks: list[Remark] = []
    for label, curve in curves.items():
        values.extend(bar_values(curve, Typed(settings), found, label if len(curves) > 1 else "", remarks))
    typed = Typed(settings)
    bar = Bar(found, found.grade(typed.text("grade")), typed.needed("diameter_mm"))
    siblings = [other for other in house_rules().siblings(found) if isinstance(other, RebarRules)]
    remarks += regime_flips(bar, values, siblings)
    verdicts = {value.verdict for value in values if value.limit}
    verdict = Verdict.FAIL if Verdict.FAIL in verdicts else Verdict.NOT_EVALUATED
    if verdicts == {Verdict.PASS}:
        verdict = Verdict.PASS
    return Evaluation("rebar-tensile", rule_id, tuple(values), verdict, tuple(remarks), _engine())


def _cubes(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    age = settings.get("real_age", "")
    specimens = tuple(SpecimenInput(label, (TestKind.COMPRESSION,), run_hash=label, age_text=age) for label in curves)
    kept = {key: value for key, value in settings.items() if key != "real_age"}
    return evaluate_lot(LotInput("concrete-cube", rules, kept, specimens), curves)


def _cylinders(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    remarks: list[Remark] = []
    values: list[Value] = []
    for label, curve in curves.items():
        values.extend(cylinder_values(curve, Typed(settings), label, remarks))
    rule_id = rules or "GBT50081-2019"
    if not isinstance(house_rules().get(rule_id), CubeRules):
        raise OperatorError("evaluation.rules_of_other_method", rules=rule_id, method="concrete-cylinder")
    return Evaluation("concrete-cylinder", rule_id, tuple(values), Verdict.NOT_EVALUATED, tuple(remarks), _engine())


def _rebar_lot(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    """Tension alone from the curves given."""
    specimens = tuple(SpecimenInput(label, (TestKind.TENSION,), run_hash=label) for label in curves)
    return evaluate_lot(LotInput("rebar-lot", rules, settings, specimens), curves)


_BY_CURVE: Mapping[str, Callable[[Mapping[str, Curve], Mapping[str, str], str], Evaluation]] = {
    "tensile": _tensile,
    "rebar-tensile": _rebar_tensile,
    "rebar-lot": _rebar_lot,
    "concrete-cube": _cubes,
    "concrete-cylinder": _cylinders,
}


def with_rules(lot: LotInput, rules: str) -> LotInput:
    """The same lot under another ruleset, for a re-evaluation that stands beside the first."""
    return replace(lot, rules=rules)


def _engine() -> str:
    return f"labdesk {metadata.version('labdesk')}"
