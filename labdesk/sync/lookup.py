"""Asking the platform about a report code; no token needed, and nothing but the code leaves the house."""

from __future__ import annotations

from urllib.parse import quote

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.verification import IssueRecord
from labdesk.evidence.canonical import loads
from labdesk.sync.transport import HttpCall, HttpTransport
from labdesk.wire.codec import read_as

_TIMEOUT_S = 8.0


class PlatformLookup:
    """Fulfils ``domain.verification.IssueLookup`` over the platform's public interface."""

    def __init__(self, url: str) -> None:
        self._url = url

    def newest(self, code: str) -> IssueRecord | None:
        """The record of a code, ``None`` if it was never issued; raises EnvironmentFault when the platform is out of reach."""
        transport = HttpTransport(self._url, "", _TIMEOUT_S)
        try:
            reply = transport.call(HttpCall("GET", f"/api/v1/reports/{quote(code, safe='')}/state"))
        finally:
            transport.close()
        if reply.status == 404:
            return None
        if reply.status != 200:
            raise EnvironmentFault("sync.platform_problem", reason=str(reply.status))
        return read_as(IssueRecord, loads(reply.content))
