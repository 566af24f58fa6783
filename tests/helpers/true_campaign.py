"""Random tests of known materials, evaluated and compared with their truth; every deviation gets the cause that explains it.

Conventions of the comparison: ReH against the highest *recorded* moment (what sampling missed cannot be evaluated), everything else
against the material. A value whose place is not on the record must not be given, or be right all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from labdesk.standards.gbt228 import evaluate_tensile
from tests.helpers.true_causes import cause
from tests.helpers.true_curves import Events, Machine, Recipe, Steel, record

#: Longest record of the campaign; real ones are rarely longer, and 10 000 of them must stay a matter of minutes.
_LONGEST = 60_000
SYMBOLS = ("ReH", "ReL", "Rp0.2", "E", "Rm", "Agt", "At")


class Outcome(StrEnum):
    """How one value of one curve compares with its truth."""

    RIGHT = "right"
    WITHHELD = "withheld, as it must be"
    WRONG = "wrong"
    MISSING = "missing"
    FALSE = "given without truth"


@dataclass(frozen=True)
class Finding:
    """One value compared: error relative to its tolerance (1 = at the limit), and the cause of a miss."""

    symbol: str
    outcome: Outcome
    error: float
    cause: str
    seed: int


def random_recipe(seed: int) -> Recipe:
    """A test as a laboratory may run it: steels, machines, rates above the standard's minimum, and things that go wrong."""
    rng = np.random.default_rng(seed)
    steel = _steel(rng)
    s0, le = (
        float(rng.choice([19.63, 78.54, 201.1, 314.2, 490.9, 804.2])),
        float(rng.choice([25.0, 50.0, 100.0, 200.0])),
    )
    machine = replace(_machine(rng, steel, s0, le), stiffness_kn_mm=0.5 * s0)
    if steel.upper is not None:
        # A frame as soft as this cannot follow a steeper fall: the crosshead would have to run backwards.
        released = 2.0 * (steel.upper - steel.lower + steel.transient) / 1000.0 / (le * 3.0)
        steel = replace(steel, fall=max(steel.fall, 1.7 * released))
    events = _events(rng, steel, machine)
    if events.gap:
        machine = replace(machine, burst=1)
    recipe = Recipe(steel, events, machine, s0, le, le * 3.0, seed)
    return replace(recipe, machine=replace(machine, hz=_rate(rng, recipe)))


def _steel(rng: np.random.Generator) -> Steel:
    lower = float(rng.uniform(220, 650))
    e_mpa = float(rng.uniform(190e3, 212e3))
    uniform = float(rng.uniform(0.05, 0.2))
    common = {
        "e_mpa": e_mpa,
        "lower": lower,
        "rm": lower * float(rng.uniform(1.08, 1.6)),
        "uniform": uniform,
        "fracture": uniform + float(rng.uniform(0.03, 0.12)),
    }
    if rng.random() < 0.4:
        return Steel(
            **common,
            upper=None,
            bend=float(10 ** rng.uniform(-3.7, -2.5)),
            limit=float(rng.uniform(0.5, 0.9)),
            dent=float(rng.choice([0.0, 0.0, 0.0, rng.uniform(0.003, 0.009)])),
        )
    plateau = float(rng.uniform(0.006, 0.025)) if rng.random() < 0.9 else 0.0
    waves = int(rng.integers(2, 12)) if plateau and rng.random() < 0.4 else 0
    return Steel(
        **common,
        upper=lower * (1.0 + float(10 ** rng.uniform(-2.1, -0.9))),
        top_plastic=float(rng.choice([0.0, rng.uniform(0.00005, 0.0003)])),
        fall=float(10 ** rng.uniform(-4, -3.05)),
        transient=lower * float(rng.choice([0.0, rng.uniform(0.004, 0.03)])) if plateau else 0.0,
        plateau=plateau,
        waves=waves,
        wave_mpa=lower * float(rng.uniform(0.0005, 0.008)) if waves else 0.0,
        tilt_mpa=0.0 if waves else lower * float(rng.choice([0.0, rng.uniform(0.0, 0.01)])),
    )


def _machine(rng: np.random.Generator, steel: Steel, s0: float, le: float) -> Machine:
    fm = steel.rm * s0 / 1000.0
    noise = float(
        rng.choice([0.0, 10 ** rng.uniform(-5, -3.5), 10 ** rng.uniform(-5, -3.5), 10 ** rng.uniform(-3.5, -2.5)])
    )
    quantum = 10.0 ** math.floor(math.log10(fm * 10 ** rng.uniform(-5, -3)))
    micron = float(rng.choice([0.0, 0.1, 0.3, 0.5])) * 1e-3 * le / 100.0
    return Machine(
        stress_rate=float(rng.uniform(6, 60)),
        yield_rate=float(rng.choice([0.00025, 0.0005, 0.002])),
        plastic_rate=float(rng.choice([0.002, 0.0067])),
        jitter=float(rng.choice([0.0, 0.0, 0.3, 0.9])),
        loss=float(rng.choice([0.0, 0.0, 0.0, 0.1])),
        burst=int(rng.choice([1, 1, 1, 1, 4])),
        noise=noise,
        quantum_kn=f"{quantum * float(rng.choice([1, 2, 5])):.6g}",
        extension_noise_mm=micron,
        extension_quantum_mm=str(rng.choice(["0.0001", "0.0005", "0.001"])) if le > 30 else "0.0001",
        offset_mm=float(rng.choice([0.0, 0.0, rng.uniform(-1, 1)])),
        preload=float(rng.choice([0.0, 5.0, 20.0])),
        channels=str(rng.choice(["extension"] * 5 + ["both"] * 6 + ["displacement"] * 2 + ["force"])),
        ending=str(rng.choice(["zero", "zero", "stop", "early"])),
    )


