"""Long files take the way of whole columns; it gives the same curve and the same refusals as the way of single cells."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest

from labdesk.domain.curve import Channel, Curve
from labdesk.domain.errors import OperatorError
from labdesk.services import curve_files
from labdesk.services.curve_files import parse_curve, write_curve


def _rows(seed: int, rows: int = 60, mark: str = ".") -> list[list[str]]:
    rng = random.Random(seed)
    spell = [lambda v: f"{v:.3f}", lambda v: f"{v:.1f}", lambda v: f"{v:.4e}", lambda v: str(round(v))]
    return [
        [f"{row * 0.05:.2f}".replace(".", mark), *(rng.choice(spell)(row * step).replace(".", mark) for step in (1.7, 0.013))]
        for row in range(rows)
    ]  # fmt: skip


def _same(one: Curve, other: Curve) -> None:
    for name in ("time_s", "force_kn", "extension_mm", "displacement_mm"):
        first, second = getattr(one, name), getattr(other, name)
        assert (first is None) == (second is None), name
        if first is not None:
            assert first.quantum == second.quantum
            assert first.quantum.as_tuple() == second.quantum.as_tuple()
            assert first.counts.tolist() == second.counts.tolist()
    assert dict(one.metadata) == dict(other.metadata)


HEADS = {
    "own": (["time_s,force_kn,extension_mm"], ",", "."),
    "newtons and percent": (["l0_mm;50", "Time;Force;Strain", "s;N;%"], ";", ","),
    "three of a kind": (["le_mm;25", "Time;Force;Extension;Strain", "s;kN;mm;mm/mm"], ";", "."),
    "compression": (["Zeit\tKraft\tWeg", "s\tkN\tmm"], "\t", ","),
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("seed", range(4))
def test_both_ways_give_the_same_curve(head: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, delimiter, mark = HEADS[head]
    rows = _rows(seed, mark=mark)
    if head == "three of a kind":
        rows = [[*row, f"{Decimal(row[2]) / 25:f}"] for row in rows]
    if head == "compression":
        rows = [[row[0], *("-" + cell for cell in row[1:])] for row in rows]
    data = "\n".join([*lines, *(delimiter.join(row) for row in rows)]).encode()
    fast = parse_curve(data)
    monkeypatch.setattr(curve_files, "_plain_rows", lambda table, columns: None)
    slow = parse_curve(data)
    _same(fast.curve, slow.curve)
    assert fast.remarks == slow.remarks


def test_a_word_deep_in_a_long_file_is_named_with_its_row() -> None:
    lines = ["time_s,force_kn"] + [f"{row * 0.01:.2f},{row % 97}" for row in range(20_000)]
    lines[15_001] = "150.00,oops"
    with pytest.raises(OperatorError) as refused:
        parse_curve("\n".join(lines).encode())
    assert refused.value.key == "curve_file.not_a_number"
    assert refused.value.params["row"] == 15_001


@pytest.mark.parametrize("quantum", ["1", "0.1", "0.001", "0.000001", "0.5", "0.0125", "1E+1", "1E-18", "0.00980665"])
def test_a_curve_is_written_with_all_digits_of_each_sample(quantum: str) -> None:
    counts = np.array([0, 1, -1, 9, -10, 12_345, -99_999, 2**53 + 1, -(2**61)], dtype=np.int64)
    channel = Channel(counts, Decimal(quantum), "kN")
    time = Channel(np.arange(counts.size, dtype=np.int64), Decimal(1), "s")
    try:
        curve = Curve(time, channel)
    except OperatorError:  # beyond what a machine measures: the smaller counts are enough
        channel = channel.part(0, 7)
        curve = Curve(time.part(0, 7), channel)
    written = [line.split(",")[1] for line in write_curve(curve).splitlines()[1:]]
    assert written == [format(channel.exact(index), "f") for index in range(len(channel))]
