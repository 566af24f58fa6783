"""Further virtual specimens: a bar without a plateau, a splice that slips, a brick, and a loading that the operator breaks off.

As in :mod:`labdesk.devices.specimens`: floats, for simulated machines only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from labdesk.devices.specimens import E_MPA, ConcreteCube, Reading, RebarBar, Specimen, break_strain

KNEE = 0.0012
"""Plastic strain over which a bar without a plateau turns from elastic to plastic."""
PROOF = 0.002
SLIDE_MM_S = 2.0
SLIDE_MM = 12.0
THREAD_MM = 2.5
LOOK_S = 0.05


@dataclass(frozen=True)
class ContinuousBar:
    """A bar that yields without a drop or a plateau (cold-worked or stretched steel): the curve bends, hardens, necks, breaks.

    The stress over the plastic strain is a knee that passes through Rp0.2 and a long hardening that ends level at Rm and Agt.

    Attributes:
        diameter_mm, agt_percent, a_percent, gauge_mm, free_mm, stress_rate_mpa_s: as for a bar with a plateau.
        rp02_mpa, rm_mpa: proof and tensile strength.
    """

    diameter_mm: float = 20.0
    rp02_mpa: float = 455.0
    rm_mpa: float = 625.0
    agt_percent: float = 8.5
    a_percent: float = 17.0
    gauge_mm: float = 100.0
    free_mm: float = 350.0
    stress_rate_mpa_s: float = 20.0

    @cached_property
    def _knee(self) -> tuple[float, float, float, float]:
        """Proportional limit, height of the knee, height of the hardening, plastic strain at Rm."""
        limit, uniform = 0.62 * self.rp02_mpa, self.agt_percent / 100 - self.rm_mpa / E_MPA
        bent = 1 - math.exp(-PROOF / KNEE)
        hardened = 1 - math.pow(1 - PROOF / uniform, 2.6)
        knee = (self.rp02_mpa - limit - hardened * (self.rm_mpa - limit)) / (bent - hardened)
        return limit, knee, self.rm_mpa - limit - knee, uniform

    def _stress(self, plastic: float) -> tuple[float, float]:
        """Stress and its slope at a plastic strain up to that at Rm."""
        limit, knee, hardening, uniform = self._knee
        rest, far = math.exp(-plastic / KNEE), max(0.0, 1 - plastic / uniform)
        stress = limit + knee * (1 - rest) + hardening * (1 - math.pow(far, 2.6))
        return stress, knee * rest / KNEE + hardening * 2.6 * math.pow(far, 1.6) / uniform

    def _stress_at(self, strain: float) -> float:
        """Stress at a total strain beyond the proportional limit: Newton's method on plastic plus elastic strain."""
        uniform, broken = self.agt_percent / 100, break_strain(self.agt_percent, self.a_percent)
        if strain >= uniform:
            return self.rm_mpa * (1 - 0.16 * ((strain - uniform) / (broken - uniform)) ** 2)
        plastic = max(0.0, strain - self.rp02_mpa / E_MPA)
        for _ in range(8):
            stress, slope = self._stress(plastic)
            plastic = max(0.0, plastic - (plastic + stress / E_MPA - strain) / (1 + slope / E_MPA))
        return self._stress(plastic)[0]

    @property
    def _times(self) -> tuple[float, float, float, float]:
        """End of seating, of the elastic part, of the slow part through the proof stress, and the break."""
        limit = self._knee[0]
        elastic = 2.5 + limit / self.stress_rate_mpa_s
        proof = elastic + (0.007 - limit / E_MPA) / 0.00025
        return 2.5, elastic, proof, proof + (break_strain(self.agt_percent, self.a_percent) - 0.007) / 0.0035

    @property
    def duration_s(self) -> float:
        """Natural duration with three seconds after the break."""
        return self._times[3] + 3.0

    @property
    def peak_kn(self) -> float:
        """At the tensile strength."""
        return self._kn(self.rm_mpa)

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`."""
        seat, elastic, proof, broken = self._times
        limit = self._knee[0]
        if time_s < elastic:
            share = (time_s - seat) / (elastic - seat)
            stress = 0.015 * limit * (time_s / seat) ** 2 if time_s < seat else limit * (0.015 + 0.985 * share)
            return self._reading(stress, stress / E_MPA, 0.3 * min(time_s, seat))
        strain = limit / E_MPA + min(time_s - elastic, proof - elastic) * 0.00025
        strain += max(0.0, min(time_s, broken) - proof) * 0.0035
        stress, seated = self._stress_at(strain), 0.3 * seat
        if time_s < broken:
            return self._reading(stress, strain, seated)
        after = min(1.0, (time_s - broken) / 0.02)
        last = self._reading(stress, strain + 0.004 * after, seated)
        return Reading(last.force_kn * (1 - after), last.displacement_mm, last.extension_mm)

    def _reading(self, stress: float, strain: float, seated_mm: float) -> Reading:
        frame_mm = stress / E_MPA * self.free_mm * 1.5
        return Reading(self._kn(stress), seated_mm + strain * self.free_mm + frame_mm, strain * self.gauge_mm)

    def _kn(self, stress_mpa: float) -> float:
        return stress_mpa * math.pi * self.diameter_mm**2 / 4000


@dataclass(frozen=True)
class Slip:
    """A slip of the bar in its coupler: at a share of the yield force the displacement grows by ``mm`` in ``for_s`` seconds."""

    at_share: float
    mm: float
    for_s: float


@dataclass(frozen=True)
class Splice:
    """Two bars in a mechanical coupler that slips: steps of displacement at nearly constant force, then the bar's own curve.

    Attributes:
        bar: the bar.
        slips: in the order of their force.
        pull_out_mpa: stress in the bar at which it is drawn out of the coupler, ``None``: the bar breaks. Drawn out it slides, thread
            by thread, at about half of the force.
    """

    bar: RebarBar
    slips: tuple[Slip, ...] = ()
    pull_out_mpa: float | None = None

    @cached_property
    def _pulled_s(self) -> float:
        """When the bar begins to be drawn out, in the bar's own time."""
        bar = self.bar
        if self.pull_out_mpa is None:
            return math.inf
        low, high = bar.plateau_end, bar.agt_percent / 100
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if bar.stress(middle) < self.pull_out_mpa else (low, middle)
        return bar.seat_s + bar.elastic_s + (high - bar.reh_mpa / E_MPA) / bar.strain_rate

    @property
    def _slipping_s(self) -> float:
        return sum(slip.for_s for slip in self.slips)

    @property
    def duration_s(self) -> float:
        """Natural duration with three seconds after the end."""
        if self.pull_out_mpa is None:
            return self._slipping_s + self.bar.duration_s
        return self._slipping_s + self._pulled_s + SLIDE_MM / SLIDE_MM_S + 3.0

    @property
    def peak_kn(self) -> float:
        """Of the bar, or where it is drawn out."""
        return self.bar.peak_kn if self.pull_out_mpa is None else self.bar.at(self._pulled_s).force_kn

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`; the extensometer spans the coupler."""
        own_s, slipped, factor = time_s, 0.0, 1.0
        for slip in self.slips:
            begins = self.bar.seat_s + self.bar.elastic_s * slip.at_share
            if own_s <= begins:
                break
            share = min(1.0, (own_s - begins) / slip.for_s)
            slipped += slip.mm * share
            if share < 1.0:
                own_s, factor = begins, 1 - 0.03 * math.sin(math.pi * share)
                break
            own_s -= slip.for_s
        if own_s > self._pulled_s:
            return self._sliding(own_s - self._pulled_s, slipped)
        seen = self.bar.at(own_s)
        extension = None if seen.extension_mm is None else seen.extension_mm + slipped
        return Reading(seen.force_kn * factor, seen.displacement_mm + slipped, extension)

    def _sliding(self, since_s: float, slipped_mm: float) -> Reading:
        seen = self.bar.at(self._pulled_s)
        moved = min(SLIDE_MM, since_s * SLIDE_MM_S)
        gone = min(1.0, since_s / 0.05)
        held = 0.5 - 0.2 * moved / SLIDE_MM + 0.03 * math.sin(2 * math.pi * moved / THREAD_MM)
        out = max(0.0, 1 - max(0.0, since_s - SLIDE_MM / SLIDE_MM_S) / 0.05)
        share = (1 - gone + gone * held) * out
        extension = None if seen.extension_mm is None else seen.extension_mm + slipped_mm + moved
        return Reading(seen.force_kn * share, seen.displacement_mm + slipped_mm + moved, extension)


@dataclass(frozen=True)
class Crack:
    """A crack before the break: at this share of the loading time the force drops by ``drop`` of itself and comes back."""

    at_share: float
    drop: float


@dataclass(frozen=True)
class Brick:
    """A brick cut in two halves laid on each other with mortar: cracks on the way, then it gives way at once.

    Attributes:
        length_mm, width_mm: of the overlap.
        strength_mpa: of the overlapping area.
        rate_kn_s: loading rate (GB/T 2542: 2–6).
        cracks: on the way.
    """

    length_mm: float = 120.0
    width_mm: float = 115.0
    strength_mpa: float = 17.5
    rate_kn_s: float = 5.0
    cracks: tuple[Crack, ...] = ()

    @cached_property
    def _body(self) -> ConcreteCube:
        side = math.sqrt(self.length_mm * self.width_mm)
        rate = self.rate_kn_s * 1000 / side**2
        return ConcreteCube(side, self.strength_mpa, rate, soften_s=0.25, left=0.08, squash_mm=1.1)

    @property
    def duration_s(self) -> float:
        """Natural duration with some seconds after the crushing."""
        return self._body.duration_s

    @property
    def peak_kn(self) -> float:
        """Strength times area."""
        return self._body.peak_kn

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`."""
        seen, loading_s = self._body.at(time_s), self._body.duration_s - 6.0
        factor, moved = 1.0, 0.0
        for crack in self.cracks:
            since = time_s - crack.at_share * loading_s
            if since >= 0:
                factor -= crack.drop * math.exp(-since / 0.4)
                moved += 0.04
        return Reading(seen.force_kn * factor, seen.displacement_mm + moved)


