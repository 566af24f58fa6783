"""Single tensile curves: all values of GB/T 228.1, and one bar against its product standard."""

from __future__ import annotations

from decimal import Decimal

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Remark, Value, Verdict
from labdesk.domain.rounding import Comparison
from labdesk.services.evaluate_rebar import rate_remarks
from labdesk.services.evaluation_inputs import PI, Typed, tensile_geometry
from labdesk.services.file_sizes import area_remarks, filled_in
from labdesk.services.tensile_marks import marks_of, moved_remarks
from labdesk.standards import rebar
from labdesk.standards.gbt228 import Reading, evaluate_tensile
from labdesk.standards.judging import Rule, judge, quotient
from labdesk.standards.marks import move_marks
from labdesk.standards.rule_tables import RebarRules
from labdesk.standards.trace import StrainSource, TensileGeometry

_GBT228 = "GB/T 228.1-2021"
_MPA, _EXTENSION, _SLOPE = Decimal(1), Decimal("0.5"), Decimal(100)
_YIELD_EXTENSION, _REDUCTION = Decimal("0.1"), Decimal(1)


def tensile_values(curve: Curve, settings: Typed, label: str, remarks: list[Remark]) -> tuple[Value, ...]:
    """All values of one curve; what the curve cannot give is listed without a number and with the reason."""
    geometry = tensile_geometry(settings, curve)
    moved = move_marks(curve, geometry, marks_of(settings))
    found = moved.by_hand
    remarks.extend(moved_remarks(moved, settings, label or "-"))
    if found.strain_source is not StrainSource.EXTENSOMETER:
        remarks.append(
            Remark("evaluation.strain_estimated", {"label": label or "-", "source": found.strain_source.value})
        )
    if curve.gaps:
        remarks.append(Remark("evaluation.gaps", {"label": label or "-", "count": str(len(curve.gaps))}))
    remarks.extend(rate_remarks(curve, found, geometry.s0_mm2, label or "-"))
    lines: tuple[tuple[str, str, Decimal, str, Reading], ...] = (
        ("ReH", "MPa", _MPA, "11", found.r_eh_mpa),
        ("ReL", "MPa", _MPA, "12", found.r_el_mpa),
        ("Rp0.2", "MPa", _MPA, "13", found.r_p02_mpa),
        ("Rt0.5", "MPa", _MPA, "14", found.r_t05_mpa),
        ("Fm", "kN", Decimal("0.001"), "3.9", found.fm_kn),
        ("Rm", "MPa", _MPA, "3.10.1", found.rm_mpa),
        ("Ag", "%", _EXTENSION, "17", found.a_g_percent),
        ("Agt", "%", _EXTENSION, "18", found.a_gt_percent),
        ("A", "%", _EXTENSION, "20.3", found.a_percent),
        ("At", "%", _EXTENSION, "19", found.a_t_percent),
        ("Ae", "%", _YIELD_EXTENSION, "15", found.a_e_percent),
        ("E", "MPa", _SLOPE, "annex D", found.slope_mpa),
    )
    values = []
    for symbol, unit, step, clause, reading in lines:
        rule = Rule(symbol, unit, f"{_GBT228} {clause}", step, Comparison.FULL_VALUE)
        values.append(judge(rule, reading.value, subject=label, note=reading.note))
    own = filled_in(curve, geometry, label, remarks)
    remarks.extend(area_remarks(settings, curve, geometry.s0_mm2, label))
    by_hand = _by_hand(settings, geometry, own, found.rm_mpa.value)
    return tuple(by_hand.pop(value.symbol, value) for value in values) + tuple(by_hand.values())


