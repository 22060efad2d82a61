"""Asks an application of Starlette in this process, without a server."""

import asyncio
from dataclasses import dataclass

import httpx
from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class InProcess:
    """A browser without cookies of its own."""

    app: ASGIApp

    def request(self, method: str, path: str, **more: object) -> httpx.Response:
        """The answer."""
        return asyncio.run(self._request(method, path, **more))

    def get(self, path: str, **more: object) -> httpx.Response:
        """The answer to GET."""
        return self.request("GET", path, **more)

    async def _request(self, method: str, path: str, **more: object) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, **more)  # type: ignore[arg-type]
