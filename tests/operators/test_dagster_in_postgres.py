"""PostgreSQL as Dagster's storage, as it is documented: a run recorded there, and read back by another process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ingest.home import Home
from orchestration.instance import settle
from tests.operators.units import DEPLOY
from tests.servers.postgres import PASSWORD, Postgres, running

_RUN = """
import json
import dagster as dg

@dg.asset
def made():
    return dg.MaterializeResult(metadata={"rows": 7})

with dg.DagsterInstance.get() as instance:
    assert dg.materialize([made], instance=instance).success
with dg.DagsterInstance.get() as instance:
    told = instance.get_latest_materialization_event(dg.AssetKey("made")).asset_materialization
    print(json.dumps([type(instance.run_storage).__name__, instance.get_runs_count(), told.metadata["rows"].value]))
"""


def test_a_run_is_recorded_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    settle(home)
    environment = {**os.environ, "DAGSTER_HOME": str(home.dagster), "JINGUO_DAGSTER_PASSWORD": PASSWORD}
    with running() as server:
        _configure(home, server)
        done = subprocess.run(
            [sys.executable, "-c", _RUN], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert json.loads(done.stdout) == ["PostgresRunStorage", 1, 7]
        assert server.run("select count(*) from runs", "jinguo_dagster") == "1"
    assert not (home.dagster / "history").exists(), "nothing of it lies in SQLite"


def _configure(home: Home, server: Postgres) -> None:
    """What docs/operations.md says: create role and database, append the file."""
    server.run(f"create role jinguo login password '{PASSWORD}'")
    server.run("create database jinguo_dagster owner jinguo")
    added = (DEPLOY / "dagster.postgres.yaml").read_text("utf-8").replace("port: 5432", f"port: {server.port}")
    settings = home.dagster / "dagster.yaml"
    settings.write_text(settings.read_text("utf-8") + added, "utf-8")
    told = yaml.safe_load(settings.read_text("utf-8"))
    assert told["storage"]["postgres"]["postgres_db"]["scheme"] == "postgresql+psycopg2"
    assert told["telemetry"] == {"enabled": False}
