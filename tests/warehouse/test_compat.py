"""A release opens with the DuckDB that analysts' tools carry, oldest to newest, comments and all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import compat_process
import duckdb
import pytest
import tiny

from warehouse import candidate

ROOT = Path(__file__).parents[2]


def opened_by(version: str, release: Path, what: str = "rows") -> subprocess.CompletedProcess[str]:
    installed = ROOT / ".compat" / f"duckdb-{version}"
    if version != duckdb.__version__ and not (installed / "duckdb").is_dir():
        pytest.skip(f"NOT PROVEN HERE: duckdb {version} is not in {installed} (see compat/duckdb-{version}.txt)")
    path = f"{installed}{os.pathsep}{ROOT}"
    return subprocess.run(
        [sys.executable, compat_process.__file__, release, what], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": path})  # fmt: skip


@pytest.mark.parametrize("version", ["1.2.2", "1.5.6", duckdb.__version__])
def test_every_table_and_comment_is_readable(home: Path, version: str) -> None:
    release = tiny.publish_new(home, "n1", 1)
    ran = opened_by(version, release.path)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["version"] == version
    assert told["tables"] == {
        label: {"rows": facts["rows"], "comment": "试验表", "columns_without_comment": 0}
        for label, facts in release.tables.items()
    }


@pytest.mark.parametrize("version", ["1.5.6", duckdb.__version__])
def test_the_hash_of_a_table_does_not_depend_on_the_engine(home: Path, version: str) -> None:
    release = tiny.publish_new(home, "n1", 1)
    ran = opened_by(version, release.path, "fingerprint")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)["tables"]
    assert {label: facts["hash"] for label, facts in told.items()} == {
        label: facts["hash"] for label, facts in release.tables.items()
    }


def test_negative_control_a_newer_storage_version_shuts_the_oldest_out(home: Path) -> None:
    build = candidate.create(home / "build", "n1")
    tiny.write_databases(build, 1, storage_version="v1.4.0")
    ran = opened_by("1.2.2", build)
    assert ran.returncode != 0
    assert "version" in ran.stderr
