"""Pages, cursors, months and moments: what is listed, under which name, and where the next pull begins."""

import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from pulled_by_http import BY_CURSOR, BY_PAGE, DATASET, LISTING, page_of, pulled, system_at
from raw_server import Asked, in_json, said, serving, written
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingest.connectors.http_settings import Each, Since
from ingest.connectors.http_since import asked_since, later
from ingest.connectors.protocol import PullFailed

FIRMS = [{"uscc": f"9{n}", "name": "清河县羊绒", "updatedAt": f"2024-03-{n + 1:02d} 09:00:00"} for n in range(7)]
SINCE = {"param": "since", "field": "updatedAt", "overlap_days": 1}


@contextmanager
def uvicorn_serving(app: Starlette) -> Generator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def test_every_page_of_a_real_server_lands_as_its_bytes() -> None:
    def sales(request: Request) -> Response:
        asked = Asked("GET", request.url.path, dict(request.query_params), {}, b"")
        if request.headers["authorization"] != "Bearer t1":
            return JSONResponse({"code": 40101})
        return Response(written(page_of(FIRMS, asked, 3)), media_type="application/json")

    async def token(request: Request) -> Response:
        given = await request.json()
        right = given == {"client_id": "me", "client_secret": "hush"}
        return JSONResponse({"access_token": "t1", "expires_in": 60}) if right else Response(status_code=401)

    app = Starlette(routes=[Route("/gate/sales", sales), Route("/gate/token", token, methods=["POST"])])
    with uvicorn_serving(app) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTP_ID", "me")
        patch.setenv("HTTP_SECRET", "hush")
        token_at = {"path": "/token", "client_id": "env:HTTP_ID", "client_secret": "env:HTTP_SECRET"}
        got = pulled(system_at(f"{url}/gate", token=token_at))
    assert [item.name for item, _ in got] == [f"firm_sales_sales_p{page}.json" for page in (1, 2, 3)]
    asked = [Asked("GET", "", {"page": str(page)}, {}, b"") for page in (1, 2, 3)]
    assert [body for _, body in got] == [written(page_of(FIRMS, one, 3)) for one in asked]
    assert [item.sequence for item, _ in got] == [1, 2, 3]


def test_a_total_alone_says_where_the_pages_end() -> None:
    listing = {**LISTING, "paging": {"by": "page", "param": "no", "first": 0, "total": "data.total"}}

    def answer(asked: Asked) -> list[bytes]:
        nth = int(asked.query["no"])
        return [in_json({"code": "0", "data": {"total": "7", "list": FIRMS[nth * 3 : nth * 3 + 3]}})]

    with serving(answer) as server:
        assert len(pulled(system_at(server.url, listing))) == 3


@pytest.mark.parametrize("end", [None, ""])
def test_cursors_are_followed_to_their_end(end: str | None) -> None:
    def answer(asked: Asked) -> list[bytes]:
        at = int(asked.query.get("cursor", "c0")[1:])
        following = f"c{at + 2}" if at + 2 < len(FIRMS) else end
        return [in_json({"code": 0, "data": {"list": FIRMS[at : at + 2], "next": following}})]

    with serving(answer) as server:
        got = pulled(system_at(server.url, {**LISTING, "paging": BY_CURSOR}))
    assert [firm for _, body in got for firm in json.loads(body)["data"]["list"]] == FIRMS


@pytest.mark.parametrize("data", [{"next": "c1"}, {"next": {"a": 1}}, {}])
def test_cursors_that_lead_nowhere_end_the_pull(data: dict[str, Any]) -> None:
    with serving(lambda asked: [in_json({"code": 0, "data": {"list": [], **data}})]) as server:
        with pytest.raises(PullFailed) as failed:
            pulled(system_at(server.url, {**LISTING, "paging": BY_CURSOR}))
        assert failed.value.code == "answer_unreadable"
        assert len(server.asked) <= 2


def test_each_month_is_one_listing_and_only_the_last_ones_are_asked_again() -> None:
    each = {"period": "month", "from": "2023-11", "until": "2024-03", "overlap": 2}
    monthly = {**LISTING, "params": {"month": "{period}", "size": "9"}, "each": each, "paging": BY_PAGE}
    restated = {"name": "restated", "path": "/restated", "records": "data.list", "kind": "correction"}

    with serving(lambda asked: [in_json(page_of(FIRMS, asked, 9))]) as server:
        system = system_at(server.url, monthly, restated)
        first = pulled(system)
        assert [item.name for item, _ in first] == [
            *(f"firm_sales_sales_{month}_p1.json" for month in ("2023-11", "2023-12", "2024-01", "2024-02", "2024-03")),
            "firm_sales_restated_p1.json",
        ]
        assert [item.kind for item, _ in first] == [None] * 5 + ["correction"]
        assert server.asked[0].query == {"month": "2023-11", "size": "9", "page": "1"}
        again = pulled(system, first[-1][0].cursor)
        assert [item.name[17:-8] for item, _ in again] == ["2024-02", "2024-03", "ed"]


def test_a_cursor_of_a_pull_that_ended_early_begins_with_the_month_that_was_not_read_whole() -> None:
    each = {"period": "month", "from": "2024-01", "until": "2024-03", "overlap": 0}
    listing = {**LISTING, "params": {"month": "{period}"}, "each": each, "paging": BY_PAGE}
    with serving(lambda asked: [in_json(page_of(FIRMS, asked, 4))]) as server:
        system = system_at(server.url, listing)
        got = pulled(system)
        halfway = got[2][0]  # the first of two pages of February
        assert halfway.name == "firm_sales_sales_2024-02_p1.json"
        months = [item.name[17:24] for item, _ in pulled(system, halfway.cursor)]
    assert months == ["2024-02", "2024-02", "2024-03", "2024-03"]


