"""One full night of the sample world, shared by the tests that only read it; and a small choice of that world."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from night_faults import QUOTED, QUOTED_FILE
from night_homes import Arrived, Quick, World, few, new_home, nights, quick_tree, read_history, save, write_history

from samples import WorldSummary
from warehouse import releases


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, sample_world: tuple[Path, WorldSummary]) -> World:
    """The whole sample world, landed as its history tells, after one ``jinguo nightly``."""
    root = tmp_path_factory.mktemp("night")
    sample, said = root / "sample", root / "said.txt"
    shutil.copytree(sample_world[0], sample)
    home = new_home(root / "home")
    with nights(home, said) as process:
        status, _ = process.run(sample / "history.jsonl")
    return World(home, sample, said, status)


@pytest.fixture(scope="session")
def small(world: World) -> list[Arrived]:
    """The arrivals of a small world; their files lie in the sample."""
    return few(read_history(world.sample))


@pytest.fixture(scope="session")
def quick(world: World, small: list[Arrived], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quick]:
    """A home with the small project and half of the small world; its nights can be disturbed."""
    root = tmp_path_factory.mktemp("quick")
    tree = quick_tree(root / "tree")
    home, said, half = new_home(root / "home"), root / "said.txt", len(small) // 2
    first = write_history(world.sample, "first.jsonl", small[:half])
    second = write_history(world.sample, "second.jsonl", small[half:])
    quoted = world.side("planted.json")["names"][0]
    (root / "quoted.txt").write_text(quoted, "utf-8")
    with nights(home, said, tree, **{QUOTED: quoted, QUOTED_FILE: str(root / "quoted.txt")}) as process:
        assert process.run(first)[0] in (0, 3), said.read_text("utf-8")
        first_hash, saved = releases.current(home.current).release_hash, save(home, root / "saved")
        status, seconds = process.run(second)
        assert status in (0, 3), said.read_text("utf-8")
        second_hash = releases.current(home.current).release_hash
        assert first_hash != second_hash
        yield Quick(home, tree, process, said, saved, second, first_hash, second_hash, seconds)
