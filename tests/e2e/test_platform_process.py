"""A real platform process on the loopback: killed in the middle, restarted, and everything arrives exactly once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from labdesk.app.platform import run_platform
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.outbox import OutboxState
from labdesk.domain.plain import from_plain, to_plain
from labdesk.evidence.keys import Ed25519Key, KeyUse, P256Key
from labdesk.platform.server.admin import Registration
from labdesk.sync.client import LabDeskPlatform
from labdesk.sync.engine import Pace, SyncEngine, SyncParts
from labdesk.sync.port import UnreachableError
from labdesk.sync.transport import HttpCall, HttpReply, HttpTransport
from tests.e2e.platform_process import PlatformProcess, admin_command
from tests.unit.platform.world import PROJECT, CountingIds, FixedClock, LabSide, commission, outgoing, story
from tests.unit.sync.world import MemoryBlobs, MemoryInbox, MemoryOutbox


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A platform's data folder."""
    return tmp_path / "platform"


@pytest.fixture
def lab(folder: Path, tmp_path: Path) -> LabSide:
    """A laboratory registered on the command line, with one commission."""
    given = admin_command(folder, "add-lab", "--id", "YK-LAB-1", "--name", "营口示例检测有限公司")
    keys: dict[KeyUse, Ed25519Key | P256Key] = {
        use: Ed25519Key.generate() for use in (KeyUse.DOCUMENT, KeyUse.LOG, KeyUse.REPORT_CODE)
    }
    keys[KeyUse.PDF] = P256Key.generate()
    public = tmp_path / "public-keys.json"
    public.write_text(json.dumps({use.value: key.public_key.hex() for use, key in keys.items()}))
    certified = admin_command(folder, "certify", "--id", "YK-LAB-1", str(public))
    assert set(certified["certificates"]) == {use.value for use in keys}
    records = tmp_path / "import.json"
    content = {
        "projects": [to_plain(PROJECT)],
        "commissions": [{"lab_id": "YK-LAB-1", "commission": to_plain(commission())}],
    }
    records.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    imported = admin_command(folder, "import", str(records))
    assert (imported["projects"], imported["commissions"], imported["tags"]) == (1, 1, 2)
    return LabSide("YK-LAB-1", keys, from_plain(Registration, given))


@pytest.fixture
def server(folder: Path, lab: LabSide) -> Iterator[PlatformProcess]:
    """The platform, listening."""
    process = PlatformProcess(folder)
    process.start()
    yield process
    process.kill()


class Line:
    """The real line, with a hook before every call."""

    def __init__(self, url: str, token: str) -> None:
        self._inner = HttpTransport(url, token, timeout_s=10)
        self.calls = 0
        self.kill_at = -1
        self.server: PlatformProcess | None = None

    def call(self, call: HttpCall) -> HttpReply:
        """Kill the server at the chosen call, before or after it was answered."""
        self.calls += 1
        if self.calls == self.kill_at and self.server is not None:
            reply = self._inner.call(call) if self.kill_at % 2 else None
            self.server.kill()
            if reply is not None:
                raise UnreachableError(EnvironmentFault("sync.unreachable", reason="killed"))
        return self._inner.call(call)

    def close(self) -> None:
        """Close the line."""
        self._inner.close()


@pytest.mark.rule("YK-7.2a")
def test_killed_again_and_again_everything_arrives_once(server: PlatformProcess, lab: LabSide) -> None:
    told = story(commission())
    outbox, blobs, inbox, clock = MemoryOutbox(), MemoryBlobs(), MemoryInbox(), FixedClock()
    blobs.data.update(told.runs)
    ids = CountingIds()
    messages = [outbox.put(outgoing(body, ids, clock.now())) for body in (*told.before_request(), told.request)]
    line = Line(server.url, lab.registration.token)
    line.server = server
    platform = LabDeskPlatform(line, lab.identity(), lab.trust())
    engine = SyncEngine(SyncParts(platform, outbox, blobs, inbox, clock), Pace(chunk_bytes=200))
    for kill_at in (4, 11, 7):
        line.calls, line.kill_at = 0, kill_at
        report = engine.sync_now()
        if line.calls < kill_at:
            continue
        assert "sync.unreachable" in report.problems
        assert not engine.status().online
        server.start()
    line.kill_at = -1
    engine.sync_now()
    assert [outbox.state(message) for message in messages] == [OutboxState.ACKNOWLEDGED] * len(messages)
    assert outbox.results[messages[-1].id]["report_code"].startswith("YK2")
    assert engine.reconcile("2026-11-21").clean
    assert engine.reconcile("2026-11-21").matching == len(messages)
    taken = [item.id for item in inbox.items]
    assert len(set(taken)) >= 5
    line.close()


def test_serve_listens_on_the_loopback_and_stops_when_told(server: PlatformProcess) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    health = httpx.get(f"{server.url}/api/v1/health", trust_env=False).json()
    assert health["code_prefix"] == "YK"
    assert server.stop() in (0, -15)


def test_a_taken_port_is_said_in_one_sentence(server: PlatformProcess, tmp_path: Path) -> None:
    second = PlatformProcess(tmp_path / "other", ("--lang", "en"), server.port)
    with pytest.raises(AssertionError, match=r"Cannot listen on 127\.0\.0\.1:\d+: .* Choose another port"):
        second.start()


def test_the_command_line_refuses_in_words(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run_platform(["import", str(tmp_path / "missing.json"), "--data", str(folder)]) == 1
    assert "missing.json" in capsys.readouterr().err
    bad = tmp_path / "bad.json"
    bad.write_text('{"projects": [{"code": 1.5}]}')
    assert run_platform(["import", str(bad), "--data", str(folder), "--lang", "en"]) == 1
    assert "were refused" in capsys.readouterr().err
    assert run_platform(["void-tag", "T1", "--reason", "x", "--data", str(folder)]) == 1
    assert "T1" in capsys.readouterr().err
    assert run_platform(["fly", "--data", str(folder)]) == 2
    assert run_platform(["show", "--data", str(folder), "--database", ""]) == 0


def test_the_platform_starts_without_qt() -> None:
    code = "import sys, labdesk.app.platform; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
