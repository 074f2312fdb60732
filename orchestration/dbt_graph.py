"""dbt's manifest as assets: key = schema.table, the models people read, and one check a mart over all it stands on.

Read from manifest.json (dbt's documented artifact) and not through dagster-dbt: importing that costs every process
3 CPU seconds (measured), also where nothing is built; it starts a dbt process for its version and one for every build;
and one asset and check for each of dbt's nodes would be four times the events that a night may have. Intermediate
models are steps on the way: dependencies go through them.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import dagster as dg

SHOWN = ("staging", "core", "marts")
DELIVERIES = dg.AssetKey(["deliveries", "deliveries"])


class DbtGraph:
    """The shown part of one manifest. ``models``: unique_id -> key of every model that is an asset."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._nodes = manifest["nodes"]
        self._sources = manifest["sources"]
        self._parents = manifest["parent_map"]
        self.models = {
            unique_id: dg.AssetKey([node["config"]["schema"], node["name"]])
            for unique_id, node in sorted(self._nodes.items())
            if node["resource_type"] == "model" and node["config"].get("schema") in SHOWN
        }

    def specs(self) -> list[dg.AssetSpec]:
        """One spec a shown model: description and columns as dbt documents them."""
        return [self._spec(unique_id) for unique_id in self.models]

    def checks(self) -> list[dg.AssetCheckSpec]:
        """One check a mart."""
        description = "这张表及其所依据的全部模型的dbt检验；有错误即不发布。"
        return [dg.AssetCheckSpec("dbt_tests", asset=self.models[mart], description=description) for mart in self.marts]

    @cached_property
    def marts(self) -> list[str]:
        """The unique_ids of the marts."""
        return [unique_id for unique_id, key in self.models.items() if key.path[0] == "marts"]

    @cached_property
    def steps(self) -> int:
        """How many nodes a build runs: models, seeds and data tests."""
        return sum(node["resource_type"] in ("model", "seed", "test", "snapshot") for node in self._nodes.values())

    def tests_under(self, mart: str) -> set[str]:
        """The unique_ids of all data tests of ``mart`` and of everything it stands on."""
        below = self._below(mart)
        return {unique_id for unique_id, tested in self._tests.items() if tested & below}

    def is_error(self, unique_id: str) -> bool:
        """Whether a node's failure forbids the release: everything but a test declared as a warning."""
        return str(self._nodes[unique_id]["config"].get("severity", "error")).lower() != "warn"

    def name(self, unique_id: str) -> str:
        """A node's short name."""
        return self._nodes[unique_id]["name"]

    def materialized(self, unique_id: str) -> str:
        """How a model is kept: table or view."""
        return self._nodes[unique_id]["config"]["materialized"]

    @cached_property
    def _tests(self) -> dict[str, set[str]]:
        return {
            unique_id: set(self._parents[unique_id])
            for unique_id, node in self._nodes.items()
            if node["resource_type"] == "test"
        }

    def _below(self, unique_id: str) -> set[str]:
        found, waiting = set(), [unique_id]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self._parents.get(one, ()))
        return found

    def _spec(self, unique_id: str) -> dg.AssetSpec:
        node, key = self._nodes[unique_id], self.models[unique_id]
        columns = [
            dg.TableColumn(name=name, type=column.get("data_type") or "", description=column.get("description") or None)
            for name, column in node["columns"].items()
        ]
        return dg.AssetSpec(
            key,
            deps=sorted(self._upstream(unique_id)),
            skippable=True,
            group_name=key.path[0],
            description=node["description"] or None,
            metadata={"dagster/column_schema": dg.TableSchema(columns=columns)} if columns else {},
            kinds={"dbt", "duckdb"},
        )

    def _upstream(self, unique_id: str) -> set[dg.AssetKey]:
        return {key for parent in self._parents[unique_id] for key in self._shown(parent)}

    def _shown(self, unique_id: str) -> Iterable[dg.AssetKey]:
        """The asset that stands for a parent: itself, or, where it is not shown, those behind it."""
        if unique_id in self.models:
            return {self.models[unique_id]}
        if unique_id in self._sources:
            return {_source_key(self._sources[unique_id])}
        return self._upstream(unique_id)


def _source_key(source: Mapping[str, Any]) -> dg.AssetKey:
    """Findings lie beside the rejects, reasons and datasets beside the deliveries: one asset each."""
    layer = source["source_name"]
    if layer == "deliveries":
        return DELIVERIES
    return dg.AssetKey(["rejects" if layer == "findings" else layer, source["name"]])
