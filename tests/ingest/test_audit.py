"""The audit re-proves the balance from landed bytes, and notices every row or count that is not true."""

import sqlite3

import home_of_ledgers as build
import polars as pl
import pytest
from home_of_ledgers import HEADER, csv, pairing, xlsx

from ingest.audit import reprove


@pytest.fixture
def place(tmp_path):
    place = build.place(tmp_path)
    place.drop(csv(HEADER, pairing(1), pairing(1), pairing(2), pairing(3, day="", name=""), ("合计", *[""] * 5)))
    place.drop(xlsx(HEADER, pairing(4), pairing(5)), name="b.xlsx", sender="xb")
    quoted = csv(HEADER, pairing(6, child='"甲;\n乙"')).replace(",", ";")
    place.drop(quoted, name="c.csv", sender="xc")
    place.night()
    return place


def holds(place):
    return [proof.holds for proof in reprove(place.home, place.keyring)]


def batch(place, layer):
    return max((place.home.root / layer / "pairings").glob("*.parquet"), key=lambda path: pl.read_parquet(path).height)


def test_it_holds_and_tells_progress(place):
    told = []
    proofs = reprove(place.home, place.keyring, lambda done, total: told.append((done, total)))
    assert [proof.holds for proof in proofs] == [True] * 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert sum(proof.framed for proof in proofs) == 11


@pytest.mark.parametrize("layer", ["clean", "rejects"])
def test_a_row_that_is_gone_is_noticed(place, layer):
    path = batch(place, layer)
    frame = pl.read_parquet(path)
    frame.filter(pl.col("row_no") != frame["row_no"][0]).write_parquet(path)
    assert False in holds(place)


def test_a_row_that_stands_twice_is_noticed(place):
    path = batch(place, "clean")
    frame = pl.read_parquet(path)
    pl.concat([frame, frame.head(1)]).write_parquet(path)
    assert False in holds(place)


@pytest.mark.parametrize(
    "column", ["records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records"]
)
def test_a_count_that_was_changed_is_noticed(place, column):
    db = sqlite3.connect(place.home.ledger)
    with db:
        # both sides of the balance, so that the ledger itself does not object
        other = "non_data_records" if column in ("records_in", "clean_records", "rejected_records") else "records_in"
        sign = "+" if column == "records_in" or other == "records_in" else "-"
        db.execute(
            f"update attempts set {column} = {column} + 1, {other} = {other} {sign} 1 where duplicate_records = 1"
        )
    db.close()
    assert False in holds(place)
