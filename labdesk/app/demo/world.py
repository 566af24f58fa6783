"""The world around the demonstration: a platform process that can be unplugged, simulated machines, a scanner on a real line.

The desktop knows nothing of it: it sees a platform address, serial ports and bytes.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from labdesk.app.demo import people, photos
from labdesk.app.demo.site import Site, build_site
from labdesk.app.foundation import Foundation, open_foundation
from labdesk.app.membership import begin_membership, complete_membership
from labdesk.app.paths import Home
from labdesk.app.platform import read_public_keys
from labdesk.app.system import SystemClock, Uuid7Ids
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.machines import Machine
from labdesk.domain.people_ports import LabSetup
from labdesk.domain.plain import to_plain
from labdesk.domain.store import Actor
from labdesk.evidence.canonical import sha256_hex
from labdesk.platform.rules.authority import PlatformIdentity
from labdesk.platform.server import admin
from labdesk.platform.server.setup import Settings, open_platform
from labdesk.services.setup import SetupService

UTM, PRESS = "WAW-600", "YAW-2000"


class PlatformProcess:
    """The reference platform in a process of its own, on a fixed port of this computer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Plug it in; returns when it listens. What is plugged in already stays."""
        if self._process is not None:
            return
        command = [sys.executable, "-m", "labdesk.app.platform", "serve", "--data", str(self.folder)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--port", str(self.port)], stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise EnvironmentFault("platform.port", address=self.url, reason="no answer")

    def unplug(self) -> None:
        """Kill it, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None


class ScannerLine:
    """A handheld scanner on a pseudo-terminal: what is scanned here arrives as bytes at a serial port."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        self.port = os.ttyname(self._slave)

    def scan(self, code: str) -> None:
        """One pull of the trigger."""
        os.write(self._master, code.encode("utf-8") + b"\r\n")

    def close(self) -> None:
        """Unplug it."""
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)


@dataclass
class World:
    """Everything the demonstration runs on.

    Attributes:
        home: data folder of the demonstration's laboratory.
        platform: the platform's process.
        scanner: the handheld scanner.
        utm, press: the simulated machines.
        site: what the platform knows.
    """

    home: Home
    platform: PlatformProcess
    scanner: ScannerLine
    utm: SimulatedMachine
    press: SimulatedMachine
    site: Site
    facts: dict[str, Any] = field(default_factory=dict)

    def close(self) -> None:
        """Switch everything off."""
        self.utm.stop()
        self.press.stop()
        self.scanner.close()
        self.platform.unplug()


def build_world(folder: Path, seed: int = 7) -> World:
    """Make platform, laboratory, machines and scanner below ``folder``, which must not hold an earlier demonstration."""
    clock = SystemClock()
    home = Home(folder / "laboratory")
    home.prepare()
    platform = PlatformProcess(folder / "platform")
    scanner = ScannerLine()
    lines = folder / "lines"
    lines.mkdir(parents=True, exist_ok=True)
    utm = SimulatedMachine("labdesk_utm", SimulatedPort(lines / "utm"), seed=seed)
    press = SimulatedMachine("yaohua_xk3190a9", SimulatedPort(lines / "press"), seed=seed + 1)
    config = {"station": people.STATION, "scanner_ports": [scanner.port]}
    home.config.write_text("\n".join(f"{name} = {json.dumps(value)}" for name, value in config.items()), "utf-8")
    _found_laboratory(home, (utm.port_url, press.port_url), clock.now().date())
    pictures = {caption: photos.site_photo(caption) for caption in photos.SITE_CAPTIONS}
    site = build_site(clock.now(), {caption: sha256_hex(data) for caption, data in pictures.items()})
    _found_platform(platform, home, site, list(pictures.values()))
    platform.start()
    return World(home, platform, scanner, utm, press, site)


def _found_laboratory(home: Home, ports: tuple[str, str], day: date) -> None:
    base = open_foundation(home)
    try:
        hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)  # made-up secrets of a demonstration
        setup = SetupService(base.store, base.ids, hasher)
        administrator = people.ADMINISTRATOR
        setup.create(
            LabSetup(
                laboratory=people.LABORATORY,
                administrator=administrator.name,
                badge=administrator.badge,
                pin=administrator.pin,
                password=administrator.password,
            )
        )
        for demo in people.EVERYBODY:
            person = people.person_of(demo, base.ids.new_id(), day)
            setup.add_person(person, (demo.pin, demo.password), Actor("system", people.STATION))
        _register_machines(base, ports, day)
    finally:
        base.close()


def _register_machines(base: Foundation, ports: tuple[str, str], day: date) -> None:
    with base.store.write(Actor("system", people.STATION)) as uow:
        uow.facts.put("kind", "demo")
        for number, name, driver, port, capacity, tests in (
            (UTM, "万能试验机 2", "labdesk_utm", ports[0], 600, ("tension",)),
            (PRESS, "压力试验机 1", "yaohua_xk3190a9", ports[1], 2000, ("compression",)),
        ):
            uow.equipment.put(
                Machine(
                    id=base.ids.new_id(),
                    number=number,
                    name=name,
                    driver_id=driver,
                    port_url=port,
                    capacity_kn=Decimal(capacity),
                    accuracy_class=Decimal(1),
                    certificate_no=f"LX{day.year}-{number}",
                    certificate_valid_from=date(day.year - 1, day.month, 1),
                    certificate_valid_to=date(day.year + 1, day.month, 1),
                    tests=tests,
                    settings={"le_mm": "100"} if driver == "labdesk_utm" else {"unit": "kN"},
                )
            )
        uow.commit()


def _found_platform(platform: PlatformProcess, home: Home, site: Site, pictures: list[bytes]) -> None:
    context = open_platform(
        Settings(platform.folder, PlatformIdentity("127.0.0.1", "营口", "YK")), SystemClock(), Uuid7Ids()
    )
    try:
        registration = admin.add_lab(context, people.LABORATORY)
        public = begin_membership(home, platform.url, to_plain(registration))
        keys = read_public_keys(json.dumps(public).encode())
        complete_membership(home, to_plain(admin.certify_keys(context, people.LABORATORY.id, keys)))
        admin.put_operator(context, "demo", "demo-operator-2026")
        file = admin.ImportFile(
            projects=site.projects,
            commissions=tuple(admin.CommissionFor(people.LABORATORY.id, item) for item in site.commissions),
            blobs=tuple(base64.b64encode(data).decode("ascii") for data in pictures),
        )
        admin.import_records(context, file)
    finally:
        context.store.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
