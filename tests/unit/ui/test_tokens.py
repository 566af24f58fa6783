"""Text can be read on every ground it is written on (WCAG AA), and tokens are the only place with style literals."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import labdesk.ui
from labdesk.ui.tokens import PALETTES, Palette, Scheme, TypeSize

UI = Path(labdesk.ui.__file__).parent
#: Text and the ground it is written on.
WRITTEN_ON = (
    ("ink", "background"),
    ("ink", "surface"),
    ("ink", "raised"),
    ("ink", "brand_soft"),
    ("ink_2", "background"),
    ("ink_2", "surface"),
    ("ink_2", "key"),
    ("ink_3", "surface"),
    ("on_brand", "brand"),
    ("brand", "brand_soft"),
    ("ok_ink", "ok_soft"),
    ("warn_ink", "warn_soft"),
    ("bad_ink", "bad_soft"),
    ("info_ink", "brand_soft"),
    ("ok_ink", "surface"),
    ("warn_ink", "surface"),
    ("bad_ink", "surface"),
    ("bad_ink", "background"),
    ("on_fill", "ok_fill"),
    ("on_fill", "warn_fill"),
    ("on_fill", "bad_fill"),
    ("on_fill", "info_fill"),
    ("on_rail", "rail"),
    ("on_rail_active", "rail_active"),
)
_LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b\d+px\b|rgba?\(\d")
_MEASURES = {
    "setSpacing",
    "setContentsMargins",
    "setFixedHeight",
    "setFixedWidth",
    "setFixedSize",
    "setMinimumHeight",
    "setMinimumWidth",
    "setPixelSize",
    "setPointSize",
    "addSpacing",
    "setHorizontalSpacing",
    "setVerticalSpacing",
    "mkPen",
    "QColor",
    "QFont",
}


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast of WCAG 2, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize(("text", "ground"), WRITTEN_ON)
def test_text_can_be_read(scheme: Scheme, text: str, ground: str) -> None:
    tokens = PALETTES[scheme]
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", PALETTES.values())
def test_colours_are_plain_hex(tokens: Palette) -> None:
    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for value in vars(tokens).values())


def test_nothing_is_smaller_than_a_label() -> None:
    assert min(TypeSize) == TypeSize.LABEL == 12


def literals(source: str) -> list[str]:
    """Style literals of a module: colours and pixels in strings, bare numbers in calls that take measures."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _LITERAL.search(node.value):
            found.append(f"{node.lineno}: {node.value.strip()[:60]!r}")
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            bare = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if name in _MEASURES and any(isinstance(value, int | float) and value for value in bare):
                found.append(f"{node.lineno}: {name}{tuple(bare)}")
            if name == "setStyleSheet" and not source.startswith('"""Turns tokens'):
                found.append(f"{node.lineno}: {name}")
    return found


def test_no_style_literals_outside_the_tokens() -> None:
    found = [
        f"{path.relative_to(UI)}:{literal}"
        for path in sorted(UI.rglob("*.py"))
        if path.name not in {"tokens.py", "style_sheet.py"}
        for literal in literals(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_style_sheet_holds_no_numbers_of_its_own() -> None:
    source = (UI / "style_sheet.py").read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w{}])(?!0\b)\d+px|#[0-9a-fA-F]{6}", source) == []


@pytest.mark.parametrize(
    "planted",
    [
        'x = "#ff0000"',
        'x = "font-size: 13px"',
        "w.setSpacing(7)",
        "QColor(1, 2, 3)",
        'w.setStyleSheet("")',
        "f.setPixelSize(13)",
    ],
)
def test_planted_literals_are_found(planted: str) -> None:
    assert literals(planted)
