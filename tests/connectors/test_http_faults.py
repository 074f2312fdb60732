"""What misbehaving systems do: each is survived within the budget or ends under its own name; nothing half lands."""

import gzip
import logging
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulled_by_http import BY_PAGE, DATASET, LISTING, page_of, pulled, system_at
from raw_server import HANG_UP, Answering, Asked, Raw, in_json, said, serving, written

from ingest.connectors.failures import FAILURES
from ingest.connectors.http import HttpConnector
from ingest.connectors.protocol import Budget, PullFailed

FIRMS = [{"uscc": f"9{n}", "name": "清河县羊绒", "updatedAt": f"2024-03-{n + 1:02d} 09:00:00"} for n in range(7)]
RIGHT: Callable[[Asked], bytes] = lambda asked: in_json(page_of(FIRMS, asked, 3))  # noqa: E731
WHOLE = [written(page_of(FIRMS, Asked("GET", "", {"page": str(page)}, {}, b""), 3)) for page in (1, 2, 3)]
BODY = WHOLE[0]
FAULTS: dict[str, list[Raw]] = {
    "500": [said(500, b"Traceback: who knows")],
    "503 with a date": [said(503, Retry_After=formatdate(time.time() - 5, usegmt=True))],
    "429": [said(429, Retry_After="0")],
    "busy": [in_json({"code": 50012, "msg": "服务繁忙", "data": None})],
    "hung up before a word": [HANG_UP],
    "hung up in the headers": [b"HTTP/1.1 200 OK\r\nContent-", HANG_UP],
    "shorter than its length": [said(200, BODY[:-9], length=len(BODY)), HANG_UP],
    "longer than its length": [said(200, BODY, length=len(BODY) - 9), HANG_UP],
    "chunks without an end": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cod\r\n", HANG_UP],
    "a broken chunk": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n{}\r\n", HANG_UP],
    "cut without a length": [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY[:50], HANG_UP],
    "nothing": [said(200, b"")],
    "cut gzip": [said(200, gzip.compress(BODY)[:-20], Content_Encoding="gzip")],
    "no gzip": [said(200, BODY, Content_Encoding="gzip"), HANG_UP],
    "no HTTP": [b"220 mail ready\r\n", HANG_UP],
}  # fmt: skip


def faulty(faults: Iterable[str]) -> Answering:
    """The right pages, once these faults have been through."""
    left = list(faults)
    return lambda asked: FAULTS[left.pop(0)] if left else [RIGHT(asked)]


def failure(answer: Answering, **more: object) -> PullFailed:
    with serving(answer) as server, pytest.raises(PullFailed) as failed:
        pulled(system_at(server.url, **more))
    assert failed.value.code in FAILURES
    return failed.value


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_changes_nothing_that_lands(fault: str) -> None:
    with serving(faulty([fault])) as server:
        assert [body for _, body in pulled(system_at(server.url))] == WHOLE
        assert len(server.asked) == 4


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*FAULTS, ""]), max_size=12))
def test_whatever_faults_come_within_the_budget_the_same_bodies_land(faults: list[str]) -> None:
    left = list(faults)

    def answer(asked: Asked) -> Iterable[Raw]:
        fault = left.pop(0) if left else ""
        return FAULTS[fault] if fault else [RIGHT(asked)]

    with serving(answer) as server:
        got = pulled(system_at(server.url, attempts=13, wait_seconds=0.0001))
    assert [body for _, body in got] == WHOLE


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("500", "pull_retries"),
        ("busy", "pull_retries"),
        ("hung up before a word", "system_unreachable"),
        ("shorter than its length", "body_cut"),
        ("chunks without an end", "body_cut"),
        ("cut without a length", "answer_unreadable"),
    ],
)
def test_a_fault_that_stays_ends_under_its_own_name(fault: str, code: str) -> None:
    asked: list[Asked] = []

    def answer(one: Asked) -> Iterable[Raw]:
        asked.append(one)
        return FAULTS[fault]

    assert failure(answer, attempts=3).code == code
    assert len(asked) == 3


def test_retries_are_the_whole_pulls() -> None:
    limits = {"seconds": 20, "retries": 4}
    assert failure(lambda asked: FAULTS["500"], limits=limits, attempts=50).code == "pull_retries"
    with serving(faulty(["500"] * 4)) as server:
        assert len(pulled(system_at(server.url, limits=limits, attempts=50))) == 3
    with serving(faulty(["500"] * 5)) as server, pytest.raises(PullFailed, match="pull_retries"):
        pulled(system_at(server.url, limits=limits, attempts=50))
    assert failure(lambda asked: FAULTS["500"], limits={"retries": 0}).code == "pull_retries"


