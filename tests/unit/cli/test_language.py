"""The language of the command line."""

from __future__ import annotations

import pytest

from labdesk.cli.language import system_language
from labdesk.domain.sentences import Language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, Language.EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW"}, Language.ZH),
        ({"LANG": "de_DE.UTF-8"}, Language.EN),
    ],
)
def test_the_systems_own_or_english(environment: dict[str, str], language: Language) -> None:
    assert system_language(environment) is language
