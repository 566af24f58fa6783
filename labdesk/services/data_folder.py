"""Where this computer's laboratory keeps its data; light, because every command asks first of all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Names the data folder where it is not the usual one.
HOME_VARIABLE = "LABDESK_HOME"


def data_folder() -> Path:
    """The laboratory's data folder: ``LABDESK_HOME``, or the usual place of the operating system."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData/Local")))
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share")))
    return base / "labdesk"
