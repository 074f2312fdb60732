"""Sensors: one run for everything that arrived, none for nothing, and no word of a person in what a tick says."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import dagster as dg
import pytest
from event_homes import drop, ledger, new_home
from stand_in_book import Book

import orchestration.looks as looks
from ingest.home import Home
from ingest.keys import Keyring
from orchestration import last_night
from orchestration.alerts.bell import LOG
from orchestration.freshness import OF_THE_RELEASE, policy_of
from orchestration.lock import exclusive
from orchestration.orphans import end_orphan
from orchestration.receiver.announced import announce, announced
from orchestration.sensors import ALERTS_SECONDS, INBOX_SECONDS, sensors
from orchestration.worker.lock import worker_lock_path

OLD = (1_700_000_000, 1_700_000_000)


@dg.op
def nothing() -> None: ...


@dg.op
def broken() -> None:
    raise dg.Failure("dbt_failed: x", metadata={"code": "dbt_failed"}, allow_retries=False)


@dg.job(name="nightly")
def stand_in() -> None:
    nothing()


@dg.job(name="nightly")
def failing() -> None:
    broken()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with keys and without deliveries."""
    monkeypatch.setenv("JINGUO_HOME", str(tmp_path / "home"))
    return new_home(tmp_path / "home")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster of this test alone."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def sensor(home: Home, name: str, job: Any = stand_in) -> dg.SensorDefinition:
    return next(one for one in sensors(home, job, "nightly") if one.name == name)


def tick(home: Home, instance: dg.DagsterInstance, name: str, cursor: str | None = None) -> Any:
    """One tick's answer: run_requests, skip_message and cursor."""
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        return sensor(home, name).evaluate_tick(context)


def dropped(home: Home, *names: str) -> None:
    """Files that nobody touched for years, of three senders."""
    for number, name in enumerate(names):
        drop(home, name, ledger(number + 1), sender=("donggang", "lanshan", "juxian")[number % 3])
    for path in home.inbox.rglob("*.csv"):
        os.utime(path, OLD)


def land(home: Home) -> None:
    """What the run does first."""
    import datetime as dt

    from ingest.arrivals import land_inbox

    land_inbox(home, Keyring.open(home), now=dt.datetime.now(dt.UTC))


def test_nothing_is_a_skip_with_a_reason(home: Home, instance: dg.DagsterInstance) -> None:
    told = tick(home, instance, "inbox")
    assert (told.run_requests, told.skip_message) == ([], "nothing arrived")


def test_everything_that_arrived_is_one_run_and_never_two(home: Home, instance: dg.DagsterInstance) -> None:
    dropped(home, "a.csv", "b.csv", "c.csv", "d.csv")
    first, again = tick(home, instance, "inbox"), tick(home, instance, "inbox")
    assert len(first.run_requests) == 1
    assert first.run_requests[0].run_key == again.run_requests[0].run_key, "Dagster starts a key once"
    assert first.run_requests[0].run_config["resources"]["night"]["config"] == {"from_nothing": False, "pulls": []}
    land(home)
    assert tick(home, instance, "inbox").run_requests == []
    dropped(home, "a.csv", "b.csv", "c.csv", "d.csv", "e.csv")
    assert tick(home, instance, "inbox").run_requests[0].run_key != first.run_requests[0].run_key
    land(home)
    next(home.inbox.rglob("e.csv")).unlink()
    assert tick(home, instance, "inbox").run_requests == [], "what goes away is no arrival"


def test_a_file_still_being_written_waits_and_a_leftover_is_none(home: Home, instance: dg.DagsterInstance) -> None:
    drop(home, "growing.csv", ledger(1))
    for name in ("half.csv.part", "~$open.xlsx", ".hidden.csv"):
        (home.inbox / "donggang/care_activities" / name).write_bytes(b"x")
        os.utime(home.inbox / "donggang/care_activities" / name, OLD)
    with being_written(home.inbox / "donggang/care_activities/growing.csv"):
        assert tick(home, instance, "inbox").run_requests == []
    assert len(tick(home, instance, "inbox").run_requests) == 1, "it came to rest in the middle of a look"


@contextmanager
def being_written(path: Path) -> Iterator[None]:
    """Somebody writes to a file again and again, for the length of the block."""
    ends = Event()

    def write() -> None:
        while not ends.wait(0.1):
            os.utime(path)

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ends.set()
        writer.join()


def test_what_came_during_a_night_is_the_next_ticks(home: Home, instance: dg.DagsterInstance) -> None:
    dropped(home, "a.csv")
    run = instance.create_run_for_job(stand_in)
    instance.report_dagster_event(_started(run), run.run_id)
    told = tick(home, instance, "inbox")
    assert told.run_requests == [] and "going on" in told.skip_message
    instance.report_run_failed(instance.get_run_by_id(run.run_id))
    assert len(tick(home, instance, "inbox").run_requests) == 1


def _started(run: dg.DagsterRun) -> Any:
    from dagster._core.events import DagsterEvent, DagsterEventType

    return DagsterEvent(DagsterEventType.PIPELINE_START.value, run.job_name)


