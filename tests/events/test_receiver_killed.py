"""A receiver that is killed between writing an upload and naming it."""

import os
import socket
import subprocess
import sys
import time

import httpx
import pytest
from event_homes import ROOT, ledger
from receiving import Serving

_CRASH = """
import os, sys
from pathlib import Path
from ingest.home import Home
import orchestration.receiver.upload as upload
from orchestration.receiver.server import serve
if len(sys.argv) > 3:
    Path.rename = lambda *_: os._exit(9)
home = Home(Path(sys.argv[1]))
serve(home, home.root / "receiver.toml", "127.0.0.1", int(sys.argv[2]))
"""


def test_killed_between_writing_and_renaming_nothing_counts_and_the_next_start_sweeps(serving: Serving) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home, body = serving.home, ledger(3)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _CRASH, str(home.root), str(port)]
    dying = subprocess.Popen([*command, "die"], env=environment)
    client = Serving(home, f"http://127.0.0.1:{port}")
    _wait_for(port)
    with pytest.raises(httpx.HTTPError):
        client.post(body, client.headers(body))
    assert dying.wait(10) == 9
    assert [path.name.endswith(".part") for path in client.files] == [True]
    again = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        assert client.files == []
        assert client.post(body, client.headers(body)).status_code == 202
        assert [path.read_bytes() for path in client.files] == [body]
    finally:
        again.terminate()
        assert again.wait(20) in (0, -15)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("it does not serve")
