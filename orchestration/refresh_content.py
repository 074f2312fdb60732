"""What a relation or a source contains now, in a few words that are compared with what they were.

DuckDB's own hash is fit for that: both sides of a comparison are made by one version (``stamp_of``). A sum over all
rows, because the order of rows means nothing and in an exclusive-or two equal rows would cancel.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from ingest.home import Home

# (dataset, or empty for the whole relation) -> [rows, sum of their hashes]
Content = dict[str, list[Any]]
SOURCE = "source."


def content_of(connection: duckdb.DuckDBPyConnection, relation: str, *, by_dataset: bool) -> Content:
    """Return what ``relation`` (quoted) contains, by dataset where somebody reads the rows of one dataset only."""
    part = "coalesce(dataset, '')" if by_dataset else "''"
    found = connection.execute(
        f"select {part}, count(*), cast(sum(cast(hash(r) as hugeint)) as varchar) from {relation} as r group by 1"
    ).fetchall()
    return {dataset: [rows, total] for dataset, rows, total in found}


def differing(before: Content | None, after: Content) -> set[str] | None:
    """The parts in which two contents differ; None, which means everything, where the one before is not known."""
    if before is None:
        return None
    return {part for part in before.keys() | after.keys() if before.get(part) != after.get(part)}


def sources_of(home: Home, unique_ids: Iterable[str]) -> dict[str, str]:
    """Return a word for each of dbt's ``sources``: equal as long as its files are the same.

    A clean batch is named by what is in it and by the rules that made it, and written once: name, size and time of
    change of its file tell. The tables of deliveries are written anew every night: their bytes tell.
    """
    return {one: _source(home, *one.split(".")[-2:]) for one in unique_ids if one.startswith(SOURCE)}


def _source(home: Home, layer: str, name: str) -> str:
    folder = home.root / layer
    if layer == home.deliveries.name:
        return hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest()
    files = sorted((path.name, path.stat()) for path in (folder / name).glob("*.parquet"))
    said = [f"{file} {facts.st_size} {facts.st_mtime_ns}" for file, facts in files]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def changed_sources(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """The sources that are not what they were."""
    return {one for one in after if before.get(one) != after[one]}
