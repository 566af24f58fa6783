"""Operators of the web site and their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from labdesk.platform.storage.tables import OperatorRow, SignInFailureRow, WebSessionRow


@dataclass(frozen=True)
class WebSession:
    """A signed-in browser: who, and the token its forms must carry."""

    operator: str
    csrf: str


class Access:
    """Repository of operators and sessions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put_operator(self, name: str, password_hash: str, at: datetime) -> None:
        """Add an operator, or give one a new password; sessions begun before end."""
        row = self._session.get(OperatorRow, name)
        if row is None:
            self._session.add(OperatorRow(name=name, password_hash=password_hash, created_at=at))
        else:
            row.password_hash = password_hash
        self._session.execute(delete(WebSessionRow).where(WebSessionRow.operator == name))

    def password_hash(self, name: str) -> str | None:
        """Argon2 hash of an operator's password."""
        row = self._session.get(OperatorRow, name)
        return None if row is None else row.password_hash

    def begin(self, token_hash: str, session: WebSession, expires_at: datetime) -> None:
        """Begin a session."""
        self._session.add(
            WebSessionRow(token_hash=token_hash, operator=session.operator, csrf=session.csrf, expires_at=expires_at)
        )

    def session(self, token_hash: str, at: datetime) -> WebSession | None:
        """The living session of a cookie."""
        row = self._session.get(WebSessionRow, token_hash)
        return None if row is None or row.expires_at <= at else WebSession(row.operator, row.csrf)

    def end(self, token_hash: str) -> None:
        """End a session."""
        self._session.execute(delete(WebSessionRow).where(WebSessionRow.token_hash == token_hash))

    def sweep(self, at: datetime) -> None:
        """Forget sessions past their time."""
        self._session.execute(delete(WebSessionRow).where(WebSessionRow.expires_at <= at))

    def failed(self, name: str, at: datetime) -> None:
        """Remember a wrong password."""
        self._session.add(SignInFailureRow(name=name, at=at))

    def failures_since(self, name: str, since: datetime) -> int:
        """Wrong passwords for a name since a moment."""
        query = select(func.count()).where(SignInFailureRow.name == name, SignInFailureRow.at >= since)
        return self._session.scalar(query) or 0

    def clear_failures(self, name: str) -> None:
        """A right password forgets the wrong ones before it."""
        self._session.execute(delete(SignInFailureRow).where(SignInFailureRow.name == name))
