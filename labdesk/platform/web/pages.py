"""The routes of the web site."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from labdesk.domain.errors import OperatorError
from labdesk.domain.projects import Project
from labdesk.domain.sealed_run import decode_run
from labdesk.domain.sentences import say_error
from labdesk.platform.storage.access import WebSession
from labdesk.platform.web.parts import PageError, Pages, WebParts, assets, language_of
from labdesk.platform.web.sign_in import (
    FORM_COOKIE,
    SESSION_COOKIE,
    SESSION_HOURS,
    Credentials,
    SignIn,
    form_of,
    require_form_token,
    require_same,
)
from labdesk.platform.web.views import curve_points, project_view, report_view, run_of
from labdesk.wire.bodies import RunBody

_OWN_PAGE = re.compile(r"/(?:projects|p/[^/\\]+(?:/runs/[0-9a-f]{64})?)")
_SESSION_SECONDS = SESSION_HOURS * 3600


class NeedsSignInError(Exception):
    """The page is for operators; leads to the sign-in page and back."""


def build_site(parts: WebParts) -> APIRouter:
    """All pages."""
    router = APIRouter(include_in_schema=False, default_response_class=Response)
    pages, sign_in = Pages(parts), SignIn(parts)
    _public_pages(router, parts, pages)
    _sign_in_pages(router, pages, sign_in)
    _operator_pages(router, parts, pages, sign_in)
    return router


def _public_pages(router: APIRouter, parts: WebParts, pages: Pages) -> None:
    @router.get("/")
    def start(request: Request) -> Response:
        return pages.page(request, "start.html", {})

    @router.get("/r")
    def look_up(code: str = "") -> Response:
        wanted = re.sub(r"[^0-9A-Z-]", "", code.strip().upper())[:40]
        return RedirectResponse(f"/r/{wanted}" if wanted else "/", 303)

    @router.get("/r/{code}")
    def report(request: Request, code: str) -> Response:
        view = parts.store.read(lambda desk: report_view(desk, code))
        values = {
            "code": view.code,
            "state": view.state,
            "standing": view.standing,
            "report": view.report,
            "data": view.report.data if view.report else None,
            "fragment": view.fragment,
        }
        return pages.page(request, "report.html", values, status=200 if view.report else 404)

    @router.get("/static/{name}")
    def asset(request: Request, name: str) -> Response:
        found = assets().get(name)
        if found is None:
            raise PageError(404, OperatorError("web.no_page"))
        return Response(found[0], media_type=found[1], headers={"Cache-Control": "public, max-age=3600"})


def _sign_in_pages(router: APIRouter, pages: Pages, sign_in: SignIn) -> None:
    def form(request: Request, back: str, problem: str = "", status: int = 200) -> Response:
        token = secrets.token_urlsafe(24)
        values = {"form_token": token, "next": back, "problem": problem}
        response = pages.page(request, "login.html", values, status=status)
        response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=_is_secure(request))
        return response

    @router.get("/login")
    def ask(request: Request) -> Response:
        return form(request, _own_page(request.query_params.get("next", "")))

    @router.post("/login")
    def check(request: Request, fields: Annotated[dict[str, str], Depends(form_of)]) -> Response:
        require_form_token(request, fields)
        back = _own_page(fields.get("next", ""))
        try:
            token = sign_in.begin(Credentials(fields.get("name", "")[:100], fields.get("password", "")[:200]))
        except OperatorError as error:
            status = 429 if error.key == "web.too_many" else 401
            return form(request, back, say_error(error, language_of(request)), status)
        response = RedirectResponse(back, 303)
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=_SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=_is_secure(request),
        )
        return response

    @router.post("/logout")
    def leave(request: Request, fields: Annotated[dict[str, str], Depends(form_of)]) -> Response:
        session = sign_in.session(request)
        if session is not None:
            require_same(session.csrf, fields.get("csrf", ""))
        sign_in.end(request)
        response = RedirectResponse("/", 303)
        response.delete_cookie(SESSION_COOKIE)
        return response


def _operator_pages(router: APIRouter, parts: WebParts, pages: Pages, sign_in: SignIn) -> None:
    def operator(request: Request) -> WebSession:
        session = sign_in.session(request)
        if session is None:
            raise NeedsSignInError
        return session

    signed_in = Depends(operator)

    def found_run(code: str, run_hash: str) -> tuple[Project, RunBody]:
        project = parts.store.read(lambda desk: desk.records.project(code))
        run = parts.store.read(lambda desk: run_of(desk, code, run_hash))
        if project is None or run is None:
            raise PageError(404, OperatorError("web.no_page"))
        return project, run

    @router.get("/projects")
    def projects(request: Request, session: WebSession = signed_in) -> Response:
        found = parts.store.read(lambda desk: desk.records.projects())
        return pages.page(request, "projects.html", {"projects": found}, session)

    @router.get("/p/{code}")
    def project(request: Request, code: str, session: WebSession = signed_in) -> Response:
        view = parts.store.read(lambda desk: project_view(desk, code))
        if view is None:
            raise PageError(404, OperatorError("web.unknown_project", project=code[:80]))
        values: dict[str, Any] = {name: getattr(view, name) for name in view.__dataclass_fields__}
        return pages.page(request, "project.html", values, session)

    @router.get("/p/{code}/runs/{run_hash}")
    def run_page(request: Request, code: str, run_hash: str, session: WebSession = signed_in) -> Response:
        project_record, run = found_run(code, run_hash)
        values = {"code": code, "project": project_record, "run": run}
        return pages.page(request, "run.html", values, session)

    @router.get("/p/{code}/runs/{run_hash}/part")
    def run_part(request: Request, code: str, run_hash: str, session: WebSession = signed_in) -> Response:
        return pages.page(request, "curve.html", {"code": code, "run": found_run(code, run_hash)[1]}, session)

    @router.get("/p/{code}/runs/{run_hash}/curve")
    def curve(code: str, run_hash: str, session: WebSession = signed_in) -> Response:
        found_run(code, run_hash)
        return JSONResponse(curve_points(decode_run(parts.blobs.read(run_hash))))


def sign_in_address(request: Request) -> str:
    """Where somebody without a session is led."""
    return f"/login?next={quote(request.url.path, safe='/')}"


def _own_page(path: str) -> str:
    """``path`` if it is a page of ours, else the list of projects: nobody is led elsewhere."""
    return path if _OWN_PAGE.fullmatch(path) else "/projects"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
