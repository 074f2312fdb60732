"""The instance of an installation, and the warm event log: after the same run it tells what Dagster's own tells."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from ingest.home import Home
from orchestration.instance import SETTINGS, opened, settle
from orchestration.warm_events import WarmEventLog

PLANNED = ("ASSET_MATERIALIZATION_PLANNED", "ASSET_CHECK_EVALUATION_PLANNED")


@dg.multi_asset(
    specs=[dg.AssetSpec("one", skippable=True), dg.AssetSpec("two", skippable=True)],
    check_specs=[dg.AssetCheckSpec("whole", asset="one", blocking=True)],
)
def both(context: dg.AssetExecutionContext) -> Any:
    for name in ("one", "two"):
        yield dg.MaterializeResult(name, metadata={"rows": 3})
    yield dg.AssetCheckResult(asset_key="one", check_name="whole", passed=True, metadata={"n": 1})


JOB = dg.Definitions(assets=[both], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")


SEEN: list[str] = []


@dg.op
def look(context: dg.OpExecutionContext) -> None:
    event = context.instance.get_latest_materialization_event(dg.AssetKey("one"))
    SEEN.append(event.run_id if event else "")


@dg.job
def looking() -> None:
    look()


@pytest.fixture(autouse=True)
def _own_dagster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")


def told(instance: dg.DagsterInstance, run_id: str) -> Counter[str]:
    """How many of each event."""
    return Counter(one.dagster_event.event_type_value for one in instance.all_logs(run_id) if one.dagster_event)


def known(instance: dg.DagsterInstance) -> list[Any]:
    """What everybody sees of the assets and the check."""
    one, two = dg.AssetKey("one"), dg.AssetKey("two")
    check = dg.AssetCheckKey(one, "whole")
    latest = [instance.get_latest_materialization_event(key) for key in (one, two)]
    found = instance.event_log_storage.get_latest_asset_check_execution_by_key([check])
    return [
        [
            event.asset_materialization.metadata["rows"].value
            for event in latest
            if event and event.asset_materialization
        ],
        found[check].status.value,
        {event.run_id for event in latest if event} == {found[check].run_id},
    ]


def plain(home: Home) -> dg.DagsterInstance:
    """The instance as the page of Dagster and the daemon open it."""
    settle(home)
    return dg.DagsterInstance.get()


def without_plans(told: Counter[str]) -> Counter[str]:
    return Counter({kind: count for kind, count in told.items() if kind not in PLANNED})


@pytest.mark.parametrize("keeps_plans", [True, False])
def test_after_the_same_run_both_logs_tell_the_same(tmp_path: Path, keeps_plans: bool) -> None:
    ours = Home(tmp_path / "warm")
    with plain(Home(tmp_path / "plain")) as instance:
        ran = JOB.execute_in_process(instance=instance)
        everything, expected = told(instance, ran.run_id), known(instance)
        assert all(everything[kind] for kind in PLANNED)
    counted = everything if keeps_plans else without_plans(everything)
    os.environ["DAGSTER_HOME"] = ""
    with opened(ours, keeps_plans=keeps_plans) as instance, plain(ours) as page:
        assert isinstance(instance.event_log_storage, WarmEventLog)
        assert not isinstance(page.event_log_storage, WarmEventLog)
        for count in (1, 2, 3):
            ran = JOB.execute_in_process(instance=instance)
            for reader in (instance, page):
                assert (told(reader, ran.run_id), known(reader)) == (counted, expected)
                assert [run.status for run in reader.get_runs()] == [dg.DagsterRunStatus.SUCCESS] * count
    os.environ["DAGSTER_HOME"] = ""
    with plain(ours) as instance:
        assert (told(instance, ran.run_id), known(instance)) == (counted, expected)


def test_what_another_process_wrote_is_known_in_the_next_run(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    SEEN.clear()
    with opened(home) as warm, plain(home) as other:
        JOB.execute_in_process(instance=warm)
        looking.execute_in_process(instance=warm)
        theirs = JOB.execute_in_process(instance=other)
        looking.execute_in_process(instance=warm)
    assert SEEN[0] != theirs.run_id and SEEN[1] == theirs.run_id


def test_settings_say_what_they_should_and_old_ones_are_replaced(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with opened(home) as instance:
        assert not instance.telemetry_enabled and instance.run_monitoring_enabled and instance.freshness_enabled
        assert instance.run_coordinator.dequeue_interval_seconds == 1  # type: ignore[attr-defined]
        queue = instance.get_concurrency_config().run_queue_config
        assert queue and queue.max_concurrent_runs == 1
        assert instance.run_retries_enabled and instance.run_retries_max_retries == 1
    path = home.dagster / "dagster.yaml"
    path.write_text("telemetry:\n  enabled: false\n", "utf-8")
    settle(home)
    assert path.read_text("utf-8") != SETTINGS, "what an operator wrote stays"


def test_a_storage_that_the_operator_chose_is_left_to_him(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    settle(home)
    path = home.dagster / "dagster.yaml"
    storage = {"sqlite": {"base_dir": str(tmp_path / "elsewhere")}}
    path.write_text(yaml.safe_dump({**yaml.safe_load(SETTINGS), "storage": storage}), "utf-8")
    with opened(home) as instance:
        assert not isinstance(instance.event_log_storage, WarmEventLog)
        assert JOB.execute_in_process(instance=instance).success
