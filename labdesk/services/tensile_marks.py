"""Marks moved by hand, as settings or entries of a piece: ``mark_reh_s`` ... in seconds on the curve, with ``mark_reason``."""

from __future__ import annotations

from labdesk.domain.evaluation import Remark
from labdesk.services.evaluation_inputs import Typed
from labdesk.standards.marks import Mark, MovedValues

#: Settings that move a mark, to the symbol they move.
MARK_SETTINGS = {
    "mark_reh_s": "ReH",
    "mark_rel_s": "ReL",
    "mark_rp02_s": "Rp0.2",
    "mark_fm_s": "Fm",
    "mark_agt_s": "Agt",
    "mark_at_s": "At",
}
#: Setting with the reason of all marks of a piece that were moved.
REASON_SETTING = "mark_reason"
_NAMES = {
    "fm_kn": "Fm, kN",
    "rm_mpa": "Rm, MPa",
    "r_eh_mpa": "ReH, MPa",
    "r_el_mpa": "ReL, MPa",
    "r_p02_mpa": "Rp0.2, MPa",
    "r_t05_mpa": "Rt0.5, MPa",
    "a_g_percent": "Ag, %",
    "a_gt_percent": "Agt, %",
    "a_percent": "A, %",
    "a_t_percent": "At, %",
}


def marks_of(settings: Typed) -> list[Mark]:
    """Marks moved by hand: ``mark_reh_s`` ... in seconds on the curve, with ``mark_reason``."""
    reason = settings.text(REASON_SETTING)
    found = []
    for name, symbol in MARK_SETTINGS.items():
        moment = settings.number(name)
        if moment is not None:
            found.append(Mark(symbol, moment, reason))
    return found


def moved_remarks(moved: MovedValues, settings: Typed, label: str) -> list[Remark]:
    """The automatic value of everything that was moved, with the reason: it stays visible."""
    return [
        Remark(
            "evaluation.mark_moved",
            {
                "label": label,
                "name": _NAMES.get(name, name),
                "automatic": "-" if before.value is None else f"{before.value:.6g}",
                "by_hand": "-" if after.value is None else f"{after.value:.6g}",
                "reason": settings.text(REASON_SETTING),
            },
        )
        for name, before, after in moved.changed()
    ]
