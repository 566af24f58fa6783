"""Joints of rebar: mechanical splices by JGJ 107-2016 and welds by JGJ 18-2012; trees from specimens to the verdict of a lot.

A specimen of a splice passes or fails by its strength and where it broke. For welds, a fracture counts as ``B`` (bar, or a ductile
one in the heat-affected zone) or ``W`` (weld, or a brittle one in the zone), and R is the strength over the bar's standard strength.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.evaluation import Verdict
from labdesk.domain.rounding import EXACT
from labdesk.standards.product_rules import ProductRules, Row, Schema

SPLICES = Schema(
    steps=("fmst", "u0", "Asgt"),
    numbers=(
        "lot_joints", "lot_joints_enlarged", "consecutive_lots", "small_lot_below", "first_count", "retest_count",
        "small_first_count", "small_retest_count", "retest_from_failures", "process_count", "thick_above_mm",
    ),
    tables={
        "grades": ("name", "bar_factor", "connector_factor", "basis", "u0_thin_mm", "u0_thick_mm", "asgt_percent"),
        "bars": ("name", "fyk_mpa", "fstk_mpa"),
        "sizes": ("diameter_mm", "area_mm2"),
        "fractures": ("name", "counts_as"),
    },
    texts=("name", "basis", "counts_as"),
)  # fmt: skip
WELDS = Schema(
    steps=("Rm", "R"),
    numbers=(
        "lot_joints", "first_count", "retest_count", "retest_bar_least", "bend_retest_count", "bend_retest_most",
        "crack_mm", "bend_angle", "bend_thick_above_mm", "pass_bar_least",
    ),
    tables={
        "bars": ("name", "rm_mpa", "insert_mpa", "mandrel_d"),
        "sizes": ("diameter_mm", "area_mm2"),
        "fractures": ("name", "counts_as"),
        "kinds": ("name", "tension", "bend"),
    },
    texts=("name", "counts_as"),
)  # fmt: skip


def splice_limit(grade: Row, bar: Row, counts_as: str) -> Decimal:
    """Smallest strength of a splice, MPa: by what failed, ``bar`` or ``connector``."""
    factor = grade.number("bar_factor" if counts_as == "bar" else "connector_factor")
    return EXACT.multiply(factor, bar.number("fyk_mpa" if grade.text("basis") == "fyk" else "fstk_mpa"))


def slip_limit(rules: ProductRules, grade: Row, diameter_mm: Decimal) -> Decimal:
    """Largest residual deformation u0 after unloading, mm."""
    thick = diameter_mm > rules.number("thick_above_mm")
    return grade.number("u0_thick_mm" if thick else "u0_thin_mm")


@dataclass(frozen=True)
class Counts:
    """Specimens of a splice lot: of the first test, and of the retest."""

    first: int
    retest: int


def splice_counts(rules: ProductRules, joints: int | None) -> Counts:
    """3 and 6; below 200 joints 2 and 4 (``None`` = not told, so 3 and 6)."""
    if joints is not None and joints < rules.count("small_lot_below"):
        return Counts(rules.count("small_first_count"), rules.count("small_retest_count"))
    return Counts(rules.count("first_count"), rules.count("retest_count"))


def lot_limit(rules: ProductRules, consecutive_passed: int) -> int:
    """Most joints of a lot: 500, after ten lots in a row that passed the first time 1000."""
    enlarged = consecutive_passed >= rules.count("consecutive_lots")
    return rules.count("lot_joints_enlarged" if enlarged else "lot_joints")


def splice_verdict(rules: ProductRules, first: Sequence[bool], retest: Sequence[bool], joints: int | None) -> Verdict:
    """Verdict of a splice lot from its specimens (``True`` = passed).

    All pass: PASS. Exactly one fails: RETEST with double the number, of which all must pass. More: FAIL. Too few specimens:
    NOT_EVALUATED, unless what is there fails the lot already.
    """
    counts = splice_counts(rules, joints)
    failed = list(first).count(False)
    if failed > rules.count("retest_from_failures"):
        return Verdict.FAIL
    if len(first) < counts.first:
        return Verdict.NOT_EVALUATED
    if failed == 0:
        return Verdict.PASS
    if not retest:
        return Verdict.RETEST
    if not all(retest):
        return Verdict.FAIL
    return Verdict.PASS if len(retest) >= counts.retest else Verdict.NOT_EVALUATED


def process_verdict(rules: ProductRules, specimens: Sequence[bool]) -> Verdict:
    """Process test before the work (JGJ 107-2016, 6): three per size, every one must pass, and there is no retest."""
    if not all(specimens):
        return Verdict.FAIL
    return Verdict.PASS if len(specimens) >= rules.count("process_count") else Verdict.NOT_EVALUATED


@dataclass(frozen=True)
class Pull:
    """A welded specimen in tension: what the fracture counts as, and whether R >= 1."""

    code: str
    strong: bool


def weld_tension(rules: ProductRules, first: Sequence[Pull], retest: Sequence[Pull]) -> Verdict:
    """Verdict of the tension test of a welded lot (JGJ 18-2012, 5.1.7).

    ``3 B`` or ``2 B + 1 W``, all R >= 1: PASS. ``2 B + 1 weak W``, ``1 B + 2 W``, ``3 W`` all R >= 1: RETEST. ``3 W`` with a weak one, or
    a weak ``B`` (a convention): FAIL. The six of the retest pass with at least four B and no weak specimen.
    """
    weak_bar = any(pull.code == "B" and not pull.strong for pull in first)
    if weak_bar:
        return Verdict.FAIL
    if len(first) < rules.count("first_count"):
        return Verdict.NOT_EVALUATED
    bars = sum(pull.code == "B" for pull in first)
    welds = [pull for pull in first if pull.code != "B"]
    strong = all(pull.strong for pull in welds)
    if bars >= rules.count("pass_bar_least") and strong:
        return Verdict.PASS
    if bars == 0 and not strong:
        return Verdict.FAIL
    if not retest:
        return Verdict.RETEST
    return weld_retest(rules, retest)


def weld_retest(rules: ProductRules, retest: Sequence[Pull]) -> Verdict:
    """Verdict of the six of a retest alone."""
    if not all(pull.strong for pull in retest):
        return Verdict.FAIL
    needed, least = rules.count("retest_count"), rules.count("retest_bar_least")
    welds = sum(pull.code != "B" for pull in retest)
    if welds > needed - least:
        return Verdict.FAIL
    return Verdict.PASS if len(retest) >= needed else Verdict.NOT_EVALUATED


def insert_verdict(rules: ProductRules, first: Sequence[bool], retest: Sequence[bool]) -> Verdict:
    """T-joints of inserts (JGJ 18-2012, 5.8.2): all three pass, else six more of which every one must pass."""
    if not first and retest:
        first = [False] * rules.count("first_count")
    if len(first) < rules.count("first_count"):
        return Verdict.NOT_EVALUATED
    if all(first):
        return Verdict.PASS
    if not retest:
        return Verdict.RETEST
    if not all(retest):
        return Verdict.FAIL
    return Verdict.PASS if len(retest) >= rules.count("retest_count") else Verdict.NOT_EVALUATED


def weld_bend(rules: ProductRules, first: Sequence[bool], retest: Sequence[bool]) -> Verdict:
    """Verdict of the bend test (``True`` = cracked 0.5 mm or wider): 0-1 of 3 PASS, 2 RETEST, 3 FAIL; of 6 at most 2 may crack."""
    if len(first) < rules.count("first_count"):
        return Verdict.NOT_EVALUATED
    cracked = sum(first)
    if cracked < rules.count("first_count") - 1:
        return Verdict.PASS
    if cracked >= rules.count("first_count"):
        return Verdict.FAIL
    if not retest:
        return Verdict.RETEST
    if sum(retest) > rules.count("bend_retest_most"):
        return Verdict.FAIL
    return Verdict.PASS if len(retest) >= rules.count("bend_retest_count") else Verdict.NOT_EVALUATED


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Verdict of a lot from those of its tests: a failure, then a retest, then an invalid or missing one, else PASS."""
    for verdict in (Verdict.FAIL, Verdict.RETEST, Verdict.INVALID, Verdict.NOT_EVALUATED):
        if verdict in verdicts:
            return verdict
    return Verdict.PASS if verdicts else Verdict.NOT_EVALUATED
