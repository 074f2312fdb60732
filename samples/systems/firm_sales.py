"""The bureau's interface for firms' sales: by month and page, and by month what was restated; bodies as recorded.

Answers that were an error or cut are not given again: the good ones that came instead are. One month's pages were
recorded while they shifted; no good ones exist, so that the interface does not know that month any more.
"""

import json
import re
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from samples.systems.background import Background
from samples.systems.faults import Faults
from samples.systems.rest import TOKEN_PATH, Guarded, Tokens, serve_http

_SALES = re.compile(r"sales_(\d{4}-\d{2})(?:_again)?_p(\d+)\.json")
_RESTATED = re.compile(r"restated_(\d{4})(\d{2})\d{2}\.json")
Pages = dict[tuple[str, int], bytes]


def recorded(folder: Path) -> tuple[Pages, Pages]:
    """Return the sales and the restatements below ``folder`` by month and page: only months of which all is good."""
    sales: dict[str, dict[int, bytes]] = defaultdict(dict)
    restated: Pages = {}
    for path in sorted(folder.glob("*.json")):
        body = path.read_bytes()
        if told := _RESTATED.fullmatch(path.name):
            restated[f"{told[1]}-{told[2]}", 1] = body
        elif (told := _SALES.fullmatch(path.name)) and _is_whole(body):
            sales[told[1]][int(told[2])] = body
    whole = {(month, page): body for month, pages in sales.items() if _agree(pages) for page, body in pages.items()}
    return whole, restated


def _is_whole(body: bytes) -> bool:
    data = json.loads(body)["data"]
    return bool(data) and (data["pages"] > 1 or len(data["list"]) == data["total"])


def _agree(pages: dict[int, bytes]) -> bool:
    found = [json.loads(body)["data"] for body in pages.values()]
    return len({data["total"] for data in found}) == 1 and len(found) == found[0]["pages"]


@contextmanager
def serve_firm_sales(background: Background, folder: Path, faults: Faults) -> Generator[dict[str, str]]:
    """Serve what is recorded below ``folder``; yield ``url``, and ``id`` and ``secret`` for a token."""
    sales, restated = recorded(folder)
    tokens = Tokens()

    def answering(pages: Pages) -> Route:
        async def answer(request: Request) -> Response:
            asked = request.query_params
            page = asked.get("page", "1")
            body = pages.get((asked.get("period", ""), int(page) if page.isdecimal() else 0))
            if body is None:
                return JSONResponse({"code": 40400, "msg": "no such period or page", "data": None}, 404)
            return Response(body, media_type="application/json")

        return Route("/openapi/firm-sales" + ("/restated" if pages is restated else ""), answer)

    routes = [Route(TOKEN_PATH, tokens.grant, methods=["POST"]), answering(sales), answering(restated)]
    with serve_http(background, Guarded(Starlette(routes=routes), tokens, faults)) as url:
        yield {"url": url, "id": tokens.client_id, "secret": tokens.client_secret}
