"""Machines are registered and renewed by those who may, with dates and numbers that can be; old runs keep what they were made with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person, Role
from labdesk.domain.sealed_run import decode_run
from labdesk.domain.sentences import Language, say_error
from labdesk.services.equipment import EquipmentDesk, TypedCertificate, TypedMachine
from tests.helpers.benchworld import LARGE, PRESS, TECHNICIAN, UTM, BenchWorld, make_bench, session
from tests.helpers.stores import opened_engine

QUALITY = Person("p-he", "何静", "B1009", (Role.QUALITY,))
PAPER = TypedCertificate("LX2027-031", "2026-12-20", "2027-12-19", "0.5")
NEW = TypedMachine(
    "JC-21",
    "万能机 4",
    "labdesk_utm",
    "/dev/serial/by-id/usb-1",
    "1000",
    ("tension",),
    PAPER,
    {"le_mm": "100", "x": " "},
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


@pytest.fixture
def desk(world: BenchWorld) -> EquipmentDesk:
    return EquipmentDesk(world.store, world.clock, world.ids)


@pytest.mark.rule("YK-7.1")
def test_a_machine_is_registered_and_found_again(desk: EquipmentDesk) -> None:
    made = desk.register(NEW, session(QUALITY))
    line = next(line for line in desk.machines() if line.machine.id == made.id)
    assert line.machine == made
    assert (made.capacity_kn, made.tests, made.settings) == (Decimal(1000), ("tension",), {"le_mm": "100"})
    assert not line.calibrated, "its certificate begins next month"
    assert line.runs == 0


def test_every_version_of_a_machine_stays_in_the_log(world: BenchWorld, desk: EquipmentDesk) -> None:
    made = desk.register(NEW, session(QUALITY))
    desk.change(made.id, replace(NEW, port_url="COM7"), session(QUALITY))
    with world.store.read() as uow:
        told = [(entry.operation, entry.actor) for entry in uow.log.entries() if entry.row_key == made.id]
    assert told == [("insert", QUALITY.id), ("update", QUALITY.id)]


def test_a_technician_changes_nothing(world: BenchWorld, desk: EquipmentDesk) -> None:
    for act in (
        lambda: desk.register(NEW, session()),
        lambda: desk.renew(UTM.id, PAPER, session()),
        lambda: desk.change(UTM.id, NEW, session()),
    ):
        with pytest.raises(OperatorError, match=r"equipment\.role"):
            act()
    assert not desk.may_change(TECHNICIAN)
    assert [line.machine for line in desk.machines()] == sorted((UTM, PRESS, LARGE), key=lambda each: each.number)


def test_a_new_certificate_lets_the_machine_test_again(world: BenchWorld, desk: EquipmentDesk) -> None:
    world.clock.forward(days=41)  # new year: the old certificate has ended
    assert "bench.out_of_calibration" in [found.key for found in world.case("G26-00417-1").gate.findings]
    desk.renew(UTM.id, replace(PAPER, valid_from="2027-01-01", valid_to="2027-12-31"), session(QUALITY))
    assert "bench.out_of_calibration" not in [found.key for found in world.case("G26-00417-1").gate.findings]


def test_a_renewal_does_not_reach_an_old_run(world: BenchWorld, desk: EquipmentDesk) -> None:
    run = world.load("G26-00417-1")
    desk.renew(UTM.id, PAPER, session(QUALITY))
    kept = decode_run(world.blobs.get(run.sealed_sha256)).header.request.calibration
    assert kept == UTM.calibration()
    assert next(line.runs for line in desk.machines() if line.machine.id == UTM.id) == 1


@pytest.mark.parametrize(
    ("day", "days_left", "calibrated", "soon"),
    [
        (date(2026, 12, 1), 31, True, False),
        (date(2026, 12, 2), 30, True, True),
        (date(2026, 12, 31), 1, True, True),
        (date(2027, 1, 1), 0, False, False),
    ],
)
def test_the_calendar_counts_the_last_day(
    world: BenchWorld, desk: EquipmentDesk, day: date, days_left: int, calibrated: bool, soon: bool
) -> None:
    world.clock.forward(days=(day - world.clock.now().astimezone().date()).days)
    line = next(line for line in desk.machines() if line.machine.id == UTM.id)
    assert (line.days_left, line.calibrated, line.ends_soon) == (days_left, calibrated, soon)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (replace(NEW, number=" "), "equipment.field_missing"),
        (replace(NEW, name=""), "equipment.field_missing"),
        (replace(NEW, number="9" * 41), "equipment.bad_field"),
        (replace(NEW, capacity_kn="0"), "equipment.bad_field"),
        (replace(NEW, capacity_kn="NaN"), "equipment.bad_field"),
        (replace(NEW, capacity_kn="600 kN"), "equipment.bad_field"),
        (replace(NEW, tests=()), "equipment.field_missing"),
        (replace(NEW, tests=("bend",)), "equipment.bad_field"),
        (replace(NEW, number=PRESS.number), "equipment.number_taken"),
        (replace(NEW, certificate=replace(PAPER, valid_to="2026-12-01")), "equipment.bad_dates"),
        (replace(NEW, certificate=replace(PAPER, valid_from="20.12.2026")), "equipment.bad_field"),
        (replace(NEW, certificate=replace(PAPER, accuracy_class="0.7")), "equipment.bad_field"),
        (replace(NEW, certificate=replace(PAPER, number="")), "equipment.field_missing"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk: EquipmentDesk, typed: TypedMachine, key: str) -> None:
    before = desk.machines()
    with pytest.raises(OperatorError) as caught:
        desk.register(typed, session(QUALITY))
    assert caught.value.key == key
    for language in Language:
        assert "@" not in say_error(caught.value, language)
    assert desk.machines() == before


def test_an_older_certificate_does_not_replace_a_newer_one(desk: EquipmentDesk) -> None:
    with pytest.raises(OperatorError, match=r"equipment\.older_certificate"):
        desk.renew(UTM.id, replace(PAPER, valid_from="2025-01-01", valid_to="2025-12-31"), session(QUALITY))


def test_an_unknown_machine_is_not_renewed(desk: EquipmentDesk) -> None:
    with pytest.raises(OperatorError, match=r"bench\.unknown_machine"):
        desk.renew("m-99", PAPER, session(QUALITY))
