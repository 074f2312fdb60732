"""Listing, going back, removing: always to a whole release, never from under the served one."""

import shutil
from pathlib import Path

import pytest
import tiny

from warehouse import releases


def publish(home: Path, *markers: int) -> None:
    for marker in markers:
        tiny.publish_new(home, f"n{marker}", marker)


def runs(home: Path) -> list[str]:
    return [listed.run for listed in releases.list_releases(home / "releases", home / "current")]


def damage(path: Path) -> None:
    """Change one byte and keep the size."""
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[-1] ^= 0xFF
    path.write_bytes(data)


def test_nothing_served_yet(home: Path) -> None:
    assert releases.list_releases(home / "releases", home / "current") == []
    with pytest.raises(releases.NoRelease):
        releases.current(home / "current")


def test_list_and_rollback_and_forward_again(home: Path) -> None:
    publish(home, 1, 2, 3)
    assert runs(home) == ["n3", "n2", "n1"]
    assert releases.rollback(home / "releases", home / "current", "n1").run == "n1"
    assert releases.current(home / "current").run == "n1"
    assert [x.is_current for x in releases.list_releases(home / "releases", home / "current")] == [False, False, True]
    publish(home, 4)
    assert releases.current(home / "current").run == "n4"


def test_rollback_to_what_is_not_there_or_not_whole_changes_nothing(home: Path) -> None:
    publish(home, 1, 2)
    with pytest.raises(releases.NoRelease, match="n9"):
        releases.rollback(home / "releases", home / "current", "n9")
    with pytest.raises(ValueError, match="not a run's name"):
        releases.rollback(home / "releases", home / "current", "../build/x")
    damage(home / "releases" / "n1" / "parquet" / "delivery_status.parquet")
    with pytest.raises(releases.Damaged, match=r"n1: parquet/delivery_status\.parquet"):
        releases.rollback(home / "releases", home / "current", "n1")
    assert releases.current(home / "current").run == "n2"


def test_damaged_releases_are_named(home: Path) -> None:
    publish(home, 1, 2, 3, 4, 5)
    root = home / "releases"
    (root / "n1" / "manifest.json").unlink()
    (root / "n2" / "jinguo.duckdb").unlink()
    (root / "n3" / "jinguo.duckdb.wal").write_bytes(b"x")
    shutil.copytree(root / "n5", root / "copy")
    listed = releases.list_releases(root, home / "current")
    assert [x.run for x in listed if x.release] == ["n5", "n4"]
    assert {x.run: x.damage for x in listed if x.damage} == {
        "copy": "release copy: manifest.json describes something else",
        "n1": "release n1: no readable manifest.json",
        "n2": "release n2: jinguo.duckdb is missing or cut off",
        "n3": "release n3: jinguo.duckdb.wal was not published with it",
    }


def test_prune_keeps_the_newest(home: Path) -> None:
    publish(home, 1, 2, 3, 4)
    assert releases.prune(home / "releases", home / "current", keep=2) == ["n2", "n1"]
    assert runs(home) == ["n4", "n3"]


def test_prune_spares_served_target_and_damaged(home: Path) -> None:
    publish(home, 1, 2, 3, 4, 5)
    (home / "releases" / "n1" / "manifest.json").unlink()
    releases.rollback(home / "releases", home / "current", "n3")
    assert releases.prune(home / "releases", home / "current", keep=1) == ["n4"]
    assert runs(home) == ["n5", "n3", "n2", "n1"]


def test_prune_finishes_an_interrupted_one(home: Path) -> None:
    publish(home, 1, 2)
    (home / "releases" / "n1").rename(home / "releases" / ".removed-n1")
    assert runs(home) == ["n2"]
    assert releases.prune(home / "releases", home / "current") == []
    assert [p.name for p in (home / "releases").iterdir()] == ["n2"]
