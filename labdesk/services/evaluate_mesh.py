"""Lots of welded fabric by GB/T 1499.3, and of bars straightened on site by GB 50204-2015, 5.3.4."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import SpecimenInput, TestKind, Value, Verdict
from labdesk.domain.rounding import Bound
from labdesk.services.evaluate_joints import area_of, stage_of
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.product_lot import Judged, Outcome, ProductLot
from labdesk.standards import mesh, rebar
from labdesk.standards.gbt228 import Reading, evaluate_tensile, stress
from labdesk.standards.joints import worst
from labdesk.standards.judging import short
from labdesk.standards.product_rules import Row
from labdesk.standards.trace import StrainSource, TensileGeometry

_NOT_PULLED = frozenset({TestKind.BEND, TestKind.SHEAR})


def fabric(lot: ProductLot) -> Outcome:
    """Tension and bend of both wires, shear of the welds; a failing item is retested with double the number."""
    grade = _grade(lot)
    _, area = area_of(lot)
    values: list[Value] = []
    verdicts = []
    for item, found in (
        ("tension", _tension(lot, grade, area)),
        ("bend", _bends(lot, grade)),
        ("shear", _shear(lot, grade, area)),
    ):
        values += found
        verdicts.append(_item(lot, item, found))
    verdict = worst(verdicts)
    if verdict is Verdict.NOT_EVALUATED:
        lot.remark("evaluation.lot_incomplete")
    return lot.done(values, verdict)


def _grade(lot: ProductLot) -> Row:
    text = lot.settings.text("grade")
    if not text:
        raise OperatorError("evaluation.missing", name="grade", where="-")
    if not lot.specimens:
        raise OperatorError("products.no_specimens", method=lot.rules.method)
    return lot.rules.row("grades", text)


def _retest(lot: ProductLot) -> bool:
    return any(stage_of(lot, specimen) == "retest" for specimen in lot.specimens)


def _item(lot: ProductLot, item: str, found: Sequence[Value]) -> Verdict:
    """Verdict of one item: enough specimens, none failing; a failing one asks for a retest, in a retest it fails the lot."""
    retest, item_asked = _retest(lot), lot.settings.text("retest_item")
    if retest and item_asked and item != item_asked:
        return Verdict.PASS
    factor = lot.rules.count("retest_factor") if retest else 1
    needed = lot.rules.count(f"{item}_count") * factor
    pieces = {value.subject for value in found if value.subject}
    if any(value.verdict is Verdict.FAIL for value in found):
        if retest:
            return Verdict.FAIL
        lot.remark("products.retest", item=f"@products.item_{item}", count=str(lot.rules.count(f"{item}_count") * 2))
        return Verdict.RETEST
    if any(value.limit and value.verdict is Verdict.NOT_EVALUATED for value in found):
        return Verdict.NOT_EVALUATED
    if len(pieces) < needed:
        lot.remark("products.too_few", item=f"@products.item_{item}", found=str(len(pieces)), needed=str(needed))
        return Verdict.NOT_EVALUATED
    return Verdict.PASS


def _tension(lot: ProductLot, grade: Row, area: Decimal) -> list[Value]:
    """``peak_kn`` with or without ``f_el_kn``, and A by marks, for each wire pulled."""
    values = []
    for piece in lot.specimens:
        typed = lot.typed(piece)
        if typed.text("shear_kn") or typed.text("bend_result") or not _NOT_PULLED.isdisjoint(piece.tests):
            continue
        values += strengths(lot, piece, grade, area)
        l0, lu = typed.number("l0_mm"), typed.number("lu_mm")
        if l0 is not None and lu is not None:
            bound = Bound(low=grade.number("a_percent"))
            values.append(
                lot.value(Judged("A", "%", bound, grade.clause), rebar.elongation(l0, lu), subject=piece.label)
            )
    return values


def strengths(lot: ProductLot, piece: SpecimenInput, grade: Row, area: Decimal) -> list[Value]:
    """ReL (where its force was typed, or the curve gives it) and Rm of one piece."""
    peak, lower = lot.peak(piece), lot.typed(piece).number("f_el_kn")
    if peak is not None and lower is not None and lower > peak:
        raise OperatorError("products.yield_above_peak", label=piece.label, yielded=str(lower), peak=str(peak))
    yielded = Reading(stress(lower, area)) if lower is not None else _yield_of_curve(lot, piece, area)
    rm = Reading(stress(peak, area)) if peak is not None else Reading(note="standards.no_curve")
    values = []
    for symbol, found, low in (("ReL", yielded, "r_el_mpa"), ("Rm", rm, "r_m_mpa")):
        if found is None:
            continue
        bound = Bound(low=grade.number(low))
        what = Judged(symbol, "MPa", bound, grade.clause)
        values.append(lot.value(what, found.value, subject=piece.label, note=found.note))
    return values


def _yield_of_curve(lot: ProductLot, piece: SpecimenInput, area: Decimal) -> Reading | None:
    """ReL of the piece's curve, or Rp0.2 in its place where an extensometer measured it; ``None`` where the curve gives neither."""
    curve = lot.curves.get(piece.run_hash or "")
    if curve is None:
        return None
    typed = lot.typed(piece)
    gauge = Typed(curve.metadata, piece.label).number("le_mm")
    found = evaluate_tensile(curve, TensileGeometry(area, typed.number("l0_mm"), gauge, None))
    if found.r_el_mpa.value is not None:
        return found.r_el_mpa
    proof = found.r_p02_mpa.value if found.strain_source is StrainSource.EXTENSOMETER else None
    return Reading(proof, note="standards.proof_for_yield") if proof is not None else None


