"""``labdesk methods --html FILE`` and ``--markdown FILE``: the catalogue of methods as a page and as an overview."""

from __future__ import annotations

import argparse
from pathlib import Path

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.sentences import Language
from labdesk.services.method_pages import catalogue_html, catalogue_markdown


def add_page_options(parser: argparse.ArgumentParser, default: Language) -> None:
    """``--html``, ``--markdown`` and the language of the page."""
    parser.add_argument("--html", metavar="FILE", type=Path)
    parser.add_argument("--markdown", metavar="FILE", type=Path)
    parser.add_argument("--lang", choices=[language.value for language in Language], default=default.value)


def write_pages(options: argparse.Namespace) -> bool:
    """Write the pages asked for; ``False`` if none was.

    Raises:
        EnvironmentFault: ``methods.page_not_written``.
    """
    language = Language(options.lang)
    for path, make in ((options.html, catalogue_html), (options.markdown, catalogue_markdown)):
        if path is not None:
            _write(path, make(language))
    return options.html is not None or options.markdown is not None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFault("methods.page_not_written", file=str(path), reason=reason) from error
