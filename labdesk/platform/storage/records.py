"""Projects, commissions, tags and region profiles: imported or issued, never changed afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from labdesk.domain.commission import Commission, TagRecord, TagState
from labdesk.domain.plain import from_plain
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import Project
from labdesk.evidence.canonical import canonical_bytes, loads
from labdesk.platform.storage.tables import CommissionRow, ProfileRow, ProjectRow, TagRow, TagVoidRow


class Records:
    """Repository of what the platform knows before any laboratory acts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put_project(self, project: Project, at: datetime) -> bool:
        """Import a project's record; ``False`` if it is known exactly so already."""
        if self.project(project.code) == project:
            return False
        self._session.add(ProjectRow(code=project.code, body=_text(project), imported_at=at))
        self._session.flush()
        return True

    def project(self, code: str) -> Project | None:
        """The newest record of a project code."""
        query = select(ProjectRow.body).where(ProjectRow.code == code).order_by(ProjectRow.serial.desc()).limit(1)
        body = self._session.scalar(query)
        return None if body is None else from_plain(Project, loads(body.encode("utf-8")))

    def projects(self) -> tuple[Project, ...]:
        """All projects, newest record each, by code."""
        codes = self._session.scalars(select(ProjectRow.code).distinct().order_by(ProjectRow.code)).all()
        return tuple(project for project in map(self.project, codes) if project is not None)

    def put_commission(self, commission: Commission, lab_id: str, at: datetime) -> None:
        """Import a commission for a laboratory; a number is taken once, held by the database."""
        self._session.add(
            CommissionRow(
                number=commission.number,
                project_code=commission.project_code,
                lab_id=lab_id,
                body=_text(commission),
                imported_at=at,
            )
        )
        self._session.flush()

    def commission(self, number: str) -> tuple[Commission, str] | None:
        """A commission and the laboratory it went to."""
        row = self._session.get(CommissionRow, number)
        return None if row is None else (from_plain(Commission, loads(row.body.encode("utf-8"))), row.lab_id)

    def commissions_of(self, project_code: str) -> tuple[tuple[Commission, str], ...]:
        """Commissions of a project with their laboratories, newest first."""
        query = (
            select(CommissionRow)
            .where(CommissionRow.project_code == project_code)
            .order_by(CommissionRow.imported_at.desc(), CommissionRow.number.desc())
        )
        return tuple(
            (from_plain(Commission, loads(row.body.encode("utf-8"))), row.lab_id)
            for row in self._session.scalars(query)
        )

    def register_tag(self, tag: str, commission: Commission, at: datetime) -> None:
        """Register a tag for a commission; a tag is registered once, held by the database."""
        self._session.add(
            TagRow(tag=tag, project_code=commission.project_code, commission_no=commission.number, registered_at=at)
        )

    def tag(self, tag: str) -> TagRecord | None:
        """A tag with the state it has now."""
        row = self._session.get(TagRow, tag)
        if row is None:
            return None
        void = self._session.get(TagVoidRow, tag)
        state = TagState.ACTIVE if void is None else TagState.VOID
        return TagRecord(row.tag, row.project_code, row.commission_no, state, "" if void is None else void.reason)

    def void_tag(self, tag: str, reason: str, at: datetime) -> None:
        """Declare a tag void."""
        self._session.add(TagVoidRow(tag=tag, reason=reason, at=at))
        self._session.flush()

    def put_profile(self, profile: RegionProfile, document: bytes, at: datetime) -> None:
        """Keep a signed edition of the region profile; an edition exists once, held by the database."""
        self._session.add(
            ProfileRow(
                region=profile.region, edition=profile.edition, body=_text(profile), document=document, issued_at=at
            )
        )
        self._session.flush()

    def profiles(self) -> tuple[tuple[RegionProfile, bytes], ...]:
        """All editions with their documents, oldest first."""
        return tuple(
            (from_plain(RegionProfile, loads(row.body.encode("utf-8"))), row.document)
            for row in self._session.scalars(select(ProfileRow).order_by(ProfileRow.serial))
        )

    def profile_on(self, day: date) -> RegionProfile | None:
        """The edition in force on ``day``; before the first one, the first."""
        found = [profile for profile, _ in self.profiles()]
        in_force = [profile for profile in found if profile.valid_from <= day]
        usable = in_force or found[:1]
        return usable[-1] if usable else None


def _text(value: object) -> str:
    return canonical_bytes(value).decode("utf-8")
