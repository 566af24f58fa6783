"""Finds drivers by their folders under ``labdesk_drivers``; LabDesk itself never imports one by name.

A folder with a ``manifest.toml`` is a driver. Its ``driver`` module has a class ``MachineDriver``, its ``sim`` module a class
``Simulator``. Nothing is remembered between calls except parsed manifests: there is no list to register in.

A file ``NAME.toml`` among the presets (``resources/presets``) is a driver too: a generic one with its settings filled in.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, cast

from labdesk.devices.driver import Driver
from labdesk.devices.manifest import Manifest, parse_manifest, parse_preset
from labdesk.domain.errors import EnvironmentFault, OperatorError

if TYPE_CHECKING:
    from labdesk.devices.simulator import DeviceSimulator

PACKAGE = "labdesk_drivers"
PRESETS = "labdesk_resources.presets"


@cache
def manifests() -> tuple[Manifest, ...]:
    """Manifests of all drivers, by id; raises EnvironmentFault ``capture.driver_manifest`` for a wrong one."""
    texts = {}
    for folder in resources.files(PACKAGE).iterdir():
        written = folder.joinpath("manifest.toml") if folder.is_dir() else None
        if written is not None and written.is_file():
            texts[folder.name] = written.read_text(encoding="utf-8")
    found = [parse_manifest(text, name) for name, text in texts.items()]
    for file in resources.files(PRESETS).iterdir():
        if file.name.endswith(".toml"):
            found.append(parse_preset(file.read_text(encoding="utf-8"), file.name.removesuffix(".toml"), texts))
    return tuple(sorted(found, key=lambda manifest: manifest.id))


def manifest(driver_id: str) -> Manifest:
    """The manifest of one driver; raises OperatorError ``capture.no_such_driver``."""
    for candidate in manifests():
        if candidate.id == driver_id:
            return candidate
    raise OperatorError("capture.no_such_driver", driver=driver_id)


def make_driver(driver_id: str, settings: Mapping[str, str]) -> Driver:
    """A driver with a machine's settings; raises OperatorError for an unknown driver or setting."""
    found = manifest(driver_id)
    made = _member(found.base or found.id, "driver", "MachineDriver")(found, settings)
    if not isinstance(made, Driver):
        raise EnvironmentFault("capture.driver_manifest", driver=driver_id, reason="MachineDriver")
    return made


def make_simulator(driver_id: str, settings: Mapping[str, str]) -> DeviceSimulator:
    """The virtual machine that speaks a driver's protocol."""
    found = manifest(driver_id)
    return cast("DeviceSimulator", _member(found.base or found.id, "sim", "Simulator")(found, found.resolve(settings)))


def _member(driver_id: str, module: str, name: str) -> type:
    try:
        return cast("type", getattr(importlib.import_module(f"{PACKAGE}.{driver_id}.{module}"), name))
    except (ImportError, AttributeError) as error:
        raise EnvironmentFault("capture.driver_manifest", driver=driver_id, reason=str(error)) from error
