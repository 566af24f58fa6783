"""Marks of a lot's curves moved by hand: read for the screen, and kept as entries with the new evaluation they cause.

Nothing is replaced: the mark and its reason are entries beside the earlier ones, the evaluation stands beside the earlier one,
and the automatic value stays in its remarks. Taking a mark back is one more entry (empty) and one more evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Curve, Floats
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import SpecimenInput, TestKind
from labdesk.domain.people import Role, Session
from labdesk.domain.review import Draft, RawRecord
from labdesk.domain.store import UnitOfWork
from labdesk.domain.testing import Entry, StoredEvaluation
from labdesk.services.evaluate_rebar import RebarLot
from labdesk.services.evaluating import Addition, Evaluating, LotFacts, lot_input, read_lot
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.house_rules import house_rules
from labdesk.services.runs import RunDeps
from labdesk.services.sealed_curves import curve_from_bytes
from labdesk.services.tensile_marks import MARK_SETTINGS, REASON_SETTING
from labdesk.standards.gbt228 import evaluate_tensile
from labdesk.standards.marks import values_at
from labdesk.standards.rule_tables import RebarRules

METHOD = "rebar-lot"
SHORTEST_REASON = 2
_OF_STRAIN = ("mark_agt_s", "mark_at_s")


@dataclass(frozen=True, eq=False)
class CurveMark:
    """One mark of a curve.

    Attributes:
        setting: ``mark_rel_s`` ...; ``symbol``: ``ReL`` ...; ``unit``: MPa or %.
        automatic: sample the rules chose, ``None`` where they give no value.
        by_hand: sample a person chose, ``None`` where the automatic one counts.
        values: value at every sample, for the eye; what is judged is evaluated anew. NaN where there is none.
    """

    setting: str
    symbol: str
    unit: str
    automatic: int | None
    by_hand: int | None
    values: Floats


@dataclass(frozen=True, eq=False)
class MarkedPiece:
    """A bar's curve with its marks; ``first`` is the first sample a mark may lie on (times above nought).

    Attributes:
        times, force_kn: for the eye; ``moments`` are the exact seconds a mark is stored with.
        reason: why marks of this piece were moved before, empty if none stands.
    """

    label: str
    times: Floats
    force_kn: Floats
    moments: tuple[str, ...]
    first: int
    marks: tuple[CurveMark, ...]
    reason: str


class MarkMoving:
    """The use case: look at the marks of an evaluated lot of bars, move some, keep the new evaluation."""

    def __init__(self, deps: RunDeps, evaluating: Evaluating) -> None:
        self._deps = deps
        self._evaluating = evaluating

    def pieces(self, lot_no: str) -> tuple[MarkedPiece, ...]:
        """Curves of a lot with their marks.

        Raises:
            OperatorError: ``marks.not_bars``, ``marks.not_evaluated``, ``marks.signed``, ``marks.no_curve``.
        """
        with self._deps.store.read() as uow:
            facts = read_lot(uow, lot_no)
            _check_open(uow, lot_no)
        stored = self._evaluating.newest(lot_no)
        if stored is None:
            raise OperatorError("marks.not_evaluated", lot=lot_no)
        given = lot_input(facts)
        rules = house_rules().get(stored.evaluation.rules)
        pulled = [piece for piece in given.specimens if TestKind.TENSION in piece.tests and piece.run_hash]
        if not pulled or not isinstance(rules, RebarRules):
            raise OperatorError("marks.no_curve", label=lot_no)
        bars = RebarLot(given, rules, {})
        return tuple(self._piece(bars, piece) for piece in pulled)

    def move(
        self, lot_no: str, label: str, moments: Mapping[str, str], session: Session, reason: str
    ) -> StoredEvaluation:
        """Keep marks of a piece by setting, in seconds on its curve, empty to take one back; the lot is evaluated anew.

        Raises:
            OperatorError: ``marks.role``, ``marks.reason``, ``marks.unknown``, ``marks.no_curve``, ``marks.nothing``,
                ``marks.signed``; what the rules refuse (``evaluation.mark_outside``, ``evaluation.mark_order`` ...).
        """
        if not (session.person.may(Role.TECHNICIAN) or session.person.may(Role.CHECKER)):
            raise OperatorError("marks.role", name=session.person.name)
        why = reason.strip()
        if len(why) < SHORTEST_REASON:
            raise OperatorError("marks.reason")
        with self._deps.store.read() as uow:
            facts = read_lot(uow, lot_no)
            _check_open(uow, lot_no)
        if self._evaluating.newest(lot_no) is None:
            raise OperatorError("marks.not_evaluated", lot=lot_no)
        piece = next((item for item in lot_input(facts).specimens if item.label == label), None)
        if piece is None or TestKind.TENSION not in piece.tests or piece.run_hash is None:
            raise OperatorError("marks.no_curve", label=label)
        changed = _changes(piece, moments, why)
        if not changed:
            raise OperatorError("marks.nothing", label=label)
        entries = tuple(self._entry(facts, (label, name, text), session, why) for name, text in changed.items())
        return self._evaluating.evaluate(lot_no, session, why, Addition(entries, lambda uow: _check_open(uow, lot_no)))

    def _entry(self, facts: LotFacts, what: tuple[str, str, str], session: Session, reason: str) -> Entry:
        label, name, text = what
        deps = self._deps
        return Entry(
            deps.ids.new_id(), facts.lot.number, label, name, text, session.person.id, deps.clock.now(), reason
        )

    def _piece(self, bars: RebarLot, piece: SpecimenInput) -> MarkedPiece:
        curve = curve_from_bytes(self._deps.blobs.get(piece.run_hash or ""))
        geometry = bars.geometry(piece, curve)
        found = evaluate_tensile(curve, geometry)
        stresses, strains = values_at(curve, geometry)
        automatic = {
            "mark_reh_s": found.r_eh_mpa,
            "mark_rel_s": found.r_el_mpa,
            "mark_rp02_s": found.r_p02_mpa,
            "mark_fm_s": found.rm_mpa,
            "mark_agt_s": found.a_gt_percent,
            "mark_at_s": found.a_t_percent,
        }
        typed, times = Typed(piece.entries, piece.label), curve.time_s.view
        marks = []
        for setting, symbol in MARK_SETTINGS.items():
            values = strains if setting in _OF_STRAIN else stresses
            if values is None:
                continue
            reading, moved = automatic[setting], typed.number(setting)
            marks.append(
                CurveMark(
                    setting,
                    "Rm" if symbol == "Fm" else symbol,
                    "%" if setting in _OF_STRAIN else "MPa",
                    None if reading.value is None else reading.index,
                    None if moved is None else int(np.argmin(np.abs(times - float(moved)))),
                    values,
                )
            )
        return MarkedPiece(
            label=piece.label,
            times=times,
            force_kn=curve.force_kn.view,
            moments=_moments(curve),
            first=int(np.searchsorted(times, 0.0, side="right")),
            marks=tuple(marks),
            reason=typed.text(REASON_SETTING),
        )


def _moments(curve: Curve) -> tuple[str, ...]:
    return tuple(_plain(curve.time_s.exact(index)) for index in range(len(curve)))


def _plain(seconds: Decimal) -> str:
    return f"{seconds.normalize():f}"


def _changes(piece: SpecimenInput, moments: Mapping[str, str], why: str) -> dict[str, str]:
    """What is to be entered: marks that differ from those that stand, and the reason of all that stand then."""
    unknown = sorted(set(moments) - set(MARK_SETTINGS))
    if unknown:
        raise OperatorError("marks.unknown", name=unknown[0])
    standing = {name: piece.entries.get(name, "") for name in MARK_SETTINGS}
    changed = {name: text.strip() for name, text in moments.items() if text.strip() != standing[name]}
    if not changed:
        return {}
    # Marks that stay where a person put them keep the reason they were given.
    stays = any(text for name, text in standing.items() if name not in changed)
    before, set_now = piece.entries.get(REASON_SETTING, ""), any(changed.values())
    reasons = [before] if stays and before else []
    reasons += [why] if set_now and why not in reasons else []
    reason = "; ".join(reasons)
    return changed if reason == before else {**changed, REASON_SETTING: reason}


def _check_open(uow: UnitOfWork, lot_no: str) -> None:
    """Nothing under a signature is touched: what was signed is given back first."""
    lot = uow.reception.lot(lot_no)
    if lot is None:
        raise OperatorError("testing.no_such_lot", lot=lot_no)
    if lot.method != METHOD:
        raise OperatorError("marks.not_bars", lot=lot_no)
    drafts, records = uow.review.drafts_of_lot(lot_no), uow.review.records_of_lot(lot_no)
    issued = any(uow.reporting.issued(draft.id) is not None for draft in drafts)
    if issued or (records and _is_signed(uow, records[-1], drafts)):
        raise OperatorError("marks.signed", lot=lot_no)


def _is_signed(uow: UnitOfWork, record: RawRecord, drafts: Sequence[Draft]) -> bool:
    """Whether a record bears a signature that was not given back, as record or as the draft made of it."""
    round_of = [record.id, *(draft.id for draft in drafts if draft.record_id == record.id)]
    given_back = any(uow.review.return_of(each) is not None for each in round_of)
    return not given_back and bool(uow.review.signatures_of(record.id))
