"""The daemon dies between a tick and its run, and a night is started while a run of the sensor begins."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from daemon import GOING, daemon, hurry, runs
from runs import Town


@pytest.fixture
def home(town: Town) -> Path:
    """The home before its second night, whose sensor has not looked yet."""
    home = town.again()
    shutil.rmtree(home / "dagster")
    shutil.copytree(town.saved / "dagster", home / "dagster")
    return home


def _is(home: Path, before: int, *states: str) -> Callable[[], bool]:
    return lambda: any(state in states for state in runs(home)[before:])


def test_killed_between_tick_and_run_again_and_again_the_delivery_is_in_once(
    home: Path, town: Town, tmp_path: Path, survived: Callable, verified: Callable
) -> None:
    hurry(home)
    before = len(runs(home))
    for asked in ("QUEUED", "STARTING"):
        with daemon(home, town.runs.tree, tmp_path / f"{asked}.txt") as killed:
            killed.until(_is(home, before, asked))
        assert "STARTED" not in runs(home)[before:], "it was killed too late"
        assert survived(home) == "first", "nobody but the run takes the delivery in"
    with daemon(home, town.runs.tree, tmp_path / "last.txt") as last:
        last.until(_is(home, before, "SUCCESS"))
        last.until(lambda: GOING.isdisjoint(runs(home)))
    assert runs(home)[before:].count("SUCCESS") == 1
    verified(home)


def test_a_run_of_the_sensor_and_a_night_at_once(home: Path, town: Town, tmp_path: Path, verified: Callable) -> None:
    before = len(runs(home))
    with daemon(home, town.runs.tree, tmp_path / "said.txt") as sensing:
        sensing.until(_is(home, before, "STARTING", "STARTED"))
        night = town.runs.begin(home)
        sensing.until(lambda: not night.is_alive)
        sensing.until(lambda: GOING.isdisjoint(runs(home)[before:]))
    assert night.end().status == 0, night.said
    assert set(runs(home)[before:]) == {"SUCCESS"}
    verified(home)
