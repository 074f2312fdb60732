"""Readers never meet a writer: six processes read while twenty releases are published."""

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
import reader_process
import tiny

KINDS = ("fresh", "fresh", "overlapping", "overlapping", "parquet", "parquet")
PUBLISHES = 20


def wait_for(home: Path, number: int) -> None:
    deadline = time.monotonic() + 60
    while len(list(home.glob("ready-*"))) < number:
        assert time.monotonic() < deadline, "the readers did not start"
        time.sleep(0.02)


def test_six_readers_during_twenty_publishes(home: Path) -> None:
    tiny.publish_new(home, "n00", 1)
    program = str(Path(reader_process.__file__))
    readers = [
        subprocess.Popen([sys.executable, program, home, kind, str(number)], stdout=subprocess.PIPE, text=True)
        for number, kind in enumerate(KINDS)
    ]
    try:
        wait_for(home, len(KINDS))
        for n in range(1, PUBLISHES + 1):
            assert tiny.publish_new(home, f"n{n:02}", 1 + n % 4).run == f"n{n:02}"
    finally:
        (home / "stop").touch()
        told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    sys.stdout.write("\n".join(map(str, told)))
    assert [(t["kind"], t["errors"], t["torn"]) for t in told] == [(kind, [], 0) for kind in KINDS]
    # Not one of them is stuck in the past, and all of them read while releases changed under them.
    assert {t["last"] for t in told} == {1 + PUBLISHES % 4}
    assert all(t["seen"] > 1 for t in told)


def test_negative_control_names_read_through_the_link_can_tear(home: Path) -> None:
    """Why a reader of Parquet resolves the link once: two reads by name can meet two releases."""
    tiny.publish_new(home, "n1", 1)
    one = duckdb.execute(f"select min(marker) from '{home}/current/parquet/pairing_coverage.parquet'").fetchone()
    tiny.publish_new(home, "n2", 2)
    other = duckdb.execute(f"select min(marker) from '{home}/current/parquet/delivery_status.parquet'").fetchone()
    assert one != other


SWAPPING = """
import os, sys, time
until = time.monotonic() + 60
while time.monotonic() < until and not os.path.exists("stop"):
    for name in ("n0", "n1"):
        os.symlink(name, ".current"); os.replace(".current", "current")
"""


def test_negative_control_a_held_file_opened_through_the_link_can_bear_the_wrong_name(tmp_path: Path) -> None:
    """Why a process that never lets go resolves the link itself."""
    for number in range(2):
        (tmp_path / f"n{number}").mkdir()
        with duckdb.connect(str(tmp_path / f"n{number}/jinguo.duckdb")) as connection:
            connection.execute(f"create table released as select {number} as number")
    (tmp_path / "current").symlink_to("n0")
    misnamed, deadline = 0, time.monotonic() + 50
    with subprocess.Popen([sys.executable, "-c", SWAPPING], cwd=tmp_path):
        while not misnamed and time.monotonic() < deadline:
            with duckdb.connect(str(tmp_path / "current/jinguo.duckdb"), read_only=True):
                for number in range(2):
                    with duckdb.connect(str(tmp_path / f"n{number}/jinguo.duckdb"), read_only=True) as connection:
                        misnamed += connection.execute("select number from released").fetchone() != (number,)
        (tmp_path / "stop").touch()
    assert misnamed


def test_negative_control_building_in_place_locks_readers_out(home: Path) -> None:
    """Why a release is never built where it is read: the writer's lock refuses every reader."""
    release = tiny.publish_new(home, "n1", 1)
    (release.path / "jinguo.duckdb").chmod(0o644)
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, release.path / "jinguo.duckdb"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        assert writer.stdout.readline() == "open\n"
        with pytest.raises(duckdb.IOException, match="lock"):
            reader_process.fresh(home / "current")
        writer.stdin.close()
    assert set(reader_process.fresh(home / "current")) == {1}
