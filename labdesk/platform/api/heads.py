"""Countersigning the heads of laboratories' logs, so that a laboratory cannot rewrite its own history unseen."""

from __future__ import annotations

from dataclasses import dataclass

from labdesk.domain.errors import OperatorError
from labdesk.evidence.checkpoint import Checkpoint
from labdesk.evidence.merkle import verify_consistency
from labdesk.platform.api.context import Context
from labdesk.platform.rules.authority import open_head
from labdesk.platform.storage.messages import Head
from labdesk.platform.storage.store import Desk


@dataclass(frozen=True)
class Extension:
    """Proof that a head extends an earlier one: the earlier size, and the hashes of RFC 6962, 2.1.2 (hex)."""

    previous_size: int
    proof: tuple[str, ...]


def countersign(context: Context, desk: Desk, lab_id: str, note: str, extension: Extension | None = None) -> str:
    """The note with the platform's signature added, and the head kept.

    A head that says of a known size something else than before is a fork and refused. A head smaller than the newest known
    one, of a size never seen, cannot be judged without a proof and is refused too.

    Raises:
        OperatorError: ``evidence.note_refused``, ``platform.log_fork``, ``platform.log_older`` or ``platform.log_proof``.
    """
    now = context.clock.now()
    head = open_head(note, lab_id, desk.labs.keys(lab_id), now)
    same = desk.messages.head(lab_id, head.origin, head.size)
    if same is not None and same.root != head.root.hex():
        raise OperatorError("platform.log_fork", origin=head.origin, size=head.size)
    if extension is not None:
        _check_extension(desk, lab_id, head, extension)
    if same is not None:
        return same.note
    largest = desk.messages.largest_head(lab_id, head.origin)
    if largest is not None and head.size < largest.size:
        raise OperatorError("platform.log_older", origin=head.origin, size=head.size, known=largest.size)
    cosigned = context.authority.cosigned(note)
    desk.messages.add_head(Head(lab_id, head.origin, head.size, head.root.hex(), cosigned), now)
    return cosigned


def _check_extension(desk: Desk, lab_id: str, head: Checkpoint, extension: Extension) -> None:
    """The proof must lead from a head that was countersigned here (or from the empty log) to this one."""
    if extension.previous_size == 0:
        first = desk.messages.smallest_head(lab_id, head.origin)
        if first is not None and first.size < head.size:
            raise OperatorError("platform.log_proof", origin=head.origin, size=head.size)
        return
    before = desk.messages.head(lab_id, head.origin, extension.previous_size)
    try:
        proof = tuple(bytes.fromhex(step) for step in extension.proof)
    except ValueError as error:
        raise OperatorError("platform.log_proof", origin=head.origin, size=head.size) from error
    if before is None or not verify_consistency(before.size, head.size, bytes.fromhex(before.root), head.root, proof):
        raise OperatorError("platform.log_proof", origin=head.origin, size=head.size)
