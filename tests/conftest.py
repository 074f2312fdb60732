"""What holds for every test: one layer runs in one process, and where nothing may skip, a skip is a failure."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """A night makes its process private; the next test begins with the umask that the run began with."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a layer's tests together, since they share a home that costs seconds to make."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.relative_to(TESTS).parts[0]))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped where it may not: ``JINGUO_TESTS_MAY_SKIP=no``."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("JINGUO_TESTS_MAY_SKIP") == "no" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
