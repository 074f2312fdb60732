"""The verifier's controls: it finds nothing after an undisturbed night, and each invariant once that one is broken."""

import base64
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from runs import Town, copied
from town import name_of, number_of, phone_of, planted
from verify import verify

ONE = number_of(11)


@pytest.fixture
def home(town: Town, tmp_path: Path) -> Path:
    """A home of one's own after the second night."""
    return copied(town.after, tmp_path / "home")


def found(town: Town, home: Path) -> list[str]:
    """The invariants that are broken."""
    lines = verify(home, delivered=[home / "inbox"], expected=town.second, planted=planted())
    return sorted({line.partition(":")[0] for line in lines})


def _writable(path: Path) -> Path:
    for one in (path, *path.parents[:2]):
        one.chmod(0o755)
    return path


def _without_a_row(home: Path) -> Path:
    served = (home / "current").resolve()
    mart = _writable(served / "jinguo.duckdb")
    with duckdb.connect(str(mart)) as db:
        name = "marts.deliveries_counted"
        db.execute(f"delete from {name} where delivery_id = (select min(delivery_id) from {name})")
    return mart


def row_removed(home: Path) -> None:
    """A mart lost a row."""
    _without_a_row(home)


def row_removed_and_hidden(home: Path) -> None:
    """A mart lost a row, and the manifest agrees."""
    mart = _without_a_row(home)
    manifest = _writable(mart.parent / "manifest.json")
    told = json.loads(manifest.read_text("utf-8"))
    told["tables"]["marts.deliveries_counted"]["rows"] -= 1
    told["files"]["jinguo.duckdb"]["sha256"] = hashlib.sha256(mart.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told), "utf-8")


def _thinned(folder: Path) -> None:
    path = next(one for one in sorted(folder.glob("*.parquet")) if not one.name.startswith("_"))
    with duckdb.connect() as db:
        db.execute(f"create table kept as select * from (from '{path}') order by all offset 1")
        db.execute(f"copy kept to '{path}' (format parquet)")


def reject_dropped(home: Path) -> None:
    """A rejected record is nowhere."""
    _thinned(home / "rejects/care_activities")


def clean_dropped(home: Path) -> None:
    """An accepted record is nowhere."""
    _thinned(home / "clean/children")


def count_changed(home: Path) -> None:
    """The ledger says other counts than the tables."""
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
        ledger.execute(
            "update attempts set clean_records = clean_records + 1, duplicate_records = duplicate_records - 1"
        )
        ledger.commit()


def object_lost(home: Path) -> None:
    """The bytes of a delivery are gone."""
    next(iter(sorted((home / "landing/objects").glob("*/*")))).unlink()


def never_landed(home: Path) -> None:
    """A file lies in the inbox and in no ledger."""
    (home / "inbox/east/care_activities/late.csv").write_bytes(b"a,b\n1,2\n")


def half_parquet(home: Path) -> None:
    """Half a file under a final name."""
    path = next(one for one in sorted((home / "clean/children").glob("*.parquet")) if not one.name.startswith("_"))
    path.write_bytes(path.read_bytes()[:-20])


def stray_log(home: Path) -> None:
    """A write-ahead log lies beside the served file."""
    (_writable((home / "current").resolve() / "jinguo.duckdb").parent / "jinguo.duckdb.wal").write_bytes(b"\0")


def other_release(home: Path) -> None:
    """``current`` leads to a release with one changed bit."""
    served = (home / "current").resolve()
    other = Path(shutil.copytree(served, served.with_name("another")))
    for path in (other / "manifest.json", other / "jinguo.duckdb"):
        _writable(path)
    told = json.loads((other / "manifest.json").read_text("utf-8")) | {"run": "another"}
    (other / "manifest.json").write_text(json.dumps(told), "utf-8")
    content = bytearray((other / "jinguo.duckdb").read_bytes())
    content[-100] ^= 1
    (other / "jinguo.duckdb").write_bytes(content)
    (home / "current").unlink()
    (home / "current").symlink_to("releases/another")


