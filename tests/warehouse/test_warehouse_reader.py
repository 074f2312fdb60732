"""Reading a release: what a statement may do, and what another user of the machine may do."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy
import pytest
import tiny

from warehouse import reader, releases
from warehouse.releases import NoRelease

ESCAPES = [
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd.csv'",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from glob('/etc/*')",
    "select * from parquet_metadata('{home}/current/parquet/pairing_coverage.parquet')",
    "select * from planted",
    "attach '{home}/build/x.duckdb' as x",
    "attach '{home}/releases/n0/jinguo.duckdb' as x (read_only)",
    "copy (select 1) to '{home}/out.csv'",
    "copy marts.pairing_coverage from '/etc/passwd'",
    "export database '{home}/out'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set python_enable_replacements = true",
    "set memory_limit = '64GB'",
    "set lock_configuration = false",
    "reset lock_configuration",
    "pragma temp_directory = '/tmp'",
    "create table marts.mine as select 1 as a",
    "insert into marts.pairing_coverage select * from marts.pairing_coverage",
    "update marts.pairing_coverage set marker = 9",
    "drop table marts.pairing_coverage",
    "explain analyze copy (select 1) to '{home}/out.csv'",
]
NOT_A_SELECT = ["", "select 1; select 2", "create table memory.main.mine as select 1 as a", "detach jinguo", "begin"]


@pytest.fixture(scope="module")
def served() -> Iterator[Path]:
    """A home with two releases, for tests that leave it as it is."""
    home = Path(tempfile.mkdtemp(prefix="jinguo-served-"))
    tiny.publish_new(home, "n0", 2)
    tiny.publish_new(home, "n1", 1)
    yield home
    shutil.rmtree(home)


def test_one_select_reads_both_files(home: Path) -> None:
    tiny.publish_new(home, "n1", 1)
    answer = reader.query(
        home / "current", "select c.marker, count(*) as n from marts.pairing_coverage c join core.fct_pairings p "
        "on p.marker = c.marker group by c.marker")  # fmt: skip
    assert (answer.columns, answer.rows) == (["marker", "n"], [(1, 3)])
    described = reader.query(home / "current", "describe marts.delivery_status").rows
    assert ("marker", "INTEGER") in [row[:2] for row in described]
    assert reader.query(home / "current", "explain select * from core.fct_pairings").rows


def test_no_release(home: Path) -> None:
    with pytest.raises(NoRelease, match="no release is served"):
        reader.query(home / "current", "select 1")


@pytest.mark.parametrize("escape", [*ESCAPES, *NOT_A_SELECT])
def test_no_way_out_of_a_query(served: Path, escape: str) -> None:
    with pytest.raises((reader.Refused, duckdb.Error)):
        reader.query(served / "current", escape.format(home=served))
    assert not list(served.glob("out*"))
    assert releases.show(served / "releases", "n1").run == releases.current(served / "current").run


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_way_out_of_the_connection_itself(served: Path, escape: str) -> None:
    planted = {"a": numpy.array([1])}
    with reader.opened(served / "current") as connection, pytest.raises(duckdb.Error):
        connection.execute(escape.format(home=served))
    assert list(planted) == ["a"]
    assert not list(served.glob("out*"))


@pytest.mark.parametrize(
    "escape", [e for e in ESCAPES if e.startswith(("select", "set python", "set mem", "copy (", "attach", "export"))]
)
def test_negative_control_an_unlocked_connection_gets_out(served: Path, tmp_path: Path, escape: str) -> None:
    planted = {"a": numpy.array([1])}
    (tmp_path / "build").mkdir()
    (tmp_path / "passwd.csv").write_text("a,b\n1,2\n")
    sql = escape.format(home=tmp_path).replace("/etc/passwd.csv", f"{tmp_path}/passwd.csv")
    sql = sql.replace(f"{tmp_path}/current", f"{served}/current").replace(f"{tmp_path}/releases", f"{served}/releases")
    with duckdb.connect() as connection:
        connection.execute(sql.replace("read_csv('/etc/passwd')", "read_csv('/etc/passwd', sep=':')"))
    assert list(planted) == ["a"]


def test_overlapping_connections_see_their_own_release(home: Path) -> None:
    marker = "select distinct marker from marts.pairing_coverage"
    tiny.publish_new(home, "n1", 1)
    with reader.opened(home / "current") as first, reader.opened(home / "current") as twin:
        tiny.publish_new(home, "n2", 2)
        with reader.opened(home / "current") as second:
            assert [c.execute(marker).fetchall() for c in (first, twin, second)] == [[(1,)], [(1,)], [(2,)]]


OTHER_USER = """
import json, os, sys
import duckdb
from pathlib import Path
from warehouse import reader, releases
duckdb.connect().execute("select 1").fetchall()
os.setgroups([]); os.setgid(65534); os.setuid(65534)
home = Path(sys.argv[1])
told = {}
def attempt(name, act):
    try:
        told[name] = act()
    except Exception as error:
        told[name] = type(error).__name__ + ": " + str(error)
def count(path, **how):
    with duckdb.connect(str(path), **how) as c:
        return c.execute("select count(*) from " + ("core.fct_pairings" if "core" in str(path) else
                         "marts.pairing_coverage")).fetchone()[0]
def listing(path):
    return sorted(os.listdir(path))
attempt("marts", lambda: count(home / "current/jinguo.duckdb", read_only=True))
attempt("marts for writing", lambda: count(home / "current/jinguo.duckdb"))
attempt("core", lambda: count(home / "current/core/jinguo_core.duckdb", read_only=True))
attempt("core folder", lambda: listing(home / "current/core"))
attempt("candidate", lambda: listing(home / "build"))
attempt("new file", lambda: (home / "current" / "x").write_text("x"))
attempt("swap", lambda: os.replace(home / "current", home / "gone"))
attempt("query marts", lambda: reader.query(home / "current", "select count(*) from marts.pairing_coverage").rows[0][0])
attempt("query core", lambda: reader.query(home / "current", "select count(*) from core.fct_pairings").rows[0][0])
print(json.dumps(told))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT PROVEN HERE: becoming another user needs root")
def test_another_user_reads_marts_and_nothing_else(home: Path) -> None:
    tiny.publish_new(home, "n1", 1)
    tiny.build(home, "n2", 2)
    root = str(Path(reader.__file__).parents[1])
    ran = subprocess.run(
        [sys.executable, "-c", OTHER_USER, home], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": root})  # fmt: skip
    told = json.loads(ran.stdout)
    assert (told.pop("marts"), told.pop("query marts")) == (3, 3)
    assert "CatalogException" in told.pop("query core")
    assert "ermission denied" in told["core"]
    assert {name: "ermission denied" in str(answer) for name, answer in told.items()} == dict.fromkeys(told, True)
    assert len(told) == 6
