"""A small share on disk, and what a connector makes of it."""

from pathlib import Path

from ingest.connectors.folder import FolderConnector, FolderSystem
from ingest.connectors.protocol import Budget, Item

DATASET = "pairings"
SETTLED = 0.15


def system_of(root: Path | str, **more: object) -> FolderSystem:
    """A share as its TOML would state it."""
    facts = {"kind": "folder", "root": str(root), "settle_seconds": SETTLED, "datasets": {DATASET: {}}}
    return FolderSystem.model_validate(facts | more)


def pulled(system: FolderSystem) -> dict[str, bytes]:
    """All bytes that one pull fetches, by place."""
    with FolderConnector(system, Budget(system.limits)) as connector:
        return {item.place: b"".join(connector.fetch(item)) for item in connector.list(DATASET, None)}


def listed(system: FolderSystem) -> list[Item]:
    """All that one pull lists."""
    with FolderConnector(system, Budget(system.limits)) as connector:
        return list(connector.list(DATASET, None))


def put(path: Path, content: bytes) -> Path:
    """Write a file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
