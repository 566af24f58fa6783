"""The web site: what anybody may see of a report, what only operators see, and forms that only our own pages can send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from labdesk.domain.messages import ManualReadingBody, RejectionBody
from labdesk.domain.projects import PartyRole
from labdesk.evidence.canonical import canonical_hash
from labdesk.platform.server import admin
from labdesk.platform.server.app import create_app
from labdesk.platform.web.parts import assets, templates
from tests.unit.platform.calling import call_app
from tests.unit.platform.test_intake import issue, send, upload
from tests.unit.platform.world import (
    APPROVER,
    NOON,
    PROJECT,
    PROJECT_CODE,
    REVIEWER,
    SAMPLER,
    TESTER,
    WITNESS,
    LabSide,
    Region,
    Story,
    commission,
    issued_body,
    story,
)

PASSWORD = "a long password of the operator"


@dataclass
class Browser:
    """A browser with cookies."""

    app: FastAPI
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self._keep(call_app(self.app, "GET", path, b"", {**self._cookie(), **headers}))

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> httpx.Response:
        """Send a form."""
        named = {"Content-Type": "application/x-www-form-urlencoded", **self._cookie()}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self._keep(call_app(self.app, "POST", path, urlencode(fields).encode(), named))

    def sign_in(self, password: str = PASSWORD, name: str = "liu") -> httpx.Response:
        """Through the form."""
        token = hidden(self.get("/login").text, "csrf")
        return self.post("/login", {"csrf": token, "name": name, "password": password, "next": f"/p/{PROJECT_CODE}"})

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _keep(self, reply: httpx.Response) -> httpx.Response:
        self.cookies.update(dict(reply.cookies.items()))
        return reply


def hidden(html: str, name: str) -> str:
    """Value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, html
    return found.group(1)


@pytest.fixture
def lab(here: Region) -> LabSide:
    """A laboratory with a commission."""
    found = here.add_lab()
    here.send_out(commission())
    admin.put_operator(here.context, "liu", PASSWORD)
    return found


@pytest.fixture
def told(lab: LabSide) -> Story:
    """The course of its lot."""
    return story(commission())


@pytest.fixture
def browser(here: Region, lab: LabSide) -> Browser:
    """A browser at the site."""
    return Browser(create_app(here.context))


@pytest.mark.rule("YK-7.2b")
def test_anybody_sees_state_and_values_of_a_report_but_no_person(
    here: Region, lab: LabSide, told: Story, browser: Browser
) -> None:
    result = issue(here, lab, told).result
    page = browser.get(f"/r/{result['report_code']}")
    assert page.status_code == 200
    for said in (
        "报告有效",
        "GJ-2026-00031",
        "585",
        "420",
        "HRB400E",
        "滨海大厦",
        PROJECT_CODE,
        "合格",
        "platform.example",
    ):
        assert said in page.text, said
    people = (SAMPLER, WITNESS)
    for person in (
        *(p.name for p in people),
        *(p.certificate_no for p in people),
        TESTER.name,
        REVIEWER.name,
        APPROVER.name,
    ):
        assert person not in page.text
    english = browser.get(f"/r/{result['report_code']}?lang=en").text
    assert "Report valid" in english
    assert "报告有效" not in english
    assert "Report valid" in browser.get(f"/r/{result['report_code']}").text, "the language is remembered"


def test_the_page_holds_the_qr_on_record_to_compare_with_the_scanned_one(
    here: Region, lab: LabSide, told: Story, browser: Browser
) -> None:
    result = issue(here, lab, told).result
    path = f"/r/{result['report_code']}"
    assert 'data-fragment=""' in browser.get(path).text
    pdf = b"%PDF"
    upload(here, lab, pdf)
    body = issued_body(told, result, lab, pdf)
    send(here, lab, body)
    assert f'data-fragment="{body.qr_text.partition("#")[2]}"' in browser.get(path).text


