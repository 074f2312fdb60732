"""What a table contains, as one hash that neither the order of rows nor the engine's version changes."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Column:
    """One column as DuckDB's catalog has it; ``comment`` is empty where there is none."""

    name: str
    type: str
    comment: str

    @property
    def is_text(self) -> bool:
        """Whether values of this column can spell a word or a number of somebody (lists and structs too)."""
        return any(word in self.type for word in ("VARCHAR", "ENUM", "JSON", "BLOB"))


@dataclass(frozen=True)
class Relation:
    """One table or view of a released file."""

    schema: str
    name: str
    is_view: bool
    comment: str
    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        """The two-part name, as a reader writes it."""
        return f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> str:
        """The two-part name for SQL."""
        return f"{quote(self.schema)}.{quote(self.name)}"


def quote(name: str) -> str:
    """Return ``name`` as an SQL identifier; a quote inside it cannot end it."""
    return '"' + name.replace('"', '""') + '"'


def relations(connection: duckdb.DuckDBPyConnection) -> list[Relation]:
    """Return every table and view of the connection's own file, in the order of their names."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, name, kind, comment in connection.execute(
        "select schema_name, table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where database_name = current_database() and not internal order by schema_name, table_name, column_index"
    ).fetchall():
        columns.setdefault((schema, table), []).append(Column(name, kind, comment))
    found = connection.execute(
        "select schema_name, table_name as name, false as is_view, coalesce(comment, '') from duckdb_tables() "
        "where database_name = current_database() and not internal union all "
        "select schema_name, view_name, true, coalesce(comment, '') from duckdb_views() "
        "where database_name = current_database() and not internal order by 1, 2"
    ).fetchall()
    return [Relation(*row, columns=tuple(columns.get((row[0], row[1]), ()))) for row in found]


def row_number(columns: Iterable[Column]) -> str:
    """Return an SQL expression: a 64-bit number of one row over ``columns``, in their order.

    Every value is preceded by its length and null has a sign of its own, so that two different rows never
    spell the same text. md5, because DuckDB's own hash() changes between versions.
    """
    spelled = [f"cast({quote(column.name)} as varchar)" for column in columns]
    # concat leaves a null out, and copies each value once where a chain of || copies all that is before it again
    parts = [f"coalesce(length({value}) || ':', '~'), {value}" for value in spelled]
    return f"md5_number_lower(concat({', '.join(parts)}))"


def table_hash(relation: Relation, rows: int, total: int) -> str:
    """Return the hash of what a reader of ``relation`` sees: names, types, comments, rows.

    ``total`` is the sum of row_number over all rows: a sum, because in an exclusive-or two equal rows cancel.
    """
    seen = [relation.label, relation.comment, [[c.name, c.type, c.comment] for c in relation.columns], rows, str(total)]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


def release_hash(hashes: dict[str, str]) -> str:
    """Return the hash over the hashes of all tables (label -> hash): equal when two releases say the same."""
    return hashlib.sha256(json.dumps(sorted(hashes.items())).encode()).hexdigest()
