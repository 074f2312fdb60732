"""``jinguo prune``: remove what nobody needs any more; never anything of landing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

import typer


def prune(
    older_than: Annotated[str, typer.Option(help="Days, as 90d: older runs and log entries go.")] = "90d",
    keep: Annotated[int, typer.Option(min=2, help="How many of the newest releases to keep.")] = 14,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a night to end.")] = 600,
) -> None:
    """Remove old Dagster runs, old releases, leftovers of dead runs and old log entries; say what was removed."""
    from ingest.home import Home
    from orchestration.prune import prune
    from orchestration.screen import as_json, next_step, progress, say

    home = Home.from_environment()
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=_days(older_than))
    with progress():
        gone = prune(home, before, keep, is_dry=dry_run, wait_seconds=wait)
    if json:
        as_json({"before": before, "dry_run": dry_run, **vars(gone)})
        return
    verb = "将清理 would remove" if dry_run else "已清理 removed"
    say(f"{verb}（{before:%Y-%m-%d} 以前）:", "bold")
    say(f"  {len(gone.runs)} 次运行记录 Dagster runs; {gone.kept_runs} as old stay: the last word about an asset")
    say(f"  {len(gone.releases)} 个旧版本 releases" + "".join(f" {name}" for name in gone.releases))
    say(f"  {len(gone.leftovers)} 个中断的半成品 leftovers" + "".join(f" {name}" for name in gone.leftovers))
    say(f"  {gone.log_entries} 条日志 entries of logs/operator.log")
    next_step("jinguo prune" if dry_run else "jinguo release list")


def _days(text: str) -> int:
    from orchestration.problems import Problem

    match = re.fullmatch(r"(\d{1,5})d", text)
    if not match:
        raise Problem("usage", f"{text!r} 不是天数 is no number of days", "jinguo prune --older-than 90d", usage=True)
    return int(match[1])
