"""What the platform sends is kept: commissions, tags, projects, profiles, trust lists; and found again by words."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from labdesk.domain.clock import Clock
from labdesk.domain.commission import Commission, TagRecord
from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.plain import utc_text
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import Project
from labdesk.domain.specimens import Lot
from labdesk.domain.store import SYSTEM, Store, UnitOfWork
from labdesk.domain.sync_ports import InboxItem, InboxKind, TagList, TrustUpdate
from labdesk.evidence.canonical import canonical_bytes, sha256_hex

TRUST_LIST = "trust_list"
"""Fact under which the newest trust list is kept, as base64 of its bytes."""

_NEWEST_HOLDS = frozenset({InboxKind.PROJECT, InboxKind.PROFILE, InboxKind.TRUST})


@dataclass(frozen=True)
class ProjectRecords:
    """A project with everything of it that is here.

    Attributes:
        commissions: newest first.
        lots: received lots of these commissions, in order of number.
    """

    project: Project
    commissions: tuple[Commission, ...]
    lots: tuple[Lot, ...]


class Commissions:
    """Fulfils the sync engine's ``InboxHandler``; taking the same item twice changes nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def take(self, item: InboxItem) -> None:
        """Apply one item in one transaction, and keep its signed document beside what it changes.

        Raises:
            OperatorError: ``reception.commission_differs`` when a commission that is here arrives with another content;
                ``reception.item_differs`` when an item that was taken arrives under its id with another document.
        """
        with self._store.write(SYSTEM) as uow:
            if _taken_before(uow, item):
                return
            if item.kind in _NEWEST_HOLDS and not _is_newer(uow, item):
                return
            match item.content:
                case Commission():
                    self._take_commission(uow, item.content)
                case TagList():
                    _take_tags(uow, item.content.tags)
                case Project():
                    uow.projects.put(item.content, self._clock.now())
                case RegionProfile():
                    uow.profiles.add(item.id, item.content, item.document, self._clock.now())
                case TrustUpdate():
                    uow.facts.put(TRUST_LIST, base64.b64encode(item.content.trust_list).decode("ascii"))
                case _:
                    raise BugError("bug.not_plain", type=type(item.content).__name__)
            uow.inbox.keep(item, self._clock.now())
            uow.commit()

    def project(self, code: str) -> ProjectRecords | None:
        """A project with its commissions and lots."""
        with self._store.read() as uow:
            project = uow.projects.get(code)
            if project is None:
                return None
            commissions = tuple(uow.reception.commissions_of(code))
            lots = tuple(lot for commission in commissions for lot in uow.reception.lots_of(commission.number))
        return ProjectRecords(project, commissions, lots)

    def search_projects(self, words: str = "", limit: int = 50) -> list[Project]:
        """Projects by part of code or name."""
        with self._store.read() as uow:
            return uow.projects.search(words.strip(), limit)

    def _take_commission(self, uow: UnitOfWork, commission: Commission) -> None:
        known = uow.reception.commission(commission.number)
        if known is None:
            uow.reception.put_commission(commission, self._clock.now())
        elif canonical_bytes(known) != canonical_bytes(commission):
            raise OperatorError("reception.commission_differs", number=commission.number)


def _taken_before(uow: UnitOfWork, item: InboxItem) -> bool:
    known = uow.inbox.hash_of(item.id)
    if known is not None and known != sha256_hex(item.document):
        raise OperatorError("reception.item_differs", id=item.id)
    return known is not None


def _is_newer(uow: UnitOfWork, item: InboxItem) -> bool:
    """Whether the item is newer than the last one about the same thing, and notes it: a late copy never brings back the old."""
    about = item.kind.value if item.kind is InboxKind.TRUST else item.natural_key
    name = f"inbox:{sha256_hex(about.encode())[:48]}"
    stamp = f"{utc_text(item.issued_at)} {item.id}"
    known = uow.facts.get(name)
    if known is not None and known >= stamp:
        return False
    uow.facts.put(name, stamp)
    return True


def _take_tags(uow: UnitOfWork, tags: Iterable[TagRecord]) -> None:
    for record in tags:
        if uow.reception.tag(record.tag) != record:
            uow.reception.put_tag(record)
