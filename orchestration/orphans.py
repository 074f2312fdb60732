"""Ends in Dagster's book what died in the world: a run whose process was killed would block the queue for hours."""

from typing import TYPE_CHECKING

from ingest.home import Home
from orchestration import last_night

if TYPE_CHECKING:
    from dagster import DagsterInstance


def end_orphan(instance: "DagsterInstance", home: Home) -> bool:
    """Mark the last run as failed where it noted that it runs and no process holds the night's lock; say whether."""
    noted = last_night.ended(home)
    if noted.get("state") != "killed":
        return False
    run = instance.get_run_by_id(noted.get("run", ""))
    if run is None or run.is_finished:
        return False
    instance.report_run_failed(run, "the process of this run is gone; the next run does all that it left undone")
    return True
