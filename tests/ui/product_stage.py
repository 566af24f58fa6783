"""A stage whose racks hold products: beams, cement prisms with their halves, splices, bricks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.domain.capture import LivePoint, MachineState, RunPhase
from labdesk.domain.evaluation import TestKind
from labdesk.domain.people import Field
from labdesk.domain.specimens import Lot, Specimen
from labdesk.services.loading_plans import loading_plan
from tests.helpers.benchworld import CUBE_LOT, NOW, TECHNICIAN, cube_lot
from tests.helpers.productworld import ALL, BEAMS, PRISMS, SMALL_PRESS
from tests.ui.bench_stage import Stage

BEAM_LOT, CEMENT_LOT, SPLICE_LOT, WELD_LOT = "HNT-2026-00191", "CL-2026-00033", "GJ-2026-00421", "GJ-2026-00422"


def _lot(number: str, method: str, what: tuple[str, Field], settings: dict[str, str], kinds: list[TestKind]) -> Lot:
    material, field = what
    stem = f"{ {Field.STEEL: 'G', Field.CONCRETE: 'H', Field.MATERIALS: 'C'}[field] }26-{number[-5:]}"
    pieces = tuple(
        Specimen(f"{number}-{place}", f"{stem}-{place}", f"YK2107-{number[-4:]}-{place:03d}", number, place, (kind,))
        for place, kind in enumerate(kinds, start=1)
    )
    made = replace(
        cube_lot(), number=number, method=method, field=field, material=material, settings=settings, specimens=pieces
    )
    return replace(made, cast_at=None, age_days=None, due_at=None)


def beams() -> Lot:
    """Three beams of C30."""
    kinds = [TestKind.FLEXURE] * 3
    return _lot(
        BEAM_LOT,
        "concrete-flexural",
        ("混凝土抗折试块", Field.CONCRETE),
        {"side_mm": "150", "design_grade": "C30"},
        kinds,
    )


def cement() -> Lot:
    """Three prisms, each followed by its halves, of one bag."""
    kinds = [TestKind.FLEXURE, TestKind.COMPRESSION, TestKind.COMPRESSION] * 3
    made = _lot(CEMENT_LOT, "cement-strength", ("普通硅酸盐水泥", Field.MATERIALS), {"grade": "42.5"}, kinds)
    labels = [f"C26-00033-{prism}{half}" for prism in (1, 2, 3) for half in ("", "A", "B")]
    tag = made.specimens[0].tag
    return replace(
        made,
        specimens=tuple(
            replace(piece, label=label, tag=tag) for piece, label in zip(made.specimens, labels, strict=True)
        ),
    )


def splices() -> Lot:
    """Three splices of 25 mm."""
    settings = {"grade": "HRB400", "diameter_mm": "25", "joints": "300"}
    return _lot(SPLICE_LOT, "rebar-splice", ("钢筋机械连接接头", Field.STEEL), settings, [TestKind.TENSION] * 3)


def welds() -> Lot:
    """Six flash-butt welds: three are pulled, three bent."""
    settings = {"grade": "HRB400", "diameter_mm": "20", "weld_kind": "flash-butt"}
    kinds = [TestKind.TENSION] * 3 + [TestKind.BEND] * 3
    return _lot(WELD_LOT, "rebar-weld", ("钢筋闪光对焊接头", Field.STEEL), settings, kinds)


def furnish(stage: Stage) -> None:
    """The lots lie in the racks, their machines stand in the room."""
    world = stage.world
    stage.person = replace(TECHNICIAN, competences=ALL)
    for each in (BEAMS, PRISMS, SMALL_PRESS):
        world.change_machine(each)
    world.bench.connect()
    world.reception.lots.pop(CUBE_LOT)
    for lot in (beams(), cement(), splices(), welds()):
        world.reception.put(lot)


def rise(stage: Stage, lot: Lot, machine_id: str, share: float) -> None:
    """The armed piece is loaded in the middle of its rate band up to a share of what is expected of it."""
    request = stage.world.capture.armed[-1]
    test = next(piece for piece in lot.specimens if piece.label == request.specimen_label).tests[0]
    with stage.world.store.read() as uow:
        plan = loading_plan(lot, uow.profiles.current(NOW), test)
    rate = (plan.rate_low_mpa_s + plan.rate_high_mpa_s) / 2 * plan.area_mm2 / 1000
    reached = plan.expected_kn * Decimal(share)
    seconds = float(reached / rate)
    curve = tuple(
        LivePoint(step, int(seconds * 1000 * step / 600), (reached * step / 600).quantize(Decimal("0.001")), None, None)
        for step in range(601)
    )
    stage.world.capture.advance(
        machine_id,
        state=MachineState.CAPTURING,
        phase=RunPhase.LOADING,
        force_kn=curve[-1].force_kn,
        peak_kn=curve[-1].force_kn,
        rate_kn_s=rate,
        elapsed_ms=curve[-1].elapsed_ms,
        achieved_hz=Decimal("98.7"),
        largest_gap_ms=12,
        points=curve,
    )
