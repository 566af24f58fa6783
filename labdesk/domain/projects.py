"""Projects under their project code, their parties, and who may act for them (imported from the platform, never made here)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PartyRole(StrEnum):
    """The five responsible parties of a project, and the supervising authority (五方责任主体, 监督机构)."""

    CLIENT = "client"
    SURVEYOR = "surveyor"
    DESIGNER = "designer"
    CONTRACTOR = "contractor"
    SUPERVISOR = "supervisor"
    AUTHORITY = "authority"


class SiteRole(StrEnum):
    """What a person of the site may be authorised for; sampler and witness are never the same person."""

    SAMPLER = "sampler"
    WITNESS = "witness"


@dataclass(frozen=True)
class Party:
    """A company or authority."""

    role: PartyRole
    name: str
    credit_code: str = ""


@dataclass(frozen=True)
class SitePerson:
    """A sampler or witness as registered by real name; ``certificate_no`` identifies the person."""

    name: str
    certificate_no: str
    company: str


@dataclass(frozen=True)
class Authorisation:
    """The letter (授权书) that lets a site person act for a project between two days (both included); YK-4.3, 5.1, 6.1."""

    person: SitePerson
    role: SiteRole
    valid_from: date
    valid_to: date
    letter_no: str

    def covers(self, certificate_no: str, role: SiteRole, day: date) -> bool:
        """Whether this letter lets that person act in that role on that day."""
        return (
            self.person.certificate_no == certificate_no
            and self.role is role
            and self.valid_from <= day <= self.valid_to
        )


@dataclass(frozen=True)
class Unit:
    """A unit of works (单位工程) of a project."""

    number: str
    name: str


@dataclass(frozen=True)
class Project:
    """A project as the provincial platform knows it (LN-3.1): everything hangs on its code."""

    code: str
    name: str
    address: str
    parties: tuple[Party, ...]
    units: tuple[Unit, ...]
    authorisations: tuple[Authorisation, ...]

    def party(self, role: PartyRole) -> Party | None:
        """The party in that role, if the record names one."""
        return next((party for party in self.parties if party.role is role), None)

    def authorised(self, person: SitePerson, role: SiteRole, day: date) -> bool:
        """Whether ``person`` held a letter for ``role`` on ``day``."""
        return any(letter.covers(person.certificate_no, role, day) for letter in self.authorisations)
