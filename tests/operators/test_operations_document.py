"""docs/operations.md names what there is: every code that rings, every unit, every setting of the proxy."""

import re
from pathlib import Path
from typing import get_args

import pytest

from ingest.connectors.failures import FAILURES
from orchestration import problems
from orchestration.alerts.alert import Kind
from tests.operators.units import DEPLOY, ROOT, UNITS

TEXT = (ROOT / "docs" / "operations.md").read_text("utf-8")
PART = TEXT.split("## When it rings")[1].split("\n## ")[0]
ROWS = re.findall(r"^\| (`[^|]+) \| ([^|]+) \| ([^|]+) \|", PART, re.M)
CODES = [code for row in ROWS for code in re.findall(r"`([a-z_]+)`", row[0])]
# What a person who types a command is told at once, and what a screen says of one row: nothing of it rings.
SAID_AT_ONCE = {
    *("usage", "home_in_use", "samples_missing", "sample_changed", "systems_not_started", "not_held"),
    *("sql_wrong", "sql_refused", "sql_failed", "record_not_found", "dataset_unknown", "header_not_found"),
    *("nothing_known", "nothing_landed", "history_unusable", "not_found", "no_release", "damaged"),
}


def raised() -> set[str]:
    """Every code with which a command or a run can fail."""
    found = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower() for kind in problems._OURS}
    for path in (ROOT / "orchestration").rglob("*.py"):
        found |= set(re.findall(r'Problem\(\s*"([a-z_]+)"', path.read_text("utf-8")))
    return found


@pytest.mark.parametrize("code", [*get_args(Kind), *FAILURES])
def test_every_alert_and_every_failure_of_a_pull_has_its_row(code: str) -> None:
    assert CODES.count(code) == (2 if code == "pull_failed" and "pull_failed" in FAILURES else 1)


def test_every_way_in_which_a_run_fails_has_its_row() -> None:
    assert raised() - set(CODES) - SAID_AT_ONCE == set()
    assert len(raised()) > 25


def test_no_row_tells_of_a_code_that_there_is_not() -> None:
    known = raised() | set(get_args(Kind)) | set(FAILURES) | {"unexpected", "killed", "failed"}
    assert [code for code in CODES if code not in known] == []
    assert len(CODES) == len(set(CODES))


def test_every_row_says_what_to_do() -> None:
    assert len(ROWS) > 30
    assert all(len(row[-1].strip()) > 3 for row in ROWS)


@pytest.mark.parametrize("path", sorted([*UNITS.iterdir(), *DEPLOY.glob("*.*")]), ids=lambda path: path.name)
def test_every_deployed_file_is_named(path: Path) -> None:
    if path.name == "workspace.yaml":
        assert "deploy/workspace.yaml" in (UNITS / "jinguo-webserver.service").read_text("utf-8")
        return
    named = path.stem if path.suffix == ".service" else path.name
    assert f"`{named}" in TEXT or f"/{named}" in TEXT or f"{named.partition('.')[0]}." in TEXT


def test_ports_and_limits_are_those_of_the_files() -> None:
    proxy, units = (DEPLOY / "nginx.conf").read_text("utf-8"), "".join(p.read_text("utf-8") for p in UNITS.iterdir())
    for port in ("3070", "3071", "8610"):
        assert f"127.0.0.1:{port};" in proxy
        assert f"--port {port}" in units
        assert port in TEXT
    assert "client_max_body_size 256m" in proxy
    assert f"most_bytes = {256 << 20}" in TEXT
