"""A home that pulled the sample's systems holds what one holds to which the same files were carried by hand."""

import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from night_homes import World, new_home

from ingest.home import Home
from ingest.keys import Keyring
from ingest.ledger import Ledger
from ingest.night import clean_pending
from ingest.pull import pull
from ingest.pulled import Pulled
from ingest.receipts import read_receipts
from orchestration.commands.demo import deliver, pulled_senders
from samples import WorldSummary

PULLED = pulled_senders()


@pytest.fixture(scope="module")
def pulled(
    world: World, sample_world: tuple[Path, WorldSummary], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, list[Pulled]]:
    """A home of the same keys, to which the sample's systems gave what they serve, and its history the rest.

    The world's own copy of the sample has files of other tests by now.
    """
    home = new_home(tmp_path_factory.mktemp("pulled") / "home", world.home)
    return home, deliver(home, Keyring.open(home), sample_world[0])


def current(home: Home) -> pl.DataFrame:
    with Ledger(home) as ledger:
        # a batch is named after all that was cleaned with it, and here the pulled senders alone are cleaned
        return ledger.current().filter(pl.col("sender").is_in(PULLED)).drop("batch_id")


def test_every_system_gave_something(pulled: tuple[Home, list[Pulled]]) -> None:
    _, told = pulled
    assert {one.sender: one.state for one in told} == dict.fromkeys(PULLED, "ok")
    assert min(one.new for one in told) > 0
    assert {one.kind for one in told} == {"folder", "sftp", "http", "sql"}


def test_the_deliveries_and_their_arrivals_are_the_same(world: World, pulled: tuple[Home, list[Pulled]]) -> None:
    with Ledger(world.home) as ledger, Ledger(pulled[0]) as other:
        by_hand, by_pull = ledger.deliveries(), other.deliveries()
    assert len(by_hand) > 600
    assert by_pull == by_hand
    ours = {one.sha256 for one in by_hand if one.sender in PULLED}
    assert all((pulled[0].objects / sha[:2] / sha).exists() for sha in ours)


def test_most_of_what_the_pulled_senders_sent_was_pulled(world: World, pulled: tuple[Home, list[Pulled]]) -> None:
    """Control: the rest, which the demo lands from the history, is not the whole."""
    _, told = pulled
    every = {one.delivery_id for one in read_receipts(world.home) if one.sender in PULLED}
    assert sum(one.new for one in told) > len(every) * 0.8


def test_they_say_the_same(world: World, pulled: tuple[Home, list[Pulled]]) -> None:
    home, _ = pulled
    clean_pending(home, Keyring.open(home), only=lambda one: one.sender in PULLED)
    assert current(home).height > 100
    assert current(home).equals(current(world.home))


def test_what_the_history_does_not_know_is_received_when_it_is_pulled(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the comparison of arrivals is not blind; without the history they are those of the pull."""
    home, now = new_home(tmp_path / "home", world.home), datetime(2024, 8, 1, tzinfo=UTC)
    monkeypatch.setenv("JINGUO_JUXIAN_URL", os.fspath(world.sample / "juxian"))
    (told,) = pull(home, Keyring.open(home), now=now, only=["juxian"])
    assert told.state == "ok", told.reason_code
    with Ledger(home) as ledger, Ledger(world.home) as landed:
        mine, theirs = ledger.deliveries(), [one for one in landed.deliveries() if one.sender == "juxian"]
    assert {one.delivery_id for one in mine} == {one.delivery_id for one in theirs}
    assert {one.received_at for one in mine} == {now} != {one.received_at for one in theirs}
