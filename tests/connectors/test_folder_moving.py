"""A share in motion: what has not come to rest is left for next time, and neither date nor name says what is new."""

import hashlib
import os
import time
from pathlib import Path

import pytest
from shares import DATASET, listed, pulled, put, system_of

from ingest.connectors.folder import FolderConnector, FolderSystem
from ingest.connectors.protocol import Budget, PullFailed
from ingest.receipts import delivery_id_of


def test_a_file_that_grows_between_two_looks_is_left_for_the_next_pull(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = put(share / DATASET / "growing.csv", b"1\n")

    def write(seconds: float) -> None:
        with growing.open("ab") as file:
            file.write(b"2\n")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(time, "sleep", write)
        assert {item.name for item in listed(system_of(share))} == {"台账一.csv", "台账二.csv"}
    assert pulled(system_of(share))["pairings/growing.csv"] == b"1\n2\n"


def test_only_what_changed_lately_is_looked_at_twice(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    files = list((share / DATASET).rglob("*.csv"))
    for file in files:
        os.utime(file, (1_000_000_000, 1_000_000_000))  # an old date that the sender's copying brought along
    time_of_change = max(file.stat().st_ctime for file in files)
    system = system_of(share, settle_seconds=600)
    for seconds_ago, looks in ((599, 2), (601, 1), (-3_600, 2)):  # the last: a share whose clock is ahead of ours
        slept.clear()
        monkeypatch.setattr(time, "time", lambda ago=seconds_ago: time_of_change + ago)
        assert len(listed(system)) == 2
        assert slept == [600] * (looks - 1)


def test_waiting_for_rest_ends_at_the_deadline(share: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(PullFailed, match="pull_deadline"):
        listed(system_of(share, settle_seconds=60, limits={"seconds": 0.2}))
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("change", ["appended", "rewritten", "touched", "cut"])
def test_a_file_that_changes_while_it_is_read_does_not_come_whole(change: str, share: Path) -> None:
    path = put(share / DATASET / "a.csv", b"x" * 3_000_000)
    system = system_of(share)
    with FolderConnector(system, Budget(system.limits)) as connector:
        (item,) = (one for one in connector.list(DATASET, None) if one.name == "a.csv")
        reading = connector.fetch(item)
        next(reading)
        if change == "appended":
            with path.open("ab") as file:
                file.write(b"more")
        elif change == "rewritten":
            with path.open("r+b") as file:
                file.seek(2_999_000)
                file.write(b"y")
        elif change == "touched":
            os.utime(path)
        else:
            os.truncate(path, 2_000_000)
        with pytest.raises(PullFailed, match="item_changed"):
            list(reading)


def test_a_share_that_is_not_mounted_is_not_an_empty_one(share: Path, tmp_path: Path) -> None:
    (tmp_path / "mount point").mkdir()
    with pytest.raises(PullFailed, match="system_unreachable"):
        listed(system_of(tmp_path / "mount point"))
    with pytest.raises(PullFailed, match="system_unreachable"):
        listed(system_of(tmp_path / "nowhere"))
    (share / "empty").mkdir()
    assert listed(system_of(share, datasets={DATASET: {"path": "empty"}})) == []


def vanish(share: Path) -> None:
    share.rename(share.with_name("unmounted"))
    (share / DATASET).mkdir(parents=True)


def test_a_share_that_vanishes_in_the_middle_of_a_listing_is_told(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system, looked_at = system_of(share), os.scandir

    def once(folder: int) -> object:
        if share.with_name("unmounted").exists():
            return looked_at(folder)
        entries = looked_at(folder)
        vanish(share)
        return entries

    with FolderConnector(system, Budget(system.limits)) as connector:
        monkeypatch.setattr(os, "scandir", once)
        with pytest.raises(PullFailed, match="system_unreachable"):
            list(connector.list(DATASET, None))


def test_a_share_that_vanishes_between_two_looks_is_told(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: vanish(share))
    with pytest.raises(PullFailed, match="system_unreachable"):
        listed(system_of(share))


def deliveries(system: FolderSystem) -> set[str]:
    """What landing would know them by: their bytes, never their name or date."""
    return {
        delivery_id_of("juxian", DATASET, "snapshot", hashlib.sha256(body).hexdigest())
        for body in pulled(system).values()
    }


def test_neither_date_nor_name_decides_what_is_new(share: Path) -> None:
    """A cursor by date would miss the first and take the second for new: the stamp only saves reading."""
    system = system_of(share)
    known, stamps = deliveries(system), {item.place: item.stamp for item in listed(system)}

    late = put(share / DATASET / "late.csv", b"late\n")
    os.utime(late, (1_000_000_000, 1_000_000_000))
    assert len(deliveries(system) - known) == 1
    late.unlink()

    touched = share / DATASET / "台账一.csv"
    os.utime(touched)
    assert deliveries(system) == known
    assert {item.place: item.stamp for item in listed(system)}["pairings/台账一.csv"] != stamps["pairings/台账一.csv"]

    put(share / DATASET / "台账一（新）.csv", b"1\n")
    assert deliveries(system) == known


def test_a_file_replaced_with_its_old_size_and_date_has_another_stamp(share: Path) -> None:
    path = share / DATASET / "台账一.csv"
    before, found = {item.place: item.stamp for item in listed(system_of(share))}, path.stat()
    path.write_bytes(b"9\n")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert path.stat().st_mtime_ns == found.st_mtime_ns
    after = {item.place: item.stamp for item in listed(system_of(share))}
    assert {place for place in after if after[place] != before[place]} == {"pairings/台账一.csv"}
