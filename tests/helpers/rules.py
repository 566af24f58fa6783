"""The rules as docs/rules.md lists them, for tests that speak about rules."""

from __future__ import annotations

from functools import cache

from tools.rules_table import RULES, known_rules


@cache
def all_rules() -> dict[str, str]:
    """Rule id to its wording."""
    return known_rules(RULES.read_text(encoding="utf-8"))
