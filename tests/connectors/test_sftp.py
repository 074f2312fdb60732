"""SFTP against a real sshd: every file and nothing else, only from the server that was pinned."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.connectors.protocol import Budget, Limits, PullFailed
from ingest.connectors.secrets import NotConnected
from ingest.connectors.sftp import SftpConnector, SftpSystem
from tests.servers import sshd
from tests.servers.process import HOST, free_port
from tests.servers.sshd import Sshd

DATASET = "pairings"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd.running(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root" / DATASET
    (folder / "correction").mkdir(parents=True)
    (folder / "2024").mkdir()
    (folder / "台账.csv").write_bytes(b"1" * 70_000)
    (folder / os.fsdecode("台账.csv".encode("gbk"))).write_bytes(b"2" * 5)
    (folder / "空.csv").write_bytes(b"")
    (folder / "correction" / "更正.csv").write_bytes(b"3")
    (folder / "2024" / "大.csv").write_bytes(os.urandom(3_000_001))
    for name in ("~$台账.xlsx", "a.tmp", "b.part", ".hidden"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "secret.csv").write_bytes(b"secret")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "up").symlink_to(tmp_path)
    return folder.parent


def system_of(server: Sshd, root: Path, **facts: Any) -> SftpSystem:
    given = {
        "kind": "sftp",
        "url": server.url(root),
        "user": sshd.USER,
        "host_key": server.host_key,
        "key_file": f"file:{server.key}",
        "datasets": {DATASET: {}},
        "limits": Limits(idle_seconds=5, seconds=60),
    }
    return SftpSystem(**{**given, **facts})


def pulled(system: SftpSystem) -> dict[str, bytes]:
    with SftpConnector(system, Budget(system.limits)) as connector:
        return {item.place: b"".join(connector.fetch(item)) for item in connector.list(DATASET, None)}


def failing(system: SftpSystem) -> str:
    with pytest.raises(PullFailed) as failed:
        pulled(system)
    return failed.value.code


def test_every_file_comes_whole_and_nothing_else(server: Sshd, root: Path) -> None:
    folder, gbk = root / DATASET, os.fsdecode("台账.csv".encode("gbk"))
    came = pulled(system_of(server, root))
    alike = [place for place in came if "\\x" in place]
    assert sorted(came) == sorted(
        [
            *[f"{DATASET}/{name}" for name in ("台账.csv", "空.csv", "correction/更正.csv", "2024/大.csv")],
            *alike,
        ]
    )
    read = {came[f"{DATASET}/台账.csv"], came[alike[0]]}
    assert read == {(folder / "台账.csv").read_bytes(), (folder / gbk).read_bytes()}
    assert came[f"{DATASET}/2024/大.csv"] == (folder / "2024" / "大.csv").read_bytes()
    assert came[f"{DATASET}/空.csv"] == b""


def test_items_say_kind_size_and_version(server: Sshd, root: Path) -> None:
    with SftpConnector(system_of(server, root), Budget(Limits())) as connector:
        items = {item.place: item for item in connector.list(DATASET, None)}
    found = (root / DATASET / "correction" / "更正.csv").stat()
    item = items[f"{DATASET}/correction/更正.csv"]
    assert (item.kind, item.name, item.byte_size, item.sequence) == ("correction", "更正.csv", 1, 0)
    assert item.stamp == f"1-{int(found.st_mtime)}"
    assert items[f"{DATASET}/空.csv"].kind is None
    assert [item.name for item in items.values()].count("台账.csv") == 2, "a name in GBK reads as the clerk wrote it"


def test_whatever_is_fetched_or_passed_over_the_bytes_are_the_items(server: Sshd, tmp_path: Path) -> None:
    folder = tmp_path / "many" / DATASET
    folder.mkdir(parents=True)
    for number in range(120):
        (folder / f"{number:03}.csv").write_bytes(b"%d\n" % number * number)
    with SftpConnector(system_of(server, folder.parent), Budget(Limits())) as connector:
        for number, item in enumerate(connector.list(DATASET, None)):
            if number % 7 and number % 11:  # runs of neighbours, and gaps that end the reading ahead
                assert b"".join(connector.fetch(item)) == b"%d\n" % number * number


def test_a_folder_named_in_gbk_is_found(server: Sshd, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("报表".encode("gbk"))
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"1")
    assert pulled(system_of(server, tmp_path, datasets={DATASET: {"path": "报表"}})) == {"报表/a.csv": b"1"}


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_another_host_key_is_refused_before_anything_is_said(
    server: Sshd, root: Path, tmp_path: Path, kind: str
) -> None:
    """Of the same kind or of another: the server learns no user's name and is offered no key."""
    other = sshd.new_key(tmp_path / "other", kind)
    assert failing(system_of(server, root, host_key=other)) == "host_key_changed"
    own = tmp_path / "again"
    own.mkdir()
    with sshd.running(own) as quiet:
        assert failing(system_of(quiet, root, host_key=other)) == "host_key_changed"
        assert "userauth" not in quiet.said.read_text("utf-8")
        pulled(system_of(quiet, root))  # the negative control: the log does tell of a login
        assert "userauth" in quiet.said.read_text("utf-8")


