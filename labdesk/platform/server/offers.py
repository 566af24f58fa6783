"""What the platform puts into laboratories' inboxes, signed, within one transaction."""

from __future__ import annotations

from typing import Any

from labdesk.domain.commission import Commission
from labdesk.domain.plain import to_plain
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import Project
from labdesk.domain.sync_ports import InboxKind, TagList
from labdesk.platform.api.context import Context
from labdesk.platform.server.setup import issue_trust_list
from labdesk.platform.storage.inbox import StoredItem
from labdesk.platform.storage.store import Desk
from labdesk.wire.inbox import ItemStatement, ProfileContent, TrustContent


class Offers:
    """Offers items within the transaction of ``desk``."""

    def __init__(self, context: Context, desk: Desk) -> None:
        self._context = context
        self._desk = desk

    def project(self, lab_id: str, project: Project) -> None:
        """A project's record."""
        self._offer(lab_id, InboxKind.PROJECT, f"project:{project.code}", to_plain(project))

    def project_again(self, project: Project) -> None:
        """A changed record (a new authorisation) goes to every laboratory that has a commission of the project."""
        for lab_id in dict.fromkeys(lab for _, lab in self._desk.records.commissions_of(project.code)):
            self.project(lab_id, project)

    def tags(self, lab_id: str, kind: InboxKind, tags: list[str]) -> None:
        """Tags with the state they have now."""
        records = tuple(record for record in map(self._desk.records.tag, tags) if record is not None)
        if records:
            self._offer(lab_id, kind, f"{kind.value}:{tags[0]}", to_plain(TagList(records)))

    def commission(self, lab_id: str, commission: Commission) -> None:
        """A commission; those of its photos that are here may be fetched."""
        photos = dict.fromkeys(photo.sha256 for lot in commission.lots for photo in lot.sampling.photos)
        here = tuple(sha256 for sha256 in photos if self._context.blobs.size(sha256) is not None)
        key = f"commission:{commission.number}"
        self._offer(lab_id, InboxKind.COMMISSION, key, to_plain(commission), here)

    def profile(self, lab_id: str, profile: RegionProfile, document: bytes) -> None:
        """A signed edition of the region profile."""
        content = to_plain(ProfileContent(document.decode("utf-8")))
        self._offer(lab_id, InboxKind.PROFILE, f"profile:{profile.region}:{profile.edition}", content)

    def trust(self, lab_id: str) -> None:
        """The newest trust list."""
        number, data = self._desk.labs.newest_trust_list()
        self._offer(lab_id, InboxKind.TRUST, f"trust:{number}", to_plain(TrustContent(data.hex())))

    def new_trust(self) -> None:
        """Issue the next trust list and offer it to every laboratory."""
        issue_trust_list(self._context, self._desk)
        for lab_id in self._desk.labs.ids():
            self.trust(lab_id)

    def _offer(
        self, lab_id: str, kind: InboxKind, natural_key: str, content: Any, attachments: tuple[str, ...] = ()
    ) -> None:
        item_id, now = self._context.ids.new_id(), self._context.clock.now()
        statement = ItemStatement(item_id, kind, natural_key, lab_id, now, content, attachments)
        document = self._context.authority.item(statement)
        self._desk.inbox.add(StoredItem(item_id, lab_id, kind, natural_key, document, now), attachments)
