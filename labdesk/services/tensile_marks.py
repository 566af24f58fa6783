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


def marks_of(settings: Typed) -> list[Mark]:
    """Marks moved by hand: ``mark_reh_s`` ... in seconds on the curve, with ``mark_reason``."""
    reason = settings.text("mark_reason")
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
                "name": name,
                "automatic": "-" if before.value is None else f"{before.value:.6g}",
                "by_hand": "-" if after.value is None else f"{after.value:.6g}",
                "reason": settings.text("mark_reason"),
            },
        )
        for name, before, after in moved.changed()
    ]
