"""A log line of WARNING or worse that no test expected fails that test: silence is part of what we promise."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager


class UnexpectedLog(logging.Handler):
    """Collects the lines that no allowed pattern matches.

    Args:
        allowed: regular expressions searched in ``<logger>:<LEVEL>:<message>``.
    """

    def __init__(self, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(level=logging.WARNING)
        self._allowed = [re.compile(pattern) for pattern in allowed]
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{record.name}:{record.levelname}:{record.getMessage()}"
        if not any(pattern.search(line) for pattern in self._allowed):
            self.lines.append(line)


@contextmanager
def watched_log(allowed: tuple[str, ...] = ()) -> Iterator[UnexpectedLog]:
    """Watches the root logger; the caller judges ``lines`` afterwards."""
    handler = UnexpectedLog(allowed)
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)