def test_there_is_no_way_without_a_pinned_key(server: Sshd, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for host_key in (None, "", "*", "any"):
        with pytest.raises(ValidationError):
            system_of(server, root, host_key=host_key)
    assert failing(system_of(server, root, host_key="env:NO_SUCH_KEY")) == "secret_missing"
    assert failing(system_of(server, root, host_key="ssh-ed25519 AAAA")) == "host_key_changed"
    monkeypatch.setenv("PINNED", server.host_key)
    assert pulled(system_of(server, root, host_key="env:PINNED"))


def test_a_login_is_one_proof_by_reference(server: Sshd, root: Path, tmp_path: Path) -> None:
    for facts in ({"password": "env:X"}, {"key_file": None}, {"key_file": "/home/key"}):
        with pytest.raises(ValidationError):
            system_of(server, root, **facts)
    sshd.new_key(tmp_path / "stranger")
    assert failing(system_of(server, root, key_file=f"file:{tmp_path / 'stranger'}")) == "system_refused"
    (tmp_path / "stranger").write_text("no key", "utf-8")
    assert failing(system_of(server, root, key_file=f"file:{tmp_path / 'stranger'}")) == "system_refused"


def test_nothing_there_is_not_an_empty_folder(server: Sshd, root: Path) -> None:
    assert failing(system_of(server, root / "nowhere")) == "system_unreachable"
    closed = system_of(server, root, url=f"sftp://{HOST}:{free_port()}/")
    assert failing(closed) == "system_unreachable"
    spent = system_of(server, root, url=closed.url, limits=Limits(retries=0))
    assert failing(spent) == "pull_retries"


def test_an_address_that_is_not_set_is_not_connected(server: Sshd, root: Path) -> None:
    with pytest.raises(NotConnected):
        SftpConnector(system_of(server, root, url="env:NO_SUCH_ADDRESS"), Budget(Limits()))


def test_limits_end_a_pull(server: Sshd, root: Path) -> None:
    assert failing(system_of(server, root, limits=Limits(items=3))) == "pull_too_many"
    assert failing(system_of(server, root, limits=Limits(items=6))) == "pull_too_many", "leftovers and links count"
    assert failing(system_of(server, root, limits=Limits(item_bytes=2_000_000))) == "pull_too_large"
    assert failing(system_of(server, root, limits=Limits(bytes=3_000_000))) == "pull_too_large"
    assert failing(system_of(server, root, limits=Limits(seconds=0.001))) == "pull_deadline"


def test_no_file_is_named_in_a_log(server: Sshd, root: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    pulled(system_of(server, root))
    assert "台账" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("asyncssh")]
