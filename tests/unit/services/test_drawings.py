"""A sealed run as a drawing: the moment at which the extensometer came off is named on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind, Verdict
from labdesk.domain.sealed_run import EXTENSION, ChannelSwitch, SealedRun, encode_run
from labdesk.domain.sentences import Language
from labdesk.services.drawings import draw_specimen
from tests.helpers.benchworld import BAR, NOW, UTM, make_bench, sealed, session
from tests.helpers.stores import opened_engine

ONE = "G26-00417-1"
PIECE = SpecimenInput(ONE, (TestKind.TENSION,), {})
LOT = LotInput("rebar-lot", "GB1499.2-2024", {"grade": "HRB400E", "diameter_mm": "20"}, (PIECE,))
NOTHING = Evaluation("rebar-lot", "GB1499.2-2024", (), Verdict.NOT_EVALUATED)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[SealedRun]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        world = make_bench(engine)
        yield sealed(world.bench.arm(world.case(ONE), session()), UTM, BAR, NOW)


def marks(run: SealedRun, language: Language) -> list[tuple[str, float]]:
    drawn = draw_specimen(encode_run(run), PIECE, LOT, NOTHING, language)
    return [(mark.symbol, mark.y) for mark in drawn.marks]


def switched(run: SealedRun, *, declared: bool) -> SealedRun:
    switch = ChannelSwitch(EXTENSION, run.times_ns[200], declared, "taken-off")
    return replace(run, header=replace(run.header, switches=(switch,)))


def test_an_extensometer_declared_off_is_marked_where_it_came_off(run: SealedRun) -> None:
    force = run.columns[0][200]
    assert force is not None
    assert ("引伸计取下", pytest.approx(force / 100)) in marks(switched(run, declared=True), Language.ZH)
    assert "Extensometer off" in [symbol for symbol, _ in marks(switched(run, declared=True), Language.EN)]


def test_without_a_declaration_there_is_no_such_mark(run: SealedRun) -> None:
    for each in (run, switched(run, declared=False)):
        assert "引伸计取下" not in [symbol for symbol, _ in marks(each, Language.ZH)]
