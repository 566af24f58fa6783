"""Copies the demonstration's pictures into the manual and the README: ``python tools/manual_pictures.py out/screens``.

docs/manual/pictures.toml says which picture is which. Exit 1 when the demonstration left one of them out; what is there stays.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "manual" / "pictures.toml"


def pictures(text: str) -> dict[str, str]:
    """Place below the root to the end of the demonstration's name for it."""
    found = {}
    for group, names in tomllib.loads(text).items():
        folder = "docs/images" if group == "readme" else f"docs/manual/images/{group}"
        found |= {f"{folder}/{name}.png": source for name, source in names.items()}
    return found


def find(screens: Path, ending: str) -> Path | None:
    """The picture ``ending.png`` or ``<number>-ending.png``; the first one where several steps have the same name."""
    plain = screens / f"{ending}.png"
    numbered = (path for path in sorted(screens.glob(f"*-{ending}.png")) if path.name.split("-")[0].isdigit())
    return plain if plain.exists() else next(numbered, None)


def copy(screens: Path, root: Path = ROOT) -> list[str]:
    """Copy every picture; the places for which there was none."""
    missing = []
    for place, ending in pictures(LIST.read_text(encoding="utf-8")).items():
        source = find(screens, ending)
        if source is None:
            missing.append(f"{place}: no {ending}.png in {screens}")
            continue
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, root / place)
    return missing


def main() -> int:
    """Copy from the folder that is named."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    missing = copy(Path(sys.argv[1]))
    for line in missing:
        print(line, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
