"""The audit: what must be true of a candidate before anybody may read it."""

import json
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from warehouse import leaks, storage
from warehouse.fingerprint import Relation, relations, release_hash, row_number, table_hash
from warehouse.layout import AUDIT, DATABASES, MANIFEST, MARTS, Database

_THREADS = 2


@dataclass(frozen=True)
class Finding:
    """One broken rule: the table or file, the rule, the column where there is one, and how many rows. No value."""

    table: str
    rule: str
    column: str | None = None
    rows: int | None = None

    def __str__(self) -> str:
        where = f"{self.table}.{self.column}" if self.column else self.table
        return f"{where}: {self.rule}" + (f" ({self.rows} rows)" if self.rows is not None else "")


class AuditFailed(Exception):
    """A candidate broke at least one rule; ``findings`` has all of them, without any value of any row."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("the candidate is not published: " + "; ".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True)
class AuditReport:
    """What was found in a candidate that passed.

    ``rows`` and ``hashes`` by two-part table name; ``dbt`` is the version that built it; ``files`` has size
    and time of change (ns) of both DuckDB files at the audit, so that publish refuses what changed since.
    """

    rows: dict[str, int]
    hashes: dict[str, str]
    dbt: str
    files: dict[str, list[int]]

    @property
    def release_hash(self) -> str:
        """Hash over all tables: equal when two candidates say the same, whenever and wherever they were built."""
        return release_hash(self.hashes)


@dataclass
class _Known:
    """What is known so far: ``rows`` and ``hashes`` by two-part table name, and what need not be read for it."""

    rows: dict[str, int]
    hashes: dict[str, str]
    untouched: Mapping[str, Mapping[str, Any]]


def audit(
    build: Path,
    dbt_manifest: Path,
    current: Path | None = None,
    allowed_empty: Collection[str] = (),
    untouched: Collection[str] = (),
) -> AuditReport:
    """Check the candidate in ``build`` and leave the report beside it for publish.

    ``dbt_manifest`` is dbt's manifest.json: its models in the schemas marts and core are the relations that must
    be there, no more and no less. ``current`` is the link to the served release, for the guard against marts
    that lost all their rows; ``allowed_empty`` names those ('marts.funds') that may. ``untouched`` names the tables
    that lie in the candidate as they were copied out of the served release's files: of those the rows were read when
    that release was audited. Raises AuditFailed.
    """
    (build / AUDIT).unlink(missing_ok=True)
    declared = _declared(dbt_manifest, *storage.stamp(dbt_manifest))
    findings: list[Finding] = []
    served = _served(current)
    if served is None:
        findings.append(Finding(MANIFEST, "served_release_unreadable"))
    before = served or {}
    known = _Known({}, {}, {label: before[label] for label in untouched if label in before})
    with ThreadPoolExecutor(len(DATABASES)) as threads:
        for found in threads.map(lambda one: _audited(build / one.file, one, declared.models(one), known), DATABASES):
            findings.extend(found)
    findings.extend(_emptied(before, known.rows, allowed_empty))
    if findings:
        raise AuditFailed(findings)
    files = {database.file: storage.stamp(build / database.file) for database in DATABASES}
    report = AuditReport(known.rows, known.hashes, declared.dbt, files)
    (build / AUDIT).write_text(json.dumps(vars(report), ensure_ascii=False), encoding="utf-8")
    return report


def _audited(path: Path, database: Database, models: set[str], known: _Known) -> list[Finding]:
    broken = storage.settle(path)
    return [Finding(database.file, broken)] if broken else list(_audit_file(path, database, models, known))


def _audit_file(path: Path, database: Database, models: set[str], known: _Known) -> Iterator[Finding]:
    """Yield what is wrong in one file; put rows and hash of every table into ``known``."""
    try:
        with storage.sealed(path) as connection:
            present = relations(connection)
            yield from _compared(present, database, models)
            for relation in present:
                yield from _described(relation)
                yield from (Finding(relation.label, rule, column) for column, rule in leaks.names(relation))
            with ThreadPoolExecutor(_THREADS) as threads:
                for found in threads.map(lambda relation: _read_alone(connection, relation, known), present):
                    yield from found
    except duckdb.Error:
        # The engine's own message can quote a value, so it goes no further.
        yield Finding(database.file, "unreadable")


def _compared(present: list[Relation], database: Database, models: set[str]) -> Iterator[Finding]:
    labels = {relation.label for relation in present}
    wanted = {f"{database.schema}.{name}" for name in models}
    yield from (Finding(label, "missing") for label in sorted(wanted - labels))
    yield from (Finding(label, "not_a_model") for label in sorted(labels - wanted))


def _described(relation: Relation) -> Iterator[Finding]:
    if not relation.comment.strip():
        yield Finding(relation.label, "no_comment")
    yield from (Finding(relation.label, "no_comment", c.name) for c in relation.columns if not c.comment.strip())


def _read_alone(connection: duckdb.DuckDBPyConnection, relation: Relation, known: _Known) -> list[Finding]:
    with connection.cursor() as cursor:
        return list(_read(cursor, relation, known))


def _read(connection: duckdb.DuckDBPyConnection, relation: Relation, known: _Known) -> Iterator[Finding]:
    """Read every value once. A damaged segment or a view that leads out of its file shows here."""
    facts = known.untouched.get(relation.label)
    if facts and not relation.is_view:
        known.rows[relation.label], known.hashes[relation.label] = facts["rows"], facts["hash"]
        return
    try:
        [(count, total, suspects)] = connection.execute(
            f"select count(*), coalesce(sum({row_number(relation.columns)}), 0),"
            f" count(*) filter (where {leaks.suspicious(relation)}) from {relation.quoted}"
        ).fetchall()
        found = leaks.values(connection, relation) if suspects else []
    except duckdb.Error:
        yield Finding(relation.label, "leads_out_of_its_file" if relation.is_view else "unreadable")
        return
    known.rows[relation.label] = count
    known.hashes[relation.label] = table_hash(relation, count, total)
    yield from (Finding(relation.label, rule, column, number) for column, rule, number in found)


@dataclass(frozen=True)
class _Declared:
    """What dbt's manifest says: its version, and (schema, name) of every relation that it makes."""

    dbt: str
    relations: frozenset[tuple[str, str]]

    def models(self, database: Database) -> set[str]:
        """The names of the relations in the schema of ``database``."""
        return {name for schema, name in self.relations if schema == database.schema}


