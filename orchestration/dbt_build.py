"""Runs dbt inside this process, and says what became of every node without repeating what dbt says.

In-process because a subprocess imports dbt once more (2.6 CPU seconds, measured) and writes messages that quote rows.
``dbtRunner`` is dbt's public interface; it is not re-entrant.
"""

import hashlib
import json
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from ingest.home import Home
from orchestration.dbt_statements import Recorder, save, stamp_of
from orchestration.disk_trouble import disk_said
from orchestration.environment import environment
from orchestration.lock import exclusive
from orchestration.problems import OPERATOR_LOG, Problem, note
from orchestration.project import PROJECT, project_files

# The engine's words about SQL, which quote no row: shown whole. All others can quote one: their kind only.
_ABOUT_SQL = re.compile(r"^\s*(?:Binder|Catalog|Parser|Compilation|Dependency) Error", re.MULTILINE)
_KIND = re.compile(r"\b([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)* Error)\b")


BAD = ("error", "fail", "runtime error", "partial success")
STATEMENTS = "statements.json"
CANDIDATE = "candidate"


@dataclass(frozen=True)
class Node:
    """What became of one dbt node. ``status``: success, pass, warn, fail, error or skipped; ``failures`` in rows."""

    unique_id: str
    status: str
    failures: int
    seconds: float
    trouble: str


def target(home: Home) -> Path:
    """Where dbt writes for this home: its manifest, compiled SQL and parse cache."""
    return home.root / "dbt" / "target"


def target_as_known(home: Home) -> Path:
    """Where dbt writes when it builds with variables: apart, or the next night would have to parse everything again."""
    return home.root / "dbt" / "as_known"


def sources_stamp(home: Home) -> str:
    """A hash over the project's files as they lie, the home and dbt's version: equal means nothing to parse again."""
    digest = hashlib.sha256(f"{metadata.version('dbt-core')} {home.root}".encode())
    for path in project_files():
        facts = path.stat()
        digest.update(f"{path.relative_to(PROJECT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def ensure_manifest(home: Home) -> dict[str, Any]:
    """Return dbt's manifest, parsing the project first when there is none or the project changed since.

    Raises ``Problem`` dbt_parse when the project cannot be parsed.
    """
    path, stamp_path, stamp = target(home) / "manifest.json", target(home) / "sources.stamp", sources_stamp(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with exclusive(path.parent / "parse.lock", 120):
        manifest = _read(path) if stamp_path.exists() and stamp_path.read_text() == stamp else None
        if manifest is None:
            stamp_path.unlink(missing_ok=True)
            _invoke(home, ["parse"])
            stamp_path.write_text(stamp)
        return manifest or json.loads(path.read_text(encoding="utf-8"))


def _read(manifest: Path) -> dict[str, Any] | None:
    """The manifest, or None where there is none or a killed process left half of one."""
    try:
        return json.loads(manifest.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def build(
    home: Home, candidate: Path, on_done: Callable[[str], None], dbt_vars: dict[str, str] | None = None
) -> list[Node]:
    """Build and test the whole project into ``candidate``; ``on_done`` hears the id of every finished node.

    Returns all nodes, also when some failed; when none did, the statements are kept for a refresh (``STATEMENTS``).
    Raises ``Problem`` when dbt could not begin at all.
    """
    # dbt's run_results.json would quote rows, and its manifest.json would be half written when this process is killed.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]
    if dbt_vars:
        arguments += ["--vars", json.dumps(dbt_vars)]
    stamp, recorder = stamp_of(sources_stamp(home)), Recorder()

    def heard(event: Any) -> None:
        recorder.hear(event)
        if event.info.name == "NodeFinished":
            on_done(event.data.node_info.unique_id)

    with _leading_to(candidate, _writes_to(home, arguments)):
        result = _invoke(home, arguments, heard)
    nodes = [_node(home, one) for one in result.results]
    manifest = _read(target(home) / "manifest.json")
    if manifest and not dbt_vars and not any(node.status in BAD for node in nodes):
        selected = {one.node.unique_id: getattr(one.node, "compiled_code", None) or "" for one in result.results}
        save(target(home) / STATEMENTS, recorder.recorded(manifest, stamp, selected))
    return nodes


def _writes_to(home: Home, arguments: list[str]) -> Path:
    return target_as_known(home) if "--vars" in arguments else target(home)


@contextmanager
def _leading_to(candidate: Path, written: Path) -> Generator[None]:
    """Let the one path by which dbt knows every candidate lead to this one, and its files be closed afterwards.

    That path stands in dbt's profile: were it another one each night, dbt would parse the whole project each night.
    """
    link = written / CANDIDATE
    link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(candidate.absolute())
    try:
        yield
    finally:
        _release_files()
        link.unlink(missing_ok=True)


def _invoke(home: Home, arguments: list[str], heard: Callable[[Any], None] | None = None) -> Any:
    from dbt.cli.main import dbtRunner

    written, folders = _writes_to(home, arguments), {"--project-dir": PROJECT, "--profiles-dir": PROJECT}
    folders["--target-path"], folders["--log-path"] = written, home.root / "dbt" / "logs"
    (home.root / "dbt").mkdir(mode=0o700, exist_ok=True)
    # dbt's own log quotes rows in cast errors: none is written.
    quiet = ["--log-level", "none", "--log-level-file", "none", "--quiet", "--no-send-anonymous-usage-stats"]
    places = [word for flag, path in folders.items() for word in (flag, str(path))]
    with environment({"JINGUO_HOME": str(home.root), "JINGUO_BUILD": str(written / CANDIDATE)}):
        ran = dbtRunner(callbacks=[heard] if heard else []).invoke([*arguments, *places, *quiet, "--no-version-check"])
    if ran.result is None:
        raise Problem("dbt_stopped", _trouble(home, arguments[0], str(ran.exception)), f"see {OPERATOR_LOG}")
    return ran.result


def _release_files() -> None:
    # Without it the adapter keeps the candidate open, and nobody else in this process or another can open it.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def _node(home: Home, result: Any) -> Node:
    unique_id, status = result.node.unique_id, str(result.status)
    trouble = _trouble(home, unique_id, result.message or "") if status in BAD else ""
    return Node(unique_id, status, int(result.failures or 0), float(result.execution_time), trouble)


def _trouble(home: Home, where: str, message: str) -> str:
    """Return a dbt message in one line when it speaks of SQL, else only its kind: then it may quote a row."""
    if disk := disk_said(message, home.build):
        return disk
    if _ABOUT_SQL.search(message):
        note(home, OPERATOR_LOG, f"dbt {where}\n    " + message.replace("\n", "\n    "))
        return " ".join(message.split())[:300]
    found = _KIND.findall(message)
    return found[-1] if found else "failed"
