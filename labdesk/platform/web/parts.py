"""What the pages work with: repositories, templates, and the assets of the site, all from this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from labdesk.domain.clock import Clock
from labdesk.domain.errors import LabDeskError
from labdesk.domain.sentences import Language, say, say_error
from labdesk.platform.rules.authority import PlatformIdentity
from labdesk.platform.storage.access import WebSession
from labdesk.platform.storage.blobs import BlobFiles
from labdesk.platform.storage.store import Store

#: Pages show the time of the region's people.
CHINA = timezone(timedelta(hours=8))
LANGUAGE_COOKIE = "labdesk_language"
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class WebParts:
    """What the pages see of the platform."""

    store: Store
    blobs: BlobFiles
    identity: PlatformIdentity
    clock: Clock


class PageError(Exception):
    """Ends a request with an error page: a status and a sentence."""

    def __init__(self, status: int, error: LabDeskError) -> None:
        super().__init__(str(error))
        self.status = status
        self.error = error


def moment_text(moment: datetime) -> str:
    """``2026-11-21 14:02`` in the region's time."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def day_text(moment: datetime) -> str:
    """``2026-11-21`` in the region's time."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d")


def limit_text(limit: str) -> str:
    """A limit as people write it: ``>= 400`` is ``≥ 400``."""
    return limit.replace(">=", "≥").replace("<=", "≤")


@cache
def templates() -> Environment:
    """The page templates; everything is escaped, and a missing name is an error instead of a blank."""
    environment = Environment(
        loader=PackageLoader("labdesk_resources.web", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment_text
    environment.filters["day"] = day_text
    environment.filters["limit"] = limit_text
    return environment


def language_of(request: Request) -> Language:
    """The language asked for in the address, else the one chosen before, else Chinese."""
    wanted = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
    return Language.EN if wanted == "en" else Language.ZH


class Pages:
    """Renders pages in the visitor's language."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    def page(
        self,
        request: Request,
        template: str,
        values: Mapping[str, Any],
        session: WebSession | None = None,
        status: int = 200,
    ) -> Response:
        """One page."""
        language = language_of(request)

        def sentence(key: str, **params: object) -> str:
            return say(key, language, **params)

        html = (
            templates()
            .get_template(template)
            .render(
                {
                    "t": sentence,
                    "lang": language.value,
                    "identity": self._parts.identity,
                    "session": session,
                    "toggle": _toggle(request, language),
                    "now": self._parts.clock.now(),
                    **values,
                }
            )
        )
        response = Response(html, status, media_type="text/html; charset=utf-8")
        if "lang" in request.query_params:
            response.set_cookie(LANGUAGE_COOKIE, language.value, max_age=31536000, httponly=True, samesite="lax")
        return response

    def error(self, request: Request, status: int, error: LabDeskError) -> Response:
        """An error page with one sentence."""
        sentence = say_error(error, language_of(request))
        return self.page(request, "error.html", {"status": status, "sentence": sentence}, status=status)


def _toggle(request: Request, language: Language) -> str:
    """The same address in the other language."""
    query = {name: value for name, value in request.query_params.items() if name != "lang"}
    query["lang"] = Language.ZH.value if language is Language.EN else Language.EN.value
    return f"?{urlencode(query)}"


@cache
def assets() -> Mapping[str, tuple[bytes, str]]:
    """Every file under ``/static/`` with its media type, ours and the vendored ones."""
    found: dict[str, tuple[bytes, str]] = {}
    for folder in ("static", "vendor"):
        for entry in resources.files(f"labdesk_resources.web.{folder}").iterdir():
            media_type = _TYPES.get(entry.name.rpartition(".")[2])
            if media_type is not None:
                found[entry.name] = (entry.read_bytes(), media_type)
    return found
