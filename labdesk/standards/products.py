"""Every method whose rules are product tables, with the rows its file must hold."""

from __future__ import annotations

from collections.abc import Mapping

from labdesk.standards import acceptance, brick, cement, concrete_forms, joints, mesh, mortar
from labdesk.standards.product_rules import Schema

SCHEMAS: Mapping[str, Schema] = {
    "concrete-flexural": concrete_forms.FLEXURE,
    "concrete-splitting": concrete_forms.SPLITTING,
    "concrete-prism": concrete_forms.PRISM,
    "concrete-modulus": concrete_forms.MODULUS,
    "concrete-same-condition": concrete_forms.SAME_CONDITION,
    "concrete-acceptance": acceptance.CONCRETE,
    "mortar-cube": mortar.CUBES,
    "mortar-acceptance": acceptance.MORTAR,
    "cement-strength": cement.PRISMS,
    "brick-strength": brick.BRICKS,
    "rebar-splice": joints.SPLICES,
    "rebar-splice-process": joints.SPLICES,
    "rebar-weld": joints.WELDS,
    "welded-fabric": mesh.FABRIC,
    "straightened-bar": mesh.STRAIGHTENED,
}
