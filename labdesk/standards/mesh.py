"""Welded fabric by GB/T 1499.3 and straightened bars by GB 50204-2015: what is judged beside the bars themselves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from labdesk.domain.rounding import EXACT
from labdesk.standards.groups import mean
from labdesk.standards.product_rules import ProductRules, Row, Schema

FABRIC = Schema(
    steps=("ReL", "Rm", "A", "Fs", "bend"),
    numbers=("shear_share", "lot_t", "tension_count", "bend_count", "shear_count", "bend_angle", "retest_factor"),
    tables={"grades": ("name", "r_el_mpa", "r_m_mpa", "a_percent", "mandrel_d"), "sizes": ("diameter_mm", "area_mm2")},
)
STRAIGHTENED = Schema(
    steps=("A", "dW", "ReL", "Rm"),
    numbers=("count", "lot_t", "least_length_mm"),
    tables={
        "grades": (
            "name",
            "r_el_mpa",
            "r_m_mpa",
            "a_percent",
            "light_upto_mm",
            "weight_thin",
            "weight_thick",
            "most_mm",
        ),
        "sizes": ("diameter_mm", "area_mm2", "mass_kg_per_m"),
    },
)


def shear_limit(rules: ProductRules, grade: Row, area_mm2: Decimal) -> Decimal:
    """Smallest mean shear force of a fabric's welds, kN: 0.3 S ReL of the thicker wire."""
    product = EXACT.multiply(rules.number("shear_share"), EXACT.multiply(area_mm2, grade.number("r_el_mpa")))
    return EXACT.divide(product, Decimal(1000))


def shear_force(forces_kn: Sequence[Decimal]) -> Decimal:
    """Mean shear force of the welds tested, kN."""
    return mean(forces_kn)


def lightest(grade: Row, diameter_mm: Decimal) -> Decimal:
    """Smallest allowed weight deviation of straightened bars, percent (negative); there is no upper limit here."""
    thin = diameter_mm <= grade.number("light_upto_mm")
    return grade.number("weight_thin" if thin else "weight_thick")
