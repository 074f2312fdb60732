"""``jinguo demo``: the whole way once, on the sample world: exports, a night, a release, and the published figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import typer

from orchestration.problems import Problem

if TYPE_CHECKING:
    from ingest.home import Home
    from ingest.keys import Keyring
    from ingest.pulled import Pulled
    from orchestration.run import Outcome


_PULLED_COLUMNS = ["报送单位", "方式 way", "条目 items", "字节 bytes", "新批次 new"]
# The object store is left to `jinguo systems`: its emulator takes longer to start than all the others to be pulled.
_WAYS = {"folder": "共享文件夹 folder", "sftp": "SFTP", "http": "接口 HTTP", "sql": "数据库 SQL"}


def demo() -> None:
    """Write the sample, pull its systems, run a night, publish, and compare with the published figures."""
    from ingest.home import Home
    from ingest.keys import Keyring, create_keys
    from orchestration.lock import night_lock
    from orchestration.run import run_night
    from orchestration.sample_world import written_for
    from orchestration.screen import progress

    home = Home.from_environment()
    home.prepare()
    create_keys(home, demo=True)
    keyring = Keyring.open(home)
    if not keyring.is_demo:
        raise Problem("home_in_use", f"{home.root} holds real keys", "JINGUO_HOME=demo jinguo demo", usage=True)
    with progress(), night_lock(home):
        pulled = deliver(home, keyring, written_for(home))
        # the systems are stopped again: what the night pulled would be received today and not when it was
        outcome = run_night(home)
    _print(home, outcome, pulled)
    if any(claim["holds"] is False for claim in _claims(home)):
        raise typer.Exit(1)


def deliver(home: Home, keyring: Keyring, sample: Path) -> list[Pulled]:
    """Pull the sample's systems, then land what no system gives, all as received on the days that its history tells.

    Raises ``Problem`` where a system does not start or cannot be pulled: nothing is landed in its stead.
    """
    from ingest.arrivals import land_history
    from ingest.pull import pull
    from orchestration.progress import report
    from orchestration.sample_world import connected

    history, senders = sample / "history.jsonl", pulled_senders()
    with connected(sample, senders):
        pulled = pull(
            home,
            keyring,
            now=datetime.now(UTC),
            only=senders,
            arrivals=_arrivals(history, senders),
            progress=partial(report, "pulling"),
        )
    for one in pulled:
        if one.state != "ok":
            raise _not_pulled(one)
    with _not_yet_landed(home, history) as rest:
        land_history(home, keyring, rest, progress=partial(report, "landing"))
    return pulled


def _not_pulled(one: Pulled) -> Problem:
    from ingest.connectors.failures import FAILURES

    failure = FAILURES[one.reason_code] if one.reason_code else None
    what = f"{failure.zh} {failure.en}" if failure else one.state
    return Problem("pull_failed", f"{one.sender} ({one.kind}): {what}", failure.advice_zh if failure else "")


def pulled_senders() -> list[str]:
    """The senders of the sample whose systems the demo pulls."""
    from samples.systems import SYSTEMS

    return [system.sender for system in SYSTEMS if system.kind in _WAYS]


def _arrivals(history: Path, senders: Sequence[str]) -> dict[str, datetime]:
    """When each content of one of ``senders`` first came, by its SHA-256."""
    from ingest.inbox import read_history

    found: dict[str, datetime] = {}
    for path, (place, received_at) in read_history(history).items():
        if place.parts[0] in senders:
            sha = hashlib.sha256(path.read_bytes()).hexdigest()
            found[sha] = min(received_at, found.get(sha, received_at))
    return found


@contextmanager
def _not_yet_landed(home: Home, history: Path) -> Generator[Path]:
    """Give a history, beside ``history``, of the files whose content is not landed yet for their sender."""
    from ingest.inbox import read_history
    from ingest.ledger import Ledger

    with Ledger(home) as ledger:
        landed = {(one.sender, sha) for one in ledger.deliveries() for sha in (one.sha256, one.bundle_sha)}
    with NamedTemporaryFile("w", dir=history.parent, prefix=".history.", suffix=".jsonl", encoding="utf-8") as rest:
        for path, (place, received_at) in read_history(history).items():
            if (place.parts[0], hashlib.sha256(path.read_bytes()).hexdigest()) not in landed:
                line = {"path": place.as_posix(), "received_at": received_at.isoformat()}
                rest.write(json.dumps(line, ensure_ascii=False) + "\n")
        rest.flush()
        yield Path(rest.name)


def _print(home: Home, outcome: Outcome, pulled: Sequence[Pulled]) -> None:
    from ingest.ledger import Ledger
    from orchestration.deliveries import SENDER_COLUMNS, by_sender, print_refusals, refusals, tallied
    from orchestration.screen import say, table

    with Ledger(home) as ledger:
        current = ledger.current()
    say()
    table("拉取 pulled", _PULLED_COLUMNS, [_row(one) for one in pulled], right=range(2, 5))
    table(
        "报送 deliveries: 记录 in = 采用 + 退回 + 重复 + 非数据",
        SENDER_COLUMNS,
        by_sender(tallied(current)),
        right=range(1, 9),
    )
    if outcome.is_new:
        print_refusals(home, refusals(current))
    _print_claims(home)
    if not outcome.is_new:
        say("没有新的报送，版本未变。Nothing new arrived: the release stands.", "bold green")
    say(f"✓ {home.current} → releases/{outcome.release}", "bold green")
    _print_next(home)


def _row(one: Pulled) -> tuple[object, ...]:
    return (one.sender, _WAYS[one.kind], one.items, one.byte_size, one.new)


def _print_claims(home: Home) -> None:
    from orchestration.screen import flowing, mark, say, table

    claims = _claims(home)
    for programme in dict.fromkeys(one["programme_key"] for one in claims):
        ours = [one for one in claims if one["programme_key"] == programme]
        kept = [one for one in ours if one["holds"]]
        say(f"公布的数字 published claims: {programme}, {len(kept)} of {len(ours)}", "bold")
        flowing([mark(True).append(f" {one['claim_id']} {_number(one['actual'])} {one['unit']}") for one in kept])
    rows = [
        (one["claim_id"], one["quotation"], _expected(one), _number(one["actual"]), mark(one["holds"]))
        for one in claims
        if not one["holds"]
    ]
    if rows:
        heads = ["claim", "原文 as printed", "expected", "actual", "holds"]
        table("对不上的数字 claims that do not hold", heads, rows, right=(2, 3))
    held = len(claims) - len(rows)
    say(f"{held} of {len(claims)} published figures come back out of the marts", "red" if rows else "green")
    say()


def _claims(home: Home) -> list[dict[str, Any]]:
    from warehouse import reader

    answer = reader.query(home.current, "select * from marts.published_claims order by all")
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _expected(claim: dict[str, Any]) -> str:
    low, high = _number(claim["low"]), _number(claim["high"])
    return {"=": low, ">=": f"≥ {low}", "<=": f"≤ {high}"}.get(claim["operator"], f"{low} – {high}")


def _number(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{float(value):,.3f}".rstrip("0")


def _print_next(home: Home) -> None:
    from orchestration.screen import called, next_step

    tools = called(home)
    next_step(
        f'{tools}jinguo sql "select * from marts.pairing_coverage order by all limit 5"',
        f"{tools}jinguo status",
        f"DAGSTER_HOME={home.dagster} {tools}dagster dev -w workspace.yaml",
    )
