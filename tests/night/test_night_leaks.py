"""No planted person stands anywhere outside landing: after a night, and after nights that failed quoting one."""

import shutil
import sys
from pathlib import Path

import polars as pl
import pytest
from leakscan import Scanner
from night_faults import break_model
from night_homes import ROOT, Quick, World

FIXED = ("dbt_project", "ingest", "orchestration", "warehouse")
PERSONAL = ("landing", "inbox", "keys")


@pytest.fixture(scope="module")
def scanner(world: World) -> Scanner:
    """A scanner for every planted person whose words stand nowhere in the program itself."""
    planted = [word for words in world.side("planted.json").values() for word in words if len(word) >= 3]
    everyone, fixed = Scanner(planted), set()
    for folder in FIXED:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".sql", ".yml", ".csv", ".toml"}:
                fixed |= {number for number, _ in everyone.search(path.read_bytes())}
    distinctive = [word for number, word in enumerate(planted) if number not in fixed]
    sys.stdout.write(f"{len(distinctive)} of {len(planted)} planted identities are scanned for\n")
    assert len(distinctive) > 10_000
    return Scanner(distinctive)


def _leaks(scanner: Scanner, root: Path) -> list[str]:
    """The places that hold a person; the person is not named, so that a failed test leaks nothing either."""
    found = scanner.scan(root, [root / folder for folder in PERSONAL])
    return sorted({f"{leak.place}: {leak.spelling}" for leak in found})


def test_a_night_of_the_whole_world_leaks_nothing(world: World, scanner: Scanner) -> None:
    assert world.home.current.exists()
    assert _leaks(scanner, world.home.root) == []
    assert scanner.search(world.said.read_bytes()) == set()


def test_the_exports_and_the_receipts_do_hold_them(world: World, scanner: Scanner) -> None:
    assert scanner.scan(world.home.receipts), "file names that carry a name are kept in landing"
    newest = {folder: max(folder.iterdir()) for folder in world.sample.glob("*/children")}
    exports = {
        leak.identity
        for folder, file in newest.items()
        for leak in scanner.scan(folder, set(folder.iterdir()) - {file})
    }
    assert len(exports) > 1_639, "every registered child's number, at least"


CHANNELS = (
    "clean/children/_empty.parquet", "rejects/pairings/_empty.parquet", "findings/points/_empty.parquet",
    "deliveries/deliveries.parquet", "ledger.sqlite", "logs/operator.log", "dagster/history/runs.db",
    "dbt/target/run_results.json", "dbt/target/partial_parse.msgpack", "current/manifest.json",
)  # fmt: skip


@pytest.mark.parametrize("channel", CHANNELS)
def test_one_person_in_any_channel_is_found(channel: str, world: World, scanner: Scanner, tmp_path: Path) -> None:
    copy = tmp_path / channel.replace("current/", "releases/r/")
    copy.parent.mkdir(parents=True, exist_ok=True)
    if (world.home.root / channel).exists():
        shutil.copyfile(world.home.root / channel, copy)
    for number in (0, len(scanner.identities) // 2, len(scanner.identities) - 1):
        before = copy.read_bytes() if copy.exists() else b""
        if channel.endswith(".parquet"):
            pl.DataFrame({"place_name": [scanner.identities[number]]}).write_parquet(copy, compression="zstd")
        else:
            copy.write_bytes(before + scanner.identities[number].encode())
        assert {leak.identity for leak in scanner.scan(tmp_path)} == {number}
        copy.write_bytes(before)


@pytest.mark.parametrize("fault", ["cleaner", "printing"])
def test_a_failed_step_that_quotes_a_person_leaks_nothing(fault: str, quick: Quick, scanner: Scanner) -> None:
    quick.restore()
    status, _ = quick.process.run(quick.second, fault)
    assert status == (3 if fault == "cleaner" else 1)
    assert _leaks(scanner, quick.home.root) == []
    assert scanner.search(quick.said.read_bytes()) == set()


def test_a_broken_model_that_quotes_a_person_leaks_nothing(quick: Quick, scanner: Scanner) -> None:
    model = quick.tree / "dbt_project" / "models" / "core" / "deliveries_known.sql"
    written = model.read_text("utf-8")
    quick.restore()
    try:
        break_model(model)
        assert quick.process.run(quick.second)[0] == 1
    finally:
        model.write_text(written, "utf-8")
    assert "deliveries_known" in quick.said.read_text("utf-8"), "the night failed for another reason"
    assert _leaks(scanner, quick.home.root) == []
    assert scanner.search(quick.said.read_bytes()) == set()
