"""What holds for every test: one layer runs in one process, and where nothing may skip, a skip is a failure."""

import fcntl
import gc
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from samples import WorldSummary, write_world

TESTS = Path(__file__).parent
# What takes longest comes first: the short ones fill what is left of either process.
LONGEST = ("night", "faults", "orchestration", "operators", "events", "dbt_project", "samples", "connectors", "docs")


class ByLayer(LoadScopeScheduling):
    """Gives a process whole layers: a layer's tests share homes that cost seconds to make."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.removeprefix("tests/").partition("/")[0]


# The marks that xdist's own loadgroup reads do not reach it since pytest 9.2: each process made every shared home.
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByLayer:
    """Distribute by layer."""
    return ByLayer(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest layers."""
    place = {layer: number for number, layer in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.relative_to(TESTS).parts[0], len(LONGEST)))


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what is imported by now: an eighth of what a build by dbt costs here."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def sample_world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, WorldSummary]:
    """The sample world, to be read only: the first process of a run writes it, the others wait for it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    root, said = shared / "sample_world", shared / "sample_world.json"
    with (shared / "sample_world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(asdict(write_world(root))), "utf-8")
    return root, WorldSummary(**json.loads(said.read_text("utf-8")))


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """A night makes its process private; the next test begins with the umask that the run began with."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped where it may not: ``JINGUO_TESTS_MAY_SKIP=no``."""
    gc.unfreeze()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("JINGUO_TESTS_MAY_SKIP") == "no" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
