"""The fuzzing campaign in small (in full: ``benchmarks/fuzz_decoders.py``), and decoders that are wrong, which it must find."""

from __future__ import annotations

import pytest

from benchmarks.fuzz_decoders import JUDGES, choices, fuzz
from labdesk.devices.driver import Decoder, Driver, Frame
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.registry import make_driver, make_simulator, manifests
from labdesk.devices.specimens import Reading

SMALL = 12_000
DRIVERS = [manifest.id for manifest in manifests()]


@pytest.mark.parametrize("driver_id", DRIVERS)
def test_nothing_is_invented_from_noise_and_mutated_frames(driver_id: str) -> None:
    verdict = fuzz(make_driver(driver_id, {}), SMALL, 7)
    assert not verdict.faults
    assert verdict.fed == SMALL
    assert verdict.good > 0
    assert verdict.skipped > 0
    assert verdict.judged == (verdict.good if driver_id in JUDGES else 0)


def test_every_check_of_ours_is_computed_again() -> None:
    strong = {manifest.id for manifest in manifests() if not manifest.check.weak}
    assert strong == set(JUDGES)


@pytest.mark.parametrize(("driver_id", "given"), list(choices()), ids=str)
def test_another_choice_of_a_setting_has_a_check_or_says_that_it_has_none(
    driver_id: str, given: dict[str, str]
) -> None:
    driver = make_driver(driver_id, given)
    assert not fuzz(driver, 4_000, 7).faults
    if driver.check.weak:
        return
    simulator = make_simulator(driver_id, given)
    before, hurt, after = (simulator.encode(Reading(1.234 + n / 10, 0.5, 0.25), n, n * 10**7) for n in range(3))
    for at in range(len(hurt)):
        for flip in (1, 16, 255):
            bad = hurt[:at] + bytes((hurt[at] ^ flip,)) + hurt[at + 1 :]
            found = driver.new_decoder().feed(before + bad + after + after)
            assert {frame.raw for frame in found} <= {before, after}


class _Broken(Driver):
    """A driver with the decoder of a real one, and something wrong."""

    def __init__(self, driver: Driver, fault: str) -> None:
        super().__init__(driver.manifest, driver.settings)
        self._fault = fault

    def new_decoder(self) -> Decoder:
        return ResyncDecoder(_BrokenFormat(self._fault))


class _BrokenFormat:
    start = b"\x02"

    def __init__(self, fault: str) -> None:
        self._fault = fault
        self._last = b""

    def size(self, buffer: bytearray, at: int) -> int | None:
        return 12

    def parse(self, raw: bytes) -> Frame | None:
        if self._fault == "crash":
            return Frame((int(raw[2:8]),), raw=raw)
        if not raw[2:8].isdigit() or raw[11] != 3:
            return None
        if self._fault == "no check":
            return Frame((int(raw[2:8]),), raw=raw)
        self._last, before = raw, self._last
        return Frame((0,), raw=before or raw[:11]) if self._fault == "last value" else Frame((0, 1), raw=raw)


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("crash", "ValueError"),
        ("no check", "check does not fit"),
        ("last value", "in the stream|skipped"),
        ("width", "2 counts"),
    ],
)
def test_a_wrong_decoder_is_found(fault: str, word: str) -> None:
    verdict = fuzz(_Broken(make_driver("yaohua_xk3190a9", {}), fault), SMALL, 7)
    assert any(part in told for told in verdict.faults for part in word.split("|")), verdict.faults
