"""What is handed on: the newest attempt of every delivery, with the columns of the interface and a kept balance."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from made_receipts import add, attempt, receipt

from ingest.attempts import CURRENT_SCHEMA
from ingest.home import Home
from ingest.ledger import Ledger

COLUMNS = """
    delivery_id batch_id sender dataset kind as_of_on received_at sequence state reason_code detail_code
    records_in clean_records
    rejected_records duplicate_records non_data_records unreadable_keys proves_absence cells spec_version rules_version
    token_key_id byte_size file_kind encoding
"""


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    return home


@pytest.fixture
def ledger(home):
    with Ledger(home) as opened:
        yield opened


def test_current_has_exactly_the_columns_and_types_of_the_interface(ledger):
    assert list(CURRENT_SCHEMA) == COLUMNS.split()
    assert dict(ledger.current().schema) == CURRENT_SCHEMA
    add(ledger, receipt(1), receipt(2, reason_code="dataset_unknown"))
    ledger.record(
        [attempt(receipt(1), records_in=3, clean_records=1, rejected_records=1, non_data_records=1, encoding="gb18030")]
    )
    found = ledger.current()
    assert dict(found.schema) == CURRENT_SCHEMA
    tried, refused = (
        found.row(by_predicate=pl.col("delivery_id") == receipt(n).delivery_id, named=True) for n in (1, 2)
    )
    assert tried | {"records_in": 3, "encoding": "gb18030", "proves_absence": True, "byte_size": 5} == tried
    assert (refused["state"], refused["reason_code"], refused["records_in"]) == ("refused", "dataset_unknown", 0)
    assert (refused["batch_id"], refused["proves_absence"]) == (None, False)


def test_current_shows_the_newest_attempt_and_leaves_out_what_was_never_tried(ledger):
    add(ledger, receipt(1), receipt(2))
    ledger.record([attempt(receipt(1), batch_id="a" * 16), attempt(receipt(1), batch_id="c" * 16)])
    assert ledger.current()["batch_id"].to_list() == ["c" * 16]


@pytest.mark.parametrize(
    ("facts", "proves"),
    [({}, True), ({"unreadable_keys": 1}, False), ({"state": "held"}, False), ({"state": "refused"}, False)],
)
def test_only_a_clean_snapshot_with_readable_keys_proves_absence(ledger, facts, proves):
    add(ledger, receipt(1), receipt(2, dataset="points"))
    ledger.record([attempt(receipt(1), **facts), attempt(receipt(2, dataset="points"), **facts)])
    found = dict(ledger.current().select("kind", "proves_absence").rows())
    assert found == {"snapshot": proves, "increment": False}


def test_as_of_is_the_files_then_the_receipts_then_the_day_of_arrival_in_shanghai(ledger):
    late = datetime(2024, 4, 13, 16, 30, tzinfo=UTC)
    receipts = [
        receipt(1, received_at=late),
        receipt(2, as_of_on=date(2024, 3, 31)),
        receipt(3, as_of_on=date(2024, 3, 31)),
    ]
    add(ledger, *receipts)
    ledger.record([attempt(receipts[0]), attempt(receipts[1]), attempt(receipts[2], as_of_on=date(2024, 2, 29))])
    found = dict(ledger.current().select("delivery_id", "as_of_on").rows())
    assert [found[one.delivery_id] for one in receipts] == [date(2024, 4, 14), date(2024, 3, 31), date(2024, 2, 29)]


def test_a_clean_attempt_with_a_broken_balance_cannot_exist():
    sound = attempt(
        receipt(1), records_in=4, clean_records=1, rejected_records=1, duplicate_records=1, non_data_records=1
    )
    with pytest.raises(ValueError, match="4 records in, 3 out"):
        replace(sound, clean_records=0)
    assert replace(sound, clean_records=0, state="refused", reason_code="balance_broken").records_in == 4
