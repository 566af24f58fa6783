"""Looks for secrets in the files given (default: every file under version control); exit 1 and one line for each find."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# Written so that this file does not match itself.
PATTERNS = {
    "private key": re.compile(r"-{5}BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY"),
    "access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "access token": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|xox[abprs]-[0-9A-Za-z-]{10,}|glpat-[0-9A-Za-z_-]{20})"),
    "password in an address": re.compile(r"\b[a-z][a-z0-9+]*://[^\s/:@{}<>\"']+:[^\s/:@{}<>\"']+@[^\s/]"),
}
LARGEST = 4_000_000


def secrets_in(text: str) -> list[str]:
    """What kinds of secret ``text`` seems to hold."""
    return [kind for kind, pattern in PATTERNS.items() if pattern.search(text)]


def check(paths: list[Path]) -> list[str]:
    """One line for each file that seems to hold a secret."""
    found = []
    for path in paths:
        if path.is_file() and path.stat().st_size <= LARGEST:
            text = path.read_bytes().decode("utf-8", errors="replace")
            found += [f"{path}: {kind}" for kind in secrets_in(text)]
    return found


def main() -> int:
    """Command line: paths, or nothing for all files under version control."""
    names = sys.argv[1:] or subprocess.run(
        ["git", "ls-files", "-z"], capture_output=True, check=True
    ).stdout.decode().split("\0")
    found = check([Path(name) for name in names if name])
    print("\n".join(found), file=sys.stderr) if found else None
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
