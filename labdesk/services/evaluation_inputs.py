"""Settings and hand entries as typed, turned into exact numbers or refused with a sentence that names the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import numpy as np

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.standards.trace import TensileGeometry

_LARGEST_POWER = 12
PI = Decimal("3.141592653589793238462643383")
_AGE = re.compile(r"\s*(?:(\d+)\s*(?:d|天|日))?\s*(?:(\d+)\s*(?:h|小时))?\s*(?:(\d+)\s*(?:min|分钟?))?\s*")


@dataclass(frozen=True)
class Typed:
    """Typed texts by name; ``where`` (a specimen's label) is named in refusals."""

    texts: Mapping[str, str]
    where: str = ""

    def text(self, name: str) -> str:
        """The text, stripped; empty if not given."""
        return self.texts.get(name, "").strip()

    def number(self, name: str) -> Decimal | None:
        """A positive number or ``None`` if not given.

        Raises:
            OperatorError: ``evaluation.not_a_number``, ``evaluation.not_positive``.
        """
        text = self.text(name)
        if not text:
            return None
        value = self._exact(name, text)
        if value <= 0:
            raise OperatorError("evaluation.not_positive", name=name, text=text, where=self.where or "-")
        return value

    def day(self, name: str) -> date | None:
        """A day ``2026-03-01`` (a time behind it is ignored), or ``None`` if not given; raises OperatorError ``evaluation.bad_date``."""
        text = self.text(name)
        try:
            return date.fromisoformat(text[:10]) if text else None
        except ValueError as error:
            raise OperatorError("evaluation.bad_date", text=text[:20]) from error

    def needed(self, name: str) -> Decimal:
        """A positive number; raises OperatorError ``evaluation.missing`` without it."""
        value = self.number(name)
        if value is None:
            raise OperatorError("evaluation.missing", name=name, where=self.where or "-")
        return value

    def numbers(self, name: str) -> list[Decimal]:
        """Numbers separated by commas or spaces, of any sign.

        Raises:
            OperatorError: ``evaluation.not_a_number``.
        """
        return [self._exact(name, part) for part in self.text(name).replace(",", " ").split()]

    def size(self, name: str) -> Decimal | None:
        """As :meth:`number`, but nought counts: the width of a crack; raises OperatorError."""
        text = self.text(name)
        value = self._exact(name, text) if text else None
        if value is not None and value < 0:
            raise OperatorError("evaluation.not_positive", name=name, text=text, where=self.where or "-")
        return value

    def _exact(self, name: str, text: str) -> Decimal:
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or "_" in text or len(text) > 40 or (value and abs(value.adjusted()) > _LARGEST_POWER):
            raise OperatorError("evaluation.not_a_number", name=name, text=text[:40], where=self.where or "-")
        return value


def tensile_geometry(typed: Typed, curve: Curve) -> TensileGeometry:
    """Geometry from settings, else from the curve's file.

    Raises:
        OperatorError: no area, or lengths that cannot be.
    """
    own = Typed(curve.metadata, typed.where)
    s0 = _area(typed) or _area(own)
    if s0 is None:
        raise OperatorError("evaluation.no_area")
    l0 = typed.number("l0_mm") or own.number("l0_mm")
    le = typed.number("le_mm") or own.number("le_mm")
    lc = typed.number("lc_mm") or own.number("lc_mm")
    bar = typed.number("length_mm") or own.number("length_mm")
    for name, length in (("l0_mm", l0), ("le_mm", le)):
        for longer in (lc, bar):
            if length is not None and longer is not None and length > longer:
                raise OperatorError("evaluation.longer_than_bar", name=name, length=str(length), bar=str(longer))
    return TensileGeometry(s0, l0, le, lc)


def _area(typed: Typed) -> Decimal | None:
    s0 = typed.number("s0_mm2")
    if s0 is not None:
        return s0
    diameter = typed.number("diameter_mm")
    if diameter is not None:
        return diameter * diameter * PI / 4
    width, thickness = typed.number("width_mm"), typed.number("thickness_mm")
    return width * thickness if width is not None and thickness is not None else None


def age_hours(text: str) -> Decimal | None:
    """``28 d 3 h`` in hours; ``None`` where the text is empty.

    Raises:
        OperatorError: ``evaluation.bad_age``.
    """
    if not text.strip():
        return None
    match = _AGE.fullmatch(text)
    if match is None or not any(match.groups()):
        raise OperatorError("evaluation.bad_age", text=text)
    days, hours, minutes = (Decimal(part or 0) for part in match.groups())
    return days * 24 + hours + minutes / 60


def peak_of(curve: Curve, label: str, remarks: list[Remark]) -> Decimal:
    """Largest force in kN: the machine's register where it is at least the largest sample, which is said."""
    sampled = curve.force_kn.exact(int(np.argmax(curve.force_kn.view)))
    if sampled <= 0:
        raise OperatorError("standards.no_load")
    register = Typed(curve.metadata, label).number("machine_peak_kn")
    if register is None:
        return sampled
    if register < sampled:
        remarks.append(
            Remark(
                "evaluation.peak_differs", {"label": label, "file": str(register), "curve": f"{sampled.normalize():f}"}
            )
        )
        return sampled
    remarks.append(
        Remark("evaluation.peak_register", {"label": label, "file": str(register), "curve": f"{sampled.normalize():f}"})
    )
    return register
