"""What a relation or a source contains now, in a few words that are compared with what they were.

DuckDB's own hash is fit for that: both sides of a comparison are made by one version (``stamp_of``). A sum over all
rows, because the order of rows means nothing and in an exclusive-or two equal rows would cancel.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from ingest.home import Home

# dataset/sender, each empty where it is not told apart -> [rows, sum of their hashes]
Content = dict[str, list[Any]]
# What of a relation changed: some rows, as dataset/sender, or everything.
Changed = set[str] | None
SOURCE = "source."
_CLEAN = f"{SOURCE}jinguo.clean."


def content_of(
    connection: duckdb.DuckDBPyConnection, relation: str, *, by_dataset: bool, by_sender: bool = False
) -> Content:
    """Return what ``relation`` (quoted) contains, by dataset and by sender where somebody reads only some of them."""
    dataset, sender = ("coalesce(dataset, '')" if by_dataset else "''"), ("coalesce(sender, '')" if by_sender else "''")
    part = f"{dataset} || '/' || {sender}"
    found = connection.execute(
        f"select {part}, count(*), cast(sum(cast(hash(r) as hugeint)) as varchar) from {relation} as r group by 1"
    ).fetchall()
    return {one: [rows, total] for one, rows, total in found}


def differing(before: Content | None, after: Content) -> Changed:
    """The parts in which two contents differ; None, which means everything, where the one before is not known."""
    if before is None:
        return None
    return {part for part in before.keys() | after.keys() if before.get(part) != after.get(part)}


def sources_of(home: Home, unique_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return for each of dbt's ``sources`` its files, and a word for each: equal as long as the file is the same.

    A clean batch is named by what is in it and by the rules that made it, and written once: name, size and time of
    change of its file tell. The tables of deliveries are written anew every night: their bytes tell.
    """
    return {one: _source(home, *one.split(".")[-2:]) for one in unique_ids if one.startswith(SOURCE)}


def _source(home: Home, layer: str, name: str) -> dict[str, str]:
    folder = home.root / layer
    if layer == home.deliveries.name:
        path = folder / f"{name}.parquet"
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()}
    files = [(str(path), path.stat()) for path in (folder / name).glob("*.parquet")]
    return {path: f"{facts.st_size} {facts.st_mtime_ns}" for path, facts in files}


def changed_sources(
    connection: duckdb.DuckDBPyConnection, before: Mapping[str, dict[str, str]], after: Mapping[str, dict[str, str]]
) -> dict[str, Changed]:
    """The sources that are not what they were: the rows of some senders where clean batches came and none went."""
    changed = {one for one in after if before.get(one) != after[one]}
    return {one: _added(connection, one, before.get(one), after[one]) for one in changed}


def _added(
    connection: duckdb.DuckDBPyConnection, source: str, before: dict[str, str] | None, after: dict[str, str]
) -> Changed:
    if not source.startswith(_CLEAN) or before is None or not before.items() <= after.items():
        return None
    added = sorted(after.keys() - before.keys())
    senders = connection.execute("select distinct coalesce(sender, '') from read_parquet($1)", [added]).fetchall()
    return {f"{source.removeprefix(_CLEAN)}/{sender}" for (sender,) in senders}
