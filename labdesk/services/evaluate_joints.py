"""Lots of joints: mechanical splices by JGJ 107-2016 and welds by JGJ 18-2012, first test and retest."""

from __future__ import annotations

from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import SpecimenInput, Value, Verdict
from labdesk.domain.rounding import Bound
from labdesk.services.product_lot import Judged, Outcome, ProductLot
from labdesk.standards import joints
from labdesk.standards.gbt228 import stress
from labdesk.standards.joints import Pull, worst
from labdesk.standards.judging import quotient, short
from labdesk.standards.product_rules import Row

_RETEST = "retest"


def area_of(lot: ProductLot) -> tuple[Decimal, Decimal]:
    """Diameter and the published nominal area; raises OperatorError where the diameter has no row."""
    diameter = lot.settings.needed("diameter_mm")
    row = next((row for row in lot.rules.tables["sizes"] if row.number("diameter_mm") == diameter), None)
    if row is None:
        raise OperatorError("standards.no_such_size", diameter=str(diameter), standard=lot.rules.standard)
    return diameter, row.number("area_mm2")


def whole(lot: ProductLot, name: str) -> int | None:
    """A whole number from 1, or ``None``; raises OperatorError."""
    value = lot.settings.number(name)
    if value is not None and value != value.to_integral_value():
        raise OperatorError("evaluation.not_a_number", name=name, text=str(value), where="-")
    return None if value is None else int(value)


def stage_of(lot: ProductLot, specimen: SpecimenInput) -> str:
    """``first`` or ``retest``: of the specimen, else of the lot."""
    text = lot.typed(specimen).text("stage") or lot.settings.text("stage") or "first"
    if text not in ("first", _RETEST):
        raise OperatorError("evaluation.bad_choice", name="stage", text=text[:20], known="first, retest")
    return text


