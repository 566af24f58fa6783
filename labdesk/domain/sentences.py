"""Sentences for people, in Chinese and English, from ``resources/sentences/*.toml``.

A file holds ``["stage.what"]`` tables with ``zh`` and ``en``; placeholders are ``{name}``. Interface captions belong to Qt
Linguist; what rules, refusals and the command line say belongs here, because it is also printed and exported without Qt.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from string import Formatter

from labdesk.domain.errors import LabDeskError


class Language(StrEnum):
    """Languages of the interface and of printed matter."""

    ZH = "zh"
    EN = "en"


_COMMA = {Language.ZH: "、", Language.EN: ", "}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All sentences: key to language to text."""
    found: dict[str, dict[str, str]] = {}
    for entry in sorted(resources.files("labdesk_resources.sentences").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            found.update(tomllib.loads(entry.read_text(encoding="utf-8")))
    return found


def say(key: str, language: Language, **params: object) -> str:
    """The sentence ``key`` in ``language``; an unknown key is returned as it is, so that nothing is hidden.

    A parameter ``@<key>`` is itself a sentence (a role, a field ...) and is said in the same language; several are listed. Of
    ``name``, ``name_zh`` and ``name_en`` the one in the language is said, where it is given.
    """
    entry = catalogue().get(key)
    if entry is None:
        return f"{key} {params}" if params else key
    told = {name: params.get(f"{name}_{language.value}", value) for name, value in params.items()}
    return entry[language.value].format(**{name: _word(value, language) for name, value in told.items()})


def _word(value: object, language: Language) -> object:
    if isinstance(value, tuple):
        return _COMMA[language].join(str(_word(item, language)) for item in value)
    if not (isinstance(value, str) and value.startswith("@")):
        return value
    return say(value[1:], language) if value[1:] in catalogue() else value.rpartition(".")[2]


def say_known(key: str, language: Language, params: Mapping[str, object]) -> str:
    """As :func:`say`, for sentences that came from elsewhere: a parameter that did not come along is an ellipsis."""
    entry = catalogue().get(key)
    names = {name for _, name, _, _ in Formatter().parse(entry[language.value] if entry else "") if name}
    return say(key, language, **{**dict.fromkeys(names, "…"), **params})


def say_error(error: LabDeskError, language: Language) -> str:
    """The sentence of an error."""
    return say(error.key, language, **error.params)
