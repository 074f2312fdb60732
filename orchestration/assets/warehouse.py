"""Staging, core and marts: built and tested into this night's candidate. One step.

By dbt from nothing; or, where the run asks for it and it says the same, by a refresh of what changed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from orchestration.assets.steps import Step, Told, go_on
from orchestration.dbt_build import BAD, Node, build
from orchestration.dbt_graph import DbtGraph
from orchestration.night import Night
from orchestration.problems import OPERATOR_LOG, Problem, note
from orchestration.progress import report
from orchestration.refresh.kept import set_aside
from orchestration.refresh.refresh import Made, NotRefreshed, first_built, refresh
from warehouse.layout import DATABASES


def warehouse(graph: DbtGraph) -> Step:
    """Return the step that builds every model of ``graph``."""

    def build_and_test(context: dg.OpExecutionContext) -> Told:
        """Build and test what has to be; a failed test of severity error ends the night without a release."""
        night: Night = context.resources.night
        done = Counter[str]()

        def heard(_unique_id: str) -> None:
            done["nodes"] += 1
            report("building", done["nodes"], graph.steps)

        made = _refreshed(night, context.run_id, heard) or _built(night, context.run_id, graph, heard)
        night.opened(made)
        yield from _told(graph, made)
        bad = _bad(graph, made.nodes.values())
        if bad:
            raise _failed(graph, bad)
        made.closed()
        night.built(made)
        yield go_on()

    return Step("warehouse", build_and_test, graph.specs(), graph.checks())


def _refreshed(night: Night, run_id: str, heard: Callable[[str], None]) -> Made | None:
    if night.from_nothing:
        return None
    try:
        return refresh(night.home, lambda: night.begin(run_id), heard)
    except NotRefreshed as reason:
        note(night.home, OPERATOR_LOG, f"everything is built from nothing, for a refresh is not possible: {reason}")
        return None


def _built(night: Night, run_id: str, graph: DbtGraph, heard: Callable[[str], None]) -> Made:
    candidate = night.begin(run_id)
    nodes = {node.unique_id: node for node in build(night.home, candidate, heard)}
    made = Made(nodes, set(nodes), _rows(candidate))
    if _bad(graph, nodes.values()):
        return made
    try:
        built = first_built(night.home, candidate, nodes.values())
        return replace(made, built=built, work=set_aside(night.home, candidate))
    except duckdb.Error as error:
        note(night.home, OPERATOR_LOG, f"the next refresh is not possible: {type(error).__name__}")
        return made


def _bad(graph: DbtGraph, nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.status in BAD and graph.is_error(node.unique_id)]


def _told(graph: DbtGraph, made: Made) -> Iterator[Any]:
    for unique_id, node in made.nodes.items():
        if unique_id not in graph.models or unique_id not in made.ran or node.status != "success":
            continue
        key = graph.models[unique_id]
        name = ".".join(key.path)
        facts: dict[str, Any] = {"seconds": round(node.seconds, 3)}
        facts |= {"dagster/row_count": made.rows[name]} if name in made.rows else {}
        yield dg.AssetMaterialization(asset_key=key, metadata=facts)
    for mart in graph.marts:
        if not made.ran.isdisjoint(graph.tests_under(mart)):
            yield _tested(graph, mart, made.nodes)


def _tested(graph: DbtGraph, mart: str, nodes: Mapping[str, Node]) -> dg.AssetCheckResult:
    ran = [nodes[unique_id] for unique_id in graph.tests_under(mart) if unique_id in nodes]
    failed = sorted(graph.name(one.unique_id) for one in ran if one.status in BAD and graph.is_error(one.unique_id))
    warned = sorted(graph.name(one.unique_id) for one in ran if one.status == "warn")
    missing = len(graph.tests_under(mart)) - len(ran) + sum(one.status == "skipped" for one in ran)
    return dg.AssetCheckResult(
        asset_key=graph.models[mart],
        check_name="dbt_tests",
        passed=not failed and not missing,
        metadata={"tests": len(ran), "failed": failed, "warned": warned, "not_run": missing},
    )


def _failed(graph: DbtGraph, bad: list[Node]) -> Problem:
    told = [f"{graph.name(one.unique_id)} ({one.trouble or one.status}, {one.failures} rows)" for one in bad[:10]]
    more = f" and {len(bad) - 10} more" if len(bad) > 10 else ""
    return Problem("dbt_failed", "; ".join(told) + more, "the release before is still served; see logs/operator.log")


def _rows(build_folder: Path) -> dict[str, int]:
    """Count the rows of every table of the candidate, by two-part name."""
    found: dict[str, int] = {}
    for database in DATABASES:
        path = build_folder / database.file
        if not path.exists():
            continue
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute(
                "select table_schema, table_name from information_schema.tables where table_schema = ?",
                [database.schema],
            ).fetchall()
            for schema, name in names:
                counted = connection.execute(f"select count(*) from {schema}.{name}").fetchone()
                found[f"{schema}.{name}"] = counted[0] if counted else 0
    return found
