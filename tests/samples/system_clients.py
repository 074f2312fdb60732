"""Plain clients of the sample systems, which share nothing with the connectors."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncssh
import httpx

SALES, RESTATED, ORDERS = "/openapi/firm-sales", "/openapi/firm-sales/restated", "/api/lecture-orders"


class Interface:
    """One bureau's HTTP interface with a token, as somebody with a browser's tools would ask it."""

    def __init__(self, variables: Mapping[str, str], prefix: str, seconds: float = 5) -> None:
        self.variables, self.prefix = variables, prefix
        self.client = httpx.Client(base_url=variables[f"{prefix}_URL"], timeout=seconds, trust_env=False)

    def __enter__(self) -> "Interface":
        self.token()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def token(self) -> None:
        said = {
            "client_id": self.variables[f"{self.prefix}_ID"],
            "client_secret": self.variables[f"{self.prefix}_SECRET"],
        }
        granted = self.client.post("/oauth/token", json=said).raise_for_status().json()
        self.client.headers["Authorization"] = f"Bearer {granted['access_token']}"

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(path, params=params)


def connected(variables: Mapping[str, str], **instead: Any) -> Any:
    """A connection to the SFTP server, its key pinned; ``instead`` overrides what is sent."""
    port = int(variables["JINGUO_DONGGANG_URL"].rsplit(":", 1)[1])
    key = asyncssh.import_public_key(variables["JINGUO_DONGGANG_HOST_KEY"])
    settings = {
        "username": variables["JINGUO_DONGGANG_USER"],
        "password": variables["JINGUO_DONGGANG_PASSWORD"],
        "known_hosts": ([key], [], []),
        "client_keys": None,
        "config": None,
        "agent_path": None,
    }
    return asyncssh.connect("127.0.0.1", port, **(settings | instead))


def read_over_sftp(variables: Mapping[str, str], path: str, seconds: float = 5) -> bytes:
    """The bytes of one file; raises TimeoutError after ``seconds``."""

    async def read() -> bytes:
        connection = await connected(variables)
        try:
            async with asyncio.timeout(seconds):
                client = await connection.start_sftp_client()
                # no blocks: else the library reads in many tasks, and forgets them when the connection breaks
                file, parts = await client.open(path, "rb", block_size=None), [b""]
                while part := await file.read(16_384):
                    parts.append(part)
                return b"".join(parts)
        finally:
            connection.abort()
            await connection.wait_closed()

    return asyncio.run(read())


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` by its place in it."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
