"""Groups of concrete specimens other than plain cubes: flexure, splitting, prism, modulus, and cubes of the same condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import SpecimenInput, TestKind, Value, Verdict
from labdesk.domain.rounding import Bound, gbt8170
from labdesk.services.evaluate_cubes import tell_low_group
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.product_lot import Judged, Outcome, ProductLot, invalid
from labdesk.standards import concrete_forms
from labdesk.standards.concrete import design_strength
from labdesk.standards.groups import Group, GroupRule, group_of_three
from labdesk.standards.judging import judge
from labdesk.standards.product_rules import Row


def design_mpa(lot: ProductLot) -> Decimal | None:
    """Strength of the design grade ``C30``; raises OperatorError where the text is no concrete grade."""
    text = lot.settings.text("design_grade") or lot.settings.text("grade")
    found = design_strength(text) if text else None
    if text and found is None:
        raise OperatorError("evaluation.not_a_concrete_grade", text=text[:20])
    return found


def size_row(lot: ProductLot, specimen: SpecimenInput) -> Row:
    """The row of the specimen's size; raises OperatorError where the standard has none."""
    side = lot.typed(specimen).number("side_mm") or lot.settings.number("side_mm")
    if side is None:
        raise OperatorError("evaluation.missing", name="side_mm", where=specimen.label)
    rows = lot.rules.tables["sizes"]
    found = next((row for row in rows if row.number("side_mm") == side), None)
    if found is None:
        known = ", ".join(str(row.number("side_mm")) for row in rows)
        raise OperatorError("standards.no_such_cube", side=str(side), known=known)
    return found


class Forms:
    """A group of three: strength of each, then the group's value."""

    def __init__(
        self, lot: ProductLot, symbol: str, strength: Callable[[ProductLot, SpecimenInput, Decimal], Decimal]
    ) -> None:
        self.lot = lot
        self.symbol = symbol
        self.strength = strength
        self.design = design_mpa(lot)
        if not lot.specimens:
            raise OperatorError("products.no_specimens", method=lot.rules.method)

    def values(self) -> list[Value]:
        """One value per specimen, in the order of their labels."""
        return [self._one(specimen) for specimen in self.lot.specimens]

    def _one(self, specimen: SpecimenInput) -> Value:
        lot = self.lot
        lot.age(specimen)
        peak = lot.peak(specimen)
        what = Judged(self.symbol, "MPa")
        if peak is None:
            return lot.value(what, None, subject=specimen.label, note="standards.no_curve")
        raw = self.strength(lot, specimen, peak)
        row = size_row(lot, specimen)
        if row.number("factor") != 1 and self.design is not None and self.design >= 60:
            lot.remark("evaluation.use_150", label=specimen.label, side=str(row.number("side_mm")))
        lot.rate(specimen, raw, self.design if self.design is not None else raw)
        return lot.value(what, raw, subject=specimen.label, note=lot.no_curve(specimen))

    def full(self, values: Sequence[Value]) -> list[Decimal] | None:
        """Rounded strengths where the group is complete; else a remark and ``None``."""
        strengths = [value.rounded for value in values if value.rounded is not None]
        needed = self.lot.rules.count("group_size")
        if len(strengths) == needed and len(values) == needed:
            return strengths
        self.lot.remark("evaluation.group_incomplete", found=str(len(strengths)), needed=str(needed))
        return None

    def finish(self, values: list[Value], group: Group | None, design: Decimal | None) -> Outcome:
        """Adds the group's value and its share of the design value; never a verdict but INVALID."""
        if group is None:
            return self.lot.done(values, Verdict.NOT_EVALUATED)
        values.append(group_line(self.lot, f"{self.symbol},m", group))
        if group.rounded is None:
            return self.lot.done(values, Verdict.INVALID)
        if design is not None:
            values.append(self.lot.share_of(group.rounded, design, f"{self.symbol},m/{self.symbol},k"))
        return self.lot.done(values, Verdict.NOT_EVALUATED)


def group_line(lot: ProductLot, symbol: str, group: Group) -> Value:
    """The group's value, or the statement that it has none."""
    note = f"standards.group_{group.rule.value}"
    if group.rule is GroupRule.INVALID:
        lot.remark("evaluation.group_invalid")
        return invalid(judge(lot.rules.rule(symbol, "MPa"), None), note)
    if group.rule is GroupRule.MEDIAN:
        lot.remark("evaluation.group_median")
    return lot.value(Judged(symbol, "MPa"), group.raw, note=note)


def three(lot: ProductLot, strengths: Sequence[Decimal] | None, symbol: str) -> Group | None:
    """The rule of three under the lot's tables."""
    if strengths is None:
        return None
    return group_of_three(strengths, lot.rules.number("deviation_share"), lot.rules.step(symbol))


