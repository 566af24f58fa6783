"""A captured curve: what the machine sent, as whole counts with an exact quantum, and read-only float views to search in.

The counts are the evidence; a float view is only for finding *where* something happens. A value that is reported is always
``counts[index] x quantum`` as :class:`~decimal.Decimal`. Nothing here filters, smooths, resamples or extends a curve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from labdesk.domain.curve_numbers import FINEST_EXPONENT, LARGEST_COUNT, Counts, plain_numbers
from labdesk.domain.errors import OperatorError

Floats = NDArray[np.float64]

#: Seconds, kN and mm stay far below ten to this power.
_LARGEST_POWER = 12
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)

#: Factor of each accepted unit, with the quantity's base unit (kN, mm, s).
_UNITS: Mapping[str, tuple[str, Decimal]] = MappingProxyType(
    {
        "kN": ("kN", Decimal(1)),
        "N": ("kN", Decimal("0.001")),
        "MN": ("kN", Decimal(1000)),
        "kgf": ("kN", Decimal("0.00980665")),
        "tf": ("kN", Decimal("9.80665")),
        "mm": ("mm", Decimal(1)),
        "um": ("mm", Decimal("0.001")),
        "µm": ("mm", Decimal("0.001")),
        "cm": ("mm", Decimal(10)),
        "m": ("mm", Decimal(1000)),
        "s": ("s", Decimal(1)),
        "ms": ("s", Decimal("0.001")),
        "us": ("s", Decimal("0.000001")),
        "µs": ("s", Decimal("0.000001")),
        "ns": ("s", Decimal("0.000000001")),
        "min": ("s", Decimal(60)),
    }
)


@dataclass(frozen=True, eq=False)
class Channel:
    """One quantity, sample by sample.

    Attributes:
        counts: whole numbers as captured (int64, made read-only here).
        quantum: exact value of one count in ``unit``; positive.
        unit: ``kN``, ``N``, ``mm``, ``s`` ...
    """

    counts: Counts
    quantum: Decimal
    unit: str

    def __post_init__(self) -> None:
        counts = np.asarray(self.counts, dtype=np.int64)
        if counts is self.counts:
            counts = counts.view()
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)
        if not (self.quantum.is_finite() and self.quantum > 0):
            raise OperatorError("curve.bad_quantum", quantum=str(self.quantum))

    def __len__(self) -> int:
        return int(self.counts.shape[0])

    def exact(self, index: int) -> Decimal:
        """Exact value of one sample, in ``unit``."""
        return _WIDE.multiply(Decimal(int(self.counts[index])), self.quantum)

    def beyond(self, power: int) -> int | None:
        """A sample of ten to the ``power`` or more, which no machine measures; ``None`` where there is none."""
        if not len(self):
            return None
        for place in (int(self.counts.argmax()), int(self.counts.argmin())):
            value = self.exact(place)
            if value and value.adjusted() >= power:
                return place
        return None

    @cached_property
    def view(self) -> Floats:
        """The values as read-only float64, for searching only."""
        floats: Floats = np.multiply(self.counts, float(self.quantum), dtype=np.float64)
        floats.setflags(write=False)
        return floats

    def in_unit(self, unit: str) -> Channel:
        """The same counts, their quantum expressed in another unit of the same quantity; exact.

        Raises:
            OperatorError: ``curve.unit`` where the units do not belong together.
        """
        if unit == self.unit:
            return self
        here, there = _UNITS.get(self.unit), _UNITS.get(unit)
        if here is None or there is None or here[0] != there[0]:
            raise OperatorError("curve.unit", found=self.unit, expected=unit)
        return Channel(self.counts, _WIDE.divide(_WIDE.multiply(self.quantum, here[1]), there[1]), unit)

    def negated(self) -> Channel:
        """The same channel with the other sign, for machines that count compression as negative."""
        return Channel(-self.counts, self.quantum, self.unit)

    def part(self, start: int, stop: int) -> Channel:
        """Samples ``start`` to ``stop`` (exclusive)."""
        return Channel(self.counts[start:stop], self.quantum, self.unit)


def channel_from_decimals(values: Sequence[Decimal], unit: str) -> Channel:
    """A channel from exact numbers: the quantum is the last decimal place used, at most 1E-18 and as fine as int64 holds.

    Raises:
        OperatorError: ``curve.not_a_number`` for infinities and NaN.
    """
    plain = plain_numbers([str(value) for value in values])
    if plain is not None:
        return Channel(plain.counts, Decimal(1).scaleb(plain.exponent), unit)
    if any(not value.is_finite() for value in values):
        raise OperatorError("curve.not_a_number", unit=unit)
    exponents = [value.as_tuple().exponent for value in values]
    exponent = max(FINEST_EXPONENT, min((int(item) for item in exponents), default=0))
    largest = max((abs(value) for value in values), default=Decimal(0))
    while largest.scaleb(-exponent, _WIDE) >= LARGEST_COUNT:
        exponent += 1
    counts = [int(value.scaleb(-exponent, _WIDE).to_integral_value(ROUND_HALF_EVEN)) for value in values]
    return Channel(np.array(counts, dtype=np.int64), Decimal(1).scaleb(exponent), unit)


def channel_from_floats(values: Iterable[float] | Floats, quantum: Decimal, unit: str) -> Channel:
    """A channel from computed numbers, quantised to ``quantum`` (for simulators and generators, not for captures)."""
    scaled = np.asarray(list(values) if not isinstance(values, np.ndarray) else values, dtype=np.float64) / float(
        quantum
    )
    if not np.isfinite(scaled).all():
        raise OperatorError("curve.not_a_number", unit=unit)
    return Channel(np.rint(scaled).astype(np.int64), quantum, unit)


@dataclass(frozen=True)
class Gap:
    """A stretch of time in which nothing was captured though the test went on.

    Attributes:
        start_s, end_s: on the curve's own time axis.
        reason: short text from the capture (``line lost``), may be empty.
    """

    start_s: Decimal
    end_s: Decimal
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Curve:
    """The channels of one loading.

    Attributes:
        time_s: time of each sample, not decreasing.
        force_kn: force, loading positive (tension in a tensile test, compression in a compression test).
        extension_mm: extensometer, or ``None``.
        displacement_mm: crosshead or piston, or ``None``.
        gaps: stretches known to be missing.
        metadata: geometry and origin as text (``s0_mm2``, ``l0_mm``, ``machine_peak_kn`` ...).

    Raises:
        OperatorError: channels of different length, wrong units, a value beyond all measure, or time that runs backwards.
    """

    time_s: Channel
    force_kn: Channel
    extension_mm: Channel | None = None
    displacement_mm: Channel | None = None
    gaps: tuple[Gap, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        expected = {"time_s": "s", "force_kn": "kN", "extension_mm": "mm", "displacement_mm": "mm"}
        for name, unit in expected.items():
            channel: Channel | None = getattr(self, name)
            if channel is None:
                continue
            if channel.unit != unit:
                raise OperatorError("curve.unit", found=channel.unit, expected=unit)
            if len(channel) != len(self.time_s):
                raise OperatorError("curve.lengths", channel=name, found=len(channel), expected=len(self.time_s))
            if (sample := channel.beyond(_LARGEST_POWER)) is not None:
                raise OperatorError("curve.too_large", channel=name, sample=sample + 1)
        moments = self.time_s.counts
        backwards = moments[1:] < moments[:-1]
        if backwards.any():
            raise OperatorError("curve.time_backwards", sample=int(backwards.argmax()) + 2)
        object.__setattr__(self, "metadata", MappingProxyType(dict(self.metadata)))

    def __len__(self) -> int:
        return len(self.time_s)
