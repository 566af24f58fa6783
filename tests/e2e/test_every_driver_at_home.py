"""The loop over all drivers and pieces in small (in full: ``benchmarks/every_driver.py``), and an end that it must call wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.every_driver import Pair, run_pair
from labdesk.devices.registry import manifest, manifests
from labdesk.devices.scenarios import Scenario


@pytest.mark.skipif("sys.platform == 'win32'", reason="pseudo-terminals")
def test_two_kinds_of_protocol_over_a_terminal_and_a_port() -> None:
    pairs = [
        Pair(manifest("tinius_olsen_h5k"), Scenario.REBAR, False, 40, delay_s=8),
        Pair(manifest("mitutoyo_rs232"), Scenario.MORTAR, True, 40),
    ]
    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(run_pair, pairs):
            assert result["ok"], result


def test_what_is_expected_of_a_pair() -> None:
    for each in manifests():
        scale = each.channels[0].name != "force"
        assert Pair(each, Scenario.IDLE, True, 1).expected() == (0, "limit")
        assert Pair(each, Scenario.BRICK, True, 1).expected() == ((0, "limit") if scale else (0, "break"))
        assert Pair(each, Scenario.OPERATOR_ABORT, True, 1).expected() == ((0, "limit") if scale else (1, "break"))