class Splices:
    """A lot (or a process test) of splices."""

    def __init__(self, lot: ProductLot) -> None:
        self.lot = lot
        settings = lot.settings
        self.grade = lot.rules.row("grades", settings.text("splice_grade") or "I")
        self.bar = lot.rules.row("bars", _needed_text(lot, "grade"))
        self.diameter, self.area = area_of(lot)
        self.joints = whole(lot, "joints")
        if not lot.specimens:
            raise OperatorError("products.no_specimens", method=lot.rules.method)

    def on_site(self) -> Outcome:
        """A lot on site: 3 specimens (2 below 200 joints), one failure is retested with double the number."""
        lot, rules = self.lot, self.lot.rules
        self._lot_size()
        values: list[Value] = []
        passed: dict[str, list[bool]] = {"first": [], _RETEST: []}
        for specimen in lot.specimens:
            found = self._specimen(specimen)
            values += found
            if all(value.verdict is not Verdict.NOT_EVALUATED for value in found if value.limit):
                passed[stage_of(lot, specimen)].append(Verdict.FAIL not in [value.verdict for value in found])
        # A retest alone follows a first test with exactly one failure: that is what commissioned it.
        first = passed["first"]
        counts = joints.splice_counts(rules, self.joints)
        if not first and passed[_RETEST]:
            first = [False] + [True] * (counts.first - 1)
        verdict = joints.splice_verdict(rules, first, passed[_RETEST], self.joints)
        failed = first.count(False)
        if verdict is Verdict.RETEST:
            lot.remark("products.retest", item="@products.item_tension", count=str(counts.retest))
        elif verdict is Verdict.FAIL and failed > rules.count("retest_from_failures"):
            lot.remark("products.no_retest_left", failed=str(failed))
        elif verdict is Verdict.NOT_EVALUATED:
            lot.remark("evaluation.lot_incomplete")
        return lot.done(values, verdict)

    def process(self) -> Outcome:
        """The process test before the work: three per size, strength and residual deformation, without a retest."""
        lot = self.lot
        values: list[Value] = []
        passed: list[bool] = []
        complete = True
        for specimen in lot.specimens:
            found = self._specimen(specimen, slip_needed=True)
            values += found
            complete = complete and all(value.raw is not None for value in found if value.limit)
            passed.append(Verdict.FAIL not in [value.verdict for value in found])
        verdict = joints.process_verdict(lot.rules, passed)
        if verdict is Verdict.PASS and not complete:
            verdict = Verdict.NOT_EVALUATED
        if verdict is Verdict.FAIL:
            lot.remark("products.process_no_retest")
        elif verdict is Verdict.NOT_EVALUATED:
            lot.remark("evaluation.lot_incomplete")
        return lot.done(values, verdict)

    def _lot_size(self) -> None:
        lot = self.lot
        most = joints.lot_limit(lot.rules, whole(lot, "consecutive_passed") or 0)
        if self.joints is not None and self.joints > most:
            lot.remark("products.lot_too_large", found=str(self.joints), most=str(most))

    def _specimen(self, specimen: SpecimenInput, *, slip_needed: bool = False) -> list[Value]:
        lot, typed = self.lot, self.lot.typed(specimen)
        peak = lot.peak(specimen)
        fracture = lot.rules.row("fractures", typed.text("fracture")) if typed.text("fracture") else None
        if fracture is None:
            raise OperatorError("evaluation.missing", name="fracture", where=specimen.label)
        counts_as = fracture.text("counts_as")
        limit = Bound(low=short(joints.splice_limit(self.grade, self.bar, counts_as)))
        raw = stress(peak, self.area) if peak is not None else None
        note = f"products.broke_{counts_as}" if raw is not None else "standards.no_curve"
        values = [lot.value(Judged("fmst", "MPa", limit, self.grade.clause), raw, subject=specimen.label, note=note)]
        slip, total = typed.number("u0_mm"), typed.number("asgt_percent")
        if slip is not None or slip_needed:
            most = Bound(high=joints.slip_limit(lot.rules, self.grade, self.diameter))
            missing = "" if slip is not None else "standards.not_entered"
            values.append(
                lot.value(Judged("u0", "mm", most, self.grade.clause), slip, subject=specimen.label, note=missing)
            )
        if total is not None:
            least = Bound(low=self.grade.number("asgt_percent"))
            values.append(lot.value(Judged("Asgt", "%", least, self.grade.clause), total, subject=specimen.label))
        return values


def _needed_text(lot: ProductLot, name: str) -> str:
    text = lot.settings.text(name)
    if not text:
        raise OperatorError("evaluation.missing", name=name, where="-")
    return text


def splices(lot: ProductLot) -> Outcome:
    """A lot of splices on site."""
    return Splices(lot).on_site()


def splice_process(lot: ProductLot) -> Outcome:
    """The process test of a splice."""
    return Splices(lot).process()


