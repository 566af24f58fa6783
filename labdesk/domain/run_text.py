"""A sealed run as a curve file that any program reads: the same bytes each time it is written."""

from __future__ import annotations

from decimal import Decimal

from labdesk.domain.plain import to_plain
from labdesk.domain.sealed_run import SealedRun

CSV_NAMES = {
    "force": "force_kn",
    "extension": "extension_mm",
    "displacement": "displacement_mm",
    "mass": "mass_g",
}


def curve_csv(run: SealedRun) -> str:
    """A run as curve file: ``#key: value`` lines, then ``time_s,force_kn,...``; a value the machine did not send stays empty."""
    header, request = run.header, run.header.request
    lines = [
        f"#machine: {header.machine.number}",
        f"#driver: {header.driver.id} {header.driver.version}",
        f"#specimen: {request.specimen_label}",
        f"#started_at: {to_plain(header.started_at)}",
        f"#end_reason: {header.end_reason.value}",
        f"#journal_sha256: {header.journal_sha256}",
        ",".join(["time_s", *(CSV_NAMES[channel.name] for channel in run.channels)]),
    ]
    columns = [run.values(channel.name) for channel in run.channels]
    for time_ns, *values in zip(run.times_ns, *columns, strict=True):
        texts = ("" if value is None else f"{value:f}" for value in values)
        lines.append(",".join((f"{Decimal(time_ns) / 10**9:f}", *texts)))
    return "\n".join(lines) + "\n"
