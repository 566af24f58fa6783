"""Signed heads of the log for whoever leaves the building with one, and their check when the log is audited."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from labdesk.app.foundation import Foundation
from labdesk.app.lab_keys import LabKeys
from labdesk.domain.audit import AuditSummary
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.store import SYSTEM
from labdesk.evidence.checkpoint import Checkpoint, NoteVerifier, open_checkpoint, sign_checkpoint
from labdesk.storage.audit import DatabaseAuditor, audit_database
from labdesk.storage.log import CheckpointRow

# A head is a row itself and so adds a leaf; a new one is made when more than that leaf has come since.
_OWN_LEAVES = 1


class LogHeads:
    """Fulfils ``domain.sync_ports.LogHeadSource``: the newest head, signed under the laboratory's id and kept."""

    def __init__(self, foundation: Foundation, keys: LabKeys) -> None:
        self._base = foundation
        self._keys = keys

    def newest(self) -> str:
        """The newest head as a signed note; empty before the first entry."""
        with self._base.store.read() as uow:
            size = uow.log.size()
            last = uow.session.scalar(select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1))
            note = last.note if last else ""
            known = last.size if last else 0
        if size == 0 or (known and size <= known + _OWN_LEAVES):
            return note
        return self._sign()

    def _sign(self) -> str:
        signer = NoteVerifier(self._keys.membership.lab_id, self._keys.log.public_key)
        with self._base.store.write(SYSTEM) as uow:
            size = uow.log.size()
            origin = f"labdesk/{uow.facts.get('database_id')}"
            note = sign_checkpoint(Checkpoint(origin, size, uow.log.root(size)), signer, self._keys.log.sign)
            if uow.session.get(CheckpointRow, size) is None:
                uow.session.add(CheckpointRow(size=size, at=self._base.clock.now(), note=note))
            uow.commit()
        return note


def checkpoint_opener(keys: LabKeys) -> Callable[[str], tuple[int, bytes]]:
    """Verifies a stored head with the laboratory's own log key; gives size and root."""

    def opened(note: str) -> tuple[int, bytes]:
        try:
            signer = NoteVerifier(keys.membership.lab_id, keys.log.public_key)
        except EnvironmentFault as fault:
            raise OperatorError(fault.key, **fault.params) from fault
        head, _ = open_checkpoint(note, (signer,))
        return head.size, head.root

    return opened


def audit(foundation: Foundation) -> AuditSummary:
    """Walk log, rows and files of the laboratory."""
    with Session(foundation.engine) as session:
        auditor = DatabaseAuditor(session, foundation.blobs, checkpoint_opener(LabKeys(foundation.home)))
        return audit_database(auditor)
