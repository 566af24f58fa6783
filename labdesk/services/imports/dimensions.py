"""Dimensions that contradict each other are said, never corrected."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from labdesk.domain.evaluation import Remark

_PI = Decimal("3.141592653589793238462643383")
_AREAS_AGREE = Decimal("0.005")


def odd_dimensions(geometry: Mapping[str, str], sizes: Mapping[str, Decimal]) -> list[Remark]:
    """A side far from the others of a cube, and an area that is not that of the printed sides."""
    found: list[Remark] = []
    width = geometry.get("width_mm", geometry.get("side_mm"))
    if width is not None and "height_mm" in geometry and Decimal(width) > 0:
        side = Decimal(width)
        for name, value in sizes.items():
            if not side / 2 <= value <= side * 4:
                found.append(Remark("curve_file.odd_size", {"name": name, "value": format(value, "f")}))
    stated, computed = geometry.get("s0_mm2"), _area(geometry)
    if stated is not None and computed is not None and abs(Decimal(stated) - computed) > computed * _AREAS_AGREE:
        shown = format(computed.quantize(Decimal("0.001")), "f")
        found.append(Remark("import.area_differs", {"stated": stated, "computed": shown}))
    return found


def _area(geometry: Mapping[str, str]) -> Decimal | None:
    if "diameter_mm" in geometry:
        return Decimal(geometry["diameter_mm"]) ** 2 * _PI / 4
    if "width_mm" in geometry and "thickness_mm" in geometry:
        return Decimal(geometry["width_mm"]) * Decimal(geometry["thickness_mm"])
    return None
