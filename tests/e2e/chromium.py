"""A headless Chromium that sees the bundled font and may talk to this machine only."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from labdesk_resources import fonts

_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    """A browser with a profile of its own in ``folder``."""

    program: str
    folder: Path

    def screenshot(self, url: str, name: str, width: int, height: int) -> Path:
        """A picture of the page, and a log of every address it asked for beside it."""
        picture = self.folder / f"{name}.png"
        self._run(url, f"--screenshot={picture}", f"--window-size={width},{height}")
        return picture

    def dom(self, url: str, width: int = 390) -> str:
        """The page after its scripts ran."""
        return self._run(url, "--dump-dom", f"--window-size={width},900")

    def _run(self, url: str, *options: str) -> str:
        config = self.folder / "fonts.conf"
        place = Path(str(fonts.__file__)).parent
        config.write_text(_FONTS.format(fonts=place, cache=self.folder / "fontcache"), encoding="utf-8")
        command = [
            self.program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--virtual-time-budget=4000",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={self.folder / 'profile'}",
            *options,
            url,
        ]
        env = {**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(self.folder)}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


@pytest.fixture
def chromium(tmp_path: Path) -> Chromium:
    """The browser; the front door installs it for the tests."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program is not None, "chromium is needed: apt-get install -y chromium"
    return Chromium(program, tmp_path)
