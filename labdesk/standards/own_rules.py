"""A laboratory's own file over a shipped edition: it names the edition it corrects, only the rows that differ, and who says so.

The result is a ruleset of its own: ``GB1499.2-2024+north@3f2a91c0`` is the edition, the laboratory's name for its correction, and the
beginning of the file's SHA-256. An id always means the same tables; what was evaluated under the shipped edition stays under it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from labdesk.standards.rule_cells import Broken, Table, text_of

_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
_DIGEST_SIGNS = 8
#: What an edition may lack and a correction may say.
_MAY_BE_NEW = ("in_force_to", "checked_against_print", "clause", "certainty", "variants")
#: Keys of an own file that are about the file itself.
_ABOUT = ("extends", "name", "author", "reason")


def is_own(table: Table) -> bool:
    """Whether the file corrects another edition instead of being one."""
    return "extends" in table


def extended(table: Table, known: Mapping[str, Table], text: str) -> Table:
    """The edition that the file corrects, with the file's rows in place of its own; raises Broken."""
    edition = text_of(table, "extends")
    base = known.get(edition)
    if base is None:
        raise Broken(("extends", edition), f"there is no edition {edition!r} to extend")
    name = text_of(table, "name")
    if not _NAME.fullmatch(name):
        raise Broken(("name",), "name must be up to 40 letters, digits, dots, dashes or underscores")
    for key in ("author", "reason"):
        text_of(table, key)
    if "id" in table or "method" in table:
        raise Broken(("id" if "id" in table else "method",), "id and method come from the edition that is extended")
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_SIGNS]
    own = {key: value for key, value in table.items() if key not in _ABOUT}
    return {**_merged(base, own, ()), "id": f"{edition}+{name}@{digest}", "examples": []}


def _merged(base: Table, own: Table, where: tuple[str, ...]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        there = base.get(key)
        if isinstance(there, Mapping) and isinstance(value, Mapping):
            merged[key] = _merged(there, value, (*where, key))
        elif _is_rows(there):
            if not _is_rows(value):
                raise Broken((*where, key), f"{key} must be a list of rows")
            merged[key] = _rows(there, value, (*where, key))
        elif there is not None and type(there) is not type(value):
            quotes = " (in quotes)" if isinstance(there, str) else ""
            raise Broken((*where, key), f"{key} must be of the same kind as in the edition{quotes}")
        elif there is None and not (where[:1] == ("variants",) or key in _MAY_BE_NEW):
            raise Broken((*where, key), f"the edition has no {key}")
        else:
            merged[key] = value
    return merged


def _is_rows(value: object) -> TypeGuard[list[Table]]:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _rows(base: list[Table], own: list[Table], where: tuple[str, ...]) -> list[Table]:
    """Rows by the cell that names them, the first of the edition's rows; a row with a new name is added."""
    if not base:
        return own
    names = next(iter(base[0]))
    rows = {str(row.get(names)): dict(row) for row in base}
    columns = {*_MAY_BE_NEW, *(column for row in base for column in row)}
    for row in own:
        name = row.get(names)
        if name is None:
            raise Broken((*where, *(str(value) for value in row.values())), f"each row needs {names}, which names it")
        strange = next((column for column in row if column not in columns), None)
        if strange is not None:
            raise Broken((*where, str(name), strange), f"the edition has no column {strange}")
        rows[str(name)] = {**rows.get(str(name), {}), **row}
    return list(rows.values())
