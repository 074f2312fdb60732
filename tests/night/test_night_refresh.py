"""On the whole sample world a refresh says what the SQL of a night says, built again from nothing without dbt."""

import itertools
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from night_homes import World
from replay import Said, differing, replay, said

from ingest.home import Home
from orchestration.dbt_build import target
from orchestration.refresh.kept import copy, kept_for
from orchestration.refresh.parts import narrowed
from orchestration.refresh.refresh import Made, opened, refresh, statements_of
from orchestration.refresh.replay import TABLES
from warehouse import candidate, releases
from warehouse.audit import audit
from warehouse.publish import publish

OUT = 8


@pytest.fixture
def home(world: World, tmp_path: Path) -> Iterator[Home]:
    """The world's own home, for what is kept names its paths; afterwards it is what it was."""
    home, aside = world.home, tmp_path / "aside"
    served = releases.current(home.current)
    for one in (home.warm, home.deliveries):
        shutil.copytree(one, aside / one.name)
    yield home
    releases.rollback(home.releases, home.current, served.run)
    for one in (home.warm, home.deliveries):
        shutil.rmtree(one)
        shutil.copytree(aside / one.name, one)
    for path in home.releases.iterdir():
        if path.name.startswith("refreshed"):
            shutil.rmtree(path)


def _refreshed(home: Home, counted: pl.DataFrame, run: str) -> tuple[Made, releases.Release]:
    """Let the deliveries ``counted`` count, refresh, and publish."""
    counted.write_parquet(home.deliveries / "deliveries.parquet")
    made = refresh(home, lambda: candidate.create(home.build, run), lambda _: None)
    made.closed()
    everything = {label for label in releases.current(home.current).tables if label.startswith("marts.")}
    audited = audit(home.build / run, target(home) / "manifest.json", home.current, everything, made.untouched)
    published = publish(home.build / run, home.releases, home.current, run, {})
    made.keep(home, published)
    made.end()
    assert published.release_hash == audited.release_hash
    return made, published


def test_a_refresh_says_what_a_build_from_nothing_says(home: Home, world: World, tmp_path: Path) -> None:
    before = releases.current(home.current)
    everything = pl.read_parquet(home.deliveries / "deliveries.parquet")
    seed = random.randrange(1000)
    sys.stdout.write(f"seed {seed}\n")
    datasets = random.Random(seed).sample(sorted(set(everything["dataset"])), OUT)
    clean = everything.filter(pl.col("state") == "clean")
    out = [clean.filter(pl.col("dataset") == one).sample(1, seed=seed)["delivery_id"][0] for one in datasets]
    _, less = _refreshed(home, everything.filter(~pl.col("delivery_id").is_in(out)), "refreshed-1")
    assert less.release_hash != before.release_hash
    again: Said = said(replay(world.manifest, home, home, tmp_path / "build"))
    assert differing(said(less.path), again) == []
    _refreshed(home, everything.filter(~pl.col("delivery_id").is_in(out[: OUT // 2])), "refreshed-2")
    _, whole = _refreshed(home, everything, "refreshed-3")
    assert whole.release_hash == before.release_hash


def test_what_stands_on_other_datasets_is_not_built_again(home: Home) -> None:
    everything = pl.read_parquet(home.deliveries / "deliveries.parquet")
    newest = everything.filter(pl.col("state") == "clean")["received_at"].max()
    funds = everything.filter((pl.col("dataset") == "funds") & (pl.col("received_at") < newest))["delivery_id"][0]
    made, _ = _refreshed(home, everything.filter(pl.col("delivery_id") != funds), "refreshed-1")
    assert "core.fct_funds" in made.rows
    assert len(made.rows) < 30, "more than a tenth of the models for one delivery of one ledger"
    assert {"core.fct_pairings", "core.fct_lectures", "marts.livestream_events"} <= made.untouched


def test_every_dataset_is_told_apart_in_what_is_read_of_all_deliveries(world: World) -> None:
    statements = statements_of(world.home)
    assert statements
    staged = {one.unique_id: one for one in statements.steps.values() if ".stg_" in one.unique_id}
    whole = {one for one, step in staged.items() if "model.jinguo.stg_deliveries" not in step.slices}
    assert whole == {"model.jinguo.stg_deliveries"}


def test_what_is_by_sender_comes_of_each_sender_alone(home: Home, tmp_path: Path) -> None:
    statements = statements_of(home)
    assert statements
    kept = kept_for(home, statements.stamp)
    assert not isinstance(kept, str)
    (tmp_path / "core").mkdir()
    assert copy(kept, tmp_path)
    tables = [one for one in statements.steps.values() if one.by_sender and one.kind in TABLES]
    assert len(tables) >= 4
    with opened(tmp_path, kept.work) as connection:
        for table in tables:
            connection.execute(f"create or replace temp table alone as select * from {table.relation} limit 0")
            asked = f"select sender, count(*) from {table.relation} group by sender"
            senders = dict(connection.execute(asked).fetchall())
            assert len(senders) > 1 and None not in senders
            for part in table.parts:
                apart = not statements.by_sender.keys().isdisjoint(part.reads)
                for one in senders if apart else [None]:
                    sql = narrowed(part, statements.by_sender, {one}) if one else part.statement
                    connection.execute(sql.replace(f"insert into {table.relation}", "insert into alone"))
            for one, other in itertools.permutations((table.relation, "alone")):
                assert connection.execute(f"from {one} except all from {other}").fetchall() == []
