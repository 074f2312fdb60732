"""Reads a release with whichever DuckDB is on the path: python compat_process.py RELEASE prints JSON.

Imports nothing of the project but the fingerprint, and that only where asked (an old DuckDB spells lists differently).
"""

import json
import sys
from pathlib import Path

import duckdb


def read(path: Path, fingerprint: bool) -> dict[str, dict]:
    told = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema, name, comment in connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() where not internal"
        ).fetchall():
            label = f"{schema}.{name}"
            rows = connection.execute(f"select * from {label}").fetchall()
            (bare,) = connection.execute(
                "select count(*) from duckdb_columns() where schema_name = ? and table_name = ? and comment is null",
                [schema, name],
            ).fetchone()
            told[label] = {"rows": len(rows), "comment": comment, "columns_without_comment": bare}
        if fingerprint:
            from warehouse.fingerprint import relations, row_number, table_hash

            for relation in relations(connection):
                count, total = connection.execute(
                    f"select count(*), coalesce(sum({row_number(relation.columns)}), 0) from {relation.label}"
                ).fetchone()
                told[relation.label]["hash"] = table_hash(relation, count, total)
    return told


def main() -> None:
    release, fingerprint = Path(sys.argv[1]), sys.argv[2] == "fingerprint"
    tables = read(release / "jinguo.duckdb", fingerprint) | read(release / "core" / "jinguo_core.duckdb", fingerprint)
    sys.stdout.write(json.dumps({"version": duckdb.__version__, "tables": tables}))


if __name__ == "__main__":
    main()
