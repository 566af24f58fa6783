"""Calls the platform's application in this process, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
from fastapi import FastAPI


def call_app(
    app: FastAPI, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """The answer of ``app``; errors that it lets through are raised here."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, content=content, headers=dict(headers or {}))

    return asyncio.run(ask())
