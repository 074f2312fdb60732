"""From an audited candidate to the served release, in one step that readers never see half."""

import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import durable, manifest, releases, storage
from warehouse.audit import AuditReport
from warehouse.fingerprint import quote
from warehouse.layout import AUDIT, CORE, DATABASES, MARTS, PARQUET, RELEASED, checked_run
from warehouse.releases import Release


class PublishFailed(Exception):
    """Nothing was published, the served release is the one before; the message says why."""


def publish(build: Path, releases_root: Path, current_link: Path, run: str, facts: Mapping[str, Any]) -> Release:
    """Publish the audited candidate in ``build`` as ``releases_root/run`` and serve it through ``current_link``.

    Only jinguo.duckdb, core/, pages/ and workbooks/ of the candidate are released, with a Parquet twin of every
    mart and manifest.json, into which ``facts`` go (JSON; counts and versions, nothing personal). When the served
    release has the same release_hash, nothing is published: the candidate is removed and the served release
    returned with ``unchanged``. Raises PublishFailed; a kill at any moment leaves a whole release served.
    """
    report = _audited(build)
    served = _served(current_link)
    if served and served.release_hash == report.release_hash:
        shutil.rmtree(build)
        return replace(served, unchanged=True)
    target = releases_root / checked_run(run)
    if target.exists():
        raise PublishFailed(f"a release {run} exists already and is never written again; use another run's name")
    if current_link.exists() and not current_link.is_symlink():
        raise PublishFailed(f"{current_link} is not a symbolic link; move it away first")
    try:
        _open_to_readers(releases_root)
        _complete(build, report, run, facts, served)
        durable.move(build, target)
        durable.point(current_link, target)
    except OSError as reason:
        raise PublishFailed(f"release {run} is not published: {reason.strerror}; the one before is served") from reason
    except duckdb.Error:
        raise PublishFailed(f"release {run} is not published: no Parquet could be written, is the disk full?") from None
    return releases.current(current_link)


def _open_to_readers(releases_root: Path) -> None:
    """Create the folder of all releases so that readers can walk through it, whatever the umask of the night."""
    if not releases_root.exists():
        releases_root.mkdir(parents=True)
        releases_root.chmod(0o755)


def _audited(build: Path) -> AuditReport:
    """Return the report that the audit left; raises PublishFailed when there is none or a file changed since."""
    try:
        report = AuditReport(**json.loads((build / AUDIT).read_text(encoding="utf-8")))
        now = {database.file: storage.stamp(build / database.file) for database in DATABASES}
    except FileNotFoundError:
        raise PublishFailed(f"{build.name} has not passed the audit") from None
    if report.files != now:
        raise PublishFailed(f"{build.name} was changed after its audit; audit it again")
    return report


def _served(current_link: Path) -> Release | None:
    """Return the served release, or nothing when there is none worth keeping in place of a new one."""
    try:
        return releases.current(current_link)
    except (releases.NoRelease, releases.Damaged):
        return None


def _complete(build: Path, report: AuditReport, run: str, facts: Mapping[str, Any], served: Release | None) -> None:
    """Make ``build`` exactly what a release is: no more files, all of them described, read-only and durable."""
    released = {build / name for name in RELEASED}
    for path in [*build.iterdir(), *(build / CORE.file).parent.iterdir()]:
        if path not in released and path != (build / CORE.file).parent:
            _remove(path)
    with ThreadPoolExecutor(1) as beside:
        digests = beside.submit(lambda: {build / one.file: manifest.digest(build / one.file) for one in DATABASES})
        _write_parquet(build, report, served)
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    manifest.write(build, report, run, now, facts, digests.result())
    _protect(build)
    durable.fsync_tree(build)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _write_parquet(build: Path, report: AuditReport, served: Release | None) -> None:
    """Have every mart as parquet/<mart>.parquet; raises PublishFailed when a row did not arrive."""
    folder = build / PARQUET
    folder.mkdir()
    with duckdb.connect(str(build / MARTS.file), read_only=True) as connection:
        for label, rows in report.rows.items():
            schema, name = label.split(".", 1)
            twin = folder / f"{name}.parquet"
            if schema != MARTS.schema or (served and _linked(served, label, report.hashes[label], twin)):
                continue
            target = str(twin).replace("'", "''")
            [(written,)] = connection.execute(
                f"copy {quote(schema)}.{quote(name)} to '{target}' (format parquet, compression zstd)"
            ).fetchall()
            if written != rows:
                raise PublishFailed(f"{label}: {written} of {rows} rows reached Parquet")


def _linked(served: Release, label: str, table_hash: str, twin: Path) -> bool:
    """Whether the served release has the same table, and a twin of it that is still what was published: one file."""
    before = f"{PARQUET}/{twin.name}"
    if served.tables.get(label, {}).get("hash") != table_hash or before not in served.files:
        return False
    if manifest.digest(served.path / before) != served.files[before]["sha256"]:
        return False
    twin.hardlink_to(served.path / before)
    return True


def _protect(build: Path) -> None:
    """Nobody writes to a release again; the core file, which has tokens, is for the owner's group only."""
    private = (build / CORE.file).parent
    for folder, _, files in os.walk(build):
        closed = Path(folder) == private
        for name in files:
            Path(folder, name).chmod(0o440 if closed else 0o444)
        Path(folder).chmod(0o750 if closed else 0o755)
