"""Under every setting that a site may choose, driver and simulated device speak of the same quantity."""

from __future__ import annotations

import pytest

from labdesk.devices.manifest import Kind
from labdesk.devices.registry import make_driver, make_simulator, manifests
from labdesk.devices.specimens import Reading
from labdesk.domain.sealed_run import FORCE

STATED = {
    ("humboldt_hm3000", "counts", "fall"): {"zero_count": "60000"},
    ("yaohua_xk3190_equals", "layout", "t1"): {"unit": "kg"},
}
"""What a choice makes no sense without."""
CHOICES = [
    pytest.param(manifest.id, name, value, id=f"{manifest.id}-{name}-{value}")
    for manifest in manifests()
    if not manifest.id.startswith("generic_") and not manifest.base and manifest.kind is not Kind.SCALE
    for name, setting in manifest.settings.items()
    for value in setting.allowed
]
LOADS = (97.3, 9.73, 0.973, 0.0973, 0.003)
"""Kilonewtons, largest first: the first that the device can show is compared."""


def shown(driver_id: str, settings: dict[str, str], reading: Reading) -> float | None:
    """What the driver makes of the simulated device's frame; the first of two may be given up as a possible rest."""
    driver = make_driver(driver_id, settings)
    try:
        raw = make_simulator(driver_id, settings).encode(reading, 0, 0)
    except (ValueError, OverflowError):
        return None
    frames = driver.new_decoder().feed(raw + raw)
    if not frames or frames[-1].counts[0] is None:
        return None
    return float(frames[-1].counts[0] * driver.channels[0].quantum)


@pytest.mark.parametrize(("driver_id", "name", "value"), CHOICES)
def test_a_choice_changes_no_quantity(driver_id: str, name: str, value: str) -> None:
    """Half a digit of the coarsest display is less than 5 %; a wrong unit, point or byte order is more."""
    settings = {name: value} | STATED.get((driver_id, name, value), {})
    force = make_driver(driver_id, settings).channels[0].name == FORCE
    found = [(load, shown(driver_id, settings, Reading(load, load / 10, load / 10))) for load in LOADS]
    load, value_shown = next((load, value) for load, value in found if value is not None)
    assert value_shown == pytest.approx(load if force else load / 10, rel=0.05)
