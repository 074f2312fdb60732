"""Verifies a home after a fault, sharing no code with what it verifies: DuckDB, SQLite, csv, json and hashes only.

    python tests/faults/verify.py HOME [--expected HOME|JSON] [--delivered DIR ...] [--planted FILE]

prints every broken invariant and ends with 1 if there is one. The invariants:
I1 conservation: each delivered file's records, counted here, are what became of them; the sums agree with the ledger.
I2 atomic publish: ``current`` is exactly one whole release, and nothing half stands under a final name.
I3 idempotence: all rows are those of an undisturbed run.
I4 privacy: no planted person anywhere but in inbox, landing and keys.
I5 isolation: the rows of the senders that the fault spares are those of an undisturbed run.
"""

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.counted import counted
from tests.faults.leaked import leaked

Said = dict[str, Any]
STORAGE_V1_2_0 = 65  # DuckDB's number for it, a little-endian u64 at byte 12 of a file
_DATABASES = {"jinguo.duckdb": "marts", "core/jinguo_core.duckdb": "core"}
# What may differ between two homes of the same deliveries: what was cleaned together, and when it came (of whose day it
# is where the file itself names none).
_MOMENT = "exclude (batch_id, received_at, as_of_on)"


def verify(
    home: Path,
    *,
    delivered: Iterable[Path] = (),
    expected: Said | None = None,
    planted: Collection[str] = (),
    spared: Collection[str] = (),
    is_whole: bool = True,
) -> list[str]:
    """Return the broken invariants of ``home``, each as one line.

    ``is_whole``: a night has ended since the fault, so everything delivered is in and, with ``expected``, all is said
    that an undisturbed run says. Without it only what must hold amid the trouble: whatever is served is whole, nothing
    leaked, what is in is complete; ``expected`` is then asked for the rows of the senders in ``spared``.
    """
    found = [*_conserved(home, list(delivered), is_whole), *_published(home)]
    if planted:
        found += leaked(home, planted)
    if expected is not None and not any(line.startswith("I2: served") for line in found):
        found += _same(said(home), expected, spared, is_whole)
    return found


def said(home: Path) -> Said:
    """Return what a home says: rows and content of its released tables, and by sender of clean, rejects, findings."""
    served = (home / "current").resolve()
    told: Said = {"released": {}, "senders": {}, "release_hash": _json(served / "manifest.json").get("release_hash")}
    for file, schema in _DATABASES.items():
        with duckdb.connect(str(served / file), read_only=True) as db:
            for (name,) in db.execute("select table_name from duckdb_tables() where not internal").fetchall():
                told["released"][f"{schema}.{name}"] = _content(db, f'select * from "{schema}"."{name}"')
    with duckdb.connect() as db:
        deliveries = f"read_parquet('{home / 'deliveries/deliveries.parquet'}')"
        for (sender,) in db.execute(f"select distinct sender from {deliveries} order by all").fetchall():
            chosen = f"(select * from {deliveries} where sender = '{sender}')"
            told["senders"][sender] = {"deliveries": _content(db, f"select * {_MOMENT} from {chosen}")}
        for layer in ("clean", "rejects", "findings"):
            for folder in sorted((home / layer).iterdir()):
                for sender, content in _lying(db, folder, deliveries):
                    told["senders"][sender][f"{layer}.{folder.name}"] = content
    return told


def _lying(db: duckdb.DuckDBPyConnection, folder: Path, deliveries: str) -> Iterator[tuple[str, list[str]]]:
    lying = f"read_parquet('{folder}/*.parquet') as r"
    used = f"(select * from {lying} semi join {deliveries} as d using (delivery_id, batch_id))"
    for (sender,) in db.execute(f"select distinct sender from {used} order by all").fetchall():
        yield sender, _content(db, f"select * exclude (batch_id) from {used} where sender = '{sender}'")


