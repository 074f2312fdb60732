"""The audit: what must be true of a candidate before anybody may read it."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import leaks, storage
from warehouse.fingerprint import Relation, relations, release_hash, row_number, table_hash
from warehouse.layout import AUDIT, DATABASES, MANIFEST, MARTS, Database


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


def audit(
    build: Path, dbt_manifest: Path, current: Path | None = None, allowed_empty: Collection[str] = ()
) -> AuditReport:
    """Check the candidate in ``build`` and leave the report beside it for publish.

    ``dbt_manifest`` is dbt's manifest.json: its models in the schemas marts and core are the relations that must
    be there, no more and no less. ``current`` is the link to the served release, for the guard against marts
    that lost all their rows; ``allowed_empty`` names those ('marts.funds') that may. Raises AuditFailed.
    """
    (build / AUDIT).unlink(missing_ok=True)
    declared = json.loads(dbt_manifest.read_text(encoding="utf-8"))
    findings: list[Finding] = []
    rows: dict[str, int] = {}
    hashes: dict[str, str] = {}
    for database in DATABASES:
        broken = storage.settle(build / database.file)
        if broken:
            findings.append(Finding(database.file, broken))
            continue
        findings.extend(_audit_file(build / database.file, database, _models(declared, database), rows, hashes))
    findings.extend(_emptied(current, rows, allowed_empty))
    if findings:
        raise AuditFailed(findings)
    files = {database.file: storage.stamp(build / database.file) for database in DATABASES}
    report = AuditReport(rows, hashes, declared["metadata"]["dbt_version"], files)
    (build / AUDIT).write_text(json.dumps(vars(report), ensure_ascii=False), encoding="utf-8")
    return report


def _audit_file(
    path: Path, database: Database, models: set[str], rows: dict[str, int], hashes: dict[str, str]
) -> Iterator[Finding]:
    """Yield what is wrong in one file; put rows and hash of every table into ``rows`` and ``hashes``."""
    try:
        with storage.sealed(path) as connection:
            present = relations(connection)
            yield from _compared(present, database, models)
            for relation in present:
                yield from _described(relation)
                yield from (Finding(relation.label, rule, column) for column, rule in leaks.names(relation))
                yield from _read(connection, relation, rows, hashes)
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


def _read(
    connection: duckdb.DuckDBPyConnection, relation: Relation, rows: dict[str, int], hashes: dict[str, str]
) -> Iterator[Finding]:
    """Read every value once. A damaged segment or a view that leads out of its file shows here."""
    try:
        [(count, total, suspects)] = connection.execute(
            f"select count(*), coalesce(sum({row_number(relation.columns)}), 0),"
            f" count(*) filter (where {leaks.suspicious(relation)}) from {relation.quoted}"
        ).fetchall()
        found = leaks.values(connection, relation) if suspects else []
    except duckdb.Error:
        yield Finding(relation.label, "leads_out_of_its_file" if relation.is_view else "unreadable")
        return
    rows[relation.label] = count
    hashes[relation.label] = table_hash(relation, count, total)
    yield from (Finding(relation.label, rule, column, number) for column, rule, number in found)


def _models(declared: dict, database: Database) -> set[str]:
    """Return the names of the relations that dbt's models and seeds make in the schema of ``database``."""
    return {
        node.get("alias") or node["name"]
        for node in declared["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        and node["schema"] == database.schema
        and node.get("config", {}).get("materialized") != "ephemeral"
    }


def _emptied(current: Path | None, rows: dict[str, int], allowed_empty: Collection[str]) -> Iterator[Finding]:
    """Yield the marts that have rows in the served release and none now; nothing when none is served yet."""
    if current is None or not current.exists():
        return
    try:
        before = json.loads((current / MANIFEST).read_text(encoding="utf-8"))["tables"]
    except (OSError, ValueError, KeyError):
        # Fail closed: a rollback to a whole release mends it, a guess does not.
        yield Finding(MANIFEST, "served_release_unreadable")
        return
    for label, facts in before.items():
        is_mart = label.startswith(f"{MARTS.schema}.")
        if is_mart and facts["rows"] > 0 and rows.get(label) == 0 and label not in allowed_empty:
            yield Finding(label, "lost_all_rows", rows=facts["rows"])