def _bends(lot: ProductLot, grade: Row) -> list[Value]:
    values = []
    for piece in lot.specimens:
        result = lot.typed(piece).text("bend_result")
        if not result:
            continue
        if result not in ("no-crack", "crack"):
            raise OperatorError("evaluation.bend_result", label=piece.label, text=result[:40])
        verdict = Verdict.PASS if result == "no-crack" else Verdict.FAIL
        limit = f"no crack, {lot.rules.number('bend_angle')}°, D = {grade.number('mandrel_d')}d"
        values.append(Value("bend", "", None, None, limit, verdict, grade.clause, piece.label))
    return values


def _shear(lot: ProductLot, grade: Row, area: Decimal) -> list[Value]:
    """The mean shear force of the welds tested against 0.3 S ReL of the thicker wire."""
    found = [(piece.label, _shear_kn(lot, piece)) for piece in lot.specimens]
    forces = [(label, force) for label, force in found if force is not None]
    values = [lot.value(Judged("Fs", "kN"), force, subject=label) for label, force in forces]
    if values:
        clause = lot.rules.clause("shear_share")
        what = Judged("Fs", "kN", Bound(low=short(mesh.shear_limit(lot.rules, grade, area))), clause)
        values.append(lot.value(what, mesh.shear_force([force for _, force in forces])))
    return values


def _shear_kn(lot: ProductLot, piece: SpecimenInput) -> Decimal | None:
    """As typed, else from the weld's own run."""
    typed = lot.typed(piece).number("shear_kn")
    return typed if typed is not None else lot.loaded_kn(piece, TestKind.SHEAR)


def straightened(lot: ProductLot) -> Outcome:
    """Three bars after straightening: A and weight deviation (only a lower limit), strengths where they were measured; no retest."""
    grade = _grade(lot)
    diameter, area = area_of(lot)
    if diameter > grade.number("most_mm"):
        raise OperatorError("standards.no_such_size", diameter=str(diameter), standard=lot.rules.standard)
    values = [_weight(lot, grade, diameter)]
    # A bar whose pull was invalid stays weighed; the spare in its place is only pulled.
    pulled = [piece for piece in lot.specimens if piece.tests != (TestKind.WEIGHT,)]
    for piece in pulled:
        typed = lot.typed(piece)
        l0, lu = typed.number("l0_mm") or 5 * diameter, typed.number("lu_mm")
        a = rebar.elongation(l0, lu) if lu is not None else None
        bound = Bound(low=grade.number("a_percent"))
        note = "" if a is not None else "standards.not_entered"
        values.append(lot.value(Judged("A", "%", bound, grade.clause), a, subject=piece.label, note=note))
        if piece.run_hash is not None or piece.manual_peak_kn is not None:
            values += strengths(lot, piece, grade, area)
    verdict = worst([value.verdict for value in values])
    needed = lot.rules.count("count")
    if len(pulled) < needed:
        lot.remark("products.too_few", item="@products.item_tension", found=str(len(pulled)), needed=str(needed))
        verdict = Verdict.FAIL if verdict is Verdict.FAIL else Verdict.NOT_EVALUATED
    if verdict is Verdict.FAIL:
        lot.remark("products.no_retest_rule")
    elif verdict is Verdict.NOT_EVALUATED:
        lot.remark("evaluation.lot_incomplete")
    return lot.done(values, verdict)


def _weight(lot: ProductLot, grade: Row, diameter: Decimal) -> Value:
    typed = [lot.typed(piece) for piece in lot.specimens if piece.tests != (TestKind.TENSION,)]
    lengths, masses = [one.number("length_mm") for one in typed], [one.number("mass_g") for one in typed]
    what = Judged("dW", "%", Bound(low=mesh.lightest(grade, diameter)), grade.clause)
    known = [length for length in lengths if length is not None]
    weighed = [mass for mass in masses if mass is not None]
    if len(known) < len(lengths) or len(weighed) < len(masses):
        return lot.value(what, None, note="standards.not_entered")
    if min(known) < lot.rules.number("least_length_mm"):
        lot.remark("evaluation.short_pieces", shortest=str(min(known)))
    row = next(row for row in lot.rules.tables["sizes"] if row.number("diameter_mm") == diameter)
    raw = rebar.weight_deviation(sum(weighed, Decimal(0)), known, row.number("mass_kg_per_m"))
    return lot.value(what, raw)
