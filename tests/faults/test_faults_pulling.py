"""Every system misbehaves in a way of its own, in one night: each is named with its reason, the others' data are out,
and the next night heals it all."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from counted import counted
from forked import Ran, Runs
from runs import Town, copied
from town import planted
from town_systems import ALL, WELL, declare, mounted, systems, take_away, unmounted, write_served
from verify import Said, said, verify

from ingest.connectors.failures import FAILURES

INBOX = ("east", "north", "west")


@dataclass(frozen=True)
class Two:
    """A home after the night of all faults and then after the next one, with what each said; ``well`` is what an
    undisturbed home says; ``delivered`` all that was in the inbox or served."""

    home: Path
    failed: Ran
    then: list[str]
    before: list[str]
    healed: Ran
    well: Said
    delivered: list[Path]


@pytest.fixture(scope="module")
def two(runs: Runs, town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("pulling")
    served, share = folder / "served", folder / "share"
    declare(runs.tree)
    write_served(served)
    if not mounted(served / "t-share", share):
        pytest.skip("no share could be mounted (not root?): failing systems were NOT tried")
    undisturbed, home = copied(town.saved, folder / "undisturbed"), copied(town.saved, folder / "home")
    delivered = [home / "inbox", served]
    try:
        with systems(served, share, faulty=False) as system:
            ran = runs.run(undisturbed, environment=system.environment)
            assert ran.status == 0, ran.said
        well = said(undisturbed)
        with systems(served, share, faulty=True) as system:
            running = runs.begin(home, environment=system.environment)
            taking = take_away(running.pid, share)
            failed = running.end()
            taking.join()
        amid = verify(
            home, delivered=delivered, expected=well, planted=planted(), spared=(*INBOX, *WELL), is_whole=False
        )
        before = _landed(home)
        assert mounted(served / "t-share", share)
        with systems(served, share, faulty=False) as system:
            healed = runs.run(home, environment=system.environment)
        yield Two(home, failed, amid, before, healed, well, delivered)
    finally:
        unmounted(share)
        for sender in ALL:
            (runs.tree / "ingest/senders" / sender / "system.toml").unlink()


def _landed(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
        return [sha for (sha,) in ledger.execute("select sha256 from deliveries")]


def test_the_night_ends_with_what_the_others_sent(two: Two) -> None:
    assert two.failed.status == 3 and "Traceback" not in two.failed.said, two.failed.said
    assert two.then == []


@pytest.mark.parametrize("sender", [sender for sender, (fault, _) in ALL.items() if fault])
def test_the_fault_is_named(sender: str, two: Two) -> None:
    lines = [line for line in two.failed.said.splitlines() if line.split()[:1] == [sender]]
    failure = FAILURES[ALL[sender][1]]
    assert any("失败" in line and failure.zh in line for line in lines), lines


def test_a_system_that_is_well_is_not_blamed(two: Two) -> None:
    for sender in WELL:
        assert [line for line in two.failed.said.splitlines() if line.split()[:2] == [sender, "sftp"]]
        assert not [line for line in two.failed.said.splitlines() if sender in line and "失败" in line]


def test_nothing_that_was_cut_is_landed(two: Two) -> None:
    whole = counted(two.delivered)
    assert len(two.before) > len(INBOX) + len(WELL)
    assert [sha for sha in two.before if sha not in whole] == []


def test_the_next_night_heals_it(two: Two) -> None:
    sys.stdout.write(two.failed.said)
    assert two.healed.status == 0, two.healed.said
    assert verify(two.home, delivered=two.delivered, expected=two.well, planted=planted()) == []
    assert len(_landed(two.home)) == len(counted(two.delivered)) > len(two.before)
