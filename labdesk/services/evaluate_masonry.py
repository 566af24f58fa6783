"""Mortar cubes, cement prisms and bricks: from forces to values, and the verdict where the standard gives one to a single set."""

from __future__ import annotations

from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import SpecimenInput, TestKind, Value, Verdict
from labdesk.domain.rounding import Bound
from labdesk.services.evaluate_concrete import group_line
from labdesk.services.product_lot import Judged, Outcome, ProductLot, invalid
from labdesk.standards import brick, cement, mortar
from labdesk.standards.joints import worst
from labdesk.standards.judging import judge
from labdesk.standards.product_rules import Row


def mortar_cubes(lot: ProductLot) -> Outcome:
    """A group of three mortar cubes; a single group has a strength and a share of its grade, no verdict."""
    text = lot.settings.text("design_grade") or lot.settings.text("grade")
    design = mortar.design_strength(text) if text else None
    if text and design is None:
        raise OperatorError("products.not_a_mortar_grade", text=text[:20])
    if not lot.specimens:
        raise OperatorError("products.no_specimens", method=lot.rules.method)
    values: list[Value] = []
    for specimen in lot.specimens:
        lot.age(specimen)
        peak = lot.peak(specimen, needs_curve=False)
        raw = mortar.mortar_strength(lot.rules, peak) if peak is not None else None
        if peak is not None and raw is not None:
            lot.force_rate(specimen, peak, design or raw)
        note = "standards.no_curve" if raw is None else ""
        values.append(lot.value(Judged("fm,cu", "MPa"), raw, subject=specimen.label, note=note))
    strengths = [value.rounded for value in values if value.rounded is not None]
    needed = lot.rules.count("group_size")
    if len(strengths) != needed or len(values) != needed:
        lot.remark("evaluation.group_incomplete", found=str(len(strengths)), needed=str(needed))
        return lot.done(values, Verdict.NOT_EVALUATED)
    group = mortar.mortar_group(lot.rules, strengths)
    values.append(group_line(lot, "f2", group))
    if group.rounded is None:
        return lot.done(values, Verdict.INVALID)
    if design is not None:
        values.append(lot.share_of(group.rounded, design, "f2/design"))
    return lot.done(values, Verdict.NOT_EVALUATED)


def bricks(lot: ProductLot) -> Outcome:
    """Ten bricks: mean, deviation, standard value, the grade they reach, and a verdict where a grade is claimed."""
    if not lot.specimens:
        raise OperatorError("products.no_specimens", method=lot.rules.method)
    claimed = lot.settings.text("grade")
    row = lot.rules.row("grades", claimed) if claimed else None
    values: list[Value] = []
    for specimen in lot.specimens:
        typed = lot.typed(specimen)
        peak = lot.peak(specimen, needs_curve=False)
        length = typed.number("length_mm") or lot.settings.needed("length_mm")
        width = typed.number("width_mm") or lot.settings.needed("width_mm")
        raw = brick.brick_strength(peak, length, width) if peak is not None else None
        note = "standards.no_curve" if raw is None else ""
        values.append(lot.value(Judged("f", "MPa"), raw, subject=specimen.label, note=note))
    return _brick_set(lot, values, row)


def _brick_set(lot: ProductLot, values: list[Value], row: Row | None) -> Outcome:
    strengths = [value.rounded for value in values if value.rounded is not None]
    needed = lot.rules.count("count")
    if len(strengths) != needed:
        lot.remark("evaluation.group_incomplete", found=str(len(strengths)), needed=str(needed))
        return lot.done(values, Verdict.NOT_EVALUATED)
    found = brick.brick_set(lot.rules, strengths)
    mean_bound = Bound(low=row.number("mean_mpa")) if row is not None else Bound()
    fk_bound = Bound(low=row.number("fk_mpa")) if row is not None else Bound()
    clause = row.clause if row is not None else ""
    judged = [
        lot.value(Judged("f,m", "MPa", mean_bound, clause), found.mean_mpa),
        lot.value(Judged("s", "MPa"), found.deviation_mpa),
        lot.value(Judged("fk", "MPa", fk_bound, clause), found.fk_mpa),
    ]
    reached = brick.reached(lot.rules, found)
    lot.remark("products.brick_grade", grade=reached.text("name") if reached is not None else "@products.no_grade")
    if row is None:
        return lot.done(values + judged, Verdict.NOT_EVALUATED)
    return lot.done(values + judged, worst([judged[0].verdict, judged[2].verdict]))


