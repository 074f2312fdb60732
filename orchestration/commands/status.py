"""``jinguo status``: what is served, how the last night ended, who owes what, and what has to be looked at."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import polars as pl

    from ingest.home import Home
    from ingest.pulled import Pulled

NIGHTS = {
    "running": "正在运行 running",
    "killed": "被中断 killed: run jinguo nightly again",
    "done": "完成 done",
    "nothing_new": "没有新报送 nothing new",
    "failed": "失败 failed: see logs/operator.log",
}
_REFUSALS = 5
_EMPTY: dict[str, Any] = {"deliveries": [], "refused": [], "reporting": [], "systems": [], "alerts": []}


def status(json: Annotated[bool, typer.Option("--json", help="For scripts; without names of files.")] = False) -> None:
    """Show the served release, the last night, systems, alerts, and per sender what was due, came, and is held."""
    from ingest.home import Home
    from ingest.ledger import Ledger

    home = Home.from_environment()
    if not home.ledger.exists():
        _empty(home, json)
        return
    with Ledger(home) as ledger:
        current, pulls = ledger.current(), ledger.pulls()
    if json:
        _print_json(home, current, pulls)
    else:
        _print(home, current, pulls)


def _empty(home: Home, json: bool) -> None:
    from orchestration.screen import as_json, next_step, say

    if json:
        as_json({"home": str(home.root), "release": None, "last_night": {}} | _EMPTY)
        return
    say(f"{home.root}：还没有任何报送。Nothing was ever landed here.")
    next_step("jinguo demo", "or put files in " + str(home.inbox / "<sender>/<dataset>/") + " and run jinguo nightly")


def _facts(home: Home) -> dict[str, Any]:
    from orchestration import last_night

    return {
        "home": str(home.root),
        "is_demo": (home.keys / "DEMO").exists(),
        "release": _release(home),
        "last_night": {name: value for name, value in last_night.ended(home).items() if name != "proved"},
    }


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


def _print_json(home: Home, current: pl.DataFrame, pulls: list[Pulled]) -> None:
    from orchestration import reporting
    from orchestration.deliveries import described, refusals, tallied
    from orchestration.screen import as_json

    told = {
        "reporting": reporting.described(reporting.by_dataset(home, current)),
        "systems": [vars(one) for one in pulls],
        "alerts": _alerts(home),
        "deliveries": tallied(current).to_dicts(),
        "refused": [described(one) for one in refusals(current)],
    }
    as_json(_facts(home) | told)


def _alerts(home: Home) -> list[str]:
    from orchestration.alerts.bell import unheard
    from orchestration.problems import Problem

    try:
        return [one.line for one in unheard(home)]
    except Problem as problem:
        return [str(problem)]


def _print(home: Home, current: pl.DataFrame, pulls: list[Pulled]) -> None:
    from orchestration import reporting
    from orchestration.screen import next_step

    _print_served(_facts(home))
    _print_systems(pulls)
    _print_alerts(_alerts(home))
    states = {one.sender: one.state for one in pulls if one.state != "not_connected"}
    _print_senders(reporting.by_sender(reporting.by_dataset(home, current), states))
    held = _print_refusals(home, current)
    tables = 'jinguo sql "select schema_name, table_name, comment from duckdb_tables()"'
    next_step(*(["jinguo held"] if held else []), "jinguo status --json", tables, "jinguo audit")


def _print_served(facts: dict[str, Any]) -> None:
    from orchestration.deliveries import shanghai
    from orchestration.screen import say

    if facts["is_demo"]:
        say("演示密钥：只可用于样例数据。DEMO keys: they protect nobody.", "bold yellow")
    release, night = facts["release"], facts["last_night"]
    if release["release"]:
        say(f"版本 release   {release['release']}，{release['tables']} tables, {release['rows']:,} rows", "bold")
    else:
        say(f"版本 release   {release['problem']}", "bold red")
    at = shanghai(dt.datetime.fromisoformat(night["at"])) if "at" in night else "—"
    is_bad = night.get("state") in ("failed", "killed")
    say(f"上一夜 night   {at}，{NIGHTS.get(night.get('state', ''), '—')}", "bold red" if is_bad else "")


def _print_systems(pulls: list[Pulled]) -> None:
    from ingest.connectors.failures import FAILURES
    from orchestration.deliveries import shanghai
    from orchestration.screen import say

    for one in (one for one in pulls if one.state == "failed"):
        failure = FAILURES.get(one.reason_code or "")
        said = f"{failure.zh} → {failure.advice_zh}" if failure else one.reason_code
        say(f"✗ 系统 system  {one.sender} ({one.kind}) {shanghai(one.started_at)} {said}", "red")
    fine = [f"{one.sender} ({one.kind}) {shanghai(one.started_at)}" for one in pulls if one.state == "ok"]
    if fine:
        say(f"已连系统 pulled {'，'.join(fine)}")
    off = [one.sender for one in pulls if one.state == "not_connected"]
    if off:
        say(f"未连系统 not connected {'，'.join(off)}", "dim")


def _print_alerts(lines: list[str]) -> None:
    from orchestration.screen import say

    for line in lines[:3]:
        say(f"未送出的告警 unsent {line}", "yellow")
    if len(lines) > 3:
        say(f"… 另有 {len(lines) - 3} 条未送出的告警 more unsent alerts: jinguo status --json", "yellow")


def _print_senders(standings: list[Any]) -> None:
    from rich.text import Text

    from orchestration.screen import table

    def marked(count: int, style: str) -> Text:
        return Text(str(count), style=style if count else "dim")

    rows = [
        (
            one.sender,
            one.datasets,
            one.deliveries,
            one.due,
            one.on_time,
            marked(one.late, "yellow"),
            marked(one.missing, "bold red" if one.missing_now else "yellow"),
            _percent(one.reporting_share),
            _percent(one.timeliness_share),
            marked(one.held, "bold red"),
            marked(one.refused, "yellow"),
        )
        for one in standings
    ]
    heads = ["报送单位", "台账", "批次", "应报期", "按时", "迟报", "缺报", "报送率", "及时率", "待核", "拒收"]
    table("报送 reporting, 问题在前：应报期 due = 按时 + 迟报 + 缺报", heads, rows, right=range(1, 11))


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _print_refusals(home: Home, current: pl.DataFrame) -> bool:
    """Print the newest of what is held or refused, held first; return whether anything is held."""
    from orchestration.deliveries import print_refusals, refusals
    from orchestration.screen import say

    found = sorted(refusals(current), key=lambda one: one.state != "held")
    if found:
        print_refusals(home, found[:_REFUSALS])
    if len(found) > _REFUSALS:
        say(f"… 另有 {len(found) - _REFUSALS} 份 more held or refused: jinguo status --json", "dim")
    return any(one.state == "held" for one in found)
