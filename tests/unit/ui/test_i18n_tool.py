"""No string lacks a language, and the check notices when one does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("labdesk_i18n_tool", ROOT / "tools" / "i18n.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_string_is_translated_and_compiled(tool: ModuleType) -> None:
    assert tool.check() == []


@pytest.mark.parametrize(
    ("source", "chinese", "finished", "word"),
    [
        ("收样", "收样", True, "Chinese in the code"),
        ("Reception", "", True, "no Chinese"),
        ("Reception", "收样", False, "no Chinese"),
        ("{0} waiting", "条待传", True, "placeholders"),
    ],
)
def test_faults_are_named(tool: ModuleType, source: str, chinese: str, finished: bool, word: str) -> None:
    (problem,) = tool.problems([tool.Text("Page", source, chinese, finished)], "x.ts")
    assert word in problem


def test_a_new_string_makes_the_check_fail_and_fill_mends_it(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ui, texts = tmp_path / "ui", tmp_path / "translations"
    (ui / "review").mkdir(parents=True)
    texts.mkdir()
    page = ui / "review" / "page.py"
    page.write_text('translate = print\ndef f():\n    return translate("Review", "Sign {0}")\n', encoding="utf-8")
    monkeypatch.setattr(tool, "TRANSLATIONS", texts)
    files = {"review": [page]}
    monkeypatch.setattr(tool, "rooms", lambda: files)
    monkeypatch.setattr(tool, "ts_file", lambda room, folder=texts: folder / f"labdesk_zh_{room}.ts")
    assert any("stale" in problem for problem in tool.check())
    tool.update(["review"])
    assert tool.missing(["review"]) == ["Review\tSign {0}\t"]
    assert tool.fill(texts / "labdesk_zh_review.ts", ["Review\tSign {0}\t签署 {0}\n"]) == 1
    assert any(".qm is stale" in problem for problem in tool.check())
    tool.update(["review"])
    assert tool.check() == []
    page.write_text('def f(self):\n    return self.tr("Sign")\n', encoding="utf-8")
    assert any("does not understand tr" in problem for problem in tool.check())


def test_fill_refuses_strings_it_does_not_know(tool: ModuleType, tmp_path: Path) -> None:
    ts = tmp_path / "x.ts"
    ts.write_text('<TS version="2.1" language="zh_CN"></TS>', encoding="utf-8")
    with pytest.raises(ValueError, match="no such string"):
        tool.fill(ts, ["Page\tNothing\t没有\n"])
