"""Marks on a curve moved by hand: the value at the chosen sample, beside the automatic one, and never without a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Curve, Floats
from labdesk.domain.errors import OperatorError
from labdesk.standards.elastic import ElasticLine, elastic_line
from labdesk.standards.gbt228 import Reading, TensileValues, evaluate_tensile, from_float, stress
from labdesk.standards.trace import StrainSource, TensileGeometry, make_trace

#: Marks that can be moved.
SYMBOLS = ("ReH", "ReL", "Rp0.2", "Rt0.5", "Fm", "Agt", "At")
_UNIFORM = "Agt"
_BY_HAND = "standards.mark_by_hand"


@dataclass(frozen=True)
class Mark:
    """A mark set by a person.

    Attributes:
        symbol: ``ReH``, ``ReL``, ``Rp0.2``, ``Rt0.5``, ``Fm``, ``Agt`` or ``At``.
        time_s: moment on the curve; the nearest sample counts.
        reason: why it was moved.
    """

    symbol: str
    time_s: Decimal
    reason: str


@dataclass(frozen=True)
class MovedValues:
    """Values with the marks of a person, and those found automatically; both stay."""

    by_hand: TensileValues
    automatic: TensileValues

    def changed(self) -> tuple[tuple[str, Reading, Reading], ...]:
        """Name, automatic and by-hand reading of every value that was moved."""
        found = []
        for item in fields(TensileValues):
            before, after = getattr(self.automatic, item.name), getattr(self.by_hand, item.name)
            if isinstance(before, Reading) and isinstance(after, Reading) and before != after:
                found.append((item.name, before, after))
        return tuple(found)


def move_marks(curve: Curve, geometry: TensileGeometry, marks: Sequence[Mark]) -> MovedValues:
    """The values with ``marks`` moved by hand.

    Raises:
        OperatorError: ``evaluation.mark_unknown``, ``evaluation.mark_reason``, ``evaluation.mark_outside``,
            ``evaluation.mark_order`` (ReL not below ReH), or what :func:`evaluate_tensile` refuses.
    """
    automatic = evaluate_tensile(curve, geometry)
    moved = automatic
    for mark in marks:
        moved = _moved(curve, geometry, moved, mark)
    upper, lower = moved.r_eh_mpa.value, moved.r_el_mpa.value
    if marks and upper is not None and lower is not None and lower >= upper:
        raise OperatorError("evaluation.mark_order", upper=f"{upper:.6g}", lower=f"{lower:.6g}")
    return MovedValues(moved, automatic)


def values_at(curve: Curve, geometry: TensileGeometry) -> tuple[Floats, Floats | None]:
    """Stress in MPa and total elongation in % at every sample, for the eye while a mark is moved.

    The elongation is ``None`` where the curve has none of an extensometer, and NaN from where it was taken off.
    """
    stresses = curve.force_kn.view * (1000.0 / float(geometry.s0_mm2))
    trace = make_trace(curve, geometry)
    line = elastic_line(trace)
    if line is None or trace.source is not StrainSource.EXTENSOMETER:
        return stresses, None
    strains = (np.asarray(trace.strain, dtype=np.float64) - line.origin) * 100.0
    strains[trace.strain_end + 1 :] = np.nan
    return stresses, strains


def _moved(curve: Curve, geometry: TensileGeometry, values: TensileValues, mark: Mark) -> TensileValues:
    if mark.symbol not in SYMBOLS:
        raise OperatorError("evaluation.mark_unknown", symbol=mark.symbol, known=", ".join(SYMBOLS))
    if not mark.reason.strip():
        raise OperatorError("evaluation.mark_reason", symbol=mark.symbol)
    time = curve.time_s.view
    moment = float(mark.time_s)
    if not float(time[0]) <= moment <= float(time[-1]):
        raise OperatorError("evaluation.mark_outside", symbol=mark.symbol, time=str(mark.time_s), end=f"{time[-1]:.6g}")
    index = int(np.argmin(np.abs(time - moment)))
    force = curve.force_kn.exact(index)
    by_hand = Reading(stress(force, geometry.s0_mm2), index, _BY_HAND)
    match mark.symbol:
        case "ReH":
            return replace(values, r_eh_mpa=by_hand)
        case "ReL":
            return replace(values, r_el_mpa=by_hand)
        case "Rp0.2":
            return replace(values, r_p02_mpa=by_hand)
        case "Rt0.5":
            return replace(values, r_t05_mpa=by_hand)
        case "Fm":
            return replace(values, fm_kn=Reading(force, index, _BY_HAND), rm_mpa=by_hand)
        case _:
            return _strains(curve, geometry, values, (mark.symbol, index))


def _strains(curve: Curve, geometry: TensileGeometry, values: TensileValues, at: tuple[str, int]) -> TensileValues:
    """Agt and Ag, or At and A, at a sample."""
    symbol, index = at
    trace = make_trace(curve, geometry)
    line: ElasticLine | None = elastic_line(trace)
    if line is None or trace.source is not StrainSource.EXTENSOMETER or index > trace.strain_end:
        raise OperatorError("evaluation.mark_no_strain", symbol=symbol)
    total = float(trace.strain[index]) - line.origin
    plastic = total - float(trace.force[index]) / line.slope
    whole, rest = (Reading(from_float(strain * 100.0), index, _BY_HAND) for strain in (total, plastic))
    if symbol == _UNIFORM:
        return replace(values, a_gt_percent=whole, a_g_percent=rest)
    return replace(values, a_t_percent=whole, a_percent=rest)
