"""The overview of test methods in docs: prints it (``zh`` or ``en``), or writes both files (``--write``)."""

from __future__ import annotations

import sys
from pathlib import Path

from labdesk.domain.sentences import Language
from labdesk.services.method_pages import catalogue_markdown

ROOT = Path(__file__).resolve().parents[1]
PAGES = {Language.EN: ROOT / "docs" / "methods.md", Language.ZH: ROOT / "docs" / "methods.zh.md"}


def current(language: Language) -> str:
    """The overview as it should stand in docs: shipped methods only."""
    return catalogue_markdown(language, own=False)


def main() -> int:
    """Print one language, or write both."""
    if "--write" in sys.argv[1:]:
        for language, path in PAGES.items():
            path.write_text(current(language), encoding="utf-8")
    else:
        chosen = next((item for item in Language if item.value in sys.argv[1:]), Language.EN)
        print(current(chosen), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
