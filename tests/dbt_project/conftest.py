"""One dbt and one build of the core tables from a random world, shared by the tests that only read it."""

from pathlib import Path

import pytest
from dbt_runs import Dbt, build_core
from random_world import SEED, random_world


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """dbt, parsed once."""
    return Dbt(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> tuple[Path, Path]:
    """The home of the random world and the build of everything it ever delivered."""
    home = random_world(tmp_path_factory.mktemp("world"), SEED).write()
    return home, build_core(dbt, home, home / "build" / "all")
