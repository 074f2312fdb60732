"""A landing that is really killed: run again, the ledger is what it would have been, and no arrival is forgotten."""

import random
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from made_inboxes import NOW, deliveries, drop, zipped

from ingest.arrivals import land_inbox
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.receipts import read_receipts


def left_in_ledger(home: Home) -> set[str]:
    """The delivery_ids as the killed process left them, read without the ledger's own recovery."""
    if not home.ledger.exists():
        return set()
    held = sqlite3.connect(home.ledger)
    try:
        return {row[0] for row in held.execute("select delivery_id from deliveries")}
    except sqlite3.OperationalError:  # killed before the tables were made
        return set()
    finally:
        held.close()


KILLER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from ingest import arrivals, lander
from ingest.home import Home
from ingest.keys import Keyring

lander.BATCH_FILES = 4

def land(root, now, left):
    home, calls = Home(Path(root)), 0
    keyring = Keyring.open(home)
    def count(frame, event, what):
        nonlocal calls
        calls += event == "c_call"
        if calls == left:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(count)
    arrivals.land_inbox(home, keyring, now=datetime.fromisoformat(now))
    sys.setprofile(None)
    return calls

for line in sys.stdin:
    root, now, left = line.rstrip().split("|")
    child = os.fork()
    if not child:
        print("calls", land(root, now, int(left)), flush=True)
        os._exit(0)
    print("ended", os.waitpid(child, 0)[1], flush=True)
"""


@pytest.fixture
def killer():
    """Land in a child that really sends itself SIGKILL at its ``at``-th call of a C function (0: never).

    Returns a function that gives the number of calls, or None when the child was killed.
    """
    command = [sys.executable, "-c", KILLER]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, cwd=Path(__file__).parents[2]) as process:

        def land(home: Home, at: int) -> int | None:
            process.stdin.write(f"{home.root}|{NOW.isoformat()}|{at}\n")
            process.stdin.flush()
            said = process.stdout.readline().split()
            if said[0] == "ended":
                assert int(said[1]) == signal.SIGKILL
                return None
            assert process.stdout.readline() == "ended 0\n"
            return int(said[1])

        yield land
        process.stdin.close()


def fill(home: Home) -> None:
    home.prepare()
    for number in range(9):
        drop(home, f"county{number % 2}/pairings/{number}.csv", b"%d" % number)
    drop(home, "county1/points/all.zip", zipped(one__csv=b"1\n", two__csv=b"2\n"))
    drop(home, "county1/nothing/x.csv", b"x")


@pytest.fixture
def undisturbed(tmp_path, killer):
    """The deliveries of a landing that nobody kills, and how many calls it takes."""
    home = Home(tmp_path / "whole")
    fill(home)
    create_keys(home, demo=False)
    return killer(home, 0), deliveries(home)


def test_killed_anywhere_and_run_again_the_ledger_is_what_it_would_have_been(tmp_path, killer, undisturbed):
    calls, expected = undisturbed
    assert len(expected) == 12
    draw = random.Random(20240413)
    for number in range(20):
        home, at = Home(tmp_path / str(number)), draw.randrange(1, calls)
        fill(home)
        create_keys(home, demo=False)
        assert killer(home, at) is None, f"not killed at {at} of {calls}"
        landing = Landing(home, Keyring.open(home))
        receipts = list(read_receipts(home))
        proven = {one.delivery_id for one in receipts}
        assert all(landing.get(one.sha256) for one in receipts), f"a receipt without its object, killed at {at}"
        assert left_in_ledger(home) <= proven, f"in the ledger without a receipt, killed at {at}"
        land_inbox(home, Keyring.open(home), now=NOW + timedelta(days=number % 2))
        found = deliveries(home)
        assert {one.delivery_id for one in found} == {one.delivery_id for one in expected}, f"killed at {at}"
        assert number % 2 or found == expected, f"killed at {at}"
        assert {one.received_at for one in found if one.delivery_id in proven} <= {NOW}, f"forgot an arrival at {at}"
        with Ledger(home) as ledger:
            ledger.rebuild_from_receipts()
            assert ledger.deliveries() == found, f"killed at {at}"
        assert all(landing.get(one.sha256) for one in found)
        assert not any(home.staging.iterdir())
