"""docs/add-a-sender.md, done as written in a copy of the project, works; and without its TOML the file is refused."""

import re
from datetime import UTC, datetime
from pathlib import Path

import documents
import polars as pl
import walk

from ingest.arrivals import land_inbox
from ingest.contracts import CONTRACTS
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from ingest.night import clean_pending
from ingest.origin import refusal

DOCUMENT = documents.ROOT / "docs" / "add-a-sender.md"
TEXT = documents.read(DOCUMENT)
[EXPORT] = documents.blocks(TEXT, "csv")
[SPEC] = documents.blocks(TEXT, "toml")
DROPPED = documents.named(r"`(var/inbox/[^`]+\.csv)`", TEXT)
SENDER, DATASET = Path(DROPPED).parts[2:4]
NO_HEADER = 2  # the title and the header


def test_every_dataset_is_named() -> None:
    [named] = re.findall(r"^- `<dataset>`: one of (.+?)\.$", TEXT, re.M | re.S)
    assert re.findall(r"`(\w+)`", named) == list(CONTRACTS)


def test_rows_come_out(followed: tuple[Path, dict[str, str]]) -> None:
    root, _ = followed
    clean = pl.read_parquet(root / "var" / "clean" / DATASET / "*.parquet").sort("row_no")
    assert clean["row_no"].to_list() == [3, 4, 6]
    assert clean["volunteer_level"].to_list() == ["village", "village", "township"]
    assert clean["has_pledge"].to_list() == [True, True, False]
    assert clean["child_id_token"].n_unique() == 3
    assert clean["volunteer_id_token"].n_unique() == 2


def test_nothing_vanishes(followed: tuple[Path, dict[str, str]]) -> None:
    root, told = followed
    with Ledger(Home(root / "var")) as ledger:
        [one] = ledger.current().filter(pl.col("dataset") == DATASET).iter_rows(named=True)
    parts = ("clean_records", "rejected_records", "duplicate_records", "non_data_records")
    assert one["records_in"] == len(EXPORT.splitlines()) == sum(one[name] for name in parts)
    assert [one[name] for name in parts] == [3, 1, 0, NO_HEADER + 1]
    assert "3 of 3 deliveries hold" in told["audit"]


def test_the_night_prints_what_the_document_shows(followed: tuple[Path, dict[str, str]]) -> None:
    def row(text: str) -> list[int]:
        return walk.numbers(next(line for line in text.splitlines() if line.split()[:2] == [SENDER, "结对台账"]))

    assert row(followed[1]["nightly"]) == row(TEXT) == [1, 7, 3, 1, 0, 3, 0]


def test_the_rejected_cell_is_named_and_masked_as_shown(followed: tuple[Path, dict[str, str]]) -> None:
    [shown] = [line.strip() for line in TEXT.splitlines() if line.strip().startswith("│      5")]
    [printed] = [line for line in followed[1]["rejects"].splitlines() if line.startswith("│      5")]
    assert printed.replace(" ", "") == shown.replace(" ", "")
    assert "去年春天" not in followed[1]["rejects"]


def test_explain_asks_about_every_header_that_the_toml_states(followed: tuple[Path, dict[str, str]]) -> None:
    stated = re.findall(r'^\w+ += "([^"]+)"', SPEC.partition("[codes")[0], re.M)
    table = followed[1]["explain"].partition("草稿")[0]
    unmatched = [line.split()[1] for line in table.splitlines() if line.split()[2:3] == ["—"]]
    assert len(stated) == 5
    assert set(stated) <= set(unmatched)


def test_explain_prints_the_lines_that_the_document_shows(followed: tuple[Path, dict[str, str]]) -> None:
    printed = {line.replace(" ", "") for line in followed[1]["explain"].splitlines()}
    [shown] = re.findall(r"(?:^    .*\n)+", TEXT.partition("## 3.")[0], re.M)
    lines = {line.replace(" ", "") for line in shown.splitlines()}
    assert len(lines) == 9
    assert lines - printed == set()


def test_negative_control_without_the_toml_the_delivery_is_refused_and_the_column_named(tmp_path: Path) -> None:
    walk.save(tmp_path, DROPPED, EXPORT, "gb18030")
    home = Home(tmp_path / "var")
    home.prepare()
    create_keys(home, demo=True)
    keyring = Keyring.open(home)
    assert land_inbox(home, keyring, now=datetime.now(UTC)).new == 1
    [attempt] = clean_pending(home, keyring)
    assert (attempt.state, attempt.reason_code, attempt.detail_code) == ("refused", "column_missing", "paired_on")
    assert attempt.rejected_records == attempt.records_in == len(EXPORT.splitlines())
    assert pl.read_parquet(home.clean / DATASET / "*.parquet").is_empty()
    with Ledger(home) as ledger:
        [delivery] = ledger.deliveries()
    words = refusal(home, keyring, delivery)
    assert "结对时间" in words
    assert "牵手日子" in words, "the headers that were found are named"