def test_replaced_withdrawn_and_unknown_reports_say_so(
    here: Region, lab: LabSide, told: Story, browser: Browser
) -> None:
    first = issue(here, lab, told).result["report_code"]
    data = replace(told.request.data, issue_no=2, replaces_issue=1, replace_reason="部位<更正>")
    for item in told.signatures:
        send(here, lab, replace(item, signature_id=f"{item.signature_id}-2", issue_no=2))
    second = send(here, lab, replace(told.request, data=data, data_sha256=canonical_hash(data))).result["report_code"]
    page = browser.get(f"/r/{first}").text
    assert "已被替换" in page
    assert f'href="/r/{second}"' in page
    assert "部位&lt;更正&gt;" in page
    admin.withdraw_report(here.context, second, "样品调换")
    assert "已撤回" in browser.get(f"/r/{second}").text
    unknown = browser.get("/r/YK26-7F3K-92QD")
    assert (unknown.status_code, "查无此报告" in unknown.text) == (404, True)
    assert browser.get(f"/api/v1/reports/{first}/state").json()["state"] == "replaced"
    assert browser.get(f"/api/v1/reports/{first}/state").json()["replaced_by"] == second


@pytest.mark.rule("YK-4.1")
def test_a_report_that_the_client_did_not_commission_says_what_it_is_not(
    here: Region, lab: LabSide, told: Story, browser: Browser
) -> None:
    line = replace(told.request.data.commission, client_role=PartyRole.CONTRACTOR)
    data = replace(told.request.data, commission=line)
    request = replace(told.request, data=data, data_sha256=canonical_hash(data))
    code = issue(here, lab, replace(told, request=request)).result["report_code"]
    assert "不作为工程质量验收资料" in browser.get(f"/r/{code}").text


def test_what_laboratories_write_is_escaped(here: Region, lab: LabSide, told: Story, browser: Browser) -> None:
    bad = "<script>alert(1)</script>"
    data = replace(told.request.data, conclusion=bad, title=bad)
    request = replace(told.request, data=data, data_sha256=canonical_hash(data))
    code = issue(here, lab, replace(told, request=request)).result["report_code"]
    page = browser.get(f"/r/{code}").text
    assert bad not in page
    assert page.count("&lt;script&gt;alert(1)") == 2
    assert "<script>" not in browser.get("/r/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text


@pytest.mark.rule("LN-3.1")
def test_a_projects_page_has_everything_under_its_code_for_operators_only(
    here: Region, lab: LabSide, told: Story, browser: Browser
) -> None:
    issue(here, lab, told)
    about = (commission().number, PROJECT_CODE)
    send(
        here,
        lab,
        RejectionBody(*about, "JS-2026-0007", "YK210744089", "标识未登记", "YK-7.4", NOON, TESTER, "收样台 1"),
    )
    closed = browser.get(f"/p/{PROJECT_CODE}")
    assert (closed.status_code, closed.headers["location"]) == (303, f"/login?next=/p/{PROJECT_CODE}")
    signed_in = browser.sign_in()
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, f"/p/{PROJECT_CODE}")
    page = browser.get(f"/p/{PROJECT_CODE}").text
    for said in (
        PROJECT.name,
        "WT-2026-01877",
        "2 / 2",
        "K4-0721",
        "JS-2026-0007",
        "GJ-2026-00031",
        "14 分钟",
        "185.1234 kN",
    ):
        assert said in page, said
    assert PROJECT.name in browser.get("/projects").text
    assert browser.get("/p/LN-0").status_code == 404
    digest = told.run_bodies[0].run_hash
    part = browser.get(f"/p/{PROJECT_CODE}/runs/{digest}/part").text
    assert part.startswith('<div id="curve"')
    curve = browser.get(f"/p/{PROJECT_CODE}/runs/{digest}/curve").json()
    assert (len(curve["x"]), curve["y"][1]) == (3, 185.1234)
    assert browser.get(f"/p/{PROJECT_CODE}/runs/{'0' * 64}/curve").status_code == 404
    out = browser.post("/logout", {"csrf": hidden(page, "csrf")})
    assert out.status_code == 303
    assert browser.get(f"/p/{PROJECT_CODE}").status_code == 303


@pytest.mark.rule("YK-7.2a")
def test_a_reading_by_hand_is_marked_no_curve_on_the_projects_page(
    here: Region, lab: LabSide, told: Story, browser: Browser
) -> None:
    issue(here, lab, told)
    photo = upload(here, lab, b"photo of the display")
    about = (commission().number, PROJECT_CODE, 1, "K4-0722")
    second = replace(TESTER, id="p-7", name="孙悦")
    send(here, lab, ManualReadingBody(*about, "m-1", Decimal("285.5"), "串口线脱落", TESTER, second, NOON, (photo,)))
    browser.sign_in()
    page = browser.get(f"/p/{PROJECT_CODE}").text
    (row,) = [line for line in page.split("<tr>") if "285.5 kN" in line]
    for said in ("K4-0722", "无曲线，人工读数", "串口线脱落", TESTER.name, "孙悦"):
        assert said in row, said
    assert "/runs/" not in row


