"""``jinguo held``, ``jinguo approve``, ``jinguo refuse``: what waits for a person, and what she decided about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ingest.decisions import Verdict
    from ingest.home import Home

WORDS = {"approve": "采用 approved", "refuse": "不采用 refused"}
COLUMNS = ["批次 delivery", "报送单位", "台账", "收到", "原因", "之前 → 现在", "对照批次"]
Which = Annotated[str, typer.Argument(metavar="DELIVERY", help="The 16 letters that jinguo held shows.")]
Because = Annotated[str, typer.Option("--because", help="Why, in a sentence; kept for ever, in landing.")]


def held(
    decided: Annotated[bool, typer.Option("--decided", help="Show what was decided, by whom and why.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts; without reasons that persons wrote.")] = False,
) -> None:
    """Show the deliveries that wait for a person: snapshots that shrank, and bytes that another sender had sent."""
    from ingest.home import Home

    home = Home.from_environment()
    if decided:
        _print_decided(home, json)
    else:
        _print_held(home, json)


def approve(delivery: Which, because: Because = "") -> None:
    """Use a held delivery after all; the next night does. A later decision about it counts instead."""
    _decide(delivery, "approve", because)


def refuse(delivery: Which, because: Because = "") -> None:
    """Use nothing of a held delivery, or of the one that it repeats. A later decision about it counts instead."""
    _decide(delivery, "refuse", because)


def _decide(delivery: str, verdict: Verdict, because: str) -> None:
    from ingest.decisions import decide, read_decisions
    from ingest.home import Home
    from ingest.ledger import Ledger
    from orchestration.problems import Problem
    from orchestration.screen import called, next_step, say

    home = Home.from_environment()
    if not because.strip():
        line = f'jinguo {verdict} DELIVERY --because "已与对方核对"'
        raise Problem("usage", "请写明理由。A decision needs a reason", line, usage=True)
    holds = []
    if home.ledger.exists():
        with Ledger(home) as ledger:
            holds = ledger.holds()
    decidable = {one.delivery_id for one in holds} | {one.delivery_id for one in read_decisions(home)}
    if verdict == "refuse":  # of two equal files the earlier one may be the wrong one
        decidable |= {one.other_id for one in holds}
    if delivery not in decidable:
        # what was typed may be a file's name, and this line is logged
        raise Problem("not_held", "该批次不在待核之列 this delivery is not held", "jinguo held", usage=True)
    decide(home, delivery, verdict, because, datetime.now(UTC))
    say(f"✓ {delivery} {WORDS[verdict]}，理由已存档 recorded", "green")
    next_step(f"{called(home)}jinguo nightly")


def _print_held(home: Home, json: bool) -> None:
    from orchestration.screen import as_json, called, next_step, say, table

    found = _held(home)
    if json:
        as_json(found)
        return
    if not found:
        say("没有待核的报送。Nothing is held.", "green")
        return
    table("待核的报送 held", COLUMNS, [tuple(one.values())[:7] for one in found])
    for advice in dict.fromkeys(one["advice"] for one in found):
        say(f"→ {advice}")
    ours = f"{called(home)}jinguo"
    next_step(
        f'{ours} approve {found[0]["delivery"]} --because "…"', f'{ours} refuse {found[0]["delivery"]} --because "…"'
    )


def _held(home: Home) -> list[dict[str, Any]]:
    from ingest.ledger import Ledger
    from ingest.reasons import REASONS
    from orchestration.deliveries import label, shanghai

    if not home.ledger.exists():
        return []
    with Ledger(home) as ledger:
        holds, deliveries = ledger.holds(), {one.delivery_id: one for one in ledger.deliveries()}
    return [
        {
            "delivery": one.delivery_id,
            "sender": deliveries[one.delivery_id].sender,
            "dataset": label(deliveries[one.delivery_id].dataset),
            "received": shanghai(deliveries[one.delivery_id].received_at),
            "reason": REASONS[one.reason_code].zh,
            "records": f"{one.before} → {one.now}",
            "against": f"{deliveries[one.other_id].sender} {one.other_id}",
            "reason_code": one.reason_code,
            "advice": REASONS[one.reason_code].advice_zh,
        }
        for one in holds
    ]


def _print_decided(home: Home, json: bool) -> None:
    from ingest.decisions import counting, read_decisions
    from orchestration.deliveries import shanghai
    from orchestration.screen import as_json, say, table

    every = list(read_decisions(home))
    current = {one.decision_id for one in counting(every).values()}
    if json:
        shown = [(one.delivery_id, one.verdict, one.decided_at, one.decision_id in current) for one in every]
        as_json([dict(zip(("delivery", "verdict", "decided_at", "counts"), one, strict=True)) for one in shown])
        return
    if not every:
        say("还没有核定过任何报送。Nothing was decided yet.")
        return
    heads = ["批次 delivery", "核定", "时间", "经手 by", "现行", "理由"]
    rows = [
        (
            one.delivery_id,
            WORDS[one.verdict],
            shanghai(one.decided_at),
            one.decided_by,
            "✓" if one.decision_id in current else "",
            one.because,
        )
        for one in every
    ]
    table("核定 decisions", heads, rows)
