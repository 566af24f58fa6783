"""A rebar lot from hand entries and sealed curves to values, remarks and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import LotInput, Remark, SpecimenInput, TestKind, Value, Verdict
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.tensile_marks import marks_of, moved_remarks
from labdesk.standards import rebar
from labdesk.standards.gbt228 import TensileValues, stress
from labdesk.standards.judging import flip, judge
from labdesk.standards.marks import move_marks
from labdesk.standards.rates import rate_share
from labdesk.standards.rebar import Bar, LotState
from labdesk.standards.rule_tables import RebarRules
from labdesk.standards.trace import StrainSource, TensileGeometry

_RATE_BAND = (6.0, 60.0)
_TELL_FROM_PERCENT = 10
_REVERSE_BENDING = "reverse-bend"


class RebarLot:
    """One lot on its way to an evaluation; the outcome does not depend on the order of its specimens."""

    def __init__(
        self,
        lot: LotInput,
        rules: RebarRules,
        curves: Mapping[str, Curve],
        siblings: Sequence[RebarRules] = (),
    ) -> None:
        self.lot = lot
        self.rules = rules
        self.siblings = siblings
        self.curves = curves
        self.settings = Typed(lot.settings)
        grade = self.settings.text("grade")
        if not grade:
            raise OperatorError("evaluation.missing", name="grade", where="-")
        self.grade = rules.grade(grade)
        self.diameter_mm = self.settings.needed("diameter_mm")
        rules.size(self.diameter_mm)
        self.specimens = sorted(lot.specimens, key=lambda specimen: specimen.label)
        self.remarks: list[Remark] = []
        self.items: dict[str, list[Verdict]] = {}
        self.complete = True

    def evaluate(self) -> tuple[tuple[Value, ...], Verdict, tuple[Remark, ...]]:
        """Values in report order, verdict of the lot, remarks."""
        weight = self._weight()
        values = [weight] if weight is not None else []
        for kind, evaluate in (
            (TestKind.TENSION, self._tension),
            (TestKind.BEND, self._bend),
            (TestKind.REVERSE_BEND, self._bend),
        ):
            chosen = [specimen for specimen in self.specimens if kind in specimen.tests]
            self._count(kind, len(chosen))
            for specimen in chosen:
                found = evaluate(specimen, kind)
                self.items.setdefault(kind.value, []).extend(value.verdict for value in found)
                values.extend(found)
        self.remarks += regime_flips(self._bar(""), values, self.siblings)
        state = LotState(
            weight=weight.verdict if weight is not None else Verdict.NOT_EVALUATED,
            items=self.items,
            complete=self.complete,
            retest=self.settings.text("stage") == "retest",
        )
        verdict = state.verdict()
        self._explain(state, verdict)
        return tuple(values), verdict, tuple(self.remarks)

    def _bar(self, subject: str) -> Bar:
        return Bar(self.rules, self.grade, self.diameter_mm, subject)

    def _needed(self, kind: TestKind) -> int:
        """Specimens needed; a retest needs double the number of the retested item only."""
        sampling = self.rules.sampling
        mass = self.settings.number("lot_t")
        further = sampling.further(mass) if mass is not None else 0
        retested = self.settings.text("retest_item")
        if self.settings.text("stage") == "retest":
            base = {TestKind.TENSION: sampling.tension, TestKind.BEND: sampling.bend, TestKind.REVERSE_BEND: 1}
            return 2 * base.get(kind, 0) if kind.value in retested.split(",") else 0
        counts = {
            TestKind.TENSION: sampling.tension + further,
            TestKind.BEND: 0 if self.settings.text("bend_by") == _REVERSE_BENDING else sampling.bend + further,
            TestKind.REVERSE_BEND: sampling.reverse_bend if self.grade.reverse_bend == "required" else 0,
            TestKind.WEIGHT: sampling.weight,
        }
        return counts.get(kind, 0)

    def _count(self, kind: TestKind, found: int) -> None:
        needed = self._needed(kind)
        if found < needed:
            self.complete = False
            self._remark("evaluation.too_few", test=kind.value, found=str(found), needed=str(needed))

    def _weight(self) -> Value | None:
        pieces = [specimen for specimen in self.specimens if TestKind.WEIGHT in specimen.tests]
        self._count(TestKind.WEIGHT, len(pieces))
        if not pieces:
            return None
        typed = [Typed(piece.entries, piece.label) for piece in pieces]
        lengths = [entry.number("length_mm") for entry in typed]
        masses = [entry.number("mass_g") for entry in typed]
        total = self.settings.number("total_mass_g")
        if total is None and all(mass is not None for mass in masses):
            total = sum((mass for mass in masses if mass is not None), Decimal(0))
        known = [length for length in lengths if length is not None]
        if total is None or len(known) < len(lengths):
            self.complete = False
            return judge(
                rebar.weight_rule(self.rules, self.rules.weight_tolerance(self.diameter_mm)),
                None,
                note="standards.not_entered",
            )
        if any(length < 500 for length in known):
            self._remark("evaluation.short_pieces", shortest=str(min(known)))
        return rebar.weight_value(self.rules, self.diameter_mm, total, known)

    def _tension(self, specimen: SpecimenInput, kind: TestKind) -> list[Value]:
        bar, typed = self._bar(specimen.label), Typed(specimen.entries, specimen.label)
        found = self._from_curve(specimen, bar, typed)
        if found is not None:
            values = rebar.curve_strengths(bar, found)
            rm, by_curve = found.rm_mpa.value, found.a_gt_percent.value
        else:
            yielded, rm = self._by_hand(specimen, bar)
            by_curve = None
            values = rebar.strength_values(bar, yielded, rm, note="standards.no_curve")
        values += self._elongations(bar, typed, rm, by_curve)
        if typed.text("fracture_at") == "grip":
            self._remark("evaluation.broke_at_grip", label=specimen.label)
            values = [_invalid(value) for value in values]
        if any(value.verdict is Verdict.NOT_EVALUATED and value.limit for value in values):
            self.complete = False
        return values

    def _from_curve(self, specimen: SpecimenInput, bar: Bar, typed: Typed) -> TensileValues | None:
        if specimen.run_hash is None:
            return None
        curve = self.curves.get(specimen.run_hash)
        if curve is None:
            raise OperatorError("evaluation.curve_missing", label=specimen.label, run=specimen.run_hash[:12])
        geometry = self.geometry(specimen, curve)
        moved = move_marks(curve, geometry, marks_of(typed))
        found = moved.by_hand
        self.remarks.extend(moved_remarks(moved, typed, specimen.label))
        if found.strain_source is not StrainSource.EXTENSOMETER:
            self._remark("evaluation.strain_estimated", label=specimen.label, source=found.strain_source.value)
        elif geometry.le_mm is None:
            self._remark("evaluation.le_assumed", label=specimen.label, length=str(geometry.l0_mm))
        if curve.gaps:
            self._remark("evaluation.gaps", label=specimen.label, count=str(len(curve.gaps)))
        self.remarks.extend(rate_remarks(curve, found, bar.area_mm2, specimen.label))
        return found

    def geometry(self, specimen: SpecimenInput, curve: Curve) -> TensileGeometry:
        """Sizes a bar's curve is evaluated with; raises OperatorError for entries that are no numbers."""
        # The extensometer's length is the curve's own or the laboratory's setting, never the marks' length.
        typed, own = Typed(specimen.entries, specimen.label), Typed(curve.metadata, specimen.label)
        return TensileGeometry(
            s0_mm2=self._bar(specimen.label).area_mm2,
            l0_mm=typed.number("l0_mm") or self.settings.number("l0_mm") or 5 * self.diameter_mm,
            le_mm=typed.number("le_mm") or self.settings.number("le_mm") or own.number("le_mm"),
            lc_mm=self.settings.number("lc_mm") or own.number("lc_mm"),
        )

    def _by_hand(self, specimen: SpecimenInput, bar: Bar) -> tuple[Decimal | None, Decimal | None]:
        """ReL and Rm without a curve: the yield force as noted from the pointer that halts, the peak from the display."""
        self._remark("evaluation.no_curve", label=specimen.label)
        peak, lower = specimen.manual_peak_kn, Typed(specimen.entries, specimen.label).number("f_el_kn")
        if peak is not None and lower is not None and lower > peak:
            raise OperatorError("products.yield_above_peak", label=specimen.label, yielded=str(lower), peak=str(peak))
        found = [stress(force, bar.area_mm2) if force is not None else None for force in (lower, peak)]
        return found[0], found[1]

    def _elongations(self, bar: Bar, typed: Typed, rm: Decimal | None, by_curve: Decimal | None) -> list[Value]:
        """A from the refitted halves; Agt from marks, else from the curve. E grades always need Agt."""
        chosen = self.settings.text("elongation") or ("Agt" if self.grade.seismic else "")
        l0, lu = typed.number("l0_mm") or self.settings.number("l0_mm"), typed.number("lu_mm")
        values = []
        a_rule = bar.a_rule()
        a = rebar.elongation(l0, lu) if l0 is not None and lu is not None else None
        expected = chosen in ("A", "both") or (not chosen and not self._agt_known(typed, rm, by_curve))
        if a is not None or (expected and not self.grade.seismic):
            values.append(self._checked_a(judge(a_rule, a, subject=bar.subject, note=_missing(a)), typed, l0))
        marks, after = typed.number("agt_l0_mm"), typed.number("agt_l_mm")
        agt, note = by_curve, "standards.agt_from_curve" if by_curve is not None else "standards.not_entered"
        if marks is not None and after is not None and rm is not None:
            agt, note = rebar.agt_by_hand(marks, after, rm), "standards.agt_by_hand"
        if agt is not None or chosen in ("Agt", "both"):
            values.append(judge(bar.agt_rule(), agt, subject=bar.subject, note=note))
        return values

    def _agt_known(self, typed: Typed, rm: Decimal | None, by_curve: Decimal | None) -> bool:
        return by_curve is not None or bool(typed.text("agt_l_mm") and rm is not None)

    def _checked_a(self, value: Value, typed: Typed, l0: Decimal | None) -> Value:
        """A fracture nearer than L0/3 to a mark is only valid where A meets its limit anyway (GB/T 228.1, 20.1)."""
        distance = typed.number("fracture_to_mark_mm")
        if distance is None or l0 is None or distance * 3 >= l0 or value.verdict is not Verdict.FAIL:
            return value
        self._remark("evaluation.broke_near_mark", label=value.subject)
        return _invalid(value)

    def _bend(self, specimen: SpecimenInput, kind: TestKind) -> list[Value]:
        reverse = kind is TestKind.REVERSE_BEND
        name = "reverse_bend_result" if reverse else "bend_result"
        result = specimen.entries.get(name) or (specimen.entries.get("bend_result", "") if reverse else "")
        if result not in ("", "no-crack", "crack"):
            raise OperatorError("evaluation.bend_result", label=specimen.label, text=result[:40])
        value = rebar.bend_value(self._bar(specimen.label), result, reverse=reverse)
        if value.verdict is Verdict.NOT_EVALUATED:
            self.complete = False
        return [value]

    def _explain(self, state: LotState, verdict: Verdict) -> None:
        if verdict is Verdict.RETEST:
            for item in state.failed:
                count = 2 * self._needed(TestKind(item)) or 2
                self._remark("evaluation.retest", item=item, count=str(count))
        if state.weight is Verdict.FAIL:
            self._remark("evaluation.weight_never_retested")
        if verdict is Verdict.NOT_EVALUATED:
            self._remark("evaluation.lot_incomplete")
        if not self.rules.checked:
            self._remark("evaluation.rows_unchecked", rules=self.rules.id)

    def _remark(self, key: str, **params: str) -> None:
        self.remarks.append(Remark(key, params))


