"""The asset graph: names, dependencies, and what a night costs in events."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from small_home import ROOT, Ran
from syrupy.assertion import SnapshotAssertion

from ingest.contracts import CONTRACTS
from ingest.home import Home
from orchestration.dbt_build import ensure_manifest
from orchestration.dbt_graph import DbtGraph
from orchestration.definitions import definitions_for
from orchestration.instance import opened

EVENTS = 300
# What the queue and the launcher say more when the server starts the run: 289 events and not 285, counted once.
OF_THE_SERVER = 4


@pytest.fixture(scope="module")
def loaded(night: tuple[Home, Ran]) -> dg.Definitions:
    """The definitions over the home of the shared night."""
    return definitions_for(night[0])


def test_the_graph_is_as_agreed(loaded: dg.Definitions, snapshot: SnapshotAssertion) -> None:
    graph = loaded.resolve_asset_graph()
    drawn = {
        key.to_user_string(): sorted(parent.to_user_string() for parent in graph.get(key).parent_keys)
        for key in sorted(graph.get_all_asset_keys())
    }
    assert drawn == snapshot
    dg.Definitions.validate_loadable(loaded)


def test_one_name_all_the_way_down(loaded: dg.Definitions, night: tuple[Home, Ran]) -> None:
    keys = {key.to_user_string() for key in loaded.resolve_asset_graph().get_all_asset_keys()}
    for layer in ("landing", "clean", "rejects"):
        assert {key for key in keys if key.startswith(f"{layer}/")} == {f"{layer}/{dataset}" for dataset in CONTRACTS}
    nodes = ensure_manifest(night[0])["nodes"].values()
    relations = {
        f"{node['schema']}/{node['name']}"
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["schema"] in ("core", "marts")
    }
    assert {key for key in keys if key.startswith(("core/", "marts/"))} == relations


def test_every_asset_says_in_chinese_what_it_is(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    silent = [
        key.to_user_string()
        for key in graph.get_all_asset_keys()
        if not any("\u4e00" <= letter <= "\u9fff" for letter in graph.get(key).description or "")
    ]
    assert silent == []


def test_every_test_of_dbt_is_in_a_check(night: tuple[Home, Ran]) -> None:
    manifest = ensure_manifest(night[0])
    graph = DbtGraph(manifest)
    checked = set().union(*(graph.tests_under(mart) for mart in graph.marts))
    unchecked = {name for name in manifest["nodes"] if name.startswith("test.")} - checked
    # What stands under no mart still ends the night when it fails; it has only no check of its own.
    assert {manifest["nodes"][name]["attached_node"].split(".")[-1] for name in unchecked} <= {
        "worklist_overdue",
        "worklist_unpaired",
        "bridge_referral_agencies",
        "bridge_child_categories",
        "fct_points",
    }


def test_a_night_is_few_events(night: tuple[Home, Ran]) -> None:
    with opened(night[0]) as instance:
        logs = max((instance.all_logs(run.run_id) for run in instance.get_runs()), key=len)
    kinds = [entry.dagster_event.event_type_value for entry in logs if entry.dagster_event]
    assert kinds.count("ASSET_MATERIALIZATION") == kinds.count("ASSET_MATERIALIZATION_PLANNED") > 70
    assert kinds.count("ASSET_CHECK_EVALUATION") == kinds.count("ASSET_CHECK_EVALUATION_PLANNED") > 20
    assert len(logs) + OF_THE_SERVER <= EVENTS


def test_workspace_validates_without_a_home(tmp_path: Path, night: tuple[Home, Ran]) -> None:
    command = [str(Path(sys.executable).parent / "dagster"), "definitions", "validate", "-w", "workspace.yaml"]
    environment = {"JINGUO_HOME": str(night[0].root), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
