"""The SQL that dbt ran in one night, run again over another home, by DuckDB alone.

A night's models cost 16 CPU seconds through dbt and 4 without it (measured), so a law about many nights can be tried in
many. That the replay says what dbt built is itself a test: ``test_the_replay_builds_the_release``.
"""

import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from warehouse.fingerprint import relations, row_number

LINEAGE = frozenset({"delivery_id", "sheet_no", "row_no"})
Said = dict[str, tuple[int, int]]
# Read again and again, what lies in files is looked at again and again.
_VIEW = re.compile(r"^\s*create view")


def replay(manifest: dict[str, Any], built: Home, home: Home, build: Path, only: str | None = None) -> Path:
    """Build both DuckDB files in ``build`` over ``home`` with the SQL that dbt ran over ``built``; return ``build``.

    With ``only``, the name of a model, nothing is built but that model and what it stands on.
    """
    (build / "core").mkdir(parents=True)
    target = built.root / "dbt" / "target"
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("set TimeZone = 'UTC'; attach ':memory:' as jinguo_work; use jinguo_work")
        connection.execute(f"attach '{build}/core/jinguo_core.duckdb' as jinguo_core")
        connection.execute(f"attach '{build}/jinguo.duckdb' as jinguo")
        connection.execute("create schema jinguo_core.core; create schema jinguo.marts")
        connection.execute("create schema staging; create schema intermediate; create schema seeds")
        for node in _ordered(manifest, only):
            if node["resource_type"] == "seed":
                _seed(connection, node, target)
            else:
                sql = (target / "run" / "jinguo" / node["original_file_path"]).read_text("utf-8")
                sql = sql.replace("__dbt_tmp", "").replace(str(built.root), str(home.root))
                connection.execute(_VIEW.sub("create table", sql))
    return build


def _seed(connection: duckdb.DuckDBPyConnection, node: dict[str, Any], target: Path) -> None:
    types = node["config"]["column_types"]
    source = Path(node["root_path"] or "") / node["original_file_path"]
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    told = f", types = {{{columns}}}" if types else ""
    connection.execute(
        f"create table seeds.{node['name']} as from read_csv('{source}', header = true, all_varchar = false{told})"
    )


def _ordered(manifest: dict[str, Any], only: str | None) -> list[dict[str, Any]]:
    below = _below(manifest, f"model.jinguo.{only}") if only else manifest["nodes"].keys()
    nodes = {
        key: node
        for key, node in manifest["nodes"].items()
        if key in below and node["resource_type"] in ("model", "seed") and not _is_inlined(node)
    }
    parents = {key: _parents(manifest, key) & nodes.keys() for key in nodes}
    return [nodes[key] for key in TopologicalSorter(parents).static_order()]


def _below(manifest: dict[str, Any], key: str) -> set[str]:
    """The node and everything that it stands on."""
    found, waiting = set(), [key]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += manifest["parent_map"].get(one, [])
    return found


def _is_inlined(node: dict[str, Any]) -> bool:
    return node["config"]["materialized"] == "ephemeral"


def _parents(manifest: dict[str, Any], key: str) -> set[str]:
    """The parents of a node, and of those that are written into its own SQL, theirs."""
    found = set(manifest["parent_map"].get(key, ()))
    inlined = {one for one in found if one in manifest["nodes"] and _is_inlined(manifest["nodes"][one])}
    return found.union(*(_parents(manifest, one) for one in inlined))


def said(files: Path, without: frozenset[str] = frozenset()) -> Said:
    """Return, per table of both files, how many rows it has and the sum of their 64-bit numbers over all columns but
    those in ``without``: equal where two builds hold the same rows, in whatever order."""
    found: Said = {}
    for file in ("jinguo.duckdb", "core/jinguo_core.duckdb"):
        with duckdb.connect(str(files / file), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for relation in relations(connection):
                kept = [column for column in relation.columns if column.name not in without]
                sql = f"select count(*), coalesce(sum({row_number(kept)}), 0) from {relation.quoted}"
                [found[relation.label]] = connection.execute(sql).fetchall()
    return found


def differing(one: Said, other: Said) -> list[str]:
    """Return the tables that do not hold the same."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
