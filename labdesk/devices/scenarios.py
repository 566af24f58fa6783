"""The pieces a simulated machine can be given, by name; each comes scattered a little by a seed.

What a name means stands in the sentences ``simulate.scenario.NAME``.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from enum import StrEnum

from labdesk.devices.pieces import Abandoned, Brick, ContinuousBar, Crack, Slip, Splice
from labdesk.devices.specimens import GRADES, ConcreteCube, NothingLoaded, RebarBar, Specimen


class Scenario(StrEnum):
    """Names of pieces."""

    IDLE = "idle"
    REBAR = "rebar"
    REBAR_CONTINUOUS = "rebar-continuous"
    CUBE = "cube"
    SPLICE = "splice"
    SPLICE_PULL_OUT = "splice-pull-out"
    MORTAR = "mortar"
    BRICK = "brick"
    OPERATOR_ABORT = "operator-abort"


Given = dict[str, object]


def make_specimen(scenario: str, parameters: Given, chance: random.Random) -> Specimen:
    """The piece of a scenario, scattered a little by ``chance``.

    Parameters: those of the class (``diameter_mm``, ``reh_mpa`` ...), ``grade``, and ``strength_factor`` that scales all strengths
    (0.85 gives a bad bar). Raises ValueError for an unknown scenario, grade or parameter and for a number that cannot be.
    """
    given = dict(parameters)
    try:
        maker = _MAKERS[Scenario(scenario)]
    except ValueError as error:
        raise ValueError(f"{scenario} ({', '.join(Scenario)})") from error
    factor = chance.uniform(0.99, 1.01) * _number("strength_factor", given.pop("strength_factor", 1))
    try:
        return maker(given, factor, chance)
    except (TypeError, KeyError) as error:
        raise ValueError(f"{scenario}: {error}") from error


def _number(name: str, value: object) -> float:
    """A positive number; raises ValueError."""
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not 0 < number < 1e6:
        raise ValueError(f"{name}={value}")
    return number


def _numbers(given: Given) -> dict[str, float]:
    return {name: _number(name, value) for name, value in given.items()}


def _bar(given: Given, factor: float, chance: random.Random) -> RebarBar:
    grade = str(given.pop("grade", "HRB400"))
    if grade not in GRADES:
        raise ValueError(f"grade={grade} ({', '.join(GRADES)})")
    reh, rel, rm, agt, a = GRADES[grade]
    base = {"reh_mpa": reh * factor, "rel_mpa": rel * factor, "rm_mpa": rm * factor, "agt_percent": agt, "a_percent": a}
    made = RebarBar(**base | _numbers(given))
    if not made.rel_mpa <= made.reh_mpa < made.rm_mpa or not 2 <= made.agt_percent <= 40:
        raise ValueError("rel_mpa <= reh_mpa < rm_mpa, 2 <= agt_percent <= 40")
    return made


def _continuous(given: Given, factor: float, chance: random.Random) -> Specimen:
    made = ContinuousBar(**{"rp02_mpa": 455.0 * factor, "rm_mpa": 625.0 * factor} | _numbers(given))
    if not made.rm_mpa * 0.6 <= made.rp02_mpa <= made.rm_mpa * 0.95 or not 2 <= made.agt_percent <= 40:
        raise ValueError("0.6 <= rp02_mpa / rm_mpa <= 0.95, 2 <= agt_percent <= 40")
    return made


def _cube(given: Given, factor: float, chance: random.Random) -> Specimen:
    return ConcreteCube(**{"strength_mpa": 36.0 * factor} | _numbers(given))


def _mortar(given: Given, factor: float, chance: random.Random) -> Specimen:
    usual = {"side_mm": 70.7, "strength_mpa": 10.8 * factor, "rate_mpa_s": 0.2, "soften_s": 1.3, "left": 0.22}
    return ConcreteCube(**usual | {"squash_mm": 0.55} | _numbers(given))


def _brick(given: Given, factor: float, chance: random.Random) -> Specimen:
    shares = sorted(chance.uniform(0.45, 0.93) for _ in range(chance.randint(2, 3)))
    cracks = tuple(Crack(share, chance.uniform(0.02, 0.06)) for share in shares)
    return Brick(**{"strength_mpa": 17.5 * factor} | _numbers(given), cracks=cracks)


def _splice(given: Given, factor: float, chance: random.Random) -> Splice:
    total = _number("slip_mm", given.pop("slip_mm", chance.uniform(0.25, 0.6)))
    shares = sorted(chance.uniform(0.15, 0.85) for _ in range(chance.randint(2, 4)))
    parts = [chance.uniform(0.5, 1.5) for _ in shares]
    slips = tuple(
        Slip(share, total * part / sum(parts), chance.uniform(0.8, 1.6))
        for share, part in zip(shares, parts, strict=True)
    )
    return Splice(_bar({"diameter_mm": 25, "free_mm": 420, **given}, factor, chance), slips)


def _pull_out(given: Given, factor: float, chance: random.Random) -> Specimen:
    asked = given.pop("pull_out_mpa", None)
    whole = _splice(given, factor, chance)
    bar = whole.bar
    stress = (bar.rel_mpa + bar.rm_mpa) / 2 if asked is None else _number("pull_out_mpa", asked)
    if not bar.rel_mpa + 5 <= stress <= bar.rm_mpa:
        raise ValueError(f"pull_out_mpa={asked} ({bar.rel_mpa + 5:.0f}-{bar.rm_mpa:.0f})")
    return Splice(bar, whole.slips, stress)


def _abort(given: Given, factor: float, chance: random.Random) -> Specimen:
    kind, percent = str(given.pop("of", Scenario.REBAR)), _number("at_percent", given.pop("at_percent", 60))
    unload = _number("unload_s", given.pop("unload_s", 6))
    if kind in (Scenario.IDLE, Scenario.OPERATOR_ABORT) or kind not in set(Scenario) or not 5 <= percent <= 95:
        raise ValueError(f"of={kind}, at_percent={percent:g} (5-95)")
    return Abandoned(_MAKERS[Scenario(kind)](given, factor, chance), percent / 100, unload)


def _idle(given: Given, factor: float, chance: random.Random) -> Specimen:
    if given:
        raise ValueError(f"idle: {next(iter(given))}")
    return NothingLoaded()


_MAKERS: dict[Scenario, Callable[[Given, float, random.Random], Specimen]] = {
    Scenario.IDLE: _idle,
    Scenario.REBAR: _bar,
    Scenario.REBAR_CONTINUOUS: _continuous,
    Scenario.CUBE: _cube,
    Scenario.SPLICE: _splice,
    Scenario.SPLICE_PULL_OUT: _pull_out,
    Scenario.MORTAR: _mortar,
    Scenario.BRICK: _brick,
    Scenario.OPERATOR_ABORT: _abort,
}
