"""A sealed run as a curve file that any program reads: the same bytes each time it is written."""

from __future__ import annotations

from decimal import Decimal

from labdesk.domain.plain import to_plain
from labdesk.domain.sealed_run import Companion, SealedRun

CSV_NAMES = {
    "force": "force_kn",
    "extension": "extension_mm",
    "displacement": "displacement_mm",
    "mass": "mass_g",
}


def curve_csv(run: SealedRun) -> str:
    """A run as curve file: ``#key: value`` lines, then ``time_s,force_kn,...``; a value the machine did not send stays empty."""
    return _csv(run, run)


def companion_csv(run: SealedRun, device: Companion) -> str:
    """The samples of a run's second device at their own moments, times counted from the same start, as :func:`curve_csv` writes them."""
    return _csv(run, device)


def _csv(run: SealedRun, part: SealedRun | Companion) -> str:
    header = run.header
    device = part if isinstance(part, Companion) else header
    lines = [
        f"#machine: {device.machine.number}",
        f"#driver: {device.driver.id} {device.driver.version}",
        f"#specimen: {header.request.specimen_label}",
        f"#started_at: {to_plain(header.started_at)}",
        f"#end_reason: {header.end_reason.value}",
        f"#journal_sha256: {device.journal_sha256}",
        ",".join(["time_s", *(CSV_NAMES[channel.name] for channel in part.channels)]),
    ]
    quanta = [channel.quantum for channel in part.channels]
    for time_ns, *counts in zip(part.times_ns, *part.columns, strict=True):
        texts = ("" if count is None else f"{count * quantum:f}" for count, quantum in zip(counts, quanta, strict=True))
        lines.append(",".join((f"{Decimal(time_ns) / 10**9:f}", *texts)))
    return "\n".join(lines) + "\n"
