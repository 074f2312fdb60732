"""The senders' own systems that we pull from: one ``system.toml`` beside a sender's specs, as facts, never as steps."""

import re
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from ingest.connectors.folder import FolderConnector, FolderSystem
from ingest.connectors.http import HttpConnector, HttpSystem
from ingest.connectors.objects import ObjectConnector, ObjectSystem
from ingest.connectors.protocol import Budget, Connector
from ingest.connectors.sftp import SftpConnector, SftpSystem
from ingest.connectors.sql import SqlConnector, SqlSystem
from ingest.contracts import CONTRACTS
from ingest.spec import SENDERS, TRANSPORT, SpecInvalid

System = Annotated[FolderSystem | ObjectSystem | SftpSystem | HttpSystem | SqlSystem, Field(discriminator="kind")]
_PLACE = re.compile(r"at line \d+, column \d+|at end of document")
_READ: TypeAdapter[System] = TypeAdapter(System)


def read_system(path: Path) -> System:
    """Read and check one ``system.toml``. Raises ``SpecInvalid`` with the file and the key, never with a value: what
    somebody wrote where a reference belongs may be a secret."""
    try:
        system = _READ.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = "; ".join(_told(one["loc"], one["msg"]) for one in error.errors(include_url=False, include_input=False))
        raise SpecInvalid(f"{path}: {told}") from None
    except (ValueError, OSError) as error:
        where = _PLACE.search(str(error))
        raise SpecInvalid(f"{path}: no readable TOML{f' ({where[0]})' if where else ''}") from None
    unknown = [name for name in system.datasets if name not in CONTRACTS]
    if unknown:
        raise SpecInvalid(f"{path}: datasets: {unknown[0]!r} is no dataset; known: {', '.join(CONTRACTS)}")
    if not system.datasets:
        raise SpecInvalid(f"{path}: datasets: nothing is declared to be pulled")
    return system


def _told(place: tuple[int | str, ...], message: str) -> str:
    kinds = {"folder", "objects", "sftp", "http", "sql"}
    keys = place[1:] if place and place[0] in kinds else place
    return f"{'.'.join(map(str, keys)) or 'kind'}: {message}"


class SystemBook:
    """Every sender's system; a sender without a ``system.toml`` is not pulled: its files come to the inbox."""

    def __init__(self, folder: Path = SENDERS) -> None:
        """Load and check all of ``folder``: ``<sender>/system.toml``. Raises ``SpecInvalid``."""
        self._systems: dict[str, System] = {
            path.parent.name: read_system(path) for path in sorted(folder.glob(f"*/{TRANSPORT}"))
        }

    def senders(self) -> list[str]:
        """The senders that have a system, sorted."""
        return list(self._systems)

    def get(self, sender: str) -> System:
        """Return the system of ``sender``; raises ``KeyError`` where it has none."""
        return self._systems[sender]

    def open(self, sender: str, budget: Budget) -> Connector:
        """Return a connector, not yet entered; raises ``NotConnected`` where its address is not set on this machine,
        ``PullFailed`` where the address is not safe."""
        system = self.get(sender)
        match system:
            case FolderSystem():
                return FolderConnector(system, budget)
            case ObjectSystem():
                return ObjectConnector(system, budget)
            case SftpSystem():
                return SftpConnector(system, budget)
            case HttpSystem():
                return HttpConnector(system, budget)
            case SqlSystem():
                return SqlConnector(system, budget)
