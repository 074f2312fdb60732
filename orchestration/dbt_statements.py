"""The very statements that dbt executed in a build, by node, kept so that a refresh can execute them without dbt.

They hold SQL of the project and paths of this home, no row: seeds are not kept, for they change with the project only.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from ingest.durable import write_durably
from orchestration.dbt_slices import slices

_REMARK = re.compile(r"^\s*/\*.*?\*/\s*", re.DOTALL)
_BEGINS, _ENDS = "BEGIN", ("COMMIT", "ROLLBACK")
BY_DATASET = "by_dataset"
_DATASET = re.compile(r"insert into \S+\s+select\s+'(?P<dataset>\w+)' as dataset\b")


_Reads = dict[str, list[str] | None]


@dataclass(frozen=True)
class Part:
    """Rows of a table that can be written again without the others: those of one dataset in a table by dataset, else
    all of them (an empty ``dataset``).

    ``statement`` adds them; ``reads``: id -> the datasets that it reads, None where it may be all.
    """

    dataset: str
    statement: str
    reads: _Reads


@dataclass(frozen=True)
class Step:
    """One node of a build.

    ``kind``: table, by_dataset, view, seed or test; ``relation``: its quoted name, none of a test; ``statements``: what
    built or tested it; ``parents``: ids of the nodes and sources that it reads; ``slices``: of which parent it reads
    the rows of which datasets only; ``warns``: whether a failed test of it forbids nothing; ``parts``: of a table by
    dataset or by sender; ``by_sender``: whether its rows of a sender come from that sender's rows alone, in every
    parent of which that is said too.
    """

    unique_id: str
    kind: str
    relation: str | None
    statements: list[str]
    parents: list[str]
    slices: dict[str, list[str]]
    warns: bool
    parts: list[Part] = field(default_factory=list)
    by_sender: bool = False

    @property
    def catalog(self) -> str | None:
        """The database that the relation is in."""
        return None if self.relation is None else self.relation.split('"')[1]

    @property
    def label(self) -> str | None:
        """The two-part name of the relation."""
        return None if self.relation is None else ".".join(re.findall(r'"([^"]+)"', self.relation)[1:])


@dataclass(frozen=True)
class Statements:
    """All nodes of one build; ``stamp`` names the project, home and versions that they hold for."""

    stamp: str
    steps: dict[str, Step]

    @cached_property
    def behind(self) -> dict[str, int]:
        """The longest way from each node to one that nobody reads, in nodes."""
        read_by = {unique_id: list[str]() for unique_id in self.steps}
        for step in self.steps.values():
            for parent in step.parents:
                if parent in read_by:
                    read_by[parent].append(step.unique_id)
        found: dict[str, int] = {}
        for unique_id in TopologicalSorter(read_by).static_order():
            found[unique_id] = max((found[one] + 1 for one in read_by[unique_id]), default=0)
        return found

    @cached_property
    def sliced(self) -> set[str]:
        """The nodes of which somebody reads the rows of one dataset only."""
        parts = {one for step in self.steps.values() for part in step.parts for one, read in part.reads.items() if read}
        return parts | {parent for step in self.steps.values() for parent in step.slices}

    @cached_property
    def by_sender(self) -> dict[str, str]:
        """What is by sender, and its quoted name."""
        return {one.unique_id: one.relation or "" for one in self.steps.values() if one.by_sender}

    @property
    def read(self) -> set[str]:
        """All that is read, of nodes and of sources."""
        return {parent for step in self.steps.values() for parent in step.parents}


class Recorder:
    """Hears dbt's events and remembers every statement of every node, as long as each node has one transaction."""

    def __init__(self) -> None:
        self._begun: set[str] = set()
        self._heard: dict[str, list[str]] = defaultdict(list)

    def hear(self, event: Any) -> None:
        """Take one of dbt's events; only its ``SQLQuery`` matters."""
        if event.info.name != "SQLQuery" or not event.data.node_info.unique_id:
            return
        unique_id, sql = event.data.node_info.unique_id, _REMARK.sub("", event.data.sql).strip()
        if sql == _BEGINS:
            self._begun.add(unique_id)
        elif sql not in _ENDS and unique_id in self._begun:
            self._heard[unique_id].append(sql)

    def recorded(self, manifest: Mapping[str, Any], stamp: str, selected: Mapping[str, str]) -> Statements:
        """Return what was heard, in the shape of ``manifest``; ``selected``: the query of every model."""
        nodes = _nodes(manifest)
        kept = {unique_id: node for unique_id, node in nodes.items() if _kind(node) != "ephemeral"}
        return Statements(stamp, {unique_id: self._step(manifest, nodes, unique_id, selected) for unique_id in kept})

    def _step(
        self, manifest: Mapping[str, Any], nodes: Mapping[str, Any], unique_id: str, selected: Mapping[str, str]
    ) -> Step:
        node, parents = nodes[unique_id], sorted({*_parents(manifest, nodes, unique_id)})
        names = {one: nodes[one]["relation_name"] for one in parents if one in nodes}
        sql = self._heard[unique_id] if _kind(node) != "seed" else []
        by_sender = bool(node["config"].get("meta", {}).get("by_sender"))
        parts = []
        if _kind(node) == BY_DATASET:
            parts = parts_of(sql, parents, names)
        elif _kind(node) == "table" and by_sender:
            parts = [Part("", *_added(node["relation_name"], selected[unique_id], parents, names))]
        return Step(
            unique_id,
            _kind(node),
            relation=None if _kind(node) == "test" else node["relation_name"],
            statements=sql,
            parents=parents,
            slices=slices("\n".join(sql), names),
            warns=str(node["config"].get("severity", "error")).lower() == "warn",
            parts=parts,
            by_sender=by_sender,
        )


