"""The products' methods: how each is listed and which function evaluates it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from labdesk.services import evaluate_acceptance, evaluate_concrete, evaluate_joints, evaluate_masonry, evaluate_mesh
from labdesk.services.method_info import MethodInfo, MethodInput
from labdesk.services.product_lot import Outcome, ProductLot
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rulesets import Catalogue

_YES_NO = ("yes", "no")
_STAGES = ("first", "retest")


@dataclass(frozen=True)
class Product:
    """A method of a product.

    Attributes:
        standard: as listed.
        evaluate: from a lot to its outcome.
        inputs: settings and, marked ``per_specimen``, entries.
        symbols: what it gives.
        curves: which curves it takes.
        choices: setting -> table whose names are its words.
    """

    standard: str
    evaluate: Callable[[ProductLot], Outcome]
    inputs: tuple[MethodInput, ...]
    symbols: tuple[str, ...]
    curves: str = "none"
    choices: tuple[tuple[str, str], ...] = ()


def _of_lot(name: str, unit: str = "", *choices: str) -> MethodInput:
    return MethodInput(name, unit, choices=choices)


def _must(name: str, unit: str = "", *choices: str) -> MethodInput:
    return MethodInput(name, unit, required=True, choices=choices)


def _each(name: str, unit: str = "", *choices: str) -> MethodInput:
    return MethodInput(name, unit, choices=choices, per_specimen=True)


_DAY = (_of_lot("edition"), _of_lot("produced_on"), _of_lot("test_date"))
_PEAK = _each("peak_kn", "kN")
_AGE = (_of_lot("age_d", "d"), _of_lot("real_age"))
_MEASURED = (_each("measured_a_mm", "mm"), _each("measured_b_mm", "mm"))
_CONCRETE = (_must("side_mm", "mm"), _of_lot("design_grade"), _of_lot("grade"), *_AGE, *_DAY, _PEAK)
_BAR = (_must("grade"), _must("diameter_mm", "mm"), _of_lot("joints"), _of_lot("stage", "", *_STAGES), *_DAY)
_SPLICE = (
    *_BAR,
    _of_lot("splice_grade"),
    _of_lot("consecutive_passed"),
    _PEAK,
    _each("fracture"),
    _each("u0_mm", "mm"),
    _each("asgt_percent", "%"),
    _each("stage", "", *_STAGES),
)
_LENGTHS = (_each("l0_mm", "mm"), _each("lu_mm", "mm"))
_OF_THREE = "3 for a group"

PRODUCTS: Mapping[str, Product] = {
    "concrete-flexural": Product(
        "GB/T 50081-2019",
        evaluate_concrete.flexural,
        (
            *_CONCRETE,
            _of_lot("design_mpa", "MPa"),
            _of_lot("span_mm", "mm"),
            _each("width_mm", "mm"),
            _each("height_mm", "mm"),
            _each("outside", "", *_YES_NO),
        ),
        ("ff", "ff,m", "ff,m/ff,k"),
        _OF_THREE,
    ),
    "concrete-splitting": Product(
        "GB/T 50081-2019",
        evaluate_concrete.splitting,
        (*_CONCRETE, _of_lot("design_mpa", "MPa"), *_MEASURED),
        ("fts", "fts,m"),
        _OF_THREE,
    ),
    "concrete-prism": Product(
        "GB/T 50081-2019",
        evaluate_concrete.prism,
        (*_CONCRETE, _of_lot("design_mpa", "MPa"), *_MEASURED),
        ("fcp", "fcp,m"),
        _OF_THREE,
    ),
    "concrete-modulus": Product(
        "GB/T 50081-2019",
        evaluate_concrete.modulus,
        (
            _must("side_mm", "mm"),
            _must("fcp_mpa", "MPa"),
            _of_lot("gauge_mm", "mm"),
            *_DAY,
            _each("f0_kn", "kN"),
            _each("fa_kn", "kN"),
            _each("shortening_mm", "mm"),
            _each("strength_after_mpa", "MPa"),
        ),
        ("Ec", "Ec,m"),
    ),
    "concrete-same-condition": Product(
        "GB 50204-2015",
        evaluate_concrete.same_condition,
        (*_CONCRETE, _of_lot("daily_c", "°C"), _of_lot("low_group_percent", "%"), *_MEASURED),
        ("maturity", "fcu", "fcu,m", "fcu,eq"),
        _OF_THREE,
    ),
    "concrete-acceptance": Product(
        "GB/T 50107-2010",
        evaluate_acceptance.concrete,
        (
            _must("design_grade"),
            _of_lot("acceptance", "", "auto", "statistical-known", "statistical", "non-statistical"),
            _of_lot("sigma0_mpa", "MPa"),
            _of_lot("history_mpa", "MPa"),
            _of_lot("curing", "", "standard", "same-condition"),
            _of_lot("low_group_percent", "%"),
            *_DAY,
            _each("fcu_mpa", "MPa"),
            _each("cast_at"),
            _each("rule", "", "mean", "median", "invalid", "off-age", "retest"),
        ),
        ("mfcu", "Sfcu", "fcu,min"),
    ),
    "mortar-cube": Product(
        "JGJ/T 70-2009",
        evaluate_masonry.mortar_cubes,
        (_of_lot("design_grade"), _of_lot("grade"), *_AGE, *_DAY, _PEAK, _each("force_kn", "kN")),
        ("fm,cu", "f2"),
        _OF_THREE,
    ),
    "mortar-acceptance": Product(
        "GB 50203-2011",
        evaluate_acceptance.mortar_lot,
        (
            _must("design_grade"),
            *_DAY,
            _each("f2_mpa", "MPa"),
            _each("cast_at"),
            _each("rule", "", "mean", "median", "invalid", "off-age", "retest"),
        ),
        ("f2,m", "f2,min"),
    ),
    "cement-strength": Product(
        "GB/T 17671-2021, GB 175-2023",
        evaluate_masonry.cement_prisms,
        (
            _of_lot("grade"),
            _of_lot("kind"),
            *_AGE,
            *_DAY,
            _of_lot("initial_set_min", "min"),
            _of_lot("final_set_min", "min"),
            _each("flexural_n", "N"),
            _each("compressive_a_kn", "kN"),
            _each("compressive_b_kn", "kN"),
        ),
        ("Rf", "Rf,m", "Rc", "Rc,m", "setting"),
        choices=(("grade", "grades"),),
    ),
    "brick-strength": Product(
        "GB/T 5101-2017, GB/T 2542-2012",
        evaluate_masonry.bricks,
        (
            _of_lot("grade"),
            *_DAY,
            _PEAK,
            _each("force_kn", "kN"),
            _each("length_mm", "mm"),
            _each("width_mm", "mm"),
        ),
        ("f", "f,m", "s", "fk"),
        choices=(("grade", "grades"),),
    ),
    "rebar-splice": Product(
        "JGJ 107-2016",
        evaluate_joints.splices,
        _SPLICE,
        ("fmst", "u0", "Asgt"),
        "one per specimen",
        (("splice_grade", "grades"), ("grade", "bars"), ("fracture", "fractures")),
    ),
    "rebar-splice-process": Product(
        "JGJ 107-2016",
        evaluate_joints.splice_process,
        _SPLICE,
        ("fmst", "u0", "Asgt"),
        "one per specimen",
        (("splice_grade", "grades"), ("grade", "bars"), ("fracture", "fractures")),
    ),
    "rebar-weld": Product(
        "JGJ 18-2012",
        evaluate_joints.welds,
        (*_BAR, _must("weld_kind"), _PEAK, _each("fracture"), _each("crack_mm", "mm"), _each("stage", "", *_STAGES)),
        ("Rm", "R", "bend"),
        "one per tension specimen",
        (("weld_kind", "kinds"), ("grade", "bars"), ("fracture", "fractures")),
    ),
    "welded-fabric": Product(
        "GB/T 1499.3-2022",
        evaluate_mesh.fabric,
        (
            _must("grade"),
            _must("diameter_mm", "mm"),
            _of_lot("stage", "", *_STAGES),
            _of_lot("retest_item", "", "tension", "bend", "shear"),
            *_DAY,
            _PEAK,
            _each("f_el_kn", "kN"),
            *_LENGTHS,
            _each("bend_result", "", "no-crack", "crack"),
            _each("shear_kn", "kN"),
        ),
        ("ReL", "Rm", "A", "bend", "Fs"),
        "one per tension specimen",
        (("grade", "grades"),),
    ),
    "straightened-bar": Product(
        "GB 50204-2015",
        evaluate_mesh.straightened,
        (
            _must("grade"),
            _must("diameter_mm", "mm"),
            *_DAY,
            _each("length_mm", "mm"),
            _each("mass_g", "g"),
            *_LENGTHS,
            _PEAK,
            _each("f_el_kn", "kN"),
        ),
        ("dW", "A", "ReL", "Rm"),
        "one per tension specimen",
        (("grade", "grades"),),
    ),
}


def product_infos(catalogue: Catalogue) -> Sequence[MethodInfo]:
    """All products as listed; words of a setting that are names of a table come from the rulesets."""
    return [_info(method, product, catalogue) for method, product in PRODUCTS.items()]


def _info(method: str, product: Product, catalogue: Catalogue) -> MethodInfo:
    rules = [found for found in catalogue.rules.values() if isinstance(found, ProductRules) and found.method == method]
    words = dict(product.choices)
    inputs = []
    for item in product.inputs:
        names = tuple(
            dict.fromkeys(row.text("name") for found in rules for row in found.tables.get(words.get(item.name, ""), ()))
        )
        inputs.append(MethodInput(item.name, item.unit, item.required, names or item.choices, item.per_specimen))
    ids = tuple(found.id for found in rules)
    return MethodInfo(method, product.standard, ids, tuple(inputs), product.curves, product.symbols)
