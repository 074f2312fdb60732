"""``jinguo demo``: the whole way once, on the sample world: exports, a night, a release, and the published figures."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import typer

from orchestration.problems import Problem

if TYPE_CHECKING:
    from ingest.home import Home
    from orchestration.run import Outcome


def demo() -> None:
    """Write the sample exports, run a night over them, publish a release, and compare it with the published figures."""
    from ingest.home import Home
    from ingest.keys import Keyring, create_keys
    from orchestration.lock import night_lock
    from orchestration.run import run_night
    from orchestration.screen import progress

    home = Home.from_environment()
    home.prepare()
    create_keys(home, demo=True)
    keyring = Keyring.open(home)
    if not keyring.is_demo:
        raise Problem("home_in_use", f"{home.root} holds real keys", "JINGUO_HOME=demo jinguo demo", usage=True)
    with progress(), night_lock(home):
        _deliver(home, keyring)
        outcome = run_night(home)
    _print(home, outcome)
    if any(claim["holds"] is False for claim in _claims(home)):
        raise typer.Exit(1)


def _deliver(home: Home, keyring: Any) -> None:
    """Write the sample where it is not there, and land it as received on the days that its history tells."""
    from ingest.arrivals import land_history
    from orchestration.progress import report

    sample, stamp, code = home.root / "sample", home.root / "sample.stamp", _code()
    if not (sample.exists() and stamp.exists() and stamp.read_text() == code):
        _write(home, sample)
        stamp.write_text(code)
    history = sample / "history.jsonl"
    land_history(home, keyring, history, progress=lambda done, total: report("landing", done, total))


def _code() -> str:
    """A hash of the sample's writer: equal means that it would write the same again. Raises ``Problem``."""
    try:
        import samples
    except ImportError:
        raise Problem("samples_missing", "the sample writer is not installed", "pip install -e '.[samples]'") from None
    return _hashed(Path(samples.__file__).parent, "*.py")


def _write(home: Home, sample: Path) -> None:
    """Write the sample aside, then put it in place, whole. Raises ``Problem`` where another one was landed here."""
    from orchestration.progress import report
    from samples import write_world

    report("writing", 0, 1)
    with TemporaryDirectory(dir=home.root, prefix="sample.") as aside:
        written = Path(aside) / "sample"
        write_world(written)
        if not sample.exists():
            written.rename(sample)
        elif _hashed(written, "*") != _hashed(sample, "*"):
            # What was landed stays landed: two worlds in one home would be true together of nothing.
            raise Problem(
                "sample_changed",
                f"{sample} 是另一版样例，已入库的报送不能更换。The sample's code has changed since.",
                f"rm -r {home.root}    # then: jinguo demo",
            )
    report("writing", 1, 1)


def _hashed(folder: Path, pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob(pattern) if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _print(home: Home, outcome: Outcome) -> None:
    from ingest.ledger import Ledger
    from orchestration.deliveries import SENDER_COLUMNS, by_sender, print_refusals, refusals, tallied
    from orchestration.screen import say, table

    with Ledger(home) as ledger:
        current = ledger.current()
    say()
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