def parts_of(sql: list[str], parents: list[str], names: Mapping[str, str]) -> list[Part]:
    """Return the parts of a table by dataset; none, and it is only built whole, where it is not plain what each reads.

    Behind the statement that makes the table there is one for every part. Each has to say its dataset, and each parent
    has to be named in one.
    """
    said = [_DATASET.match(one) for one in sql[1:]]
    datasets = [one["dataset"] for one in said if one]
    if not datasets or len(set(datasets)) < len(said):
        return []
    parts = [Part(dataset, one, _reads(one, parents, names)) for dataset, one in zip(datasets, sql[1:], strict=True)]
    return parts if {parent for part in parts for parent in part.reads} == set(parents) else []


def _added(relation: str, query: str, parents: list[str], names: Mapping[str, str]) -> tuple[str, _Reads]:
    """A statement that adds the rows of a query to a table, and what it reads."""
    sql = f"insert into {relation} by name select * from (\n{query}\n) as told"
    return sql, dict.fromkeys(parents) | _reads(sql, parents, names)


def _reads(sql: str, parents: list[str], names: Mapping[str, str]) -> _Reads:
    read = slices(sql, names)
    return {one: read.get(one) for one in parents if _mention(one, names) in sql}


def _mention(unique_id: str, names: Mapping[str, str]) -> str:
    """How a statement names a node, or the folder or file of a source."""
    return names.get(unique_id) or "/{}/{}".format(*unique_id.split(".")[-2:])


def stamp_of(sources: str) -> str:
    """The stamp of statements: the project's own (``dbt_build.sources_stamp``) and the engine's version."""
    return f"{sources} {duckdb.__version__}"


def save(path: Path, statements: Statements) -> None:
    """Write ``statements`` to ``path``, whole or not at all."""
    told = {"stamp": statements.stamp, "steps": [asdict(step) for step in statements.steps.values()]}
    write_durably(path, json.dumps(told, ensure_ascii=False).encode())


def load(path: Path, stamp: str) -> Statements | None:
    """Read the statements of ``stamp``; nothing where none were kept, or those of another stamp."""
    try:
        found = _loaded(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.stamp == stamp else None


@lru_cache(maxsize=2)
def _loaded(path: Path, _changed: int) -> Statements:
    told = json.loads(path.read_text(encoding="utf-8"))
    steps = [Step(**(one | {"parts": [Part(**part) for part in one["parts"]]})) for one in told["steps"]]
    return Statements(told["stamp"], {step.unique_id: step for step in steps})


def _nodes(manifest: Mapping[str, Any]) -> dict[str, Any]:
    wanted = ("model", "seed", "test")
    return {unique_id: node for unique_id, node in manifest["nodes"].items() if node["resource_type"] in wanted}


def _kind(node: Mapping[str, Any]) -> str:
    return node["resource_type"] if node["resource_type"] != "model" else node["config"]["materialized"]


def _parents(manifest: Mapping[str, Any], nodes: Mapping[str, Any], unique_id: str) -> Iterable[str]:
    """What a node reads; what an ephemeral model reads, its readers read."""
    for parent in manifest["parent_map"][unique_id]:
        if parent in nodes and _kind(nodes[parent]) == "ephemeral":
            yield from _parents(manifest, nodes, parent)
        else:
            yield parent
