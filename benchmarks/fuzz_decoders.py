"""Every decoder against random and mutated bytes: no exception, no byte unaccounted for, no frame without a valid check.

Run ``python -m benchmarks.fuzz_decoders [--bytes N] [--driver ID ...] [--choices] [--seed N] [--json]``; N is 10 million a decoder.
``--choices`` takes the drivers' other choices of settings, one at a time, instead of the defaults. The bytes are pure
noise, and frames of the simulated device and of the recordings, whole and with bits turned, bytes lost, doubled, swapped in, cut and
joined, fed in pieces of any size. Each frame that comes out must stand in the stream as it says, in order; must be a frame alone, too;
and, where the manifest names a check, must fit it by the arithmetic written here, apart from the decoder's.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from labdesk.devices.driver import Driver, Frame
from labdesk.devices.registry import make_driver, make_simulator, manifests
from labdesk.devices.specimens import Reading

ROOT = Path(__file__).parents[1]
BLOCK = 4096
Judge = Callable[[bytes], bool]


def crc16(data: bytes) -> int:
    """CRC-16 of Modbus, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def crc_ccitt(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def xor_of(data: bytes) -> int:
    """Exclusive or of all bytes."""
    found = 0
    for byte in data:
        found ^= byte
    return found


def _modbus(raw: bytes) -> bool:
    return crc16(raw[:-2]) == raw[-2] | raw[-1] << 8


JUDGES: dict[str, Judge] = {
    "cas_ci600d_modbus": _modbus,
    "flintec_dad141": lambda raw: len(raw) == 20 and (sum(raw[:17]) + int(raw[17:19], 16)) % 256 == 0,
    "flintec_dad141_modbus": _modbus,
    "generic_binary_frame": _modbus,
    "generic_modbus_rtu": _modbus,
    "humboldt_hm3000": lambda raw: sum(raw[1:-1]) % 256 == raw[-1],
    "labdesk_utm": lambda raw: crc_ccitt(raw[2:-2]) == raw[-2] | raw[-1] << 8,
    "laumas_tlb_modbus": _modbus,
    "mettler_continuous": lambda raw: sum(raw) % 128 == 0,
    "oke_utm": lambda raw: sum(raw[:-1]) % 256 == raw[-1],
    "yaohua_xk3190a12": lambda raw: f"{xor_of(raw[:-4]):02X}".encode() == raw[-4:-2],
    "yaohua_xk3190a9": lambda raw: f"{xor_of(raw[1:-3]):02X}".encode() == raw[-3:-1],
    "yaohua_xk3190a9_command": lambda raw: f"{xor_of(raw[1:-3]):02X}".encode() == raw[-3:-1],
}
"""Checks recomputed; a driver that is not here has none on the wire, or is shown as not recomputed."""


@dataclass
class Verdict:
    """What the campaign found of one decoder.

    Attributes:
        fed, good, bad, skipped: bytes fed; frames and bytes as the decoder counted them.
        judged: frames whose check was computed again.
        remembered: frames that read otherwise alone, because the decoder goes by an earlier answer (a list of units).
        faults: what must not be; empty is what we want.
    """

    driver: str
    check: str
    fed: int = 0
    good: int = 0
    bad: int = 0
    skipped: int = 0
    judged: int = 0
    remembered: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def seeds_of(driver: Driver, chance: random.Random) -> list[bytes]:
    """Frames of the simulated device over its whole range, and the recordings."""
    simulator = make_simulator(driver.manifest.id, driver.settings)
    found: list[bytes] = []
    for n in range(200):
        force = chance.choice((-1, 1)) * 10 ** chance.uniform(-3, 3)
        try:
            found.append(simulator.encode(Reading(force, chance.uniform(-9, 99), chance.uniform(-2, 9)), n, n * 10**7))
        except (ValueError, OverflowError):
            continue
    folder = ROOT / "drivers" / (driver.manifest.base or driver.manifest.id) / "recordings"
    found += [path.read_bytes()[:2000] for path in sorted(folder.glob("*.bin"))]
    return [seed for seed in found if seed]


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The seed, usually with something done to it."""
    raw = bytearray(seed)
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 5))):
        at = chance.randrange(len(raw)) if raw else 0
        what = chance.randrange(6)
        if not raw or what == 0:
            raw[at:at] = chance.randbytes(chance.randrange(1, 5))
        elif what == 1:
            raw[at] ^= 1 << chance.randrange(8)
        elif what == 2:
            raw[at] = chance.randrange(256)
        elif what == 3:
            del raw[at : at + chance.choice((1, 1, 1, 3))]
        elif what == 4:
            raw[at:at] = raw[at : at + chance.randrange(1, 6)]
        else:
            raw[at] = raw[chance.randrange(len(raw))]
    return bytes(raw)


def blocks(driver: Driver, total: int, chance: random.Random) -> Iterator[bytes]:
    """``total`` bytes in pieces of any size: a tenth noise, the rest mutated frames."""
    seeds = seeds_of(driver, chance)
    left = total
    while left > 0:
        if chance.random() < 0.1:
            block = chance.randbytes(BLOCK)
        else:
            parts: list[bytes] = []
            while sum(map(len, parts[-40:])) < BLOCK and len(parts) < 400:
                parts.append(mutated(chance.choice(seeds), chance))
            block = b"".join(parts)
        block = block[:left]
        left -= len(block)
        at = 0
        while at < len(block):
            size = chance.choice((1, 2, 7, 16, 64, 500, BLOCK))
            yield block[at : at + size]
            at += size


class Watch:
    """Follows one decoder byte by byte: what it has been fed and not yet accounted for."""

    def __init__(self, driver: Driver) -> None:
        manifest = driver.manifest
        self.verdict = Verdict(manifest.id, driver.check.value)
        self._driver = driver
        self._decoder = driver.new_decoder()
        # The arithmetic here is that of the check the manifest names; settings may choose another, or none.
        self._judge = JUDGES.get(manifest.id) if driver.check is manifest.check else None
        self._waiting = bytearray()
        self._framed = 0

    def feed(self, piece: bytes) -> None:
        """Feeds a piece and looks at every frame that comes out of it."""
        self._waiting += piece
        self.verdict.fed += len(piece)
        try:
            frames = self._decoder.feed(piece)
        except Exception as error:
            self._fault(f"{type(error).__name__}: {error} on {bytes(self._waiting[-60:]).hex()}")
            self._decoder = self._driver.new_decoder()
            self._waiting.clear()
            return
        at = 0
        for frame in frames:
            found = self._waiting.find(frame.raw, at)
            if found < 0 or not frame.raw:
                self._fault(f"not in the stream: {frame.raw.hex()}")
                continue
            at = found + len(frame.raw)
            self._look_at(frame)
        del self._waiting[: max(at, len(self._waiting) - 4 * BLOCK)]

    def end(self) -> Verdict:
        """Closes the line and balances the books."""
        self._decoder.flush()
        counters, verdict = self._decoder.counters, self.verdict
        verdict.good, verdict.bad, verdict.skipped = counters.good, counters.bad, counters.skipped_bytes
        if self._framed + counters.skipped_bytes != verdict.fed:
            self._fault(f"{verdict.fed} bytes fed, {self._framed} in frames, {counters.skipped_bytes} skipped")
        return verdict

    def _look_at(self, frame: Frame) -> None:
        self._framed += len(frame.raw)
        if len(frame.counts) != len(self._driver.channels):
            self._fault(f"{len(frame.counts)} counts: {frame.raw.hex()}")
        if any(count is not None and (type(count) is not int or abs(count) >= 1 << 63) for count in frame.counts):
            self._fault(f"{frame.counts}: {frame.raw.hex()}")
        if self._judge is not None:
            self.verdict.judged += 1
            if not self._judge(frame.raw):
                self._fault(f"check does not fit: {frame.raw.hex()}")
        decoder = self._driver.new_decoder()
        # Twice: what a decoder gives up as a possible rest of a frame is only the first one.
        alone = decoder.feed(frame.raw + frame.raw)
        if not alone or alone[-1].raw != frame.raw:
            self._fault(f"no frame alone: {frame.raw.hex()}")
        elif alone[-1] != frame:
            self.verdict.remembered += 1

    def _fault(self, text: str) -> None:
        if len(self.verdict.faults) < 20:
            self.verdict.faults.append(text)


def choices() -> Iterator[tuple[str, dict[str, str]]]:
    """Every driver with every choice of a setting that is not its default. Units are left out: they change no decoding of bytes."""
    for manifest in manifests():
        for name, setting in manifest.settings.items():
            if name not in ("unit", "length_unit", "address"):
                yield from ((manifest.id, {name: value}) for value in setting.allowed if value != setting.default)


def fuzz(driver: Driver, total: int, seed: int) -> Verdict:
    """Runs the campaign on one decoder."""
    chance = random.Random(f"{driver.manifest.id} {seed}")
    watch, began = Watch(driver), time.perf_counter()
    for piece in blocks(driver, total, chance):
        watch.feed(piece)
    verdict = watch.end()
    verdict.seconds = round(time.perf_counter() - began, 1)
    return verdict


def main() -> int:
    """Prints one line a decoder; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=10_000_000)
    parser.add_argument("--driver", action="append", default=[])
    parser.add_argument("--choices", action="store_true", help="the drivers' other choices of settings")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON line a decoder")
    options = parser.parse_args()
    sound = True
    if not options.json:
        print(
            f"{'driver':26} {'check':16} {'bytes':>11} {'good':>9} {'bad':>9} {'recomputed':>10} {'remembered':>10} {'s':>6}  faults"
        )
    runs = list(choices()) if options.choices else [(manifest.id, {}) for manifest in manifests()]
    for each, given in runs:
        if options.driver and each not in options.driver:
            continue
        verdict = fuzz(make_driver(each, given), options.bytes, options.seed)
        verdict.driver += "".join(f" {name}={value}" for name, value in given.items())
        sound = sound and not verdict.faults
        if options.json:
            print(json.dumps(asdict(verdict)), flush=True)
            continue
        judged = str(verdict.judged or "-")
        print(
            f"{verdict.driver:26} {verdict.check:16} {verdict.fed:>11,} {verdict.good:>9,} {verdict.bad:>9,} {judged:>10}",
            f"{verdict.remembered:>10} {verdict.seconds:>6}  {len(verdict.faults)} {''.join(verdict.faults[:1])}",
            flush=True,
        )
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
