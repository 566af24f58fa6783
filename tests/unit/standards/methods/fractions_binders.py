"""Second path for water, admixtures, mineral additions and cement."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.unit.standards.methods.fractions_path import Path, Raw, by_group_of_three, mean, reported, root


def _each(formula: Any, *lists: list[Fraction]) -> list[Fraction]:
    return [formula(*values) for values in zip(*lists, strict=True)]


def _group_ratio(i: Any) -> Mapping[str, Raw]:
    each = _each(lambda test, base: 100 * test / base, i.test_mpa, i.reference_mpa)
    return {"R": by_group_of_three(each, 15)}


def _bleeding(i: Any) -> Mapping[str, Raw]:
    def rate(water: list[Fraction], total: list[Fraction], mix: list[Fraction], sample: list[Fraction]) -> Fraction:
        values = [100 * w * g / (t * s) for w, t, g, s in zip(water, total, mix, sample, strict=True)]
        return by_group_of_three(values, 15)

    test = rate(i.bled_g, i.water_g, i.mix_g, i.sample_g)
    base = rate(i.bled0_g, i.water0_g, i.mix0_g, i.sample0_g)
    return {"RB": 100 * Fraction(reported(test, "0.1")) / Fraction(reported(base, "0.1"))}


def _near_middle(values: list[Fraction], allowed: Fraction) -> Fraction:
    low, mid, high = sorted(values)
    return mean(values) if max(high - mid, mid - low) <= allowed else mid


def _setting(i: Any) -> Mapping[str, Raw]:
    def one(values: list[Fraction]) -> Fraction:
        return _near_middle(values, Fraction(30))

    return {
        "dT,i": one(i.initial_min) - one(i.initial0_min),
        "dT,f": one(i.final_min) - one(i.final0_min),
    }


def _blaine(i: Any) -> Mapping[str, Raw]:
    def one(t: Fraction) -> Fraction:
        top = i.s_ref_m2_kg * i.rho_ref * (1 - i.porosity_ref) * root(t) * root(i.porosity**3)
        return top / (i.rho * (1 - i.porosity) * root(i.t_ref_s) * root(i.porosity_ref**3))

    return {"S": mean([one(t) for t in i.t_s])}


def _loss(i: Any) -> list[Fraction]:
    return _each(lambda a, b: 100 * (a - b) / a, i.m0_g, i.m1_g)


def _so3(i: Any) -> Mapping[str, Raw]:
    return {"SO3": mean(_each(lambda s, p: Fraction(343, 10) * p / s, i.sample_g, i.precipitate_g))}


def _density(i: Any) -> Mapping[str, Raw]:
    return {"rho": mean(_each(lambda m, a, b: m / (b - a), i.m_g, i.v1_ml, i.v2_ml))}


def _consistency(i: Any) -> Mapping[str, Raw]:
    if i.way == "fixed":
        return {"P": Fraction("33.4") - Fraction("0.185") * i.depth_mm}
    return {"P": i.water_ml / 5}


PATHS: Mapping[str, Path] = {
    "water-ph": lambda i: {"pH": mean(i.ph)},
    "water-insoluble": lambda i: {
        "insoluble": mean(_each(lambda a, b, v: 10**6 * (b - a) / v, i.m1_g, i.m2_g, i.v_ml))
    },
    "water-soluble": lambda i: {"soluble": mean(_each(lambda a, b, v: 10**6 * (b - a) / v, i.m1_g, i.m2_g, i.v_ml))},
    "water-chloride": lambda i: {
        "Cl": mean(_each(lambda a, b, v: (b - a) * i.c_mol_l * 35450 / v, i.v0_ml, i.v1_ml, i.v_ml))
    },
    "water-sulphate": lambda i: {"SO4": mean(_each(lambda m, v: m * 411600 / v, i.precipitate_g, i.v_ml))},
    "water-alkali": lambda i: {"alkali": i.na2o_mg_l + i.k2o_mg_l * Fraction(658, 1000)},
    "water-setting": lambda i: {"dT,i": abs(i.initial_min - i.initial0_min), "dT,f": abs(i.final_min - i.final0_min)},
    "water-strength-ratio": lambda i: {"R": 100 * i.test_mpa / i.reference_mpa},
    "admixture-water-reduction": lambda i: {
        "WR": by_group_of_three(_each(lambda a, b: 100 * (a - b) / a, i.reference_kg, i.test_kg), 15)
    },
    "admixture-bleeding": _bleeding,
    "admixture-air": lambda i: {"A": _near_middle(i.air_percent, Fraction(1, 2))},
    "admixture-setting": _setting,
    "admixture-strength-ratio": _group_ratio,
    "admixture-slump-loss": lambda i: {"dSl": mean(_each(lambda a, b: a - b, i.slump0_mm, i.slump1_mm))},
    "admixture-shrinkage-ratio": lambda i: {"Re": 100 * mean(i.test_strain) / mean(i.reference_strain)},
    "admixture-solids": lambda i: {"X": mean(_each(lambda a, b, c: 100 * (c - a) / (b - a), i.m0_g, i.m1_g, i.m2_g))},
    "admixture-density": lambda i: {
        "rho": mean(_each(lambda a, b, c: Fraction("0.9982") * (c - a) / (b - a), i.m0_g, i.m1_g, i.m2_g))
    },
    "admixture-paste-flow": lambda i: {"flow": mean([(a + b) / 2 for a, b in zip(i.d1_mm, i.d2_mm, strict=True)])},
    "flyash-fineness": lambda i: {"F": mean(_each(lambda m, r: 100 * r / m, i.m_g, i.residue_g)) * i.correction},
    "flyash-water-demand": lambda i: {"X": 100 * i.water_g / 125},
    "flyash-loi": lambda i: {"LOI": mean(_loss(i))},
    "flyash-moisture": lambda i: {"w": mean(_loss(i))},
    "flyash-so3": _so3,
    "flyash-activity": lambda i: {"H28": 100 * i.test_mpa / i.reference_mpa},
    "slag-density": _density,
    "slag-activity": lambda i: {"A": 100 * i.test_mpa / i.reference_mpa},
    "slag-flow-ratio": lambda i: {"F": 100 * i.test_mm / i.reference_mm},
    "slag-moisture": lambda i: {"w": mean(_loss(i))},
    "powder-specific-surface": _blaine,
    "cement-density": _density,
    "cement-fineness": lambda i: {"F": mean(_each(lambda m, r: 100 * r / m, i.m_g, i.residue_g)) * i.correction},
    "cement-consistency": _consistency,
    "cement-setting": lambda i: {"initial": i.initial_min, "final": i.final_min},
    "cement-soundness": lambda i: {"C-A": mean(_each(lambda a, c: c - a, i.a_mm, i.c_mm))},
    "cement-loi": lambda i: {"LOI": mean(_loss(i))},
    "cement-so3": _so3,
    "cement-insoluble": lambda i: {"IR": mean(_each(lambda s, r: 100 * r / s, i.sample_g, i.residue_g))},
    "cement-flow": lambda i: {"L": mean([*i.d1_mm, *i.d2_mm])},
}
