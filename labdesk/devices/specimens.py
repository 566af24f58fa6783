"""Virtual specimens: what a bar or a cube does when it is loaded, as force over time, for simulated machines only.

Floats are right here: this is physics of a make-believe, not evidence. Evidence begins with the integer counts on the wire.
Other pieces stand in :mod:`labdesk.devices.pieces`, the names they go by in :mod:`labdesk.devices.scenarios`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

E_MPA = 200_000.0


@dataclass(frozen=True)
class Reading:
    """What the machine's sensors see; ``extension_mm`` is ``None`` without an extensometer on the piece."""

    force_kn: float
    displacement_mm: float
    extension_mm: float | None = None


class Specimen(Protocol):
    """A piece between the jaws."""

    @property
    def duration_s(self) -> float:
        """From the first load to some time after the break, at natural speed."""
        ...

    @property
    def peak_kn(self) -> float:
        """Largest force it will see."""
        ...

    def at(self, time_s: float) -> Reading:
        """Noise-free reading at ``time_s`` after the test began."""
        ...


def break_strain(agt_percent: float, a_percent: float) -> float:
    """Mean strain over the extensometer's length at the break, from Agt and the elongation after fracture."""
    return max(agt_percent + 2.0, agt_percent + (a_percent - agt_percent) * 0.35) / 100


