"""The platform as a real process on the loopback, to be started, killed and started again."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labdesk.app.platform import run_platform


def admin_command(folder: Path, *arguments: str) -> Any:
    """Run ``labdesk platform`` in this process; what it printed as JSON, ``None`` if nothing."""
    printed, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(complained):
        code = run_platform([*arguments, "--data", str(folder)])
    assert code == 0, complained.getvalue()
    return json.loads(printed.getvalue()) if printed.getvalue() else None


@dataclass
class PlatformProcess:
    """One platform over a folder; ``port`` stays the same from the first start on."""

    folder: Path
    extra: Sequence[str] = ()
    port: int = 0
    url: str = ""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start and wait until it listens."""
        command = [sys.executable, "-m", "labdesk.app.platform", "serve", "--data", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), *self.extra], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            _, errors = self.process.communicate(timeout=10)
            raise AssertionError(errors)
        self.url = json.loads(line)["url"]
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self) -> None:
        """As when the power fails."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As an operator stops it; the exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        code, self.process = self.process.returncode, None
        return int(code)
