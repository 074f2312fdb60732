"""Removing what nobody needs any more: old runs of Dagster, old releases, what dead runs left, old lines of the log.

Landing is never touched, nor ``logs/access.log``: who looked at whose rows stays known.
"""

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.durable import write_durably
from ingest.home import Home
from orchestration.instance import opened
from orchestration.lock import night_lock
from orchestration.problems import OPERATOR_LOG
from orchestration.progress import report
from warehouse import releases

if TYPE_CHECKING:
    from dagster import DagsterInstance

_STAMPED = re.compile(r"(\d{8}T\d{6}\.\d{6}) ")


@dataclass(frozen=True)
class Pruned:
    """What was removed, or would be: ids of ``runs``, names of ``releases``, ``leftovers`` of dead runs by name, and
    entries of the operator's log. ``kept_runs`` are old too, and hold the last word about an asset."""

    runs: tuple[str, ...]
    kept_runs: int
    releases: tuple[str, ...]
    leftovers: tuple[str, ...]
    log_entries: int


def prune(home: Home, before: dt.datetime, keep: int, *, is_dry: bool, wait_seconds: float) -> Pruned:
    """Remove what is older than ``before`` (with offset), and all but the newest ``keep`` releases.

    The newest run that materialized an asset stays, however old: without it Dagster would not know that asset's state.
    With ``is_dry`` nothing is removed. A killed prune is ended by the next one.
    """
    home.prepare()
    with night_lock(home, wait_seconds), opened(home) as instance:
        old, kept = _old_runs(instance, before)
        found = releases.superseded(home.releases, home.current, keep)
        # the lock is ours: nobody who builds is alive
        leftovers = sorted(path for path in home.build.iterdir())
        kept_lines, entries = _log(home, before)
        if not is_dry:
            _remove_runs(home, instance, old)
            found = releases.prune(home.releases, home.current, keep)
            for path in leftovers:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            if entries:
                write_durably(home.root / OPERATOR_LOG, kept_lines)
    return Pruned(tuple(old), kept, tuple(found), tuple(path.name for path in leftovers), entries)


def _old_runs(instance: "DagsterInstance", before: dt.datetime) -> tuple[list[str], int]:
    from dagster import DagsterRunStatus, RunsFilter

    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    records = instance.get_run_records(RunsFilter(statuses=ended, created_before=before))
    newest = instance.get_latest_materialization_events(instance.all_asset_keys()).values()
    needed = {event.run_id for event in newest if event}
    ids = [record.dagster_run.run_id for record in records]
    return [one for one in ids if one not in needed], sum(one in needed for one in ids)


def _remove_runs(home: Home, instance: "DagsterInstance", runs: list[str]) -> None:
    for done, run_id in enumerate(runs, 1):
        instance.delete_run(run_id)
        # what SQLite keeps of a deleted run is a file of its own with empty tables
        for path in (home.dagster / "history" / "runs").glob(f"{run_id}.db*"):
            path.unlink()
        if (kept := home.dagster / "storage" / run_id).exists():
            shutil.rmtree(kept)
        report("pruning", done, len(runs))


def _log(home: Home, before: dt.datetime) -> tuple[bytes, int]:
    """The operator's log without the entries older than ``before``, and how many these are."""
    path = home.root / OPERATOR_LOG
    if not path.exists():
        return b"", 0
    kept, dropped = [], 0
    for at, entry in _entries(path):
        if at and at < before.astimezone(dt.UTC):
            dropped += 1
        else:
            kept.append(entry)
    return "".join(kept).encode(), dropped


def _entries(path: Path) -> Iterator[tuple[dt.datetime | None, str]]:
    """Each entry with its instant; lines without one belong to the entry above."""
    at, lines = None, list[str]()
    for line in path.read_text("utf-8").splitlines(keepends=True):
        stamp = _STAMPED.match(line)
        if stamp:
            if lines:
                yield at, "".join(lines)
            at, lines = dt.datetime.strptime(stamp[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC), []
        lines.append(line)
    if lines:
        yield at, "".join(lines)
