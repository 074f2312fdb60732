"""A reader in a process of its own: reads the served release in one way until told to stop, and counts.

python reader_process.py HOME KIND: prints one line of JSON: reads, errors, torn, the marker seen last, what is served.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

BOTH = (
    "select (select min(marker) from marts.pairing_coverage), (select max(marker) from marts.pairing_coverage), "
    "(select min(marker) from marts.delivery_status), (select max(marker) from marts.delivery_status)"
)


def fresh(current: Path) -> tuple:
    with duckdb.connect(str(current / "jinguo.duckdb"), read_only=True) as connection:
        return connection.execute(BOTH).fetchone()


def overlapping(current: Path, held: list) -> tuple:
    """The next connection is opened before the one before it closes, so the process never lets go.

    It resolves the link itself: DuckDB names a cached file after where the link leads at another moment than when it
    opens the file, and such a process could be given the file before under the newest name.
    """
    held.append(duckdb.connect(str(current.resolve() / "jinguo.duckdb"), read_only=True))
    if len(held) > 2:
        held.pop(0).close()
    return held[-1].execute(BOTH).fetchone()


def parquet(current: Path) -> tuple:
    release = current.resolve()
    query = BOTH
    for name in ("pairing_coverage", "delivery_status"):
        query = query.replace(f"marts.{name}", f"'{release}/parquet/{name}.parquet'")
    return duckdb.execute(query).fetchone()


def main() -> None:
    home, kind = Path(sys.argv[1]), sys.argv[2]
    held: list = []
    ways = {"fresh": fresh, "overlapping": lambda current: overlapping(current, held), "parquet": parquet}
    counted = {"kind": kind, "reads": 0, "errors": [], "torn": 0, "seen": 0}
    markers = set()
    last = False
    while not last:
        last = (home / "stop").exists()
        time.sleep(0.02)
        try:
            row = ways[kind](home / "current")
        except (duckdb.Error, OSError) as error:
            counted["errors"].append(f"{type(error).__name__}: {error}")
            continue
        counted["reads"] += 1
        counted["torn"] += len(set(row)) != 1
        markers.add(row[0])
        if counted["reads"] == 1:
            (home / f"ready-{sys.argv[3]}").touch()
    served = (home / "current").resolve().name
    sys.stdout.write(json.dumps({**counted, "seen": len(markers), "last": row[0], "served": served}))


if __name__ == "__main__":
    main()
