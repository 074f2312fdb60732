"""``jinguo sql``: ask the served release, read-only."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from warehouse.reader import Answer

_LIMIT = 1000
_TABLES = 'jinguo sql "select schema_name, table_name, comment from duckdb_tables()"'


def sql(
    query: Annotated[str, typer.Argument(help='One SELECT, e.g. "select * from marts.pairing_coverage limit 5".')],
    json: Annotated[bool, typer.Option("--json", help="Rows as JSON objects, all of them.")] = False,
) -> None:
    """Run one SELECT on the served release: read-only, without a way to any other file."""
    import duckdb

    from ingest.home import Home
    from orchestration.problems import Problem
    from orchestration.screen import as_json
    from warehouse import reader

    try:
        answer = reader.query(Home.from_environment().current, query)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise Problem("sql_wrong", str(error), _TABLES, usage=True) from None
    except reader.Refused as error:
        raise Problem("sql_refused", str(error), "one SELECT at a time", usage=True) from None
    except duckdb.PermissionException:
        raise Problem("sql_refused", "a query reads the release and no other file", _TABLES, usage=True) from None
    except duckdb.Error as error:
        # Its words can quote a row.
        raise Problem("sql_failed", type(error).__name__, "try_cast reads what it can; limit takes less") from None
    if json:
        as_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
        return
    _print(answer)


def _print(answer: Answer) -> None:
    from orchestration.screen import fits, records, say, table

    shown = answer.rows[:_LIMIT]
    numbers = [i for i, _ in enumerate(answer.columns) if any(_is_number(row[i]) for row in shown)]
    rows = [[_plain(value) for value in row] for row in shown]
    if fits(answer.columns, rows):
        table("", answer.columns, rows, right=numbers)
    else:
        records(answer.columns, rows, right=numbers)
    more = f", the first {_LIMIT:,} shown; --json gives all" if len(answer.rows) > _LIMIT else ""
    say(f"{len(answer.rows):,} rows{more}", "dim")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _plain(value: object) -> str:
    """A value as SQL says it, without separators: 2023 is a year as often as a sum."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
