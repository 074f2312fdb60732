"""The asset graph: names, dependencies, and what a night costs in events."""

import subprocess
import sys
from collections import Counter
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

# Of every asset that it is planned and that it was made; of every check that it is planned, its result, and the output
# that a result brings along. The rest are four steps, their resource and the run, and four lines more of the queue and
# the launcher when the server starts it (counted once). The number of senders and of deliveries is not in it.
AN_ASSET, A_CHECK, A_NIGHT = 2, 3, 30


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


def events(home: Home) -> list[list[dg.EventLogEntry]]:
    """The log of every night of ``home``, the longest last."""
    with opened(home) as instance:
        return sorted((instance.all_logs(run.run_id) for run in instance.get_runs()), key=len)


def kinds(log: list[dg.EventLogEntry]) -> Counter[str]:
    return Counter(entry.dagster_event.event_type_value for entry in log if entry.dagster_event)


def test_a_night_is_few_events(loaded: dg.Definitions, night: tuple[Home, Ran]) -> None:
    graph, log = loaded.resolve_asset_graph(), events(night[0])[-1]
    assets, checks = len(graph.get_all_asset_keys()), len(graph.asset_check_keys)
    told = kinds(log)
    assert told["ASSET_MATERIALIZATION"] == told["ASSET_MATERIALIZATION_PLANNED"] == assets > 70
    assert told["ASSET_CHECK_EVALUATION"] == told["ASSET_CHECK_EVALUATION_PLANNED"] == checks > 20
    sys.stdout.write(f"{len(log)} events of {assets} assets and {checks} checks\n")
    assert len(log) <= AN_ASSET * assets + A_CHECK * checks + A_NIGHT


def test_a_night_with_nothing_new_tells_of_no_asset_and_shows_what_it_skipped(night: tuple[Home, Ran]) -> None:
    quiet = events(night[0])[0]
    told = kinds(quiet)
    assert told["ASSET_MATERIALIZATION"] == 1, "of the release alone: it is proved to be still the right one"
    assert told["ASSET_CHECK_EVALUATION"] == len(CONTRACTS), "the balance is proved every night"
    skipped = [
        entry.dagster_event.step_key for entry in quiet if entry.dagster_event and entry.dagster_event.is_step_skipped
    ]
    assert skipped == ["night.warehouse", "night.release"]


def test_workspace_validates_without_a_home(tmp_path: Path, night: tuple[Home, Ran]) -> None:
    command = [str(Path(sys.executable).parent / "dagster"), "definitions", "validate", "-w", "workspace.yaml"]
    environment = {"JINGUO_HOME": str(night[0].root), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
