"""Sentences for people, in Chinese and English, from ``resources/sentences/*.toml``.

A file holds ``["stage.what"]`` tables with ``zh`` and ``en``; placeholders are ``{name}``. Interface captions belong to Qt
Linguist; what rules, refusals and the command line say belongs here, because it is also printed and exported without Qt.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources

from labdesk.domain.errors import LabDeskError


class Language(StrEnum):
    """Languages of the interface and of printed matter."""

    ZH = "zh"
    EN = "en"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All sentences: key to language to text."""
    found: dict[str, dict[str, str]] = {}
    for entry in sorted(resources.files("labdesk_resources.sentences").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            found.update(tomllib.loads(entry.read_text(encoding="utf-8")))
    return found


def say(key: str, language: Language, **params: object) -> str:
    """The sentence ``key`` in ``language``; an unknown key is returned as it is, so that nothing is hidden."""
    entry = catalogue().get(key)
    if entry is None:
        return f"{key} {params}" if params else key
    return entry[language.value].format(**params)


def say_error(error: LabDeskError, language: Language) -> str:
    """The sentence of an error."""
    return say(error.key, language, **error.params)
