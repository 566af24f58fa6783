"""``labdesk demo [--headless] [--out DIR]``: exit 0 when every step came to what it should, 1 otherwise."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from labdesk.app.demo.world import World, build_world
from labdesk.app.desktop.crash import log_to
from labdesk.app.desktop.demo.director import Director, StepFailedError
from labdesk.app.desktop.demo.job import whole_job
from labdesk.app.desktop.demo.pocket import Pocket
from labdesk.app.desktop.program import Desktop, assemble, make_application, open_window

_VISIBLE_PACE_MS = 450


def main(arguments: list[str]) -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(prog="labdesk demo", description=__doc__)
    parser.add_argument("--headless", action="store_true", help="without a window, also where there is a display")
    parser.add_argument("--out", type=Path, default=Path("out"), help="reports, labels, pictures, summary.json")
    options = parser.parse_args(arguments)
    if options.headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    out = options.out.resolve()
    log_to(out / "logs")
    app = make_application()
    visible = app.platformName() != "offscreen"
    world = build_world(out / "data")
    desktop = assemble(app, world.home)
    open_window(desktop)
    director = Director(desktop, world, out, _VISIBLE_PACE_MS if visible else 0)
    failed = _play(director)
    _tell(director, failed)
    if visible and not failed:
        sys.stdout.write("The program stays open to play with; close its window to end.\n")
        pocket = Pocket(world, director.rooms.base.store, desktop.shell.window())
        pocket.show()
        app.exec()
    _switch_off(desktop, world)
    return 1 if failed else 0


def _play(director: Director) -> str:
    try:
        whole_job(director)
    except StepFailedError as error:
        return str(error)
    return ""


def _tell(director: Director, failed: str) -> None:
    for step in director.steps:
        sys.stdout.write(f"{step.outcome:6} {step.ms:6d} ms  {step.name}  {step.detail}\n")
    if failed:
        sys.stderr.write(f"labdesk demo: {failed}\n")
    else:
        seconds = sum(step.ms for step in director.steps) / 1000
        sys.stdout.write(f"{len(director.steps)} steps in {seconds:.0f} s; papers and pictures are in {director.out}\n")


def _switch_off(desktop: Desktop, world: World) -> None:
    built = desktop.rooms.built
    if built is not None:
        built.capture.stop_capture()
    desktop.shell.close()
    world.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
