"""Where the laboratory keeps its own methods, and what lies there."""

from __future__ import annotations

from pathlib import Path

from labdesk.services.data_folder import data_folder
from labdesk.standards.methods.catalogue import MethodFault
from labdesk.standards.methods.reading import MAX_BYTES

__all__ = ["data_folder", "methods_folder", "read_folder", "state_of"]

MAX_FILES = 500


def methods_folder() -> Path:
    """``methods`` in the data folder: one TOML file per method."""
    return data_folder() / "methods"


def state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of change of the method files: what changes when somebody edits one."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".toml" and path.is_file())[:MAX_FILES]
        return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in found)
    except OSError:
        return ()


def read_folder(folder: Path, names: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[MethodFault]]:
    """The texts of method files, and those that cannot be read."""
    texts: list[tuple[str, str]] = []
    faults: list[MethodFault] = []
    for name in names:
        try:
            data = (folder / name).read_bytes()[: MAX_BYTES + 1]
            texts.append((name, data.decode("utf-8-sig")))
        except OSError as error:
            faults.append(MethodFault(name, 0, "methods.unreadable", {"reason": error.strerror or str(error)}))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            faults.append(MethodFault(name, line, "methods.unreadable", {"reason": "UTF-8"}))
    return texts, faults
