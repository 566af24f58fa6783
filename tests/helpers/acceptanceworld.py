"""A project with groups of cubes in a real store: received, evaluated, ready to be assessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine

from labdesk.domain.acceptance import AcceptanceSheet
from labdesk.domain.evaluation import Evaluation, LotInput
from labdesk.domain.people import Field, Person, Role, Secrets, Session
from labdesk.domain.reporting import Laboratory
from labdesk.domain.specimens import Lot
from labdesk.domain.store import SYSTEM
from labdesk.domain.testing import StoredEvaluation
from labdesk.services.acceptance_desk import AcceptanceDeps, AcceptanceDesk
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.products import run
from tests.helpers.receptionworld import SCHOOL_CODE, TOWER_CODE, concrete_commission, project
from tests.helpers.reviewworld import MemoryBlobs
from tests.helpers.stores import CountingIds, SetClock

CAST = datetime(2026, 3, 1, 8, tzinfo=UTC)
AUTHOR = Person("p-chen", "陈立", "A1003", (Role.REVIEWER,))
READER = Person("p-liwen", "李雯", "A1001", (Role.RECEPTION,))
LAB = Laboratory("LAB-1", "营口示例检测有限公司")


@dataclass(frozen=True)
class Cast:
    """A group to come: number, value wanted (empty: not evaluated; ``invalid``, ``short``), day of casting."""

    number: str
    value: str = "36.5"
    day: int = 0
    grade: str = "C30"
    method: str = "concrete-cube"
    age: str = "28 d"
    age_days: int = 28
    part: str = "三层柱 ③–⑥/Ⓐ–Ⓓ"
    stage: str = ""


@dataclass
class PlainPrinter:
    """Prints the number; keeps the sheets."""

    sheets: list[AcceptanceSheet] = field(default_factory=list)

    def acceptance(self, sheet: AcceptanceSheet) -> bytes:
        """A paper."""
        self.sheets.append(sheet)
        return f"%PDF {sheet.statement.number}".encode()


class AcceptanceWorld:
    """The store, the desk, and groups to put into it."""

    def __init__(self, engine: Engine) -> None:
        self.clock = SetClock()
        self.ids = CountingIds()
        self.store = SqlStore(engine, self.clock)
        self.printer, self.blobs = PlainPrinter(), MemoryBlobs()
        self.desk = AcceptanceDesk(
            AcceptanceDeps(self.store, self.blobs, self.clock, self.ids, self.printer, lambda: LAB)
        )
        self._commission = concrete_commission()
        self._taken = 0
        with self.store.write(SYSTEM) as uow:
            uow.projects.put(project(), self.clock.now())
            uow.projects.put(project(SCHOOL_CODE, "示例小学"), self.clock.now())
            uow.reception.put_commission(self._commission, self.clock.now())
            for person in (AUTHOR, READER):
                uow.people.add(person, Secrets("", ""), [])
            uow.commit()

    def session(self, person: Person = AUTHOR) -> Session:
        """Somebody at a desk."""
        return Session(person, "办公室 1", self.clock.now())

    def put(self, *groups: Cast) -> None:
        """Takes groups in and evaluates them."""
        with self.store.write(SYSTEM) as uow:
            for group in groups:
                uow.reception.add_lot(self._lot(group))
                if group.value:
                    uow.testing.add_evaluation(self._stored(group))
            uow.commit()

    def evaluate_again(self, group: Cast) -> None:
        """A newer evaluation beside the old."""
        with self.store.write(SYSTEM) as uow:
            uow.testing.add_evaluation(self._stored(group))
            uow.commit()

    def values(self, *values: str, grade: str = "C30", first_day: int = 0, prefix: str = "HNT") -> list[str]:
        """Groups of these values, one a day; their numbers."""
        groups = [
            Cast(f"{prefix}-2026-{first_day + at:05d}", value, first_day + at, grade) for at, value in enumerate(values)
        ]
        self.put(*groups)
        return [group.number for group in groups]

    def _next_index(self) -> int:
        self._taken += 1
        return self._taken

    def _lot(self, group: Cast) -> Lot:
        settings = {"design_grade": group.grade, "side_mm": "150"} | ({"stage": group.stage} if group.stage else {})
        return Lot(
            number=group.number,
            commission_no=self._commission.number,
            lot_index=self._next_index(),
            project_code=TOWER_CODE,
            method=group.method,
            field=Field.CONCRETE,
            material="混凝土",
            settings=settings,
            part=group.part,
            quantity="100 m³",
            batch="",
            maker="",
            received_at=CAST + timedelta(days=group.day + 1),
            received_by="李雯",
            cast_at=CAST + timedelta(days=group.day),
            age_days=group.age_days,
            due_at=CAST + timedelta(days=group.day + 28),
            client_commissioned=True,
            profile_edition="2026-01-01",
            specimens=(),
        )

    def _stored(self, group: Cast) -> StoredEvaluation:
        evaluation = evaluated(group)
        return StoredEvaluation(
            self.ids.new_id(), group.number, LotInput(group.method, "", {}, ()), evaluation, AUTHOR.id, self.clock.now()
        )


def evaluated(group: Cast) -> Evaluation:
    """The evaluation of a group, by the method itself; loads are made so that the group has the value wanted."""
    if group.method == "mortar-cube":
        load = str(Decimal(group.value) * Decimal("4998.49") / 1350)
        return run("mortar-cube", [{"force_kn": load}] * 3, design_grade=group.grade)
    loads: Sequence[str]
    if group.value == "invalid":
        loads = ("600", "826.5", "1100")
    elif group.value == "short":
        loads = ("786.7", "826.5")
    else:
        loads = [str(Decimal(group.value) * Decimal("22.5"))] * 3
    rows = [{"peak_kn": load, "real_age": group.age} for load in loads]
    return run(group.method, rows, side_mm="150", design_grade=group.grade)


__all__ = ["AUTHOR", "CAST", "LAB", "READER", "SCHOOL_CODE", "TOWER_CODE", "AcceptanceWorld", "Cast", "evaluated"]
