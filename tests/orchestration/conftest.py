"""One small night for all tests here: two senders, one month, a file that nobody can read, a row taken back unknown."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from refreshing import Refreshing, built_once
from small_home import Ran, delivered, pairings_of_one, run_cli, run_here, settle

from ingest.home import Home


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[Ran]]:
    """A home over which two nights were started at once, and how each ended: 0 (nothing new) before 3 (one refused)."""
    home = delivered(tmp_path_factory.mktemp("night") / "home")
    ledger = next(pairings_of_one(home).iterdir())
    (ledger.parent / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook at all")
    head, *records = ledger.read_text("gb18030").splitlines()
    repeated, spoilt = records[0], records[1].replace("999001", "999001X", 1)
    ledger.with_name("spoilt.csv").write_text("\n".join([head, *records, repeated, spoilt]) + "\n", "gb18030")
    taken_back = ledger.parent.with_name("care_activities") / "withdrawal"
    taken_back.mkdir()
    (taken_back / "never_told.csv").write_text("活动编号\nHD-never-told\n", "gb18030")
    settle(home)
    with ThreadPoolExecutor(2) as two:
        ran = list(two.map(lambda _: run_cli(home.root, "nightly"), range(2)))
    return home, sorted(ran, key=lambda one: one.returncode)


@pytest.fixture(scope="session")
def night(nights: tuple[Home, list[Ran]]) -> tuple[Home, Ran]:
    """The home and the one of both nights that had something to do."""
    return nights[0], nights[1][1]


@pytest.fixture(autouse=True)
def _own_dagster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test opens the Dagster home of its own ``Home``: the first one opened would otherwise stay set."""
    monkeypatch.setenv("DAGSTER_HOME", "")


@pytest.fixture
def cli(night: tuple[Home, Ran]) -> Callable[..., Ran]:
    """``jinguo`` in the home of the shared night."""
    return lambda *words: run_here(night[0].root, *words)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Refreshing, Path]]:
    """A home of which dbt built one release, out of all deliveries but the second one of children; and a copy of it."""
    with built_once(tmp_path_factory.mktemp("refresh")) as made:
        yield made


@pytest.fixture
def home(made: tuple[Refreshing, Path]) -> Iterator[Refreshing]:
    """That home, as dbt left it."""
    yield made[0]
    made[0].restore(made[1])
