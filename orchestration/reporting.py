"""Who reported what was due (X-01, X-02), and how things stand between us and every sender: for ``jinguo status``.

What was due is said by the served release's ``delivery_status``, so that screen and mart never differ; what is held or
refused by the ledger, which knows more since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from ingest.home import Home
from warehouse import reader
from warehouse.releases import NoRelease

STATES = ("on_time", "late", "missing")
# By state and not by the running sums beside it: releases of older versions have the state, too.
_DUE = """
    select sender, dataset,
        count(*) as due,
        count(*) filter (where state = 'on_time') as on_time,
        count(*) filter (where state = 'late') as late,
        count(*) filter (where state = 'missing') as missing,
        arg_max(state, period_from) as newest_state
    from marts.delivery_status group by all order by all
"""
_SCHEMA = {
    "sender": pl.String,
    "dataset": pl.String,
    **dict.fromkeys(("due", *STATES), pl.Int64),
    "newest_state": pl.String,
}
_COUNTED = ("deliveries", "clean", "held", "refused")


@dataclass(frozen=True)
class Standing:
    """One sender, over all its datasets: periods due and their three states, deliveries that wait or were refused, how
    many datasets lack the newest period, and what became of the newest pull (empty: no system)."""

    sender: str
    datasets: int
    deliveries: int
    due: int
    on_time: int
    late: int
    missing: int
    missing_now: int
    held: int
    refused: int
    pull: str = ""

    @property
    def reporting_share(self) -> float | None:
        """Received of due (X-01), 0 to 1; None where nothing is due."""
        return (self.on_time + self.late) / self.due if self.due else None

    @property
    def timeliness_share(self) -> float | None:
        """On time of due (X-02), 0 to 1; None where nothing is due."""
        return self.on_time / self.due if self.due else None

    @property
    def urgency(self) -> tuple[object, ...]:
        """Least for what has to be looked at first."""
        return (self.pull != "failed", -self.held, -self.missing_now, -self.missing, -self.late, self.sender)


def by_dataset(home: Home, current: pl.DataFrame) -> pl.DataFrame:
    """Return one row a sender and dataset: the periods of ``_SCHEMA``, deliveries, and how many of these are clean,
    held and refused. Datasets without a cadence have no period."""
    counted = current.group_by("sender", "dataset").agg(
        pl.len().cast(pl.Int64).alias("deliveries"),
        *((pl.col("state") == state).sum().cast(pl.Int64).alias(state) for state in _COUNTED[1:]),
        pl.col("received_at").max(),
    )
    due = pl.DataFrame(_due(home), schema=_SCHEMA, orient="row")
    both = counted.join(due, on=["sender", "dataset"], how="full", coalesce=True)
    zero = pl.col(*_COUNTED, "due", *STATES).fill_null(0)
    return both.with_columns(zero).sort("sender", "dataset")


def by_sender(status: pl.DataFrame, pulls: Mapping[str, str]) -> list[Standing]:
    """Return ``by_dataset`` summed up for each sender, what has to be looked at first at the top."""
    sums = status.group_by("sender").agg(
        pl.len().alias("datasets"),
        pl.col("deliveries", "due", *STATES, "held", "refused").sum(),
        (pl.col("newest_state") == "missing").sum().alias("missing_now"),
    )
    several = [Standing(**one, pull=pulls.get(one["sender"], "")) for one in sums.iter_rows(named=True)]
    return sorted(several, key=lambda one: one.urgency)


def described(status: pl.DataFrame) -> list[dict[str, Any]]:
    """``by_dataset`` for scripts, with both shares; null where nothing is due."""
    due = pl.when(pl.col("due") > 0).then(pl.col("due"))
    shares = ((pl.col("on_time") + pl.col("late")) / due).alias("reporting_share")
    return status.with_columns(shares, (pl.col("on_time") / due).alias("timeliness_share")).to_dicts()


def _due(home: Home) -> list[tuple[Any, ...]]:
    try:
        return reader.query(home.current, _DUE).rows
    except (NoRelease, duckdb.CatalogException):  # nothing is served yet, or a project without this mart
        return []
