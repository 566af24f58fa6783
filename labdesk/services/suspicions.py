"""What a reviewer should look at twice in the curves and results of one lot, as remarks with their evidence; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from labdesk.domain.curve import Curve
from labdesk.domain.evaluation import LotInput, Remark, Value
from labdesk.domain.run_doubts import said
from labdesk.standards.suspicion import copies, ductility, loading_doubts, too_uniform

#: Movement up to the largest force in steps of the early stiff part (real curves: steel 23 and more, concrete 2.4 to 3.4).
_STEEL_FROM = Decimal(5)
_CONCRETE_UP_TO = Decimal(8)
#: Smallest coefficient of variation, in percent, that results of a kind are taken to show.
_USUAL_PERCENT: Mapping[str, Decimal] = {"fcu": Decimal("1.5"), "Rm": Decimal("0.1"), "ReL": Decimal("0.15")}
_RARE_PERCENT = Decimal(1)
_MOST_CURVES = 24
_PEAK_AGREES = Decimal("0.01")
_METALS = frozenset({"tensile", "rebar-tensile", "rebar-lot"})
#: Methods that hold the load and take it back by their own rules.
_HELD = frozenset({"concrete-modulus", "rebar-splice-process"})
_BRITTLE = frozenset({"concrete-cube", "concrete-cylinder"})


def lot_suspicions(lot: LotInput, curves: Mapping[str, Curve], values: Sequence[Value]) -> tuple[Remark, ...]:
    """Remarks about a lot's curves, named by their specimens."""
    named = {
        piece.label: curves[piece.run_hash]
        for piece in lot.specimens
        if piece.run_hash is not None and piece.run_hash in curves
    }
    return suspicions(lot.method, named, values)


def suspicions(method: str, curves: Mapping[str, Curve], values: Sequence[Value]) -> tuple[Remark, ...]:
    """Remarks about curves by label and their results."""
    found = [remark for label, curve in sorted(curves.items()) for remark in _of_shape(method, label, curve)]
    if method in _METALS:
        found += [remark for label, curve in sorted(curves.items()) for remark in _of_peak(label, curve)]
    if method not in _HELD:
        found += [remark for label, curve in sorted(curves.items()) for remark in _of_loading(label, curve)]
    if len(curves) <= _MOST_CURVES:
        found += [
            Remark(
                "evaluation.curves_alike",
                {
                    "first": item.first,
                    "second": item.second,
                    "correlation": str(item.correlation),
                    "samples": str(item.samples),
                    "shift": str(item.shift),
                },
            )
            for item in copies(dict(sorted(curves.items())))
        ]
    return (*found, *_of_spread(values))


def _of_shape(method: str, label: str, curve: Curve) -> tuple[Remark, ...]:
    ratio = ductility(curve)
    if ratio is None or (curve.extension_mm is None and curve.displacement_mm is None):
        return ()
    shown = {"label": label or "-", "ratio": str(ratio)}
    if method in _METALS and ratio < _STEEL_FROM:
        return (Remark("evaluation.shape_not_metal", shown | {"usual": str(_STEEL_FROM)}),)
    if method in _BRITTLE and ratio > _CONCRETE_UP_TO:
        return (Remark("evaluation.shape_not_brittle", shown | {"usual": str(_CONCRETE_UP_TO)}),)
    return ()


def _of_loading(label: str, curve: Curve) -> Iterator[Remark]:
    """A force that stood still, a peak that was held, an unloading that passes for a break."""
    course, findings = loading_doubts(curve)
    way = curve.displacement_mm or curve.extension_mm
    for finding in findings:
        key, params = said(finding, course, curve.force_kn.quantum, None if way is None else way.in_unit("mm").quantum)
        yield Remark(key, params | {"label": label or "-"})


def _of_peak(label: str, curve: Curve) -> tuple[Remark, ...]:
    """The machine's own peak against the curve's: sampling lets the curve's be a little lower, never much, and never higher."""
    told = curve.metadata.get("machine_peak_kn", "")
    try:
        register = Decimal(told)
    except ArithmeticError:
        return ()
    sampled = curve.force_kn.exact(int(curve.force_kn.counts.argmax()))
    if not register.is_finite() or abs(register - sampled) <= _PEAK_AGREES * sampled:
        return ()
    params = {"label": label or "-", "file": f"{register.normalize():f}", "curve": f"{sampled.normalize():f}"}
    return (Remark("evaluation.peaks_apart", params),)


def _of_spread(values: Sequence[Value]) -> tuple[Remark, ...]:
    found = []
    for symbol, usual in _USUAL_PERCENT.items():
        raw = [value.raw for value in values if value.symbol == symbol and value.subject and value.raw is not None]
        finding = too_uniform(raw, usual, _RARE_PERCENT)
        if finding is not None:
            params = {
                "symbol": symbol,
                "count": str(finding.count),
                "spread": str(finding.spread_percent),
                "usual": str(finding.usual_percent),
                "chance": str(finding.chance_percent),
            }
            found.append(Remark("evaluation.results_alike", params))
    return tuple(found)
