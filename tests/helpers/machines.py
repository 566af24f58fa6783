"""Machines and run requests as tests need them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from labdesk.domain.capture import BreakCriterion, BreakRule, RunClass, RunRequest
from labdesk.domain.machines import Machine

ATTENUATION = BreakCriterion(BreakRule.ATTENUATION, percent=Decimal(40), confirm_points=3)


def machine(driver_id: str = "labdesk_utm", port_url: str = "socket://127.0.0.1:1", machine_id: str = "m-1") -> Machine:
    """A calibrated machine."""
    return Machine(
        id=machine_id,
        number=f"JC-{machine_id}",
        name="试验机",
        driver_id=driver_id,
        port_url=port_url,
        capacity_kn=Decimal(600),
        accuracy_class=Decimal("0.5"),
        certificate_no="LX2026-118",
        certificate_valid_from=date(2026, 1, 1),
        certificate_valid_to=date(2026, 12, 31),
    )


def request(run_id: str = "run-1", of: Machine | None = None, **changes: object) -> RunRequest:
    """A request to test a bar on ``of``."""
    where = of or machine()
    fields: dict[str, object] = {
        "run_id": run_id,
        "machine_id": where.id,
        "run_class": RunClass.TEST,
        "specimen_label": "7K2-4",
        "operator_id": "p-1",
        "operator_name": "李工",
        "method": "rebar-lot",
        "calibration": where.calibration(),
        "preload_kn": Decimal(2),
        "arming_kn": Decimal(10),
        "criterion": ATTENUATION,
        "area_mm2": Decimal("314.2"),
        "tail_ms": 200,
        "pre_trigger_ms": 500,
    }
    return RunRequest(**(fields | changes))  # type: ignore[arg-type]


def wait_until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Polls until ``what`` is true; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.01)
