"""The platform's pages in a real browser at phone and desktop width: scripts run, nothing comes from elsewhere."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from PIL import Image

from labdesk.platform.server import admin
from labdesk.platform.server.app import create_app
from labdesk.platform.web.parts import WebParts
from labdesk.platform.web.sign_in import SESSION_COOKIE, Credentials, SignIn
from tests.e2e.chromium import Chromium, chromium
from tests.unit.platform.test_intake import issue, send, upload
from tests.unit.platform.world import PROJECT_CODE, Region, commission, issued_body, region, story

__all__ = ["chromium"]
PASSWORD = "a long password of the operator"


@dataclass(frozen=True)
class Site:
    """A served platform with one issued report."""

    url: str
    code: str
    fragment: str


def signed_in_app(here: Region) -> object:
    """The application for a browser that is signed in: each request carries the session's cookie."""
    admin.put_operator(here.context, "liu", PASSWORD)
    context = here.context
    parts = WebParts(context.store, context.blobs, context.authority.identity, context.clock)
    token = SignIn(parts).begin(Credentials("liu", PASSWORD))
    inner = create_app(context)

    async def app(scope: dict[str, object], receive: object, send_: object) -> None:
        if scope["type"] == "http":
            headers = scope["headers"]
            assert isinstance(headers, list)
            scope = {**scope, "headers": [*headers, (b"cookie", f"{SESSION_COOKIE}={token}".encode())]}
        await inner(scope, receive, send_)  # type: ignore[arg-type]

    return app


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A platform on the loopback, with one lot from reception to report."""
    here = region(tmp_path / "platform")
    lab = here.add_lab()
    here.send_out(commission())
    told = story(commission())
    result = issue(here, lab, told).result
    upload(here, lab, b"%PDF")
    body = issued_body(told, result, lab, b"%PDF")
    send(here, lab, body)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(32)
        server = uvicorn.Server(uvicorn.Config(signed_in_app(here), log_level="warning"))  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Site(url, result["report_code"], body.qr_text.partition("#")[2])
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()
    here.context.store.close()


def shown(html: str, outcome: str) -> bool:
    """Whether the parts for an outcome of the QR comparison are visible."""
    found = re.findall(r'<(?:div|section)[^>]*data-outcome="([^"]*)"([^>]*)>', html)
    states = {"hidden" not in rest for outcomes, rest in found if outcome in outcomes.split()}
    assert len(states) == 1, found
    return states.pop()


@pytest.mark.rule("YK-7.2b")
def test_a_phone_sees_whether_the_scanned_qr_is_the_one_on_record(site: Site, chromium: Chromium) -> None:
    genuine = chromium.dom(f"{site.url}/r/{site.code}#{site.fragment}")
    assert shown(genuine, "same")
    assert not shown(genuine, "differs")
    forged = chromium.dom(f"{site.url}/r/{site.code}#{site.fragment[:-4]}AAAA")
    assert shown(forged, "differs")
    assert not shown(forged, "same"), "a forged QR never stands under a green banner"
    typed = chromium.dom(f"{site.url}/r/{site.code}")
    assert not shown(typed, "differs")
    assert shown(typed, "none")


def test_the_report_fits_a_phone_and_is_green_at_a_glance(site: Site, chromium: Chromium) -> None:
    with Image.open(chromium.screenshot(f"{site.url}/r/{site.code}#{site.fragment}", "phone", 390, 1300)) as picture:
        image = picture.convert("RGB")
    assert image.size == (390, 1300)
    assert image.getpixel((30, 80)) == (15, 138, 85)
    edge = {image.getpixel((388, y)) for y in range(60, 1300, 5)}
    assert edge == {(245, 246, 248)}, "nothing is cut off at the right edge"
    colours = image.getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 100, "text was drawn"


def test_the_projects_page_draws_the_newest_curve_by_itself(site: Site, chromium: Chromium) -> None:
    html = chromium.dom(f"{site.url}/p/{PROJECT_CODE}", width=1366)
    assert 'data-drawn="3"' in html, "htmx fetched the part, uPlot drew three samples"
    assert "uplot" in html
    outside = [link for link in re.findall(r'(?:src|href|action)="([^"]+)"', html) if not link.startswith(("/", "?"))]
    assert outside == []
