"""Methods beside the coded ones: what a source of methods must be able to do, and the sources that exist.

A source is anything that lists methods and evaluates lots for them. ``labdesk methods`` and ``labdesk evaluate`` ask the coded
methods first, then every source of :data:`SOURCES` in turn; ids are unique over all of them (a test proves it).
"""

from __future__ import annotations

from labdesk.services.method_catalogue import DataMethods
from labdesk.services.method_info import CODED, MethodInfo, MethodInput, MethodSource

__all__ = ["SOURCES", "MethodInfo", "MethodInput", "MethodSource", "source_of"]

#: Further families of methods; add an instance here.
SOURCES: tuple[MethodSource, ...] = (DataMethods(),)


def source_of(method: str) -> MethodSource | None:
    """The source that knows ``method``, or ``None``; methods in code are never asked for, so that their use costs no file."""
    if method in CODED:
        return None
    return next((source for source in SOURCES if any(info.id == method for info in source.infos())), None)
