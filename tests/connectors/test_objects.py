"""Object stores: against moto's S3 server where it behaves, against a small server where it must not."""

import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.connectors.objects import ObjectConnector, ObjectSystem
from ingest.connectors.protocol import Budget, Limits, PullFailed
from ingest.connectors.secrets import NotConnected
from tests.servers import s3
from tests.servers.process import HOST, free_port
from tests.servers.s3 import S3

DATASET = "pairings"
LARGE = os.urandom(5_000_001)
KEPT = {
    "2024/大 #1%41.csv": LARGE,
    "correction/更正.csv": b"3",
    "correction/": b"",
    "一.csv": b"1",
    "~$一.xlsx": b"x",
    "b.part": b"x",
    "空.csv": b"",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3.running(tmp_path_factory.mktemp("s3")) as running:
        for name, content in KEPT.items():
            running.put("county", f"export/{DATASET}/{name}", content)
        running.put("county", f"export/{DATASET}-old/no.csv", b"no")
        yield running


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_KEY", s3.ACCESS_KEY)
    monkeypatch.setenv("S3_SECRET", s3.SECRET_KEY)


def system_of(endpoint: str, **facts: Any) -> ObjectSystem:
    given = {
        "kind": "objects",
        "url": "s3://county/export",
        "endpoint": endpoint,
        "access_key": "env:S3_KEY",
        "secret_key": "env:S3_SECRET",
        "datasets": {DATASET: {}},
        "limits": Limits(idle_seconds=2, seconds=30, retries=2),
    }
    return ObjectSystem(**{**given, **facts})


def pulled(system: ObjectSystem) -> dict[str, bytes]:
    with ObjectConnector(system, Budget(system.limits)) as connector:
        return {item.place: b"".join(connector.fetch(item)) for item in connector.list(DATASET, None)}


def failing(system: ObjectSystem) -> str:
    with pytest.raises(PullFailed) as failed:
        pulled(system)
    return failed.value.code


def test_every_object_comes_whole_and_nothing_else(server: S3) -> None:
    offered = {name: content for name, content in KEPT.items() if name[0] != "~" and name[-1] not in "t/"}
    assert pulled(system_of(server.endpoint)) == {f"{DATASET}/{name}": content for name, content in offered.items()}


def test_items_say_kind_size_and_version(server: S3) -> None:
    with ObjectConnector(system_of(server.endpoint), Budget(Limits())) as connector:
        items = {item.name: item for item in connector.list(DATASET, None)}
    assert (items["更正.csv"].kind, items["更正.csv"].byte_size, items["一.csv"].kind) == ("correction", 1, None)
    assert items["一.csv"].stamp != items["更正.csv"].stamp and items["一.csv"].stamp.endswith("-1")


def test_an_object_put_anew_after_it_was_listed_is_not_used(server: S3) -> None:
    server.put("moving", f"{DATASET}/a.csv", b"1")
    system = system_of(server.endpoint, url="s3://moving")
    with ObjectConnector(system, Budget(system.limits)) as connector:
        (item,) = connector.list(DATASET, None)
        server.put("moving", f"{DATASET}/a.csv", b"2")
        with pytest.raises(PullFailed, match="item_changed"):
            list(connector.fetch(item))


def test_what_is_not_there_or_too_much_fails(server: S3) -> None:
    assert failing(system_of(server.endpoint, url="s3://nobucket/x")) == "system_unreachable"
    assert failing(system_of(f"http://{HOST}:{free_port()}", limits=Limits(retries=0))) == "system_unreachable"
    assert failing(system_of(server.endpoint, limits=Limits(items=1))) == "pull_too_many"
    assert failing(system_of(server.endpoint, limits=Limits(item_bytes=4_000_000))) == "pull_too_large"
    assert failing(system_of(server.endpoint, access_key="env:NO_SUCH_KEY")) == "secret_missing"


def test_an_address_is_https_or_on_this_machine_and_holds_no_key() -> None:
    for endpoint in ("http://user:word@127.0.0.1:9", "ftp://127.0.0.1"):
        with pytest.raises(ValidationError):
            system_of(endpoint)
    with pytest.raises(ValidationError):
        system_of("https://a.example", access_key="plain")
    with pytest.raises(PullFailed, match="address_unsafe"):
        ObjectConnector(system_of("http://192.0.2.1:9000"), Budget(Limits()))
    with pytest.raises(NotConnected):
        ObjectConnector(system_of("env:NO_SUCH_ENDPOINT"), Budget(Limits()))


LISTING = f"""<?xml version="1.0"?><ListBucketResult><Name>county</Name><IsTruncated>false</IsTruncated>
<Contents><Key>export/{DATASET}/a.csv</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>"e"</ETag>
<Size>10</Size></Contents></ListBucketResult>""".encode()


class Odd(ThreadingHTTPServer):
    """Lists one object of 10 bytes; answers for it as ``way`` says. ``asked`` is each request that reached it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Answer)
        self.way, self.asked = "whole", []
        self.elsewhere: Odd | None = None

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Odd

    def do_GET(self) -> None:
        is_list = "list-type" in self.path
        way, asked = self.server.way, self.server.asked
        asked.append((self.path, self.headers.get("Range", "")))
        if self.server.elsewhere and (way == "away" or (way == "object away" and not is_list)):
            self._said(307, b"", Location=self.server.elsewhere.endpoint + self.path)
        elif is_list:
            self._said(403 if way == "closed" else 200, LISTING)
        elif way in ("busy once", "busy") and (way == "busy" or len(asked) == 2):
            self._said(503, b"")
        else:
            begin = int((self.headers.get("Range") or "bytes=0-")[6:].split("-")[0])
            body = b"0123456789"[begin:]
            kept = {"cut": 0 if begin else 4, "cut once": 10 if begin else 4}.get(way, 10)
            self._said(206 if begin else 200, body[: 4 if way == "short" else 10], cut=kept, begin=begin)

    def _said(self, status: int, body: bytes, cut: int | None = None, begin: int = 0, **headers: str) -> None:
        self.send_response(status)
        given = {"Content-Length": str(len(body)), "ETag": '"e"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
        if status == 206:
            given["Content-Range"] = f"bytes {begin}-9/10"
        for name, value in {**given, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:cut])
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def odd() -> Iterator[Odd]:
    with Odd() as one, Odd() as other:
        one.elsewhere = other
        threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in (one, other)]
        for thread in threads:
            thread.start()
        yield one
        for server in (one, other):
            server.shutdown()


def test_the_small_server_gives_its_object(odd: Odd) -> None:
    """The negative control of what follows."""
    assert pulled(system_of(odd.endpoint)) == {f"{DATASET}/a.csv": b"0123456789"}


@pytest.mark.parametrize("way", ["away", "object away"])
def test_a_redirect_to_another_address_is_not_followed(odd: Odd, way: str) -> None:
    odd.way = way
    assert failing(system_of(odd.endpoint)) == "redirected"
    assert odd.elsewhere is not None and not odd.elsewhere.asked


def test_a_cut_body_goes_on_where_it_was_cut(odd: Odd) -> None:
    odd.way = "cut once"
    assert list(pulled(system_of(odd.endpoint)).values()) == [b"0123456789"]
    assert [where for _, where in odd.asked if where] == ["bytes=4-9"]


def test_a_body_that_is_always_cut_is_not_used(odd: Odd) -> None:
    odd.way = "cut"
    assert failing(system_of(odd.endpoint, limits=Limits(idle_seconds=2, seconds=20))) == "body_cut"


def test_a_whole_answer_of_another_size_than_listed_is_not_used(odd: Odd) -> None:
    odd.way = "short"
    assert failing(system_of(odd.endpoint)) == "body_cut"


def test_a_busy_server_is_asked_again_within_the_budget(odd: Odd) -> None:
    odd.way = "busy once"
    assert list(pulled(system_of(odd.endpoint)).values()) == [b"0123456789"]
    odd.way = "busy"
    odd.asked.clear()
    assert failing(system_of(odd.endpoint, limits=Limits(retries=1))) == "system_unreachable"
    assert len(odd.asked) == 1 + 2


def test_a_login_that_is_not_allowed_is_refused(odd: Odd) -> None:
    odd.way = "closed"
    assert failing(system_of(odd.endpoint)) == "system_refused"


def test_a_server_that_never_answers_ends_with_the_deadline(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as mute:
        endpoint = f"http://{HOST}:{mute.getsockname()[1]}"
        assert failing(system_of(endpoint, limits=Limits(seconds=0.5, retries=0))) == "pull_deadline"
        silent = Limits(seconds=20, idle_seconds=0.3, retries=0)
        assert failing(system_of(endpoint, limits=silent)) == "system_unreachable"
