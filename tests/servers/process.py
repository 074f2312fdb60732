"""Real servers as child processes: a free port on loopback, a folder that the server's own user owns, a sure end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

HOST = "127.0.0.1"


def free_port() -> int:
    """A port of loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def installed(path: str) -> str:
    """Return ``path`` or where it is found; skip the test where the package is missing."""
    found = shutil.which(path)
    if found is None:
        pytest.skip(f"{path} is not installed (.ci/run installs it)")
    return found


@contextmanager
def own_folder(user: str = "") -> Generator[Path]:
    """A short-named folder (sockets have short paths) that belongs to ``user`` where we are root."""
    folder = Path(tempfile.mkdtemp(prefix="jinguo-"))
    try:
        if user and os.geteuid() == 0:
            owner = pwd.getpwnam(user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_user(user: str = "") -> list[str]:
    """What to put before a command: it ends when we end, however we end, and does not run as root but as ``user``."""
    ends = ["setpriv", "--pdeathsig", "KILL"]
    if not user or os.geteuid() != 0:
        return [*ends, "--"]
    return [*ends, f"--reuid={user}", f"--regid={user}", "--init-groups", "--"]


@contextmanager
def served(
    command: Sequence[str],
    *,
    until: Callable[[], bool],
    said: Path,
    ending: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
) -> Generator[subprocess.Popen[bytes]]:
    """Run ``command`` until the block ends; begin once ``until`` holds. ``said`` takes what it prints."""
    with said.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True
        )
    try:
        wait(until, lambda: process.poll() is None, said)
        yield process
    finally:
        stop(process, ending)


def stop(process: subprocess.Popen[bytes], ending: signal.Signals = signal.SIGTERM) -> None:
    """End one server, and whatever it started, for sure."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGCONT)
        process.send_signal(ending)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait(until: Callable[[], bool], alive: Callable[[], bool], said: Path) -> None:
    """Return once ``until`` holds; raises with what the server said where it died or took a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end and alive():
        if until():
            return
        time.sleep(0.02)
    raise RuntimeError(f"the server did not start: {said.read_text('utf-8', 'replace')[-2_000:]}")


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) == 0
