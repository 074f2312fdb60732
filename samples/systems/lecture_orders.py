"""The city's interface for lecture orders: what changed since an instant, by cursor; bodies as recorded."""

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from samples.systems.background import Background
from samples.systems.faults import Faults
from samples.systems.rest import TOKEN_PATH, Guarded, Tokens, serve_http

_ORDERS = re.compile(r"orders_\d{4}(\d{4})_(\d{2})(?:_retry)?\.json")


@dataclass(frozen=True)
class Page:
    """One recorded answer: the cursor that leads to it, and its newest change in local time, if any."""

    cursor: str
    newest: datetime | None
    body: bytes


def recorded(folder: Path) -> list[Page]:
    """Return the good answers below ``folder`` in the order of their asking, each leading to the next by its cursor."""
    pages = []
    for path in sorted(folder.glob("*.json")):
        told, body = _ORDERS.fullmatch(path.name), path.read_bytes()
        data = json.loads(body)["data"]
        if told and data:
            changes = [datetime.fromisoformat(item["updatedAt"]) for item in data["items"]]
            pages.append(Page(f"c{told[1]}{told[2]}", max(changes, default=None), body))
    return pages


def begun(pages: list[Page], since: str) -> Page:
    """Return the first page with a change at ``since`` (local time, ISO 8601) or later; the last one if none has.

    Raises ValueError where ``since`` is no instant.
    """
    instant = datetime.fromisoformat(since).replace(tzinfo=None) if since else None
    return next((page for page in pages if not instant or (page.newest and page.newest >= instant)), pages[-1])


@contextmanager
def serve_lecture_orders(background: Background, folder: Path, faults: Faults) -> Generator[dict[str, str]]:
    """Serve what is recorded below ``folder``; yield ``url``, and ``id`` and ``secret`` for a token."""
    pages = recorded(folder)
    by_cursor = {page.cursor: page for page in pages}
    tokens = Tokens()

    async def answer(request: Request) -> Response:
        asked = request.query_params
        try:
            page = by_cursor[asked["cursor"]] if "cursor" in asked else begun(pages, asked.get("since", ""))
        except (KeyError, ValueError):
            return JSONResponse({"code": 40000, "msg": "no such cursor or instant", "data": None}, 400)
        return Response(page.body, media_type="application/json")

    routes = [Route(TOKEN_PATH, tokens.grant, methods=["POST"]), Route("/api/lecture-orders", answer)]
    with serve_http(background, Guarded(Starlette(routes=routes), tokens, faults)) as url:
        yield {"url": url, "id": tokens.client_id, "secret": tokens.client_secret}
