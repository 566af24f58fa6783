"""Telling the platform: a message is queued in the transaction of the change it tells of, its bytes frozen there and then."""

from __future__ import annotations

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.errors import BugError
from labdesk.domain.messages import BODIES, Body, named_hashes, natural_key
from labdesk.domain.outbox import OutboxMessage
from labdesk.domain.store import UnitOfWork
from labdesk.evidence.canonical import canonical_bytes, sha256_hex


class Outgoing:
    """Puts bodies into the outbox of a unit of work."""

    def __init__(self, clock: Clock, ids: IdSource) -> None:
        self._clock = clock
        self._ids = ids

    def queue(self, uow: UnitOfWork, body: Body, more_attachments: tuple[str, ...] = ()) -> OutboxMessage:
        """Queue ``body``; blobs it names are attached, ``more_attachments`` too.

        One stream per commission: a message that needs a person holds back only what belongs to the same commission.
        """
        kinds = [kind for kind, body_type in BODIES.items() if isinstance(body, body_type)]
        if len(kinds) != 1:
            raise BugError("bug.not_plain", type=type(body).__name__)
        data = canonical_bytes(body)
        message = OutboxMessage(
            id=self._ids.new_id(),
            kind=kinds[0],
            natural_key=natural_key(body),
            stream=body.commission_no or "laboratory",
            body=data,
            sha256=sha256_hex(data),
            attachments=tuple(dict.fromkeys((*named_hashes(body), *more_attachments))),
            created_at=self._clock.now(),
        )
        uow.outbox.put(message)
        return message
