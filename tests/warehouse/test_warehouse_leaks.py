"""The leak scan finds what is planted, says where, and repeats nothing."""

from pathlib import Path

import duckdb
import pytest
import tiny

from ingest.contracts.columns import ROLES
from warehouse import audit, leaks
from warehouse.fingerprint import relations
from warehouse.layout import CORE, MARTS

# Area 999001 exists nowhere.
PLANTED = {
    "identity_number": [
        "999001201504071234",
        "99900120150407123X",
        "证号：999001201504071234。",
        "999001150407123",
        "９９９００１２０１５０４０７１２３４",
    ],
    "phone_number": [
        "13800138000",
        "电话138 0013 8000（父）",
        "138-0013-8000",
        "１３８００１３８０００",
        "tel13800138000",
    ],
    "token": [tiny.TOKEN, f"371102/{tiny.TOKEN}/2024-01-01"],
}
HARMLESS = [
    "371102001001",
    "2024-04-30 08:00:00",
    "PZ20240430000123",
    "20240430000000000123456",
    "abcdefghijklmnop",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1538000138000ab",
    "网格21,000余次",
]


PLACES = [("marts", "place_name", 3), ("marts", "kinds", 3), ("core", "pairing_key", 1)]


def found(schema: str, value: str, column: str = "v") -> set[str]:
    """Return the rules that one value breaks in ``column`` of a table of ``schema``."""
    with duckdb.connect() as connection:
        connection.execute(f"create schema {schema}")
        connection.execute(f"create table {schema}.t as select 1 as n, 'x' as w, $1 as {column}, null as e", [value])
        (relation,) = relations(connection)
        (suspects,) = connection.execute(
            f"select count(*) filter (where {leaks.suspicious(relation)}) from {relation.label}"
        ).fetchone()
        broken = leaks.values(connection, relation)
        assert suspects or not broken, "the quick look must see whatever the close look sees"
        assert {(column, rows) for column, _, rows in broken} <= {(column, 1)}
        return {rule for _, rule, _ in broken}


@pytest.mark.parametrize(("rule", "value"), [(rule, value) for rule, values in PLANTED.items() for value in values])
def test_planted_value_is_found(rule: str, value: str) -> None:
    assert found("marts", value) == {rule}
    assert found("core", value) == ({rule} - {"token"})


@pytest.mark.parametrize("value", HARMLESS)
def test_no_false_alarm(value: str) -> None:
    assert found("marts", value) == set()


def test_a_firms_code_of_digits_only_is_no_person() -> None:
    code = "911305200512051234"
    assert found("core", code) == {"identity_number"}
    assert found("core", code, "firm_key") == set()
    assert found("core", "999001201504071234", "firm_key") == {"identity_number"}


@pytest.mark.parametrize(
    ("rule", "schema", "column", "rows"),
    [(rule, *place) for rule in PLANTED for place in PLACES if (rule, place[0]) != ("token", "core")],
)
def test_audit_names_the_place_and_repeats_nothing(home: Path, rule: str, schema: str, column: str, rows: int) -> None:
    build = tiny.build(home, "n1")
    table, database = ("marts.pairing_coverage", MARTS) if schema == "marts" else ("core.fct_pairings", CORE)
    planted = PLANTED[rule][0]
    value = f"['{planted}']" if column == "kinds" else f"'{planted}'"
    tiny.change(build, f"update {table} set {column} = {value}", database=database.file)
    with pytest.raises(audit.AuditFailed) as failed:
        audit.audit(build, tiny.dbt_manifest(home))
    assert failed.value.findings == [audit.Finding(table, rule, column, rows)]
    assert planted not in f"{failed.value} {failed.value.findings!r}"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_of_a_person_is_known_by_its_columns(role: str) -> None:
    assert leaks.PERSONAL.search(f"{role}_name")
    assert leaks.PERSON.search(f"{role}_key")
    assert not leaks.PERSON.search(f"{role}s_with_points")
