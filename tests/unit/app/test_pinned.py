"""A judge without a laboratory pins what the platform printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labdesk.app.pinned import read_pinned_trust
from labdesk.app.system import SystemClock, Uuid7Ids
from labdesk.domain.errors import OperatorError
from labdesk.platform.server.setup import Settings, open_platform, registration


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    context = open_platform(Settings(tmp_path_factory.mktemp("platform")), SystemClock(), Uuid7Ids())
    try:
        return registration(context)
    finally:
        context.store.close()


def test_what_the_platform_printed_is_trusted(printed: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "trust.json"
    file.write_text(json.dumps(printed), "utf-8")
    trust = read_pinned_trust(file)
    assert trust.platform == printed["platform"]
    assert trust.trust_list is not None
    assert trust.trust_list.keys


@pytest.mark.parametrize("missing", ["root_key", "pdf_authority", "trust_list", "platform"])
def test_half_a_file_is_one_sentence(printed: dict[str, str], tmp_path: Path, missing: str) -> None:
    file = tmp_path / "trust.json"
    file.write_text(json.dumps({name: value for name, value in printed.items() if name != missing}), "utf-8")
    with pytest.raises(OperatorError) as refused:
        read_pinned_trust(file)
    assert refused.value.key == "app.bad_config"


def test_a_key_list_signed_by_somebody_else_is_refused(printed: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "trust.json"
    other = open_platform(Settings(tmp_path / "other"), SystemClock(), Uuid7Ids())
    try:
        forged = {**printed, "trust_list": registration(other)["trust_list"]}
    finally:
        other.store.close()
    file.write_text(json.dumps(forged), "utf-8")
    with pytest.raises(OperatorError):
        read_pinned_trust(file)