def _events(rng: np.random.Generator, steel: Steel, machine: Machine) -> Events:
    begins = steel.upper if steel.upper is not None else steel.limit * steel.lower
    kind = rng.random()
    toe = float(rng.choice([0.0, 0.0, rng.uniform(0.00005, 0.0004)]))
    events = Events(toe=toe, toe_mpa=float(rng.uniform(10, 30)))
    hardened = float(rng.uniform(0.028, max(0.03, 0.8 * steel.uniform)))
    if kind < 0.1:
        places = ["upper", "lower", "proof", "peak", "fracture", "elastic", "hardening"]
        length = float(10 ** rng.uniform(-3.3, -2))
        return replace(events, gap=str(rng.choice(places)), gap_strain=length, gap_told=bool(rng.random() < 0.5))
    if kind < 0.2:
        return replace(events, slip=begins * float(rng.uniform(0.3, 0.9)), slip_share=float(rng.uniform(0.008, 0.05)))
    if kind < 0.32:
        return replace(events, off=hardened, off_as=str(rng.choice(["still", "back", "drift"])))
    if kind < 0.4:
        return replace(events, hold=hardened, hold_share=float(rng.uniform(0.006, 0.03)))
    if kind < 0.45:
        return replace(events, loop=hardened)
    return events


def minimum_hz(recipe: Recipe, q_percent: float = 1.0) -> float:
    """Smallest sampling rate by GB/T 228.1 annex C for the elastic part and for yielding."""
    level = recipe.steel.upper if recipe.steel.upper is not None else recipe.steel.lower
    by_stress = recipe.machine.stress_rate / (level * q_percent) * 100.0
    by_strain = recipe.machine.yield_rate * recipe.steel.e_mpa / (level * q_percent) * 100.0
    return max(by_stress, by_strain)


def _rate(rng: np.random.Generator, recipe: Recipe) -> float:
    _, _ = recipe.steel, recipe.machine
    least = minimum_hz(recipe)
    wanted = least * float(10 ** rng.uniform(0.0, 2.0))
    steel, machine = recipe.steel, recipe.machine
    level = steel.upper if steel.upper is not None else steel.lower
    seconds = level / machine.stress_rate + 0.02 / machine.yield_rate + (steel.fracture - 0.02) / machine.plastic_rate
    return max(least, min(wanted, 2000.0, _LONGEST / seconds))


def findings(recipe: Recipe) -> Iterator[Finding]:
    """Every value of the recipe's curve compared."""
    curve, truth = record(recipe)
    found = evaluate_tensile(curve, recipe.geometry)
    quantum = float(recipe.machine.quantum_kn) * 1000.0 / recipe.s0_mm2
    strains = recipe.machine.channels in ("extension", "both")
    covered = truth.covered
    checks: list[tuple[str, object, float | None, float, bool]] = [
        (
            "ReH",
            found.r_eh_mpa,
            truth.upper,
            max(quantum, 0.002 * (truth.upper or 1.0)),
            bool(covered & {"upper", "elastic"}),
        ),
        (
            "ReL",
            found.r_el_mpa,
            truth.lower,
            max(quantum, 0.002 * (truth.lower or 1.0)),
            bool(covered & {"lower", "upper", "elastic"}),
        ),
        (
            "Rm",
            found.rm_mpa,
            truth.rm,
            max(quantum, (0.001 + 5.0 * recipe.machine.noise) * truth.rm),
            bool(covered & {"peak", "fracture"}),
        ),
    ]
    if truth.rp02_on_slope or not strains:
        checks.append(
            (
                "Rp0.2",
                found.r_p02_mpa,
                truth.rp02 if strains else None,
                0.005 * truth.rp02,
                bool(covered & {"proof", "upper", "lower", "elastic"}),
            )
        )
    checks.append(("E", found.slope_mpa, truth.e_mpa if strains else None, 0.01 * truth.e_mpa, "elastic" in covered))
    hidden = bool(covered & {"peak", "peak_strain", "fracture", "elastic"})
    checks.append(("Agt", found.a_gt_percent, truth.agt if strains else None, 0.1, hidden))
    hidden = bool(covered & {"fracture", "fracture_strain", "elastic"})
    checks.append(("At", found.a_t_percent, truth.fracture if strains else None, 0.1, hidden))
    for symbol, reading, expected, tolerance, hidden in checks:
        value = reading.value  # type: ignore[attr-defined]
        outcome, error = _compare(None if value is None else float(value), expected, tolerance, hidden)
        reason = ""
        if outcome not in (Outcome.RIGHT, Outcome.WITHHELD):
            reason = cause(symbol, outcome is not Outcome.WRONG, recipe, truth)
            if not reason and symbol in ("E", "Rp0.2") and reading.note.startswith("standards.slope"):  # type: ignore[attr-defined]
                reason = "slope said to be poor"
        yield Finding(symbol, outcome, error, reason, recipe.seed)


def _compare(value: float | None, expected: float | None, tolerance: float, hidden: bool) -> tuple[Outcome, float]:
    if expected is None:
        return (Outcome.RIGHT, 0.0) if value is None else (Outcome.FALSE, math.inf)
    if value is None:
        return (Outcome.WITHHELD, 0.0) if hidden else (Outcome.MISSING, math.inf)
    error = abs(value - expected) / tolerance
    return (Outcome.RIGHT if error <= 1.0 else Outcome.WRONG), error
