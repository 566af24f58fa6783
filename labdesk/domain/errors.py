"""Errors sorted by whose turn it is: the person at the screen, the surroundings, or us.

Every error that a person may see carries the key of a sentence (``resources/sentences/*.toml``) and its parameters;
the sentence says what happened, what was kept, and what to do next, in the person's language.
"""

from __future__ import annotations


class LabDeskError(Exception):
    """Base of all errors with a sentence.

    Attributes:
        key: key of the sentence, ``<stage>.<what>``.
        params: values for the sentence's ``{placeholders}``; plain text and numbers only.
    """

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        self.params = params
        details = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{key}({details})" if details else key)


class OperatorError(LabDeskError):
    """The person can act on it: wrong code scanned, rule not met, input missing. Nothing was stored."""


class EnvironmentFault(LabDeskError):
    """The surroundings failed: disk, port, network, database. Work already acknowledged is safe."""


class BugError(LabDeskError):
    """We are wrong. Shown with a reference to the crash record; never swallowed."""