def regime_flips(bar: Bar, values: Sequence[Value], siblings: Sequence[RebarRules]) -> list[Remark]:
    """Where another regime of the same edition gives the other verdict for a value: something a reviewer must know."""
    remarks = []
    for value in values:
        rule = rebar.rule_of(bar, value.symbol, value.raw)
        if rule is None or value.verdict not in (Verdict.PASS, Verdict.FAIL):
            continue
        found = [rebar.rule_of(Bar(other, bar.grade, bar.diameter_mm), value.symbol, value.raw) for other in siblings]
        other = flip(rule, [item for item in found if item is not None], value.raw)
        if other is not None:
            told = {"label": value.subject or "-", "regime": rule.regime, "other": other.regime}
            remarks.append(Remark("products.regime_flips", {"symbol": value.symbol, **told}))
    return remarks


def rate_remarks(curve: Curve, found: TensileValues, s0_mm2: Decimal, label: str) -> Sequence[Remark]:
    """Stress rate in the elastic part against 6 to 60 MPa/s (GB/T 228.1, method B, steel)."""
    if found.elastic_window is None:
        return ()
    stresses = curve.force_kn.view * (1000.0 / float(s0_mm2))
    share = rate_share(curve.time_s.view, stresses, found.elastic_window, _RATE_BAND)
    if share is None or share.outside_percent < _TELL_FROM_PERCENT:
        return ()
    params = {"label": label, "percent": str(share.outside_percent), "mean": str(share.mean_mpa_s), "band": "6-60"}
    return (Remark("evaluation.rate_out_of_band", params),)


def _invalid(value: Value) -> Value:
    return Value(
        value.symbol, value.unit, value.raw, value.rounded, value.limit, Verdict.INVALID,
        value.clause, value.subject, value.regime, "standards.specimen_invalid",
    )  # fmt: skip


def _missing(value: Decimal | None) -> str:
    return "" if value is not None else "standards.not_entered"
