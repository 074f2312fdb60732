"""manifest.json: what a release is, written once before it is published."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb

from warehouse import storage
from warehouse.audit import AuditReport
from warehouse.layout import MANIFEST


def write(
    build: Path,
    report: AuditReport,
    run: str,
    published_at: str,
    facts: Mapping[str, Any],
    digests: Mapping[Path, str],
) -> None:
    """Write manifest.json for all files now in ``build``.

    ``release_hash`` is a function of the tables alone; ``published_at`` (UTC, ISO 8601) and ``facts`` (what the
    caller knows of the night) stand beside it and never go into it. ``digests`` has those of files that the caller
    digested already.
    """
    described = {
        "run": run,
        "release_hash": report.release_hash,
        "published_at": published_at,
        "versions": {"duckdb": duckdb.__version__, "dbt": report.dbt, "project": _project_version()},
        "storage_version": storage.VERSION,
        "facts": dict(facts),
        "tables": {label: {"rows": rows, "hash": report.hashes[label]} for label, rows in sorted(report.rows.items())},
        "files": {
            str(path.relative_to(build)): {"bytes": path.stat().st_size, "sha256": digests.get(path) or digest(path)}
            for path in sorted(build.rglob("*"))
            if path.is_file()
        },
    }
    text = json.dumps(described, ensure_ascii=False, indent=1)
    (build / MANIFEST).write_text(text + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _project_version() -> str:
    try:
        return metadata.version("jinguo")
    except metadata.PackageNotFoundError:
        # Run from a checkout that was not installed.
        declared = Path(__file__).parents[1] / "pyproject.toml"
        return tomllib.loads(declared.read_text(encoding="utf-8"))["project"]["version"]
