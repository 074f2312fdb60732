"""Runs the very job that the server would run, in this process and without a server."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from ingest.home import Home
from ingest.ledger import Ledger
from ingest.tables import read_current
from orchestration import last_night
from orchestration.alerts.bell import ringing
from orchestration.instance import opened
from orchestration.lock import WAIT_SECONDS, night_lock
from orchestration.problems import Problem


@dataclass(frozen=True)
class Outcome:
    """One finished night. ``attempted``: the deliveries whose state is new (``CURRENT_SCHEMA``); ``is_new``: whether
    anything was built; ``release``: the name of the release that is served now."""

    attempted: pl.DataFrame
    is_new: bool
    release: str
    run_id: str

    @property
    def troubled(self) -> int:
        """How many of this night's deliveries were held or refused."""
        return int((self.attempted["state"] != "clean").sum())


def run_night(home: Home, wait_seconds: float = WAIT_SECONDS, *, from_nothing: bool = True) -> Outcome:
    """Run the job ``nightly``; without ``from_nothing`` only what changed is built, where that says the same.

    Raises ``Problem`` with the failed step's own code when it does not end well.
    """
    home.prepare()
    with ringing(home), night_lock(home, wait_seconds), opened(home) as instance:
        before = _current(home)
        from orchestration.definitions import JOB, definitions_for

        job = definitions_for(home).resolve_job_def(JOB)
        config = {"resources": {"night": {"config": {"from_nothing": from_nothing}}}, "loggers": {"quiet": {}}}
        ran = job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)
        if not ran.success:
            raise _problem(ran)
        noted = last_night.read(home)
        after = read_current(home)
        attempted = after.join(before, on=list(after.columns), how="anti", nulls_equal=True)
        return Outcome(attempted, noted["state"] == "done", noted["release"], ran.run_id)


def _current(home: Home) -> pl.DataFrame:
    with Ledger(home) as ledger:
        return ledger.current()


def _problem(ran: Any) -> Problem:
    for event in ran.all_events:
        if event.is_step_failure:
            return _step_problem(event.step_key.split(".")[-1], event.step_failure_data)
    return Problem("night_failed", f"run {ran.run_id} failed before its first step", "see it in dagster dev")


def _step_problem(step: str, failed: Any) -> Problem:
    if failed.user_failure_data is None:
        return Problem("step_failed", f"{step}: {failed.error.cls_name}", "see the run in dagster dev")
    facts = {name: value.value for name, value in failed.user_failure_data.metadata.items()}
    what = failed.user_failure_data.description.removeprefix(f"{facts['code']}: ")
    return Problem(facts["code"], f"{step}: {what}", facts["todo"] or "see logs/operator.log")
