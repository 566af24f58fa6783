"""Signing in to the web site: argon2, a session cookie, forms that only our own pages can send, a door that closes for a while."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from fastapi import Request

from labdesk.domain.errors import OperatorError
from labdesk.platform.storage.access import WebSession
from labdesk.platform.storage.store import Desk
from labdesk.platform.web.parts import PageError, WebParts

SESSION_COOKIE = "labdesk_session"
FORM_COOKIE = "labdesk_form"
SESSION_HOURS = 10
_FAILURES, _FAILURE_MINUTES = 5, 5
_MAX_FORM = 16 * 1024
# Compared with when the name is unknown, so that unknown names take as long as wrong passwords.
_NOBODY = PasswordHasher().hash(secrets.token_urlsafe(16))


@dataclass(frozen=True)
class Credentials:
    """What the form said."""

    name: str
    password: str


def hashed(token: str) -> str:
    """How session cookies are kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def form_of(request: Request) -> dict[str, str]:
    """Fields of an URL-encoded form of our own pages; raises PageError 413, 403."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise PageError(403, OperatorError("web.foreign_form"))
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > _MAX_FORM:
            raise PageError(413, OperatorError("platform.too_large", limit=_MAX_FORM))
    try:
        fields = parse_qs(found.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise PageError(400, OperatorError("web.foreign_form")) from error
    return {name: values[0] for name, values in fields.items()}


def require_form_token(request: Request, fields: dict[str, str]) -> None:
    """The hidden field must equal the form cookie; raises PageError 403."""
    require_same(request.cookies.get(FORM_COOKIE, ""), fields.get("csrf", ""))


def require_same(expected: str, given: str) -> None:
    """Raises PageError 403 unless both are the same and not empty."""
    if not expected or not hmac.compare_digest(expected.encode("utf-8", "replace"), given.encode("utf-8", "replace")):
        raise PageError(403, OperatorError("web.foreign_form"))


class SignIn:
    """Checks passwords and keeps sessions."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    def begin(self, given: Credentials) -> str:
        """A new session's cookie.

        Raises:
            OperatorError: ``web.wrong_password`` or ``web.too_many``.
        """
        now = self._parts.clock.now()
        since = now - timedelta(minutes=_FAILURE_MINUTES)

        def look(desk: Desk) -> tuple[int, str | None]:
            return desk.access.failures_since(given.name, since), desk.access.password_hash(given.name)

        failures, stored = self._parts.store.read(look)
        if failures >= _FAILURES:
            raise OperatorError("web.too_many", minutes=_FAILURE_MINUTES)
        if not _matches(stored or _NOBODY, given.password) or stored is None:
            self._parts.store.write(lambda desk: desk.access.failed(given.name, now))
            raise OperatorError("web.wrong_password")
        token = secrets.token_urlsafe(32)
        session = WebSession(given.name, secrets.token_urlsafe(24))

        def keep(desk: Desk) -> None:
            desk.access.sweep(now)
            desk.access.clear_failures(given.name)
            desk.access.begin(hashed(token), session, now + timedelta(hours=SESSION_HOURS))

        self._parts.store.write(keep)
        return token

    def session(self, request: Request) -> WebSession | None:
        """The session of a request."""
        token = request.cookies.get(SESSION_COOKIE)
        if not token:
            return None
        now = self._parts.clock.now()
        return self._parts.store.read(lambda desk: desk.access.session(hashed(token), now))

    def end(self, request: Request) -> None:
        """End the request's session."""
        token = request.cookies.get(SESSION_COOKIE, "")
        self._parts.store.write(lambda desk: desk.access.end(hashed(token)))


def _matches(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False