@dataclass(frozen=True)
class RebarBar:
    """A ribbed bar in tension: preload, elastic slope, yield drop, Lüders plateau, hardening, necking, break.

    Attributes:
        diameter_mm: nominal diameter.
        reh_mpa, rel_mpa, rm_mpa: upper and lower yield and tensile strength.
        agt_percent, a_percent: total extension at maximum force, elongation after fracture.
        gauge_mm: extensometer gauge length; free_mm: length between grips.
        stress_rate_mpa_s: loading rate in the elastic part.
    """

    diameter_mm: float = 20.0
    reh_mpa: float = 445.0
    rel_mpa: float = 432.0
    rm_mpa: float = 605.0
    agt_percent: float = 12.5
    a_percent: float = 23.0
    gauge_mm: float = 100.0
    free_mm: float = 350.0
    stress_rate_mpa_s: float = 20.0

    @property
    def area_mm2(self) -> float:
        """Nominal cross-section."""
        return math.pi * self.diameter_mm**2 / 4

    @property
    def seat_s(self) -> float:
        """Until grips and bar sit tight."""
        return 2.5

    @property
    def elastic_s(self) -> float:
        """From there to the upper yield point."""
        return self.reh_mpa / self.stress_rate_mpa_s

    @property
    def plateau_end(self) -> float:
        """Strain at which hardening begins."""
        return self.reh_mpa / E_MPA + 0.012

    @property
    def strain_rate(self) -> float:
        """Of the plastic part, 1/s."""
        return 0.0035

    @property
    def break_strain(self) -> float:
        """Mean strain of the gauge length when the neck tears."""
        return break_strain(self.agt_percent, self.a_percent)

    @property
    def break_s(self) -> float:
        """When it tears."""
        plastic = self.break_strain - self.reh_mpa / E_MPA
        return self.seat_s + self.elastic_s + plastic / self.strain_rate

    @property
    def duration_s(self) -> float:
        """Natural duration with three seconds of silence after the break."""
        return self.break_s + 3.0

    @property
    def peak_kn(self) -> float:
        """At the tensile strength."""
        return self._kn(max(self.rm_mpa, self.reh_mpa))

    def stress(self, strain: float) -> float:
        """Engineering stress after the upper yield point, MPa."""
        yield_strain = self.reh_mpa / E_MPA
        if strain < yield_strain + 0.001:
            return self.reh_mpa - (self.reh_mpa - self.rel_mpa) * (strain - yield_strain) / 0.001
        if strain < self.plateau_end:
            return self.rel_mpa + 2.0 + 2.0 * math.sin(strain * 4000)
        uniform = self.agt_percent / 100
        if strain < uniform:
            share = (strain - self.plateau_end) / (uniform - self.plateau_end)
            return self.rel_mpa + 2.0 + (self.rm_mpa - self.rel_mpa - 2.0) * (1 - math.pow(1 - share, 2.6))
        share = (strain - uniform) / (self.break_strain - uniform)
        return self.rm_mpa * (1 - 0.16 * share**2)

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`."""
        if time_s >= self.break_s:
            after = min(1.0, (time_s - self.break_s) / 0.02)
            strain = self.break_strain + 0.004 * after
            left = self.stress(self.break_strain) * (1 - after)
            return Reading(self._kn(left), self._slack_mm + strain * self.free_mm, strain * self.gauge_mm)
        if time_s < self.seat_s:
            stress = 0.015 * self.reh_mpa * (time_s / self.seat_s) ** 2
            return Reading(self._kn(stress), 0.3 * time_s, stress / E_MPA * self.gauge_mm)
        if time_s < self.seat_s + self.elastic_s:
            share = (time_s - self.seat_s) / self.elastic_s
            stress = self.reh_mpa * (0.015 + 0.985 * share)
            return Reading(self._kn(stress), 0.75 + stress / E_MPA * self.free_mm * 2.5, stress / E_MPA * self.gauge_mm)
        strain = self.reh_mpa / E_MPA + (time_s - self.seat_s - self.elastic_s) * self.strain_rate
        return Reading(self._kn(self.stress(strain)), self._slack_mm + strain * self.free_mm, strain * self.gauge_mm)

    @property
    def _slack_mm(self) -> float:
        """What the crosshead moved more than the free length grew: grips and frame."""
        return 0.75 + self.reh_mpa / E_MPA * self.free_mm * 1.5

    def _kn(self, stress_mpa: float) -> float:
        return stress_mpa * self.area_mm2 / 1000


@dataclass(frozen=True)
class ConcreteCube:
    """A cube in compression: contact, nearly linear loading at a constant rate, softening, crushing, rubble.

    Attributes:
        side_mm: edge.
        strength_mpa: stress at the peak.
        rate_mpa_s: loading rate (0.3–1.0 by GB/T 50081).
        soften_s: how long the crushing takes; mortar gives way more slowly than concrete.
        left: share of the peak that the rubble bears until the platen goes back.
        squash_mm: approach of the platens from contact to 92 % of the peak.
    """

    side_mm: float = 150.0
    strength_mpa: float = 36.0
    rate_mpa_s: float = 0.6
    soften_s: float = 0.5
    left: float = 0.12
    squash_mm: float = 0.32

    @property
    def _peak_s(self) -> float:
        return 2.0 + self.strength_mpa / self.rate_mpa_s * 1.04

    @property
    def duration_s(self) -> float:
        """Natural duration with four seconds after the crushing."""
        return self._peak_s + 6.0

    @property
    def peak_kn(self) -> float:
        """Strength times area."""
        return self.strength_mpa * self.side_mm**2 / 1000

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`."""
        peak_kn, contact_mm = self.peak_kn, 0.4
        if time_s < 2.0:
            return Reading(peak_kn * 0.01 * (time_s / 2) ** 2, 0.2 * time_s)
        share = (time_s - 2.0) / (self._peak_s - 2.0)
        if share < 0.92:
            return Reading(peak_kn * (0.01 + share * 1.03), contact_mm + share / 0.92 * self.squash_mm)
        if share < 1.0:
            late = (share - 0.92) / 0.08
            low = 0.01 + 0.92 * 1.03
            force = peak_kn * (low + (1 - low) * (1 - (1 - late) ** 2))
            return Reading(force, contact_mm + self.squash_mm * (1 + 0.25 * late))
        after = time_s - self._peak_s
        gone = after > 2.4 * self.soften_s
        left = self.left if gone else self.left + (1 - self.left) * math.exp(-((after / self.soften_s) ** 2))
        moved = contact_mm + self.squash_mm * 1.25 + min(after, 2.0)
        return Reading(peak_kn * left * (1 if after < 2.0 + self.soften_s else 0.02), moved)


@dataclass(frozen=True)
class NothingLoaded:
    """No piece: the machine idles and shows its zero."""

    duration_s: float = math.inf
    peak_kn: float = 0.0

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`."""
        return Reading(0.0, 0.0, 0.0)


GRADES = {
    "HPB300": (330.0, 315.0, 460.0, 16.0, 30.0),
    "HRB400": (445.0, 432.0, 605.0, 12.5, 23.0),
    "HRB400E": (448.0, 435.0, 610.0, 13.0, 24.0),
    "HRB500": (545.0, 532.0, 700.0, 11.0, 20.0),
    "HRB500E": (548.0, 535.0, 705.0, 11.5, 20.0),
    "HRB600": (645.0, 632.0, 790.0, 10.0, 17.0),
}
"""Believable strengths of good bars: ReH, ReL, Rm in MPa, Agt and A in percent."""
