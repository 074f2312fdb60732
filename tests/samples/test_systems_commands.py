"""``jinguo systems`` and the deliveries of ``jinguo demo``: pulled from the sample systems, they are as landed."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.responses import JSONResponse

from ingest.arrivals import land_history
from ingest.home import Home
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from ingest.receipts import read_receipts
from orchestration import sample_world
from orchestration.commands import demo
from orchestration.problems import Problem
from samples.systems import SYSTEMS, running

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "orchestration.cli", "systems"]


@pytest.fixture(scope="module")
def environment(world, tmp_path_factory) -> dict[str, str]:
    """Of a home that holds the sample of this version, and nothing else."""
    home = tmp_path_factory.mktemp("home")
    (home / "sample").symlink_to(world.root)
    (home / "sample.stamp").write_text(sample_world._code())
    return {**os.environ, "JINGUO_HOME": str(home), "PYTHONPATH": str(ROOT)}


def ran(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], check=False, env=environment, capture_output=True, text=True, timeout=120, cwd=ROOT
    )


def fresh(root: Path) -> tuple[Home, Keyring]:
    home = Home(root)
    home.prepare()
    create_keys(home, demo=True)
    return home, Keyring.open(home)


def test_check_pulls_once_from_each_and_leaves_the_home_alone(environment) -> None:
    home = Path(environment["JINGUO_HOME"])
    before = sorted(path.name for path in home.iterdir())
    done = ran(environment, "--check", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, [one["sender"] for one in told]) == (0, [system.sender for system in SYSTEMS]), done.stderr
    assert all(one["ok"] and one["new"] and one["bytes"] and one["state"] == "ok" for one in told)
    assert sorted(path.name for path in home.iterdir()) == before


def test_check_prints_a_table_and_survives_what_can_be_survived(environment) -> None:
    done = ran(environment, "--check", "--sender", "qinghe-sw", "--misbehave", "500", "--times", "2")
    assert done.returncode == 0, done.stderr
    assert re.search(r"qinghe-sw +http +39 +[\d,]+ +39 +\d+\.\d\d +✓", done.stdout)


def test_check_fails_where_one_cannot_be_pulled_and_says_what_to_do(environment) -> None:
    done = ran(environment, "--check", "--sender", "chongqing", "--sender", "juxian", "--misbehave", "redirect")
    assert done.returncode == 1
    assert re.search(r"juxian .*✓", done.stdout) and re.search(r"chongqing .*✗", done.stdout)
    assert "✗ chongqing: 接口要求转到别的地址，已拒绝 → " in done.stdout


@pytest.mark.parametrize("wrong", [("--sender", "nobody"), ("--misbehave", "sulk"), ("--times", "0")])
def test_a_wrong_word_is_a_usage_error_and_names_the_right_ones(wrong, environment) -> None:
    done = ran(environment, *wrong)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert wrong[0] == "--times" or "one of: " in done.stderr


@pytest.fixture
def serving(environment) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    with subprocess.Popen(
        [*COMMAND, "--json", "--sender", "donggang", "--sender", "chongqing", "--sender", "federation"],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            lines = []
            while not lines or lines[-1] != "}\n":
                lines.append(process.stdout.readline())
                assert lines[-1], "it ended before it served"
            yield process, json.loads("".join(lines))
        finally:
            process.kill()


def is_open(url: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=2).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_serves_until_it_is_ended_and_leaves_no_port_open(end, serving) -> None:
    process, told = serving
    urls = [one["address"] for one in told["systems"]]
    assert [one["kind"] for one in told["systems"]] == ["sftp", "http", "sql"] and all(map(is_open, urls[:2]))
    assert set(told["environment"].values()) > set(urls)
    process.send_signal(end)
    assert process.wait(30) == (-end if end == signal.SIGKILL else 0)
    assert not any(map(is_open, urls[:2]))
    database = Path(urls[2].removeprefix("sqlite://"))
    assert database.exists() == (end == signal.SIGKILL)
    if database.exists():
        shutil.rmtree(database.parent)


def test_what_is_pulled_is_what_is_landed_by_history(world, tmp_path) -> None:
    pulled, keys = fresh(tmp_path / "pulled")
    landed, other_keys = fresh(tmp_path / "landed")
    land_history(landed, other_keys, world.root / "history.jsonl")
    told = {one.sender: one for one in demo.deliver(pulled, keys, world.root)}
    assert {name: one.state for name, one in told.items()} == dict.fromkeys(demo.pulled_senders(), "ok")
    assert {name: one.items for name, one in told.items()} == {
        "juxian": 54, "donggang": 74, "qinghe-sw": 39, "chongqing": 13, "federation": 1,
    }  # fmt: skip
    with Ledger(pulled) as ours, Ledger(landed) as theirs:
        assert ours.deliveries() == theirs.deliveries()
    # each delivery has as many receipts: nothing was landed a second time by its history
    assert sorted(one.delivery_id for one in read_receipts(pulled)) == sorted(
        one.delivery_id for one in read_receipts(landed)
    )
    again = {one.sender: one for one in demo.deliver(pulled, keys, world.root)}
    assert {one.new for one in again.values()} == {0}
    with Ledger(pulled) as ours, Ledger(landed) as theirs:
        assert ours.deliveries() == theirs.deliveries()
    assert not [name for name in os.environ if name.startswith("JINGUO_QINGHE_SW")]
    assert not list(world.root.glob(".history*"))


def test_a_system_that_does_not_start_or_cannot_be_pulled_stops_the_demo(world, tmp_path, monkeypatch) -> None:
    home, keys = fresh(tmp_path)

    def no_port(*_: object) -> None:
        raise OSError("no port")

    async def unwilling(*_: object) -> JSONResponse:
        return JSONResponse({}, 401)

    monkeypatch.setattr(demo, "pulled_senders", lambda: ["donggang", "qinghe-sw"])
    with monkeypatch.context() as patch:
        patch.setattr("samples.systems.sftp.serve_sftp", no_port)
        with pytest.raises(Problem) as stopped:
            demo.deliver(home, keys, world.root)
    assert stopped.value.code == "systems_not_started"
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "samples.systems.sftp", None)
        with pytest.raises(Problem) as stopped:
            demo.deliver(home, keys, world.root)
    assert stopped.value.code == "samples_missing"
    monkeypatch.setattr("samples.systems.rest.Tokens.grant", unwilling)
    with pytest.raises(Problem) as stopped:
        demo.deliver(home, keys, world.root)
    assert stopped.value.code == "pull_failed" and stopped.value.todo
    with Ledger(home) as ledger:
        assert not any(one.sender in ("qinghe-sw", "rizhao") for one in ledger.deliveries())


def test_the_environment_is_as_before_afterwards(world, monkeypatch) -> None:
    monkeypatch.setenv("JINGUO_JUXIAN_URL", "/mnt/juxian")
    with sample_world.connected(world.root, {"juxian", "federation"}):
        assert os.environ["JINGUO_JUXIAN_URL"] == str(world.root / "juxian") and os.environ["JINGUO_FEDERATION_URL"]
    assert os.environ["JINGUO_JUXIAN_URL"] == "/mnt/juxian" and "JINGUO_FEDERATION_URL" not in os.environ


def test_what_fails_while_they_run_is_not_told_as_a_failed_start(world) -> None:
    with pytest.raises(OSError, match="mine"), sample_world.connected(world.root, {"juxian"}):
        raise OSError("mine")
    with running(world.root, {"juxian"}) as variables:
        assert variables
