"""Executes again what dbt executed, of every node of which something changed that it reads, and of no other.

Where a node, built again, contains what it contained, those that read it stand as they are (early cutoff).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from time import perf_counter
from typing import Any

import duckdb

from orchestration.dbt_build import Node
from orchestration.dbt_statements import BY_DATASET, Statements, Step
from orchestration.refresh.content import Changed, Content, changed_sources, content_of, differing
from orchestration.refresh.kept import Built
from orchestration.refresh.parts import is_hit, passed_on, rewriting

_THREADS = 2
TABLES = {"table", BY_DATASET}


@dataclass
class Replayed:
    """What a replay did: ``nodes`` that were built or tested again, ids of what was ``rebuilt`` and of what ``changed``
    (views too, and sources), and what is known now."""

    sources: dict[str, dict[str, str]]
    nodes: dict[str, Node] = field(default_factory=dict)
    rebuilt: set[str] = field(default_factory=set)
    changed: dict[str, Changed] = field(default_factory=dict)
    content: dict[str, Content] = field(default_factory=dict)

    @property
    def tests(self) -> dict[str, list[Any]]:
        """How every test that ran again ended."""
        return {one.unique_id: [one.status, one.failures] for one in self.nodes.values() if is_test(one.unique_id)}


def is_test(unique_id: str) -> bool:
    """Whether a node only looks."""
    return unique_id.startswith("test.")


def replay(
    cursor: Callable[[], duckdb.DuckDBPyConnection],
    statements: Statements,
    before: Built,
    sources: dict[str, dict[str, str]],
    on_done: Callable[[str], None],
    on_written: Callable[[str], None],
) -> Replayed:
    """Bring the databases that every ``cursor`` sees from what they are (``before``) to what ``sources`` say now.

    Two threads, as dbt has. ``on_written`` hears the name of each database of which nothing is left to write. Raises
    duckdb.Error when a statement fails; nothing is then known of the databases.
    """
    with cursor() as looking:
        done = Replayed(sources, changed=changed_sources(looking, before.sources, sources))
    order, running, ready = _Order(statements, on_done, on_written), dict[Future[Node], str](), list[str]()
    with ThreadPoolExecutor(_THREADS) as threads:
        while order.is_active():
            ready += order.to_do(lambda step: _reads_changed(step, done.changed))
            # what most others wait for comes first
            ready.sort(key=statements.behind.__getitem__)
            while ready and len(running) < _THREADS:
                unique_id = ready.pop()
                again = threads.submit(_again, cursor(), statements.steps[unique_id], statements, before, done)
                running[again] = unique_id
            for again in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                unique_id = running.pop(again)
                done.nodes[unique_id] = again.result()
                order.end(unique_id)
    return done


class _Order:
    """All nodes, each when those that it reads have ended."""

    def __init__(self, statements: Statements, on_done: Callable[[str], None], on_written: Callable[[str], None]):
        self._steps, self._on_done, self._on_written = statements.steps, on_done, on_written
        parents = {step.unique_id: [one for one in step.parents if one in self._steps] for step in self._steps.values()}
        self._sorter = TopologicalSorter(parents)
        self._sorter.prepare()
        self._left = Counter(step.catalog for step in self._steps.values() if step.catalog)

    def is_active(self) -> bool:
        """Whether some have not ended yet."""
        return self._sorter.is_active()

    def to_do(self, is_wanted: Callable[[Step], bool]) -> Iterator[str]:
        """Yield those whose turn it is now, and end those that are not wanted."""
        while found := self._sorter.get_ready():
            for unique_id in found:
                if is_wanted(self._steps[unique_id]):
                    yield unique_id
                else:
                    self.end(unique_id)

    def end(self, unique_id: str) -> None:
        """Note that one has ended."""
        self._sorter.done(unique_id)
        self._on_done(unique_id)
        if catalog := self._steps[unique_id].catalog:
            self._left[catalog] -= 1
            if not self._left[catalog]:
                self._on_written(catalog)


def _reads_changed(step: Step, changed: dict[str, Changed]) -> bool:
    return any(is_hit(step.slices.get(parent), changed[parent]) for parent in step.parents if parent in changed)


def _again(
    cursor: duckdb.DuckDBPyConnection, step: Step, statements: Statements, before: Built, done: Replayed
) -> Node:
    """Do one node again and note what it contains now. Each thread writes keys of its own."""
    began = perf_counter()
    with cursor:
        if step.kind == "test":
            return _tested(cursor, step, began)
        is_sliced, by_sender = step.unique_id in statements.sliced, statements.by_sender

        def content() -> Content:
            return content_of(cursor, step.relation or "", by_dataset=is_sliced, by_sender=step.by_sender)

        known = before.content.get(step.unique_id)
        if step.kind in TABLES:
            known = known or content()
            for sql in rewriting(step, by_sender, done.changed):
                cursor.execute(sql)
            done.rebuilt.add(step.unique_id)
        if step.kind in TABLES or is_sliced:
            now = done.content[step.unique_id] = content()
            parts = differing(known, now)
        else:
            # What a view says is not computed for its own sake: it is taken to have changed with what it reads.
            parts = passed_on(step, by_sender, done.changed)
        if parts is None or parts:
            done.changed[step.unique_id] = parts
    return Node(step.unique_id, "success", 0, perf_counter() - began, "")


def _tested(cursor: duckdb.DuckDBPyConnection, step: Step, began: float) -> Node:
    """Run a data test; dbt's statement says itself how many rows failed, and whether that is to warn or to fail."""
    failures, should_warn, should_error = 0, False, False
    for sql in step.statements:
        [(failures, should_warn, should_error)] = cursor.execute(sql).fetchall()
    status = "fail" if should_error and not step.warns else "warn" if should_warn or should_error else "pass"
    return Node(step.unique_id, status, int(failures or 0), perf_counter() - began, "")
