"""People of the laboratory: who they are here, what they may do, and what they may sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person does in the laboratory; one person may hold several."""

    RECEPTION = "reception"
    TECHNICIAN = "technician"
    CHECKER = "checker"
    REVIEWER = "reviewer"
    SIGNATORY = "signatory"
    QUALITY = "quality"
    ADMINISTRATOR = "administrator"


class Field(StrEnum):
    """Fields of testing that competence and signatory authorisation are given for."""

    STEEL = "steel"
    CONCRETE = "concrete"
    MATERIALS = "materials"
    """All other building materials: sand, stone, cement, admixture, membrane, tile, pipe ..."""


@dataclass(frozen=True)
class Scope:
    """An authorisation for a field in a time span (both days included).

    Attributes:
        field: the field of testing.
        valid_from, valid_to: first and last day.
        reference: number of the letter or certificate it comes from.
    """

    field: Field
    valid_from: date
    valid_to: date
    reference: str

    def covers(self, field: Field, day: date) -> bool:
        """Whether the authorisation is for ``field`` and in force on ``day``."""
        return self.field is field and self.valid_from <= day <= self.valid_to


@dataclass(frozen=True)
class Person:
    """Somebody who works here.

    Attributes:
        id: UUIDv7.
        name: real name, also printed on records and reports; unique for sign-in.
        badge: body of the badge code (kind ``B``), unique.
        roles: what the person may do.
        competences: fields the person may test in.
        signatory: fields the person may approve reports in (授权签字人).
        active: left people stay on record, but may do nothing.
        left_on, left_because: since when and why they may do nothing; empty while active.
    """

    id: str
    name: str
    badge: str
    roles: tuple[Role, ...]
    competences: tuple[Scope, ...] = ()
    signatory: tuple[Scope, ...] = ()
    active: bool = True
    left_on: date | None = None
    left_because: str = ""

    def may(self, role: Role) -> bool:
        """Whether the person is active and holds ``role``."""
        return self.active and role in self.roles

    def competent(self, field: Field, day: date) -> bool:
        """Whether the person may test in ``field`` on ``day``."""
        return self.active and any(scope.covers(field, day) for scope in self.competences)

    def may_approve(self, field: Field, day: date) -> bool:
        """Whether the person is an authorised signatory for ``field`` on ``day``."""
        return self.may(Role.SIGNATORY) and any(scope.covers(field, day) for scope in self.signatory)


@dataclass(frozen=True)
class Secrets:
    """Argon2 hashes of a person's secrets; never the secrets themselves."""

    pin_hash: str
    password_hash: str


class SignInOutcome(StrEnum):
    """How an attempt to sign in ended; ``RENEWED`` is no attempt: somebody who may gave new secrets, and counting begins anew."""

    OK = "ok"
    WRONG = "wrong"
    LOCKED = "locked"
    RENEWED = "renewed"


@dataclass(frozen=True)
class SignInAttempt:
    """An attempt to sign in; ``failures_in_row`` counts wrong ones since the last success, this one included."""

    id: str
    person_id: str
    station: str
    outcome: SignInOutcome
    at: datetime
    failures_in_row: int


@dataclass(frozen=True)
class Session:
    """A signed-in person at a station, since a moment."""

    person: Person
    station: str
    since: datetime


@dataclass(frozen=True)
class Laboratory:
    """The user of LabDesk.

    Attributes:
        id: the laboratory's number at the platform.
        name: as on the qualification certificate.
        address: printed on reports.
        certificate_no: qualification certificate (资质证书编号).
        cma_no: number of the CMA certificate, empty without one.
        phone: for people who hold a report.
    """

    id: str
    name: str
    address: str
    certificate_no: str
    cma_no: str = ""
    phone: str = ""
