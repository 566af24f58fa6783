"""The language of the command line: the system's, Chinese or English."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping

from labdesk.domain.sentences import Language

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def system_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Chinese if the system speaks it, else English.

    The variables come first: with a locale that is named but not installed ``locale`` only knows "C". Windows has none of them.
    """
    named = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    name = named or locale.getlocale()[0] or ""
    return Language.ZH if name.lower().startswith(("zh", "chinese")) else Language.EN
