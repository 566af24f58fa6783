"""The list of all test methods with their inputs and rulesets, as ``labdesk methods`` prints it."""

from __future__ import annotations

from collections.abc import Sequence

from labdesk.services.house_rules import house_rules
from labdesk.services.method_sources import SOURCES, MethodInfo, MethodInput
from labdesk.services.product_methods import product_infos
from labdesk.services.tensile_marks import MARK_SETTINGS
from labdesk.standards.rule_tables import CubeRules, RebarRules
from labdesk.standards.rulesets import RuleFault

TENSILE_RULES = "GBT228.1-2021"

_GEOMETRY = (
    MethodInput("s0_mm2", "mm2"),
    MethodInput("diameter_mm", "mm"),
    MethodInput("width_mm", "mm"),
    MethodInput("thickness_mm", "mm"),
    MethodInput("l0_mm", "mm"),
    MethodInput("le_mm", "mm"),
    MethodInput("lc_mm", "mm"),
    MethodInput("length_mm", "mm"),
    MethodInput("lu_mm", "mm"),
)
_LOT = (
    MethodInput("l0_mm", "mm"),
    MethodInput("le_mm", "mm"),
    MethodInput("lc_mm", "mm"),
    MethodInput("lot_t", "t"),
    MethodInput("total_mass_g", "g"),
    MethodInput("elongation", choices=("A", "Agt", "both")),
    MethodInput("stage", choices=("first", "retest")),
    MethodInput("retest_item", choices=("tension", "bend", "reverse-bend")),
    MethodInput("bend_by", choices=("bend", "reverse-bend")),
    *(MethodInput(name, "mm", per_specimen=True) for name in ("length_mm", "lu_mm", "agt_l0_mm", "agt_l_mm")),
    MethodInput("fracture_to_mark_mm", "mm", per_specimen=True),
    MethodInput("mass_g", "g", per_specimen=True),
    MethodInput("peak_kn", "kN", per_specimen=True),
    MethodInput("f_el_kn", "kN", per_specimen=True),
    MethodInput("fracture_at", choices=("gauge", "grip"), per_specimen=True),
    MethodInput("bend_result", choices=("no-crack", "crack"), per_specimen=True),
    MethodInput("reverse_bend_result", choices=("no-crack", "crack"), per_specimen=True),
)
_CUBES = (
    MethodInput("side_mm", "mm", choices=("100", "150", "200")),
    MethodInput("design_grade"),
    MethodInput("grade"),
    MethodInput("size_factor"),
    MethodInput("peak_kn", "kN", per_specimen=True),
    MethodInput("measured_a_mm", "mm", per_specimen=True),
    MethodInput("measured_b_mm", "mm", per_specimen=True),
    MethodInput("age_d", "d"),
    MethodInput("real_age"),
    MethodInput("test_date"),
    MethodInput("low_group_percent", "%"),
)
_BROKEN = (
    MethodInput("agt_l0_mm", "mm"),
    MethodInput("agt_l_mm", "mm"),
    MethodInput("du_mm", "mm"),
    MethodInput("su_mm2", "mm2"),
    *(MethodInput(name, "s") for name in MARK_SETTINGS),
    MethodInput("mark_reason"),
)
_STRENGTHS = ("ReH", "ReL", "Rp0.2", "Rt0.5", "Rm", "Ag", "Agt", "A", "At", "Ae", "E", "Z")


def list_methods() -> Sequence[MethodInfo]:
    """All methods with their inputs and rulesets."""
    rebar = tuple(rules.id for rules in house_rules().rules.values() if isinstance(rules, RebarRules))
    cube = tuple(rules.id for rules in house_rules().rules.values() if isinstance(rules, CubeRules))
    grades = tuple(sorted({name for rules in _rebar() for name in rules.grades}))
    bar = (
        MethodInput("grade", required=True, choices=grades),
        MethodInput("diameter_mm", "mm", required=True),
        MethodInput("edition"),
        MethodInput("produced_on"),
        MethodInput("test_date"),
    )
    lengths = tuple(item for item in _GEOMETRY if item.name in ("l0_mm", "le_mm", "lc_mm", "length_mm", "lu_mm"))
    marks = (MethodInput("agt_l0_mm", "mm"), MethodInput("agt_l_mm", "mm"))
    coded = (
        MethodInfo("tensile", "GB/T 228.1-2021", (TENSILE_RULES,), _GEOMETRY + _BROKEN, "1 or more", _STRENGTHS),
        MethodInfo(
            "rebar-tensile", "GB/T 28900-2022, GB 1499", rebar, bar + lengths + marks, "1 or more",
            ("ReH", "ReL", "Rm", "R°m/R°eL", "R°eL/ReL", "A", "Agt"),
        ),
        MethodInfo(
            "rebar-lot", "GB 1499.1, GB 1499.2", rebar, bar + _LOT, "one per tension specimen",
            ("dW", "ReH", "ReL", "Rm", "R°m/R°eL", "R°eL/ReL", "A", "Agt", "bend", "reverse bend"),
        ),
        MethodInfo("concrete-cube", "GB/T 50081-2019", cube, _CUBES, "3 for a group", ("fcu", "fcu,m", "fcu,m/fcu,k")),
        MethodInfo(
            "concrete-cylinder", "GB/T 50081-2019", cube, (MethodInput("diameter_mm", "mm"),), "1 or more", ("fc",)
        ),
    )  # fmt: skip
    return (*coded, *product_infos(house_rules()), *(info for source in SOURCES for info in source.infos()))


def _rebar() -> tuple[RebarRules, ...]:
    return tuple(rules for rules in house_rules().rules.values() if isinstance(rules, RebarRules))


def rule_faults() -> tuple[RuleFault, ...]:
    """Files of rulesets that were refused, with line and reason; everything else works."""
    return (*house_rules().faults, *(fault for source in SOURCES for fault in source.faults()))
