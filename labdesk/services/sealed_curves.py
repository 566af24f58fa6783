"""From a sealed run to a curve: the same counts, the same quanta, nothing filled in that matters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Channel, Curve, Gap
from labdesk.domain.errors import OperatorError
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, FORCE, SealedRun, decode_run

_NS = Decimal("0.000000001")
_FINE = 100


def curve_from_bytes(data: bytes) -> Curve:
    """The curve of a sealed run's bytes; raises EnvironmentFault where they are damaged."""
    return curve_from_sealed(decode_run(data))


def curve_from_sealed(run: SealedRun) -> Curve:
    """The curve of a run. Samples without a force are left out; an extensometer that was taken off ends the extension.

    Raises:
        OperatorError: ``evaluation.no_force_channel``.
    """
    force = run.channel(FORCE)
    counts = run.counts(FORCE)
    kept = [index for index, count in enumerate(counts) if count is not None]
    if force is None or not kept:
        raise OperatorError(
            "evaluation.no_force_channel", run=run.header.request.run_number or run.header.request.run_id
        )
    times = [run.times_ns[index] for index in kept]
    metadata = {"run_id": run.header.request.run_id, "specimen": run.header.request.specimen_label}
    # The extensometer's gauge length belongs to the machine as it was set up for this run.
    if "le_mm" in run.header.machine.settings:
        metadata["le_mm"] = run.header.machine.settings["le_mm"]
    extension, until = _length(run, EXTENSION, kept)
    displacement, _ = _length(run, DISPLACEMENT, kept)
    extension = extension or _from_companion(run, EXTENSION, times)
    displacement = displacement or _from_companion(run, DISPLACEMENT, times)
    if until is not None:
        metadata["extension_until_s"] = format(times[until] * _NS, "f")
    for switch in run.header.switches:
        if switch.channel == EXTENSION and switch.declared:
            metadata["extension_until_s"] = format(switch.at_ns * _NS, "f")
    gaps = tuple(Gap(gap.from_ns * _NS, gap.to_ns * _NS, gap.kind.value) for gap in run.header.gaps)
    return Curve(
        time_s=Channel(np.array(times, dtype=np.int64), _NS, "s"),
        force_kn=_channel([counts[index] for index in kept], force.quantum, force.unit).in_unit("kN"),
        extension_mm=extension,
        displacement_mm=displacement,
        gaps=gaps,
        metadata=metadata,
    )


def _from_companion(run: SealedRun, name: str, times: Sequence[int]) -> Channel | None:
    """A second device's channel at the moments of the force, on the straight line between its neighbouring readings.

    The reading itself stays as it is in the sealed run; the line is drawn to a hundredth of its quantum.
    """
    for other in run.companions:
        for channel, column in zip(other.channels, other.columns, strict=True):
            known = [(at, count) for at, count in zip(other.times_ns, column, strict=True) if count is not None]
            if channel.name == name and known:
                moments, counts = np.array(known, dtype=np.float64).T
                between = np.interp(np.array(times, dtype=np.float64), moments, counts)
                fine = np.rint(between * _FINE).astype(np.int64)
                return Channel(fine, channel.quantum / _FINE, channel.unit).in_unit("mm")
    return None


def _channel(counts: Sequence[int | None], quantum: Decimal, unit: str) -> Channel:
    return Channel(np.array([count or 0 for count in counts], dtype=np.int64), quantum, unit)


def _length(run: SealedRun, name: str, kept: Sequence[int]) -> tuple[Channel | None, int | None]:
    """A channel in mm and the first kept sample from which it is missing for good (``None``: never)."""
    channel = run.channel(name)
    if channel is None:
        return None, None
    counts = run.counts(name)
    values = [counts[index] for index in kept]
    known = [index for index, value in enumerate(values) if value is not None]
    if not known:
        return None, None
    filled: list[int] = []
    last = values[known[0]] or 0
    for value in values:
        last = value if value is not None else last
        filled.append(last)
    until = known[-1] + 1 if known[-1] + 1 < len(values) else None
    return _channel(filled, channel.quantum, channel.unit).in_unit("mm"), until
