"""HTTP to the platform, in a form that tests and other transports can stand in for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.sync.port import UnreachableError

MAX_ANSWER = 300 * 1024 * 1024
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class HttpReply:
    """An answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class HttpCall:
    """A request: ``path`` below the platform's address."""

    method: str
    path: str
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """Carries calls."""

    def call(self, call: HttpCall) -> HttpReply:
        """The answer, whatever its status; raises UnreachableError when there is none."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


class HttpTransport:
    """httpx with limits: no redirects (a network's login page redirects), certificates checked, answers bounded.

    Args:
        url: the platform's address; plain ``http`` only on this computer.
        token: bearer token.
        timeout_s: longest silence.

    Raises:
        OperatorError: ``sync.bad_address``.
    """

    def __init__(self, url: str, token: str, timeout_s: float = 20.0) -> None:
        parts = urlsplit(url)
        local = parts.hostname in _LOOPBACK
        if parts.scheme not in ("https", "http") or not parts.hostname or (parts.scheme == "http" and not local):
            raise OperatorError("sync.bad_address", url=url[:200])
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", "User-Agent": "LabDesk"},
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=not local,
        )

    def call(self, call: HttpCall) -> HttpReply:
        """The answer; raises UnreachableError."""
        try:
            with self._client.stream(call.method, call.path, content=call.content, headers=dict(call.headers)) as reply:
                content = bytearray()
                for chunk in reply.iter_bytes():
                    content += chunk
                    if len(content) > MAX_ANSWER:
                        raise EnvironmentFault("sync.not_a_receipt", status=reply.status_code)
                headers = {name.lower(): value for name, value in reply.headers.items()}
                return HttpReply(reply.status_code, headers, bytes(content))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error)[:120] or type(error).__name__
            raise UnreachableError(EnvironmentFault("sync.unreachable", reason=reason)) from error

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
