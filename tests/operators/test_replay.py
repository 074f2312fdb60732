"""A replay shows what a changed spec does, changes nothing meanwhile, and publishes what it showed."""

import hashlib
import os
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from ingest.contracts import CONTRACTS
from ingest.contracts.columns import LINEAGE
from ingest.keys import Keyring
from ingest.ledger import Ledger
from ingest.replay import replay
from ingest.replay_rows import compared
from tests.operators.installation import Installation
from tests.orchestration.small_home import run_here
from warehouse import releases

SENDER, DATASET = "990001", "pairings"
CHOSEN = ("nightly", "--sender", SENDER, "--dataset", DATASET, "--replay")


@pytest.fixture(scope="module")
def changed(installation: Installation) -> Iterator[Installation]:
    """The installation with a spec that knows one word more and takes another one otherwise."""
    spec = installation.tree / "ingest" / "senders" / SENDER / f"{DATASET}.toml"
    spec.parent.mkdir()
    spec.write_text('[codes.volunteer_level]\nvillage = ["屯"]\ntownship = ["村"]\n', "utf-8")
    yield installation
    spec.unlink()


def content(installation: Installation) -> dict[str, str]:
    """Every file that says what is current, but for Dagster's, dbt's and the logs; by hash."""
    root = installation.home.root
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    kept = [path for path in files if path.relative_to(root).parts[0] not in ("dagster", "dbt", "logs", "night.lock")]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def used(installation: Installation) -> pl.DataFrame:
    """The pairings of the sender that are used, without lineage but for the row."""
    with Ledger(installation.home) as ledger:
        current = ledger.current().filter(pl.col("state") == "clean").select("delivery_id", "batch_id")
    rows = pl.concat(map(pl.read_parquet, (installation.home.clean / DATASET).glob("*.parquet")))
    rows = rows.join(current, on=["delivery_id", "batch_id"], how="semi")
    return rows.filter(pl.col("sender") == SENDER).drop("batch_id").sort("row_no")


def test_the_trial_shows_all_changes_nothing_and_shows_no_cell(changed: Installation) -> None:
    before = content(changed)
    ran = changed.run(*CHOSEN)
    assert ran.returncode == 0, ran.stderr
    for word in ("不在可选项之内", "层级 volunteer_level", "--yes", "Nothing was published"):
        assert word in ran.stdout
    for cell in ("屯", "童000", "990001-KJ", "1990000"):
        assert cell not in ran.stdout + ran.stderr
    after = content(changed)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= {
        "ledger.sqlite-shm",
        "ledger.sqlite-wal",
    }


def test_it_publishes_what_it_showed(changed: Installation) -> None:
    was, served = used(changed), releases.current(changed.home.current).release_hash
    shown = changed.answer(*CHOSEN, "--yes")
    assert (shown["replayed"], shown["differ"], shown["lost"]) == (1, 1, 0)
    assert [(one["column_name"], one["changed"]) for one in shown["columns"]] == [("volunteer_level", 34)]
    said = [(one["code"], one["column_name"], one["before"], one["after"]) for one in shown["reasons"]]
    assert said == [("unknown_code", "volunteer_level", 1, 0)]
    now = used(changed)
    both = now.join(was, on="row_no", how="left", suffix="_was")
    assert shown["published"] == releases.current(changed.home.current).run
    assert releases.current(changed.home.current).release_hash != served
    assert now.height - was.height == shown["gained"] == 1
    differing = both.filter(pl.col("volunteer_level") != pl.col("volunteer_level_was"))
    assert differing.height == shown["changed"] == was.height


def test_where_nothing_differs_nothing_is_published(installation: Installation) -> None:
    served = installation.home.current.resolve()
    ran = run_here(installation.home.root, "nightly", "--replay", "--sender", "990002", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert "Nothing differs" in ran.stdout
    assert installation.home.current.resolve() == served


@pytest.mark.parametrize(
    "words",
    [
        ("--replay",),
        ("--sender", SENDER),
        ("--replay", "--sender", "nobody"),
        ("--replay", "--sender", SENDER, "--dataset", "funds"),
        ("--yes",),
    ],
)
def test_nothing_chosen_is_a_wrong_use(installation: Installation, words: tuple[str, ...]) -> None:
    ran = run_here(installation.home.root, "nightly", *words)
    assert ran.returncode == 2
    assert "usage" in ran.stderr


def test_a_killed_trial_is_in_nobodys_way(installation: Installation) -> None:
    home, keyring = installation.home, Keyring.open(installation.home)
    child = os.fork()
    if child == 0:
        replay(home, keyring, lambda one: True, progress=lambda done, total: os._exit(9))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    [left] = home.build.iterdir()
    assert left.name.startswith("replay-")
    pruned = run_here(home.root, "prune")
    assert pruned.returncode == 0, pruned.stderr
    assert left.name in pruned.stdout
    assert list(home.build.iterdir()) == []
    assert any(home.objects.glob("*/*")), "the link to landing is removed, and nothing behind it"


def rows(*cells: tuple[int, str, str | None]) -> pl.DataFrame:
    """Clean rows of pairings: (row_no, child, level)."""
    schema = CONTRACTS[DATASET].frame_schema
    facts = [
        {"delivery_id": "a" * 16, "batch_id": "b" * 16, "sender": SENDER, "sheet_no": 0, "row_no": row_no}
        | {CONTRACTS[DATASET].key[0]: child, "volunteer_level": level}
        for row_no, child, level in cells
    ]
    assert set(facts[0] if facts else LINEAGE) <= set(schema)
    return pl.DataFrame(facts, schema=schema)


def count(before: pl.DataFrame, after: pl.DataFrame) -> tuple[dict[str, Any], dict[str, int]]:
    """What ``compared`` says of one delivery, and by column."""
    told, cells = compared(DATASET, before, after)
    by_column: dict[str, int] = dict(cells.select("column_name", "changed").iter_rows())
    return (told.to_dicts() or [{}])[0], by_column


def test_records_are_told_apart_by_their_place() -> None:
    told, cells = count(
        rows((2, "a", "village"), (3, "b", "village"), (4, "c", None)),
        rows((2, "a", "village"), (4, "c", "county"), (5, "d", "village")),
    )
    assert (told["gained"], told["lost"], told["changed"]) == (1, 1, 1)
    assert cells == {"volunteer_level": 1}
    same, none = count(rows((2, "a", None)), rows((2, "a", None)))
    assert (same["changed"], none) == (0, {})


def test_records_of_one_row_are_told_apart_by_their_keys() -> None:
    told, cells = count(rows((2, "a", "village"), (2, "b", "village")), rows((2, "b", "village"), (2, "a", "county")))
    assert (told["gained"], told["lost"], told["changed"]) == (0, 0, 1)
    assert cells == {"volunteer_level": 1}


def test_a_column_that_there_was_not_is_new() -> None:
    before = rows((2, "a", "village")).drop("volunteer_level")
    _, cells = count(before, rows((2, "a", "village")))
    assert cells == {"volunteer_level": 1}
