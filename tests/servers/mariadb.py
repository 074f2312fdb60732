"""A MariaDB server of one's own, and how its ODBC driver reaches it."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import HOST, as_user, free_port, installed, own_folder, served

USER, PASSWORD, DATABASE = "county", "not-a-secret-2", "county"


@dataclass(frozen=True)
class Mariadb:
    """A running server; ``url`` holds no password."""

    port: int
    socket: Path
    pid: int

    @property
    def url(self) -> str:
        place = f"SERVER={HOST};PORT={self.port};DATABASE={DATABASE};UID={USER}"
        return f"odbc:DRIVER={{MariaDB Unicode}};{place}"

    def run(self, sql: str) -> str:
        """Run statements in the database and return the rows that they print, raw and separated by tabs."""
        command = [
            "mariadb",
            "--no-defaults",
            "-S",
            self.socket,
            "-u",
            "root",
            "--default-character-set=utf8mb4",
            "-NBr",
        ]
        done = subprocess.run([*command, DATABASE], input=sql.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().removesuffix("\n")


@contextmanager
def running() -> Generator[Mariadb]:
    """Start a server with one database and one user that must give a password, and stop it."""
    server = installed("/usr/sbin/mariadbd")
    with own_folder("mysql") as folder:
        data, socket, port = folder / "data", folder / "s", free_port()
        make = ["mariadb-install-db", "--no-defaults", "--skip-test-db", f"--datadir={data}"]
        subprocess.run(
            [*as_user("mysql"), *make, "--auth-root-authentication-method=normal"], check=True, capture_output=True
        )
        place = [f"--datadir={data}", f"--socket={socket}", f"--port={port}", f"--bind-address={HOST}"]
        quick = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--sql-mode="]
        ping = ["mariadb-admin", "--no-defaults", "-S", socket, "-u", "root", "ping"]
        with served(
            [*as_user("mysql"), server, "--no-defaults", *place, *quick, f"--pid-file={folder / 'pid'}"],
            until=lambda: subprocess.run(ping, check=False, capture_output=True).returncode == 0,
            said=folder / "said.txt",
        ) as process:
            made = Mariadb(port, socket, process.pid)
            user = f"create user '{USER}'@'%' identified by '{PASSWORD}'; grant all on {DATABASE}.* to '{USER}'@'%';"
            statements = f"create database {DATABASE} character set utf8mb4; {user}".encode()
            subprocess.run(["mariadb", "--no-defaults", "-S", socket, "-u", "root"], input=statements, check=True)
            yield made
