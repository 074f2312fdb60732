"""A failed dbt test keeps the release back; and the same job runs when Dagster starts it itself."""

from dataclasses import dataclass

import polars as pl
import pytest
from small_home import PLANTED, WITH_PROJECT, Ran, delivered, run
from small_project import small_project

from ingest.home import Home
from orchestration.instance import opened
from warehouse import reader, releases


@dataclass(frozen=True)
class Blocked:
    """A home with three nights behind it: a sound one, started by Dagster, one after a test that fails was added, and
    one after a clean row was lost. ``started`` are the processes that the last two started."""

    home: Home
    sound: Ran
    published: releases.Release
    planted: Ran
    lost: Ran
    started: list[str]


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Blocked:
    root = tmp_path_factory.mktemp("blocked")
    home, small = delivered(root / "home", "honours", "children"), small_project(root / "project")
    (root / "location.py").write_text(WITH_PROJECT.format(project=str(small)))
    execute = ("job", "execute", "-f", str(root / "location.py"), "-a", "defs", "-j", "nightly")
    sound = run(home.root, "-c", _DAGSTER.format(home=str(home.dagster)), *execute)
    published = releases.current(home.current)
    (small / "tests" / "no_delivery_at_all.sql").write_text(PLANTED)
    (root / "command.py").write_text(_COMMAND.format(project=str(small), started=str(root / "started.txt")))
    planted = run(home.root, str(root / "command.py"), "nightly")
    [rows] = [path for path in (home.clean / "children").glob("*.parquet") if path.name != "_empty.parquet"]
    pl.read_parquet(rows)[1:].write_parquet(rows)
    lost = run(home.root, str(root / "command.py"), "nightly")
    return Blocked(home, sound, published, planted, lost, (root / "started.txt").read_text().splitlines())


# Notes every process that the night starts.
_COMMAND = """
import subprocess
from pathlib import Path

import orchestration.project

orchestration.project.PROJECT = Path({project!r})
begin = subprocess.Popen.__init__


def seen(self, words, *rest, **named):
    with open({started!r}, "a") as file:
        file.write(str(words) + chr(10))
    begin(self, words, *rest, **named)


subprocess.Popen.__init__ = seen
subprocess.run(["true"])
from orchestration.cli import main

main()
"""
_DAGSTER = """
import os
os.environ["DAGSTER_HOME"] = {home!r}
from dagster._cli import main
main()
"""


def test_dagster_itself_runs_the_same_night(blocked: Blocked) -> None:
    assert blocked.sound.returncode == 0, blocked.sound.stderr[-3000:]
    assert blocked.published.facts["deliveries"] == {"clean": 2}
    with opened(blocked.home) as instance:
        [first] = [run for run in instance.get_runs() if run.run_id == blocked.published.facts["dagster_run"]]
        assert first.is_success
        assert first.job_name == "nightly"
    # The lock is that of every night; who holds it notes its process there.
    assert blocked.home.lock.read_text().strip().isdigit()


def test_a_failed_test_keeps_the_release_back(blocked: Blocked) -> None:
    assert blocked.planted.returncode == 1, blocked.planted.stdout
    assert "dbt_failed" in blocked.planted.stderr
    assert "no_delivery_at_all" in blocked.planted.stderr
    assert "Traceback" not in blocked.planted.stderr
    assert releases.current(blocked.home.current).run == blocked.published.run
    assert len(releases.list_releases(blocked.home.releases, blocked.home.current)) == 1
    assert reader.query(blocked.home.current, "select count(*) from marts.deliveries_counted").rows == [(2,)]


def test_the_failed_check_names_the_test_and_no_row(blocked: Blocked) -> None:
    with opened(blocked.home) as instance:
        failed = [run for run in instance.get_runs() if not run.is_success][-1]
        logs = instance.all_logs(failed.run_id)
    told = [one.dagster_event for one in logs if one.dagster_event]
    checks = [one.event_specific_data for one in told if one.event_type_value == "ASSET_CHECK_EVALUATION"]
    [check] = [one for one in checks if one.check_name == "dbt_tests"]
    assert not check.passed
    assert check.metadata["failed"].value == ["no_delivery_at_all"]


def test_a_lost_row_breaks_the_balance_and_nothing_is_built_on_it(blocked: Blocked) -> None:
    assert blocked.lost.returncode == 1, blocked.lost.stdout
    assert "balance_broken: clean: children" in blocked.lost.stderr
    with opened(blocked.home) as instance:
        logs = instance.all_logs(instance.get_runs(limit=1)[0].run_id)
    told = [one.dagster_event for one in logs if one.dagster_event]
    checks = [one.event_specific_data for one in told if one.event_type_value == "ASSET_CHECK_EVALUATION"]
    assert [check.asset_key.to_user_string() for check in checks if not check.passed] == ["clean/children"]
    assert {one.step_key for one in told if one.is_step_start} == {"night.landing", "night.clean"}
    assert releases.current(blocked.home.current).run == blocked.published.run


def test_negative_control_without_the_planted_test_the_same_deliveries_are_published(blocked: Blocked) -> None:
    assert blocked.published.tables.keys() == {"marts.deliveries_counted", "core.deliveries_known"}
    assert blocked.published.tables["marts.deliveries_counted"]["rows"] == 2


def test_no_process_is_started_for_dbt(blocked: Blocked) -> None:
    assert blocked.started[0] == "['true']", "the control: a process that is started is seen"
    assert [words for words in blocked.started if "dbt" in words] == []
