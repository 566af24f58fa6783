"""A bench on which the line goes silent just before a bar breaks, and the people who may decide about it."""

from __future__ import annotations

from dataclasses import replace

from labdesk.domain.people import Person, Role, Secrets, Session
from labdesk.domain.sealed_run import Gap, GapKind, RunMark, SealedRun, encode_run
from labdesk.domain.store import SYSTEM
from labdesk.domain.testing import Run
from labdesk.services.review_gaps import RunGaps
from tests.helpers.benchworld import BAR, CUBE, NOW, PRESS, UTM, BenchWorld, sealed, session

QUALITY = Person("p-he", "何静", "B1009", (Role.QUALITY,))
TESTING_QUALITY = Person("p-bo", "薄敏", "B1010", (Role.REVIEWER, Role.QUALITY))
LEFT_QUALITY = Person("p-qi", "齐远", "B1011", (Role.QUALITY,), active=False)
REASON = "设备峰值寄存 183.2 kN 与曲线一致"


def at_desk(who: Person = QUALITY) -> Session:
    """The person at the quality desk."""
    return Session(who, "质量部", NOW)


def with_quality(world: BenchWorld) -> RunGaps:
    """The service, with quality supervisors registered."""
    with world.store.write(SYSTEM) as uow:
        for who in (QUALITY, TESTING_QUALITY, LEFT_QUALITY):
            uow.people.add(who, Secrets("x", "x"), [])
        uow.commit()
    return RunGaps(world.store, world.blobs, world.clock, world.ids)


def silenced(run: SealedRun, lost_s: float = 1.0, kind: GapKind = GapKind.SILENCE) -> SealedRun:
    """The run as it is sealed when nothing came for a while around its largest force."""
    peak = run.header.peak_index or 0
    half = round(lost_s * 5e8)
    middle = run.times_ns[peak]
    kept = [place for place, time in enumerate(run.times_ns) if abs(time - middle) > half]
    first = max(place for place in kept if run.times_ns[place] < middle)
    after = min(place for place in kept if run.times_ns[place] > middle)
    gap = Gap(run.times_ns[first], run.times_ns[after], kind)
    columns = tuple(tuple(column[place] for place in kept) for column in run.columns)
    force = columns[0]
    header = replace(
        run.header,
        peak_index=max(range(len(kept)), key=lambda place: force[place] or 0),
        end_index=len(kept) - 1,
        gaps=(gap,),
        marks=(RunMark.GAP, RunMark.GAP_CRITICAL),
    )
    return replace(run, header=header, times_ns=tuple(run.times_ns[place] for place in kept), columns=columns)


def load_with_gap(world: BenchWorld, label: str) -> Run:
    """A piece is loaded while its line goes silent at the worst moment."""
    cube = label.startswith("H")
    machine = PRESS if cube else UTM
    request = world.bench.arm(world.case(label, machine.id), session())
    run = silenced(sealed(request, machine, CUBE if cube else BAR, world.clock.now()))
    world.capture.seal(encode_run(run), request, run)
    world.clock.forward(minutes=2)
    return world.runs.collect()[-1]
