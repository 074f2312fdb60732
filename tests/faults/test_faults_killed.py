"""kill -9 just before chosen changes to the file system: what is served is whole, the rerun is as if undisturbed."""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from runs import Town

SEED, CHAINS, LINKS = 20240413, 2, 4
KILLED = 137
# The changes after the cleaning behind which something else is true, in their order.
LATE = (
    r"mkdir /build/[^/]+$",
    r"mkdir /warm/\.half-[^/]+$",
    r"open /build/[^/]+/manifest.json",
    r"rename /releases/",
    r"symlink /\.?current",
    r"replace /current",
)
# Those behind which the release is served, and the next refresh is made possible.
SERVED = (r"rename /warm/[^/.]+$", r"(unlink|rmdir) .*(jinguo_work\.duckdb|/warm/[^/]+)$")


@pytest.fixture(scope="module")
def changes(town: Town, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every change that Python makes below the home in an undisturbed second night, in order."""
    trace = tmp_path_factory.mktemp("trace") / "changes.txt"
    assert town.runs.run(town.again(), trace=str(trace)).status == 0
    return trace.read_text("utf-8").splitlines()


def _killed(town: Town, what: str, **when: object) -> bool:
    """Run a night that is to be killed; say whether it was, or had nothing more to do at which it could be."""
    ran = town.runs.run(town.home, **when)
    sys.stdout.write(f"killed before {what}: {ran.status}\n")
    assert ran.status in (0, KILLED) and "Traceback" not in ran.said, ran.said
    return ran.status == KILLED


def _rerun(town: Town, verified: Callable) -> None:
    assert town.runs.run(town.home).status == 0
    verified(town.home)
    assert [path for path in (town.home / "build").iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("chain", range(CHAINS))
def test_killed_again_and_again_until_all_is_clean(
    chain: int, town: Town, changes: list[str], survived: Callable, verified: Callable
) -> None:
    town.again()
    dice = random.Random(f"{SEED}/{chain}")
    until = next(n for n, change in enumerate(changes) if change.startswith("mkdir /build/"))
    numbers = sorted(dice.sample(range(1, until), LINKS))
    sys.stdout.write(f"seed {SEED}/{chain}: {len(changes)} changes, {until} until all is clean\n")
    kills = 0
    for number in numbers:
        # each night has less to do than the one before it: it can be through before its n-th change
        if not _killed(town, f"{number}, at first {changes[number - 1][:60]}", die=number):
            break
        kills += 1
        if survived(town.home) == "second":  # it lay beyond the last step: nothing is left to disturb
            break
    assert kills > 1
    _rerun(town, verified)


def test_killed_at_every_step_of_building_and_publishing(town: Town, survived: Callable, verified: Callable) -> None:
    town.again()
    for late in LATE:
        assert _killed(town, late, before=late)
        assert survived(town.home) == "first"
    _rerun(town, verified)


@pytest.mark.parametrize("after", SERVED)
def test_killed_when_the_release_is_served_already(
    after: str, town: Town, survived: Callable, verified: Callable
) -> None:
    town.again()
    assert _killed(town, "what follows the link", before=after)
    assert survived(town.home) == "second"
    _rerun(town, verified)


SEEN = {
    "the candidate's first tables": lambda home: any(home.glob("build/*/jinguo_work.duckdb")),
}


@pytest.mark.parametrize("seen", SEEN)
def test_killed_when_the_engines_write(
    seen: str, town: Town, tmp_path: Path, survived: Callable, verified: Callable
) -> None:
    home = town.again()
    running = town.runs.begin(home)
    while running.is_alive and not SEEN[seen](home):
        time.sleep(0.0005)
    running.kill()
    assert running.end().status == KILLED, "it ended before it was seen"
    survived(home)
    assert town.runs.run(home).status == 0
    verified(home)
