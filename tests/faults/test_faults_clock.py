"""Whatever the machine's clock and zone say: what the deliveries say is the same."""

import subprocess
import sys
from collections.abc import Callable

import duckdb
import pytest
from forked import environment
from runs import Town

# 23:59:59 in Shanghai, noon of the same day in New York; and what faketime must leave alone
FAKED = {"TZ": "America/New_York", "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
NOON = "2030-04-13 11:59:59"


def test_a_second_before_midnight_on_a_machine_elsewhere(town: Town, verified: Callable) -> None:
    home = town.again()
    known = environment(town.runs.tree) | FAKED | {"JINGUO_HOME": str(home)}
    words = ["faketime", NOON, sys.executable, "-m", "orchestration.cli", "nightly"]
    try:
        ran = subprocess.run(
            words, cwd=town.runs.tree, env=known, capture_output=True, text=True, timeout=300, check=False
        )
    except FileNotFoundError:
        pytest.skip("faketime is not installed: no other clock was tried")
    assert ran.returncode == 0 and "Traceback" not in ran.stderr, ran.stdout + ran.stderr
    assert (home / "current").resolve().name.startswith("20300413T"), "the clock was not another one"
    with duckdb.connect() as db:
        days = db.execute(
            "select distinct as_of_on, cast((received_at at time zone 'UTC') + interval 8 hour as date) "
            f"from read_parquet('{home}/deliveries/deliveries.parquet') where received_at > timestamptz '2030-01-01'"
        ).fetchall()
    assert days and all(day == in_shanghai for day, in_shanghai in days), days
    verified(home)
