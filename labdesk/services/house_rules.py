"""The rulesets in use: the shipped editions, and the laboratory's own corrections in ``standards`` of its data folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from labdesk.services.method_folder import data_folder, state_of
from labdesk.standards.rulesets import Catalogue, RuleFault, load, shipped

_MAX_BYTES = 500_000


def standards_folder() -> Path:
    """``standards`` in the data folder: one TOML file per correction of an edition."""
    return data_folder() / "standards"


class HouseRules:
    """Shipped and own rulesets; a changed file counts from the next question on, a broken one is a fault and the rest works."""

    def __init__(self, folder: Callable[[], Path] = standards_folder) -> None:
        self._folder = folder
        self._read: tuple[object, Catalogue] | None = None

    def catalogue(self) -> Catalogue:
        """All usable rulesets and the refused files."""
        folder = self._folder()
        state = state_of(folder)
        if not state:
            return shipped()
        key = (folder, state)
        if self._read is None or self._read[0] != key:
            self._read = (key, _read(folder, [name for name, _, _ in state]))
        return self._read[1]


def _read(folder: Path, names: list[str]) -> Catalogue:
    texts, faults = [], []
    for name in names:
        try:
            data = (folder / name).read_bytes()
            if len(data) > _MAX_BYTES:
                faults.append(RuleFault(name, 0, f"larger than {_MAX_BYTES} bytes"))
                continue
            texts.append((name, data.decode("utf-8-sig")))
        except OSError as error:
            faults.append(RuleFault(name, 0, error.strerror or str(error)))
        except UnicodeDecodeError as error:
            faults.append(RuleFault(name, error.object[: error.start].count(b"\n") + 1, "not UTF-8"))
    found = load(texts, over=shipped())
    return replace(found, faults=(*found.faults, *faults))


_HOUSE = HouseRules()


def house_rules() -> Catalogue:
    """The rulesets of this computer's laboratory."""
    return _HOUSE.catalogue()


def standard_of(rule_id: str) -> str:
    """Number of the standard behind a ruleset; the id itself where the ruleset is not a table (GB/T 228.1) or not here."""
    found = house_rules().rules.get(rule_id)
    return rule_id if found is None else found.standard
