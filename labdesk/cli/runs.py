"""``labdesk runs list|export|decode``: stored runs found, exported byte for byte, and decoded once more beside the old decoding."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labdesk.cli.arguments import Arguments
from labdesk.domain.plain import to_plain
from labdesk.services.run_archive import RunArchive


def run_runs(arguments: Sequence[str], archive: RunArchive) -> int:
    """Runs the command; JSON on standard output. Exit 0; 2 with one sentence for what cannot be done."""
    options = _parser().parse_args(arguments)
    work = {"list": _list, "export": _export, "decode": _decode}[options.action]
    sys.stdout.write(json.dumps(work(options, archive), ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="labdesk runs", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    listed = actions.add_parser("list", help="runs with all of WORDS in number, specimen, lot, machine or operator")
    listed.add_argument("words", nargs="*")
    listed.add_argument("--limit", type=int, default=50)
    exported = actions.add_parser("export", help="sealed run, curve file, results and raw bytes into a folder")
    exported.add_argument("number")
    exported.add_argument("--out", type=Path, required=True, metavar="DIR")
    decoded = actions.add_parser("decode", help="decode the raw bytes again; the stored run stays as it is")
    decoded.add_argument("number")
    decoded.add_argument("--out", type=Path, required=True, metavar="FILE")
    decoded.add_argument("--driver", default="", help="another driver than the run's own")
    decoded.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings")
    return parser


def _list(options: argparse.Namespace, archive: RunArchive) -> Any:
    return [to_plain(run) for run in archive.find(" ".join(options.words), options.limit)]


def _export(options: argparse.Namespace, archive: RunArchive) -> Any:
    done = archive.export(archive.by_number(options.number), options.out)
    return {"files": [str(path) for path in done.files], "journal": not done.without_journal}


def _decode(options: argparse.Namespace, archive: RunArchive) -> Any:
    run = archive.by_number(options.number)
    settings = dict(pair.split("=", 1) for pair in options.settings if "=" in pair)
    decoded = archive.decode_again(run, options.driver, settings, options.out)
    peak = decoded.peak_kn
    return {
        "out": str(options.out),
        "driver": to_plain(decoded.header.driver),
        "samples": len(decoded.times_ns),
        "peak_kn": None if peak is None else f"{peak:f}",
        "stored_peak_kn": None if run.peak_kn is None else f"{run.peak_kn:f}",
        "marks": [mark.value for mark in decoded.header.marks],
    }
