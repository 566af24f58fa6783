"""The laboratory's machines: registered, renewed with a new certificate, listed. Every version of a machine leaves its leaf in the log.

Runs carry their own copy of machine and calibration (``sealed_run.RunHeader``), so nothing changed here reaches an old run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from labdesk.domain.bench import MACHINE_TESTS
from labdesk.domain.clock import WALL, Clock, IdSource
from labdesk.domain.errors import OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.people import Person, Role, Session
from labdesk.domain.store import Actor, Store, UnitOfWork

MAY_CHANGE = (Role.QUALITY, Role.ADMINISTRATOR)
#: A certificate that ends within so many days is told of in advance.
WARN_DAYS = 30
_CLASSES = (Decimal("0.5"), Decimal(1), Decimal(2), Decimal(3))
_LARGEST_KN = Decimal(100_000)


@dataclass(frozen=True)
class TypedCertificate:
    """A calibration certificate as typed; days as ``2026-11-21``."""

    number: str
    valid_from: str
    valid_to: str
    accuracy_class: str


@dataclass(frozen=True)
class TypedMachine:
    """A machine as typed.

    Attributes:
        number: equipment number on its plate.
        capacity_kn: nominal capacity.
        tests: values of ``TestKind`` it is registered for.
        settings: what its driver must be told; empty texts are left out.
    """

    number: str
    name: str
    driver_id: str
    port_url: str
    capacity_kn: str
    tests: tuple[str, ...]
    certificate: TypedCertificate
    settings: Mapping[str, str]


@dataclass(frozen=True)
class MachineLine:
    """A machine with what its calendar says.

    Attributes:
        days_left: days until its certificate ends, today included; 0 or less when it is not valid today.
        runs: how many runs it has made.
    """

    machine: Machine
    days_left: int
    runs: int

    @property
    def calibrated(self) -> bool:
        """Whether it may be used for tests today."""
        return self.days_left > 0

    @property
    def ends_soon(self) -> bool:
        """Whether a new certificate is due."""
        return 0 < self.days_left <= WARN_DAYS


class EquipmentDesk:
    """The use case of the equipment page."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def machines(self) -> list[MachineLine]:
        """All machines by number."""
        today = self._today()
        with self._store.read() as uow:
            return [_line(machine, today, uow.testing.count_of_machine(machine.id)) for machine in uow.equipment.all()]

    def may_change(self, person: Person) -> bool:
        """Whether a person may register machines and certificates."""
        return any(person.may(role) for role in MAY_CHANGE)

    def register(self, typed: TypedMachine, session: Session) -> Machine:
        """A new machine.

        Raises:
            OperatorError: ``equipment.role``, ``equipment.bad_field`` naming field and text, ``equipment.bad_dates``,
                ``equipment.number_taken``.
        """
        return self._keep(self._built(self._ids.new_id(), typed), session)

    def change(self, machine_id: str, typed: TypedMachine, session: Session) -> Machine:
        """A known machine with another port, name or capacity; its key stays, the old version stays in the log."""
        self._known(machine_id)
        return self._keep(self._built(machine_id, typed), session)

    def renew(self, machine_id: str, typed: TypedCertificate, session: Session) -> Machine:
        """A machine with a new calibration certificate.

        Raises:
            OperatorError: as :meth:`register`; ``equipment.older_certificate`` when the new one ends before the present one.
        """
        before = self._known(machine_id)
        number, start, end, accuracy = _certificate(typed)
        if end < before.certificate_valid_to:
            raise OperatorError(
                "equipment.older_certificate", machine=before.number, new=end, old=before.certificate_valid_to
            )
        renewed = replace(
            before,
            certificate_no=number,
            certificate_valid_from=start,
            certificate_valid_to=end,
            accuracy_class=accuracy,
        )
        return self._keep(renewed, session)

    def _keep(self, machine: Machine, session: Session) -> Machine:
        if not self.may_change(session.person):
            raise OperatorError("equipment.role", name=session.person.name)
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            _check_number(uow, machine)
            uow.equipment.put(machine)
            uow.commit()
        kept = self._known(machine.id)
        if kept != machine:
            raise OperatorError("equipment.not_kept", machine=machine.number)
        return kept

    def _known(self, machine_id: str) -> Machine:
        with self._store.read() as uow:
            machine = uow.equipment.get(machine_id)
        if machine is None:
            raise OperatorError("bench.unknown_machine", machine=machine_id)
        return machine

    def _built(self, key: str, typed: TypedMachine) -> Machine:
        number, start, end, accuracy = _certificate(typed.certificate)
        known = {kind.value for kind in MACHINE_TESTS}
        if not typed.tests or not known.issuperset(typed.tests):
            raise _bad("tests", ", ".join(typed.tests))
        return Machine(
            id=key,
            number=_text("number", typed.number, 40),
            name=_text("name", typed.name, 60),
            driver_id=_text("driver", typed.driver_id, 60),
            port_url=_text("port", typed.port_url, 200),
            capacity_kn=_number("capacity", typed.capacity_kn, _LARGEST_KN),
            accuracy_class=accuracy,
            certificate_no=number,
            certificate_valid_from=start,
            certificate_valid_to=end,
            tests=tuple(sorted(set(typed.tests))),
            settings={name: text.strip() for name, text in typed.settings.items() if text.strip()},
        )

    def _today(self) -> date:
        return self._clock.now().astimezone(WALL).date()


def _line(machine: Machine, today: date, runs: int) -> MachineLine:
    begun = machine.certificate_valid_from <= today
    return MachineLine(machine, (machine.certificate_valid_to - today).days + 1 if begun else 0, runs)


def _check_number(uow: UnitOfWork, machine: Machine) -> None:
    if any(other.number == machine.number and other.id != machine.id for other in uow.equipment.all()):
        raise OperatorError("equipment.number_taken", number=machine.number)


def _certificate(typed: TypedCertificate) -> tuple[str, date, date, Decimal]:
    number = _text("certificate", typed.number, 60)
    start, end = _day("valid_from", typed.valid_from), _day("valid_to", typed.valid_to)
    if end < start:
        raise OperatorError("equipment.bad_dates", start=start, end=end)
    accuracy = _number("class", typed.accuracy_class, _CLASSES[-1])
    if accuracy not in _CLASSES:
        raise _bad("class", typed.accuracy_class)
    return number, start, end, accuracy


def _bad(field: str, text: str) -> OperatorError:
    if not text.strip():
        return OperatorError("equipment.field_missing", field=f"@equipment.field.{field}")
    return OperatorError("equipment.bad_field", field=f"@equipment.field.{field}", text=text[:40])


def _text(field: str, text: str, longest: int) -> str:
    typed = text.strip()
    if not typed or len(typed) > longest:
        raise _bad(field, typed)
    return typed


def _number(field: str, text: str, largest: Decimal) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise _bad(field, text) from None
    if not value.is_finite() or not 0 < value <= largest:
        raise _bad(field, text)
    return value


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _bad(field, text) from None
