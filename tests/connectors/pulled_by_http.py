"""Small interfaces, and what a connector lands of them."""

from typing import Any

from raw_server import Asked

from ingest.connectors.http import HttpConnector, HttpSystem
from ingest.connectors.protocol import Budget, Item

DATASET = "firm_sales"
QUICK = {"seconds": 20.0, "idle_seconds": 5.0}
BY_PAGE = {"by": "page", "pages": "data.pages", "total": "data.total"}
BY_CURSOR = {"by": "cursor", "next": "data.next"}
LISTING = {"name": "sales", "path": "/sales", "records": "data.list"}
CODES = {"code": "code", "ok": [0], "retry": [50012], "expired": [40101]}


def system_at(url: str, *listings: dict[str, Any], **more: Any) -> HttpSystem:
    """A system as its TOML would state it."""
    facts = {
        "kind": "http",
        "url": url,
        "answer": CODES,
        "wait_seconds": 0.001,
        "limits": QUICK,
        "datasets": {DATASET: {"listings": listings or ({**LISTING, "paging": BY_PAGE},)}},
    }
    return HttpSystem.model_validate(facts | more)


def pulled(system: HttpSystem, cursor: str | None = None) -> list[tuple[Item, bytes]]:
    """All that one pull lists and fetches."""
    with HttpConnector(system, Budget(system.limits)) as connector:
        return [(item, b"".join(connector.fetch(item))) for item in connector.list(DATASET, cursor)]


def page_of(records: list[Any], asked: Asked, size: int, *, param: str = "page") -> dict[str, Any]:
    """The page of ``records`` that is asked for."""
    page = int(asked.query.get(param, 1))
    pages = -(-len(records) // size)
    shown = records[(page - 1) * size : page * size]
    return {"code": 0, "msg": "ok", "data": {"total": len(records), "pages": pages, "page": page, "list": shown}}
