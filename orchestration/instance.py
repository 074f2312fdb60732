"""The Dagster home of one installation: written once, quiet, and without telemetry."""

import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

# No compute logs: whatever a library prints may quote a row. One run at a time: all runs write one warehouse.
# A run is started again only when its process died: what a step found wrong is wrong the second time too.
SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    default_limit: 1
run_coordinator:
  module: dagster._core.run_coordinator
  class: QueuedRunCoordinator
  config:
    dequeue_interval_seconds: 1
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  max_runtime_seconds: 14400
run_retries:
  enabled: true
  max_retries: 1
  retry_on_asset_or_op_failure: false
freshness:
  enabled: true
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 1
      started: 7
      success: 30
      failure: 90
"""
# What earlier versions wrote: replaced as long as nobody changed it.
_EARLIER = {"e804954bbb8dc739"}


def settle(home: Home) -> None:
    """Make this process private (umask 077) and, where ``DAGSTER_HOME`` is unset, set it to the one in ``home``."""
    os.umask(0o077)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    home.prepare()
    settings = home.dagster / "dagster.yaml"
    if not settings.exists() or _fingerprint(settings) in _EARLIER:
        settings.write_text(SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = os.environ.get("DAGSTER_HOME") or str(home.dagster)


@contextmanager
def opened(home: Home, *, keeps_plans: bool = True) -> Generator["DagsterInstance"]:
    """Open the Dagster instance of ``home`` for the length of the block, its event log with files kept open.

    Without ``keeps_plans`` no plan of a run is stored. Where ``dagster.yaml`` names a storage of its own, such as
    PostgreSQL, that one is opened as it is.
    """
    settle(home)
    import yaml
    from dagster import DagsterInstance
    from dagster._core.instance.ref import InstanceRef

    at = Path(os.environ["DAGSTER_HOME"])
    stated = yaml.safe_load((at / "dagster.yaml").read_text(encoding="utf-8")) if (at / "dagster.yaml").exists() else {}
    is_own = any(name.endswith("storage") for name in stated or {})
    storages = {} if is_own else _warm(at, keeps_plans)
    with DagsterInstance.from_ref(InstanceRef.from_dir(str(at), overrides=storages)) as instance:
        yield instance


def _warm(at: Path, keeps_plans: bool) -> dict[str, dict[str, object]]:
    history, schedules, storage = at / "history", at / "schedules", "dagster._core.storage"
    events = {"base_dir": str(history / "runs"), "keeps_plans": keeps_plans}
    return {
        "event_log_storage": _class("orchestration.warm_events", "WarmEventLog", events),
        "run_storage": _class(f"{storage}.runs", "SqliteRunStorage", {"base_dir": str(history)}),
        "schedule_storage": _class(f"{storage}.schedules", "SqliteScheduleStorage", {"base_dir": str(schedules)}),
    }


def _class(module: str, name: str, config: dict[str, object]) -> dict[str, object]:
    return {"module": module, "class": name, "config": config}


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
