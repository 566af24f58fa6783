"""A journal decoded again gives the same run again, and with a corrected driver another one beside it."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
from labdesk_drivers.yaohua_xk3190a9.protocol import build_frame as a9_frame

from labdesk.capture.redecoding import redecode
from labdesk.capture.sealing import begin_journal
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sealed_run import decode_run
from tests.unit.capture.test_recorder import ARMED_NS, FORCES, STEP_NS, recorder, utm
from tests.unit.platform.world import FixedClock

A9 = "yaohua_xk3190a9"


def utm_journal(path: Path) -> bytes:
    """A pulled bar as its journal."""
    journal, _ = begin_journal(path, recorder(), ())
    for index, force in enumerate(FORCES):
        record = utm(index, force)
        journal.append(record.stamp_ns, record.payload)
    journal.close()
    return path.read_bytes()


def a9_journal(path: Path) -> bytes:
    """A crushed cube at an indicator that shows kg, registered as if it showed kN."""
    journal, _ = begin_journal(path, recorder(A9), ())
    for index, force in enumerate(FORCES[::4]):
        journal.append(ARMED_NS + (index - 12) * STEP_NS * 5, a9_frame(force // 10, 2))
    journal.close()
    return path.read_bytes()


def test_the_same_driver_gives_the_same_samples(tmp_path: Path) -> None:
    data = utm_journal(tmp_path / "run.journal")
    first, again = (decode_run(redecode(data, "", {}, FixedClock())) for _ in range(2))
    assert first == again
    assert first.peak_kn == Decimal("100")
    assert first.header.journal_sha256 == hashlib.sha256(data).hexdigest()
    assert first.header.end_reason.value == "break"


def test_a_corrected_setting_gives_other_values_of_the_same_bytes(tmp_path: Path) -> None:
    data = a9_journal(tmp_path / "run.journal")
    wrong = decode_run(redecode(data, "", {}, FixedClock()))
    right = decode_run(redecode(data, "", {"unit": "kg"}, FixedClock()))
    largest = [max(value for value in run.values("force") if value is not None) for run in (wrong, right)]
    assert largest[1] == largest[0] * Decimal("0.00980665")
    assert right.header.machine.settings["unit"] == "kg"


def test_another_driver_that_understands_nothing_gives_no_samples(tmp_path: Path) -> None:
    run = decode_run(redecode(utm_journal(tmp_path / "run.journal"), A9, {}, FixedClock()))
    assert (run.times_ns, run.header.loaded) == ((), False)
    assert run.header.driver.id == A9


@pytest.mark.parametrize(("driver", "settings"), [("no_such", {}), (A9, {"unit": "stone"})])
def test_what_cannot_be_is_refused(tmp_path: Path, driver: str, settings: dict[str, str]) -> None:
    with pytest.raises(OperatorError):
        redecode(utm_journal(tmp_path / "run.journal"), driver, settings, FixedClock())


def test_what_is_no_journal_is_said() -> None:
    with pytest.raises(EnvironmentFault, match="run_damaged"):
        redecode(b"not a journal", "", {}, FixedClock())
