"""The systemd units: what systemd says of them, and what they start, started. systemd itself is not the first process
of the machines that run these tests: sandboxing and restarts are checked by its own analysis only."""

import re
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import httpx
import pytest

from ingest.home import Home
from tests.operators import units
from tests.operators.installation import Installation
from tests.operators.served import Served
from tests.operators.units import UNITS, Unit
from tests.orchestration.small_home import run_here
from tests.servers.process import HOST, installed
from tests.servers.process import served as started

SERVICES = units.services()
LONG_RUNNING = [one for one in SERVICES if one.one("Type") == "exec"]


def names(some: list[Unit]) -> list[str]:
    """Their names, for the tests' ids."""
    return [one.name for one in some]


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    program = installed("systemd-analyze")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for path in UNITS.iterdir():
        text = path.read_text("utf-8").replace("/opt/jinguo/.venv/bin", str(bin_))
        for word in re.findall(rf"{bin_}/\S+", text):
            shutil.copy("/bin/true", word)
        (tmp_path / path.name).write_text(text, "utf-8")
    every = sorted(str(path) for path in tmp_path.iterdir() if path.suffix in (".service", ".timer"))
    done = subprocess.run([program, "verify", "--man=no", *every], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES, ids=names(SERVICES))
def test_each_service_is_closed_in(unit: Unit) -> None:
    command = [installed("systemd-analyze"), "security", "--offline=yes", "--no-pager", "--threshold=20"]
    done = subprocess.run([*command, str(UNITS / unit.name)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    facts = {name: unit.one(name) for name in ("User", "UMask", "ProtectSystem", "NoNewPrivileges", "ReadWritePaths")}
    assert facts == {
        "User": "jinguo",
        "UMask": "0077",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "ReadWritePaths": "/srv/jinguo",
    }
    assert unit.one("MemoryMax")


@pytest.mark.parametrize("unit", LONG_RUNNING, ids=names(LONG_RUNNING))
def test_what_runs_for_years_is_started_again(unit: Unit) -> None:
    assert unit.one("Restart") == "always"
    assert unit.one("WantedBy", "Install") == "multi-user.target"
    listening = [word for word in unit.one("ExecStart").split() if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", word)]
    assert set(listening) <= {HOST}, "only the proxy is seen from outside"


def test_the_daemon_is_a_new_one_every_day() -> None:
    assert units.read(UNITS / "jinguo-daemon.service").one("RuntimeMaxSec") == "1d"


def test_the_timer_starts_the_night_on_the_counties_clocks() -> None:
    timer = units.read(UNITS / "jinguo-nightly.timer")
    assert timer.one("OnCalendar", "Timer") == "*-*-* 01:30:00 Asia/Shanghai"
    [program] = [installed("systemd-analyze")]
    done = subprocess.run(
        [program, "calendar", "--base-time=2026-01-01 12:00:00 UTC", timer.one("OnCalendar", "Timer")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Next elapse: Thu 2026-01-01 17:30:00 UTC" in done.stdout or "17:30:00 UTC" in done.stdout


def test_the_web_servers_serve_what_the_code_server_loaded(served: Served) -> None:
    asked = {"query": "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }"}
    for port in (served.operators, served.viewers):
        answer = httpx.post(f"http://{HOST}:{port}/graphql", json=asked, trust_env=False).json()
        [entry] = answer["data"]["workspaceOrError"]["locationEntries"]
        assert (entry["name"], entry["loadStatus"]) == ("jinguo", "LOADED")
    assert (served.folder / "code.sock").is_socket()


def test_the_daemon_lives(served: Served, installation: Installation, tmp_path: Path) -> None:
    unit, places = units.read(UNITS / "jinguo-daemon.service"), {"/run/jinguo": str(served.folder)}
    home = installation.home

    def beats() -> bool:
        path = home.dagster / "history" / "runs.db"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as runs:
            kinds = {row[0] for row in runs.execute("select daemon_type from daemon_heartbeats")}
        return {"SCHEDULER", "SENSOR", "MONITORING"} <= kinds

    command, said = units.command(unit, installation, **places), tmp_path / "daemon.txt"
    with started(command, until=beats, said=said, environment=units.environment(installation, **places)) as process:
        assert process.poll() is None
    assert "Traceback" not in said.read_text("utf-8")


def test_the_worker_watches_and_ends_when_told(installation: Installation, tmp_path: Path) -> None:
    own = Installation(
        installation.tree, Home(shutil.copytree(installation.home.root, tmp_path / "home", symlinks=True))
    )
    unit, said = units.read(UNITS / "jinguo-worker.service"), tmp_path / "worker.txt"
    command, environment = units.command(unit, own), units.environment(own)
    assert environment["JINGUO_HOME"] == str(own.home.root)
    with started(
        command, until=lambda: "watching" in said.read_text("utf-8"), said=said, environment=environment
    ) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert "Traceback" not in said.read_text("utf-8")


def test_what_the_timers_start_is_a_night_and_a_prune(installation: Installation) -> None:
    night = units.read(UNITS / "jinguo-nightly.service")
    assert units.command(night, installation)[1:] == ["nightly"], "what made the installation of these tests"
    assert night.one("SuccessExitStatus") == "3", "a delivery that waits is no failed night"
    prune = units.read(UNITS / "jinguo-prune.service")
    ran = run_here(installation.home.root, *units.command(prune, installation)[1:])
    assert ran.returncode == 0, ran.stderr