class Welds:
    """A lot of welded joints: tension, and bend where the kind of weld asks for it."""

    def __init__(self, lot: ProductLot) -> None:
        self.lot = lot
        self.bar = lot.rules.row("bars", _needed_text(lot, "grade"))
        self.kind = lot.rules.row("kinds", _needed_text(lot, "weld_kind"))
        self.diameter, self.area = area_of(lot)
        self.values: list[Value] = []
        if not lot.specimens:
            raise OperatorError("products.no_specimens", method=lot.rules.method)

    def evaluate(self) -> Outcome:
        """Both tests and the worse verdict of the two."""
        lot = self.lot
        joints_count = whole(lot, "joints")
        most = lot.rules.count("lot_joints")
        if joints_count is not None and joints_count > most:
            lot.remark("products.lot_too_large", found=str(joints_count), most=str(most))
        tension = self._insert() if self.kind.text("name") == "insert" else self._tension()
        verdicts = [tension]
        if self.kind.number("bend") > 0:
            verdicts.append(self._bend())
        verdict = worst(verdicts)
        if verdict is Verdict.NOT_EVALUATED:
            lot.remark("evaluation.lot_incomplete")
        return lot.done(self.values, verdict)

    def _pieces(self, name: str) -> list[SpecimenInput]:
        """Specimens that have the entry: ``fracture`` for tension, ``crack_mm`` for bend."""
        return [piece for piece in self.lot.specimens if self.lot.typed(piece).text(name)]

    def _tension(self) -> Verdict:
        lot, rules = self.lot, self.lot.rules
        pulls: dict[str, list[Pull]] = {"first": [], _RETEST: []}
        for piece in self._pieces("fracture"):
            code = rules.row("fractures", lot.typed(piece).text("fracture"))
            value = self._strength(piece, self.bar.number("rm_mpa"), code)
            if value.raw is not None:
                pulls[stage_of(lot, piece)].append(Pull(code.text("counts_as"), value.verdict is Verdict.PASS))
        first = pulls["first"]
        if not first and pulls[_RETEST]:
            return self._said(joints.weld_retest(rules, pulls[_RETEST]), "tension", rules.count("retest_count"))
        if any(pull.code == "B" and not pull.strong for pull in first):
            lot.remark("products.weak_bar")
        verdict = joints.weld_tension(rules, first, pulls[_RETEST])
        return self._said(verdict, "tension", rules.count("retest_count"))

    def _insert(self) -> Verdict:
        """T-joints of inserts: every one of three meets its limit; a failing one is retested with six."""
        lot, rules = self.lot, self.lot.rules
        passed: dict[str, list[bool]] = {"first": [], _RETEST: []}
        for piece in self.lot.specimens:
            value = self._strength(piece, self.bar.number("insert_mpa"), None)
            if value.raw is not None:
                passed[stage_of(lot, piece)].append(value.verdict is Verdict.PASS)
        verdict = joints.insert_verdict(rules, passed["first"], passed[_RETEST])
        return self._said(verdict, "tension", rules.count("retest_count"))

    def _strength(self, piece: SpecimenInput, low: Decimal, code: Row | None) -> Value:
        lot = self.lot
        peak = lot.peak(piece)
        raw = stress(peak, self.area) if peak is not None else None
        note = "standards.no_curve" if raw is None else ""
        if raw is not None and code is not None:
            note = f"products.broke_{code.text('counts_as').casefold()}"
        value = lot.value(Judged("Rm", "MPa", Bound(low=low), self.bar.clause), raw, subject=piece.label, note=note)
        self.values.append(value)
        if raw is not None and code is not None:
            self.values.append(lot.value(Judged("R", ""), quotient(raw, low), subject=piece.label))
        return value

    def _bend(self) -> Verdict:
        lot, rules = self.lot, self.lot.rules
        cracked: dict[str, list[bool]] = {"first": [], _RETEST: []}
        wide = rules.number("crack_mm")
        more = 1 if self.diameter > rules.number("bend_thick_above_mm") else 0
        times = self.bar.number("mandrel_d") + more
        mandrel = f"{rules.number('bend_angle')}°, D = {times}d = {(times * self.diameter).normalize():f} mm"
        for piece in self._pieces("crack_mm"):
            crack = lot.typed(piece).size("crack_mm") or Decimal(0)
            is_wide = crack >= wide
            cracked[stage_of(lot, piece)].append(is_wide)
            verdict = Verdict.FAIL if is_wide else Verdict.PASS
            limit = f"crack < {wide} mm, {mandrel}"
            self.values.append(
                Value("bend", "mm", crack, crack, limit, verdict, rules.clause("bend_angle"), piece.label, "full-value")
            )
        verdict = joints.weld_bend(rules, cracked["first"], cracked[_RETEST])
        return self._said(verdict, "bend", rules.count("bend_retest_count"))

    def _said(self, verdict: Verdict, item: str, count: int) -> Verdict:
        if verdict is Verdict.RETEST:
            self.lot.remark("products.retest", item=f"@products.item_{item}", count=str(count))
        return verdict


def welds(lot: ProductLot) -> Outcome:
    """A lot of welded joints."""
    return Welds(lot).evaluate()
