"""What the operator is told about pulled systems: state, reason and advice in words, never an address."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ingest.connectors.failures import FAILURES
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.pulled import Pulled

STATES = {"ok": "完成", "failed": "失败", "not_connected": "未连接"}
COLUMNS = ["报送单位", "方式 kind", "结果 state", "条目 items", "新批次 new", "原因", "请这样处理"]


def pulled_since(home: Home, since: datetime) -> list[Pulled]:
    """Return the newest pull of every system that was pulled at ``since`` or later, by sender."""
    with Ledger(home) as ledger:
        return [one for one in ledger.pulls() if one.started_at >= since]


def failures(pulled: Iterable[Pulled]) -> list[Pulled]:
    """Return those that failed; a system that is not connected did not."""
    return [one for one in pulled if one.state == "failed"]


def row(one: Pulled) -> tuple[object, ...]:
    """One pull as a row of ``COLUMNS``."""
    failure = FAILURES.get(one.reason_code or "")
    why, advice = (failure.zh, failure.advice_zh) if failure else (one.reason_code or "", "")
    return (one.sender, one.kind, STATES[one.state], one.items, one.new, why, advice)


def print_pulls(pulled: Sequence[Pulled]) -> None:
    """Print a table of the connected systems, and one line that names the others."""
    from orchestration.screen import say, table

    connected = [one for one in pulled if one.state != "not_connected"]
    if connected:
        table("拉取 pulled", COLUMNS, map(row, connected), right=(3, 4))
    others = [one.sender for one in pulled if one.state == "not_connected"]
    if others:
        say(f"未连接的系统 not connected: {', '.join(others)}（未设地址，见各单位的system.toml）", "dim")
