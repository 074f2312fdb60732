"""``jinguo nightly`` and ``jinguo land``: run the night without a server, or only its first step."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.home import Home
    from ingest.pulled import Pulled
    from orchestration.run import Outcome

Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for another night to end.")]


def nightly(
    known_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only build what was known by this day, into --out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for --known-on; nothing is published.")] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Clean again what --sender, --dataset choose; show what changes, then ask.")
    ] = False,
    sender: Annotated[str, typer.Option(help="For --replay.")] = "",
    dataset: Annotated[str, typer.Option(help="For --replay.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="For --replay: publish without asking.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For --replay: the difference for scripts.")] = False,
    wait: Wait = 600,
) -> None:
    """Pull, land, clean, build, test, audit, publish: the job of 01:30 without a server.

    Exit 3: a delivery was held or refused, or a system could not be pulled.
    """
    from ingest.home import Home

    home = Home.from_environment()
    if replay or sender or dataset or yes or json:
        from orchestration.commands.replay import Asked, replay_chosen

        replay_chosen(home, Asked(replay, sender, dataset, yes, json, wait))
    elif known_on or out:
        _known(home, known_on, out, wait)
    else:
        _whole(home, wait)


def _whole(home: Home, wait: float) -> None:
    from ingest.keys import Keyring
    from orchestration.pulls import failures
    from orchestration.run import run_night
    from orchestration.screen import progress

    Keyring.open(home)
    with progress():
        outcome = run_night(home, wait)
    pulled = _pulled(home)
    _print(home, outcome, pulled)
    if outcome.troubled or failures(pulled):
        raise typer.Exit(3)


def land(wait: Wait = 600) -> None:
    """Only pull the systems and land what lies in the inbox; the next night cleans it. Exit 3: a system failed."""
    from functools import partial

    from ingest.arrivals import land_inbox
    from ingest.home import Home
    from ingest.keys import Keyring
    from ingest.pull import pull
    from ingest.reasons import REASONS
    from orchestration.lock import night_lock
    from orchestration.progress import report
    from orchestration.pulls import failures, print_pulls
    from orchestration.screen import next_step, progress, say

    home = Home.from_environment()
    keyring = Keyring.open(home)
    home.prepare()
    with night_lock(home, wait), progress():
        now = datetime.now(UTC)
        pulled = pull(home, keyring, now=now, progress=partial(report, "pulling"))
        landed = land_inbox(home, keyring, now=now, progress=partial(report, "landing"))
    print_pulls(pulled)
    say(f"✓ {landed.new} new, {landed.known} known, {landed.waiting} still being written", "green")
    for one in landed.refused:
        say(f"✗ {one.sender}/{one.dataset} {one.delivery_id or ''}: {REASONS[one.reason_code].zh}", "red")
    next_step("jinguo nightly")
    if failures(pulled):
        raise typer.Exit(3)


def _pulled(home: Home) -> list[Pulled]:
    """What this night pulled: its pulls began when it did."""
    from orchestration import last_night
    from orchestration.pulls import pulled_since

    return pulled_since(home, datetime.fromisoformat(last_night.read(home)["at"]))


def _known(home: Home, known_on: datetime | None, out: Path | None, wait: float) -> None:
    from orchestration.known import build_known
    from orchestration.problems import Problem
    from orchestration.screen import next_step, progress, say

    if known_on is None or out is None:
        raise Problem(
            "usage", "--known-on and --out go together", "jinguo nightly --known-on 2024-04-01 --out DIR", usage=True
        )
    with progress():
        build_known(home, known_on.date(), out, wait)
    say(f"✓ the warehouse as known on {known_on:%Y-%m-%d} is in {out}; nothing was published", "green")
    next_step(f"duckdb -readonly {out / 'jinguo.duckdb'}")


def _print(home: Home, outcome: Outcome, pulled: Sequence[Pulled]) -> None:
    from orchestration.deliveries import COLUMNS, print_refusals, refusals, rows, tallied
    from orchestration.pulls import print_pulls
    from orchestration.screen import next_step, say, table

    print_pulls(pulled)
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
    is_waiting = "held" in outcome.attempted["state"]
    next_step(*(["jinguo held"] if is_waiting else []), "jinguo status")