def test_wrong_passwords_close_the_door_for_a_while(here: Region, browser: Browser) -> None:
    for _ in range(5):
        assert browser.sign_in("wrong").status_code == 401
    assert browser.sign_in().status_code == 429
    here.clock.move(timedelta(minutes=6))
    assert browser.sign_in().status_code == 303


def test_unknown_names_and_wrong_passwords_look_the_same(browser: Browser) -> None:
    def said(reply: httpx.Response) -> list[str]:
        return re.findall(r'role="alert">([^<]*)<', reply.text)

    assert said(browser.sign_in("wrong")) == said(browser.sign_in(PASSWORD, "nobody")) != []


def test_sessions_end_by_themselves_and_with_a_new_password(here: Region, browser: Browser) -> None:
    browser.sign_in()
    assert browser.get("/projects").status_code == 200
    here.clock.move(timedelta(hours=11))
    assert browser.get("/projects").status_code == 303
    browser.sign_in()
    admin.put_operator(here.context, "liu", "another long password")
    assert browser.get("/projects").status_code == 303


def test_forms_from_elsewhere_are_refused(browser: Browser) -> None:
    token = hidden(browser.get("/login").text, "csrf")
    good = {"csrf": token, "name": "liu", "password": PASSWORD}
    assert browser.post("/login", {**good, "csrf": "other"}).status_code == 403
    assert browser.post("/login", {**good, "csrf": "ö"}).status_code == 403
    assert browser.post("/login", good, Sec_Fetch_Site="cross-site").status_code == 403
    assert browser.post("/login", {**good, "name": "x" * 20000}).status_code == 413
    assert Browser(browser.app).post("/login", good).status_code == 403
    cookie = browser.sign_in().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert browser.post("/logout", {"csrf": "ö"}).status_code == 403


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/p/..\\evil", "/static/x", "/p/a/../../x"])
def test_nobody_is_led_elsewhere_after_signing_in(browser: Browser, back: str) -> None:
    token = hidden(browser.get("/login").text, "csrf")
    reply = browser.post("/login", {"csrf": token, "name": "liu", "password": PASSWORD, "next": back})
    assert reply.headers["location"] == "/projects"


def test_nothing_is_loaded_from_elsewhere() -> None:
    """Neither pages nor our own scripts and styles name another host; the policy header would stop it anyway."""
    environment = templates()
    texts = {}
    for name in environment.list_templates():
        if name.endswith(".html") and environment.loader is not None:
            texts[name] = environment.loader.get_source(environment, name)[0]
    own = {name: data.decode() for name, (data, _) in assets().items() if ".min." not in name}
    assert {"report.html", "project.html", "base.html"} <= set(texts)
    for name, text in (texts | own).items():
        addresses = set(re.findall(r"(?:https?:)?//[a-z0-9.]+\.[a-z]+", text)) - {"//www.w3.org", "http://www.w3.org"}
        assert not addresses, name
        assert "style=" not in text, f"{name}: the policy forbids inline styles"
        assert "<script>" not in text, f"{name}: the policy forbids inline scripts"


def test_assets_are_served_and_others_are_not(browser: Browser) -> None:
    for name in (
        "platform.css",
        "report.js",
        "curves.js",
        "htmx.min.js",
        "uPlot.iife.min.js",
        "uPlot.min.css",
        "icon.svg",
    ):
        reply = browser.get(f"/static/{name}")
        assert reply.status_code == 200
        assert reply.headers["content-type"].split(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
    assert browser.get("/static/__init__.py").status_code == 404
    assert browser.get("/static/..%2F__init__.py").status_code == 404


def test_error_pages_speak_both_languages(browser: Browser) -> None:
    assert "没有这个页面" in browser.get("/nothing").text
    assert "There is no such page" in browser.get("/nothing?lang=en").text
    assert "查验检测报告" in Browser(browser.app).get("/").text
    assert browser.get("/r?code=%20yk26-7f3k-92qd").headers["location"] == "/r/YK26-7F3K-92QD"