def test_the_worker_has_the_inbox_to_itself(home: Home, instance: dg.DagsterInstance) -> None:
    dropped(home, "a.csv")
    with exclusive(worker_lock_path(home), 0):
        assert "worker" in tick(home, instance, "inbox").skip_message
    assert len(tick(home, instance, "inbox").run_requests) == 1


def test_a_tick_never_raises_and_says_no_value(
    home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def thrown(*_: object, **__: object) -> None:
        raise RuntimeError("欧阳慕雪 999001201203040017")

    monkeypatch.setattr("orchestration.looks.waiting", thrown)
    told = tick(home, instance, "inbox")
    assert told.run_requests == [] and "欧阳" not in told.skip_message and "999001" not in told.skip_message
    for path in home.keys.iterdir():
        path.chmod(0o644)
    assert "keys_unusable" in tick(home, instance, "inbox").skip_message


@pytest.mark.parametrize("kind", ["folder", "objects", "sftp"])
def test_a_listing_that_changed_is_one_run_for_its_sender(
    kind: str, home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book(kind)
    monkeypatch.setattr(looks, "SystemBook", lambda: book)
    book.system.items = (("a.csv", "1"), ("b.csv", "1"))
    first = tick(home, instance, f"systems_{kind}")
    assert first.run_requests[0].run_config["resources"]["night"]["config"]["pulls"] == ["donggang"]
    assert tick(home, instance, f"systems_{kind}", first.cursor).run_requests == []
    book.system.items = (("a.csv", "2"), ("b.csv", "1"))
    second = tick(home, instance, f"systems_{kind}", first.cursor)
    assert second.run_requests[0].run_key != first.run_requests[0].run_key
    book.system.code = "system_unreachable"
    silent = tick(home, instance, f"systems_{kind}", second.cursor)
    assert silent.run_requests == [] and "欧阳" not in silent.skip_message and silent.cursor == second.cursor
    others = ({"folder", "objects", "sftp", "http", "sql"} - {kind}).pop()
    assert tick(home, instance, f"systems_{others}").run_requests == []


@pytest.mark.parametrize("kind", ["http", "sql"])
def test_what_can_only_be_asked_is_pulled_once_an_hour_or_when_announced(
    kind: str, home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "SystemBook", lambda: Book(kind))
    first = tick(home, instance, f"systems_{kind}")
    assert len(first.run_requests) == 1
    again = tick(home, instance, f"systems_{kind}", first.cursor)
    assert len(again.run_requests) <= 1  # the hour may have struck between
    announce(home, "donggang")
    assert dict(announced(home)).keys() == {"donggang"}
    assert len(tick(home, instance, f"systems_{kind}", again.cursor).run_requests) == 1


def test_a_failed_run_is_told_and_an_older_ones_failure_is_not(home: Home, instance: dg.DagsterInstance) -> None:
    ran = failing.execute_in_process(instance=instance, raise_on_error=False)
    with dg.build_run_status_sensor_context(
        "run_failed", dagster_event=ran.get_run_failure_event(), dagster_instance=instance, dagster_run=ran.dagster_run
    ) as context:
        sensor(home, "run_failed")(context.for_run_failure())
        assert last_night.read(home)["code"] == "dbt_failed"
        last_night.write(home, "done", noted_at="9999-01-01T00:00:00+00:00")
        sensor(home, "run_failed")(context.for_run_failure())
    assert last_night.read(home)["state"] == "done"


def test_a_run_whose_process_died_is_ended_and_rung(home: Home, instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(stand_in)
    instance.report_dagster_event(_started(run), run.run_id)
    last_night.write(home, "running", at="2024-03-05T00:00:00+00:00", run=run.run_id)
    home.ledger.touch()
    with exclusive(home.lock, 0):
        assert end_orphan(instance, home) is False, "it lives"
    tick(home, instance, "alerts")
    assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
    assert "run_failed|||killed" in (home.root / LOG).read_text("utf-8")


def test_looks_are_as_often_as_dagster_can_and_systems_seldom(home: Home) -> None:
    seconds = {one.name: one.minimum_interval_seconds for one in sensors(home, stand_in, "nightly")}
    assert (seconds["inbox"], seconds["alerts"]) == (INBOX_SECONDS, ALERTS_SECONDS) == (1, 60)
    assert {seconds[f"systems_{kind}"] for kind in looks.KINDS} == {300}


def test_policies_say_by_when(home: Home) -> None:
    from ingest.contracts import CONTRACTS

    told = {dataset: policy_of(contract) for dataset, contract in CONTRACTS.items()}
    assert told["care_activities"].deadline_cron == "0 6 6 * *"
    assert told["pairings"].deadline_cron == "0 6 11 1,4,7,10 *"
    assert told["honours"].deadline_cron == "0 6 1 2 *"
    assert told["lectures"] is None
    assert OF_THE_RELEASE.deadline_cron == "0 6 * * *" and OF_THE_RELEASE.timezone == "Asia/Shanghai"
