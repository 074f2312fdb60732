"""The whole sample world: what became of every delivery is what its writer knew, and the published figures hold."""

from collections import Counter

import polars as pl
import pytest
from night_homes import World

from ingest.ledger import Ledger
from ingest.receipts import read_receipts
from warehouse import reader


@pytest.fixture(scope="module")
def told(world: World) -> dict[str, tuple[str, dict]]:
    """Delivery -> (path in the sample, its truth)."""
    truth, found = world.side("truth.json"), {}
    for one in read_receipts(world.home):
        folder = f"{one.kind}/" if one.kind in ("correction", "withdrawal") else ""
        path = f"{one.sender}/{one.dataset}/{folder}{one.file_name}"
        found[one.delivery_id] = (path, truth[path]["members"][one.member] if one.member else truth[path])
    return found


def test_the_night_ended_with_refused_deliveries(world):
    assert world.status == 3, world.said.read_text("utf-8")


def test_every_delivery_is_what_its_writer_knew(world, told):
    with Ledger(world.home) as ledger:
        current = {row["delivery_id"]: row for row in ledger.current().iter_rows(named=True)}
    assert current.keys() == told.keys() and len(told) > 600
    # A line is a cell; a record with two bad cells is one record, and a row of a matrix is one record an item.
    place = ["delivery_id", "sheet_no", "row_no", "code"]
    lines = pl.read_parquet(world.home.rejects / "*" / "*.parquet").group_by(*place, "column_name").len()
    records_of = lines.group_by(place).agg(pl.col("len").max()).group_by("delivery_id", "code").agg(pl.col("len").sum())
    reasons: dict[str, Counter[str]] = {}
    for delivery_id, code, refused in records_of.iter_rows():
        reasons.setdefault(delivery_id, Counter())[code] += refused
    for delivery_id, (path, truth) in told.items():
        found, rejected = current[delivery_id], dict(truth["rejected"])
        records = rejected.pop("records")
        assert (found["state"], found["reason_code"]) == (truth["state"], truth["reason_code"]), path
        assert reasons.get(delivery_id, {}) == (rejected if truth["state"] == "clean" else {}), path
        if truth["state"] == "clean":
            want = [truth["records_in"], truth["clean"], records, truth["duplicate"], truth["non_data"]]
            counts = ("records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records")
            assert [found[name] for name in counts] == want, path


def test_bundles_are_the_sum_of_their_members(world, told):
    bundles = {path: one for path, one in world.side("truth.json").items() if one["members"]}
    for path, truth in bundles.items():
        members = [one for place, one in told.values() if place == path]
        assert len(members) == len(truth["members"]), path
        assert sum(one["records_in"] for one in members) == truth["records_in"], path
        assert sum(one["clean"] for one in members) == truth["clean"], path
    assert bundles


def test_every_published_claim_holds(world):
    rows = reader.query(world.home.current, "select claim_id, actual, holds from marts.published_claims").rows
    assert len(rows) == 65
    assert [row for row in rows if row[2] is not True] == []