def test_nobody_there_is_unreachable() -> None:
    with serving(lambda asked: []) as server:
        url = server.url
    with pytest.raises(PullFailed, match="system_unreachable"):
        pulled(system_at(url, attempts=2))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (in_json({"code": 403001, "msg": "张某无权限", "data": None}), "answer_error"),
        (in_json({"code": "张某", "msg": "", "data": None}), "answer_error"),
        (in_json({"data": {"list": []}}), "answer_unreadable"),
        (in_json({"code": True, "data": {"list": []}}), "answer_unreadable"),
        (in_json([]), "answer_unreadable"),
        (in_json({"code": 0, "data": None}), "answer_unreadable"),
        (in_json({"code": 0, "data": {"list": {}, "pages": 1, "total": 0}}), "answer_unreadable"),
        (in_json({"code": 0, "data": {"list": [], "pages": -1, "total": 0}}), "answer_unreadable"),
        (in_json({"code": 0, "data": {"list": [], "pages": 1, "total": "many"}}), "answer_unreadable"),
        (said(200, b"\n<!DOCTYPE html><form>", Content_Type="text/html"), "answer_unreadable"),
        (said(200, "<html>登录".encode(), Content_Type="application/json"), "answer_unreadable"),
        (b"HTTP/1.1 204 X\r\n\r\n", "answer_unreadable"),
        (said(206, WHOLE[2]), "answer_unreadable"),
        (said(203, WHOLE[2]), "answer_unreadable"),
        (b"HTTP/1.1 304 X\r\n\r\n", "answer_unreadable"),
        (said(404), "answer_error"),
        (said(400, b"bad"), "answer_error"),
        (said(401), "system_refused"),
        (said(403), "system_refused"),
        (said(200, b"[" * 100_000), "answer_unreadable"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_page_is_named_and_never_lands(answer: bytes, code: str) -> None:
    failed = failure(lambda asked: [answer], attempts=2)
    assert failed.code == code
    assert "张" not in str(failed) and "登录" not in str(failed)


@pytest.mark.parametrize("answer", [said(200, b"\xef\xbb\xbf\n<html>"), said(404), said(403), in_json({"code": 9})])
def test_what_another_attempt_cannot_mend_is_asked_once(answer: bytes) -> None:
    with serving(lambda asked: [answer]) as server:
        with pytest.raises(PullFailed):
            pulled(system_at(server.url))
        assert len(server.asked) == 1


def test_the_systems_own_code_is_told_where_it_is_a_number() -> None:
    assert failure(lambda asked: [in_json({"code": 403001})]).about == "code 403001"


def test_retry_after_is_waited_for() -> None:
    answers = [said(429, Retry_After="1"), said(503, Retry_After=formatdate(time.time() + 1.5, usegmt=True))]
    with serving(lambda asked: [answers.pop()] if answers else [RIGHT(asked)]) as server:
        begun = time.monotonic()
        assert len(pulled(system_at(server.url))) == 3
    assert time.monotonic() - begun >= 1


def test_retry_after_as_a_date_goes_by_the_systems_own_clock() -> None:
    wrong = time.time() - 86_400 * 365
    busy = said(503, Date=formatdate(wrong, usegmt=True), Retry_After=formatdate(wrong + 3_600, usegmt=True))
    assert failure(lambda asked: [busy]).code == "pull_deadline"


@pytest.mark.parametrize("asked_for", ["86400", formatdate(time.time() + 86_400, usegmt=True)], ids=["seconds", "date"])
def test_retry_after_does_not_reach_beyond_the_deadline(asked_for: str) -> None:
    begun = time.monotonic()
    assert failure(lambda asked: [said(429, Retry_After=asked_for)]).code == "pull_deadline"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("said_instead", ["-1", "soon", "1e9", "", "٣", "Mon, 99 Xxx 2024 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_is_not_followed(said_instead: str) -> None:
    busy = b"HTTP/1.1 429 X\r\nContent-Length: 0\r\nRetry-After: " + said_instead.encode() + b"\r\n\r\n"
    answers = [busy]
    with serving(lambda asked: [answers.pop()] if answers else [RIGHT(asked)]) as server:
        assert len(pulled(system_at(server.url))) == 3


@pytest.mark.parametrize(
    "to",
    [
        "http://localhost:{port}/elsewhere",
        "http://127.0.0.1:1/sales",
        "https://127.0.0.1:{port}/sales",
        "//evil.example/sales",
        "http://me:secret@127.0.0.1:{port}/sales",
        "file:///etc/passwd",
        "http://[::1",
        "/sales",
    ],
)
def test_redirects_to_another_place_or_in_a_circle_are_refused(to: str) -> None:
    def answer(asked: Asked) -> list[bytes]:
        port = asked.headers["host"].rpartition(":")[2]
        return [said(302, Location=to.format(port=port))]

    with serving(answer) as server:
        with pytest.raises(PullFailed, match="redirected"):
            pulled(system_at(server.url, headers={"X-Key": "env:HOME"}))
        assert len(server.asked) == (6 if to == "/sales" else 1)


def test_redirects_within_the_same_place_are_followed_five_times() -> None:
    def answer(asked: Asked) -> list[bytes]:
        hop = int(asked.query.get("hop", 0))
        onward = "&".join(f"{k}={v}" for k, v in (asked.query | {"hop": str(hop + 1)}).items())
        return [said(307, Location=f"/sales?{onward}")] if hop < 5 else [RIGHT(asked)]

    with serving(answer) as server:
        assert [body for _, body in pulled(system_at(server.url))] == WHOLE


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(lambda asked: [RIGHT(asked)]) as server:
        assert len(pulled(system_at(server.url))) == 3


def test_nothing_of_a_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    listing = {**LISTING, "params": {"name": "张三丰"}, "paging": BY_PAGE}
    with caplog.at_level(logging.DEBUG), serving(faulty(["500", "busy"])) as server:
        pulled(system_at(server.url, listing, headers={"X-Key": "env:HOME"}))
    assert "张三丰" not in caplog.text and "%E5" not in caplog.text.upper()
    assert "/sales" not in caplog.text and "X-Key" not in caplog.text


def test_a_connector_that_was_never_entered_or_failed_to_closes() -> None:
    system = system_at("http://127.0.0.1:1", headers={"X-Key": "env:NOT_THERE_AT_ALL"})
    connector = HttpConnector(system, Budget(system.limits))
    with pytest.raises(PullFailed, match="secret_missing"):
        connector.__enter__()
    connector.__exit__(None, None, None)
    assert DATASET in system.datasets
