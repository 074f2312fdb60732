"""A traced record as a page of Markdown: what docs/follow-one-visit.md is made of."""

import inspect
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from ingest.contracts import CONTRACTS
from orchestration.trace.figures import FIGURES
from orchestration.trace.released import Rows
from orchestration.trace.trace import Traced

_LINEAGE = {"sender", "delivery_id", "batch_id", "sheet_no", "row_no"}
_KEY = re.compile(r"\b[a-p]{32}\b")
_ROOT = Path(__file__).parents[2]


def page(found: Traced, command: str) -> str:
    """Return the page; ``command`` is what made it. The same record gives the same page whatever the keys are."""
    landing, clean, staging, core, marts = _made_by(found)
    place = found.origin
    sheet = f"sheet {place.sheet_no}, " if place.sheet_no else ""
    parts = [
        f"# Follow one record: `{found.dataset}`\n",
        (
            f"One row of {found.sender}, at every layer. Made by `{command}`; a test makes it again and compares."
            " Cells that can speak of a person are shown by their shape, keys and tokens by a letter:"
            " equal letters, equal keys.\n"
        ),
        f"## 1. `landing/{found.dataset}`: what the sender wrote\n",
        (
            f"Delivery `{place.delivery_id}` ({found.kind}), {sheet}row {place.row_no}. The file lies encrypted in"
            f" landing, for ever unchanged. How this sender writes its ledger is stated in {landing}.\n"
        ),
        _table(["column", "header", "as written"], found.cells),
        *_cleaned(found, clean),
        *_staged(found, staging),
        *_lasting(found, core),
        *_counted(found, marts),
    ]
    return _lettered("\n".join(part for part in parts if part))


def _cleaned(found: Traced, made_by: str) -> list[str]:
    said = [(one.letter, one.how, one.code, one.reason, one.advice, one.masked_value) for one in found.said]
    return [
        f"## 2. `clean/{found.dataset}`: what we made of it\n",
        f"Every cell is read or refused by {made_by}. Persons become tokens, words become codes, days become dates.\n"
        if found.clean
        else f"{found.missing}\n",
        _table(["column", "value"], clean_rows(found)) if found.clean else "",
        _table(["column", "class", "code", "reason", "advice", "masked value"], said) if said else "",
    ]


def _staged(found: Traced, made_by: str) -> list[str]:
    if not found.staging[1]:
        return []
    return [
        f"## 3. `staging/stg_{found.dataset}`: the row with its delivery\n",
        (
            f"{made_by} sets beside each row of an accepted delivery when it arrived and which thing it speaks of."
            " Only what staging adds or changes is shown.\n"
        ),
        _table(["column", "value"], added(found)),
    ]


def _lasting(found: Traced, made_by: str) -> list[str]:
    if not found.core_table:
        return []
    columns, rows = found.core
    heads = ["column", *(f"version {number}" for number, _ in enumerate(rows, 1))]
    return [
        f"## 4. `{found.core_table.replace('.', '/')}`: what happened, and what was known when\n",
        (
            f"{made_by} puts the statements of all deliveries in order. A version holds from `known_from` to"
            " `known_to` (UTC): nothing is overwritten, so an earlier day can be asked again.\n"
        ),
        *(f"{sentence}\n" for sentence in found.story),
        _table(heads, upright(columns, rows)) if rows else "",
    ]


def _counted(found: Traced, made_by: str) -> list[str]:
    rows = [
        (one.mart.removeprefix("marts."), one.org_name, one.period, f"`{one.figure}` {one.label}", number(one.value))
        for one in found.figures
    ]
    told = f"{made_by} answer the questions; a figure of a county is part of that of its city, province and country.\n"
    return [
        "## 5. `marts`: the figures it counts in\n",
        told if rows else f"{uncounted(found.dataset)}\n",
        _table(["mart", "organisation", "period", "figure", "value"], rows) if rows else "",
    ]


def clean_rows(found: Traced) -> list[tuple[str, str]]:
    """The clean row as (column, value), lineage left out."""
    return [(name, text(value)) for name, value in found.clean.items() if name not in _LINEAGE and value is not None]


def added(found: Traced) -> list[tuple[str, str]]:
    """The staging row as (column, value): only what the clean row does not say in the same words."""
    columns, rows = found.staging
    cleaned = dict(clean_rows(found))
    return [
        (name, text(value))
        for row in rows
        for name, value in zip(columns, row, strict=True)
        if value is not None and cleaned.get(name) != text(value) and name not in ("sheet_no", "row_no")
    ]


def upright(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Rows turned into columns: one line a column, one column a row; what is empty in all rows is left out."""
    return [
        (name, *(text(row[number]) for row in rows))
        for number, name in enumerate(columns)
        if any(row[number] is not None for row in rows)
    ]


def periods(found: Traced) -> list[tuple[str, Rows]]:
    """Per mart and period: the figures, one line each, one column an organisation, nearest first."""
    told = []
    for (mart, period), group in groupby(found.figures, lambda one: (one.mart, one.period)):
        several = list(group)
        orgs = list(dict.fromkeys(one.org_name for one in several))
        lines = [
            (f"{figure} {of[0].label}", *(number(one.value) for one in of))
            for figure in dict.fromkeys(one.figure for one in several)
            if (of := [one for one in several if one.figure == figure])
        ]
        told.append((f"{mart.replace('.', '/')} {period}", (["figure", *orgs], lines)))
    return told


def uncounted(dataset: str) -> str:
    """What to say where no figure is shown: that there is none, or that those of this ledger are not followed."""
    if dataset in FIGURES:
        return "这条记录不计入任何指标。It counts in no figure."
    return "本台账不逐条对应指标，见 docs/data-dictionary.md。Its figures are not followed record by record."


def text(value: Any) -> str:
    """A value as the page shows it; empty where there is none."""
    if value is None:
        return ""
    return "、".join(map(text, value)) if isinstance(value, list) else str(value)


def number(value: Any) -> str:
    """A figure with separators, without digits that say nothing."""
    if value is None:
        return ""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def shortened(line: str) -> str:
    """A line for the screen: of keys and tokens the first letters, enough to see that two are one."""
    return _KEY.sub(lambda key: f"{key[0][:8]}…", line)


def _lettered(whole: str) -> str:
    letters: dict[str, str] = {}
    return _KEY.sub(lambda key: letters.setdefault(key[0], f"‹{ascii_uppercase[len(letters)]}›"), whole)


def _made_by(found: Traced) -> tuple[str, str, str, str, str]:
    """Links from docs/ to the files that made each layer: spec, contract and engine, staging, core, marts."""
    contract = _link(Path(inspect.getfile(CONTRACTS[found.dataset].schema)))
    spec = _ROOT / "ingest" / "senders" / found.sender / f"{found.dataset}.toml"
    models = _ROOT / "dbt_project" / "models"
    marts = sorted({models / "marts" / f"{one.mart.removeprefix('marts.')}.sql" for one in found.figures})
    return (
        f"{_link(spec)}, what the ledger is in {contract}" if spec.exists() else f"{contract}: it uses our own headers",
        _link(_ROOT / "ingest" / "clean.py"),
        _link(models / "staging" / f"stg_{found.dataset}.sql"),
        _link(models / "core" / f"{found.core_table.removeprefix('core.')}.sql"),
        " and ".join(map(_link, marts)),
    )


def _link(path: Path) -> str:
    place = path.relative_to(_ROOT).as_posix()
    return f"[{place}](../{place})"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
