"""Evaluation: from a lot and its curves to values, verdict and remarks. Pure: the same input gives the same evaluation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import metadata

from labdesk.domain.curve import Curve
from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, Remark, SpecimenInput, TestKind, Value, Verdict
from labdesk.domain.plain import from_plain
from labdesk.services.evaluate_cubes import CubeGroup, cylinder_values
from labdesk.services.evaluate_rebar import RebarLot
from labdesk.services.evaluate_tensile import bar_values, tensile_values
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.sealed_curves import curve_from_bytes
from labdesk.standards.rule_tables import CubeRules, RebarRules
from labdesk.standards.rulesets import Catalogue, RuleFault, shipped

TENSILE_RULES = "GBT228.1-2021"


@dataclass(frozen=True)
class MethodInput:
    """One input of a method: setting name, unit, whether it must be given, and allowed words."""

    name: str
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class MethodInfo:
    """A method as listed: id, standards, rulesets by id, inputs, whether it takes curves, and what it gives."""

    id: str
    standard: str
    rules: tuple[str, ...]
    inputs: tuple[MethodInput, ...]
    curves: str
    symbols: tuple[str, ...]


def evaluate_lot(lot: LotInput, curves: Mapping[str, Curve], *, catalogue: Catalogue | None = None) -> Evaluation:
    """The evaluation of a lot (``rebar-lot``, ``concrete-cube``) from its sealed curves by run hash.

    Raises:
        OperatorError: an input is missing or cannot be; a ruleset or method does not exist.
    """
    known = catalogue or shipped()
    rule_id = lot.rules or propose_rules(lot.method, lot.settings, catalogue=known)
    rules = known.get(rule_id)
    if rules.method != lot.method:
        raise OperatorError("evaluation.rules_of_other_method", rules=rule_id, method=lot.method)
    evaluator: RebarLot | CubeGroup
    evaluator = RebarLot(lot, rules, curves) if isinstance(rules, RebarRules) else CubeGroup(lot, rules, curves)
    values, verdict, remarks = evaluator.evaluate()
    return Evaluation(lot.method, rule_id, values, verdict, remarks, _engine())


def evaluate_from_runs(lot: LotInput, runs: Mapping[str, bytes]) -> Evaluation:
    """The evaluation of a lot from the bytes of its sealed runs by hash (what a verifier repeats)."""
    return evaluate_lot(lot, {run_hash: curve_from_bytes(data) for run_hash, data in runs.items()})


def propose_rules(method: str, settings: Mapping[str, str], *, catalogue: Catalogue | None = None) -> str:
    """Ruleset by date and commission: ``edition`` (mill certificate) first, else the day of ``test_date``, else the newest.

    Raises:
        OperatorError: no such edition, or none in force that day.
    """
    known = catalogue or shipped()
    typed = Typed(settings)
    edition = typed.text("edition")
    if edition:
        return known.get(edition).id
    grade = typed.text("grade").upper() if method == "rebar-lot" else ""
    day_text = typed.text("test_date")
    try:
        day = date.fromisoformat(day_text[:10]) if day_text else date.max
    except ValueError as error:
        raise OperatorError("evaluation.bad_date", text=day_text[:20]) from error
    if method == "rebar-lot" and grade and not any(rules.knows(grade) for rules in _of_method(known, method)):
        names = sorted({name for rules in _of_method(known, method) for name in rules.grades})
        raise OperatorError("standards.no_such_grade", grade=grade, standard="GB 1499", known=", ".join(names))
    return known.propose(method, day, grade=grade)


def _of_method(catalogue: Catalogue, method: str) -> list[RebarRules]:
    return [rules for rules in catalogue.rules.values() if isinstance(rules, RebarRules) and rules.method == method]


def evaluate_curve(
    method: str, curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str = ""
) -> Evaluation:
    """One command-line evaluation: ``tensile``, ``rebar-tensile``, ``concrete-cube`` or ``concrete-cylinder`` on curves by label.

    Raises:
        OperatorError: an unknown method or setting, or an input that cannot be evaluated.
    """
    info = next((item for item in list_methods() if item.id == method), None)
    if info is None:
        raise OperatorError("evaluation.unknown_method", method=method, known=", ".join(m.id for m in list_methods()))
    unknown = sorted(set(settings) - {item.name for item in info.inputs})
    if unknown:
        raise OperatorError(
            "evaluation.unknown_setting", name=unknown[0], known=", ".join(item.name for item in info.inputs)
        )
    if not curves and not settings.get("lot"):
        raise OperatorError("evaluation.no_curve_given", method=method)
    return _BY_CURVE[method](curves, settings, rules)


def _tensile(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    if rules not in ("", TENSILE_RULES):
        raise OperatorError("standards.unknown_rules", rules=rules, known=TENSILE_RULES)
    values: list[Value] = []
    remarks: list[Remark] = []
    for label, curve in curves.items():
        values.extend(tensile_values(curve, Typed(settings), label if len(curves) > 1 else "", remarks))
    return Evaluation("tensile", TENSILE_RULES, tuple(values), Verdict.NOT_EVALUATED, tuple(remarks), _engine())


def _rebar_tensile(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    rule_id = rules or propose_rules("rebar-lot", settings)
    found = shipped().get(rule_id)
    if not isinstance(found, RebarRules):
        raise OperatorError("evaluation.rules_of_other_method", rules=rule_id, method="rebar-tensile")
    values: list[Value] = []
    remarks: list[Remark] = []
    for label, curve in curves.items():
        values.extend(bar_values(curve, Typed(settings), found, label if len(curves) > 1 else "", remarks))
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
    if not isinstance(shipped().get(rule_id), CubeRules):
        raise OperatorError("evaluation.rules_of_other_method", rules=rule_id, method="concrete-cylinder")
    return Evaluation("concrete-cylinder", rule_id, tuple(values), Verdict.NOT_EVALUATED, tuple(remarks), _engine())


def _rebar_lot(curves: Mapping[str, Curve], settings: Mapping[str, str], rules: str) -> Evaluation:
    """A lot described by the JSON of a LotInput (setting ``lot``), or tension alone from the curves given."""
    text = settings.get("lot", "")
    kept = {key: value for key, value in settings.items() if key != "lot"}
    if text:
        try:
            lot = from_plain(LotInput, json.loads(text))
        except (ValueError, BugError) as error:
            raise OperatorError("evaluation.bad_lot", reason=str(error)[:120]) from error
        merged = {**lot.settings, **kept}
        return evaluate_lot(replace(lot, rules=rules or lot.rules, settings=merged), curves)
    specimens = tuple(SpecimenInput(label, (TestKind.TENSION,), run_hash=label) for label in curves)
    return evaluate_lot(LotInput("rebar-lot", rules, kept, specimens), curves)


_BY_CURVE: Mapping[str, Callable[[Mapping[str, Curve], Mapping[str, str], str], Evaluation]] = {
    "tensile": _tensile,
    "rebar-tensile": _rebar_tensile,
    "rebar-lot": _rebar_lot,
    "concrete-cube": _cubes,
    "concrete-cylinder": _cylinders,
}

_GEOMETRY = (
    MethodInput("s0_mm2", "mm2"),
    MethodInput("diameter_mm", "mm"),
    MethodInput("width_mm", "mm"),
    MethodInput("thickness_mm", "mm"),
    MethodInput("l0_mm", "mm"),
    MethodInput("le_mm", "mm"),
    MethodInput("lc_mm", "mm"),
    MethodInput("length_mm", "mm"),
    MethodInput("lu_mm", "mm"),
)
_STRENGTHS = ("ReH", "ReL", "Rp0.2", "Rt0.5", "Rm", "Ag", "Agt", "A", "At", "E")


def list_methods() -> Sequence[MethodInfo]:
    """All methods with their inputs and rulesets."""
    rebar = tuple(rules.id for rules in shipped().rules.values() if isinstance(rules, RebarRules))
    cube = tuple(rules.id for rules in shipped().rules.values() if isinstance(rules, CubeRules))
    grades = tuple(sorted({name for rules in _of_method(shipped(), "rebar-lot") for name in rules.grades}))
    bar = (
        MethodInput("grade", required=True, choices=grades),
        MethodInput("diameter_mm", "mm", required=True),
        MethodInput("edition"),
        MethodInput("test_date"),
    )
    lengths = tuple(item for item in _GEOMETRY if item.name in ("l0_mm", "le_mm", "lc_mm", "length_mm", "lu_mm"))
    marks = (MethodInput("agt_l0_mm", "mm"), MethodInput("agt_l_mm", "mm"))
    lot = (
        MethodInput("lot"),
        MethodInput("l0_mm", "mm"),
        MethodInput("le_mm", "mm"),
        MethodInput("lc_mm", "mm"),
        MethodInput("lot_t", "t"),
        MethodInput("total_mass_g", "g"),
        MethodInput("elongation", choices=("A", "Agt", "both")),
        MethodInput("stage", choices=("first", "retest")),
        MethodInput("retest_item", choices=("tension", "bend", "reverse-bend")),
        MethodInput("bend_by", choices=("bend", "reverse-bend")),
    )
    cubes = (
        MethodInput("side_mm", "mm", choices=("100", "150", "200")),
        MethodInput("design_grade"),
        MethodInput("grade"),
        MethodInput("age_d", "d"),
        MethodInput("real_age"),
        MethodInput("test_date"),
    )
    return (
        MethodInfo("tensile", "GB/T 228.1-2021", (TENSILE_RULES,), _GEOMETRY, "1 or more", _STRENGTHS),
        MethodInfo(
            "rebar-tensile", "GB/T 28900-2022, GB 1499", rebar, bar + lengths + marks, "1 or more",
            ("ReH", "ReL", "Rm", "R°m/R°eL", "R°eL/ReL", "A", "Agt"),
        ),
        MethodInfo(
            "rebar-lot", "GB 1499.1, GB 1499.2", rebar, bar + lot, "one per tension specimen",
            ("dW", "ReH", "ReL", "Rm", "R°m/R°eL", "R°eL/ReL", "A", "Agt", "bend", "reverse bend"),
        ),
        MethodInfo("concrete-cube", "GB/T 50081-2019", cube, cubes, "3 for a group", ("fcu", "fcu,m", "fcu,m/fcu,k")),
        MethodInfo(
            "concrete-cylinder", "GB/T 50081-2019", cube, (MethodInput("diameter_mm", "mm"),), "1 or more", ("fc",)
        ),
    )  # fmt: skip


def rule_faults() -> tuple[RuleFault, ...]:
    """Files of rulesets that were refused, with line and reason; everything else works."""
    return shipped().faults


def with_rules(lot: LotInput, rules: str) -> LotInput:
    """The same lot under another ruleset, for a re-evaluation that stands beside the first."""
    return replace(lot, rules=rules)


def _engine() -> str:
    return f"labdesk {metadata.version('labdesk')}"
