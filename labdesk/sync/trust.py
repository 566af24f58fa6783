"""What the platform says counts only when its signature holds under the pinned root."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.evidence.documents import read_document, verify_document
from labdesk.evidence.keys import KeyUse
from labdesk.evidence.trust import Standing, Trust


class TrustKeeper:
    """The newest trust known, for the sync thread.

    Args:
        trust: host and pinned root, with the trust list stored last time if any.
        fetch: brings the platform's newest trust list; used when a key is not known.
    """

    def __init__(self, trust: Trust, fetch: Callable[[], bytes]) -> None:
        self._trust = trust
        self._fetch = fetch

    @property
    def trust(self) -> Trust:
        """As it stands."""
        return self._trust

    def update(self, data: bytes) -> None:
        """Take a trust list; an older one than the one known changes nothing. Raises OperatorError for a forged one."""
        try:
            self._trust = self._trust.updated(data)
        except OperatorError as error:
            if error.key != "evidence.list_older":
                raise

    def open(self, data: bytes, kind: str, use: KeyUse, moment_of: Callable[[Any], datetime]) -> Any:
        """The plain content of a signed document, its key trusted for ``use`` at the moment the content names.

        Raises:
            LabDeskError: malformed, unknown key, wrong signature, or ``sync.key_doubtful``.
        """
        document = read_document(data)
        if not self._trust.records(document.key_id):
            self._refresh()
        content = verify_document(document, kind, self._trust.ed25519_keys)
        moment = moment_of(content)
        standings = {record.standing(use, moment) for record in self._trust.records(document.key_id)}
        if Standing.TRUSTED not in standings:
            raise EnvironmentFault("sync.key_doubtful", standing=", ".join(sorted(item.value for item in standings)))
        return content

    def _refresh(self) -> None:
        try:
            self.update(self._fetch())
        except LabDeskError as error:
            raise EnvironmentFault("sync.key_doubtful", standing=error.key) from error
