"""A command line's arguments: what is wrong with them is one sentence, not a page of usage."""

from __future__ import annotations

import argparse
from typing import NoReturn

from labdesk.domain.errors import OperatorError


class Arguments(argparse.ArgumentParser):
    """As argparse, but a wrong command line is OperatorError ``app.command_line``; ``--help`` still explains everything."""

    def error(self, message: str) -> NoReturn:
        """Refuse."""
        raise OperatorError("app.command_line", reason=message, command=self.prog)