@pytest.mark.parametrize(
    ("today", "cursor", "months"),
    [
        (date(2024, 3, 1), None, ["2023-12", "2024-01", "2024-02"]),
        (date(2024, 2, 29), None, ["2023-12", "2024-01"]),
        (date(2024, 3, 1), "2024-02", ["2024-02"]),
        (date(2024, 3, 1), "2031-01", ["2024-02"]),
        (date(2024, 3, 1), "mistyped", ["2023-12", "2024-01", "2024-02"]),
        (date(2023, 6, 1), None, []),
    ],
)
def test_without_until_the_last_finished_month_is_the_last(today: date, cursor: str | None, months: list[str]) -> None:
    each = Each.model_validate({"period": "month", "from": "2023-12", "overlap": 1})
    assert list(each.months(today, cursor)) == months


def test_since_is_the_latest_change_less_the_overlap_and_shortens_only() -> None:
    def answer(asked: Asked) -> list[bytes]:
        since = asked.query.get("since", "")
        return [in_json({"code": 0, "data": {"list": [one for one in FIRMS if one["updatedAt"] >= since]}})]

    with serving(answer) as server:
        system = system_at(server.url, {**LISTING, "since": SINCE})
        (item, _), *_ = pulled(system)
        assert json.loads(item.cursor or "") == {"sales": "2024-03-07 09:00:00"}
        (_, body), *_ = pulled(system, item.cursor)
        assert server.asked[-1].query == {"since": "2024-03-06 09:00:00"}
        assert json.loads(body)["data"]["list"] == FIRMS[5:]
        whole = [pulled(system, damaged)[0][1] for damaged in ("", "{", "[]", '{"sales": 3}', '{"sales": "x"}')]
    assert whole == [written({"code": 0, "data": {"list": FIRMS}})] * 5


def test_a_change_told_late_is_met_by_the_overlap() -> None:
    late = {"uscc": "late", "updatedAt": "2024-03-06 10:00:00"}
    told: list[dict[str, str]] = list(FIRMS)

    def answer(asked: Asked) -> list[bytes]:
        since = asked.query.get("since", "")
        return [in_json({"code": 0, "data": {"list": [one for one in told if one["updatedAt"] >= since]}})]

    with serving(answer) as server:
        system = system_at(server.url, {**LISTING, "since": SINCE})
        cursor = pulled(system)[-1][0].cursor
        told.append(late)
        assert late in json.loads(pulled(system, cursor)[0][1])["data"]["list"]


def test_an_empty_answer_leaves_the_cursor_where_it_was() -> None:
    with serving(lambda asked: [in_json({"code": 0, "data": {"list": []}})]) as server:
        system = system_at(server.url, {**LISTING, "since": SINCE})
        assert pulled(system)[0][0].cursor is None
        known = '{"sales": "2024-03-07 09:00:00"}'
        assert pulled(system, known)[0][0].cursor == known


def test_a_year_from_the_future_does_not_move_the_cursor() -> None:
    tomorrow = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d %H:%M:%S}"
    records = ({"at": "2024-03-05"}, {"at": "2204-03-05 10:00:00"}, {"at": tomorrow}, {"at": None}, {}, [], {"at": 5})
    assert later(None, records, "at") == "2024-03-05"
    assert later("2024-04-01", records, "at") == "2024-04-01"


def test_a_moment_is_asked_for_as_the_system_writes_it() -> None:
    since = Since(param="s", field="at", overlap_days=2, first="2022-01-01")
    for known, asked in (
        ("2024-03-01", "2024-02-28"),
        ("2024-03-01T08:00:00+08:00", "2024-02-28T08:00:00+08:00"),
        ("2024-03-01 08:00:00", "2024-02-28 08:00:00"),
        (None, "2022-01-01"),
        ("0001-01-01", "2022-01-01"),
    ):
        assert asked_since(since, known) == {"s": asked}


@given(st.text(max_size=30) | st.datetimes().map(str) | st.none())
def test_no_word_of_a_system_breaks_the_cursor(word: str | None) -> None:
    since = Since(param="s", field="at", overlap_days=1)
    kept = later(None, ({"at": word},), "at")
    assert kept in (None, word)
    asked_since(since, word)


def test_identical_answers_are_the_same_bytes_each_night_under_the_same_name() -> None:
    with serving(lambda asked: [in_json(page_of(FIRMS, asked, 3))]) as server:
        system = system_at(server.url)
        assert pulled(system) == pulled(system)


def test_a_page_can_be_fetched_only_while_it_is_the_last_listed() -> None:
    from ingest.connectors.http import HttpConnector
    from ingest.connectors.protocol import Budget

    with serving(lambda asked: [in_json(page_of(FIRMS, asked, 3))]) as server:
        system = system_at(server.url)
        with HttpConnector(system, Budget(system.limits)) as connector:
            listed = connector.list(DATASET, None)
            first = next(listed)
            next(listed)
            with pytest.raises(LookupError):
                list(connector.fetch(first))


def test_bytes_land_as_they_came_however_they_are_spelled() -> None:
    bodies = [
        b'\xef\xbb\xbf{"code": 0,\r\n "data": {"list": []}}\n',
        '{"code":0,"msg":"成功","data":{"list":[]}}'.encode("gb18030"),
    ]
    for body in bodies:
        with serving(lambda asked, body=body: [said(200, body)]) as server:
            assert [got for _, got in pulled(system_at(server.url, LISTING))] == [body]
            assert server.asked[0].headers["accept-encoding"] == "identity"
