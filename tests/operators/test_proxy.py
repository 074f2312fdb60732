"""The proxy as it is shipped, before the web servers as their units start them: who may see, who may change, how."""

import base64
import itertools
import socket as sockets
import ssl
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.operators.browser import browser
from tests.operators.served import DELIVERIES, OPERATORS, USER, VIEWERS, WORD, Served
from tests.servers.process import HOST

PAUSED = "{ instance { autoMaterializePaused } }"
JSON = {"Content-Type": "application/json"}


def changing(paused: bool) -> str:
    """A mutation that is easily looked at and does no harm."""
    return f"mutation {{ setAutoMaterializePaused(paused: {str(paused).lower()}) }}"


def is_paused(served: Served) -> bool:
    """What is so, asked of the web server itself."""
    answer = httpx.post(f"http://{HOST}:{served.operators}/graphql", json={"query": PAUSED}, trust_env=False)
    return answer.json()["data"]["instance"]["autoMaterializePaused"]


def test_an_operator_changes_and_a_viewer_only_looks(served: Served) -> None:
    before = is_paused(served)
    with served.client(OPERATORS) as operator, served.client(VIEWERS) as viewer:
        answer = viewer.post("/graphql", json={"query": changing(not before)}).json()
        assert "Unauthorized" in str(answer)
        assert is_paused(served) is before
        assert viewer.post("/graphql", json={"query": PAUSED}).json()["data"]["instance"]
        answer = operator.post("/graphql", json={"query": changing(not before)}).json()
        assert answer == {"data": {"setAutoMaterializePaused": not before}}
        assert is_paused(served) is not before
        operator.post("/graphql", json={"query": changing(before)})


@pytest.mark.parametrize("name", [OPERATORS, VIEWERS])
def test_without_a_login_nothing_is_shown(served: Served, name: str) -> None:
    with served.client(name, user="") as nobody, served.client(name, word="guessed") as guessing:
        for client, path in itertools.product((nobody, guessing), ("/", "/server_info", "/logs/x", "/favicon.png")):
            assert client.get(path).status_code == 401
        assert nobody.post("/graphql", json={"query": PAUSED}).status_code == 401


WRONG: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/graphql?query=" + changing(True), {}, 405),
    ("GET", "/graphql/?query=" + changing(True), {}, 405),
    ("GET", "/%67raphql?query=" + changing(True), {}, 405),
    ("GET", "//graphql?query=" + changing(True), {}, 405),
    ("HEAD", "/graphql?query=" + changing(True), {}, 405),
    ("POST", "/graphql?query=" + changing(True), {}, 405),
    ("POST", "/graphql?query=" + changing(True), {"headers": {"Upgrade": "websocket"}}, 405),
    ("POST", "/graphql", {"content": changing(True), "headers": {"Content-Type": "application/graphql"}}, 405),
    ("POST", "/graphql", {"content": "{}", "headers": {"Content-Type": "text/plain; a=application/json"}}, 405),
    ("POST", "/graphql", {"json": {"query": changing(True)}, "headers": {"Origin": "https://evil.example"}}, 403),
    ("POST", "/graphql", {"json": {"query": changing(True)}, "headers": {"Origin": "null"}}, 403),
    ("POST", "/report_asset_materialization/clean/pairings", {"json": {}}, 403),
    ("POST", "/Report_asset_check/clean/pairings", {"json": {}}, 403),
    ("POST", "//report_asset_observation/clean/pairings", {"json": {}}, 403),
    ("GET", "/report_asset_materialization/clean/pairings", {}, 403),
    ("POST", "/", {"json": {}}, 403),
    ("PUT", "/graphql", {"json": {}}, 405),
    ("DELETE", "/", {}, 403),
]


@pytest.mark.parametrize(("method", "path", "more", "status"), WRONG, ids=[f"{one[0]} {one[1][:40]}" for one in WRONG])
@pytest.mark.parametrize("name", [OPERATORS, VIEWERS])
def test_what_no_page_of_ours_asks_is_refused(
    served: Served, name: str, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    before = is_paused(served)
    with served.client(name) as client:
        answer = client.request(method, f"https://{HOST}:{served.port}{path}", **more)
    assert answer.status_code == status, answer.text[:300]
    assert is_paused(served) is before


def test_a_mutation_by_get_works_without_the_proxy(served: Served) -> None:
    """The control: what the proxy refuses would have been done."""
    before = is_paused(served)
    for paused in (not before, before):
        address = f"http://{HOST}:{served.operators}/graphql"
        httpx.get(address, params={"query": changing(paused)}, trust_env=False)
        assert is_paused(served) is paused


def test_another_name_leads_nowhere(served: Served) -> None:
    for name in ("evil.example", "localhost", HOST):
        with served.client(name) as client:
            assert client.get("/").status_code == 421


def socket(served: Served, origin: str | None) -> int:
    """Open a web socket as the page does; return the status of the answer."""
    context = ssl.create_default_context(cafile=str(served.folder / "tls" / "fullchain.pem"))
    login = "Basic " + base64.b64encode(f"{USER}:{WORD}".encode()).decode()
    try:
        with connect(
            f"wss://{OPERATORS}:{served.port}/graphql",
            ssl=context,
            sock=sockets.create_connection((HOST, served.port)),
            origin=origin,  # ty: ignore[invalid-argument-type]
            subprotocols=["graphql-ws"],  # ty: ignore[invalid-argument-type]
            additional_headers={"Authorization": login},
            proxy=None,
        ) as opened:
            opened.send('{"type": "connection_init"}')
            assert "connection_ack" in str(opened.recv(timeout=10))
    except InvalidStatus as refused:
        return refused.response.status_code
    return 101


def test_the_pages_own_web_socket_works_and_a_foreign_one_does_not(served: Served) -> None:
    assert socket(served, f"https://{OPERATORS}:{served.port}") == 101
    assert socket(served, "https://evil.example") == 403
    assert socket(served, None) == 405


def test_deliveries_come_in_and_nothing_else(served: Served) -> None:
    with served.client(DELIVERIES, user="") as county:
        assert county.post("/deliveries", content=b"x").status_code == 401, "the receiver asks for a signature"
        assert county.get("/deliveries").status_code == 403
        assert county.get("/").status_code == 404
        assert county.post("/graphql", json={"query": PAUSED}).status_code == 404


def test_the_page_shows_the_graph_to_who_has_a_login(served: Served) -> None:
    with browser("*.jinguo.example") as page:
        page.open(f"https://{USER}:{WORD}@{VIEWERS}:{served.port}/server_info")
        assert "dagster_version" in page.shows("dagster_version")
        page.open(f"https://{VIEWERS}:{served.port}/asset-groups")
        shown = page.shows("landing", "clean", "marts", "release")
        for group in ("landing", "clean", "rejects", "staging", "core", "marts", "release"):
            assert group in shown
