"""Second path for sand and stone."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.unit.standards.methods.fractions_path import Path, Raw, mean, reported

SAND_SIEVES = ("4750", "2360", "1180", "600", "300", "150")
STONE_SIEVES = ("37500", "31500", "26500", "19000", "16000", "9500", "4750", "2360")


def _lost(before: list[Fraction], after: list[Fraction]) -> list[Fraction]:
    return [100 * (1 - b / a) for a, b in zip(before, after, strict=True)]


def _share(part: list[Fraction], whole: list[Fraction]) -> list[Fraction]:
    return [100 * p / w for p, w in zip(part, whole, strict=True)]


def _weighted(shares: list[Fraction], values: list[Fraction]) -> Fraction:
    return sum((s * v for s, v in zip(shares, values, strict=True)), Fraction(0)) / sum(shares)


def _sand_sieve(i: Any) -> Mapping[str, Raw]:
    moduli, sums = [], []
    for place, mass in enumerate(i.m_g):
        retained = [
            Fraction(reported(100 * getattr(i, f"r_{size}_g")[place] / mass, "0.1")) for size in SAND_SIEVES
        ]  # fmt: skip
        running = [sum(retained[: n + 1], Fraction(0)) for n in range(6)]
        moduli.append(Fraction(reported((sum(running[1:]) - 5 * running[0]) / (100 - running[0]), "0.01")))
        sums.append(running)
    shown = {f"A{size}": Fraction(reported(mean([run[n] for run in sums]), "1")) for n, size in enumerate(SAND_SIEVES)}
    zones = {1: (71, 85), 2: (41, 70), 3: (16, 40)}
    zone = next((z for z, (low, high) in zones.items() if low <= shown["A600"] <= high), 0)
    bands = {1: ((5, 35), (35, 65), (80, 95)), 2: ((0, 25), (10, 50), (70, 92)), 3: ((0, 15), (0, 25), (55, 85))}
    tested = ("A2360", "A1180", "A300")
    over = Fraction(0)
    for name, (low, high) in zip(tested, bands.get(zone, ()), strict=False):
        over += max(low - shown[name], shown[name] - high, Fraction(0))
    over += max(90 - shown["A150"], shown["A150"] - 100, Fraction(0))
    return {"Mx": mean(moduli), **shown, "zone": Fraction(zone), "excess": over}


def _stone_sieve(i: Any) -> Mapping[str, Raw]:
    total, shown = Fraction(0), {}
    for size in STONE_SIEVES:
        total += Fraction(reported(100 * getattr(i, f"r_{size}_g") / i.m_g, "0.1"))
        shown[f"A{size}"] = total
    return shown


def _density(i: Any) -> list[Fraction]:
    drop = {15: 2, 16: 3, 17: 3, 18: 4, 19: 4, 20: 5, 21: 5, 22: 6, 23: 6, 24: 7, 25: 8}
    less = Fraction(drop[int(i.water_c)], 1000)
    return [1000 * (a / (a + c - b) - less) for a, b, c in zip(i.m0_g, i.m1_g, i.m2_g, strict=True)]


def _bulk(i: Any) -> Mapping[str, Raw]:
    rho = mean([1000 * (b - a) / v for a, b, v in zip(i.m1_kg, i.m2_kg, i.volume_l, strict=True)])
    found: dict[str, Raw] = {"rho_bulk": rho}
    if hasattr(i, "rho_kg_m3"):
        found["voids"] = 100 - 100 * Fraction(reported(rho, "10")) / i.rho_kg_m3
    return found


def _alkali(i: Any) -> Mapping[str, Raw]:
    each = [100 * (t - a) / (a - 2 * p) for a, t, p in zip(i.l0_mm, i.lt_mm, i.pin_mm, strict=True)]
    return {"epsilon_t": mean(each)}


def _soundness(i: Any) -> Mapping[str, Raw]:
    return {"P": _weighted(i.share_percent, _lost(i.m_before_g, i.m_after_g))}


def _water(i: Any) -> Mapping[str, Raw]:
    return {"w": mean([100 * (b - c) / (c - a) for a, b, c in zip(i.m1_g, i.m2_g, i.m3_g, strict=True)])}


def _crush(i: Any) -> Mapping[str, Raw]:
    return {"crush": mean(_lost(i.m0_g, i.m1_g))}


PATHS: Mapping[str, Path] = {
    "sand-sieve": _sand_sieve,
    "sand-mud": lambda i: {"wc": mean(_lost(i.m0_g, i.m1_g))},
    "sand-clay-lumps": lambda i: {"wc,L": mean(_lost(i.m1_g, i.m2_g))},
    "sand-apparent-density": lambda i: {"rho": mean(_density(i))},
    "sand-bulk-density": _bulk,
    "sand-water-content": _water,
    "sand-water-absorption": lambda i: {
        "wa": mean([100 * (Fraction(500) - (b - a)) / (b - a) for a, b in zip(i.m1_g, i.m2_g, strict=True)])
    },
    "sand-chloride": lambda i: {
        "Cl": mean(
            [
                i.c_mol_l * (a - b) * Fraction(355, 10000) * 10 / m * 100
                for a, b, m in zip(i.v1_ml, i.v2_ml, i.m_g, strict=True)
            ]
        )
    },
    "sand-methylene-blue": lambda i: {"MB": 10 * i.v_ml[0] / i.m_g[0]},
    "sand-soundness": _soundness,
    "sand-mica": lambda i: {"mica": _share(i.m_g, i.m0_g)[0]},
    "sand-light-matter": lambda i: {
        "light": mean([100 * (a - b) / m for a, b, m in zip(i.m1_g, i.m2_g, i.m0_g, strict=True)])
    },
    "sand-sulphide": lambda i: {
        "SO3": mean([(b - a) * Fraction(343, 10) / m for a, b, m in zip(i.m1_g, i.m2_g, i.m_g, strict=True)])
    },
    "sand-crushing": lambda i: {"crush": _weighted(i.share_percent, _lost(i.m0_g, i.m1_g))},
    "sand-organic": lambda i: {"dark": Fraction(i.colour.count("darker"))},
    "sand-shell": lambda i: {
        "shell": mean([100 * (a - b) / a for a, b in zip(i.m1_g, i.m2_g, strict=True)]) - i.mud_percent
    },
    "aggregate-alkali-rapid": _alkali,
    "stone-sieve": _stone_sieve,
    "stone-mud": lambda i: {"wc": mean(_lost(i.m0_g, i.m1_g))},
    "stone-clay-lumps": lambda i: {"wc,L": mean(_lost(i.m1_g, i.m2_g))},
    "stone-flaky": lambda i: {"wp": _share(i.m1_g, i.m0_g)[0]},
    "stone-crushing": _crush,
    "stone-apparent-density": lambda i: {"rho": mean(_density(i))},
    "stone-bulk-density": _bulk,
    "stone-water-content": _water,
    "stone-water-absorption": lambda i: {
        "wa": mean([100 * (b - a) / (a - t) for a, b, t in zip(i.m1_g, i.m2_g, i.tray_g, strict=True)])
    },
    "stone-soundness": _soundness,
    "stone-sulphide": lambda i: {
        "SO3": mean([(b - a) * Fraction(343, 10) / m for a, b, m in zip(i.m1_g, i.m2_g, i.m_g, strict=True)])
    },
    "stone-rock-strength": lambda i: {
        "f,m": mean([1000 * p / a for p, a in zip(i.force_kn, i.area_mm2, strict=True)]),
        "f,min": min(1000 * p / a for p, a in zip(i.force_kn, i.area_mm2, strict=True)),
    },
}
