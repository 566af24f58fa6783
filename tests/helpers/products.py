"""Short ways to evaluate products in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labdesk.domain.evaluation import Evaluation, Value, Verdict
from labdesk.services.evaluation import Given, evaluate_given

PASS, FAIL, RETEST, INVALID, OPEN = (
    Verdict.PASS, Verdict.FAIL, Verdict.RETEST, Verdict.INVALID, Verdict.NOT_EVALUATED,
)  # fmt: skip
Rows = Sequence[Mapping[str, str]]


def run(method: str, rows: Rows = (), rules: str = "", **settings: str) -> Evaluation:
    return evaluate_given(Given(method, settings, rows, rules), {})


def of(found: Evaluation, symbol: str, subject: str = "") -> Value:
    return next(value for value in found.values if value.symbol == symbol and value.subject == subject)


def keys(found: Evaluation) -> set[str]:
    return {remark.key for remark in found.remarks}


def shown(found: Evaluation, symbol: str, subject: str = "") -> str:
    return str(of(found, symbol, subject).rounded)


def splice(peaks: str, fractures: str, rules: str = "", **settings: str) -> Evaluation:
    return run(
        "rebar-splice", (), rules, grade="HRB400", diameter_mm="25", peak_kn=peaks, fracture=fractures, **settings
    )


def weld(kind: str, rows: Rows, **settings: str) -> Evaluation:
    return run("rebar-weld", rows, grade="HRB400", diameter_mm="20", weld_kind=kind, **settings)


def pulled(*pulls: str) -> list[dict[str, str]]:
    """``B180``: fracture and force in kN."""
    return [
        {"fracture": one.rstrip("0123456789."), "peak_kn": one.lstrip("BWHAZ-abcdefghijklmnopqrstuvwxyz")}
        for one in pulls
    ]


def bent(*cracks: str) -> list[dict[str, str]]:
    return [{"crack_mm": crack} for crack in cracks]


def fabric_rows(shear: str = "20", bend: str = "no-crack", peak: str = "70") -> list[dict[str, str]]:
    pulls = [{"peak_kn": force, "f_el_kn": "50", "l0_mm": "60", "lu_mm": "72"} for force in ("65", peak)]
    bends = [{"bend_result": "no-crack"}, {"bend_result": bend}]
    return [*pulls, *bends, *({"shear_kn": force} for force in ("20", "20", shear))]


def straightened(mass: str = "205", lu: str = "48", **settings: str) -> Evaluation:
    rows = [{"length_mm": "500", "mass_g": mass, "lu_mm": lu}] * 3
    return run("straightened-bar", rows, **{"grade": "HRB400", "diameter_mm": "8", **settings})
