"""Tensile curves with known truth, through a machine with known faults: what a laboratory could record of a known material.

A :class:`Recipe` names the material, the course of the test, what happens during it and how it is recorded. ``record`` gives the
curve and the :class:`Truth` an evaluation must find. Deterministic by ``seed``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from labdesk.domain.curve import Curve, Gap, channel_from_floats
from labdesk.standards.trace import TensileGeometry

Floats = NDArray[np.float64]

#: Strain from the top of the transient's rebound to the plateau.
_REBOUND = 0.0005


@dataclass(frozen=True)
class Steel:
    """The material. Stresses in MPa, strains as ratios.

    Attributes:
        upper: ReH, ``None`` where the material yields continuously.
        lower: stress of the plateau (its lowest point apart from the transient); for continuous yielding the knee's level.
        top_plastic: plastic strain at ReH (0 = a sharp corner). ``fall``: strain over which ReH falls.
        transient: how far the first valley lies below ``lower``. ``plateau``: length of the plateau; 0 = one valley, then hardening.
        waves, wave_mpa: number and height of the serrations on the plateau. ``tilt_mpa``: rise over the plateau.
        bend: plastic strain over which a continuous knee bends. ``limit``: proportional limit of a continuous knee, of ``lower``.
        dent: depth of a shallow, rounded depression after a continuous knee (quenched and tempered steel), of ``lower``.
        uniform, fracture: total strain at Fm and at fracture.
    """

    e_mpa: float = 200_000.0
    upper: float | None = 460.0
    lower: float = 440.0
    top_plastic: float = 0.0
    fall: float = 0.0004
    transient: float = 0.0
    plateau: float = 0.012
    waves: int = 0
    wave_mpa: float = 0.0
    tilt_mpa: float = 0.0
    bend: float = 0.001
    limit: float = 0.7
    dent: float = 0.0
    rm: float = 600.0
    uniform: float = 0.11
    fracture: float = 0.18


@dataclass(frozen=True)
class Events:
    """What happens to the test piece on the machine; ``None`` or 0 where nothing does.

    Attributes:
        toe: strain the extensometer gains while it seats, over ``toe_mpa``.
        slip: stress at which the grips slip; the force falls by ``slip_share``, the crosshead runs on by ``slip_mm``.
        hold: total strain at which the crosshead is held for 10 s; the stress relaxes by ``hold_share``.
        loop: total strain at which the piece is unloaded to a tenth and loaded again.
        off: total strain at which the extensometer is taken off; ``off_as`` says what its channel shows then:
            ``still`` (last value), ``back`` (zero) or ``drift`` (hangs loose).
        gap: what a loss of data lies on (``upper``, ``lower``, ``proof``, ``peak``, ``fracture``, ``elastic``, ``hardening``).
        gap_strain: its length; ``gap_told``: whether the capture declared it.
    """

    toe: float = 0.0
    toe_mpa: float = 30.0
    slip: float | None = None
    slip_share: float = 0.02
    slip_mm: float = 0.2
    hold: float | None = None
    hold_share: float = 0.015
    loop: float | None = None
    off: float | None = None
    off_as: str = "still"
    gap: str = ""
    gap_strain: float = 0.002
    gap_told: bool = True


@dataclass(frozen=True)
class Machine:
    """How the test is driven and recorded.

    Attributes:
        stress_rate: MPa/s in the elastic part. ``yield_rate``, ``plastic_rate``: strain rates in 1/s.
        hz: samples per second; ``jitter``: share of the period by which samples wander; ``loss``: share of samples lost one by one;
            ``burst``: samples that share one time stamp.
        noise: standard deviation of the force's noise, of Rm. ``quantum_kn``: of the force.
        extension_noise_mm, extension_quantum_mm: of the extensometer.
        offset_mm: extension at the start. ``preload``: stress at the start.
        channels: ``extension``, ``both``, ``displacement`` or ``force``.
        ending: ``zero`` (force falls to zero), ``stop`` (record ends with the fracture) or ``early`` (stopped at 80 % of Fm).
    """

    stress_rate: float = 30.0
    yield_rate: float = 0.00025
    plastic_rate: float = 0.002
    hz: float = 50.0
    jitter: float = 0.0
    loss: float = 0.0
    burst: int = 1
    noise: float = 0.0
    quantum_kn: str = "0.01"
    extension_noise_mm: float = 0.0
    extension_quantum_mm: str = "0.0001"
    offset_mm: float = 0.0
    preload: float = 0.0
    stiffness_kn_mm: float = 60.0
    channels: str = "extension"
    ending: str = "zero"


@dataclass(frozen=True)
class Recipe:
    """A test: material, events, machine and sizes."""

    steel: Steel = field(default_factory=Steel)
    events: Events = field(default_factory=Events)
    machine: Machine = field(default_factory=Machine)
    s0_mm2: float = 314.2
    le_mm: float = 100.0
    lc_mm: float = 300.0
    seed: int = 1

    @property
    def geometry(self) -> TensileGeometry:
        """Sizes as an evaluation gets them."""
        return TensileGeometry(
            Decimal(str(self.s0_mm2)), Decimal(str(self.le_mm)), Decimal(str(self.le_mm)), Decimal(str(self.lc_mm))
        )


@dataclass(frozen=True)
class Truth:
    """What the record holds (MPa and percent); ``None`` where the material or the record has none.

    ``upper`` is of the recorded moments without noise: where sampling misses a sharp peak no evaluation can find it; ``upper_real``
    is the material's. ``covered``: values whose place is lost in a gap or after the extensometer was taken off.
    """

    e_mpa: float
    upper: float | None
    upper_real: float | None
    lower: float | None
    rp02: float
    rp02_on_slope: bool
    rm: float
    agt: float
    fracture: float
    covered: frozenset[str]
    elastic_samples: int


@dataclass(frozen=True)
class _Course:
    """The ideal test, node by node: time, strain, stress, strain the grips slipped (mm), and the place of each feature."""

    time: Floats
    strain: Floats
    stress: Floats
    slip_mm: Floats
    places: dict[str, float]
    fracture: int


def material(steel: Steel) -> tuple[Floats, Floats, dict[str, float]]:
    """Strain and stress of the ideal material, densely, with the strain at which each feature lies."""
    strain, stress = _round(steel) if steel.upper is None else _lueders(steel)
    start, level = float(strain[-1]), float(stress[-1])
    share = np.linspace(0.0, 1.0, 3000)[1:]
    hard = start + share * (steel.uniform - start)
    rise = level + (steel.rm - level) * (1.0 - (1.0 - share) ** 2)
    curved = (steel.rm - level) / (steel.uniform - start) ** 2
    neck = np.linspace(0.0, 1.0, 2000)[1:] * (steel.fracture - steel.uniform)
    fallen = steel.rm * (1.0 - np.minimum(curved / steel.rm * neck**2, 0.35 * (neck / neck[-1]) ** 1.5))
    strain = np.concatenate([strain, hard, steel.uniform + neck])
    stress = np.concatenate([stress, rise, fallen])
    plastic = strain - stress / steel.e_mpa
    proof = float(strain[int(np.argmax(plastic >= 0.002))])
    places = {
        "peak": steel.uniform,
        "proof": proof,
        "elastic": 0.5 * steel.lower / steel.e_mpa,
        "fracture": steel.fracture,
    }
    places["hardening"] = 0.5 * (start + steel.uniform)
    if steel.upper is not None:
        places["upper"] = steel.upper / steel.e_mpa + steel.top_plastic
        places["lower"] = 0.5 * (places["upper"] + start)
    return strain, stress, places


def _round(steel: Steel) -> tuple[Floats, Floats]:
    """Continuous yielding: straight to the proportional limit, then a knee given by its plastic strain."""
    limit = steel.limit * steel.lower
    line = np.linspace(0.0, limit, 60)
    plastic = np.concatenate([np.geomspace(1e-7, 0.002, 2500), np.linspace(0.002, 0.02, 1500)[1:]])
    knee = limit + (steel.lower - limit) * (1.0 - np.exp(-plastic / steel.bend))
    knee += plastic / 0.02 * 0.1 * (steel.rm - steel.lower)
    if steel.dent:
        knee -= steel.dent * steel.lower * np.exp(-(((plastic - 0.003) / 0.0012) ** 2))
    return np.concatenate([line / steel.e_mpa, knee / steel.e_mpa + plastic]), np.concatenate([line, knee])


def _lueders(steel: Steel) -> tuple[Floats, Floats]:
    """Up to ReH, the fall, the transient and the plateau; ends where hardening begins."""
    assert steel.upper is not None
    upper, bottom = steel.upper, steel.lower - steel.transient
    straight = upper * (1.0 - (0.06 if steel.top_plastic else 0.0))
    line = np.linspace(0.0, straight, 60)
    strain, stress = [line / steel.e_mpa], [line]
    if steel.top_plastic:
        share = np.linspace(0.0, 1.0, 200)[1:]
        bow = upper - (upper - straight) * (1.0 - share) ** 2
        strain.append(bow / steel.e_mpa + steel.top_plastic * share)
        stress.append(bow)
    top = float(strain[-1][-1])
    share = np.linspace(0.0, 1.0, 60)[1:]
    strain.append(top + steel.fall * share)
    stress.append(upper - (upper - bottom) * (1.0 - np.cos(np.pi * share)) / 2)
    at = top + steel.fall
    if steel.plateau <= 0:
        return np.concatenate(strain), np.concatenate(stress)
    if steel.transient:
        strain.append(at + _REBOUND * share)
        stress.append(bottom + steel.transient * (1.0 - np.cos(np.pi * share)) / 2)
        at += _REBOUND
    share = np.linspace(0.0, 1.0, 3000)[1:]
    level = steel.lower + steel.tilt_mpa * share
    if steel.waves:
        level = level + steel.wave_mpa * (1.0 - np.cos(2.0 * np.pi * steel.waves * share)) / 2
    strain.append(at + steel.plateau * share)
    stress.append(level)
    return np.concatenate(strain), np.concatenate(stress)


def _course(recipe: Recipe) -> _Course:
    steel, events = recipe.steel, recipe.events
    strain, stress, places = material(steel)
    slip = np.zeros_like(strain)
    extra = np.zeros_like(strain)
    breaks = [
        (events.slip / steel.e_mpa if events.slip is not None else None, _slip),
        (events.hold, _hold),
        (events.loop, _loop),
    ]
    for where, insert in sorted(((w, i) for w, i in breaks if w is not None), key=lambda pair: -pair[0]):
        at = int(np.searchsorted(strain, where))
        piece = insert(float(strain[at]), float(stress[at]), recipe)
        strain, stress = (
            np.concatenate([old[: at + 1], new, old[at + 1 :]]) for old, new in ((strain, piece[0]), (stress, piece[1]))
        )
        slip = np.concatenate([slip[: at + 1], slip[at] + piece[2], slip[at + 1 :] + piece[2][-1]])
        extra = np.concatenate([extra[: at + 1], piece[3], extra[at + 1 :]])
    return _timed(recipe, strain, stress, slip, extra, places)


def _timed(
    recipe: Recipe, strain: Floats, stress: Floats, slip: Floats, extra: Floats, places: dict[str, float]
) -> _Course:
    steel, machine = recipe.steel, recipe.machine
    begins = steel.upper if steel.upper is not None else steel.limit * steel.lower
    elastic = np.maximum.accumulate(stress) < 0.999 * begins
    rate = np.where(elastic, machine.stress_rate / steel.e_mpa, machine.yield_rate)
    rate = np.where(strain > 0.02, machine.plastic_rate, rate)
    along = np.abs(np.diff(strain)) + np.abs(np.diff(stress)) / steel.e_mpa * 0.02
    time = np.concatenate(([0.0], np.cumsum(along / rate[1:] + extra[1:])))
    last = int(np.argmax(strain >= steel.fracture * (1 - 1e-12))) or strain.size - 1
    if recipe.machine.ending == "early":
        after = np.flatnonzero((strain > steel.uniform) & (stress < 0.8 * steel.rm))
        last = int(after[0]) if after.size else last
    return _Course(time[: last + 1], strain[: last + 1], stress[: last + 1], slip[: last + 1], places, last)


def _slip(strain: float, stress: float, recipe: Recipe) -> tuple[Floats, Floats, Floats, Floats]:
    share = np.concatenate([np.linspace(0.0, 1.0, 12)[1:], np.linspace(1.0, 0.0, 12)[1:]])
    lost = recipe.events.slip_share * stress * share
    ran = np.concatenate([np.linspace(0.0, 1.0, 12)[1:], np.ones(11)]) * recipe.events.slip_mm
    return strain - lost / recipe.steel.e_mpa, stress - lost, ran, np.full(share.size, 0.02)


def _hold(strain: float, stress: float, recipe: Recipe) -> tuple[Floats, Floats, Floats, Floats]:
    moments = np.linspace(0.0, 10.0, 40)[1:]
    lost = recipe.events.hold_share * stress * (1.0 - np.exp(-moments / 3.0))
    stretched = (
        recipe.events.hold_share * stress * recipe.s0_mm2 / 1000.0 / recipe.machine.stiffness_kn_mm / recipe.lc_mm
    )
    back = np.linspace(1.0, 0.0, 12)[1:]
    fallen = np.concatenate([stress - lost, stress - float(lost[-1]) * back])
    run = strain + stretched * (1.0 - np.exp(-moments / 3.0))
    return (
        np.concatenate([run, strain + stretched * np.ones(back.size)]),
        fallen,
        np.zeros(fallen.size),
        np.concatenate([np.full(moments.size, 10.0 / 39), np.full(back.size, 0.05)]),
    )


def _loop(strain: float, stress: float, recipe: Recipe) -> tuple[Floats, Floats, Floats, Floats]:
    share = np.concatenate([np.linspace(0.0, 0.9, 60)[1:], np.linspace(0.9, 0.0, 60)[1:]])
    lost = stress * share
    step = 0.9 * stress / 59 / recipe.machine.stress_rate
    return strain - lost / recipe.steel.e_mpa, stress - lost, np.zeros(share.size), np.full(share.size, step)


def record(recipe: Recipe) -> tuple[Curve, Truth]:
    """The curve as recorded, and its truth."""
    course = _course(recipe)
    rng = np.random.default_rng(recipe.seed)
    moments = _moments(recipe.machine, course, rng)
    strain, stress = np.interp(moments, course.time, course.strain), np.interp(moments, course.time, course.stress)
    slip = np.interp(moments, course.time, course.slip_mm)
    kept, gaps, hidden = _gap(recipe, course, moments)
    moments, strain, stress, slip = (series[kept] for series in (moments, strain, stress, slip))
    truth = _truth(recipe, strain, stress, hidden)
    return _measured(recipe, (moments, strain, stress, slip), gaps, rng), truth


def _moments(machine: Machine, course: _Course, rng: np.random.Generator) -> Floats:
    begin = float(np.interp(machine.preload, course.stress[:50], course.time[:50]))
    moments = np.arange(begin, float(course.time[-1]), 1.0 / machine.hz)
    if machine.jitter:
        moments = np.sort(moments + rng.uniform(-0.5, 0.5, moments.size) * machine.jitter / machine.hz)
        moments = np.clip(moments, begin, float(course.time[-1]))
    if machine.loss:
        moments = moments[rng.random(moments.size) >= machine.loss]
    return moments


def _gap(recipe: Recipe, course: _Course, moments: Floats) -> tuple[NDArray[np.bool_], tuple[Gap, ...], frozenset[str]]:
    """Samples kept, the gap as a capture declares it, and the features that lie in it."""
    events = recipe.events
    if not events.gap or events.gap not in course.places:
        return np.ones(moments.size, dtype=bool), (), frozenset()
    at = _moment(course, course.places[events.gap])
    later = min(at + 0.5, float(course.time[-1]))
    rate = float(np.interp(later, course.time, course.strain)) - float(np.interp(at - 0.5, course.time, course.strain))
    longest = 0.15 * float(course.time[-1])
    half = max(0.5 * events.gap_strain / max(rate / (later - at + 0.5), 1e-5), 6.0 / recipe.machine.hz)
    half = min(half, longest)
    begin, end = at - half, at + (0.2 if events.gap == "fracture" else half)
    kept = (moments < begin) | (moments > end) | (np.arange(moments.size) < 3)
    told = (Gap(Decimal(f"{max(begin - moments[0], 0):.6f}"), Decimal(f"{end - moments[0]:.6f}"), "line lost"),)
    margin = 1.0 / recipe.machine.hz
    hidden = {
        name
        for name, (first, last) in _spans(recipe, course).items()
        if begin - margin <= last and end + margin >= first and _matters(name, (begin, end), (first, last))
    }
    return kept, told if events.gap_told else (), frozenset(hidden)


def _moment(course: _Course, strain: float) -> float:
    return float(course.time[int(np.argmax(course.strain >= min(strain, float(course.strain.max())) * (1 - 1e-12)))])


def _spans(recipe: Recipe, course: _Course) -> dict[str, tuple[float, float]]:
    """Time in which each feature lies."""
    steel = recipe.steel
    moments = {name: _moment(course, place) for name, place in course.places.items()}
    spans = {name: (moment, moment) for name, moment in moments.items()}
    begins = steel.upper if steel.upper is not None else steel.limit * steel.lower
    spans["elastic"] = (_moment(course, 0.05 * begins / steel.e_mpa), _moment(course, 0.95 * begins / steel.e_mpa))
    if steel.upper is not None:
        spans["upper"] = (moments["upper"], _moment(course, course.places["upper"] + steel.fall))
        spans["lower"] = (
            moments["upper"],
            _moment(course, 2.0 * course.places["lower"] - course.places["upper"] + 0.002),
        )
    return spans


def _matters(name: str, gap: tuple[float, float], span: tuple[float, float]) -> bool:
    """A gap in the straight part only matters where it takes a third of it."""
    if name != "elastic":
        return True
    return min(gap[1], span[1]) - max(gap[0], span[0]) > 0.3 * (span[1] - span[0])


def _measured(
    recipe: Recipe, ideal: tuple[Floats, Floats, Floats, Floats], gaps: tuple[Gap, ...], rng: np.random.Generator
) -> Curve:
    machine, events, steel = recipe.machine, recipe.events, recipe.steel
    time, strain, stress, slip = ideal
    force = stress * recipe.s0_mm2 / 1000.0
    toe = events.toe * (1.0 - np.exp(-stress / events.toe_mpa))
    extension = (strain + toe) * recipe.le_mm
    displacement = strain * recipe.lc_mm + force / machine.stiffness_kn_mm + 1.5 * (1.0 - np.exp(-force / 4.0)) + slip
    extension = _taken_off(recipe, strain, extension, rng)
    if machine.ending == "zero":
        count = max(int(machine.hz * 0.5), 4)
        later = time[-1] + np.arange(1, count + 1) / machine.hz
        if events.gap == "fracture":
            later = later + 0.25
        time = np.concatenate([time, later])
        force = np.concatenate([force, np.zeros(count)])
        jump = extension[-1] + (rng.choice([-1.0, 0.0, 0.5]) * 0.3 if events.off is None else 0.0)
        extension = np.concatenate([extension, np.full(count, jump)])
        displacement = np.concatenate([displacement, displacement[-1] + np.linspace(0.0, 0.5, count)])
    noisy = force + rng.normal(0.0, 1.0, force.size) * machine.noise * steel.rm * recipe.s0_mm2 / 1000.0
    extension = extension + machine.offset_mm + rng.normal(0.0, 1.0, extension.size) * machine.extension_noise_mm
    stamps = time - time[0]
    if machine.burst > 1:
        last = np.minimum((np.arange(stamps.size) // machine.burst + 1) * machine.burst - 1, stamps.size - 1)
        stamps = stamps[last]
    measured = machine.channels in ("extension", "both")
    moved = machine.channels in ("displacement", "both")
    return Curve(
        time_s=channel_from_floats(stamps, Decimal("0.000001"), "s"),
        force_kn=channel_from_floats(noisy, Decimal(machine.quantum_kn), "kN"),
        extension_mm=channel_from_floats(extension, Decimal(machine.extension_quantum_mm), "mm") if measured else None,
        displacement_mm=channel_from_floats(displacement, Decimal("0.001"), "mm") if moved else None,
        gaps=gaps,
    )


def _taken_off(recipe: Recipe, strain: Floats, extension: Floats, rng: np.random.Generator) -> Floats:
    if recipe.events.off is None:
        return extension
    after = np.flatnonzero(strain > recipe.events.off)
    if not after.size:
        return extension
    shown = extension.copy()
    first = int(after[0])
    if recipe.events.off_as == "still":
        shown[first:] = shown[first]
    elif recipe.events.off_as == "back":
        shown[first:] = 0.0
    else:
        loose = rng.uniform(-0.4, 0.4) * recipe.le_mm * recipe.events.off
        shown[first:] = shown[first] * 0.5 + loose * np.linspace(0.0, 1.0, after.size)
    return shown


def _truth(recipe: Recipe, strain: Floats, stress: Floats, hidden: frozenset[str]) -> Truth:
    steel, events = recipe.steel, recipe.events
    grid, level, places = material(steel)
    rp02, on_slope = _proof(steel, grid, level)
    upper = None
    if steel.upper is not None:
        near = np.abs(strain - places["upper"]) < 0.0008
        upper = float(stress[near].max()) if near.any() else None
    lower = steel.lower if steel.upper is not None else None
    if steel.upper is not None and steel.plateau <= 0:
        lower = steel.lower - steel.transient
    covered = set(hidden)
    if events.off is not None:
        covered |= {f"{name}_strain" for name in ("peak", "proof", "fracture") if places[name] > events.off}
    begins = steel.upper if steel.upper is not None else steel.limit * steel.lower
    elastic = int(np.argmax(stress >= 0.95 * begins)) - int(np.argmax(stress >= 0.05 * begins))
    return Truth(
        e_mpa=steel.e_mpa,
        upper=upper,
        upper_real=steel.upper,
        lower=lower,
        rp02=rp02,
        rp02_on_slope=on_slope,
        rm=steel.rm,
        agt=steel.uniform * 100.0,
        fracture=float(strain[-1]) * 100.0,
        covered=frozenset(covered),
        elastic_samples=elastic,
    )


def _proof(steel: Steel, grid: Floats, level: Floats) -> tuple[float, bool]:
    """Rp0.2 and whether the curve is calm there (a fall or a rebound at the crossing makes the value a matter of one sample)."""
    plastic = grid - level / steel.e_mpa
    after = int(np.argmax(plastic >= 0.002))
    share = (0.002 - plastic[after - 1]) / (plastic[after] - plastic[after - 1])
    value = float(level[after - 1] + share * (level[after] - level[after - 1]))
    near = np.abs(plastic - 0.002) < 0.0002
    return value, bool(np.ptp(level[near]) < 0.004 * value)


Builder = Callable[[int], Recipe]
