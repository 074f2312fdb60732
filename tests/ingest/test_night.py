"""A night over an inbox: one bad file harms only itself, and nothing happens twice."""

import home_of_ledgers as build
import pytest
from home_of_ledgers import HEADER, csv, pairing

from ingest import night as module
from ingest.ledger import Ledger
from ingest.parsers import identities
from ingest.tables import read_current


@pytest.fixture
def place(tmp_path):
    return build.place(tmp_path)


def layers(place):
    folders = (place.home.clean, place.home.rejects, place.home.findings, place.home.deliveries)
    return {path: path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.parquet"))}


def test_a_second_night_finds_nothing_new_and_changes_no_byte(place):
    place.drop(csv(HEADER, pairing(1), pairing(2, day="昨天")))
    assert len(place.night()) == 1
    before = layers(place)
    assert place.night() == []
    assert layers(place) == before


def test_a_frame_without_rows_that_is_damaged_is_made_again(place):
    """It is not written where it stands already: whether it does is told by its bytes, not by its name."""
    place.night()
    before, path = layers(place), place.home.clean / "pairings" / "_empty.parquet"
    path.write_bytes(b"PAR1")
    place.night()
    assert layers(place) == before


def test_the_same_bytes_again_are_the_same_delivery(place):
    place.drop(csv(HEADER, pairing(1)), name="a.csv")
    place.drop(csv(HEADER, pairing(1)), name="a（最终版）.csv")
    assert len(place.night()) == 1


def test_a_file_whose_cleaning_fails_harms_only_itself(place, monkeypatch):
    """The group's one call fails, and then only the file that holds the value; the next test is its control."""
    for number in range(4):
        place.drop(csv(HEADER, pairing(number, child="坏值" if number == 2 else "甲")), name=f"{number}.csv")
    real = identities.name_column

    def failing(raw):
        if (raw == "坏值").any():
            raise RuntimeError("a fault of ours")
        return real(raw)

    monkeypatch.setattr(identities, "name_column", failing)
    attempts = place.night()
    assert sorted((one.state, one.reason_code or "") for one in attempts) == [
        ("clean", ""), ("clean", ""), ("clean", ""), ("refused", "cleaning_failed"),
    ]  # fmt: skip
    assert place.rows("clean").height == 3


def test_without_the_fault_all_come_through(place):
    for number in range(4):
        place.drop(csv(HEADER, pairing(number, child="坏值" if number == 2 else "甲")), name=f"{number}.csv")
    assert [one.state for one in place.night()] == ["clean"] * 4


def test_a_broken_balance_refuses_that_delivery(place, monkeypatch):
    """The guard bites: an engine that loses a row is caught by the framer's count."""
    place.drop(csv(("台账", *[""] * (len(HEADER) - 1)), HEADER, pairing(1), pairing(2)))
    real = module.prepare

    def losing(*given):
        prepared = real(*given)
        rows = prepared.sheets[0]
        return module.Prepared(
            **vars(prepared) | {"sheets": (type(rows)(**vars(rows) | {"frame": rows.frame.head(1)}),)}
        )

    monkeypatch.setattr(module, "prepare", losing)
    (attempt,) = place.night()
    assert (attempt.state, attempt.reason_code) == ("refused", "balance_broken")


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(place, monkeypatch):
    place.drop(csv(HEADER, pairing(1)), name="a.csv")
    place.drop(csv(HEADER, pairing(2)), name="b.csv")
    real = module.prepare
    seen = []

    def failing(delivery, *given):
        seen.append(delivery)
        if len(seen) == 1:
            raise RuntimeError("a fault of ours")
        return real(delivery, *given)

    monkeypatch.setattr(module, "prepare", failing)
    assert sorted(one.state for one in place.night()) == ["clean", "refused"]


def test_what_a_night_wrote_of_the_deliveries_is_what_the_ledger_says(place):
    place.drop(csv(HEADER, pairing(1), pairing(2, day="昨天")))
    place.drop("", name="b.csv")
    place.night()
    with Ledger(place.home) as ledger:
        assert read_current(place.home).equals(ledger.current())
        assert read_current(place.home).schema == ledger.current().schema
    place.drop(csv(HEADER, pairing(3)), name="c.csv")
    place.night()
    assert read_current(place.home).height == 3
