"""Why a value of a known material could not be met on a record: causes computed from the record's own limits, never from the result.

Each cause is a bound: what the noise, the force's quantum, the toe, the number of samples or the missing channels leave of a value
at best. A miss that no bound explains stays unexplained, and a campaign with unexplained misses fails.
"""

from __future__ import annotations

import math

import numpy as np

from tests.helpers.true_curves import Recipe, Truth

#: GB/T 16825.1 class 1: six standard deviations of noise within 0.5 % of the force.
_CLASS = 0.005
_FEW_ALIKE = 100


def cause(symbol: str, missing: bool, recipe: Recipe, truth: Truth) -> str:
    """The cause of a miss of ``symbol``, empty where nothing explains it. ``missing``: the value was withheld or invented."""
    if symbol in ("ReH", "ReL"):
        return _of_yield(missing, recipe)
    if symbol in ("E", "Rp0.2"):
        return _of_slope(recipe)
    if symbol in ("Agt", "At"):
        return _of_strain(symbol, recipe) or _of_slope(recipe)
    return ""


def _of_yield(missing: bool, recipe: Recipe) -> str:
    steel, machine = recipe.steel, recipe.machine
    level = steel.lower
    fall = 1.0 - (steel.lower - steel.transient) / steel.upper if steel.upper is not None else 0.0
    faster = machine.yield_rate / (machine.stress_rate / steel.e_mpa)
    if machine.channels == "force" and (missing or recipe.events.hold or recipe.events.loop or faster > 3.0):
        return "force and time alone: yielding, slip, hold and a change of speed look alike"
    if machine.channels == "displacement" and missing and fall < 0.015:
        return "crosshead alone: a fall below 1.5 % after a toe or slip"
    if 6.0 * machine.noise * steel.rm > _CLASS * level:
        return "noise above class 1 (six sigma above 0.5 % of the force)"
    if float(machine.quantum_kn) * 1000.0 / recipe.s0_mm2 > 0.0013 * level:
        return "force quantum above 0.13 %: one and a half quanta exceed the tolerance"
    if 3.3 * machine.noise * steel.rm + 0.5 * float(machine.quantum_kn) * 1000.0 / recipe.s0_mm2 > 0.0018 * level:
        return "noise: the highest or lowest sample is by chance 0.2 % off"
    return ""


def _of_slope(recipe: Recipe) -> str:
    """The best slope any fit could give: over the stretch where toe and knee bend it by less than 0.3 %."""
    steel, machine, events = recipe.steel, recipe.machine, recipe.events
    limit = steel.limit * steel.lower if steel.upper is None else steel.upper * (0.94 if steel.top_plastic else 1.0)
    begin = 0.03 * limit
    if events.toe:
        bent = events.toe / events.toe_mpa * steel.e_mpa
        begin = max(begin, events.toe_mpa * math.log(max(bent / 0.003, 1.0)))
    if begin > 0.75 * limit:
        return "no straight part: the toe reaches to the knee"
    count = max((limit - begin) / machine.stress_rate * machine.hz, 1.0)
    quantum = float(machine.extension_quantum_mm) / math.sqrt(12.0)
    scatter = math.hypot(machine.extension_noise_mm, quantum) / recipe.le_mm * steel.e_mpa
    force_quantum = float(machine.quantum_kn) * 1000.0 / recipe.s0_mm2 / math.sqrt(12.0)
    scatter = math.sqrt(scatter**2 + (machine.noise * steel.rm) ** 2 + force_quantum**2)
    best = math.sqrt(12.0 / (count / machine.burst)) * scatter / (limit - begin)
    if 2.5 * best > 0.01:
        return "noise: the best possible slope is uncertain by 1 %"
    if begin > 0.35 * limit:
        return "short straight part between toe and knee"
    return ""


def _of_strain(symbol: str, recipe: Recipe) -> str:
    if symbol == "At":
        return ""
    steel, machine = recipe.steel, recipe.machine
    curved = (steel.rm - steel.lower) / steel.rm / max(steel.uniform - 0.02, 0.02) ** 2
    quantum = float(machine.quantum_kn) * 1000.0 / recipe.s0_mm2 / steel.rm
    flat = 2.0 * math.sqrt(3.0 * machine.noise / curved)
    alike = flat / machine.plastic_rate * machine.hz
    if machine.noise and 100.0 * math.sqrt(2.0 * machine.noise / curved) > 0.08 and alike < 1.5 * _FEW_ALIKE:
        return "flat maximum, few samples: the highest sample stands (published convention) and wanders"
    if 100.0 * math.sqrt(quantum / curved) > 0.3:
        return "force quantum: the midpoint of the plateau at Fm is not its top"
    if machine.noise and 100.0 * math.sqrt(machine.noise / curved) / math.sqrt(max(np.sqrt(alike), 1.0)) > 0.1:
        return "noise on a flat maximum"
    return ""
