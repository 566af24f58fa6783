"""The tensile evaluation beside the PyPI packages ``paramaterial`` and ``tensile-test`` on the same curves.

Run: ``python -m benchmarks.tensile_packages --python PATH`` where PATH is the interpreter of a throw-away environment that has both
packages; they are never installed beside LabDesk. The curves are synthetic with known truth and one real one (42CrMoS4); the
package's time is that of proportional limits, slope, foot correction, proof strength and largest stress.

What they do not do: ``paramaterial`` 0.2.0 has no ReH, ReL, Agt by GB/T 228.1 and no gaps; its search for the proportional limits
grows with the square of the number of points, and its slope is the chord between two samples, so that noise goes into Rp0.2 in
full. ``tensile-test`` 0.1.3 needs the modulus given (79 GPa if not), finds no yield or proof strength, and stops with today's numpy
(it uses ``numpy.float``); it is timed with that name put back, and only holds the curve and its largest stress.

Measured on two cores: real curve of 768 points 1.9 ms against 28 ms (15x), 2 500 points 1.7 against 114 to 120 ms (70x), 25 000
points 5.3 against 1 550 to 1 660 ms (290x to 310x). On the 25 000 points ``paramaterial`` gives E = 286 GPa and -12.7 GPa for 200 GPa
and Rp0.2 = 461.5 MPa for 480.9; on the small and the real ones its E is 0.5 to 1.7 % low.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from labdesk.domain.curve import Channel, Curve
from labdesk.services.curve_files import read_curve_file
from labdesk.services.evaluation_inputs import Typed, tensile_geometry
from labdesk.standards.gbt228 import evaluate_tensile
from labdesk.standards.trace import TensileGeometry
from tests.helpers.true_curves import Machine, Recipe, Steel, record

_REAL = Path(__file__).parents[1] / "tests" / "data" / "tensile-42crmo4" / "46NT71.csv"
_REPEATS = 5
_CHILD = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
data = np.load(sys.argv[1]); strain, stress = data["strain"], data["stress"]
out = {}
import paramaterial as pam
from paramaterial.plug import DataItem, DataSet
def dataset():
    ds = DataSet()
    frame = pd.DataFrame({"Strain": strain, "Stress_MPa": stress})
    ds.data_items = [DataItem("t", frame, pd.Series({"test_id": "t"}))]
    ds.info_table = pd.DataFrame({"test_id": ["t"]})
    return ds
try:
    ds = dataset(); begin = time.perf_counter()
    ds = pam.find_upl_and_lpl(ds, preload=20.0, max_strain=0.02)
    ds = pam.correct_foot(ds); ds = pam.find_proof_stress(ds); ds = pam.find_UTS(ds)
    seconds = time.perf_counter() - begin
    info = ds.data_items[0].info
    out["paramaterial"] = {"ms": seconds * 1000, "E": float(info["E"]), "Rp0.2": float(info["PS_0.002_1"]),
                           "Rm": float(info["UTS_1"])}
except Exception as error:
    out["paramaterial"] = {"error": f"{type(error).__name__}: {error}"}
try:
    import tensile_test
except Exception as error:
    out["tensile-test"] = {"error": f"{type(error).__name__}: {error}"}
else:
    try:
        tensile_test.TensileTest(eng_stress=stress, eng_strain=strain)
    except AttributeError as error:
        out["tensile-test as installed"] = {"error": str(error)[:80]}
        np.float = float
    try:
        begin = time.perf_counter()
        test = tensile_test.TensileTest(eng_stress=stress, eng_strain=strain)
        values = {"Rm": float(test.max_eng_stress)}
        out["tensile-test"] = {"ms": (time.perf_counter() - begin) * 1000, **values}
    except Exception as error:
        out["tensile-test"] = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(out))
"""


def _synthetic(points: int, steel: Steel) -> tuple[str, Curve, TensileGeometry, dict[str, float]]:
    recipe = Recipe(steel, machine=Machine(hz=points / 130.0, noise=0.0002, extension_noise_mm=0.0002, ending="stop"))
    curve, truth = record(recipe)
    known = {"E": truth.e_mpa, "Rp0.2": truth.rp02, "Rm": truth.rm, "Agt": truth.agt}
    if truth.upper is not None and truth.lower is not None:
        known |= {"ReH": truth.upper, "ReL": truth.lower}
    return f"{len(curve)} points", curve, recipe.geometry, known


def _real() -> tuple[str, Curve, TensileGeometry, dict[str, float]]:
    curve = read_curve_file(_REAL).curve
    known = {"E": 201875.6, "Rp0.2": 1132.328, "Rm": 1198.732}
    return "real 42CrMoS4", curve, tensile_geometry(Typed({}), curve), known


def _fresh(curve: Curve) -> Curve:
    channels = (curve.time_s, curve.force_kn, curve.extension_mm)
    return Curve(*(Channel(item.counts, item.quantum, item.unit) for item in channels if item is not None))


def _labdesk(curve: Curve, geometry: TensileGeometry) -> dict[str, float]:
    taken = []
    for _ in range(_REPEATS):
        copy, begin = _fresh(curve), time.perf_counter()
        found = evaluate_tensile(copy, geometry)
        taken.append((time.perf_counter() - begin) * 1000.0)
    readings = {
        "E": found.slope_mpa, "Rp0.2": found.r_p02_mpa, "Rm": found.rm_mpa, "ReH": found.r_eh_mpa,
        "ReL": found.r_el_mpa, "Agt": found.a_gt_percent,
    }  # fmt: skip
    values = {name: round(float(reading.value), 3) for name, reading in readings.items() if reading.value is not None}
    return {"ms": statistics.median(taken), **values}


def _others(python: Path, curve: Curve, geometry: TensileGeometry) -> dict[str, dict[str, Any]]:
    assert curve.extension_mm is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "curve.npz"
        le = float(geometry.extensometer_mm or 1)
        stress = curve.force_kn.view * 1000.0 / float(geometry.s0_mm2)
        np.savez(path, strain=curve.extension_mm.view / le, stress=stress)
        done = subprocess.run([str(python), "-c", _CHILD, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"packages": {"error": done.stderr.strip().splitlines()[-1][:120] if done.stderr else "no answer"}}
    answer: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return answer


def main() -> int:
    """Print one line of JSON per curve and program; exit code 0 where LabDesk is at least ten times faster than paramaterial."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--python", type=Path, help="interpreter of the environment with both packages")
    parser.add_argument("--largest", type=int, default=20_000)
    options = parser.parse_args()
    round_steel = Steel(upper=None, lower=500.0, rm=620.0)
    cases = [_real()]
    cases += [_synthetic(points, steel) for points in (2_000, 20_000, 100_000) for steel in (round_steel, Steel())
              if points <= options.largest]  # fmt: skip
    fast = True
    for name, curve, geometry, known in cases:
        own = _labdesk(curve, geometry)
        rows: dict[str, dict[str, Any]] = {"truth": known, "labdesk": own}
        if options.python is not None:
            rows |= _others(options.python, curve, geometry)
        for program, values in rows.items():
            print(json.dumps({"curve": name, "program": program, **values}), flush=True)
        other = rows.get("paramaterial", {}).get("ms")
        fast = fast and (other is None or other >= 10.0 * own["ms"])
    return 0 if fast else 1


if __name__ == "__main__":
    sys.exit(main())
