"""Sealed runs as drawings: every sample as captured, with the points the evaluation speaks of. For review and for the report."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind
from labdesk.domain.reporting import CurveDrawing, CurveMark
from labdesk.domain.sealed_run import EXTENSION, SealedRun, decode_run
from labdesk.domain.sentences import Language, say
from labdesk.services.evaluation_inputs import Typed, tensile_geometry
from labdesk.services.sealed_curves import curve_from_sealed
from labdesk.standards.gbt228 import evaluate_tensile


def draw_specimen(
    sealed: bytes, specimen: SpecimenInput, lot: LotInput, evaluation: Evaluation, language: Language
) -> CurveDrawing:
    """The drawing of one specimen's sealed run.

    Raises:
        EnvironmentFault: the run's bytes are damaged.
        OperatorError: ``evaluation.no_force_channel``.
    """
    run = decode_run(sealed)
    curve = curve_from_sealed(run)
    x, caption = _axis(curve, language)
    marks = _tension_marks(curve, specimen, lot) if TestKind.TENSION in specimen.tests else [("Fm", _peak(curve))]
    force = curve.force_kn.view
    return CurveDrawing(
        label=specimen.label,
        x_caption=caption,
        y_caption=say("review.axis.force", language),
        x=x.tolist(),
        y=force.tolist(),
        marks=tuple(
            CurveMark(text, float(x[index]), float(force[index]))
            for text, index in (
                *((_mark_text(symbol, specimen.label, evaluation), index) for symbol, index in marks),
                *((say("review.mark.extensometer_off", language), index) for index in _taken_off(run, curve)),
            )
        ),
        gaps=_gaps(curve),
    )


def _taken_off(run: SealedRun, curve: Curve) -> list[int]:
    """Samples at which the operator declared the extensometer off."""
    moments = [item.at_ns for item in run.header.switches if item.declared and item.channel == EXTENSION]
    last = len(curve) - 1
    return [min(int(np.searchsorted(curve.time_s.counts, at_ns)), last) for at_ns in moments]


def _axis(curve: Curve, language: Language) -> tuple[np.ndarray, str]:
    """Displacement, else an extension that lasts to the end, else time."""
    if curve.displacement_mm is not None:
        return curve.displacement_mm.view, say("review.axis.displacement", language)
    if curve.extension_mm is not None and "extension_until_s" not in curve.metadata:
        return curve.extension_mm.view, say("review.axis.extension", language)
    return curve.time_s.view, say("review.axis.time", language)


def _peak(curve: Curve) -> int:
    return int(np.argmax(curve.force_kn.view))


def _tension_marks(curve: Curve, specimen: SpecimenInput, lot: LotInput) -> list[tuple[str, int]]:
    """Where ReH, ReL and Rm stand; only where the curve has them."""
    typed = Typed({**curve.metadata, **lot.settings, **specimen.entries}, specimen.label)
    diameter = typed.number("diameter_mm")
    texts = dict(typed.texts)
    if diameter is not None:
        texts.setdefault("l0_mm", str(5 * diameter))
    # Lengths of the bar belong to the refitted halves, not to the drawing.
    texts.pop("length_mm", None)
    try:
        found = evaluate_tensile(curve, tensile_geometry(Typed(texts, specimen.label), curve))
    except OperatorError:
        return [("Fm", _peak(curve))]
    readings = (("ReH", found.r_eh_mpa), ("ReL", found.r_el_mpa), ("Rm", found.fm_kn))
    marks = [(symbol, reading.index) for symbol, reading in readings if reading.index is not None]
    return marks or [("Fm", _peak(curve))]


def _mark_text(symbol: str, label: str, evaluation: Evaluation) -> str:
    """``ReH 441``: the symbol with the value as it is reported."""
    value = next((item for item in evaluation.values if item.symbol == symbol and item.subject == label), None)
    if value is None or value.rounded is None:
        return symbol
    return f"{symbol} {value.rounded:f}"


def _gaps(curve: Curve) -> tuple[tuple[int, int], ...]:
    time = curve.time_s.counts
    found = []
    for gap in curve.gaps:
        before = int(np.searchsorted(time, int(gap.start_s / curve.time_s.quantum), side="right")) - 1
        after = int(np.searchsorted(time, int(gap.end_s / curve.time_s.quantum), side="left"))
        if 0 <= before < after < len(curve):
            found.append((before, after))
    return tuple(found)


def sampling_rate_hz(sealed: bytes) -> Decimal | None:
    """Samples per second between start and end, as measured."""
    return decode_run(sealed).header.achieved_hz
