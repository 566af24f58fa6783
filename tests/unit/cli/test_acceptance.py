"""``labdesk acceptance``: a project's stored groups listed, judged, kept, checked and handed out from a shell."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labdesk.cli.acceptance import run_acceptance
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Session
from labdesk.services.acceptance_choice import Asked, judged
from tests.helpers.acceptanceworld import TOWER_CODE, AcceptanceWorld, Cast
from tests.helpers.stores import opened_engine


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AcceptanceWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        made = AcceptanceWorld(engine)
        made.values("40.0", "38.0", "28.0")
        made.put(
            Cast("HNT-2026-00010", "", 10),
            Cast("HNT-2026-00011", "33.0", 11, age="31 d"),
            Cast("HNT-2026-00020", "50.0", 3, "C40"),
            Cast("CL-2026-00001", "11.5", 4, "M10", "mortar-cube"),
        )
        yield made


class Shell:
    """Runs the command, reads its JSON."""

    def __init__(self, world: AcceptanceWorld, capsys: pytest.CaptureFixture[str]) -> None:
        self._world, self._capsys = world, capsys
        self.badges: list[tuple[str, str]] = []

    def sign_in(self, badge: str, pin: str) -> Session:
        self.badges.append((badge, pin))
        return self._world.session()

    def __call__(self, *arguments: str, project: str = TOWER_CODE) -> tuple[int, Any]:
        given = ["--project", project, *arguments] if project else list(arguments)
        code = run_acceptance(given, self._world.desk, self.sign_in)
        return code, json.loads(self._capsys.readouterr().out)


@pytest.fixture
def shell(world: AcceptanceWorld, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(world, capsys)


def test_groups_are_listed_with_their_state(shell: Shell) -> None:
    code, told = shell("--list", "--words", "2026-03-11..")
    assert code == 0
    assert [(group["lot"], group["state"], bool(group["why"])) for group in told] == [
        ("HNT-2026-00010", "not-evaluated", True),
        ("HNT-2026-00011", "off-age", True),
    ]


def test_a_kind_is_judged_with_reason_limits_and_what_fails(shell: Shell) -> None:
    code, told = shell("--grade", "c30")
    assert (code, told["verdict"], told["selected"], told["counted"]) == (1, "FAIL", 4, 3)
    assert told["fails"] == {"HNT-2026-00002": told["fails"]["HNT-2026-00002"]}
    assert list(told["left_out"]) == ["HNT-2026-00011"]
    least = next(value for value in told["values"] if value["symbol"] == "fcu,min")
    assert (least["rounded"], least["limit"], least["verdict"]) == ("28.0", ">= 28.5", "FAIL")
    assert least["clause"].startswith("GB/T 50107-2010")
    assert told["why"]
    assert shell("--lots", "HNT-2026-00000", "HNT-2026-00001")[0] == 0
    assert shell("--kind", "mortar", "--age", "28")[1]["method"] == "mortar-acceptance"


def test_a_known_deviation_is_typed(shell: Shell) -> None:
    code, told = shell(
        "--grade", "C30", "--method", "statistical-known", "--sigma0", "3.2", "--words", "2026-03-01..2026-03-03"
    )
    assert (code, told["counted"], told["verdict"]) == (0, 3, "PASS")


def test_a_statement_is_kept_by_somebody_and_handed_out(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("2580\n"))
    code, told = shell("--grade", "C40", "--keep", "--badge", "A1003", "--note", "夜间")
    assert (code, told["statement"], shell.badges) == (0, "PD-2026-00001", [("A1003", "2580")])
    code, kept = shell("--statements")
    assert (code, kept[0]["author"], kept[0]["note"]) == (0, "陈立", "夜间")
    files = ("--pdf", str(tmp_path / "a.pdf"), "--csv", str(tmp_path / "a.csv"))
    assert shell("--statement", "PD-2026-00001", *files, project="")[1]["verdict"] == "PASS"
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert "HNT-2026-00020" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert shell("--check", "PD-2026-00001", project="") == (
        0,
        {"statement": "PD-2026-00001", "intact": True, "why": [shell("--check", "PD-2026-00001")[1]["why"][0]]},
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "command_line"),
        (["--project", TOWER_CODE], "several_kinds"),
        (["--project", TOWER_CODE, "--grade", "C55"], "no_groups"),
        (["--project", TOWER_CODE, "--lots", "HNT-1"], "no_group"),
        (["--project", TOWER_CODE, "--lots", "HNT-2026-00010"], "group_open"),
        (["--project", TOWER_CODE, "--grade", "C40", "--method", "statistical-known"], "sigma_needed"),
        (["--project", "LN-0"], "no_groups"),
        (["--check", "PD-1"], "no_statement"),
        (["--statement", "PD-1"], "no_statement"),
        (["--project", TOWER_CODE, "--method", "other"], "command_line"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(world: AcceptanceWorld, arguments: list[str], reason: str) -> None:
    with pytest.raises(OperatorError, match=reason):
        run_acceptance(arguments, world.desk, lambda badge, pin: world.session())


def test_a_file_that_cannot_be_written_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    world = shell._world
    groups = world.desk.groups(TOWER_CODE)
    made = world.desk.keep(TOWER_CODE, judged(groups, {"HNT-2026-00020"}, Asked()), world.session())
    with pytest.raises(OperatorError, match="no_file"):
        shell("--statement", made.number, "--csv", str(tmp_path / "no" / "a.csv"), project="")
