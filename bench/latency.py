"""From a file's arrival to its release: by the worker that is warm, and by Dagster's own sensor and run.

The delivery is small on purpose and honest in kind: an increment of ``care_activities`` of one county, six records as
its platform exports them, dropped as transfers do it (written aside, renamed), one after the other. The clock runs from
the rename until ``current`` leads to a release made after it and Dagster says that the run, with its checks, succeeded;
that the release holds the records is looked up after the clock has stopped.
"""

import os
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import duckdb

from bench.rows import Measured, counted
from ingest.home import Home

DROPS_WORKER, DROPS_SENSOR = 20, 5
WORKER_TARGET, SENSOR_TARGET = 2.0, 20.0
_ROOT = Path(__file__).parents[1]
_SENDER, _DATASET, _ENCODING = "donggang", "care_activities", "gb18030"
_PART = re.compile(r"(等稳|接收|清洗|建仓|发布)(\d+\.\d+)")
_WORDS = {
    "等稳": "until the file is at rest",
    "接收": "land",
    "清洗": "clean",
    "建仓": "build and test",
    "发布": "audit and publish",
}


def prepared(root: Path) -> Home:
    """A home after one night of the whole sample world, made once below ``root``."""
    home = Home(root / "demo")
    if not home.current.exists():
        subprocess.run(
            [sys.executable, "-m", "orchestration.cli", "demo"],
            cwd=_ROOT,
            env=_environment(home),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return home


def worker(root: Path) -> Iterator[Measured]:
    """Measure a real ``jinguo worker`` over a copy of the prepared home."""
    home, said = _copied(prepared(root), root / "worker"), root / "worker.txt"
    with _running([sys.executable, "-m", "orchestration.cli", "worker"], home, said):
        _until(lambda: "watching" in said.read_text("utf-8"), 300, said)
        _Drop.made(home, 0).measured()
        before = len(said.read_text("utf-8").splitlines())
        seconds = _measured(home, DROPS_WORKER, "deliveries to the worker")
        time.sleep(0.5)
        lines = said.read_text("utf-8").splitlines()[before:]
    yield from _rows("the worker", seconds, WORKER_TARGET)
    parts = [dict(_PART.findall(line)) for line in lines if _SENDER in line]
    for part, words in _WORDS.items():
        middle = statistics.median(float(one[part]) for one in parts if part in one)
        yield f"of which, in the middle: {words}", f"{middle:.2f}", middle, None


def sensor(root: Path) -> Iterator[Measured]:
    """Measure a real ``dagster-daemon`` with its code location over a copy of the prepared home."""
    home, said = _copied(prepared(root), root / "sensor"), root / "sensor.txt"
    daemon = [str(Path(sys.executable).parent / "dagster-daemon"), "run", "-w", "workspace.yaml"]
    with _running(daemon, home, said):
        _Drop.made(home, 0).measured()  # by then the location is loaded and every loop has begun
        seconds = _measured(home, DROPS_SENSOR, "deliveries to the sensor")
        waits = [run.started - run.created for run in _runs(home)[:DROPS_SENSOR]]
        works = [run.ended - run.started for run in _runs(home)[:DROPS_SENSOR]]
    yield from _rows("the sensor", seconds, SENSOR_TARGET)
    looked = statistics.median(seconds) - statistics.median(waits) - statistics.median(works)
    for words, middle in (
        ("until the file is quiet and a tick sees it", looked),
        ("queue and start of the run's process", statistics.median(waits)),
        ("the run", statistics.median(works)),
    ):
        yield f"of which, in the middle: {words}", f"{middle:.2f}", middle, None


def _rows(whose: str, seconds: list[float], target: float) -> Iterator[Measured]:
    half, most = statistics.median(seconds), sorted(seconds)[ceil(0.95 * len(seconds)) - 1]
    what = f"{len(seconds)} small deliveries to {whose}, file to release and checks"
    yield f"{what}, p50: s", f"{half:.2f}", half, None
    yield f"{what}, p95: s", f"{most:.2f}", most, target


def _measured(home: Home, drops: int, what: str) -> list[float]:
    seconds = []
    for number in range(1, drops + 1):
        time.sleep(0.3)
        seconds.append(_Drop.made(home, number).measured())
        counted(what, number, drops)
    return seconds


@dataclass(frozen=True)
class _Drop:
    """One delivery: its ``ids`` are in no other."""

    home: Home
    data: bytes
    ids: tuple[str, ...]

    @classmethod
    def made(cls, home: Home, number: int) -> "_Drop":
        """Six records out of the sample's, under numbers of their own."""
        source = next((home.root / "sample" / _SENDER / _DATASET).glob("*2023年3月.csv"))
        head, *records = source.read_bytes().decode(_ENCODING).splitlines()
        old = [record.partition(",") for record in records if '"' not in record][:6]
        ids = tuple(f"HD2{number:07d}-{place:04d}" for place in range(6))
        body = "\n".join([head, *(f"{new},{rest}" for new, (_, _, rest) in zip(ids, old, strict=True))])
        return cls(home, (body + "\n").encode(_ENCODING), ids)

    def measured(self) -> float:
        """Drop it and wait; return the seconds. Raises ``SystemExit`` where its release does not hold it."""
        folder = self.home.inbox / _SENDER / _DATASET
        folder.mkdir(parents=True, exist_ok=True)
        part, served, runs = folder / f"{self.ids[0]}.csv.part", self.home.current.readlink(), len(_runs(self.home))
        part.write_bytes(self.data)
        began = time.monotonic()
        part.rename(part.with_suffix(""))
        _until(lambda: self.home.current.readlink() != served, 300)
        _until(lambda: _has_succeeded(self.home, runs), 60)
        seconds = time.monotonic() - began
        if _held(self.home, self.ids) != len(self.ids):
            raise SystemExit("the release does not hold the delivery: the bench measured the wrong thing")
        return seconds


@dataclass(frozen=True)
class _Run:
    status: str
    run_id: str
    created: float
    started: float
    ended: float


def _runs(home: Home) -> list[_Run]:
    """Dagster's runs, the newest first, from its own file: an instance would cost the measured machine more."""
    sql = """select status, run_id, (julianday(create_timestamp) - 2440587.5) * 86400, coalesce(start_time, 0),
             coalesce(end_time, 0) from runs order by id desc"""
    with closing(sqlite3.connect(f"file:{home.dagster}/history/runs.db?mode=ro", uri=True, timeout=30)) as db:
        return [_Run(*row) for row in db.execute(sql)]


def _has_succeeded(home: Home, before: int) -> bool:
    runs = _runs(home)
    if len(runs) <= before or runs[0].status != "SUCCESS":
        return False
    asked = "select count(*) from asset_check_executions where run_id = ? and execution_status = 'SUCCEEDED'"
    with closing(sqlite3.connect(f"file:{home.dagster}/history/runs/index.db?mode=ro", uri=True, timeout=30)) as db:
        return bool(db.execute(asked, (runs[0].run_id,)).fetchone()[0])


def _held(home: Home, ids: tuple[str, ...]) -> int:
    with duckdb.connect(str(home.current / "core/jinguo_core.duckdb"), read_only=True) as connection:
        sql = "select count(distinct activity_id) from core.fct_care_activities where activity_id in (select unnest(?))"
        return connection.execute(sql, [list(ids)]).fetchall()[0][0]


def _copied(home: Home, to: Path) -> Home:
    shutil.copytree(home.root, to, symlinks=True)
    return Home(to)


def _environment(home: Home) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAGSTER", "JINGUO"))}
    return kept | {"JINGUO_HOME": str(home.root), "DAGSTER_HOME": str(home.dagster), "PYTHONUNBUFFERED": "1"}


@contextmanager
def _running(command: list[str], home: Home, said: Path) -> Generator[None]:
    with said.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=_ROOT, env=_environment(home), stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all of its group: what its children still write, nobody could remove."""
    for asked, seconds in ((signal.SIGTERM, 60), (signal.SIGKILL, 10)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, asked)
        until = time.monotonic() + seconds
        while _lives(process.pid) and time.monotonic() < until:
            time.sleep(0.05)
    process.wait(10)


def _lives(group: int) -> bool:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group, *_ = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(its_group) == group and state not in "ZX":
                return True
    return False


def _until(holds: Callable[[], bool], seconds: float, said: Path | None = None) -> None:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise SystemExit(f"nothing happened for {seconds:.0f} s{': see ' + str(said) if said else ''}")
        time.sleep(0.01)
