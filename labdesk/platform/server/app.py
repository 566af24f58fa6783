"""The application: interface and site together, with security headers and one way to say that something went wrong."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from labdesk.domain.errors import BugError, EnvironmentFault, LabDeskError, OperatorError
from labdesk.platform.api.context import Context, ProblemError
from labdesk.platform.api.routes import as_response, build_api
from labdesk.platform.web.pages import NeedsSignInError, build_site, sign_in_address
from labdesk.platform.web.parts import PageError, Pages, WebParts

_LOG = logging.getLogger(__name__)
_API = "/api/"
_CONTENT_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    b"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = (
    (
        b"content-security-policy",
        _CONTENT_POLICY,
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class SecurityHeaders:
    """Adds the headers to every answer; pages and answers that depend on who asks are not kept by caches."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*headers, *_HEADERS]}
            await send(message)

        await self._app(scope, receive, with_headers)


def create_app(context: Context) -> FastAPI:
    """The platform's application over opened parts."""
    app = FastAPI(
        title="LabDesk reference platform",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    parts = WebParts(context.store, context.blobs, context.authority.identity, context.clock)
    pages = Pages(parts)
    app.include_router(build_api(context))
    app.include_router(build_site(parts))
    app.add_middleware(SecurityHeaders)
    _handle_errors(app, pages)
    return app


def _handle_errors(app: FastAPI, pages: Pages) -> None:
    def refuse(request: Request, status: int, error: LabDeskError) -> Response:
        if request.url.path.startswith(_API):
            return as_response(ProblemError(status, error).answer())
        return pages.error(request, status, error)

    @app.exception_handler(ProblemError)
    def problem(request: Request, error: ProblemError) -> Response:
        return as_response(error.answer())

    @app.exception_handler(PageError)
    def page(request: Request, error: PageError) -> Response:
        return refuse(request, error.status, error.error)

    @app.exception_handler(NeedsSignInError)
    def sign_in(request: Request, error: NeedsSignInError) -> Response:
        return RedirectResponse(sign_in_address(request), 303)

    @app.exception_handler(OperatorError)
    def operator(request: Request, error: OperatorError) -> Response:
        return refuse(request, 400, error)

    @app.exception_handler(EnvironmentFault)
    def fault(request: Request, error: EnvironmentFault) -> Response:
        _LOG.error("%s %s: %s", request.method, request.url.path, error)
        return refuse(request, 503, error)

    @app.exception_handler(RequestValidationError)
    def validation(request: Request, error: RequestValidationError) -> Response:
        where = ", ".join(".".join(str(part) for part in item["loc"]) for item in error.errors())
        return refuse(request, 400, OperatorError("wire.shape", expected="a valid request", found=where[:200]))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        response = refuse(request, error.status_code, OperatorError("web.no_page"))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    def bug(request: Request, error: Exception) -> Response:
        _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
        return refuse(request, 500, BugError("platform.bug"))
