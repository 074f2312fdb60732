"""The disk is full, or may not be written: the night says so, readers keep what they have, and with space it comes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from forked import Ran
from runs import Town

# Kilobytes that are left to a night, one after the other; what an earlier one finished, a later one need not do again.
HEADROOMS = (32, 64, 110, 200, 400, 800)
# What Dagster and dbt write would fill the disk before our own steps do: that is tried by itself.
APART = ("dagster", "dbt")
DAGSTER_LEFT = 300
STEPS = re.compile(r"^✗ \w+: (landing|clean|warehouse|release): ", re.MULTILINE)
REACHED = {"审计与发布": "release", "建仓与检验": "warehouse", "清洗 clean": "clean", "接收 land": "landing"}
_PAGE = 4


@pytest.fixture
def disk(tmp_path: Path, town: Town) -> Iterator[Path]:
    """A disk of its own with the home on it; needs root, as in a container."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if _mounted("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)):
        pytest.skip("no disk could be mounted (not root?): full and read-only disks were NOT tried")
    try:
        subprocess.run(["cp", "-a", f"{town.saved}/.", str(folder)], check=True)
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def apart(disk: Path, town: Town) -> Iterator[Path]:
    """The same, with Dagster's and dbt's own files on disks where there is plenty."""
    for name in APART:
        assert not _mounted("-t", "tmpfs", "tmpfs", str(disk / name))
        subprocess.run(["cp", "-a", f"{town.saved}/{name}/.", str(disk / name)], check=True)
    try:
        yield disk
    finally:
        for name in APART:
            subprocess.run(["umount", "-l", str(disk / name)], check=True)


def _mounted(*words: str) -> int:
    return subprocess.run(["mount", *words], check=False, capture_output=True).returncode


def _resized(disk: Path, left: int | None) -> None:
    """Leave so many kilobytes, or plenty."""
    found = os.statvfs(disk)
    used = (found.f_blocks - found.f_bfree) * found.f_frsize // 1024
    size = 65_536 if left is None else used + left // _PAGE * _PAGE
    assert not _mounted("-o", f"remount,size={size}k", str(disk))


# DuckDB does not say that it could not write a file when it closes it: the audit then finds what it left.
UNREADABLE = "jinguo.duckdb: unreadable"


def _failed(ran: Ran, *codes: str) -> str:
    """The step that a night failed in; it was told well."""
    assert ran.status == 1 and "Traceback" not in ran.said, ran.said
    assert any(code in ran.said for code in codes), ran.said
    step = STEPS.search(ran.said)
    return step[1] if step else next((name for said, name in REACHED.items() if said in ran.said), "none")


def test_a_disk_that_is_full_at_every_step(town: Town, apart: Path, survived: Callable, verified: Callable) -> None:
    told: list[tuple[int, str]] = []
    for left in HEADROOMS:
        _resized(apart, left)
        ran = town.runs.run(apart)
        _resized(apart, None)
        sys.stdout.write(f"{left} kB left: {ran.status} {ran.said}\n")
        told.append((left, "none" if ran.status == 0 else _failed(ran, "disk_full", UNREADABLE)))
        if ran.status == 0:
            break
        assert survived(apart) == "first"
        if len(told) == 1:  # from here on it is cleaning that fails first
            assert town.runs.run(apart, "land").status == 0
        if told[-1][1] == "release":
            break
    sys.stdout.write(f"{told}\n")
    assert {"landing", "clean", "release"} <= {step for _, step in told}
    assert town.runs.run(apart).status == 0
    verified(apart)


def test_a_disk_that_is_full_when_the_engine_builds(
    town: Town, disk: Path, survived: Callable, verified: Callable
) -> None:
    assert not _mounted("-t", "tmpfs", "-o", "size=4k", "tmpfs", str(disk / "build"))
    ran = town.runs.run(disk)
    subprocess.run(["umount", "-l", str(disk / "build")], check=True)
    sys.stdout.write(ran.said)
    assert _failed(ran, "disk_full") == "warehouse"
    assert survived(disk) == "first"
    assert town.runs.run(disk).status == 0
    verified(disk)


def test_a_disk_that_is_full_when_dagster_writes(
    town: Town, disk: Path, survived: Callable, verified: Callable
) -> None:
    _resized(disk, DAGSTER_LEFT)
    ran = town.runs.run(disk)
    _resized(disk, None)
    _failed(ran, "disk_full")
    assert survived(disk) == "first"
    assert town.runs.run(disk).status == 0
    verified(disk)


def test_a_disk_that_may_not_be_written(town: Town, disk: Path, survived: Callable, verified: Callable) -> None:
    assert not _mounted("-o", "remount,ro", str(disk))
    _failed(town.runs.run(disk), "disk_read_only")
    assert not _mounted("-o", "remount,rw", str(disk))
    assert survived(disk) == "first"
    assert town.runs.run(disk).status == 0
    verified(disk)
