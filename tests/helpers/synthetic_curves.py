"""Tensile curves with known truth: elastic part, yield drop, transient, plateau, hardening, necking; noise, quanta, sampling, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Curve, channel_from_floats


@dataclass(frozen=True)
class Recipe:
    """What a curve is made of. Stresses in MPa, strains as ratios, rates in 1/s.

    Attributes:
        e_mpa: slope. ``upper``, ``lower``: ReH and ReL; ``upper`` None = continuous yielding.
        transient: depth of the initial transient below ``lower``, MPa (0 = none).
        plateau: length of the plateau in strain.
        rm, uniform: Rm and total strain at it. ``fracture``: total strain at fracture.
        hz: samples per second; ``jitter``: share of the period by which samples wander.
        noise: standard deviation of the force's noise, of Rm. ``quantum_kn``: of the force.
        offset: strain at the start. ``preload``: stress at the start.
    """

    e_mpa: float = 200_000.0
    upper: float | None = 460.0
    lower: float = 440.0
    transient: float = 0.0
    plateau: float = 0.012
    rm: float = 600.0
    uniform: float = 0.11
    fracture: float = 0.18
    hz: float = 50.0
    jitter: float = 0.0
    noise: float = 0.0
    quantum_kn: str = "0.01"
    offset: float = 0.0
    preload: float = 0.0
    s0_mm2: float = 314.2
    le_mm: float = 100.0
    tail: bool = True
    seed: int = 1


@dataclass(frozen=True)
class Truth:
    """What an evaluation must find (MPa and percent); ``None`` where the curve has none."""

    e_mpa: float
    upper: float | None
    lower: float | None
    rp02: float
    rm: float
    agt: float
    fracture: float


def make(recipe: Recipe) -> tuple[Curve, Truth]:
    """The curve and its truth; the truth is of the curve as sampled without noise where sampling decides (a sharp peak)."""
    grid, stress = _course(recipe)
    rng = np.random.default_rng(recipe.seed)
    strain = _sampled_strain(recipe, rng)
    ideal = np.interp(strain, grid, stress)
    time = np.arange(strain.size) / recipe.hz
    if recipe.jitter:
        time = time + rng.uniform(-0.5, 0.5, strain.size) * recipe.jitter / recipe.hz
        time = np.maximum.accumulate(time - time[0])
    force = ideal * recipe.s0_mm2 / 1000.0
    if recipe.tail:
        tail = max(int(recipe.hz * 0.5), 4)
        force = np.concatenate([force, np.zeros(tail)])
        strain = np.concatenate([strain, np.full(tail, strain[-1])])
        time = np.concatenate([time, time[-1] + np.arange(1, tail + 1) / recipe.hz])
    noisy = force + rng.normal(0.0, 1.0, force.size) * recipe.noise * recipe.rm * recipe.s0_mm2 / 1000.0
    curve = Curve(
        time_s=channel_from_floats(time, Decimal("0.000001"), "s"),
        force_kn=channel_from_floats(noisy, Decimal(recipe.quantum_kn), "kN"),
        extension_mm=channel_from_floats((strain + recipe.offset) * recipe.le_mm, Decimal("0.0001"), "mm"),
        metadata={"s0_mm2": str(recipe.s0_mm2), "l0_mm": str(recipe.le_mm)},
    )
    return curve, _truth(recipe, grid, stress, ideal, strain)


def _course(recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """Strain and stress of the ideal material, densely."""
    if recipe.upper is None:
        return _round_course(recipe)
    top = recipe.upper / recipe.e_mpa
    drop = 0.0004
    strain = [0.0, top, top + drop]
    stress = [0.0, recipe.upper, recipe.lower - recipe.transient]
    if recipe.transient:
        strain.append(top + 2 * drop)
        stress.append(recipe.lower)
    strain.append(top + recipe.plateau)
    stress.append(recipe.lower)
    hard = np.linspace(0.0, 1.0, 2000)[1:]
    start = strain[-1]
    strain_hard = start + hard * (recipe.uniform - start)
    stress_hard = recipe.lower + (recipe.rm - recipe.lower) * (1.0 - (1.0 - hard) ** 2)
    bend = (recipe.rm - recipe.lower) / (recipe.uniform - start) ** 2
    return _with_neck(recipe, np.concatenate([strain, strain_hard]), np.concatenate([stress, stress_hard]), bend)


def _round_course(recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """Continuous yielding: linear to 70 % of ``lower``, then a smooth knee (stress given, strain computed)."""
    limit = 0.7 * recipe.lower
    line = np.linspace(0.0, limit, 50)
    share = np.linspace(0.0, 1.0, 6000)[1:]
    plastic_end = recipe.uniform - recipe.rm / recipe.e_mpa
    knee = 0.85 * recipe.lower
    rise = limit + (knee - limit) * (1.0 - np.exp(-share * 60.0)) + (recipe.rm - knee) * (1.0 - (1.0 - share) ** 2)
    plastic = plastic_end * share
    bend = (recipe.rm - knee) / plastic_end**2
    return _with_neck(
        recipe,
        np.concatenate([line / recipe.e_mpa, rise / recipe.e_mpa + plastic]),
        np.concatenate([line, rise]),
        bend,
    )


def _with_neck(recipe: Recipe, strain: np.ndarray, stress: np.ndarray, bend: float) -> tuple[np.ndarray, np.ndarray]:
    neck = np.linspace(0.0, 1.0, 1500)[1:]
    strain_neck = strain[-1] + neck * (recipe.fracture - recipe.uniform)
    away = strain_neck - recipe.uniform
    stress_neck = np.maximum(recipe.rm - bend * away**2, 0.3 * recipe.rm)
    return np.concatenate([strain, strain_neck]), np.concatenate([stress, stress_neck])


def _sampled_strain(recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Strains at the sampling moments: 0.00025 1/s to 2 % strain, 0.002 1/s beyond."""
    begin = recipe.preload / recipe.e_mpa
    slow = np.arange(begin, 0.02, 0.00025 / recipe.hz)
    fast = np.arange(0.02, recipe.fracture, 0.002 / recipe.hz)
    return np.concatenate([slow, fast])


def _truth(recipe: Recipe, grid: np.ndarray, stress: np.ndarray, ideal: np.ndarray, strain: np.ndarray) -> Truth:
    plastic = grid - stress / recipe.e_mpa
    after = int(np.argmax(plastic >= 0.002))
    share = (0.002 - plastic[after - 1]) / (plastic[after] - plastic[after - 1])
    rp02 = float(stress[after - 1] + share * (stress[after] - stress[after - 1]))
    upper = None
    if recipe.upper is not None:
        near = np.abs(strain[: ideal.size] - recipe.upper / recipe.e_mpa) < 0.001
        upper = float(ideal[near].max())
    return Truth(
        e_mpa=recipe.e_mpa,
        upper=upper,
        lower=recipe.lower if recipe.upper is not None else None,
        rp02=rp02,
        rm=recipe.rm,
        agt=recipe.uniform * 100.0,
        fracture=float(strain[ideal.size - 1]) * 100.0,
    )
