"""Projects under their code, as imported from the platform."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache

from sqlalchemy import String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.plain import from_plain
from labdesk.domain.projects import Project
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.acceptance import Acceptance
from labdesk.storage.base import Base, Tracked, key_column


class ProjectRow(Base, Tracked):
    """The newest record of a project; earlier versions are in the platform's messages and the log."""

    __tablename__ = "projects"
    code: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(200), index=True)
    body: Mapped[str] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()


class Projects:
    """Repository of projects; statements of acceptance hang on them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.acceptance = Acceptance(session)

    def put(self, project: Project, received_at: datetime) -> None:
        """Keep a project's record as the platform sent it."""
        row = self._session.get(ProjectRow, project.code)
        body = canonical_bytes(project).decode()
        if row is None:
            self._session.add(ProjectRow(code=project.code, name=project.name, body=body, received_at=received_at))
        else:
            row.name, row.body, row.received_at = project.name, body, received_at

    def get(self, code: str) -> Project | None:
        """The project with that code."""
        row = self._session.get(ProjectRow, code)
        return None if row is None else _project(row)

    def search(self, words: str, limit: int = 50) -> list[Project]:
        """Projects whose code or name contains ``words``."""
        pattern = f"%{words}%"
        query = select(ProjectRow).where(or_(ProjectRow.code.like(pattern), ProjectRow.name.like(pattern)))
        return [_project(row) for row in self._session.scalars(query.order_by(ProjectRow.name).limit(limit))]


def _project(row: ProjectRow) -> Project:
    return _read_project(row.body)


@lru_cache(maxsize=32)
def _read_project(body: str) -> Project:
    """A project from its text; kept at hand, as every scan at the counter asks for its letters."""
    return from_plain(Project, json.loads(body))
