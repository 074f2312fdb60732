"""The warehouse is a function of the set of deliveries: not of their order, repetition, nights or splitting."""

import csv
import io
import random
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from night_homes import Arrived, World, new_home, write_history
from replay import LINEAGE, Said, differing, replay, said

from ingest.arrivals import land_history
from ingest.contracts import CONTRACTS
from ingest.keys import Keyring
from ingest.night import clean_pending

SEEDS = range(2)
# What is said of files and not of what they say: one file and two are not the same there.
ABOUT_FILES = {"core.fct_deliveries", "core.fct_delivery_expectations", "marts.delivery_status", "marts.data_quality"}
Builder = Callable[..., Said]


@pytest.fixture(scope="module")
def built(world: World, tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Return a function: nights (each a list of arrivals) -> what the tables then say. The same nights, one build."""
    builds: dict[tuple[tuple[Arrived, ...], ...], Path] = {}

    def build(*nights: Sequence[Arrived], without: frozenset[str] = frozenset()) -> Said:
        asked = tuple(map(tuple, nights))
        if asked not in builds:
            root = tmp_path_factory.mktemp("home")
            home = new_home(root / "home", world.home)
            for number, arrivals in enumerate(nights):
                history = write_history(world.sample, f"{root.name}-{number}.jsonl", arrivals)
                land_history(home, Keyring.open(home), history)
                clean_pending(home, Keyring.open(home))
            builds[asked] = replay(world.manifest, world.home, home, root / "build")
        return said(builds[asked], without)

    return build


@pytest.fixture(scope="module")
def once(built: Builder, small: list[Arrived]) -> Said:
    """What the small world says when it arrives in its own order, in one night."""
    return built(small)


def test_the_replay_builds_the_release(world: World, tmp_path: Path) -> None:
    again = said(replay(world.manifest, world.home, world.home, tmp_path / "build"))
    assert differing(again, said(world.home.current.resolve())) == []


def test_the_small_world_says_something(once: Said) -> None:
    empty = [name for name, (rows, _) in once.items() if not rows]
    assert empty == [], "a law about an empty table holds for nothing"


def _later(one: Arrived, days: int) -> Arrived:
    return Arrived(one.path, (datetime.fromisoformat(one.received_at) + timedelta(days=days)).isoformat())


@pytest.mark.parametrize("seed", SEEDS)
def test_order_repetition_and_nights_do_not_matter(seed: int, built: Builder, once: Said, small: list[Arrived]) -> None:
    sys.stdout.write(f"seed {seed}\n")
    dice = random.Random(seed)
    nights: list[list[Arrived]] = [[] for _ in range(dice.randint(2, 3))]
    for one in dice.sample(small, len(small)):
        number = dice.randrange(len(nights))
        nights[number].append(one)
        if dice.random() < 0.4:  # the same bytes once more, before or after, and received later
            dice.choice(nights).append(_later(one, dice.randint(1, 60)))
    assert differing(built(*nights), once) == []


def test_an_earlier_receipt_that_is_found_later_counts(built: Builder, small: list[Arrived]) -> None:
    # 20 days earlier, the end of the month that the file tells of lies in the future
    one = next(one for one in small if "/care_activities/" in one.path and one.path.endswith(".csv"))
    then = [small[0], _later(one, -20)]
    assert differing(built(then), built([small[0], one])), "the day of arrival decides nothing"
    assert differing(built([small[0], one], then), built(then)) == []


def test_a_file_in_two_parts_says_the_same(world: World, built: Builder, small: list[Arrived]) -> None:
    whole = [one for one in small if _can_be_split(world, one.path)]
    assert len(whole) >= 3
    parts = [Arrived(path, one.received_at) for one in whole for path in _split(world.sample, one.path)]
    rest = [one for one in small if one not in whole]
    split, unsplit = (built(arrivals, without=LINEAGE) for arrivals in (rest + parts, small))
    assert set(differing(split, unsplit)) <= ABOUT_FILES
    assert "core.fct_deliveries" in differing(split, unsplit), "nothing was split"


def _can_be_split(world: World, path: str) -> bool:
    truth, is_increment = world.side("truth.json")[path], CONTRACTS[path.split("/")[1]].delivers == "increment"
    is_plain = truth["state"] == "clean" and truth["non_data"] == 1 and not truth["duplicate"]
    return is_increment and is_plain and path.count("/") == 2 and path.endswith(".csv") and truth["clean"] > 1


def _split(sample: Path, path: str) -> list[str]:
    """Write the records of a CSV as two files with its header; return their paths."""
    content = (sample / path).read_bytes()
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = content.decode("gb18030"), "gb18030"
    header, *records = list(csv.reader(io.StringIO(text, newline="")))
    paths = []
    for number, part in enumerate((records[::2], records[1::2]), 1):
        written = io.StringIO(newline="")
        csv.writer(written).writerows([header, *part])
        paths.append(path.replace(".csv", f" part {number}.csv"))
        (sample / paths[-1]).write_bytes(written.getvalue().encode(encoding))
    return paths


def test_a_changed_receipt_is_seen(built: Builder, once: Said, small: list[Arrived]) -> None:
    late = built([*small[:-1], _later(small[-1], 40)])
    assert differing(late, once)