@lru_cache(maxsize=2)
def _declared(dbt_manifest: Path, _size: int, _changed: int) -> _Declared:
    told = json.loads(dbt_manifest.read_text(encoding="utf-8"))
    made = frozenset(
        (node["schema"], node.get("alias") or node["name"])
        for node in told["nodes"].values()
        if node["resource_type"] in ("model", "seed") and node.get("config", {}).get("materialized") != "ephemeral"
    )
    return _Declared(told["metadata"]["dbt_version"], made)


def _served(current: Path | None) -> Mapping[str, Mapping[str, Any]] | None:
    """Rows and hash of every table of the served release, empty when none is served yet, None when it cannot be told.

    Then the audit fails closed: a rollback to a whole release mends it, a guess does not.
    """
    if current is None or not current.exists():
        return {}
    try:
        return json.loads((current / MANIFEST).read_text(encoding="utf-8"))["tables"]
    except (OSError, ValueError, KeyError):
        return None


def _emptied(
    before: Mapping[str, Mapping[str, Any]], rows: dict[str, int], allowed_empty: Collection[str]
) -> Iterator[Finding]:
    """Yield the marts that have rows in the served release and none now."""
    for label, facts in before.items():
        is_mart = label.startswith(f"{MARTS.schema}.")
        if is_mart and facts["rows"] > 0 and rows.get(label) == 0 and label not in allowed_empty:
            yield Finding(label, "lost_all_rows", rows=facts["rows"])
