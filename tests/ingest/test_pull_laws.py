"""Over real connectors: out of order, a month late, twice, killed on the way: the same deliveries and tables."""

import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from home_of_ledgers import HEADER, csv, pairing
from hypothesis import given, settings
from hypothesis import strategies as st
from made_inboxes import NOW
from pulled_homes import Share, book_of, new_home, share

from ingest.keys import Keyring
from ingest.ledger import Ledger
from ingest.night import clean_pending
from ingest.pull import pull

FEW = settings(max_examples=5, deadline=None, derandomize=True)
POINTS = ("流水号", "积分日期", "积分项目", "积分", "志愿者姓名", "手机号")
HTTP = """
kind = "http"
url = "{url}"
wait_seconds = 0.01
[[datasets.points.listings]]
name = "points"
path = "/points"
records = "data.list"
paging = {{ by = "page", pages = "data.pages", total = "data.total" }}
"""
PAGES, PER_PAGE = 5, 3


def ledger_of(number: int) -> bytes:
    """A register of the month ``number``: it grows, but for one that shrank and will be held."""
    rows = 2 if number == 3 else 5 + number
    return csv(HEADER, *(pairing(row, day=f"2024-01-{number + 1:02}") for row in range(rows))).encode()


def page_of(number: int) -> bytes:
    first = (number - 1) * PER_PAGE
    rows = [
        dict(zip(POINTS, (f"L{nth:04}", "2024-04-01", "走访", nth % 7 + 1, "李四", "13800001234"), strict=True))
        for nth in range(first, first + PER_PAGE)
    ]
    body = {"code": 0, "data": {"pages": PAGES, "total": PAGES * PER_PAGE, "list": rows}}
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def interface() -> Iterator[str]:
    """A real HTTP interface of five pages, of which every fourth answer is cut short."""
    answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page_of(int(parse_qs(urlsplit(self.path).query)["page"][0]))
            answers.append(1)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if len(answers) % 4 == 0 else body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def said(home) -> tuple[list, list, pl.DataFrame]:
    """Deliveries, receipts and current table of a home; batches are named after the nights, the rest is not."""
    clean_pending(home, Keyring.open(home))
    receipts = sorted(path.name for path in home.receipts.rglob("*.json"))
    with Ledger(home) as ledger:
        return ledger.deliveries(), receipts, ledger.current().drop("batch_id")


def same(one, other) -> bool:
    return one[:2] == other[:2] and one[2].equals(other[2])


ARRIVED = {hashlib.sha256(ledger_of(number)).hexdigest(): NOW + timedelta(days=30 * number) for number in range(6)}


def nights(place: Share, *several: list[int]) -> Share:
    """Pull after each of ``several`` lots of files was put into the share."""
    for number, files in enumerate(several):
        for file in files:
            place.put(f"pairings/{file}.csv", ledger_of(file), age=86_400 * file)
        place.pull(NOW + timedelta(days=200 + number), arrivals=ARRIVED)
    return place


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> tuple[Share, tuple]:
    place = nights(share(tmp_path_factory.mktemp("once")), list(range(6)))
    return place, said(place.home)


def test_the_world_of_this_law_holds_something(undisturbed):
    assert sorted(undisturbed[1][2]["state"].to_list()) == ["clean"] * 5 + ["held"]


@FEW
@given(st.permutations(range(6)), st.integers(1, 5), st.lists(st.integers(0, 5), max_size=3))
def test_out_of_order_late_and_twice_the_same_tables(undisturbed, order, cut, again):
    with tempfile.TemporaryDirectory() as folder:
        place = share(Path(folder), undisturbed[0].home)
        nights(place, order[:cut], order[cut:], again, [])
        assert same(said(place.home), undisturbed[1])


def test_another_arrival_is_seen(undisturbed, tmp_path):
    """Control: the comparison is not blind."""
    place = share(tmp_path, undisturbed[0].home)
    for file in range(6):
        place.put(f"pairings/{file}.csv", ledger_of(file))
    place.pull(NOW + timedelta(days=200), arrivals=dict(list(ARRIVED.items())[1:]))
    assert not same(said(place.home), undisturbed[1])


KILLER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from ingest import lander
from ingest.home import Home
from ingest.keys import Keyring
from ingest.pull import pull
from ingest.systems import SystemBook
import ingest.connectors.http_client

lander.BATCH_FILES = 2

def once(root, senders, now, left):
    home, calls = Home(Path(root)), 0
    keyring, book = Keyring.open(home), SystemBook(Path(senders))
    def count(frame, event, what):
        nonlocal calls
        calls += event == "c_call" and frame.f_globals.get("__name__", "").startswith("ingest")
        if left and calls == left:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(count)
    pull(home, keyring, now=datetime.fromisoformat(now), book=book)
    sys.setprofile(None)
    return calls

for line in sys.stdin:
    root, senders, now, left = line.rstrip().split("|")
    child = os.fork()
    if not child:
        print("calls", once(root, senders, now, int(left)), flush=True)
        os._exit(0)
    print("ended", os.waitpid(child, 0)[1], flush=True)
"""


@pytest.fixture
def killer():
    """Pull in a child that sends itself SIGKILL at its ``at``-th call out of our code (0: never)."""
    command = [sys.executable, "-c", KILLER]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, cwd=Path(__file__).parents[2]) as process:

        def once(home, senders: Path, at: int) -> int | None:
            process.stdin.write(f"{home.root}|{senders}|{NOW.isoformat()}|{at}\n")
            process.stdin.flush()
            told = process.stdout.readline().split()
            assert told[0] in ("ended", "calls"), told
            if told[0] == "ended":
                assert int(told[1]) == signal.SIGKILL
                return None
            assert process.stdout.readline() == "ended 0\n"
            return int(told[1])

        yield once
        process.stdin.close()


def test_killed_on_the_way_and_pulled_again_the_same_tables(killer, interface, undisturbed, tmp_path):
    files, senders = share(tmp_path / "files", undisturbed[0].home), tmp_path / "both"
    for file in range(6):
        files.put(f"pairings/{file}.csv", ledger_of(file))
    folder = (tmp_path / "files" / "senders" / "county" / "system.toml").read_text("utf-8")
    book = book_of(senders, {"county": folder, "office": HTTP.format(url=interface)})
    calls = killer(files.home, senders, 0)
    expected, draw = said(files.home), random.Random(20240413)
    assert len(expected[0]) == 6 + PAGES
    for number in range(4):
        home = new_home(tmp_path / str(number), files.home)
        at = draw.randrange(1, calls)
        assert killer(home, senders, at) is None, f"not killed at {at} of {calls}"
        first, second = pull(home, Keyring.open(home), now=NOW, book=book)
        assert (first.state, second.state) == ("ok", "ok")
        assert same(said(home), expected), f"killed at {at} of {calls}"
        pull(home, Keyring.open(home), now=NOW + timedelta(days=1), book=book)
        assert same(said(home), expected), "twice"
