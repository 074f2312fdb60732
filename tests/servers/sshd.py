"""An sshd of one's own, with its own configuration and keys, that speaks SFTP only."""

import getpass
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import HOST, as_user, free_port, installed, listens, served

USER = getpass.getuser()
_SETTINGS = """
Port {port}
ListenAddress {host}
HostKey {host_key}
PidFile {folder}/pid
AuthorizedKeysFile {folder}/authorized
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
LogLevel DEBUG1
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class Sshd:
    """A running server: its public host key as one line, the private key that it lets in, and what it said."""

    port: int
    host_key: str
    key: Path
    said: Path
    pid: int

    def url(self, root: Path) -> str:
        """The address of a folder."""
        return f"sftp://{HOST}:{self.port}{root}"


def new_key(path: Path, kind: str = "ed25519") -> str:
    """Make a key pair at ``path`` and return its public half as one line."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", path], check=True)
    path.chmod(0o600)
    return path.with_suffix(".pub").read_text("utf-8").strip()


@contextmanager
def running(folder: Path, port: int = 0, kind: str = "ed25519") -> Generator[Sshd]:
    """Start a server whose keys, settings and log lie in ``folder``, and stop it."""
    program, port = installed("/usr/sbin/sshd"), port or free_port()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    host_key, key, said = folder / f"host_{kind}", folder / "own", folder / "said.txt"
    public = new_key(host_key, kind)
    (folder / "authorized").write_text(new_key(key) + "\n", "utf-8")
    settings = folder / "sshd_config"
    settings.write_text(_SETTINGS.format(port=port, host=HOST, host_key=host_key, folder=folder), "utf-8")
    with served(
        [*as_user(), program, "-D", "-e", "-f", str(settings)], until=lambda: listens(port), said=said
    ) as process:
        yield Sshd(port, public, key, said, process.pid)
