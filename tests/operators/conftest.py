"""One installation after its first night, shared by what only reads it or says so."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ingest.decisions import decide
from ingest.ledger import Ledger
from tests.operators import units
from tests.operators.installation import Installation, installed
from tests.operators.served import Served, running
from tests.orchestration.small_home import run_here


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Two senders, one month, one delivery that a person refused, one night as its unit starts it."""
    made = installed(tmp_path_factory.mktemp("operators"))
    assert run_here(made.home.root, "land").returncode == 0
    with Ledger(made.home) as ledger:
        chosen = next(one for one in ledger.deliveries() if one.dataset == "children")
    decide(made.home, chosen.delivery_id, "refuse", "试", datetime(2024, 3, 1, tzinfo=UTC))
    command = units.command(units.read(units.UNITS / "jinguo-nightly.service"), made)
    environment = units.environment(made)
    ran = subprocess.run(command, cwd=made.tree, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 3), ran.stderr[-2000:]
    return made


@pytest.fixture(scope="session")
def served(installation: Installation) -> Iterator[Served]:
    """Code server, web servers, receiver and nginx over that installation: some 15 s to start, once."""
    with running(installation) as one:
        yield one


@pytest.fixture(autouse=True)
def _own_dagster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test opens the Dagster home of another one."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    before = os.environ.get("JINGUO_HOME")
    yield
    os.environ.update({"JINGUO_HOME": before} if before else {})