def _by_hand(settings: Typed, geometry: TensileGeometry, own: Typed, rm: Decimal | None) -> dict[str, Value]:
    """What was measured on the broken piece, by symbol: A from marks, Agt from marks (GB/T 28900), Z from the smallest section."""
    found: dict[str, Value] = {}
    a = _by_marks(settings, geometry, own)
    if a is not None:
        rule = Rule("A", "%", f"{_GBT228} 20.1", _EXTENSION, Comparison.FULL_VALUE)
        found["A"] = judge(rule, a, subject=own.where, note="standards.a_by_marks")
    marks, after = settings.number("agt_l0_mm"), settings.number("agt_l_mm")
    if marks is not None and after is not None and rm is not None:
        if after < marks:
            raise OperatorError("evaluation.shorter_after", l0=str(marks), lu=str(after))
        rule = Rule("Agt", "%", "GB/T 28900-2022 5.3", _EXTENSION, Comparison.FULL_VALUE)
        found["Agt"] = judge(rule, rebar.agt_by_hand(marks, after, rm), subject=own.where, note="standards.agt_by_hand")
    section = _section_after(settings, own)
    if section is not None:
        if section > geometry.s0_mm2:
            raise OperatorError("evaluation.wider_after", s0=str(geometry.s0_mm2), su=f"{section:.6g}")
        rule = Rule("Z", "%", f"{_GBT228} 21", _REDUCTION, Comparison.FULL_VALUE)
        z = quotient((geometry.s0_mm2 - section) * 100, geometry.s0_mm2)
        found["Z"] = judge(rule, z, subject=own.where, note="standards.z_by_section")
    return found


def _section_after(settings: Typed, own: Typed) -> Decimal | None:
    """Smallest section after fracture, from its area or its diameter."""
    for typed, area_name, diameter_name in ((settings, "su_mm2", "du_mm"), (own, "fracture_area_mm2", "")):
        area = typed.number(area_name)
        if area is not None:
            return area
        diameter = typed.number(diameter_name) if diameter_name else None
        if diameter is not None:
            return diameter * diameter * PI / 4
    return None


def _by_marks(settings: Typed, geometry: TensileGeometry, own: Typed) -> Decimal | None:
    lu = settings.number("lu_mm") or own.number("lu_mm")
    if lu is None or geometry.l0_mm is None:
        return None
    if lu < geometry.l0_mm:
        raise OperatorError("evaluation.shorter_after", l0=str(geometry.l0_mm), lu=str(lu))
    return rebar.elongation(geometry.l0_mm, lu)


def bar_values(
    curve: Curve, settings: Typed, rules: RebarRules, label: str, remarks: list[Remark]
) -> tuple[Value, ...]:
    """One bar's curve against its grade: nominal area, ReL, Rm, ratios, A and Agt."""
    grade_name = settings.text("grade")
    if not grade_name:
        raise OperatorError("evaluation.missing", name="grade", where=label or "-")
    diameter = settings.needed("diameter_mm")
    bar = rebar.Bar(rules, rules.grade(grade_name), diameter, label)
    checked = tensile_geometry(Typed({**settings.texts, "s0_mm2": str(bar.area_mm2)}, label), curve)
    geometry = TensileGeometry(bar.area_mm2, checked.l0_mm or 5 * diameter, checked.le_mm, checked.lc_mm)
    found = evaluate_tensile(curve, geometry)
    if found.strain_source is not StrainSource.EXTENSOMETER:
        remarks.append(
            Remark("evaluation.strain_estimated", {"label": label or "-", "source": found.strain_source.value})
        )
    elif checked.extensometer_mm is None:
        remarks.append(Remark("evaluation.le_assumed", {"label": label or "-", "length": str(geometry.l0_mm)}))
    remarks.extend(rate_remarks(curve, found, bar.area_mm2, label or "-"))
    values = rebar.curve_strengths(bar, found)
    remarks.extend(area_remarks(settings, curve, bar.area_mm2, label))
    by_marks = _by_marks(settings, geometry, filled_in(curve, geometry, label, remarks))
    if by_marks is not None:
        values.append(judge(bar.a_rule(), by_marks, subject=label, note="standards.a_by_marks"))
    elif found.a_percent.value is not None:
        # Where the extensometer's length is not 5d this A is of another gauge length: shown, not judged.
        shown = judge(bar.a_rule(), found.a_percent.value, subject=label, note="standards.a_from_curve")
        values.append(Value(**{**shown.__dict__, "limit": "", "verdict": Verdict.NOT_EVALUATED}))
    values.append(_agt(bar, settings, found.rm_mpa.value, found.a_gt_percent))
    return tuple(values)


def _agt(bar: rebar.Bar, settings: Typed, rm: Decimal | None, by_curve: Reading) -> Value:
    marks, after = settings.number("agt_l0_mm"), settings.number("agt_l_mm")
    if marks is not None and after is not None and rm is not None:
        return judge(
            bar.agt_rule(), rebar.agt_by_hand(marks, after, rm), subject=bar.subject, note="standards.agt_by_hand"
        )
    note = by_curve.note or "standards.agt_from_curve"
    return judge(bar.agt_rule(), by_curve.value, subject=bar.subject, note=note)
