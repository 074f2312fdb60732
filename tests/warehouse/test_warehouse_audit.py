"""Every rule of the audit, each with the fault that it is there for."""

import os
from pathlib import Path

import duckdb
import pytest
import tiny

from warehouse import audit, candidate
from warehouse.fingerprint import relations, row_number, table_hash
from warehouse.layout import CORE, MARTS

COVERAGE = "marts.pairing_coverage"


def findings(home: Path, build: Path, **options) -> set[tuple[str, str, str | None]]:
    with pytest.raises(audit.AuditFailed) as failed:
        audit.audit(build, tiny.dbt_manifest(home), **options)
    assert not (build / "audit.json").exists()
    return {(found.table, found.rule, found.column) for found in failed.value.findings}


def test_whole_candidate_passes_with_its_rows(home: Path) -> None:
    report = audit.audit(tiny.build(home, "n1"), tiny.dbt_manifest(home))
    assert report.rows == {COVERAGE: 3, "marts.delivery_status": 2, "core.fct_pairings": 1}


def test_candidate_is_private_and_leftovers_of_dead_runs_go(home: Path) -> None:
    dead = tiny.build(home, "dead")
    fresh = candidate.create(home / "build", "n1")
    assert not dead.exists()
    assert [p.stat().st_mode & 0o777 for p in (home / "build", fresh, fresh / "core")] == [0o700] * 3
    with pytest.raises(ValueError, match="not a run's name"):
        candidate.create(home / "build", "../releases")


@pytest.mark.parametrize(
    ("spoil", "database", "expected"),
    [
        (f"drop table {COVERAGE}", MARTS, (COVERAGE, "missing", None)),
        ("create table marts.left_over as select 1 as a", MARTS, ("marts.left_over", "not_a_model", None)),
        ("create table main.left_over as select 1 as a", MARTS, ("main.left_over", "not_a_model", None)),
        (f"comment on table {COVERAGE} is null", MARTS, (COVERAGE, "no_comment", None)),
        (f"comment on column {COVERAGE}.marker is ' '", MARTS, (COVERAGE, "no_comment", "marker")),
        ("comment on column core.fct_pairings.marker is null", CORE, ("core.fct_pairings", "no_comment", "marker")),
        (f"alter table {COVERAGE} add column guardian_phone varchar", MARTS,
         (COVERAGE, "personal_column", "guardian_phone")),
        ("alter table core.fct_pairings add column id_no varchar", CORE,
         ("core.fct_pairings", "personal_column", "id_no")),
        (f"alter table {COVERAGE} add column child_key bigint", MARTS, (COVERAGE, "person_in_marts", "child_key")),
        ("alter table marts.delivery_status rename column marker to child_token", MARTS,
         ("marts.delivery_status", "person_in_marts", "child_token")),
    ],
)  # fmt: skip
def test_broken_rule_is_named(home: Path, spoil: str, database, expected: tuple) -> None:
    build = tiny.build(home, "n1")
    tiny.change(build, spoil, database=database.file)
    assert expected in findings(home, build)


def test_missing_file(home: Path) -> None:
    build = tiny.build(home, "n1")
    (build / CORE.file).unlink()
    assert findings(home, build) == {(CORE.file, "missing", None)}


@pytest.mark.parametrize("version", ["v1.0.0", "v1.4.0", "latest"])
def test_other_storage_version_is_refused(home: Path, version: str) -> None:
    build = candidate.create(home / "build", "n1")
    tiny.write_databases(build, 1, storage_version=version)
    assert findings(home, build) == {(MARTS.file, "storage_version", None), (CORE.file, "storage_version", None)}


def test_log_that_stays_is_refused_and_one_of_its_own_is_absorbed(home: Path) -> None:
    build = tiny.build(home, "n1")
    program = (
        f"import duckdb, os; c = duckdb.connect({str(build / MARTS.file)!r}); "
        f"c.execute('insert into {COVERAGE} select * from {COVERAGE}'); os._exit(0)"
    )
    assert os.spawnlp(os.P_WAIT, os.sys.executable, os.sys.executable, "-c", program) == 0
    log = build / (MARTS.file + ".wal")
    assert log.stat().st_size > 0
    assert audit.audit(build, tiny.dbt_manifest(home)).rows[COVERAGE] == 6
    assert not log.exists()


def test_damaged_bytes_are_found(home: Path) -> None:
    build = tiny.build(home, "n1")
    tiny.change(build, "insert into marts.pairing_coverage select * replace (range as marker) from "
                "marts.pairing_coverage, range(30000)".replace("select *", "select * exclude (range)"))  # fmt: skip
    data = bytearray((build / MARTS.file).read_bytes())
    for place in range(12288 + 5000, len(data), 65536):
        data[place] ^= 0xFF
    (build / MARTS.file).write_bytes(data)
    assert {rule for _, rule, _ in findings(home, build)} & {"unreadable"}


def test_view_that_leads_out_of_its_file(home: Path) -> None:
    build = tiny.build(home, "n1")
    with duckdb.connect(str(build / MARTS.file)) as connection:
        connection.execute(f"attach '{build / CORE.file}' as jinguo_core")
        connection.execute("create view marts.who as select * from jinguo_core.core.fct_pairings")
        connection.execute(f"copy (select 1 as a) to '{home / 'a.parquet'}'")
        connection.execute(f"create view marts.outside as select * from '{home / 'a.parquet'}'")
        connection.execute(f"create view marts.inside as select * from {COVERAGE}")
    broken = findings(home, build)
    assert ("marts.who", "leads_out_of_its_file", None) in broken
    assert ("marts.outside", "leads_out_of_its_file", None) in broken
    assert ("marts.inside", "leads_out_of_its_file", None) not in broken


def test_mart_that_loses_all_rows(home: Path) -> None:
    tiny.publish_new(home, "n1", 1)
    build = tiny.build(home, "n2", 2)
    tiny.change(build, f"delete from {COVERAGE}")
    assert findings(home, build, current=home / "current") == {(COVERAGE, "lost_all_rows", None)}
    allowed = audit.audit(build, tiny.dbt_manifest(home), home / "current", allowed_empty={COVERAGE})
    assert allowed.rows[COVERAGE] == 0


def test_unreadable_served_release_does_not_switch_the_guard_off(home: Path) -> None:
    served = tiny.publish_new(home, "n1", 1).path / "manifest.json"
    served.chmod(0o644)
    served.write_text("{")
    assert ("manifest.json", "served_release_unreadable", None) in findings(
        home, tiny.build(home, "n2", 2), current=home / "current"
    )


def table(connection: duckdb.DuckDBPyConnection, rows: str) -> str:
    connection.execute(f"create or replace table t as select * from (values {rows}) as v (a, b)")
    (relation,) = relations(connection)
    count, total = connection.execute(
        f"select count(*), coalesce(sum({row_number(relation.columns)}), 0) from t"
    ).fetchone()
    return table_hash(relation, count, total)


def test_hash_sees_content_and_not_order() -> None:
    with duckdb.connect() as connection:
        one = table(connection, "('a', 'b'), ('c', null)")
        assert one == table(connection, "('c', null), ('a', 'b')")
        others = [
            table(connection, rows)
            for rows in (
                "('a', 'b'), ('c', '')",
                "('a', 'b'), ('c', '~')",
                "('ab', ''), ('c', null)",
                "('a', 'b')",
                "('a', 'b'), ('c', null), ('x', 'x'), ('x', 'x')",
                "('a', 'b'), ('c', null), ('y', 'y'), ('y', 'y')",
            )
        ]
    assert len({one, *others}) == 7
