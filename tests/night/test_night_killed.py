"""kill -9 at random moments of real nights: what is served is always whole, and the rerun ends as if undisturbed."""

import os
import random
import shutil
import signal
import sys
import time
from contextlib import suppress

import duckdb
import pytest
from night_homes import Quick

from ingest.home import Home
from warehouse import releases

KILLS, SEED = 10, 20240413


def _whole(home: Home) -> str:
    """Compare all of the served release with its manifest, open it, count it; return its hash."""
    served = releases.show(home.releases, releases.current(home.current).run)
    for file, schema in (("jinguo.duckdb", "marts"), ("core/jinguo_core.duckdb", "core")):
        assert not (served.path / f"{file}.wal").exists()
        with duckdb.connect(str(served.path / file), read_only=True) as connection:
            told = {name: facts["rows"] for name, facts in served.tables.items() if name.startswith(f"{schema}.")}
            counted = {name: connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in told}
        assert counted == told and told
    assert [one.run for one in releases.list_releases(home.releases, home.current) if one.damage] == []
    return served.release_hash


def test_kill_at_ten_random_moments(quick: Quick) -> None:
    home, dice = quick.home, random.Random(SEED)
    parts = [(number + dice.random()) / KILLS for number in range(KILLS)]
    dice.shuffle(parts)
    told = []
    quick.restore()
    for part in parts:
        pid = quick.process.begin(quick.second)
        time.sleep(part * quick.second_seconds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        status, found = quick.process.end(), _whole(home)
        told.append((round(part * quick.second_seconds, 2), status, found == quick.second_hash))
        assert found in (quick.first_hash, quick.second_hash)
        assert status == 137 or found == quick.second_hash, told
        if found == quick.second_hash:  # nothing is left to disturb: begin again
            quick.restore()
    kills = sum(status == 137 for _, status, _ in told)
    sys.stdout.write(
        f"seed {SEED}, night of {quick.second_seconds:.1f} s, {kills} kills (second, status, published): {told}\n"
    )
    assert kills >= KILLS // 2, "most nights ended before the kill: nothing was tried"
    assert quick.process.run(quick.second)[0] in (0, 3)
    assert _whole(home) == quick.second_hash
    assert list(home.build.iterdir()) == []


def test_a_rerun_changes_nothing(quick: Quick) -> None:
    home = quick.home
    quick.restore()
    runs = []
    for _ in range(2):
        assert quick.process.run(quick.second)[0] in (0, 3)
        runs.append(home.current.resolve().name)
    assert runs[0] == runs[1]
    home.current.unlink()  # served no more, so the night has to build it once more
    shutil.rmtree(home.releases / runs[0])
    assert quick.process.run(quick.second)[0] in (0, 3)
    assert home.current.resolve().name != runs[0]
    assert _whole(home) == quick.second_hash


def test_a_torn_release_is_seen(quick: Quick) -> None:
    quick.restore()
    file = quick.home.current.resolve() / "core" / "jinguo_core.duckdb"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o640)
    file.write_bytes(content)
    with pytest.raises(releases.Damaged):
        _whole(quick.home)
