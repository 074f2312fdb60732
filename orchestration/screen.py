"""What the commands print: tables that line up with Chinese in them, progress on the error stream, JSON for scripts."""

import json
import os
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Any

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table, box
from rich.text import Text

from ingest.home import Home
from orchestration.problems import Told
from orchestration.progress import watched

# A pipe has no width: wide enough that no cell is cut for whoever reads the log.
_WIDTH = None if sys.stdout.isatty() else 160
out = Console(highlight=False, width=_WIDTH, soft_wrap=False)
err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 160)

NAMES = {
    "writing": "写出样例 write the sample",
    "pulling": "拉取 pull",
    "landing": "接收 land",
    "cleaning": "清洗 clean",
    "building": "建仓与检验 build and test",
    "publishing": "审计与发布 audit and publish",
    "proving": "重证平衡 prove the balance",
    "opening": "逐份打开 open landing",
    "sealing": "重新封存 seal anew",
    "pruning": "清理 prune",
}


@contextmanager
def progress() -> Generator[None]:
    """Show on the error stream how far the steps within the block are: bars on a terminal, plain lines elsewhere."""
    with _bars() if err.is_terminal else _lines():
        yield


@contextmanager
def _bars() -> Generator[None]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=False) as bars:
        tasks: dict[str, Any] = {}

        def seen(step: str, done: int, total: int) -> None:
            if step not in tasks:
                for earlier in tasks.values():
                    bars.stop_task(earlier)
                tasks[step] = bars.add_task(_padded(NAMES.get(step, step)), total=total or None)
            bars.update(tasks[step], completed=done, total=total or None)

        with watched(seen):
            yield


@contextmanager
def _lines() -> Generator[None]:
    told: set[tuple[str, bool]] = set()

    def seen(step: str, done: int, total: int) -> None:
        is_end = done >= total
        if (step, is_end) not in told:
            told.add((step, is_end))
            err.print(f"{NAMES.get(step, step)}: {done}/{total}")

    with watched(seen):
        yield


def _padded(text: str) -> str:
    return text + " " * max(0, 28 - cell_len(text))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[int] = ()) -> None:
    """Print a table; the columns numbered in ``right`` hold numbers and are aligned to the right. The first column,
    which says what a row is about, is never broken."""
    rows = list(rows)
    whole = max((cell_len(_shown(row[0])) for row in rows if not isinstance(row[0], Text)), default=0)
    drawn = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(columns):
        drawn.add_column(
            name,
            justify="right" if number in set(right) else "left",
            overflow="fold",
            min_width=0 if number else min(whole, out.width // 3),
        )
    for row in rows:
        drawn.add_row(*(cell if isinstance(cell, Text) else Text(_shown(cell)) for cell in row))
    out.print(drawn)


def fits(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether ``table`` could show every cell on one line."""
    widths = [max(map(cell_len, (name, *(row[number] for row in rows)))) for number, name in enumerate(columns)]
    return sum(widths) + 3 * len(columns) <= out.width


def records(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> None:
    """Print one block a row, one line a column: for rows wider than the screen. ``right`` as for ``table``."""
    names, numbers = max(map(cell_len, columns), default=0), set(right)
    for count, row in enumerate(rows, 1):
        say(f"— {count} ".ljust(names + 2, "—"), "dim")
        width = max((len(row[number]) for number in numbers), default=0)
        for number, (name, value) in enumerate(zip(columns, row, strict=True)):
            shown = value.rjust(width) if number in numbers else value
            say(f"{name}{' ' * (names - cell_len(name))}  {shown}".rstrip())


def flowing(items: Sequence[Text]) -> None:
    """Print short items side by side, as many a line as fit, below each other where that helps the eye."""
    out.print(Columns(items, column_first=True, padding=(0, 3)))


def mark(holds: bool | None) -> Text:
    """A tick or a cross, coloured; a dash where nobody can know yet."""
    if holds is None:
        return Text("—", style="dim")
    return Text.assemble(("✓", "green") if holds else ("✗", "bold red"))


def say(line: str = "", style: str = "") -> None:
    """Print one line; square brackets are text, not markup."""
    out.print(Text(line, style=style), soft_wrap=True)


def next_step(*lines: str) -> None:
    """Print what to do next, as lines to copy; nothing else on them."""
    say("接下来 next:", "bold")
    for line in lines:
        say(f"  {line}", "cyan")


def called(home: Home) -> str:
    """What must stand before a command of ours in a line to copy: this home where it is not the usual one, the path."""
    tools = Path(sys.executable).parent
    shown = Path(os.path.relpath(tools)) if tools.is_relative_to(Path.cwd()) else tools
    ours = "" if home.root == Path.cwd() / "var" else f"JINGUO_HOME={quote(str(home.root))} "
    return f"{ours}{shown}/"


def as_json(value: object) -> None:
    """Print ``value`` as JSON; days and instants in ISO 8601."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def complain(told: Told) -> None:
    """Print a failure on the error stream: its code, what it means, what to do."""
    err.print(Text(f"✗ {told.code}: {told.what}", style="bold red"), soft_wrap=True)
    if told.todo:
        err.print(Text(f"  → {told.todo}"), soft_wrap=True)


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
