"""What the platform sends: projects, tags, commissions, region profile, keys - kept once, however often it is delivered."""

from __future__ import annotations

import base64

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.commission import Commission
from labdesk.domain.errors import BugError
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import Project
from labdesk.domain.store import SYSTEM, Store, UnitOfWork
from labdesk.domain.sync_ports import InboxItem, TagList, TrustUpdate

TRUST_LIST = "trust_list"


class Inbox:
    """Fulfils ``domain.sync_ports.InboxHandler``. Signatures were verified before an item comes here."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def take(self, item: InboxItem) -> None:
        """Apply one item in one transaction; a second delivery changes nothing."""
        with self._store.write(SYSTEM) as uow:
            if uow.facts.get(_fact(item)) is not None:
                return
            self._apply(uow, item)
            uow.facts.put(_fact(item), item.natural_key)
            uow.commit()

    def _apply(self, uow: UnitOfWork, item: InboxItem) -> None:
        now = self._clock.now()
        match item.content:
            case Project():
                uow.projects.put(item.content, now)
            case TagList():
                for record in item.content.tags:
                    uow.reception.put_tag(record)
            case Commission():
                uow.reception.put_commission(item.content, now)
            case RegionProfile():
                uow.profiles.add(self._ids.new_id(), item.content, item.document, now)
            case TrustUpdate():
                uow.facts.put(TRUST_LIST, base64.b64encode(item.content.trust_list).decode("ascii"))
            case _:
                raise BugError("bug.not_plain", type=type(item.content).__name__)


def _fact(item: InboxItem) -> str:
    return f"inbox:{item.id}"
