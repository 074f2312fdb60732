"""A mounted share: what lies there is offered, by its place and kind; what only points elsewhere is not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shares import DATASET, listed, pulled, put, system_of

from ingest.connectors.folder import FolderConnector
from ingest.connectors.protocol import Budget, Item, PullFailed
from ingest.connectors.secrets import NotConnected


def test_what_lies_there_is_offered_with_its_place_and_kind(share: Path) -> None:
    put(share / DATASET / "correction" / "更正.csv", b"3\n")
    put(share / DATASET / "withdrawal" / "a" / "撤回.csv", b"4\n")
    put(share / DATASET / "2024" / "correction" / "x.csv", b"5\n")
    put(share / "trainings" / "not declared.csv", b"6\n")
    found = {(item.place, item.name, item.kind, item.byte_size) for item in listed(system_of(share))}
    assert found == {
        ("pairings/台账一.csv", "台账一.csv", None, 2),
        ("pairings/2024/台账二.csv", "台账二.csv", None, 2),
        ("pairings/correction/更正.csv", "更正.csv", "correction", 2),
        ("pairings/withdrawal/a/撤回.csv", "撤回.csv", "withdrawal", 2),
        ("pairings/2024/correction/x.csv", "x.csv", None, 2),
    }


def test_a_dataset_can_lie_in_another_folder(share: Path) -> None:
    put(share / "妇联" / "结对" / "a.csv", b"7\n")
    system = system_of(share, datasets={DATASET: {"path": "妇联/结对"}})
    assert pulled(system) == {"妇联/结对/a.csv": b"7\n"}


def test_leftovers_are_not_offered(share: Path) -> None:
    before = pulled(system_of(share))
    for name in ("~$台账.xlsx", "a.csv.tmp", "a.PART", ".hidden.csv", ".sync/a.csv", "~$x/a.csv", "up.part/a.csv"):
        put(share / DATASET / name, b"no")
    assert pulled(system_of(share)) == before


def test_links_and_pipes_are_not_followed(share: Path, tmp_path: Path) -> None:
    before = pulled(system_of(share))
    outside = put(tmp_path / "outside" / "a.csv", b"outside")
    (share / DATASET / "link.csv").symlink_to(outside)
    (share / DATASET / "folder").symlink_to(outside.parent)
    os.mkfifo(share / DATASET / "pipe.csv")
    assert pulled(system_of(share)) == before
    (share / "linked").symlink_to(outside.parent)
    with pytest.raises(PullFailed, match="system_unreachable"):
        pulled(system_of(share, datasets={DATASET: {"path": "linked"}}))


def test_a_link_put_in_a_files_place_after_it_was_listed_is_not_followed(share: Path, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside.csv", b"outside")
    system = system_of(share)
    for replace in (lambda path: path.symlink_to(outside), os.mkfifo, lambda path: None):
        path = put(share / DATASET / "swapped.csv", b"mine")
        with FolderConnector(system, Budget(system.limits)) as connector:
            (item,) = (one for one in connector.list(DATASET, None) if one.name == "swapped.csv")
            path.unlink()
            replace(path)
            with pytest.raises(PullFailed, match="item_changed"):
                list(connector.fetch(item))
        path.unlink(missing_ok=True)


def test_a_listing_that_fails_in_its_middle_yields_nothing_at_all(share: Path) -> None:
    got: list[Item] = []
    system = system_of(share, limits={"items": 1})
    with FolderConnector(system, Budget(system.limits)) as connector, pytest.raises(PullFailed, match="pull_too_many"):
        got.extend(connector.list(DATASET, None))
    assert got == []


def test_files_too_large_are_not_read_to_their_end(share: Path) -> None:
    put(share / DATASET / "a.csv", b"x" * 3_000_000)
    with pytest.raises(PullFailed, match="pull_too_large"):
        pulled(system_of(share, limits={"item_bytes": 2_000_000}))


def test_names_of_old_systems_are_read_as_gbk_and_fetched(share: Path) -> None:
    name = os.fsdecode("旧台账.csv".encode("gbk"))
    put(share / DATASET / name, b"8\n")
    got = pulled(system_of(share))
    assert got["pairings/旧台账.csv"] == b"8\n"


def test_the_root_is_set_on_this_machine_or_the_share_is_not_connected(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("A_SHARE", raising=False)
    system = system_of("env:A_SHARE")
    with pytest.raises(NotConnected):
        FolderConnector(system, Budget(system.limits))
    monkeypatch.setenv("A_SHARE", str(share))
    assert len(pulled(system)) == 2
    monkeypatch.setenv("A_SHARE", "relative/path")
    with pytest.raises(PullFailed, match="address_unsafe"):
        pulled(system)


def test_nothing_is_kept_open(share: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in (DATASET, "nowhere"):
        with FolderConnector(
            system := system_of(share, datasets={DATASET: {"path": path}}), Budget(system.limits)
        ) as c:
            listing: Iterator[Item] = c.list(DATASET, None)
            try:
                reading = c.fetch(next(listing))
                next(reading)
                del reading
            except PullFailed:
                assert path == "nowhere"
    assert len(list(Path("/proc/self/fd").iterdir())) == before


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=30), max_size=5))
def test_whatever_files_are_called_each_comes_with_its_own_bytes(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    root = tmp_path_factory.mktemp("share")
    (root / DATASET).mkdir()
    for name, content in files.items():
        if name not in (".", ".."):
            (root / DATASET / name).write_bytes(content)
    offered = {
        f"pairings/{name}": content
        for name, content in files.items()
        if not name.startswith((".", "~$")) and not name.lower().endswith((".tmp", ".part"))
    }
    assert pulled(system_of(root, settle_seconds=0)) == offered
