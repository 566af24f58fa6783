"""Time to evaluate one tensile curve, compared with ``numpy.polyfit`` on the same points. Run: ``python -m benchmarks.evaluate_tensile``.

Goal: 100 000 points in <= 15 ms median and <= 40x polyfit; growth linear to 5 million points. ``ms`` is wall time, ``cpu_ms`` the
processor time of this process, which other programs on the machine disturb less; the goal is judged by the smaller of the two.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from decimal import Decimal
from typing import Any

import numpy as np

from labdesk.domain.curve import Channel, Curve
from labdesk.standards.gbt228 import evaluate_tensile
from labdesk.standards.trace import TensileGeometry
from tests.helpers.synthetic_curves import Recipe, make

_GEOMETRY = TensileGeometry(Decimal("314.2"), Decimal(100))


#: Shapes and noise of the curves: with a yield drop, quiet and noisy, and one that bends all the way.
_KINDS = (("yield drop", 0.0), ("yield drop", 0.0005), ("round", 0.0005))


def curve_of(points: int, noise: float, shape: str = "yield drop") -> Curve:
    """A curve with exactly ``points`` samples."""
    upper = None if shape == "round" else 460.0
    made, _ = make(Recipe(upper=upper, hz=points / 155.0, noise=noise, quantum_kn="0.001", tail=False))
    assert len(made) >= points
    assert made.extension_mm is not None
    return Curve(*(channel.part(0, points) for channel in (made.time_s, made.force_kn, made.extension_mm)))


def fresh(curve: Curve) -> Curve:
    """The same counts without cached float views, so that the conversion is measured too."""

    def copy(channel: Channel) -> Channel:
        return Channel(channel.counts, channel.quantum, channel.unit)

    assert curve.extension_mm is not None
    return Curve(copy(curve.time_s), copy(curve.force_kn), copy(curve.extension_mm))


def median_ms(run: object, repeats: int) -> tuple[float, float]:
    """Median wall and processor time of ``run`` in ms."""
    wall, used = [], []
    for _ in range(repeats):
        begin, begun = time.perf_counter(), time.process_time()
        run()  # type: ignore[operator]
        wall.append((time.perf_counter() - begin) * 1000)
        used.append((time.process_time() - begun) * 1000)
    return statistics.median(wall), statistics.median(used)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=5_000_000, help="leave larger curves out")
    largest = parser.parse_args().largest
    rows: list[dict[str, Any]] = []
    for points in (size for size in (10_000, 100_000, 1_000_000, 5_000_000) if size <= largest):
        for shape, noise in _KINDS:
            curve = curve_of(points, noise, shape)
            repeats = max(3, min(30, 3_000_000 // points))
            evaluated, used = median_ms(lambda curve=curve: evaluate_tensile(fresh(curve), _GEOMETRY), repeats)
            x, y = curve.extension_mm.view if curve.extension_mm else np.zeros(1), curve.force_kn.view
            fitted, _ = median_ms(lambda x=x, y=y: np.polyfit(x, y, 1), repeats)
            rows.append(
                {
                    "points": points,
                    "shape": shape,
                    "noise": noise,
                    "ms": round(evaluated, 2),
                    "cpu_ms": round(used, 2),
                    "polyfit_ms": round(fitted, 2),
                }
            )
            rows[-1]["ratio"] = round(evaluated / fitted, 1)
            print(json.dumps(rows[-1]), flush=True)
    chosen = [row for row in rows if row["points"] == 100_000]
    return 0 if all(min(row["ms"], row["cpu_ms"]) <= 15 and row["ratio"] <= 40 for row in chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