def _content(db: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """Number of rows, and a sum over them that every value moves, whatever their order."""
    [(rows, content)] = db.execute(f"select count(*), sum(cast(hash(r) as hugeint)) from ({query}) as r").fetchall()
    return [str(rows), str(content)]


def _same(found: Said, expected: Said, spared: Collection[str], is_whole: bool) -> Iterator[str]:
    if is_whole:
        for part in ("release_hash", "released", "senders"):
            if found[part] != expected[part]:
                yield f"I3: {part} differ from the undisturbed run"
    for sender in spared:
        if found["senders"].get(sender) != expected["senders"].get(sender):
            yield f"I5: the rows of {sender} are not those of an undisturbed run"


def _conserved(home: Path, delivered: list[Path], is_whole: bool) -> Iterator[str]:
    lines, stated = counted(delivered), _stated(home)
    by_sha: dict[str, list[str]] = {}
    with closing(sqlite3.connect(f"file:{home / 'ledger.sqlite'}?mode=ro", uri=True)) as ledger:
        for delivery, sha in ledger.execute("select delivery_id, sha256 from deliveries"):
            by_sha.setdefault(sha, []).append(delivery)
        newest = ledger.execute(
            "select delivery_id, records_in, clean_records, rejected_records, duplicate_records, non_data_records "
            "from attempts where attempt_no in (select max(attempt_no) from attempts group by delivery_id)"
        ).fetchall()
    for sha, one in lines.items():
        if is_whole and sha not in by_sha:
            yield f"I1: a delivered file of {one.byte_size} bytes is in no ledger"
        for delivery in by_sha.get(sha, ()):
            yield from _counts(delivery, stated.get(delivery), one.records, is_whole)
    for sha in by_sha:
        sealed = home / "landing/objects" / sha[:2] / sha
        if not sealed.exists() or (sha in lines and sealed.stat().st_size < lines[sha].byte_size):
            yield f"I1: the landing object {sha[:8]} is not there or is shorter than what was delivered"
    if is_whole:
        tables = {delivery: row["counts"] for delivery, row in stated.items()}
        if (booked := {delivery: list(counts) for delivery, *counts in newest}) != tables:
            wrong = [name for name in {*booked, *tables} if booked.get(name) != tables.get(name)]
            yield f"I1: the ledger and deliveries.parquet differ in {len(wrong)} deliveries"
    yield from _lies(home, stated)


def _counts(delivery: str, row: Said | None, records: int, is_whole: bool) -> Iterator[str]:
    if row is None:
        if is_whole:
            yield f"I1: {delivery} is landed and not in deliveries.parquet"
        return
    into, *out = row["counts"]
    # a file that was refused before its records could be counted says nothing of them
    if row["state"] == "clean" and not into == records == sum(out):
        yield f"I1: {delivery} has {records} records, the pipeline says {into} = {' + '.join(map(str, out))}"


def _stated(home: Path) -> dict[str, Said]:
    """Delivery -> its state and counts, as the warehouse reads them, and the rows that there are of it."""
    path = home / "deliveries/deliveries.parquet"
    if not path.exists():
        return {}
    with duckdb.connect() as db:
        rows = db.execute(
            "select delivery_id, state, file_kind, records_in, clean_records, rejected_records, duplicate_records, "
            f"non_data_records from read_parquet('{path}')"
        ).fetchall()
    return {delivery: {"state": state, "kind": kind, "counts": counts} for delivery, state, kind, *counts in rows}


def _lies(home: Path, stated: dict[str, Said]) -> Iterator[str]:
    """The rows that lie in clean and rejects are as many as the deliveries say; every Parquet opens."""
    # a rejected record has a row for each of its reasons
    fewest = {"clean": "count(*)", "rejects": "count(distinct (sheet_no, row_no))"}
    used = f"read_parquet('{home}/deliveries/deliveries.parquet')"
    counts: dict[str, dict[str, tuple[int, int]]] = {"clean": {}, "rejects": {}}
    with duckdb.connect() as db:
        for layer, found in counts.items():
            for folder in sorted((home / layer).iterdir()):
                query = (
                    f"select delivery_id, {fewest[layer]}, count(*) from read_parquet('{folder}/*.parquet') as r "
                    f"semi join {used} as d using (delivery_id, batch_id) group by all"
                )
                try:
                    rows = db.execute(query).fetchall() if stated and any(folder.glob("*.parquet")) else []
                except duckdb.Error as error:
                    yield f"I1: {layer}/{folder.name} cannot be read ({type(error).__name__})"
                else:
                    found |= {delivery: (few, many) for delivery, few, many in rows}
    for delivery, row in stated.items():
        for layer, count in (("clean", row["counts"][1]), ("rejects", row["counts"][2])):
            few, many = counts[layer].get(delivery, (0, 0))
            # a workbook can be a matrix, of which one bad row is several records
            is_counted = row["state"] == "clean" and (layer == "clean" or row["kind"] in ("csv", "json"))
            if is_counted and not few == count <= many:
                yield f"I1: {delivery} has {few} records in {layer} and says {count}"


def _published(home: Path) -> Iterator[str]:
    link = home / "current"
    served = link.resolve()
    if not link.is_symlink() or link.readlink().is_absolute() or served.parent != (home / "releases").resolve():
        yield "I2: served is nothing: current is no relative link into releases"
        return
    for folder in sorted((home / "releases").iterdir()):
        if not folder.name.startswith("."):
            yield from _whole(folder, "served" if folder == served else "kept")


def _whole(folder: Path, what: str) -> Iterator[str]:
    told = _json(folder / "manifest.json")
    lying = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    lying.pop("manifest.json", None)
    if told.get("run") != folder.name or set(lying) != set(told.get("files", ())):
        extra = sorted({*lying} ^ {*told.get("files", ())})
        yield f"I2: {what} release {folder.name} is not what its manifest lists: {extra}"
        return
    for name, path in lying.items():
        if hashlib.sha256(path.read_bytes()).hexdigest() != told["files"][name]["sha256"]:
            yield f"I2: {what} release {folder.name}: {name} has another content than its manifest says"
            return
    for file, schema in _DATABASES.items():
        if int.from_bytes(lying[file].read_bytes()[12:20], "little") != STORAGE_V1_2_0:
            yield f"I2: {what} release {folder.name}: {file} has another storage version"
        stated = {name: facts["rows"] for name, facts in told["tables"].items() if name.startswith(f"{schema}.")}
        with duckdb.connect(str(lying[file]), read_only=True) as db:
            rows = {name: db.execute(f"select count(*) from {name}").fetchall()[0][0] for name in stated}
        if rows != stated or not stated:
            yield f"I2: {what} release {folder.name}: {file} has other row counts than its manifest says"


def _json(path: Path) -> Said:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def main() -> int:
    """Verify what the command line names."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("home", type=Path)
    words.add_argument("--expected", type=Path, help="an undisturbed home, or JSON of what one says")
    words.add_argument("--delivered", type=Path, nargs="*", help="what was delivered; the home's inbox otherwise")
    words.add_argument("--planted", type=Path, help="a file with a planted identity a line")
    asked = words.parse_args()
    expected = asked.expected and (said(asked.expected) if asked.expected.is_dir() else _json(asked.expected))
    planted = asked.planted.read_text("utf-8").split() if asked.planted else ()
    found = verify(
        asked.home, delivered=asked.delivered or [asked.home / "inbox"], expected=expected or None, planted=planted
    )
    sys.stdout.write("".join(f"{line}\n" for line in found) or f"holds: {asked.home}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
