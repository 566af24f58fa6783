"""What a method asks of the capture of one loading: sampling rate, stress rate band, and where a gap is not harmless."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation

from labdesk.domain.bench import LoadingPlan, rate_part
from labdesk.domain.capture import RateBand
from labdesk.domain.evaluation import TestKind
from labdesk.domain.machines import Machine
from labdesk.standards.sampling import by_stress_rate

MIN_RATE = "min_rate_hz"
"""A machine's own setting; it comes before what the formula gives, ``0`` asks nothing."""
_STEEL_CRITICAL, _PEAK_CRITICAL = 45, 90


@dataclass(frozen=True)
class Demands:
    """Goes into a ``RunRequest`` under the same names."""

    min_rate_hz: Decimal | None
    rate_band: RateBand | None
    critical_from_percent: int


def demands(test: TestKind, plan: LoadingPlan, machine: Machine) -> Demands:
    """The demands of a kind of test on this machine.

    A gap is critical near the maximum; for steel in tension from below the yield on, which lies at 55 % of the maximum or above.
    """
    start, end = rate_part(test, plan)
    to_kn = None if end is None else plan.expected_kn * end
    band = RateBand(plan.rate_low_mpa_s, plan.rate_high_mpa_s, plan.expected_kn * start, to_kn)
    # The lowest stress that must be resolved: steel about where the judged part ends, below its yield; concrete its strength.
    resolved_mpa = (to_kn or plan.expected_kn) * 1000 / plan.area_mm2
    critical = _STEEL_CRITICAL if test is TestKind.TENSION else _PEAK_CRITICAL
    return Demands(_least_rate(plan, machine, resolved_mpa), band, critical)


def _least_rate(plan: LoadingPlan, machine: Machine, resolved_mpa: Decimal) -> Decimal | None:
    try:
        own = Decimal(machine.settings.get(MIN_RATE, ""))
    except InvalidOperation:
        accuracy = max(machine.accuracy_class, Decimal("0.5"))
        least = by_stress_rate(plan.rate_high_mpa_s, resolved_mpa, accuracy)
        return least.quantize(Decimal("0.1"), ROUND_CEILING)
    return own if own > 0 else None
