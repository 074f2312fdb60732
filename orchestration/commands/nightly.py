"""``jinguo nightly`` and ``jinguo land``: run the night without a server, or only its first step."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingest.home import Home
    from orchestration.run import Outcome

Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for another night to end.")]


def nightly(
    known_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only build what was known by this day, into --out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for --known-on; nothing is published.")] = None,
    wait: Wait = 600,
) -> None:
    """Land, clean, build, test, audit, publish: the job of 01:30 without a server. Exit 3: a delivery was refused."""
    from ingest.home import Home
    from orchestration.problems import Problem
    from orchestration.screen import progress

    home = Home.from_environment()
    if (known_on is None) != (out is None):
        raise Problem(
            "usage", "--known-on and --out go together", "jinguo nightly --known-on 2024-04-01 --out DIR", usage=True
        )
    if known_on and out:
        _known(home, known_on, out, wait)
        return
    from ingest.keys import Keyring
    from orchestration.run import run_night

    Keyring.open(home)
    with progress():
        outcome = run_night(home, wait)
    _print(home, outcome)
    if outcome.troubled:
        raise typer.Exit(3)


def land(wait: Wait = 600) -> None:
    """Only land what lies in the inbox; the next night cleans it."""
    from ingest.arrivals import land_inbox
    from ingest.home import Home
    from ingest.keys import Keyring
    from ingest.reasons import REASONS
    from orchestration.lock import night_lock
    from orchestration.progress import report
    from orchestration.screen import next_step, progress, say

    home = Home.from_environment()
    keyring = Keyring.open(home)
    home.prepare()
    with night_lock(home, wait), progress():
        landed = land_inbox(
            home, keyring, now=datetime.now(UTC), progress=lambda done, total: report("landing", done, total)
        )
    say(f"✓ {landed.new} new, {landed.known} known, {landed.waiting} still being written", "green")
    for one in landed.refused:
        say(f"✗ {one.sender}/{one.dataset} {one.delivery_id or ''}: {REASONS[one.reason_code].zh}", "red")
    next_step("jinguo nightly")


def _known(home: Home, known_on: datetime, out: Path, wait: float) -> None:
    from orchestration.known import build_known
    from orchestration.screen import next_step, progress, say

    with progress():
        build_known(home, known_on.date(), out, wait)
    say(f"✓ the warehouse as known on {known_on:%Y-%m-%d} is in {out}; nothing was published", "green")
    next_step(f"duckdb -readonly {out / 'jinguo.duckdb'}")


def _print(home: Home, outcome: Outcome) -> None:
    from orchestration.deliveries import COLUMNS, print_refusals, refusals, rows, tallied
    from orchestration.screen import next_step, say, table

    if not outcome.is_new:
        say(f"没有新的报送，仍用 {outcome.release}。Nothing new: the release stands.", "green")
        next_step("jinguo status")
        return
    if outcome.attempted.height:
        table("本夜的报送 this night", COLUMNS, rows(tallied(outcome.attempted)), right=range(2, 9))
    found = refusals(outcome.attempted)
    if found:
        print_refusals(home, found)
    say(f"✓ {outcome.release} is served at {home.current}", "green")
    next_step("jinguo status")
