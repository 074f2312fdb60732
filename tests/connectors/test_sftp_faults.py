"""SFTP from a server that misbehaves: what came is whole, or nothing came."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.connectors.protocol import Budget, Limits, PullFailed
from ingest.connectors.sftp import SftpConnector, SftpSystem
from tests.servers import odd_sftp, process
from tests.servers.odd_sftp import Odd

DATASET = "pairings"


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Odd]:
    (tmp_path / DATASET).mkdir()
    for number in range(12):
        (tmp_path / DATASET / f"{number:02}.csv").write_bytes(os.urandom(number * 40_000))
    monkeypatch.setenv("SFTP_PASSWORD", odd_sftp.PASSWORD)
    with odd_sftp.running(tmp_path) as running:
        yield running


def pulled(odd: Odd, host_key: str = "", **limits: Any) -> dict[str, bytes]:
    system = SftpSystem(
        kind="sftp",
        url=odd.url,
        user=odd_sftp.USER,
        host_key=host_key or odd.host_key,
        password="env:SFTP_PASSWORD",
        datasets={DATASET: {}},
        limits=Limits(**{"idle_seconds": 5, "seconds": 30, **limits}),
    )
    with SftpConnector(system, Budget(system.limits)) as connector:
        return {item.name: b"".join(connector.fetch(item)) for item in connector.list(DATASET, None)}


def failing(odd: Odd, **limits: Any) -> str:
    with pytest.raises(PullFailed) as failed:
        pulled(odd, **limits)
    return failed.value.code


def whole(odd: Odd) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (odd.root / DATASET).iterdir()}


def test_a_well_behaved_server_gives_everything(odd: Odd) -> None:
    assert pulled(odd) == whole(odd)
    assert odd.logins == [odd_sftp.USER]


def test_no_user_or_password_is_offered_to_another_server(odd: Odd, tmp_path: Path) -> None:
    with odd_sftp.running(tmp_path) as other:
        assert other.host_key != odd.host_key
        with pytest.raises(PullFailed, match="host_key_changed"):
            pulled(odd, host_key=other.host_key)
    assert odd.logins == []


def test_a_wrong_password_is_refused(odd: Odd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", "another")
    assert failing(odd) == "system_refused"


def test_connections_cut_in_the_middle_of_files_are_renewed(odd: Odd) -> None:
    odd.cuts = 4
    assert pulled(odd) == whole(odd)
    assert len(odd.logins) > 1


def test_a_server_that_cuts_every_time_gives_nothing(odd: Odd) -> None:
    odd.cuts, odd.after = 1_000, 0
    assert failing(odd) == "body_cut"
    odd.cuts = 1_000
    assert failing(odd, retries=1) == "pull_retries"


def test_a_server_gone_in_the_middle_of_a_listing_has_listed_nothing(odd: Odd) -> None:
    odd.list_cuts = 1
    assert pulled(odd) == whole(odd), "once is made good"
    odd.list_cuts = 1_000
    assert failing(odd) == "system_unreachable"


@pytest.mark.parametrize("lie", [1, -1])
def test_a_size_that_is_not_what_came_is_no_whole_file(odd: Odd, lie: int) -> None:
    for path in (odd.root / DATASET).iterdir():
        path.write_bytes(b"123")
    odd.lie = lie
    assert failing(odd) == "body_cut"


def test_blocks_shorter_than_asked_for_make_the_same_file(odd: Odd) -> None:
    odd.short = 7_001
    assert pulled(odd) == whole(odd)


def test_a_file_that_changes_while_it_is_read_is_not_used(odd: Odd) -> None:
    system = SftpSystem(
        kind="sftp", url=odd.url, user=odd_sftp.USER, host_key=odd.host_key, password="env:SFTP_PASSWORD",
        datasets={DATASET: {}},
    )  # fmt: skip
    with SftpConnector(system, Budget(system.limits)) as connector:
        items = list(connector.list(DATASET, None))
        grown, touched, gone = (odd.root / DATASET / items[index].name for index in (3, 4, 5))
        grown.write_bytes(grown.read_bytes() + b"1")
        os.utime(touched, (1, 1))
        gone.unlink()
        for index in (3, 4, 5):
            with pytest.raises(PullFailed, match="item_changed"):
                list(connector.fetch(items[index]))
        assert b"".join(connector.fetch(items[6])) == (odd.root / DATASET / items[6].name).read_bytes()


def test_a_silent_server_is_left(odd: Odd) -> None:
    odd.pause = 60
    assert failing(odd, idle_seconds=0.2) == "body_cut"


def test_a_trickle_ends_with_the_deadline(odd: Odd) -> None:
    odd.pause, odd.short = 0.1, 100
    assert failing(odd, idle_seconds=1, seconds=1) == "pull_deadline"


def test_a_server_that_accepts_and_says_nothing_is_unreachable(odd: Odd) -> None:
    import socket

    with socket.create_server((process.HOST, 0)) as mute:
        odd.port = mute.getsockname()[1]
        assert failing(odd, idle_seconds=0.2) == "system_unreachable"
