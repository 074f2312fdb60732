"""What prune removes and what it never touches."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRunStatus, asset, materialize

from ingest.home import Home
from ingest.keys import create_keys
from orchestration.instance import opened
from orchestration.problems import ACCESS_LOG, OPERATOR_LOG, note
from orchestration.prune import prune
from tests.orchestration.small_home import run_here

LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)


@asset
def often() -> None:
    """Made in every run."""


@asset
def once() -> None:
    """Made in the first run only."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with keys, an object, a log and a leftover."""
    home = Home(tmp_path / "home")
    home.prepare()
    create_keys(home, demo=True)
    (home.objects / "ab").mkdir()
    (home.objects / "ab" / "object").write_bytes(b"landed")
    (home.build / "20200101T000000Z-dead").mkdir()
    (home.build / "20200101T000000Z-dead" / "jinguo.duckdb").write_bytes(b"half")
    (home.build / "link").symlink_to(home.landing)
    note(home, ACCESS_LOG, "20200101T000000.000000 who looked")
    for line in (
        "20200101T000000.000000 ValueError\n    somewhere.py:1 f",
        "dbt model.x\n    Binder Error",
        "29990101T000000.000000 KeyError\n    elsewhere.py:2 g",
    ):
        note(home, OPERATOR_LOG, line)
    return home


def run(instance: DagsterInstance, *assets: object) -> str:
    """One run; return its id."""
    done = materialize(assets, instance=instance)  # ty: ignore[invalid-argument-type]
    assert done.success
    return done.run_id


def test_the_last_word_about_an_asset_stays(home: Home) -> None:
    with opened(home) as instance:
        first, second, third = run(instance, often, once), run(instance, often), run(instance, often)
        held = home.dagster / "history" / "runs"
        assert (held / f"{second}.db").exists()
    dry = prune(home, LATER, 2, is_dry=True, wait_seconds=1)
    assert (dry.runs, dry.kept_runs) == ((second,), 2)
    gone = prune(home, LATER, 2, is_dry=False, wait_seconds=1)
    assert gone == dry
    with opened(home) as instance:
        assert {one.run_id for one in instance.get_runs()} == {first, third}
        latest = {
            key.to_user_string(): instance.get_latest_materialization_event(key) for key in instance.all_asset_keys()
        }
        assert {name: event.run_id for name, event in latest.items() if event} == {"often": third, "once": first}
    assert not list(held.glob(f"{second}.db*"))
    assert prune(home, LATER, 2, is_dry=False, wait_seconds=1).runs == ()


def test_young_and_running_runs_stay(home: Home) -> None:
    with opened(home) as instance:
        run(instance, often)
        running = instance.create_run_for_job(_job(), status=DagsterRunStatus.STARTED)
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=90)
    assert prune(home, before, 2, is_dry=False, wait_seconds=1).runs == ()
    gone = prune(home, LATER, 2, is_dry=False, wait_seconds=1)
    assert running.run_id not in gone.runs


def _job():
    from dagster import job, op

    @op
    def nothing() -> None:
        """Does nothing."""

    @job
    def one() -> None:
        nothing()

    return one


def test_logs_and_leftovers_go_and_landing_does_not(home: Home) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=90)
    gone = prune(home, before, 2, is_dry=False, wait_seconds=1)
    assert (gone.leftovers, gone.log_entries) == (("20200101T000000Z-dead", "link"), 1)
    assert list(home.build.iterdir()) == []
    assert (home.objects / "ab" / "object").read_bytes() == b"landed"
    kept = (home.root / OPERATOR_LOG).read_text("utf-8")
    assert kept.startswith("29990101") and "elsewhere.py" in kept
    assert "Binder" not in kept, "a line without a time belongs to the entry above"
    assert "who looked" in (home.root / ACCESS_LOG).read_text("utf-8")


def test_a_dry_run_removes_nothing(home: Home) -> None:
    ran = run_here(home.root, "prune", "--older-than", "90d", "--dry-run", "--json")
    told = json.loads(ran.stdout)
    assert (told["dry_run"], told["log_entries"], len(told["leftovers"])) == (True, 1, 2)
    assert len(list(home.build.iterdir())) == 2
    assert run_here(home.root, "prune", "--older-than", "90").returncode == 2
    shutil.rmtree(home.dagster)
    assert run_here(home.root, "prune").returncode == 0
