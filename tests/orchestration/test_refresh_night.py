"""The night's own job as a refresh: no dbt, only what changed is told of, a failed test keeps the release back."""

import json
import shutil
from dataclasses import dataclass
from typing import Any

import pytest
from refreshing import heard_project
from small_home import delivered, run, settle

from orchestration.problems import OPERATOR_LOG
from warehouse import releases

_NIGHTS = """
import json, os, sys
from pathlib import Path

import orchestration.project

orchestration.project.PROJECT = Path({project!r})
from ingest.home import Home
from orchestration.instance import opened
from orchestration.problems import Problem
from orchestration.run import run_night

home, inbox = Home.from_environment(), Path({later!r})


def told(run_id):
    with opened(home) as instance:
        events = [one.dagster_event for one in instance.all_logs(run_id) if one.dagster_event]
    made = [one.asset_key.to_user_string() for one in events if one.event_type_value == "ASSET_MATERIALIZATION"]
    checked = [one.event_specific_data for one in events if one.event_type_value == "ASSET_CHECK_EVALUATION"]
    return made, [one.asset_key.to_user_string() for one in checked if one.check_name == "dbt_tests"]


def night(arrives, **how):
    if arrives:
        for path in inbox.glob(arrives):
            (home.inbox / path.relative_to(inbox)).parent.mkdir(parents=True, exist_ok=True)
            path.rename(home.inbox / path.relative_to(inbox))
    try:
        outcome = run_night(home, **how)
    except Problem as problem:
        return dict(code=problem.code, dbt="dbt.cli.main" in sys.modules)
    made, checked = told(outcome.run_id)
    return dict(release=outcome.release, made=made, checked=checked, dbt="dbt.cli.main" in sys.modules)


print("said " + json.dumps([night(arrives, **how) for arrives, how in {nights!r}]))
"""


@dataclass(frozen=True)
class Ran:
    """A first night from nothing; then one that refreshes for a delivery of another ledger, one for a second delivery
    of children, which a test forbids, and one that is told to build from nothing."""

    first: dict[str, Any]
    refreshed: dict[str, Any]
    blocked: dict[str, Any]
    served: str
    log: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    root = tmp_path_factory.mktemp("refresh_night")
    home, project = delivered(root / "home", "children", "pairings"), heard_project(root / "project")
    later = root / "later"
    second, *_ = sorted(home.inbox.glob("*/children"))[1:]
    for folder in (second, *home.inbox.glob("*/pairings")):
        (later / folder.relative_to(home.inbox)).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, later / folder.relative_to(home.inbox))
    settle(home)

    def nights(*several: tuple[str, dict[str, bool]]) -> list[dict[str, Any]]:
        program = _NIGHTS.format(project=str(project), later=str(later), nights=several)
        done = run(home.root, "-c", program)
        [said] = [line for line in done.stdout.splitlines() if line.startswith("said ")] or [done.stderr[-3000:]]
        return json.loads(said.removeprefix("said "))

    [first] = nights(("", {}))
    refreshed, blocked = nights(("*/pairings", {"from_nothing": False}), ("*/children", {"from_nothing": False}))
    log = home.root / OPERATOR_LOG
    return Ran(
        first, refreshed, blocked, releases.current(home.current).run, log.read_text("utf-8") if log.exists() else ""
    )


def test_a_refresh_publishes_without_dbt(ran: Ran) -> None:
    assert ran.first["dbt"], "the control: a night from nothing is dbt's"
    assert ran.refreshed["dbt"] is False
    assert ran.refreshed["release"] not in ("", ran.first["release"])
    assert "not possible" not in ran.log


def test_a_refresh_tells_of_what_says_something_else_now(ran: Ran) -> None:
    warehouse = {one for one in ran.refreshed["made"] if one.split("/")[0] in ("staging", "core", "marts")}
    assert warehouse == {
        "staging/stg_deliveries",
        "staging/stg_stated",
        "core/deliveries_known",
        "marts/deliveries_counted",
        "marts/rows_told",
    }
    assert ran.refreshed["checked"] == []
    assert "marts/children_counted" in ran.first["made"]
    assert ran.first["checked"]


def test_a_failed_test_keeps_a_refresh_back(ran: Ran) -> None:
    assert ran.blocked == {"code": "dbt_failed", "dbt": False}
    assert ran.served == ran.refreshed["release"]
