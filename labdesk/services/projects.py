"""Looking up a project: its parties, who may act for it today, and what of it has come to this laboratory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from labdesk.domain.clock import WALL, Clock
from labdesk.domain.commission import Commission
from labdesk.domain.projects import Authorisation, Project
from labdesk.domain.specimens import Lot
from labdesk.domain.store import Store


class LetterState(StrEnum):
    """Whether a letter lets its person act today."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Letter:
    """A letter of authorisation and how it stands today, by the laboratory's wall clock."""

    letter: Authorisation
    state: LetterState


@dataclass(frozen=True)
class ProjectRecord:
    """A project with everything of it that is here.

    Attributes:
        letters: of samplers and witnesses, valid ones first.
        commissions: newest first.
        received: numbers of commissions of which something was received.
        lots: received lots, in order of number.
    """

    project: Project
    letters: tuple[Letter, ...]
    commissions: tuple[Commission, ...]
    received: frozenset[str]
    lots: tuple[Lot, ...]


class Projects:
    """The use case of the projects page; it only reads, records come from the platform (LN-3.1)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def search(self, words: str = "", limit: int = 100) -> list[Project]:
        """Projects by part of code or name."""
        with self._store.read() as uow:
            return uow.projects.search(words.strip(), limit)

    def record(self, code: str) -> ProjectRecord | None:
        """A project with its commissions and lots; ``None`` where the platform never sent it."""
        with self._store.read() as uow:
            project = uow.projects.get(code)
            if project is None:
                return None
            commissions = tuple(uow.reception.commissions_of(code))
            lots = tuple(lot for commission in commissions for lot in uow.reception.lots_of(commission.number))
        letters = sorted((self._letter(letter) for letter in project.authorisations), key=_order)
        received = frozenset(lot.commission_no for lot in lots)
        return ProjectRecord(project, tuple(letters), commissions, received, tuple(sorted(lots, key=_number)))

    def _letter(self, letter: Authorisation) -> Letter:
        today = self._clock.now().astimezone(WALL).date()
        if today < letter.valid_from:
            return Letter(letter, LetterState.NOT_YET)
        return Letter(letter, LetterState.EXPIRED if today > letter.valid_to else LetterState.VALID)


def _order(letter: Letter) -> tuple[int, str, str]:
    return tuple(LetterState).index(letter.state), letter.letter.role.value, letter.letter.person.name


def _number(lot: Lot) -> str:
    return lot.number
