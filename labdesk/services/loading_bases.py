"""What a product's specimen is to the machine: the area its stress refers to and the strength it is expected to reach.

The area is the one by which the standard turns force into its stress: the section of a bar, b h^2 / l of a beam, pi A / 2 of a split
cube. So the rate of a standard in MPa/s and the stress on the screen are those of the standard, whatever the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.specimens import Lot
from labdesk.services.evaluation_inputs import PI, Typed
from labdesk.standards import concrete, joints, mesh, mortar
from labdesk.standards.product_rules import ProductRules, Row

# From the cube's strength, for choosing a machine only: prisms bear 0.76 of it (GB 50010-2010, 4.1.3), the tensile strengths grow
# more slowly than it (0.26 and 0.35 fcu^(2/3), MPa, middle of what is published).
_PRISM_SHARE = Decimal("0.76")
_SPLIT_FACTOR, _FLEXURE_FACTOR = Decimal("0.26"), Decimal("0.35")
_TWO_THIRDS = Decimal(2) / 3
#: The two halves of a brick 240 x 115 overlap by 100 to 120 mm; its measured faces count in the evaluation.
_BRICK_FACE_MM2 = Decimal(120 * 115)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Basis:
    """Area in mm2 of the standard's stress, expected strength over that area, and the grade that chooses the rate, in MPa."""

    area_mm2: Decimal
    strength_mpa: Decimal
    grade_mpa: Decimal


def needed(lot: Lot, name: str) -> str:
    """A setting of the commission; raises OperatorError ``evaluation.missing`` naming it and the lot."""
    text = lot.settings.get(name, "").strip()
    if not text:
        raise OperatorError("evaluation.missing", name=name, where=lot.number)
    return text


def _number(lot: Lot, name: str) -> Decimal:
    return Typed({name: needed(lot, name)}, lot.number).needed(name)


def _concrete_grade(lot: Lot) -> Decimal:
    text = lot.settings.get("design_grade", "").strip() or lot.settings.get("grade", "").strip()
    if not text:
        raise OperatorError("evaluation.missing", name="design_grade", where=lot.number)
    found = concrete.design_strength(text)
    if found is None:
        raise OperatorError("evaluation.not_a_concrete_grade", text=text[:20])
    return found


def _size(lot: Lot, rules: ProductRules) -> Row:
    side = _number(lot, "side_mm")
    found = next((row for row in rules.tables["sizes"] if row.number("side_mm") == side), None)
    if found is None:
        known = ", ".join(str(row.number("side_mm")) for row in rules.tables["sizes"])
        raise OperatorError("standards.no_such_cube", side=str(side), known=known)
    return found


def _compressed(lot: Lot, rules: ProductRules, share: Decimal) -> Basis:
    grade, row = _concrete_grade(lot), _size(lot, rules)
    side = row.number("side_mm")
    return Basis(side * side, grade * share / row.number("factor"), grade)


def _cube(lot: Lot, rules: ProductRules) -> Basis:
    return _compressed(lot, rules, Decimal(1))


def _prism(lot: Lot, rules: ProductRules) -> Basis:
    return _compressed(lot, rules, _PRISM_SHARE)


def _tensile(lot: Lot, grade: Decimal, factor: Decimal) -> Decimal:
    """The design value of the tensile strength where one is commissioned, else what the grade lets expect."""
    design = Typed(lot.settings, lot.number).number("design_mpa")
    return design if design is not None else (factor * grade**_TWO_THIRDS).quantize(_TENTH)


def _beam(lot: Lot, rules: ProductRules) -> Basis:
    grade, row = _concrete_grade(lot), _size(lot, rules)
    side, span = row.number("side_mm"), Typed(lot.settings, lot.number).number("span_mm") or row.number("span_mm")
    return Basis((side**3 / span).quantize(_TENTH), _tensile(lot, grade, _FLEXURE_FACTOR) / row.number("factor"), grade)


