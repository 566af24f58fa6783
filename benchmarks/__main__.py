"""Every figure we claim, measured here: ``python -m benchmarks [--full]`` runs all benchmarks in turn and prints one table.

The small form takes about three minutes and shows whether something went wrong by a factor; ``--full`` takes the sizes the goals speak
of. A missed goal is shown as such; only a benchmark that gives no figures makes the exit code 1. Other work on the machine is
measured along with it, so its load is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
Row = tuple[str, str, str]
"""What was measured, the figure, the goal."""


@dataclass(frozen=True)
class Benchmark:
    """One module with its arguments in small and full form, and how its JSON becomes rows."""

    module: str
    small: str
    full: str
    rows: Callable[[list[dict[str, Any]]], list[Row]]


def _cold_start(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    median = told["median_ms"]
    return [
        ("cold start to painted sign-in page, ms", f"{median['command']} (bare window {median['bare']})", ""),
        ("cold start against a bare PySide6 window", f"{told['ratio']}x", f"<= {told['goal']}x"),
    ]


def _scan(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    sizes = [entry for value in told.values() if isinstance(value, list) for entry in value]
    rows = [
        (
            f"scan to painted verdict, {entry['specimens']:,} specimens, ms p50 / p99",
            f"{entry['painted_ms']['p50']} / {entry['painted_ms']['p99']} (processor {entry['painted_cpu_ms']['p50']})",
            f"p99 <= {told['goals']['p99_ms']}",
        )
        for entry in sizes
    ]
    return [
        *rows,
        ("growth from the smaller to the larger", f"{told['growth_p50']}x", f"<= {told['goals']['growth']}x"),
    ]


def _capture(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    size = f"{told['machines']} x {told['rate_hz']} Hz, {told['seconds']} s"
    cpu = told["capture_cpu_percent_of_a_core"]
    return [(f"samples lost, {size}", f"{told['lost']} of {told['sent']:,} (one core {cpu} %)", "0")]


def _capture_with_desktop(found: list[dict[str, Any]]) -> list[Row]:
    told, busy = found[-1], found[-1]["with_desktop"]
    size = f"{told['machines']} x {told['rate_hz']} Hz, {told['seconds']} s"
    done = f"{busy['moves']} moves, {busy['reports']} reports"
    return [(f"samples lost beside a busy desktop, {size}", f"{busy['lost']} of {busy['sent']:,} ({done})", "0")]


def _cost(found: list[dict[str, Any]]) -> list[Row]:
    told, goals = found[-1], found[-1]["goals"]
    capture, bare = told["capture"], told["bare"]
    size = f"{told['machines']}, {told['seconds']} s"
    rows = [
        (f"samples lost, {size}", f"{capture['lost']} of {capture['samples']:,}", str(goals["lost"])),
        (
            f"capture process, {size}",
            f"{capture['percent_of_a_core']} % of a core",
            f"<= {goals['percent_of_a_core']} %",
        ),
        (
            "CPU per sample, us",
            f"{capture['us_per_sample']} (bare loop {bare['us_per_sample']}: {told['against_bare']}x)",
            f"<= {goals['against_bare']}x",
        ),
    ]
    others = told["others_need_times"].items()
    return [
        *rows,
        *(
            (f"{name}'s reader needs", f"{ratio}x of that", f">= {goals['others_need_times']}x")
            for name, ratio in others
        ),
    ]


def _sealed(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    others = ", ".join(
        f"{name} {each['bytes_per_sample']}" for name, each in told.items() if name in ("npz", "parquet_zstd")
    )
    sealed = told["sealed"]
    speed = f"{sealed['write_million_samples_s']} / {sealed['read_million_samples_s']}"
    return [
        ("sealed run, bytes a sample", f"{sealed['bytes_per_sample']} ({others})", "smallest"),
        ("sealed run written / read, million samples a second", speed, ""),
    ]


def _faults(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    done = f"{len(told['promises_broken'])} of {told['runs']} ({told['samples_sealed']:,} samples, {told['gaps_marked']} gaps)"
    return [("fault campaign: runs that broke a promise", done, "0")]


def _live(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    goal = f">= {told['goal_frames_per_second']}"
    return [
        ("live page, frames a second", str(told["page"]["frames_per_second"]), goal),
        (f"curve alone, {told['points']:,} points, frames a second", str(told["plot"]["frames_per_second"]), goal),
    ]


def _log(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    appended = told["append_sqlite_us"]
    sizes = sorted(appended, key=int)
    flat = " / ".join(f"{appended[size]} at {int(size):,}" for size in sizes)
    return [("append to the log on SQLite, us", f"{flat} (plain hash {told['plain_hash_us']})", "flat")]


def _fuzz(found: list[dict[str, Any]]) -> list[Row]:
    fed = sum(entry["fed"] for entry in found)
    faults = sum(len(entry["faults"]) for entry in found)
    checked = sum(entry["judged"] for entry in found)
    told = f"{faults} ({len(found)} decoders, {checked:,} checks recomputed)"
    return [(f"faults of decoders on {fed:,} random and mutated bytes", told, "0")]


def _tensile(found: list[dict[str, Any]]) -> list[Row]:
    return [
        (
            f"evaluate a tensile curve, {entry['shape']}, {entry['points']:,} points, ms",
            f"{entry['ms']} ({entry['ratio']}x polyfit)",
            "<= 15 and <= 40x" if entry["points"] == 100_000 else "",
        )
        for entry in found
        if entry["noise"]
    ]


def _truth(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    done = f"{told['right_percent']} % of {told['values']:,}, {told['unexplained']} misses without a cause"
    return [(f"values of {told['curves']:,} known steels right or rightly withheld", done, "0 without a cause")]


def _packages(found: list[dict[str, Any]]) -> list[Row]:
    """One row a curve: LabDesk's time and how near its E is; the packages' times stand there where their environment was given."""
    rows = []
    for curve in dict.fromkeys(entry["curve"] for entry in found):
        by = {entry["program"]: entry for entry in found if entry["curve"] == curve}
        own, true, other = by["labdesk"], by["truth"], by.get("paramaterial", {}).get("ms")
        apart = f"E {100 * (own['E'] / true['E'] - 1):+.2f} %" if own.get("E") else "E not given"
        beside = f"; paramaterial {other:.0f}" if other is not None else ""
        rows.append(
            (
                f"tensile curve beside packages, {curve}, ms",
                f"{own['ms']:.1f} ({apart}){beside}",
                "<= a tenth" if other else "",
            )
        )
    return rows


def _acceptance(found: list[dict[str, Any]]) -> list[Row]:
    told = found[-1]
    figures = f"{told['one_selection_s']} / {told['lots_of_ten_s']} / {told['through_the_service_s']}"
    return [(f"GB/T 50107, {told['groups']:,} groups at once / by tens / as a lot, s", figures, f"<= {told['goal_s']}")]


BENCHMARKS = (
    Benchmark("cold_start", "--runs 5", "--runs 15", _cold_start),
    Benchmark("scan_to_verdict", "--small --scans 60", "--scans 300", _scan),
    Benchmark("capture_8x1khz", "--seconds 5", "--seconds 60", _capture),
    Benchmark("capture_with_desktop", "--seconds 8", "--seconds 120 --fast", _capture_with_desktop),
    Benchmark("capture_cost", "--seconds 5", "--seconds 120", _cost),
    Benchmark("sealed_size", "--seconds 20", "--seconds 120", _sealed),
    Benchmark("fault_campaign", "--runs 16", "--runs 500", _faults),
    Benchmark("live_page", "--points 20000 --frames 60", "--points 100000 --frames 200", _live),
    Benchmark("log_append", "--entries 20000", "--entries 1000000", _log),
    Benchmark("evaluate_tensile", "--largest 100000", "--largest 5000000", _tensile),
    Benchmark("tensile_truth", "--curves 150 --json", "--curves 10000 --json", _truth),
    Benchmark("tensile_packages", "--largest 2000", "--largest 100000", _packages),
    Benchmark("fuzz_decoders", "--bytes 50000 --json", "--json", _fuzz),
    Benchmark("concrete_acceptance", "--groups 10000", "--groups 10000", _acceptance),
)


def objects(printed: str) -> list[dict[str, Any]]:
    """All JSON objects of an output, one after the other."""
    decoder, found, rest = json.JSONDecoder(), [], printed.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    return found


def run(benchmark: Benchmark, *, full: bool) -> tuple[list[Row], bool]:
    """Rows of one benchmark, and whether its goals were met; raises RuntimeError when it gives no figures."""
    arguments = (benchmark.full if full else benchmark.small).split()
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{benchmark.module}", *arguments],
        cwd=ROOT,
        env={"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return benchmark.rows(objects(done.stdout)), done.returncode == 0
    except (ValueError, KeyError, IndexError) as error:
        raise RuntimeError(done.stderr.strip().splitlines()[-1:] or str(error)) from error


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes the goals speak of; takes half an hour")
    options = parser.parse_args()
    rows: list[tuple[str, str, str, str]] = []
    failed = False
    for benchmark in BENCHMARKS:
        sys.stderr.write(f"{benchmark.module} ...\n")
        try:
            found, met = run(benchmark, full=options.full)
        except RuntimeError as error:
            failed = True
            rows.append((benchmark.module, f"no figures: {error}", "", "failed"))
            continue
        rows += [(*row, ("met" if met else "missed") if row[2] else "") for row in found]
    head = ("what", "measured", "goal", "")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(4)]
    for row in (head, *rows):
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    sys.stdout.write(f"{os.cpu_count()} cores{load}. Goals are judged per benchmark.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
