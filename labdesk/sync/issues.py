"""Asking the platform about a report code, for verification; needs no token, only the address."""

from __future__ import annotations

import re

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.verification import IssueRecord
from labdesk.evidence.canonical import loads
from labdesk.sync.port import UnreachableError
from labdesk.sync.transport import HttpCall, Transport
from labdesk.wire.codec import read_as
from labdesk.wire.envelope import Problem

_CODE = re.compile(r"[0-9A-Z\-]{4,40}")


class PlatformIssues:
    """Fulfils :class:`labdesk.domain.verification.IssueLookup`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def newest(self, code: str) -> IssueRecord | None:
        """What the platform knows of the code now; ``None`` if it never gave it.

        Raises:
            EnvironmentFault: ``sync.unreachable``, or ``sync.not_a_receipt`` when somebody else answered.
        """
        if not _CODE.fullmatch(code):
            return None
        try:
            reply = self._transport.call(HttpCall("GET", f"/api/v1/reports/{code}/state"))
        except UnreachableError as error:
            raise error.fault from error
        try:
            found = loads(reply.content)
            if reply.status == 404 and read_as(Problem, found).reason == "platform.unknown_code":
                return None
            record = read_as(IssueRecord, found)
        except OperatorError as error:
            raise EnvironmentFault("sync.not_a_receipt", status=reply.status) from error
        if record.code != code:
            raise EnvironmentFault("sync.not_a_receipt", status=reply.status)
        return record
