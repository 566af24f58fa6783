"""The project's own source, read once: what the gates look through."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("labdesk", "drivers", "resources", "tests", "tools", "benchmarks", "installer")


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root with forward slashes, its lines and its tree."""

    path: str
    lines: int
    tree: ast.Module


def parse(path: str, text: str) -> Source:
    """The source ``text`` as if it stood at ``path``."""
    return Source(path, len(text.splitlines()), ast.parse(text, path))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """All Python files below ``folders`` (default: all code of the project, and the files beside them)."""
    found: list[Path] = [] if folders else sorted(ROOT.glob("*.py"))
    for folder in folders or CODE_FOLDERS:
        found += sorted((ROOT / folder).rglob("*.py"))
    return tuple(parse(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in found)


@cache
def tracked_files() -> tuple[str, ...]:
    """Paths of all files under version control that exist; without a repository, all files outside ignored folders."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode == 0 and done.stdout:
        names = done.stdout.decode().split("\0")
    else:
        ignored = {".git", ".venv", "build", "dist", "out", "__pycache__"}
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [path.as_posix() for path in paths if not ignored & set(path.parts) and ".egg-info" not in str(path)]
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def name_of(node: ast.expr) -> str:
    """The dotted name an expression spells (``threading.Thread``), empty when it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = name_of(node.value)
        return f"{owner}.{node.attr}" if owner else node.attr
    return ""
