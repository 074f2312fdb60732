"""The Dagster home of one installation: written once, quiet, and without telemetry."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

# No compute logs: whatever a library prints may quote a row. One run at a time: all runs write one warehouse.
_SETTINGS = """\
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
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  max_runtime_seconds: 14400
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: 30
"""


def settle(home: Home) -> None:
    """Make this process private (umask 077) and, where ``DAGSTER_HOME`` is unset, set it to the one in ``home``."""
    os.umask(0o077)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    home.prepare()
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = os.environ.get("DAGSTER_HOME") or str(home.dagster)


@contextmanager
def opened(home: Home) -> Generator["DagsterInstance"]:
    """Open the Dagster instance of ``home`` for the length of the block."""
    settle(home)
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        yield instance
