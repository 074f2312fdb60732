"""What a sample system is told to do wrong really happens on the wire, once each time, and then it is well again."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping

import asyncssh
import httpx
import pytest
from system_clients import ORDERS, SALES, Interface, connected, read_over_sftp

from samples.systems import SYSTEMS, faults, running
from samples.systems.faults import HTTP_FAULTS, OBJECT_FAULTS, SFTP_FAULTS, Faults

SENDERS = ("donggang", "qinghe-sw", "chongqing", "jilin-jy")
FILE = "/pairings/结对台账（截至2022年6月30日）.xlsx"
Ordered = Mapping[str, Faults]


@pytest.fixture(scope="module")
def ordered() -> Ordered:
    return {sender: Faults() for sender in SENDERS}


@pytest.fixture(scope="module")
def variables(world, ordered) -> Iterator[dict[str, str]]:
    with running(world.root, SENDERS, ordered) as names:
        yield names


@pytest.fixture
def bureau(variables) -> Iterator[Interface]:
    with Interface(variables, "JINGUO_QINGHE_SW", seconds=0.5) as one:
        yield one


def asked(bureau: Interface) -> httpx.Response:
    return bureau.get(SALES, period="2024-04", page=1)


def _is_redirect(answer: httpx.Response) -> None:
    assert answer.status_code == 302 and httpx.URL(answer.headers["location"]).host == "127.0.0.2"


def _is_told_to_wait(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def _is_broken(answer: httpx.Response) -> None:
    assert answer.status_code == 500


def _is_error_in_success(answer: httpx.Response) -> None:
    assert answer.status_code == 200 and answer.json()["code"] == 50012


def _is_unreadable(answer: httpx.Response) -> None:
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def _is_expired(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, 40101)


ANSWERS: dict[str, Callable[[httpx.Response], None]] = {
    "redirect": _is_redirect,
    "429": _is_told_to_wait,
    "500": _is_broken,
    "error": _is_error_in_success,
    "length": _is_unreadable,
    "expired": _is_expired,
}
BROKEN = {"cut": httpx.RemoteProtocolError, "stall": httpx.ReadTimeout}


def test_every_fault_of_the_interfaces_is_tried_here() -> None:
    assert {*ANSWERS, *BROKEN, "trickle", "shift"} == set(HTTP_FAULTS)
    assert {name for system in SYSTEMS for name in system.faults} == {*HTTP_FAULTS, *SFTP_FAULTS, *OBJECT_FAULTS}


@pytest.mark.parametrize("fault", ANSWERS)
def test_an_interface_answers_wrongly_as_often_as_it_was_told(fault, bureau, ordered) -> None:
    well = asked(bureau)
    ordered["qinghe-sw"].order(fault, 2)
    for _ in range(2):
        ANSWERS[fault](asked(bureau))
    if fault == "expired":
        ANSWERS[fault](asked(bureau))
        bureau.token()
    assert asked(bureau).content == well.content and well.status_code == 200


@pytest.mark.parametrize("fault", BROKEN)
def test_an_interface_breaks_off_in_the_middle_of_a_body(fault, bureau, ordered) -> None:
    whole = asked(bureau).content
    ordered["qinghe-sw"].order(fault)
    got = b""
    with pytest.raises(BROKEN[fault]), bureau.client.stream("GET", SALES, params={"period": "2024-04"}) as answer:
        assert int(answer.headers["content-length"]) == len(whole)
        for part in answer.iter_raw():
            got += part
    assert got and len(got) < len(whole) and whole.startswith(got)
    assert asked(bureau).content == whole


def test_a_trickle_never_idles_and_never_ends(bureau, ordered) -> None:
    ordered["qinghe-sw"].order("trickle")
    got, until = b"", time.monotonic() + 0.6
    with bureau.client.stream("GET", SALES, params={"period": "2024-04"}) as answer:
        for part in answer.iter_raw():
            got += part
            if time.monotonic() > until:
                break
    assert 3 < len(got) < 50
    assert asked(bureau).status_code == 200


def test_a_listing_shifts_between_two_pages_and_not_before(bureau, ordered) -> None:
    def total(page: int) -> int:
        return bureau.get(SALES, period="2024-04", page=page).json()["data"]["total"]

    ordered["qinghe-sw"].order("shift")
    assert (total(1), ordered["qinghe-sw"].left) == (172, 1)
    assert (total(2), total(2)) == (173, 172)


def test_a_listing_by_cursor_repeats_a_record(variables, ordered) -> None:
    with Interface(variables, "JINGUO_CHONGQING") as city:
        cursor = city.get(ORDERS).json()["data"]["next"]
        well = city.get(ORDERS, cursor=cursor).json()["data"]["items"]
        ordered["chongqing"].order("shift")
        assert city.get(ORDERS, cursor=cursor).json()["data"]["items"] == [well[-1], *well]


def test_a_token_is_granted_whatever_is_to_go_wrong(variables, ordered) -> None:
    ordered["chongqing"].order("500")
    with Interface(variables, "JINGUO_CHONGQING") as city:
        assert [city.get(ORDERS).status_code for _ in range(2)] == [500, 200]


def test_sftp_is_cut_in_the_middle_of_a_file(variables, ordered) -> None:
    ordered["donggang"].order("cut")
    with pytest.raises((asyncssh.SFTPConnectionLost, asyncssh.ConnectionLost)):
        read_over_sftp(variables, FILE)
    assert read_over_sftp(variables, FILE)[:2] == b"PK"


def test_sftp_stalls_and_trickles(variables, ordered) -> None:
    whole = read_over_sftp(variables, FILE)
    for fault, times in (("stall", 1), ("trickle", 1_000)):
        ordered["donggang"].order(fault, times)
        with pytest.raises(TimeoutError):
            read_over_sftp(variables, FILE, seconds=0.5)
        while ordered["donggang"].take({fault}):
            pass
    assert read_over_sftp(variables, FILE) == whole


def test_sftp_is_gone_in_the_middle_of_a_listing(variables, ordered) -> None:
    async def names() -> list[str]:
        async with connected(variables) as connection, connection.start_sftp_client() as client:
            return [str(one) for one in await client.listdir("/pairings")]

    ordered["donggang"].order("vanish")
    with pytest.raises((asyncssh.SFTPConnectionLost, asyncssh.ConnectionLost)):
        asyncio.run(names())
    assert len(asyncio.run(names())) == 7


@pytest.mark.parametrize("fault", OBJECT_FAULTS)
def test_the_store_goes_wrong_and_is_well_again(fault, variables, ordered) -> None:
    signed = f"AWS4-HMAC-SHA256 Credential={variables['JINGUO_JILIN_JY_KEY']}/20240101/us-east-1/s3/aws4_request"
    url = f"{variables['JINGUO_JILIN_JY_URL']}/jilin-jy/job_applications/zph_apply_20240413.csv"
    with httpx.Client(headers={"Authorization": signed}, timeout=0.5, trust_env=False) as client:
        whole = client.get(url).content
        ordered["jilin-jy"].order(fault)
        if fault in BROKEN:
            with pytest.raises(BROKEN[fault]):
                client.get(url)
        else:
            assert client.get(url).status_code == int(fault)
        assert client.get(url).content == whole and len(whole) > 1_000


def test_what_does_not_fit_a_request_waits_and_keeps_its_turn() -> None:
    coming = Faults()
    coming.order("cut", 2)
    coming.order("vanish")
    assert [coming.take({"vanish"}), coming.take({"cut"}), coming.take({"cut", "vanish"})] == [None, "cut", "cut"]
    assert (coming.left, coming.take({"vanish"}), coming.take({"vanish"})) == (1, "vanish", None)


def test_stopping_does_not_wait_for_who_stalls(world) -> None:
    waiting = {"qinghe-sw": Faults()}
    with running(world.root, {"qinghe-sw"}, waiting) as names, Interface(names, "JINGUO_QINGHE_SW", 0.2) as bureau:
        waiting["qinghe-sw"].order("stall")
        with pytest.raises(httpx.ReadTimeout):
            bureau.get(SALES, period="2024-04")
        begun = time.monotonic()
    assert time.monotonic() - begun < faults.STALL_SECONDS / 20
