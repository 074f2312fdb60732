"""docs/add-a-sender.md, done as written in a copy of the project, works; and without its TOML the file is refused."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import documents
import polars as pl
import pytest

from ingest.arrivals import land_inbox
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from ingest.night import clean_pending
from ingest.origin import refusal

DOCUMENT = documents.ROOT / "docs" / "add-a-sender.md"
TEXT = documents.read(DOCUMENT)
PROJECT = ("ingest", "dbt_project", "warehouse", "orchestration")
[EXPORT] = documents.blocks(TEXT, "csv")
[SPEC] = documents.blocks(TEXT, "toml")
EXPLAIN, NIGHTLY, REJECTS, AUDIT = documents.blocks(TEXT, "sh")[1:]
DROPPED = Path(documents.named(r"`(var/inbox/[^`]+\.csv)`", TEXT))
SENDER, DATASET = DROPPED.parts[2:4]
NO_HEADER = 2  # the title and the header
TOOLS = {"python": f'exec {sys.executable} "$@"', "jinguo": f'exec {sys.executable} -m orchestration.cli "$@"'}


def drop(root: Path) -> None:
    """Save the document's export where the document says, as long ago as a person needs to go on reading."""
    path = root / DROPPED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(EXPORT.encode("gb18030"))
    os.utime(path, (1_700_000_000, 1_700_000_000))


def shell(root: Path, block: str) -> str:
    """Run one block of the document in ``root``, as it stands."""
    environment = {n: v for n, v in os.environ.items() if n not in ("DAGSTER_HOME", "JINGUO_HOME", "PYTHONPATH")}
    ran = subprocess.run(
        ["sh", "-ec", block], cwd=root, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, f"{block}\nexit {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A copy of the project in which every step of the document was done in order, and what each printed."""
    root = tmp_path_factory.mktemp("project")
    for folder in PROJECT:
        leave = shutil.ignore_patterns("__pycache__", "target", "logs")
        shutil.copytree(documents.ROOT / folder, root / folder, ignore=leave)
    for name, command in TOOLS.items():
        tool = root / ".venv" / "bin" / name
        tool.parent.mkdir(parents=True, exist_ok=True)
        tool.write_text(f"#!/bin/sh\n{command}\n")
        tool.chmod(0o755)
    home = Home(root / "var")
    home.prepare()
    create_keys(home, demo=False)
    drop(root)
    told = {"explain": shell(root, EXPLAIN)}
    spec = root / documents.named(r"`(ingest/senders/[^`]+\.toml)`", TEXT)
    spec.parent.mkdir(exist_ok=True)
    spec.write_text(SPEC, encoding="utf-8")
    told |= {"nightly": shell(root, NIGHTLY), "rejects": shell(root, REJECTS), "audit": shell(root, AUDIT)}
    return root, told


def numbers(line: str) -> list[int]:
    return [int(word.replace(",", "")) for word in line.split() if re.fullmatch(r"[\d,]+", word)]


def test_rows_come_out(done: tuple[Path, dict[str, str]]) -> None:
    root, _ = done
    clean = pl.read_parquet(root / "var" / "clean" / DATASET / "*.parquet").sort("row_no")
    assert clean["row_no"].to_list() == [3, 4, 6]
    assert clean["volunteer_level"].to_list() == ["village", "village", "township"]
    assert clean["has_pledge"].to_list() == [True, True, False]
    assert clean["child_id_token"].n_unique() == 3
    assert clean["volunteer_id_token"].n_unique() == 2


def test_nothing_vanishes(done: tuple[Path, dict[str, str]]) -> None:
    root, told = done
    with Ledger(Home(root / "var")) as ledger:
        [one] = ledger.current().iter_rows(named=True)
    parts = ("clean_records", "rejected_records", "duplicate_records", "non_data_records")
    assert one["records_in"] == len(EXPORT.splitlines()) == sum(one[name] for name in parts)
    assert [one[name] for name in parts] == [3, 1, 0, NO_HEADER + 1]
    assert "1 of 1 deliveries hold" in told["audit"]


def test_the_night_prints_what_the_document_shows(done: tuple[Path, dict[str, str]]) -> None:
    def row(text: str) -> list[int]:
        return numbers(next(line for line in text.splitlines() if line.split()[:1] == [SENDER]))

    assert row(done[1]["nightly"]) == row(TEXT) == [1, 7, 3, 1, 0, 3, 0]


def test_the_rejected_cell_is_named_and_masked_as_shown(done: tuple[Path, dict[str, str]]) -> None:
    [shown] = [line.strip() for line in TEXT.splitlines() if line.strip().startswith("│      5")]
    [printed] = [line for line in done[1]["rejects"].splitlines() if line.startswith("│      5")]
    assert printed.replace(" ", "") == shown.replace(" ", "")
    assert "去年春天" not in done[1]["rejects"]


def test_explain_asks_about_every_header_that_the_toml_states(done: tuple[Path, dict[str, str]]) -> None:
    stated = re.findall(r'^\w+ += "([^"]+)"', SPEC.partition("[codes")[0], re.M)
    table = done[1]["explain"].partition("草稿")[0]
    unmatched = [line.split()[1] for line in table.splitlines() if line.split()[2:3] == ["—"]]
    assert len(stated) == 5
    assert set(stated) <= set(unmatched)


def test_explain_prints_the_lines_that_the_document_shows(done: tuple[Path, dict[str, str]]) -> None:
    printed = {line.replace(" ", "") for line in done[1]["explain"].splitlines()}
    [shown] = re.findall(r"(?:^    .*\n)+", TEXT.partition("## 3.")[0], re.M)
    lines = {line.replace(" ", "") for line in shown.splitlines()}
    assert len(lines) == 9
    assert lines - printed == set()


def test_negative_control_without_the_toml_the_delivery_is_refused_and_the_column_named(tmp_path: Path) -> None:
    drop(tmp_path)
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
