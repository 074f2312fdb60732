"""What nothing can talk away: the deadline over a whole pull, silence, size, number; and a listing that shifts."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulled_by_http import BY_PAGE, DATASET, LISTING, page_of, pulled, system_at
from raw_server import Answering, Asked, Raw, in_json, said, serving, written

from ingest.connectors.http import HttpConnector
from ingest.connectors.protocol import Budget, PullFailed

FIRMS = [{"uscc": f"9{n}"} for n in range(7)]


def trickling(asked: Asked) -> Iterator[Raw]:
    body = written(page_of(FIRMS, asked, 3))
    yield said(200, b"", length=len(body))
    for byte in body:
        yield bytes([byte])
        yield 0.02


def trickling_headers(asked: Asked) -> Iterator[Raw]:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while True:
        yield b"x"
        yield 0.02


def stalling(asked: Asked) -> Iterator[Raw]:
    yield said(200, b'{"code":', length=99)
    yield 3.0


def silent(asked: Asked) -> Iterator[Raw]:
    yield 3.0


@pytest.mark.parametrize("answer", [trickling, trickling_headers])
def test_a_trickle_ends_at_the_deadline_of_the_whole_pull(answer: Answering) -> None:
    with serving(answer) as server:
        begun = time.monotonic()
        with pytest.raises(PullFailed, match="pull_deadline"):
            pulled(system_at(server.url, limits={"seconds": 0.5, "idle_seconds": 5}))
        assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize(("answer", "code"), [(stalling, "body_cut"), (silent, "system_unreachable")])
def test_a_stall_ends_when_it_was_silent_too_long(answer: Answering, code: str) -> None:
    with serving(answer) as server:
        begun = time.monotonic()
        with pytest.raises(PullFailed, match=code):
            pulled(system_at(server.url, attempts=2, limits={"seconds": 20, "idle_seconds": 0.2}))
        assert time.monotonic() - begun < 2


def test_the_deadline_holds_over_all_attempts_and_waits() -> None:
    with serving(lambda asked: [said(500)]) as server:
        begun = time.monotonic()
        with pytest.raises(PullFailed, match="pull_deadline"):
            limits = {"seconds": 0.5, "retries": 1000}
            pulled(system_at(server.url, attempts=50, wait_seconds=0.1, limits=limits))
        assert time.monotonic() - begun < 1.5


def test_an_answer_that_is_too_large_ends_while_it_streams() -> None:
    def endless(asked: Asked) -> Iterator[Raw]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        while True:
            yield b"[" * 10_000

    with serving(endless) as server, pytest.raises(PullFailed, match="pull_too_large"):
        pulled(system_at(server.url, limits={"seconds": 20, "item_bytes": 100_000}))


def test_a_size_in_all_is_not_passed() -> None:
    with serving(lambda asked: [in_json(page_of(FIRMS, asked, 1))]) as server:
        assert len(pulled(system_at(server.url))) == 7
        with pytest.raises(PullFailed, match="pull_too_large"):
            pulled(system_at(server.url, limits={"seconds": 20, "bytes": 300}))


def test_pages_without_an_end_are_too_many() -> None:
    def answer(asked: Asked) -> list[bytes]:
        return [in_json({"code": 0, "data": {"list": [1], "pages": int(asked.query["page"]) + 1, "total": 9}})]

    with serving(answer) as server:
        with pytest.raises(PullFailed, match="pull_too_many"):
            pulled(system_at(server.url, limits={"seconds": 20, "items": 9}))
        assert len(server.asked) == 9


class Moving:
    """A list of firms into whose front a new one comes after some of the questions."""

    def __init__(self, after: Iterable[int], size: int = 3) -> None:
        self.after, self.size = set(after), size
        self.firms: list[dict[str, str]] = list(FIRMS)
        self.given: list[bytes] = []

    def __call__(self, asked: Asked) -> list[bytes]:
        self.given.append(written(page_of(self.firms, asked, self.size)))
        if len(self.given) in self.after:
            self.firms.insert(0, {"uscc": f"new{len(self.given)}"})
        return [said(200, self.given[-1])]


def told(pages: Iterable[bytes]) -> set[str]:
    return {firm["uscc"] for body in pages for firm in json.loads(body)["data"]["list"]}


def test_a_listing_that_shifts_is_read_again_and_all_that_was_read_stays() -> None:
    moving = Moving(after=[1])
    with serving(moving) as server:
        got = pulled(system_at(server.url))
    assert [body for _, body in got] == moving.given
    assert len(got) == 6
    assert {"new1"} | {firm["uscc"] for firm in FIRMS} == told(body for _, body in got)


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(1, 9), max_size=3))
def test_wherever_it_shifts_no_firm_is_lost(after: set[int]) -> None:
    moving = Moving(after)
    with serving(moving) as server:
        try:
            got = pulled(system_at(server.url))
        except PullFailed as failed:
            assert failed.code == "listing_shifted"
            return
    there_all_along = {firm["uscc"] for firm in FIRMS}
    assert there_all_along <= told(body for _, body in got)


def test_a_listing_that_never_rests_is_told_and_its_pages_stay() -> None:
    with serving(Moving(after=range(100), size=3)) as server:
        system = system_at(server.url)
        landed: list[tuple[str | None, bytes]] = []
        with HttpConnector(system, Budget(system.limits)) as connector, pytest.raises(PullFailed) as failed:
            landed.extend((item.cursor, b"".join(connector.fetch(item))) for item in connector.list(DATASET, None))
    assert failed.value.code == "listing_shifted"
    assert len(landed) > 8
    assert {cursor for cursor, _ in landed} == {None}


def contradicting(asked: Asked) -> list[bytes]:
    page = int(asked.query["page"])
    shown = FIRMS[:3] if page == 1 else FIRMS[3:]
    return [in_json({"code": 0, "data": {"list": shown, "pages": 2, "total": 5 + page}})]


def test_pages_that_contradict_each_other_but_do_not_move_are_whole_when_read_twice() -> None:
    with serving(contradicting) as server:
        got = pulled(system_at(server.url))
    assert len(got) == 4 and [body for _, body in got[:2]] == [body for _, body in got[2:]]


def test_the_cursor_moves_only_with_a_listing_that_was_whole() -> None:
    each = {"period": "month", "from": "2024-01", "until": "2024-02"}
    listing: dict[str, Any] = {**LISTING, "params": {"m": "{period}"}, "each": each, "paging": BY_PAGE}
    with serving(contradicting) as server:
        got = [item.cursor for item, _ in pulled(system_at(server.url, listing))]
    january, february = '{"sales": "2024-01"}', '{"sales": "2024-02"}'
    assert got == [None, None, None, january, january, january, january, february]


def test_fewer_records_than_the_total_says_are_asked_for_again() -> None:
    short: Any = {"code": 0, "data": {"list": FIRMS[:4], "pages": 1, "total": 7}}
    answers: list[Any] = [short, {"code": 0, "data": {"list": FIRMS, "pages": 1, "total": 7}}]
    with serving(lambda asked: [in_json(answers.pop(0))]) as server:
        assert len(pulled(system_at(server.url))) == 2
    with serving(lambda asked: [in_json(short)]) as server, pytest.raises(PullFailed, match="listing_short"):
        pulled(system_at(server.url))
