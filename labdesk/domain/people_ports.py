"""What the screen needs to let people in: ports that services fulfil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from labdesk.domain.people import Laboratory, Session


@dataclass(frozen=True)
class LabSetup:
    """What the first start asks for.

    Attributes:
        laboratory: the user of this installation.
        administrator: real name of the first administrator.
        badge: body of the administrator's badge code, upper-case.
        pin: 4 to 8 digits.
        password: at least 10 characters.
    """

    laboratory: Laboratory
    administrator: str
    badge: str
    pin: str
    password: str


class SignIn(Protocol):
    """Lets a person in. Every refusal is an OperatorError whose sentence says what to do (wrong PIN, locked until ...)."""

    def by_badge(self, badge_code: str, pin: str) -> Session:
        """Signs in by the body of a scanned badge and a PIN."""
        ...

    def by_name(self, name: str, password: str) -> Session:
        """Signs in by real name and password."""
        ...

    def recent_names(self) -> tuple[str, ...]:
        """Names of the people who signed in here last, newest first; at most six."""
        ...


class Setup(Protocol):
    """The first start of a laboratory."""

    def needed(self) -> bool:
        """Whether there is no laboratory and no administrator yet."""
        ...

    def create(self, setup: LabSetup) -> None:
        """Creates laboratory and administrator, once.

        Raises:
            OperatorError: they exist already, or a field is refused.
        """
        ...