def absolute_link(home: Path) -> None:
    """``current`` leads there by an absolute path, which moves with no home."""
    target = (home / "current").resolve()
    (home / "current").unlink()
    (home / "current").symlink_to(target)


def in_a_log(home: Path) -> None:
    """A log names a person."""
    with (home / "logs/operator.log").open("a", encoding="gb18030") as log:
        log.write(f"bad cell '{name_of(31)}'\n")


def in_dagster(home: Path) -> None:
    """An event of Dagster holds a phone number, as base64."""
    said = base64.b64encode(f"x{phone_of(31)}x".encode()).decode()
    with closing(sqlite3.connect(home / "dagster/leak.db")) as db:
        db.execute("create table event_logs (event text)")
        db.execute("insert into event_logs values (?)", [json.dumps({"metadata": said})])
        db.commit()


def in_dbt(home: Path) -> None:
    """A file of dbt holds a name, escaped."""
    (home / "dbt/target/run_results.json").write_text(json.dumps({"message": name_of(31)}), "ascii")


def in_the_warm_state(home: Path) -> None:
    """What the next refresh begins with holds an identity number."""
    folder = next(one for one in (home / "warm").iterdir() if one.is_dir())
    (folder / "state.json").write_text(json.dumps([ONE]), "utf-8")


def in_half_a_candidate(home: Path) -> None:
    """What a killed engine had begun to write holds a name, and nobody can open it."""
    half = home / "build/20240414T000000Z-killed00"
    half.mkdir()
    whole = (home / "current").resolve() / "jinguo.duckdb"
    (half / "jinguo_work.duckdb").write_bytes(whole.read_bytes()[:4096] + name_of(31).encode())


BROKEN: dict[Callable[[Path], None], list[str]] = {
    row_removed: ["I2"],
    row_removed_and_hidden: ["I3"],
    reject_dropped: ["I1", "I3"],
    clean_dropped: ["I1", "I3"],
    count_changed: ["I1"],
    object_lost: ["I1"],
    never_landed: ["I1"],
    stray_log: ["I2"],
    other_release: ["I2"],
    absolute_link: ["I2"],
    in_a_log: ["I4"],
    in_dagster: ["I4"],
    in_dbt: ["I4"],
    in_the_warm_state: ["I4"],
    in_half_a_candidate: ["I4"],
}


def test_an_undisturbed_night_breaks_nothing(town: Town, home: Path) -> None:
    assert found(town, home) == []


@pytest.mark.parametrize("spoil", BROKEN, ids=lambda spoil: spoil.__name__)
def test_what_is_broken_is_found(spoil: Callable[[Path], None], town: Town, home: Path) -> None:
    spoil(home)
    assert found(town, home) == BROKEN[spoil]


def test_half_a_file_is_found(town: Town, home: Path) -> None:
    half_parquet(home)
    lines = verify(home, delivered=[home / "inbox"], is_whole=False)
    assert any("cannot be read" in line for line in lines)


def test_a_spared_sender_whose_rows_moved_is_found(town: Town, home: Path) -> None:
    clean_dropped(home)
    lines = verify(home, expected=town.second, spared=["east", "north", "west"], is_whole=False)
    assert sum(line.startswith("I5:") for line in lines) == 1


def test_as_a_program(town: Town, home: Path, tmp_path: Path) -> None:
    persons, said = tmp_path / "planted.txt", tmp_path / "said.json"
    persons.write_text("\n".join(planted()), "utf-8")
    said.write_text(json.dumps(town.second), "utf-8")
    words = [sys.executable, str(Path(__file__).with_name("verify.py")), str(home)]
    more = ["--expected", str(said), "--planted", str(persons)]
    well = subprocess.run([*words, *more], capture_output=True, text=True, check=False, cwd="/")
    assert (well.returncode, well.stderr) == (0, ""), well.stdout
    reject_dropped(home)
    broken = subprocess.run(
        [*words, "--expected", os.fspath(town.after)], capture_output=True, text=True, check=False, cwd="/"
    )
    assert broken.returncode == 1 and "I1:" in broken.stdout and "I3:" in broken.stdout, broken.stderr
