"""Results that a file states beside those of its own curve: the same quantity in the same unit, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.curve import Curve
from labdesk.domain.errors import LabDeskError
from labdesk.domain.evaluation import Remark
from labdesk.domain.imported import Comparison, ImportedTest, StatedResult
from labdesk.services.evaluate_tensile import tensile_values
from labdesk.services.evaluation_inputs import Typed, tensile_geometry
from labdesk.services.imports.units import parse_unit


@dataclass(frozen=True)
class _Tolerance:
    """How far two programs may differ: share of the stated value, or an absolute amount in its unit (percent points)."""

    share: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)

    def text(self, unit: str) -> str:
        """As printed beside the comparison."""
        return f"{(self.share * 100).normalize():f} %" if self.share else f"{self.amount:f} {unit}"

    def holds(self, stated: Decimal, ours: Decimal) -> bool:
        """Whether two values agree."""
        return abs(ours - stated) <= max(abs(stated) * self.share, self.amount)


_HALF, _ONE, _TWO = (_Tolerance(Decimal(share)) for share in ("0.005", "0.01", "0.02"))
_TOLERANCES: Mapping[str, _Tolerance] = {
    "Fm": _HALF, "Rm": _HALF, "fc": _HALF, "ReH": _ONE, "ReL": _ONE, "FeH": _ONE, "FeL": _ONE, "Rp0.2": _ONE, "Rp1.0": _ONE,
    "Rt0.5": _ONE, "E": _Tolerance(Decimal("0.05")), "dL_Fm": _ONE, "dL_break": _TWO, "F_break": _TWO,
    "Ag": _Tolerance(amount=Decimal("0.2")), "Agt": _Tolerance(amount=Decimal("0.2")),
    "A": _Tolerance(amount=Decimal(1)), "At": _Tolerance(amount=Decimal(1)), "Z": _Tolerance(amount=Decimal("0.5")),
}  # fmt: skip


def compare(test: ImportedTest) -> tuple[Comparison, ...]:
    """Every stated result with ours, where the curve gives it; in the order of the file."""
    if not test.results:
        return ()
    ours = _ours(test)
    return tuple(_beside(result, ours.get(result.symbol)) for result in test.results)


def disagreements(comparisons: tuple[Comparison, ...]) -> tuple[Remark, ...]:
    """One remark for each result that does not agree with its own curve."""
    return tuple(
        Remark(
            "import.result_differs",
            {
                "name": item.stated.name,
                "stated": f"{item.stated.text} {item.stated.unit}",
                "ours": f"{item.ours:.6g} {item.stated.unit}" if item.ours is not None else "-",
                "tolerance": item.tolerance,
            },
        )
        for item in comparisons
        if item.agrees is False
    )


def _beside(result: StatedResult, base: Decimal | None) -> Comparison:
    """``base`` is ours in kN, mm, MPa or as a ratio; a percentage is compared as percentage."""
    unit = parse_unit(result.unit)
    tolerance = _TOLERANCES[result.symbol]
    if base is None or unit is None:
        return Comparison(result, None, None, None, tolerance.text(result.unit))
    ours = base / unit.factor
    return Comparison(
        result, ours, ours - result.value, tolerance.holds(result.value, ours), tolerance.text(result.unit)
    )


def _ours(test: ImportedTest) -> dict[str, Decimal]:
    """Ours by symbol in base units (kN, mm, MPa, ratio)."""
    curve = test.curve
    found: dict[str, Decimal] = {}
    if curve is None:
        return _without_curve(test)
    peak = int(curve.force_kn.counts.argmax())
    found["Fm"] = curve.force_kn.exact(peak)
    register = curve.metadata.get("machine_peak_kn")
    if register is not None:
        found["Fm"] = max(found["Fm"], Decimal(register))
    length = curve.displacement_mm if curve.displacement_mm is not None else curve.extension_mm
    if length is not None:
        found["dL_Fm"] = abs(length.exact(peak))
    _at_break(curve, peak, found)
    try:
        area = tensile_geometry(Typed({}), curve).s0_mm2
    except LabDeskError:
        return found
    found["Rm"] = found["fc"] = found["Fm"] * 1000 / area
    remarks: list[Remark] = []
    try:
        values = tensile_values(curve, Typed({}), "", remarks)
    except LabDeskError:
        return found
    for value in values:
        if value.raw is not None and value.symbol != "Rm":
            found[value.symbol] = (
                value.raw / 100 if value.unit == "%" else value.raw * (1000 if value.unit == "GPa" else 1)
            )
    if "fracture_area_mm2" in test.geometry:
        found["Z"] = 1 - Decimal(test.geometry["fracture_area_mm2"]) / area
    return found


def _at_break(curve: Curve, peak: int, found: dict[str, Decimal]) -> None:
    """Force and travel at break: before the steepest fall where the curve shows it, else the last sample recorded."""
    counts = curve.force_kn.counts
    at = len(counts) - 1
    drops = counts[peak:-1] - counts[peak + 1 :]
    if len(drops) and int(drops.max()) * 5 > int(counts[peak]):
        at = peak + int(drops.argmax())
    found["F_break"] = curve.force_kn.exact(at)
    length = curve.displacement_mm if curve.displacement_mm is not None else curve.extension_mm
    if length is not None:
        found["dL_break"] = abs(length.exact(at))


def _without_curve(test: ImportedTest) -> dict[str, Decimal]:
    """Results that follow from each other: a strength from force and area."""
    force = next((item for item in test.results if item.symbol == "Fm"), None)
    area = test.geometry.get("s0_mm2")
    unit = parse_unit(force.unit) if force else None
    if force is None or area is None or unit is None or Decimal(area) <= 0:
        return {}
    stress = force.value * unit.factor * 1000 / Decimal(area)
    return {"Rm": stress, "fc": stress}
