"""What the workstation remembers about the screen, in a small file of the data folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from labdesk.domain.sentences import Language
from labdesk.ui.shell.window import Look
from labdesk.ui.tokens import Scheme


def read_look(path: Path) -> Look:
    """The remembered look; anything unreadable means the defaults, because a look is no evidence."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Look(Language(found["language"]), Scheme(found["scheme"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Look()


def write_look(path: Path, look: Look) -> None:
    """Remember it; written beside and renamed."""
    partial = path.with_suffix(".new")
    partial.write_text(json.dumps({"language": look.language.value, "scheme": look.scheme.value}), encoding="utf-8")
    os.replace(partial, path)
