"""Second path for blocks, membranes, coatings, insulation, tiles, pipes, soil and mortar."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.unit.standards.methods.fractions_path import Path, Raw, mean


def _each(formula: Any, *lists: list[Fraction]) -> list[Fraction]:
    return [formula(*values) for values in zip(*lists, strict=True)]


def _both(values: list[Fraction], symbol: str) -> Mapping[str, Raw]:
    return {f"{symbol},m": mean(values), f"{symbol},min": min(values)}


def _strength(i: Any) -> Mapping[str, Raw]:
    return _both(_each(lambda p, a, b: 1000 * p / (a * b), i.force_kn, i.length_mm, i.width_mm), "f")


def _absorbed(i: Any) -> list[Fraction]:
    return _each(lambda a, b: 100 * (b / a - 1), i.m0_g, i.m1_g)


def _most(values: list[Fraction], symbol: str) -> Mapping[str, Raw]:
    return {f"{symbol},m": mean(values), f"{symbol},max": max(values)}


def _tile(i: Any) -> Mapping[str, Raw]:
    breaking = _each(lambda p, w: p * i.span_mm / w, i.force_n, i.width_mm)
    rupture = _each(lambda p, w, h: Fraction(3, 2) * p * i.span_mm / (w * h * h), i.force_n, i.width_mm, i.h_mm)
    return {"S": mean(breaking), **_both(rupture, "R")}


def _ring(i: Any) -> Mapping[str, Raw]:
    def one(force: Fraction, length: Fraction, y: Fraction, d: Fraction) -> Fraction:
        return (Fraction(186, 10000) + Fraction(25, 1000) * y / d) * force * 1000 / (length * y) * 1000

    return {"S": mean(_each(one, i.force_kn, i.length_mm, i.y_mm, i.d_mm))}


def _compaction(i: Any) -> Mapping[str, Raw]:
    dry = mean(_each(lambda m, v, w: m / v / (1 + w / 100), i.m_g, i.v_cm3, i.w_percent))
    found: dict[str, Raw] = {"rho_d": dry}
    if hasattr(i, "rho_dmax"):
        found["k"] = 100 * dry / i.rho_dmax
    return found


def _modified(i: Any) -> Mapping[str, Raw]:
    return {
        "F,l": mean(i.long_n), "F,t": mean(i.trans_n), "E,l": mean(i.long_percent), "E,t": mean(i.trans_percent),
    }  # fmt: skip


def _coating(i: Any) -> Mapping[str, Raw]:
    return {
        "TS": mean(_each(lambda p, b, d: p / (b * d), i.force_n, i.width_mm, i.thickness_mm)),
        "E": mean([100 * (b / a - 1) for a, b in zip(i.l0_mm, i.l1_mm, strict=True)]),
    }


def _peel(i: Any) -> Mapping[str, Raw]:
    return _both(_each(lambda p, a, b: 1000 * p / (a * b), i.force_n, i.length_mm, i.width_mm), "sigma")


def _bond(i: Any) -> Mapping[str, Raw]:
    kept = sorted(_each(lambda p, a: p / a, i.force_n, i.area_mm2))[1:-1]
    return {"sigma": mean(kept)}


def _shrinkage(i: Any) -> Mapping[str, Raw]:
    return {"delta": mean(_each(lambda a, b: 1000 * (a - b) / i.length_mm, i.l1_mm, i.l2_mm))}


def _retention(i: Any) -> Mapping[str, Raw]:
    water = i.water_g / (i.dry_g + i.water_g)
    return {
        "W": mean([
            100 - 100 * (d - b) / (water * (c - a))
            for a, b, c, d in zip(i.m1_g, i.m2_g, i.m3_g, i.m4_g, strict=True)
        ])
    }  # fmt: skip


def _pipe_tensile(i: Any) -> Mapping[str, Raw]:
    return {
        "sigma": mean(_each(lambda p, b, d: p / (b * d), i.force_n, i.width_mm, i.thickness_mm)),
        "A": mean(_each(lambda a, b: 100 * b / a - 100, i.l0_mm, i.l1_mm)),
    }


def _immersed(i: Any) -> Mapping[str, Raw]:
    each = _each(
        lambda dry, basket, wet, v0, v1: 100 * (wet + v1 - dry - basket) / v0,
        i.m1_g, i.m2_g, i.m3_g, i.v0_cm3, i.v1_cm3,
    )  # fmt: skip
    return {"WA": mean(each)}


def _brick(i: Any) -> Mapping[str, Raw]:
    wet = _each(lambda a, b: 100 * (b - a) / a, i.m0_g, i.m5_g)
    pores = _each(lambda a, b, c: (b - a) / (c - a), i.m0_g, i.m24_g, i.m5_g)
    return {**_most(wet, "W5"), **_most(pores, "K")}


def _mortar_bond(i: Any) -> Mapping[str, Raw]:
    left = _each(lambda p, a: p / a, i.force_n, i.area_mm2)
    while max(abs(value / mean(left) - 1) for value in left) > Fraction(1, 5):
        left.remove(max(sorted(left, reverse=True), key=lambda value: abs(value - mean(left))))
    return {"fat": mean(left)}


def _stress(i: Any) -> Mapping[str, Raw]:
    return {"sigma10": mean(_each(lambda p, a: 1000 * p / a, i.force_n, i.area_mm2))}


PATHS: Mapping[str, Path] = {
    "aac-density": lambda i: {
        "rho": mean(_each(lambda m, a, b, c: 10**6 * m / (a * b * c), i.m_g, i.length_mm, i.width_mm, i.height_mm))
    },
    "aac-strength": _strength,
    "aac-water-content": lambda i: {"Ws": mean(_each(lambda a, b: 100 * (b - a) / a, i.m0_g, i.m_g))},
    "aac-shrinkage": _shrinkage,
    "block-strength": _strength,
    "block-water-absorption": lambda i: {"W2": mean(_absorbed(i))},
    "block-hollow": lambda i: {
        "Kr": mean(_each(
            lambda a, b, x, y, z: 100 - 100 * (b - a) * 1000 / (x * y * z),
            i.m_water_g, i.m_air_g, i.length_mm, i.width_mm, i.height_mm,
        ))
    },
    "lightblock-density": lambda i: {
        "rho": mean(_each(lambda m, a, b, c: 10**6 * m / (a * b * c), i.m_g, i.length_mm, i.width_mm, i.height_mm))
    },
    "lightblock-strength": _strength,
    "lightblock-water-absorption": lambda i: {"W": mean(_absorbed(i))},
    "brick-water-absorption": _brick,
    "sbs-tensile": _modified,
    "app-tensile": _modified,
    "membrane-soluble": lambda i: {"A": mean(_each(lambda a, b: 100 * (a - b), i.m0_g, i.m1_g))},
    "membrane-flexibility": lambda i: {
        "cracked,up": Fraction(i.upper.count("crack")), "cracked,down": Fraction(i.lower.count("crack"))
    },
    "membrane-impermeability": lambda i: {"leaks": Fraction(i.seen.count("leak"))},
    "membrane-heat": lambda i: {"slip": max(mean(i.upper_mm), mean(i.lower_mm))},
    "coating-tensile": _coating,
    "coating-solids": lambda i: {
        "X": mean(_each(lambda a, b, c: 100 * (c - a) / (b - a), i.m0_g, i.m1_g, i.m2_g))
    },
    "insulation-density": lambda i: {
        "rho": mean(_each(lambda m, a, b, c: 10**6 * m / (a * b * c), i.m_g, i.length_mm, i.width_mm, i.height_mm))
    },
    "eps-compressive": _stress,
    "xps-compressive": _stress,
    "insulation-conductivity": lambda i: {
        "lambda": i.power_w * i.thickness_m / (i.area_m2 * (i.hot_c - i.cold_c) * (2 if i.specimens == "two" else 1))
    },
    "insulation-water-absorption": _immersed,
    "insulation-tensile": _peel,
    "insulation-stability": lambda i: {
        f"d{a},m": abs(mean(_each(lambda x, y: 100 * (y - x) / x, getattr(i, f"{a}0_mm"), getattr(i, f"{a}1_mm"))))
        for a in ("l", "w", "t")
    },
    "adhesive-bond": _bond,
    "mesh-tensile": lambda i: {"F": mean(i.force_n), "R": 100 * mean(i.after_n) / mean(i.force_n)},
    "tile-water-absorption": lambda i: _most(_absorbed(i), "E"),
    "tile-strength": _tile,
    "pipe-vicat": lambda i: {"VST": mean(i.vst_c)},
    "pipe-impact": lambda i: {"TIR": 100 * i.broken / i.blows},
    "pipe-hydrostatic": lambda i: {
        "P": 2 * i.stress_mpa * i.e_min_mm / (i.d_mm - i.e_min_mm), "failed": Fraction(i.seen.count("failed"))
    },
    "pipe-reversion": lambda i: {"R": mean(_each(lambda a, b: abs(a - b) * 100 / a, i.l0_mm, i.l1_mm))},
    "pipe-tensile": _pipe_tensile,
    "pipe-ring-stiffness": _ring,
    "pipe-density": lambda i: {"rho": mean(_each(lambda a, b: a * i.rho_water / (a - b), i.m_air_g, i.m_water_g))},
    "soil-water-content": lambda i: {"w": mean(_each(lambda a, b: 100 * (a / b - 1), i.wet_g, i.dry_g))},
    "soil-compaction": _compaction,
    "soil-sand-replacement": lambda i: {
        "rho_d": i.soil_g * i.rho_sand / i.sand_g / (1 + i.w_percent / 100),
        **({"k": 100 * i.soil_g * i.rho_sand / i.sand_g / (1 + i.w_percent / 100) / i.rho_dmax}
           if hasattr(i, "rho_dmax") else {}),
    },
    "mortar-consistency": lambda i: {"s": mean(i.depth_mm)},
    "mortar-density": lambda i: {"rho": mean(_each(lambda a, b: (b - a) * 1000 / i.volume_l, i.m1_kg, i.m2_kg)) / 1},
    "mortar-retention": _retention,
    "mortar-bond": _mortar_bond,
}  # fmt: skip
