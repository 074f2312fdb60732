"""One home after a first night, with a second delivery waiting; and what an undisturbed second night says."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from forked import Ran, Runs, running
from runs import Town, copied
from town import deliver_first, deliver_second, planted, tree
from verify import said, verify

from ingest.home import Home
from ingest.keys import create_keys


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The process that forks runs."""
    folder = tmp_path_factory.mktemp("runs")
    with running(folder, tree(folder / "tree")) as made:
        yield made


@pytest.fixture(scope="session")
def town(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town after its first night, and what its second says."""
    folder = tmp_path_factory.mktemp("town")
    home = Home(folder / "home")
    home.prepare()
    create_keys(home, demo=True)
    deliver_first(home.inbox)
    calm(runs.run(home.root))
    first = said(home.root)
    deliver_second(home.inbox)
    saved = copied(home.root, folder / "saved")
    calm(runs.run(home.root))
    second = said(home.root)
    assert second["release_hash"] != first["release_hash"]
    assert verify(home.root, delivered=[home.inbox], expected=second, planted=planted()) == []
    return Town(runs, saved, copied(home.root, folder / "after"), first, second, home.root)


@pytest.fixture
def verified(town: Town) -> Callable[..., None]:
    """Ask for all invariants after a night that ended well: what is said is what an undisturbed second night says."""

    def check(home: Path) -> None:
        assert verify(home, delivered=[home / "inbox"], expected=town.second, planted=planted()) == []

    return check


@pytest.fixture
def survived(town: Town) -> Callable[..., str]:
    """Ask for what must hold amid trouble, and for a whole release served, the one before or the next."""

    def check(home: Path) -> str:
        assert verify(home, delivered=[home / "inbox"], planted=planted(), is_whole=False) == []
        served = said(home)["released"]
        assert served in (town.first["released"], town.second["released"])
        return "second" if served == town.second["released"] else "first"

    return check


def calm(ran: Ran) -> None:
    """A night that ended as nights do."""
    assert ran.status == 0, ran.said
    assert "Traceback" not in ran.said
