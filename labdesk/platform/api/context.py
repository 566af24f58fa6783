"""What the interface works with, and how it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.errors import LabDeskError
from labdesk.domain.plain import to_plain
from labdesk.domain.sentences import Language, say_error
from labdesk.evidence.canonical import canonical_bytes
from labdesk.evidence.trust import Trust, TrustList
from labdesk.platform.rules.authority import Authority
from labdesk.platform.storage.blobs import BlobFiles
from labdesk.platform.storage.store import Desk, Store
from labdesk.wire.envelope import Problem

RECEIPT_TYPE = "application/vnd.labdesk.receipt+json"
PROBLEM_TYPE = "application/vnd.labdesk.problem+json"


@dataclass(frozen=True)
class Context:
    """The platform's parts."""

    store: Store
    blobs: BlobFiles
    authority: Authority
    clock: Clock
    ids: IdSource


@dataclass(frozen=True)
class Answer:
    """Status, media type and bytes of an answer."""

    status: int
    media_type: str
    content: bytes


class ProblemError(Exception):
    """Ends a request with an unsigned answer: nothing was stored."""

    def __init__(
        self, status: int, error: LabDeskError, missing: tuple[str, ...] = (), offset: int | None = None
    ) -> None:
        super().__init__(str(error))
        self.status = status
        self.error = error
        self.missing = missing
        self.offset = offset

    def answer(self) -> Answer:
        """The answer with the sentence in both languages."""
        params: Mapping[str, str] = {name: str(value) for name, value in self.error.params.items()}
        sentences = (say_error(self.error, Language.ZH), say_error(self.error, Language.EN))
        problem = Problem(self.error.key, *sentences, params=params, missing=self.missing, offset=self.offset)
        return Answer(self.status, PROBLEM_TYPE, canonical_bytes(to_plain(problem)))


def platform_trust(context: Context, desk: Desk) -> Trust:
    """What the platform itself trusts: its root, and all keys with the ends they have now."""
    now = context.clock.now()
    host = context.authority.identity.host
    listed = TrustList(host, 0, now, now, desk.labs.keys(), (context.authority.pdf_certificate.hex(),))
    return Trust(host, (context.authority.root.public_key,), listed, (context.authority.pdf_certificate,))
