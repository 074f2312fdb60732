"""A PostgreSQL server of one's own: ``with running() as server: server.run("create table ...")``."""

import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import HOST, as_user, free_port, installed, own_folder, served

USER, PASSWORD, DATABASE = "postgres", "not-a-secret-1", "postgres"


@dataclass(frozen=True)
class Postgres:
    """A running server; ``url`` holds no password."""

    bin: Path
    port: int
    pid: int

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@{HOST}:{self.port}/{database}"

    def run(self, sql: str, database: str = DATABASE) -> str:
        """Run statements and return the rows that they print, unaligned."""
        command = [self.bin / "psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", self.url_of(database)]
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        done = subprocess.run(command, input=sql.encode(), capture_output=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().removesuffix("\n")


@contextmanager
def running() -> Generator[Postgres]:
    """Start a server that asks for a password, and stop it. Nothing of it is written for good."""
    found = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))) or ["initdb"]
    program = Path(installed(found[-1])).resolve().parent
    with own_folder("postgres") as folder:
        data, word, port = folder / "data", folder / "word", free_port()
        word.write_text(PASSWORD, "utf-8")
        word.chmod(0o644)
        first = [program / "initdb", "--no-sync", "-D", data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={word}"]
        subprocess.run(
            [*as_user("postgres"), *first, "-E", "UTF8", "--locale=C.UTF-8"], check=True, capture_output=True
        )
        settings = {"listen_addresses": HOST, "port": port, "unix_socket_directories": folder, "fsync": "off"}
        flags = [f"--{name}={value}" for name, value in settings.items()]
        ready = [program / "pg_isready", "-q", "-h", HOST, "-p", str(port)]
        with served(
            [*as_user("postgres"), str(program / "postgres"), "-D", str(data), *flags],
            until=lambda: subprocess.run(ready, check=False).returncode == 0,
            said=folder / "said.txt",
            ending=signal.SIGINT,
        ) as process:
            yield Postgres(program, port, process.pid)
