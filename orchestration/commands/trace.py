"""``jinguo trace``: one record at every layer, and the published figures it counts in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingest.home import Home
    from orchestration.trace.trace import Traced


def trace(
    dataset: Annotated[str, typer.Argument(help="Which ledger, e.g. pairings.")],
    sender: Annotated[str, typer.Argument(help="Whose, as the inbox names it.")],
    file: Annotated[str, typer.Argument(help="The file's name, or the delivery_id.")],
    row: Annotated[int, typer.Argument(min=1, help="The row in the file, from 1.")],
    sheet: Annotated[int | None, typer.Option(help="The sheet, from 1; the first with that row otherwise.")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show cells unmasked; noted in logs/access.log.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a page.")] = False,
) -> None:
    """Show one record at every layer: as written (masked), clean or rejected, in the core, and where it is counted."""
    from ingest.contracts import CONTRACTS
    from ingest.home import Home
    from ingest.keys import Keyring
    from ingest.origin import NotFound
    from ingest.reasons import REASONS, Refused
    from orchestration.problems import Problem
    from orchestration.trace.page import page
    from orchestration.trace.trace import trace as traced

    home = Home.from_environment()
    if dataset not in CONTRACTS:
        raise Problem("dataset_unknown", dataset, "one of: " + ", ".join(CONTRACTS), usage=True)
    keyring = Keyring.open(home)
    _noted(home, dataset, sender, row, reveal)
    try:
        found = traced(home, keyring, dataset, sender, file, row, sheet, reveal=reveal)
    except NotFound as missing:
        raise Problem("record_not_found", str(missing), "jinguo status lists senders and ledgers", usage=True) from None
    except Refused as refused:
        reason = REASONS[refused.code]
        raise Problem(refused.code, f"整份文件未采用：{reason.zh}（{reason.en}）", reason.advice_zh) from None
    if markdown:
        sheet_words = f" --sheet {sheet}" if sheet else ""
        sys.stdout.write(page(found, f"jinguo trace {dataset} {sender} {file} {row}{sheet_words} --markdown"))
    else:
        _print(found)


def _noted(home: Home, dataset: str, sender: str, row: int, reveal: bool) -> None:
    """Opening landing is a recorded act: who, when, what; the file's name can name a person and is left out."""
    import datetime as dt
    import getpass

    from orchestration.problems import ACCESS_LOG, note

    now, act = dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "reveal" if reveal else "masked"
    note(home, ACCESS_LOG, f"{now} {getpass.getuser()} trace {act} {sender}/{dataset} row {row}")


def _print(found: Traced) -> None:
    from orchestration.screen import next_step, say, table
    from orchestration.trace.page import added, clean_rows, periods, shortened, uncounted, upright

    sheet = f"第{found.origin.sheet_no}张表 " if found.origin.sheet_no else ""
    say(f"{found.sender} 批次 {found.origin.delivery_id}，{sheet}第{found.origin.row_no}行", "bold")
    table(f"landing/{found.dataset}", ["列", "表头", "原文（遮盖）"], found.cells)
    _print_clean(found, [(name, shortened(value)) for name, value in clean_rows(found)])
    if found.staging[1]:
        rows = [(name, shortened(value)) for name, value in added(found)]
        table(f"staging/stg_{found.dataset}", ["column", "value"], rows)
    for sentence in found.story:
        say(sentence, "yellow")
    if found.core[1]:
        columns, rows = found.core
        heads = ["column", *(f"版本 {number}" for number, _ in enumerate(rows, 1))]
        lines = [tuple(map(shortened, line)) for line in upright(columns, rows)]
        table(found.core_table.replace(".", "/"), heads, lines)
    for title, (orgs, lines) in periods(found):
        table(title, orgs, lines, right=range(1, len(orgs)))
    if found.core_table and not found.figures:
        say(uncounted(found.dataset))
    next_step(f"jinguo sql \"from marts.delivery_status where sender = '{found.sender}' limit 20\"", "jinguo status")


def _print_clean(found: Traced, rows: list[tuple[str, str]]) -> None:
    from orchestration.screen import say, table

    if found.clean:
        table(f"clean/{found.dataset}", ["column", "value"], rows)
    else:
        say(found.missing, "bold red")
    if found.said:
        said = [(one.letter, one.how, one.code, one.reason, one.advice, one.masked_value) for one in found.said]
        heads = ["列", "类别", "code", "原因", "请这样处理", "原文（遮盖）"]
        table("findings" if found.clean else f"rejects/{found.dataset}", heads, said)