@dataclass(frozen=True)
class Abandoned:
    """A piece whose loading the operator breaks off: held for a moment, then unloaded along its elastic line; it stays whole.

    Attributes:
        piece: what was loaded.
        share: of its largest force, where the operator stops.
        unload_s: how long the unloading takes.
    """

    piece: Specimen
    share: float = 0.6
    unload_s: float = 6.0
    hold_s: float = 0.6

    @cached_property
    def _stop_s(self) -> float:
        return self._reached(self.share)

    def _reached(self, share: float) -> float:
        """When the force first stands at this share of the largest."""
        wanted, steps = share * self.piece.peak_kn, round(self.piece.duration_s / LOOK_S)
        return next((n * LOOK_S for n in range(steps) if self.piece.at(n * LOOK_S).force_kn >= wanted), 0.0)

    @cached_property
    def _gives_back(self) -> tuple[float, float]:
        """How far crosshead and extensometer go back on the way to zero force, mm."""
        low, high, top = (self.piece.at(self._reached(share * self.share)) for share in (0.3, 0.6, 1.0))
        per_step = top.force_kn / max(high.force_kn - low.force_kn, 1e-9)
        moved = min(0.95 * top.displacement_mm, (high.displacement_mm - low.displacement_mm) * per_step)
        if top.extension_mm is None or low.extension_mm is None or high.extension_mm is None:
            return moved, 0.0
        return moved, min(0.98 * top.extension_mm, (high.extension_mm - low.extension_mm) * per_step)

    @property
    def duration_s(self) -> float:
        """Until some seconds after the force is gone."""
        return self._stop_s + self.hold_s + self.unload_s + 4.0

    @property
    def peak_kn(self) -> float:
        """Where the operator stops."""
        return self.piece.at(self._stop_s).force_kn

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`."""
        seen = self.piece.at(min(time_s, self._stop_s))
        gone = min(1.0, max(0.0, (time_s - self._stop_s - self.hold_s) / self.unload_s))
        moved, stretched = self._gives_back
        extension = None if seen.extension_mm is None else seen.extension_mm - stretched * gone
        return Reading(seen.force_kn * (1 - gone), seen.displacement_mm - moved * gone, extension)


@dataclass(frozen=True)
class Smaller:
    """The same piece with a smaller cross-section, for a device that cannot show the force of the usual one."""

    piece: Specimen
    share: float

    @property
    def duration_s(self) -> float:
        """As the usual one."""
        return self.piece.duration_s

    @property
    def peak_kn(self) -> float:
        """A share of the usual one."""
        return self.piece.peak_kn * self.share

    def at(self, time_s: float) -> Reading:
        """See :class:`Specimen`."""
        seen = self.piece.at(time_s)
        return Reading(seen.force_kn * self.share, seen.displacement_mm, seen.extension_mm)
