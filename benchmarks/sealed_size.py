"""A sealed run's size per sample and its speed against npz and Parquet with zstd, over the same samples.

``python -m benchmarks.sealed_size [--seconds 60] [--rate 1000] [--others PYTHON]`` prints one JSON object. The samples are a simulated
rebar test through the real driver and recorder: time, force, extension, displacement. All hold the same integers without loss; the
sealed run carries its whole header and hash besides. ``--others`` is an interpreter with numpy and pyarrow for Parquet.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from labdesk.capture.assembly import Arming
from labdesk.capture.recorder import RunRecorder
from labdesk.devices.journal import Record
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.simulator import VirtualMachine
from labdesk.domain.capture import EndReason
from labdesk.domain.sealed_run import SealedRun, decode_run, encode_run
from tests.helpers.machines import machine, request

PARQUET = """
import io, json, sys, time
import numpy, pyarrow, pyarrow.parquet as parquet
rows = numpy.load(sys.argv[1])
table = pyarrow.table({name: rows[name] for name in rows.files})
best = None
for deltas in (False, True):
    extra = {"use_dictionary": False, "column_encoding": "DELTA_BINARY_PACKED"} if deltas else {}
    began = time.perf_counter(); sink = io.BytesIO(); parquet.write_table(table, sink, compression="zstd", **extra)
    wrote = time.perf_counter() - began; began = time.perf_counter(); parquet.read_table(io.BytesIO(sink.getvalue()))
    told = {"bytes": len(sink.getvalue()), "write_s": wrote, "read_s": time.perf_counter() - began, "delta": deltas}
    best = told if best is None or told["bytes"] < best["bytes"] else best
print(json.dumps(best))
"""


def sample_run(seconds: float, rate: int) -> SealedRun:
    """A loading as the capture process would seal it."""
    driver, where = make_driver("labdesk_utm", {}), machine()
    virtual = VirtualMachine(make_simulator("labdesk_utm", {}), rate, 1)
    virtual.load("rebar", {"speed": 70 / seconds, "delay_s": 0.5}, 0.0)
    recorder = RunRecorder(request(of=where), where, driver, Arming(datetime.now(UTC), 10**9))
    for step in range(1, int(seconds / 0.02)):
        recorder.feed(Record("D", 10**9 + step * 20_000_000, virtual.advance(step * 0.02)))
    recorder.end(EndReason.OPERATOR, "benchmark")
    return recorder.seal(datetime.now(UTC), "0" * 64, 0)


def timed(what: Any) -> tuple[Any, float]:
    """Result and best time of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        found = what()
        best = min(best, time.perf_counter() - began)
    return found, best


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All formats."""
    run = sample_run(options.seconds, options.rate)
    samples = len(run.times_ns)
    data, write_s = timed(lambda: encode_run(run))
    back, read_s = timed(lambda: decode_run(data))
    assert back == run
    columns = {"time_ns": np.array(run.times_ns, dtype=np.int64)}
    for channel, counts in zip(run.channels, run.columns, strict=True):
        columns[channel.name] = np.array([count or 0 for count in counts], dtype=np.int32)

    def npz() -> bytes:
        sink = BytesIO()
        np.savez_compressed(sink, **columns)
        return sink.getvalue()

    packed, npz_write_s = timed(npz)
    found: dict[str, Any] = {
        "sealed": {"bytes": len(data), "write_s": write_s, "read_s": read_s},
        "npz": {"bytes": len(packed), "write_s": npz_write_s},
    }
    if options.others:
        with tempfile.NamedTemporaryFile(suffix=".npz") as file:
            Path(file.name).write_bytes(packed)
            done = subprocess.run(
                [options.others, "-c", PARQUET, file.name], capture_output=True, text=True, check=False
            )
        if done.returncode == 0:
            found["parquet_zstd"] = json.loads(done.stdout)
    for told in found.values():
        told["bytes_per_sample"] = round(told["bytes"] / samples, 2)
        for name in ("write", "read"):
            if f"{name}_s" in told:
                told[f"{name}_million_samples_s"] = round(samples / told.pop(f"{name}_s") / 1e6, 2)
    return {"samples": samples, "rate_hz": options.rate, **found, "goal": "sealed smaller than both"}


def main() -> int:
    """Prints the result; 1 if another format is smaller."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--others", default="", help="interpreter with numpy and pyarrow")
    result = measure(parser.parse_args())
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    sizes = [told["bytes"] for name, told in result.items() if isinstance(told, dict) and name != "sealed"]
    return 0 if result["sealed"]["bytes"] < min(sizes) else 1


if __name__ == "__main__":
    sys.exit(main())