def _split(lot: Lot, rules: ProductRules) -> Basis:
    grade, row = _concrete_grade(lot), _size(lot, rules)
    area = row.number("side_mm") ** 2 * PI / 2
    return Basis(area.quantize(_TENTH), _tensile(lot, grade, _SPLIT_FACTOR) / row.number("factor"), grade)


def _mortar(lot: Lot, rules: ProductRules) -> Basis:
    text = lot.settings.get("design_grade", "").strip() or needed(lot, "grade")
    grade = mortar.design_strength(text)
    if grade is None:
        raise OperatorError("products.not_a_mortar_grade", text=text[:20])
    return Basis(rules.number("area_mm2"), grade / rules.number("factor"), grade)


def _cement(lot: Lot, rules: ProductRules, symbol: str) -> Decimal:
    """The class's limit at this age; before 28 d and beside 3 d that of 28 d, which is the larger one."""
    row = rules.row("grades", needed(lot, "grade"))
    age = "3d" if lot.age_days == 3 else "28d"
    return row.number(f"{symbol}_{age}")


def _cement_prism(lot: Lot, rules: ProductRules) -> Basis:
    strength = _cement(lot, rules, "rf")
    return Basis((1 / rules.number("flexure_factor")).quantize(_TENTH), strength, strength)


def _cement_half(lot: Lot, rules: ProductRules) -> Basis:
    strength = _cement(lot, rules, "rc")
    return Basis(rules.number("compression_area_mm2"), strength, strength)


def _brick(lot: Lot, rules: ProductRules) -> Basis:
    strength = rules.row("grades", needed(lot, "grade")).number("mean_mpa")
    typed = Typed(lot.settings, lot.number)
    length, width = typed.number("length_mm"), typed.number("width_mm")
    area = length * width if length is not None and width is not None else _BRICK_FACE_MM2
    return Basis(area, strength, strength)


def _bar_area(lot: Lot, rules: ProductRules) -> Decimal:
    diameter = _number(lot, "diameter_mm")
    row = next((row for row in rules.tables["sizes"] if row.number("diameter_mm") == diameter), None)
    if row is None:
        raise OperatorError("standards.no_such_size", diameter=str(diameter), standard=rules.standard)
    return row.number("area_mm2")


def _splice(lot: Lot, rules: ProductRules) -> Basis:
    bar = rules.row("bars", needed(lot, "grade"))
    grade = rules.row("grades", lot.settings.get("splice_grade", "").strip() or "I")
    strongest = max(joints.splice_limit(grade, bar, part) for part in ("bar", "connector"))
    strength = max(strongest, bar.number("fstk_mpa"))
    return Basis(_bar_area(lot, rules), strength, strength)


def _weld(lot: Lot, rules: ProductRules) -> Basis:
    rules.row("kinds", needed(lot, "weld_kind"))
    strength = rules.row("bars", needed(lot, "grade")).number("rm_mpa")
    return Basis(_bar_area(lot, rules), strength, strength)


def _wire(lot: Lot, rules: ProductRules) -> Basis:
    strength = rules.row("grades", needed(lot, "grade")).number("r_m_mpa")
    return Basis(_bar_area(lot, rules), strength, strength)


def _wire_weld(lot: Lot, rules: ProductRules) -> Basis:
    area = _bar_area(lot, rules)
    force_kn = mesh.shear_limit(rules, rules.row("grades", needed(lot, "grade")), area)
    return Basis(area, force_kn * 1000 / area, force_kn)


BASES: Mapping[str, Callable[[Lot, ProductRules], Basis]] = {
    "cube": _cube,
    "prism": _prism,
    "beam": _beam,
    "split": _split,
    "mortar": _mortar,
    "cement-prism": _cement_prism,
    "cement-half": _cement_half,
    "brick": _brick,
    "splice": _splice,
    "weld": _weld,
    "wire": _wire,
    "wire-weld": _wire_weld,
}
