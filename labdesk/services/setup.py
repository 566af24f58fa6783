"""The first start: the laboratory and its administrator, once; and adding people afterwards."""

from __future__ import annotations

import json

from argon2 import PasswordHasher

from labdesk.domain.clock import IdSource
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Laboratory, Person, Role
from labdesk.domain.people_ports import LabSetup
from labdesk.domain.plain import from_plain
from labdesk.domain.store import SYSTEM, Actor, Store
from labdesk.evidence.canonical import canonical_bytes
from labdesk.services.sign_in import add_person

LABORATORY = "laboratory"


class SetupService:
    """Fulfils the screen's ``Setup`` port."""

    def __init__(self, store: Store, ids: IdSource, hasher: PasswordHasher) -> None:
        self._store = store
        self._ids = ids
        self._hasher = hasher

    def needed(self) -> bool:
        """Whether no laboratory exists yet."""
        with self._store.read() as uow:
            return uow.facts.get(LABORATORY) is None

    def laboratory(self) -> Laboratory:
        """The laboratory; raises OperatorError ``setup.not_done``."""
        with self._store.read() as uow:
            text = uow.facts.get(LABORATORY)
        if text is None:
            raise OperatorError("setup.not_done")
        return from_plain(Laboratory, json.loads(text))

    def create(self, setup: LabSetup) -> None:
        """Create laboratory and administrator; raises OperatorError ``setup.done_already`` or what a field lacks."""
        for name, value in (("laboratory", setup.laboratory.name), ("administrator", setup.administrator)):
            if not value.strip():
                raise OperatorError("setup.empty_field", field=name)
        person = Person(self._ids.new_id(), setup.administrator.strip(), setup.badge, (Role.ADMINISTRATOR,))
        with self._store.write(SYSTEM) as uow:
            if uow.facts.get(LABORATORY) is not None:
                raise OperatorError("setup.done_already")
            uow.facts.put(LABORATORY, canonical_bytes(setup.laboratory).decode())
            uow.facts.put("database_id", self._ids.new_id())
            add_person(uow, self._ids, self._hasher, person, (setup.pin, setup.password))
            uow.commit()

    def add_person(self, person: Person, secrets: tuple[str, str], actor: Actor) -> None:
        """Register somebody; raises OperatorError for weak secrets, a name or badge that is taken."""
        with self._store.write(actor) as uow:
            if uow.people.by_name(person.name) or uow.people.by_badge(person.badge):
                raise OperatorError("setup.person_taken", name=person.name, badge=person.badge)
            add_person(uow, self._ids, self._hasher, person, secrets)
            uow.commit()