def flexural(lot: ProductLot) -> Outcome:
    """Three beams; one that broke outside the load lines leaves the other two."""
    forms = Forms(lot, "ff", _flexural_strength)
    values = forms.values()
    inside: list[Decimal] = []
    outside = 0
    for index, specimen in enumerate(lot.specimens):
        if _said_yes(lot, specimen, "outside"):
            outside += 1
            lot.remark("products.broke_outside", label=specimen.label)
            values[index] = invalid(values[index], "products.outside_lines")
        elif values[index].rounded is not None:
            inside.append(values[index].rounded or Decimal(0))
    group = None
    if forms.full(values) is not None:
        share, step = lot.rules.number("deviation_share"), lot.rules.step("ff,m")
        group = concrete_forms.flexural_group(inside, outside, share, step)
    return forms.finish(values, group, lot.settings.number("design_mpa"))


def _flexural_strength(lot: ProductLot, specimen: SpecimenInput, peak: Decimal) -> Decimal:
    row, typed = size_row(lot, specimen), lot.typed(specimen)
    side = row.number("side_mm")
    beam = concrete_forms.Beam(
        width_mm=typed.number("width_mm") or side,
        height_mm=typed.number("height_mm") or side,
        span_mm=typed.number("span_mm") or lot.settings.number("span_mm") or row.number("span_mm"),
    )
    return concrete_forms.flexural_strength(peak, beam, row.number("factor"))


def _said_yes(lot: ProductLot, specimen: SpecimenInput, name: str) -> bool:
    text = lot.typed(specimen).text(name).casefold()
    if text not in ("", "yes", "no"):
        raise OperatorError("evaluation.bad_choice", name=name, text=text[:20], known="yes, no")
    return text == "yes"


def splitting(lot: ProductLot) -> Outcome:
    """Three cubes split: 2 F / (pi A)."""
    return _simple(lot, "fts", concrete_forms.splitting_strength, lot.settings.number("design_mpa"))


def prism(lot: ProductLot) -> Outcome:
    """Three prisms crushed: F / A."""
    return _simple(lot, "fcp", concrete_forms.compressive_strength, lot.settings.number("design_mpa"))


def _simple(
    lot: ProductLot, symbol: str, formula: Callable[[Decimal, Decimal, Decimal], Decimal], design: Decimal | None
) -> Outcome:
    def strength(lot: ProductLot, specimen: SpecimenInput, peak: Decimal) -> Decimal:
        row = size_row(lot, specimen)
        return formula(peak, loaded_area(lot, specimen, row.number("side_mm")), row.number("factor"))

    forms = Forms(lot, symbol, strength)
    values = forms.values()
    return forms.finish(values, three(lot, forms.full(values), f"{symbol},m"), design)


def loaded_area(lot: ProductLot, specimen: SpecimenInput, side: Decimal) -> Decimal:
    """Nominal area, or the measured one where a side is off by more than 1 mm, which is said."""
    typed = lot.typed(specimen)
    one, other = typed.number("measured_a_mm"), typed.number("measured_b_mm")
    if one is None or other is None or max(abs(one - side), abs(other - side)) <= 1:
        return side * side
    lot.remark("evaluation.measured_area", label=specimen.label, a=str(one), b=str(other))
    return one * other


def modulus(lot: ProductLot) -> Outcome:
    """Three prisms loaded between 0.5 MPa and fcp/3; fcp comes from three companions."""
    fcp = lot.settings.needed("fcp_mpa")
    rules = lot.rules
    values: list[Value] = []
    found: list[tuple[Decimal, Decimal | None]] = []
    for specimen in lot.specimens:
        typed = lot.typed(specimen)
        side = size_row(lot, specimen).number("side_mm")
        reading = concrete_forms.ModulusReading(
            f0_kn=typed.needed("f0_kn"),
            fa_kn=typed.needed("fa_kn"),
            gauge_mm=typed.number("gauge_mm") or lot.settings.needed("gauge_mm"),
            shortening_mm=typed.needed("shortening_mm"),
            strength_after_mpa=typed.number("strength_after_mpa") or _crushed_mpa(lot, specimen),
        )
        if reading.fa_kn <= reading.f0_kn:
            raise OperatorError("products.forces_order", label=specimen.label)
        raw = concrete_forms.static_modulus(reading, side * side)
        values.append(lot.value(Judged("Ec", "MPa"), raw, subject=specimen.label))
        found.append((raw, reading.strength_after_mpa))
        _base_forces(lot, specimen, reading, side * side, fcp)
        after = reading.strength_after_mpa
        if after is not None and abs(after - fcp) > fcp * rules.number("strength_change_share"):
            lot.remark("products.modulus_dropped", label=specimen.label, after=str(after), fcp=str(fcp))
    needed = rules.count("group_size")
    if len(found) != needed:
        lot.remark("evaluation.group_incomplete", found=str(len(found)), needed=str(needed))
        return lot.done(values, Verdict.NOT_EVALUATED)
    group = concrete_forms.modulus_group(found, fcp, rules.number("strength_change_share"), rules.step("Ec,m"))
    values.append(group_line(lot, "Ec,m", group))
    return lot.done(values, Verdict.INVALID if group.raw is None else Verdict.NOT_EVALUATED)


