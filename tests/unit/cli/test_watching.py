"""``labdesk watch`` from proposing a mapping to assigning a record, as an administrator does it without a screen."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labdesk.cli.watching import run_watch
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Session
from tests.helpers.benchworld import TECHNICIAN, UTM
from tests.helpers.stores import opened_engine
from tests.helpers.watchworld import CHIEF, TABLES, WatchWorld, maker_database, maker_writes

ONE = "G26-00417-1"


class Desk:
    """The command on a laboratory in a temporary folder."""

    def __init__(self, world: WatchWorld, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self._capsys, self._monkeypatch = world, capsys, monkeypatch

    def run(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        """One command; its lines of JSON."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO("2468\n"))
        assert run_watch(arguments, self.world.watcher, self._sign_in) == code
        return [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]

    @staticmethod
    def _sign_in(badge: str, pin: str) -> Session:
        if (badge, pin) != ("B1009", "2468"):
            raise OperatorError("sign_in.unknown_badge", badge=badge)
        return CHIEF


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield Desk(WatchWorld(engine), capsys, monkeypatch)


def test_from_proposal_to_run(desk: Desk, tmp_path: Path) -> None:
    maker = tmp_path / "maker.db"
    maker_database(maker)
    maker_writes(maker, 17, ONE)
    maker_writes(maker, 18, "typo")
    described = {
        "name": "UTM 2", "machine_id": UTM.id, "kind": "sqlite", "location": str(maker), "method": "rebar-lot",
        "responsible_id": TECHNICIAN.id, "responsible_name": TECHNICIAN.name, "settle_s": 0,
    }  # fmt: skip
    file = tmp_path / "source.json"
    file.write_text(json.dumps(described), encoding="utf-8")
    (proposal,) = desk.run("propose", str(file))
    assert proposal["missing"] == []
    units = {name: text for name, text in TABLES.items() if name.startswith("set.")}
    file.write_text(json.dumps({**described, "mapping": {**proposal["mapping"], **units}}), encoding="utf-8")
    assert [item["specimen_label"] for item in desk.run("preview", str(file))] == [ONE, "typo"]
    (added,) = desk.run("add", str(file), "--badge", "B1009")
    told = {"machine": f"{UTM.number} {UTM.name}", "responsible": TECHNICIAN.name}
    assert desk.run("sources") == [{**added, **told}]
    assert desk.run("look")[0]["waiting"] == ["17", "18"]
    (found,) = desk.run("look")
    assert [record["problem"] for record in found["new"]] == ["", "watching.unknown_specimen"]
    (notice,) = desk.run("notices")
    desk.run("assign", "--record", notice["id"], "--label", "G26-00417-2", "--badge", "B1009")
    assert desk.run("notices") == []
    maker.unlink()
    assert desk.run("look", code=1) == []


def test_what_cannot_be_done_is_a_sentence(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"kind": "tape"}', encoding="utf-8")
    for arguments in (["add", str(tmp_path / "bad.json")], ["add"], ["review", "--record", "x"], ["burn"]):
        with pytest.raises(OperatorError):
            desk.run(*arguments, "--badge", "B1009")
