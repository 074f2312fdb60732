"""The worker as a process: it serves what arrives, survives what goes wrong, and leaves the release of any night.

The first worker is started as people start it; those that follow are forks of a process that imported everything.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from event_homes import ROOT, Started, drop, ledger, new_home, started, tree
from forked import Runs, running

from ingest.home import Home
from orchestration import last_night
from orchestration.alerts.bell import LOG
from orchestration.worker.lock import worker_lock_path
from warehouse import releases

WORKER = ("worker", "--sweep", "2")
SERVED = "✓ 2"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with the small project."""
    return tree(tmp_path_factory.mktemp("worker") / "tree")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One home for all of this file's tests, which go on where the one before ended."""
    return new_home(tmp_path_factory.mktemp("worker_home") / "home")


@pytest.fixture(scope="module")
def worker(home: Home, at: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A worker that watches."""
    with started(
        ["-m", "orchestration.cli", *WORKER], home, at, tmp_path_factory.mktemp("said") / "worker.txt"
    ) as made:
        made.until("watching")
        yield made


@pytest.fixture(scope="module")
def forks(at: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The same program in forks."""
    with running(tmp_path_factory.mktemp("forks"), at) as made:
        yield made


def served(home: Home) -> int:
    """How many records the served release counts."""
    with duckdb.connect(str(home.current / "jinguo.duckdb"), read_only=True) as connection:
        return connection.execute("select sum(clean_records) from marts.deliveries_counted").fetchall()[0][0] or 0


def runs(home: Home) -> list[dg.DagsterRun]:
    """Every run that Dagster knows, the newest first."""
    from dagster._core.instance.ref import InstanceRef

    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home.dagster))) as instance:
        return list(instance.get_runs())


def checks(home: Home, run_id: str) -> list[str]:
    """The checks that a run recorded, as Dagster's own log tells them to everybody."""
    from dagster._core.instance.ref import InstanceRef

    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home.dagster))) as instance:
        told = [
            one.dagster_event for one in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        ]
        keys = [event.event_specific_data.asset_check_key for event in told]
        latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    assert {one.run_id for one in latest.values()} == {run_id}
    assert all(one.status.value == "SUCCEEDED" for one in latest.values())
    return [f"{key.asset_key.to_user_string()}:{key.name}" for key in keys]


def test_a_delivery_is_served_with_its_checks_in_dagster(home: Home, worker: Started) -> None:
    before = len(runs(home))
    drop(home, "first.csv", ledger(3))
    worker.until(SERVED, worker.text.count(SERVED) + 1)
    assert served(home) == 4
    newest = runs(home)[0]
    assert newest.status == dg.DagsterRunStatus.SUCCESS and len(runs(home)) == before + 1
    recorded = checks(home, newest.run_id)
    assert "clean/care_activities:balance" in recorded and "marts/deliveries_counted:dbt_tests" in recorded
    assert "donggang 关爱活动台账 1份" in worker.text and "first.csv" not in worker.text


def test_several_arrivals_are_one_run_and_leftovers_none(home: Home, worker: Started) -> None:
    before, said = len(runs(home)), worker.text.count(SERVED)
    folder = home.inbox / "donggang/care_activities"
    for name in ("~$b.csv", "c.csv.part", ".d.csv"):
        (folder / name).write_bytes(ledger(9))
    time.sleep(1)
    assert worker.text.count(SERVED) == said
    for day in (5, 6, 7):
        drop(home, f"{day}.csv", ledger(day))
    worker.until(SERVED, said + 1)
    assert (served(home), len(runs(home))) == (16, before + 1)
    assert "donggang 关爱活动台账 3份" in worker.text


def test_a_slow_writer_is_waited_for(home: Home, worker: Started) -> None:
    said, data = worker.text.count(SERVED), ledger(8, 6)
    with (home.inbox / "donggang/care_activities/slow.csv").open("wb") as file:
        for start in range(0, len(data), 200):
            file.write(data[start : start + 200])
            file.flush()
            time.sleep(0.15)
    worker.until(SERVED, said + 1)
    assert served(home) == 22


def test_a_second_worker_refuses(home: Home, forks: Runs, worker: Started) -> None:
    ran = forks.run(home.root, *WORKER)
    assert ran.status == 1 and "worker_busy" in ran.said


def test_a_run_that_fails_rings_and_does_not_end_the_worker(home: Home, worker: Started) -> None:
    said, key = worker.text.count(SERVED), home.keys / "tokens.key"
    key.chmod(0o644)
    drop(home, "later.csv", ledger(10))
    worker.until("失败")
    deadline = time.monotonic() + 60
    while not (rung := _rung(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    key.chmod(0o600)
    assert rung
    worker.until(SERVED, said + 1)  # it tries again by itself
    assert served(home) == 26


def _rung(home: Home) -> bool:
    log = home.root / LOG
    return log.exists() and "run_failed" in log.read_text("utf-8")


def test_sigterm_ends_it_and_changed_code_too(home: Home, at: Path, worker: Started, forks: Runs) -> None:
    assert worker.end() == 0
    assert "stopped" in worker.text
    with forks.during(home.root, *WORKER) as again:
        again.until("watching")
        (at / "orchestration" / "project.py").touch()
        ended = again.end(30)
    assert ended.status == 0 and "changed" in ended.said


def test_killed_in_the_middle_and_started_again_it_serves_what_a_rebuild_does(home: Home, forks: Runs) -> None:
    with forks.during(home.root, *WORKER) as killed:
        killed.until("watching")
        drop(home, "last.csv", ledger(11))
        deadline = time.monotonic() + 60
        while not any(home.build.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.005)
    assert last_night.ended(home)["state"] == "killed" and releases.current(home.current)
    with forks.during(home.root, *WORKER) as again:
        again.until("watching")
    assert served(home) == 30
    assert {run.status for run in runs(home)} == {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE}
    found = releases.current(home.current).release_hash
    for path in (home.clean, home.rejects, home.findings, home.deliveries, home.releases):
        shutil.rmtree(path)
    for path in (home.current, home.ledger, worker_lock_path(home), *home.root.glob("ledger.sqlite-*")):
        path.unlink(missing_ok=True)
    rebuilt = forks.run(home.root)
    assert rebuilt.status == 0, rebuilt.said
    assert releases.current(home.current).release_hash == found
    assert os.fspath(ROOT) not in rebuilt.said
