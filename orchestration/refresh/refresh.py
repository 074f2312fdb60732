"""A refresh: the served release brought up to date in a copy, by the statements of the last build and without dbt.

dbt costs 0.7 s a call and 15 to 40 ms a node, also where nothing changed, and importing it 2.6 CPU seconds (measured):
more than the whole time from a delivery to its figures may be. A refresh says the same as a build from nothing, by
release hash; whatever it is not sure of, it leaves to that.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from orchestration.dbt_build import STATEMENTS, Node, sources_stamp, target
from orchestration.dbt_statements import Statements, load, stamp_of
from orchestration.refresh.closing import Closing
from orchestration.refresh.content import content_of, sources_of
from orchestration.refresh.kept import (
    FILES,
    WORK,
    Built,
    Kept,
    alone,
    copy,
    copy_ahead,
    forget,
    keep,
    kept_for,
    size_of,
)
from orchestration.refresh.replay import Replayed, is_test, replay
from warehouse import releases, storage

# What profiles.yml gives dbt: the same catalogs and the same time zone, or the statements would say something else.
SETTINGS = {"TimeZone": "UTC"}
# No checkpoint before the end: each would hold up the other thread.
_PACE = {
    "checkpoint_threshold": "1TB",
    "auto_checkpoint_skip_wal_threshold": str(1 << 60),
    "parquet_metadata_cache": "true",
}
CATALOGS = {Path(name).stem: name for name in FILES}
_WORKED_IN = Path(WORK).stem
_RELEASED = [catalog for catalog in CATALOGS if catalog != _WORKED_IN]


class NotRefreshed(Exception):
    """A refresh is not possible, or did not succeed; the message says why and quotes nothing. Build from nothing."""


@dataclass(frozen=True)
class Made:
    """A candidate that was made, by dbt or by a refresh.

    ``nodes``: all that ran and, of tests that did not, how they ended the last time; ``ran``: the ids of those that ran
    and, of models, contain something else now; ``rows`` by label, of tables that were built; ``untouched``:
    labels of tables that lie there as released; ``built``: what the next refresh needs, where there can be one;
    ``work``: the folder of the work database; ``closing``: its files and those to be released, where they are open.
    """

    nodes: dict[str, Node]
    ran: set[str]
    rows: dict[str, int]
    untouched: frozenset[str] = frozenset()
    built: Built | None = None
    work: Path | None = None
    closing: Closing | None = None

    def closed(self) -> None:
        """Wait until the files to be released are whole. Raises duckdb.Error where one could not be."""
        if self.closing:
            self.closing.released()

    def keep(self, home: Home, served: releases.Release) -> None:
        """Keep what the next refresh needs, now that ``served`` is what was made. Raises duckdb.Error, OSError."""
        if self.work is None or self.built is None:
            return
        with nullcontext() if self.closing else alone(home):
            forget(self.work)
            if self.closing:
                self.closing.worked()
                copy_ahead(served, self.work)
            keep(home, self.work, served.run, self.built)

    def end(self) -> None:
        """Close what is open. What was not kept is as if it had not been made."""
        if self.closing:
            self.closing.end()


def statements_of(home: Home) -> Statements | None:
    """The statements of the project as it lies now, if it was ever built here."""
    return load(target(home) / STATEMENTS, stamp_of(sources_stamp(home)))


def refresh(home: Home, begin: Callable[[], Path], on_done: Callable[[str], None]) -> Made:
    """Make a candidate in the folder that ``begin`` returns, and be alone with what is kept until it is at its end.

    Raises ``NotRefreshed``.
    """
    statements = statements_of(home)
    if statements is None:
        raise NotRefreshed("the project was never built as it is now")
    with ExitStack() as held:
        held.enter_context(alone(home))
        kept = kept_for(home, statements.stamp)
        if isinstance(kept, str):
            raise NotRefreshed(kept)
        try:
            # Before anything is read: what changes from here on is found changed again the next time.
            sources, candidate = sources_of(home, statements.read), begin()
            if not copy(kept, candidate):
                raise NotRefreshed("a released file is not what was published")
            closing = Closing(opened(candidate, kept.work), _WORKED_IN, _RELEASED, held.pop_all().close)
            replayed = _replayed(statements, kept, sources, closing, on_done)
        except (duckdb.Error, OSError) as error:
            # The engine's own message can quote a value.
            raise NotRefreshed(f"a statement or a file failed: {type(error).__name__}") from None
    return replace(_refreshed(statements, kept, replayed), work=kept.folder, closing=closing)


def first_built(home: Home, candidate: Path, nodes: Iterable[Node]) -> Built | None:
    """What the next refresh has to know of a candidate that dbt just built from nothing; None where it knows nothing.

    Raises duckdb.Error when a relation cannot be read.
    """
    statements = statements_of(home)
    if statements is None:
        return None
    tests: dict[str, list[Any]] = {one.unique_id: [one.status, one.failures] for one in nodes if is_test(one.unique_id)}
    with opened(candidate, candidate / WORK) as connection:
        content = {
            unique_id: content_of(connection, one.relation or "", by_dataset=True, by_sender=one.by_sender)
            for unique_id, one in sorted(statements.steps.items())
            if unique_id in statements.sliced
        }
    return Built(statements.stamp, sources_of(home, statements.read), content, tests, size_of(candidate))


def opened(candidate: Path, work: Path) -> duckdb.DuckDBPyConnection:
    """Open all files of a candidate as dbt does, but without a log, and written to only by a checkpoint that is asked.

    A candidate that was interrupted is thrown away; its work database is then what it was.
    """
    connection = duckdb.connect(config={"storage_compatibility_version": storage.VERSION})
    for catalog, file in CATALOGS.items():
        place = str(work if catalog == _WORKED_IN else candidate / file).replace("'", "''")
        connection.execute(f"attach '{place}' as {catalog} (recovery_mode no_wal_writes)")
    for name, value in (SETTINGS | _PACE).items():
        connection.execute(f"set global {name} = '{value}'")
    return connection.execute("pragma disable_checkpoint_on_shutdown")


def _replayed(
    statements: Statements,
    kept: Kept,
    sources: dict[str, dict[str, str]],
    closing: Closing,
    on_done: Callable[[str], None],
) -> Replayed:
    try:
        return replay(closing.cursor, statements, kept.built, sources, on_done, closing.written)
    except BaseException:
        closing.end()
        raise


def _refreshed(statements: Statements, kept: Kept, replayed: Replayed) -> Made:
    before, steps = kept.built, statements.steps
    rebuilt = {steps[unique_id].label for unique_id in replayed.rebuilt}
    tests: dict[str, list[Any]] = before.tests | replayed.tests
    remembered = {one: Node(one, status, failures, 0.0, "") for one, (status, failures) in tests.items()}
    content = before.content | replayed.content
    rows = {steps[one].label or "": sum(count for count, _ in content[one].values()) for one in replayed.rebuilt}
    return Made(
        nodes=remembered | replayed.nodes,
        ran={one for one in replayed.nodes if is_test(one) or one in replayed.changed},
        rows=rows,
        untouched=frozenset(kept.release.tables.keys() - rebuilt),
        built=Built(before.stamp, replayed.sources, content, tests, before.whole_bytes),
    )
