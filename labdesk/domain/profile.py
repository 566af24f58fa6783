"""The region profile: what is refused, held, warned of and allowed, and every deadline, as one dated signed file.

A laboratory may only tighten it. Treatments are ordered ALLOW < WARN < HOLD < REFUSE; :func:`tightened` refuses anything else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.errors import OperatorError


class Treatment(StrEnum):
    """What the program does with a finding; strictness grows downwards."""

    ALLOW = "allow"
    WARN = "warn"
    HOLD = "hold"
    REFUSE = "refuse"


_ORDER = tuple(Treatment)


class Bound(StrEnum):
    """Which direction of a number is stricter."""

    LOWER_IS_STRICTER = "lower"
    HIGHER_IS_STRICTER = "higher"


# Findings whose refusal the mission makes mandatory: YK-7.4 (no exception, no release), YK-4.3, 5.1, 6.1.
MANDATORY_REFUSALS = frozenset(
    {
        "unknown_tag",
        "other_commission",
        "wrong_project",
        "tag_void",
        "already_received",
        "tag_damaged",
        "piece_damaged",
        "sampler_not_authorised",
        "witness_not_authorised",
    }
)

# Every number of a profile with the direction in which a laboratory may move it.
NUMBERS: Mapping[str, Bound] = {
    "witness_delay_min": Bound.LOWER_IS_STRICTER,
    "site_distance_m": Bound.LOWER_IS_STRICTER,
    "hold_hours": Bound.LOWER_IS_STRICTER,
    "failing_report_hours": Bound.LOWER_IS_STRICTER,
    "upload_alarm_min": Bound.LOWER_IS_STRICTER,
    "upload_warning_hours": Bound.LOWER_IS_STRICTER,
    "age_tolerance_28d_hours": Bound.LOWER_IS_STRICTER,
    "range_low_percent": Bound.HIGHER_IS_STRICTER,
    "range_high_percent": Bound.LOWER_IS_STRICTER,
    "pin_attempts": Bound.LOWER_IS_STRICTER,
    "low_group_percent": Bound.HIGHER_IS_STRICTER,
    "loader_pin": Bound.HIGHER_IS_STRICTER,
}


# Numbers a region may do without; a laboratory may then set its own.
OPTIONAL_NUMBERS = frozenset({"low_group_percent", "loader_pin"})


@dataclass(frozen=True)
class RegionProfile:
    """One edition of a region's rules.

    Attributes:
        region: name of the region.
        edition: date of the edition; runs and reports name it.
        valid_from: first day in force.
        treatments: finding key -> treatment.
        numbers: deadlines and limits by the names in ``NUMBERS``; those in ``OPTIONAL_NUMBERS`` may be missing.
        age_without_hour: how age is counted when the commission gives a date without an hour: ``noon`` or ``start``.
        papers: papers that must be there at reception.
        bench_tag_scan: whether the site tag is scanned again at the machine.
    """

    region: str
    edition: str
    valid_from: date
    treatments: Mapping[str, Treatment]
    numbers: Mapping[str, Decimal]
    age_without_hour: str
    papers: tuple[str, ...]
    bench_tag_scan: bool

    def treatment(self, finding: str) -> Treatment:
        """Treatment of a finding; mandatory refusals cannot be anything else, and the unknown is refused."""
        if finding in MANDATORY_REFUSALS:
            return Treatment.REFUSE
        return self.treatments.get(finding, Treatment.REFUSE)

    @property
    def low_group_percent(self) -> Decimal | None:
        """Percentage of the design strength under which a single group is told at once; ``None`` in a region without one."""
        return self.numbers.get("low_group_percent")

    @property
    def loader_pin(self) -> bool:
        """Whether who puts the pieces in types a PIN after the badge (``loader_pin`` 1); a badge alone where nobody says so."""
        return self.numbers.get("loader_pin", Decimal(0)) >= 1

    def number(self, name: str) -> Decimal:
        """A deadline or limit; raises OperatorError ``profile.missing_number``."""
        value = self.numbers.get(name)
        if value is None:
            raise OperatorError("profile.missing_number", name=name, edition=self.edition)
        return value


@dataclass(frozen=True)
class Tightening:
    """A laboratory's own stricter rules from a moment on, with the person and the reason; the newest one holds."""

    id: str
    treatments: Mapping[str, Treatment]
    numbers: Mapping[str, Decimal]
    reason: str
    person_id: str
    at: datetime


def tightened(
    profile: RegionProfile, treatments: Mapping[str, Treatment], numbers: Mapping[str, Decimal]
) -> RegionProfile:
    """``profile`` with a laboratory's own stricter treatments and numbers.

    Raises:
        OperatorError: ``profile.not_stricter`` naming the first entry that would loosen a rule.
    """
    for finding, treatment in treatments.items():
        if _ORDER.index(treatment) < _ORDER.index(profile.treatment(finding)):
            raise OperatorError("profile.not_stricter", name=finding, region=profile.treatment(finding).value)
    for name, value in numbers.items():
        if name not in NUMBERS:
            raise OperatorError("profile.missing_number", name=name, edition=profile.edition)
        if name in OPTIONAL_NUMBERS and name not in profile.numbers:
            continue
        region = profile.number(name)
        stricter = value <= region if NUMBERS[name] is Bound.LOWER_IS_STRICTER else value >= region
        if not stricter:
            raise OperatorError("profile.not_stricter", name=name, region=str(region))
    return replace(
        profile,
        treatments={**profile.treatments, **treatments},
        numbers={**profile.numbers, **numbers},
    )


def still_tightened(
    profile: RegionProfile, treatments: Mapping[str, Treatment], numbers: Mapping[str, Decimal]
) -> RegionProfile:
    """``profile`` with those of a laboratory's rules that are still stricter: where a newer edition went further, it holds."""
    for finding, treatment in treatments.items():
        with contextlib.suppress(OperatorError):
            profile = tightened(profile, {finding: treatment}, {})
    for name, value in numbers.items():
        with contextlib.suppress(OperatorError):
            profile = tightened(profile, {}, {name: value})
    return profile


BUILT_IN = RegionProfile(
    region="营口",
    edition="2026-01-01",
    valid_from=date(2026, 1, 1),
    treatments={
        "witness_late": Treatment.REFUSE,
        "site_too_far": Treatment.WARN,
        "quantity_short": Treatment.REFUSE,
        "not_client_commission": Treatment.WARN,
        "paper_missing": Treatment.HOLD,
        "under_age": Treatment.REFUSE,
        "over_age": Treatment.WARN,
        "machine_out_of_calibration": Treatment.REFUSE,
        "load_out_of_range": Treatment.REFUSE,
        "not_competent": Treatment.REFUSE,
    },
    numbers={
        "witness_delay_min": Decimal(20),
        "site_distance_m": Decimal(500),
        "hold_hours": Decimal(48),
        "failing_report_hours": Decimal(24),
        "upload_alarm_min": Decimal(30),
        "upload_warning_hours": Decimal(24),
        "age_tolerance_28d_hours": Decimal(20),
        "range_low_percent": Decimal(20),
        "range_high_percent": Decimal(80),
        "pin_attempts": Decimal(5),
        # Below it no selection of few groups can pass (GB/T 50107, 5.2.2: 0.95 fcu,k); a region's own edition says its own.
        "low_group_percent": Decimal(95),
    },
    age_without_hour="noon",
    papers=("commission_form",),
    bench_tag_scan=True,
)
