"""``jinguo nightly --replay``: what changed specs make of deliveries, shown first, published when somebody says so."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from ingest.delivery import Delivery
    from ingest.home import Home
    from ingest.replay import Difference
    from orchestration.run import Outcome

_SHOWN = 40


@dataclass(frozen=True)
class Asked:
    """What somebody chose: a sender, a dataset, or one dataset of one sender; empty: any."""

    replay: bool
    sender: str
    dataset: str
    yes: bool
    json: bool
    wait: float

    def __call__(self, delivery: Delivery) -> bool:
        """Whether a delivery is chosen."""
        return self.sender in ("", delivery.sender) and self.dataset in ("", delivery.dataset)


def replay_chosen(home: Home, asked: Asked) -> None:
    """Try, show, ask, publish. Raises ``Problem`` usage where nothing is chosen or nothing of that kind was landed."""
    from ingest.keys import Keyring
    from ingest.replay import ask_again, replay
    from orchestration.lock import night_lock
    from orchestration.progress import report
    from orchestration.run import run_night
    from orchestration.screen import as_json, progress

    keyring = Keyring.open(home)
    _check(home, asked)
    home.prepare()
    with night_lock(home, asked.wait), progress():
        found = replay(home, keyring, asked, progress=lambda done, total: report("cleaning", done, total))
    if not asked.json:
        _print(found)
    outcome = None
    # asked without the lock: nobody's hesitation may keep the night of 01:30 waiting
    if not found.deliveries.is_empty() and (asked.yes or _agreed(asked)):
        with night_lock(home, asked.wait), progress():
            ask_again(home, keyring, found)
            outcome = run_night(home, asked.wait, from_nothing=False)
    if asked.json:
        as_json(_described(found, outcome))
    else:
        _print_end(found, outcome)
    if outcome and outcome.troubled:
        raise typer.Exit(3)


def _check(home: Home, asked: Asked) -> None:
    from ingest.ledger import Ledger
    from orchestration.problems import Problem

    if not asked.replay or not (asked.sender or asked.dataset):
        what = "--replay 要说明哪家、哪种台账 and --sender, --dataset or both go together"
        raise Problem("usage", what, _EXAMPLE, usage=True)
    pairs: list[tuple[str, str]] = []
    if home.ledger.exists():
        with Ledger(home) as ledger:
            pairs = ledger.pairs()
    if not any(asked.sender in ("", sender) and asked.dataset in ("", dataset) for sender, dataset in pairs):
        what = "/".join(filter(None, (asked.sender, asked.dataset)))
        raise Problem("usage", f"没有收到过 {what} 的报送 nothing was landed of {what}", "jinguo status", usage=True)


def _agreed(asked: Asked) -> bool:
    if asked.json or not sys.stdin.isatty():
        return False
    return typer.confirm("发布这些变化吗？Publish this?", default=False)


def _print(found: Difference) -> None:
    from orchestration import replay as words
    from orchestration.screen import say, table

    if found.deliveries.is_empty():
        say(f"✓ {found.replayed} 个批次重新清洗，没有任何不同。Nothing differs; nothing is published.", "green")
        return
    say(f"{found.replayed} 个批次重新清洗，尚未发布。Replayed; nothing is published yet.", "bold")
    table("变化 what changes, in records", words.SUM_COLUMNS, words.summed(found), right=range(2, 6))
    several = words.deliveries(found)
    table("各批次 by delivery", words.DELIVERY_COLUMNS, several[:_SHOWN], right=range(6, 9))
    if len(several) > _SHOWN:
        say(f"… 另有 {len(several) - _SHOWN} 个批次 more, see --json", "dim")
    if not found.columns.is_empty():
        table("改变的列 columns that say something else", words.CELL_COLUMNS, words.cells(found), right=(3,))
    if not found.reasons.is_empty():
        table("原因 reasons, before and after", words.REASON_COLUMNS, words.reasons(found), right=(4, 5))
    if found.waiting:
        say(f"另有 {found.waiting} 个批次也因口径或规则有变，会在同一夜重新清洗。Others are due as well.", "yellow")


def _print_end(found: Difference, outcome: Outcome | None) -> None:
    from orchestration.screen import next_step, say

    if outcome:
        say(f"✓ {outcome.release} is served", "green")
        next_step("jinguo status", "jinguo release rollback RELEASE    # back to the one before")
    elif not found.deliveries.is_empty():
        say("没有发布。Nothing was published.", "bold")
        say("口径已改的，下一夜也会照此清洗；不要这些变化，请把口径改回。The next night follows a changed TOML, too.")
        next_step("the same line with --yes")
    else:
        next_step("jinguo status")


def _described(found: Difference, outcome: Outcome | None) -> dict[str, Any]:
    from orchestration.replay import described

    return described(found) | {"published": outcome.release if outcome else None}


_EXAMPLE = "jinguo nightly --sender SENDER --dataset DATASET --replay"