def _crushed_mpa(lot: ProductLot, specimen: SpecimenInput) -> Decimal | None:
    """Strength of a prism that was crushed at the bench after its modulus: the largest force of its run."""
    force_kn = lot.loaded_kn(specimen, TestKind.COMPRESSION)
    if force_kn is None:
        return None
    row = size_row(lot, specimen)
    side = row.number("side_mm")
    strength = concrete_forms.compressive_strength(force_kn, side * side, row.number("factor"))
    return gbt8170(strength, Decimal("0.1"))


def _base_forces(
    lot: ProductLot, specimen: SpecimenInput, reading: concrete_forms.ModulusReading, area: Decimal, fcp: Decimal
) -> None:
    """F0 belongs to 0.5 MPa and Fa to fcp/3; more than 5 % beside them is said (a convention)."""
    for name, force, stress in (
        ("F0", reading.f0_kn, lot.rules.number("base_stress_mpa")),
        ("Fa", reading.fa_kn, fcp / lot.rules.number("upper_divisor")),
    ):
        wanted = stress * area / 1000
        if abs(force - wanted) > wanted * Decimal("0.05"):
            told = {"force": name, "found": str(force), "wanted": str(gbt8170(wanted, Decimal("0.1")))}
            lot.remark("products.modulus_force", label=specimen.label, **told)


def same_condition(lot: ProductLot) -> Outcome:
    """Cubes cured beside the structure: the group's value divided by 0.88, and the temperature log that made them due."""
    values = _log(lot)
    if not lot.specimens and values:
        return lot.done(values, Verdict.NOT_EVALUATED)

    def strength(lot: ProductLot, specimen: SpecimenInput, peak: Decimal) -> Decimal:
        row = size_row(lot, specimen)
        area = loaded_area(lot, specimen, row.number("side_mm"))
        return concrete_forms.compressive_strength(peak, area, row.number("factor"))

    forms = Forms(lot, "fcu", strength)
    cubes = forms.values()
    group = three(lot, forms.full(cubes), "fcu,m")
    values += cubes
    if group is None:
        return lot.done(values, Verdict.NOT_EVALUATED)
    values.append(group_line(lot, "fcu,m", group))
    if group.rounded is None:
        return lot.done(values, Verdict.INVALID)
    equivalent = group.rounded / lot.rules.number("divisor")
    line = lot.value(Judged("fcu,eq", "MPa"), equivalent)
    values.append(line)
    if forms.design is not None and line.rounded is not None:
        values.append(lot.share_of(line.rounded, forms.design, "fcu,eq/fcu,k"))
        # Its age is counted in degree-days, so no nominal age stands against it.
        region = Typed({"low_group_percent": lot.settings.text("low_group_percent")})
        tell_low_group(region, line.rounded, forms.design, lot.remarks)
    return lot.done(values, Verdict.NOT_EVALUATED)


def _log(lot: ProductLot) -> list[Value]:
    """Degree-days of the daily temperature log, setting ``daily_c`` (comma-separated means from the first full day on)."""
    text = lot.settings.text("daily_c")
    if not text:
        if lot.specimens:
            lot.remark("products.no_temperature_log")
        return []
    rules = lot.rules
    daily = lot.settings.numbers("daily_c")
    if any(not -60 <= mean <= 60 for mean in daily):
        raise OperatorError("products.temperature", text=text[:60])
    found = concrete_forms.maturity(daily, rules.number("maturity_cd"), rules.number("counted_above_c"))
    due = Bound(low=rules.number("maturity_cd"))
    values = [
        lot.value(Judged("maturity", "°C·d", due), found.sum_cd),
        lot.value(
            Judged("days", "d", Bound(low=rules.number("least_days")), rules.clause("least_days")), Decimal(found.days)
        ),
    ]
    if found.reached_on_day is not None:
        lot.remark("products.maturity_reached", day=str(found.reached_on_day), goal=str(rules.number("maturity_cd")))
    if found.days > rules.number("most_days"):
        lot.remark("products.maturity_long", days=str(found.days), most=str(rules.number("most_days")))
    if any(value.verdict is Verdict.FAIL for value in values):
        lot.remark("products.maturity_not_due", sum=str(found.sum_cd), days=str(found.days))
    return values
