"""Sizes that a curve's file states: left aside where its form was never filled in, and told where they contradict the area used."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from labdesk.domain.curve import Curve
from labdesk.domain.evaluation import Remark
from labdesk.services.evaluation_inputs import PI, Typed
from labdesk.standards.trace import TensileGeometry

#: Areas may differ by what measuring a section twice explains; a nominal area also by the mass tolerance of a thin bar.
_MEASURED, _NOMINAL = Decimal("0.01"), Decimal("0.06")


def filled_in(curve: Curve, geometry: TensileGeometry, label: str, remarks: list[Remark]) -> Typed:
    """What the file states of the broken piece, without fields of a form that nobody filled in: they are said in ``remarks``.

    A piece that was torn is longer and thinner than before; a final length or section that is not is the form's default.
    """
    texts = dict(curve.metadata)
    own = Typed(texts, label)
    length, section = own.number("lu_mm"), own.number("fracture_area_mm2")
    if length is not None and geometry.l0_mm is not None and length <= geometry.l0_mm:
        del texts["lu_mm"]
        remarks.append(Remark("evaluation.final_length_unfilled", _shown(label, length, geometry.l0_mm)))
    if section is not None and section >= geometry.s0_mm2:
        del texts["fracture_area_mm2"]
        remarks.append(Remark("evaluation.final_area_unfilled", _shown(label, section, geometry.s0_mm2)))
    return Typed(texts, label)


def _shown(label: str, found: Decimal, before: Decimal) -> dict[str, str]:
    return {"label": label or "-", "found": f"{found:.6g}", "before": f"{before:.6g}"}


def area_remarks(settings: Typed, curve: Curve, used: Decimal, label: str) -> Iterator[Remark]:
    """A remark for each stated size whose area is not the one used: nobody may find out from the report."""
    nominal = bool(settings.text("grade"))
    for where, typed in (("typed", settings), ("file", Typed(curve.metadata, label))):
        for name, area in _areas(typed):
            if nominal and where == "typed":
                continue
            if abs(area - used) > (_NOMINAL if nominal else _MEASURED) * used:
                params = {"label": label or "-", "name": name, "area": f"{area:.6g}", "used": f"{used:.6g}"}
                yield Remark(f"evaluation.area_differs_{where}", params)


def _areas(typed: Typed) -> Iterator[tuple[str, Decimal]]:
    s0, diameter = typed.number("s0_mm2"), typed.number("diameter_mm")
    width, thickness = typed.number("width_mm"), typed.number("thickness_mm")
    if s0 is not None:
        yield f"s0_mm2 {s0}", s0
    if diameter is not None:
        yield f"diameter_mm {diameter}", diameter * diameter * PI / 4
    if width is not None and thickness is not None:
        yield f"width_mm {width} x thickness_mm {thickness}", width * thickness
