"""``jinguo status``: what is served, how the last night ended, and who delivered what."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ingest.home import Home

NIGHTS = {
    "running": "正在运行 running",
    "killed": "被中断 killed: run jinguo nightly again",
    "done": "完成 done",
    "nothing_new": "没有新报送 nothing new",
    "failed": "失败 failed: see logs/operator.log",
}


def status(json: Annotated[bool, typer.Option("--json", help="For scripts; without names of files.")] = False) -> None:
    """Show the served release, the last night, and per sender what was received, used and refused."""
    from ingest.home import Home
    from ingest.ledger import Ledger
    from orchestration import last_night

    home = Home.from_environment()
    if not home.ledger.exists():
        _empty(home, json)
        return
    with Ledger(home) as ledger:
        current = ledger.current()
    facts = {
        "home": str(home.root),
        "is_demo": (home.keys / "DEMO").exists(),
        "release": _release(home),
        "last_night": {name: value for name, value in last_night.ended(home).items() if name != "proved"},
    }
    if json:
        _print_json(facts, current)
    else:
        _print(home, facts, current)


def _empty(home: Home, json: bool) -> None:
    from orchestration.screen import as_json, next_step, say

    if json:
        as_json({"home": str(home.root), "release": None, "last_night": {}, "deliveries": [], "refused": []})
        return
    say(f"{home.root}：还没有任何报送。Nothing was ever landed here.")
    next_step("jinguo demo", "or put files in " + str(home.inbox / "<sender>/<dataset>/") + " and run jinguo nightly")


def _release(home: Home) -> dict[str, Any] | None:
    from warehouse import releases

    try:
        served = releases.current(home.current)
    except (releases.NoRelease, releases.Damaged) as problem:
        return {"release": None, "problem": str(problem)}
    rows = sum(table["rows"] for table in served.tables.values())
    return {
        "release": served.run,
        "published_at": served.published_at,
        "tables": len(served.tables),
        "rows": rows,
        "release_hash": served.release_hash,
    }


def _print_json(facts: dict[str, Any], current: Any) -> None:
    from orchestration.deliveries import described, refusals, tallied
    from orchestration.screen import as_json

    told = {"deliveries": tallied(current).to_dicts(), "refused": [described(one) for one in refusals(current)]}
    as_json(facts | told)


def _print(home: Home, facts: dict[str, Any], current: Any) -> None:
    from orchestration.deliveries import label, print_refusals, refusals, shanghai, tallied
    from orchestration.screen import next_step, say, table

    if facts["is_demo"]:
        say("演示密钥：只可用于样例数据。DEMO keys: they protect nobody.", "bold yellow")
    release, night = facts["release"], facts["last_night"]
    if release["release"]:
        say(f"版本 release   {release['release']}，{release['tables']} tables, {release['rows']:,} rows", "bold")
    else:
        say(f"版本 release   {release['problem']}", "bold red")
    at = shanghai(dt.datetime.fromisoformat(night["at"])) if "at" in night else "—"
    say(f"上一夜 night   {at}，{NIGHTS.get(night.get('state', ''), '—')}")
    words = {"clean": "采用", "refused": "拒收", "held": "待核"}
    table(
        "报送 deliveries",
        ["报送单位", "台账", "最近收到", "最近一批", "批次", "采用 clean", "退回 rejected", "拒收 refused"],
        [
            (
                one["sender"],
                label(one["dataset"]),
                shanghai(one["received_at"]),
                words[one["state"]],
                one["deliveries"],
                one["clean_records"],
                one["rejected_records"],
                one["refused"],
            )
            for one in tallied(current).iter_rows(named=True)
        ],
        right=range(4, 8),
    )
    found = refusals(current)
    if found:
        print_refusals(home, found)
    tables = 'jinguo sql "select schema_name, table_name, comment from duckdb_tables()"'
    next_step(tables, "jinguo trace DATASET SENDER FILE ROW", "jinguo audit")