def cement_prisms(lot: ProductLot) -> Outcome:
    """Three prisms broken (forces in N), six halves crushed (kN), setting times; against the class where one is claimed."""
    claimed = lot.settings.text("grade")
    row = lot.rules.row("grades", claimed) if claimed else None
    age = lot.settings.number("age_d")
    if row is not None and age not in (3, 28):
        raise OperatorError("products.cement_age", age=str(age) if age is not None else "-")
    rf, rc = _limits(row, age)
    values: list[Value] = []
    verdicts: list[Verdict] = []
    for specimen in lot.specimens:
        lot.age(specimen)
    for symbol, bound, found in (("Rf", rf, _flexure(lot, values)), ("Rc", rc, _compression(lot, values))):
        if found is None:
            continue
        line = _line(lot, f"{symbol},m", found, bound, row.clause if row is not None else "")
        values.append(line)
        if bound.text or line.verdict is Verdict.INVALID:
            verdicts.append(line.verdict)
    verdicts += _setting(lot, values)
    if not values:
        raise OperatorError("products.no_specimens", method=lot.rules.method)
    present = {value.symbol for value in values}
    if row is not None and not {"Rf,m", "Rc,m"} <= present:
        lot.remark("evaluation.lot_incomplete")
        verdicts.append(Verdict.NOT_EVALUATED)
    return lot.done(values, worst(verdicts))


def _limits(row: Row | None, age: Decimal | None) -> tuple[Bound, Bound]:
    if row is None or age is None:
        return Bound(), Bound()
    return Bound(low=row.number(f"rf_{age:f}d")), Bound(low=row.number(f"rc_{age:f}d"))


def _flexure(lot: ProductLot, values: list[Value]) -> cement.Kept | None:
    forces = [(piece.label, _flexural_n(lot, piece)) for piece in lot.specimens]
    raws = [(label, cement.flexural_strength(lot.rules, force)) for label, force in forces if force is not None]
    strengths = _strengths(lot, "Rf", raws, values)
    return cement.flexural_value(lot.rules, strengths) if _complete(lot, strengths, "flexure_count") else None


def _flexural_n(lot: ProductLot, piece: SpecimenInput) -> Decimal | None:
    """As typed, else from the prism's own run."""
    typed = lot.typed(piece).number("flexural_n")
    loaded = lot.loaded_kn(piece, TestKind.FLEXURE) if typed is None else None
    return loaded * 1000 if loaded is not None else typed


def _compression(lot: ProductLot, values: list[Value]) -> cement.Kept | None:
    forces = [
        (f"{piece.label}{half}", lot.typed(piece).number(f"compressive_{half}_kn"))
        for piece in lot.specimens
        for half in ("a", "b")
    ]
    # Halves crushed at the bench are pieces of their own, each with its run.
    forces += [(piece.label, lot.loaded_kn(piece, TestKind.COMPRESSION)) for piece in lot.specimens]
    raws = [(label, cement.compressive_strength(lot.rules, force)) for label, force in forces if force is not None]
    strengths = _strengths(lot, "Rc", raws, values)
    return cement.compressive_value(lot.rules, strengths) if _complete(lot, strengths, "compression_count") else None


def _strengths(lot: ProductLot, symbol: str, raws: list[tuple[str, Decimal]], values: list[Value]) -> list[Decimal]:
    lines = [lot.value(Judged(symbol, "MPa"), raw, subject=label) for label, raw in raws]
    values += lines
    return [line.rounded for line in lines if line.rounded is not None]


def _complete(lot: ProductLot, strengths: list[Decimal], name: str) -> bool:
    needed = lot.rules.count(name)
    if strengths and len(strengths) != needed:
        lot.remark("evaluation.group_incomplete", found=str(len(strengths)), needed=str(needed))
    return len(strengths) == needed


def _line(lot: ProductLot, symbol: str, found: cement.Kept, bound: Bound, clause: str) -> Value:
    what = Judged(symbol, "MPa", bound, clause)
    dropped = ", ".join(str(value) for value in found.dropped)
    if found.raw is None:
        lot.remark("products.cement_void", symbol=symbol, values=dropped)
        return invalid(judge(lot.rules.rule(symbol, "MPa", bound, clause), None), "products.void")
    if dropped:
        lot.remark("products.cement_dropped", symbol=symbol, values=dropped)
    return lot.value(what, found.raw)


def _setting(lot: ProductLot, values: list[Value]) -> list[Verdict]:
    """Initial and final set in minutes; the shorter final set holds for P.I and P.II."""
    initial, final = lot.settings.number("initial_set_min"), lot.settings.number("final_set_min")
    portland = lot.settings.text("kind").casefold().replace("·", ".") in ("p.i", "p.ii")
    most = "final_set_portland_min" if portland else "final_set_min"
    rules = lot.rules
    found = []
    for symbol, raw, bound, clause in (
        ("initial set", initial, Bound(low=rules.number("initial_set_min")), rules.clause("initial_set_min")),
        ("final set", final, Bound(high=rules.number(most)), rules.clause(most)),
    ):
        if raw is not None:
            found.append(lot.value(Judged("setting", "min", bound, clause), raw, subject=symbol))
    values += found
    return [value.verdict for value in found]
