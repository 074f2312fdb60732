"""Durable writing: nothing half-written at a final name, nothing replaced that must stay, fsync in the right order."""

import os
import stat
from pathlib import Path

import pytest

from ingest.durable import add_durably, make_directory, sweep, write_durably


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def calls(monkeypatch):
    """The order of the system calls that durability depends on, as (call, folder or file)."""
    made = []
    for name in ("fsync", "rename", "link"):
        real = getattr(os, name)

        def spy(*args, name=name, real=real):
            kind = ("folder" if stat.S_ISDIR(os.fstat(args[0]).st_mode) else "file") if name == "fsync" else ""
            made.append(f"{name} {kind}".strip())
            return real(*args)

        monkeypatch.setattr(os, name, spy)
    return made


def test_replaces_whole_and_syncs_file_before_rename_and_folder_after(tmp_path, calls):
    target = tmp_path / "one"
    write_durably(target, b"old")
    calls.clear()
    write_durably(target, b"new")
    assert target.read_bytes() == b"new"
    assert calls == ["fsync file", "rename", "fsync folder"]
    assert [path.name for path in (tmp_path).iterdir()] == ["one"]


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_durably(tmp_path / "file", b"", mode=0o640)
        make_directory(tmp_path / "a" / "b", 0o750)
    finally:
        os.umask(before)
    assert [mode_of(tmp_path / name) for name in ("file", "a", "a/b")] == [0o640, 0o750, 0o750]


def test_an_existing_folder_keeps_its_mode(tmp_path):
    (tmp_path / "a").mkdir(mode=0o700)
    make_directory(tmp_path / "a", 0o755)
    assert mode_of(tmp_path / "a") == 0o700


@pytest.mark.parametrize("call", ["rename", "fsync"])
def test_a_failing_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch, call):
    write_durably(tmp_path / "one", b"old")

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(OSError, match="No space"):
        write_durably(tmp_path / "one", b"new")
    assert (tmp_path / "one").read_bytes() == b"old"
    assert [path.name for path in (tmp_path).iterdir()] == ["one"]


def test_adding_never_touches_what_is_there_and_does_not_even_make_its_bytes(tmp_path):
    (tmp_path / "staging").mkdir()
    files = [(tmp_path / "x" / "one", lambda: b"1"), (tmp_path / "y" / "two", lambda: b"2")]
    assert add_durably(files, staging=tmp_path / "staging", mode=0o400) == 2
    assert mode_of(tmp_path / "x" / "one") == 0o400

    def explodes() -> bytes:
        raise AssertionError("made for nothing")

    assert add_durably([(tmp_path / "x" / "one", explodes)], staging=tmp_path / "staging", mode=0o400) == 0
    assert (tmp_path / "x" / "one").read_bytes() == b"1"
    assert not any((tmp_path / "staging").iterdir())


def test_adding_syncs_each_file_before_its_name_and_each_folder_once_even_of_files_that_exist(tmp_path, calls):
    for name in ("staging", "x"):
        (tmp_path / name).mkdir()
    (tmp_path / "x" / "there").write_bytes(b"")
    files = [(tmp_path / "x" / name, lambda: b"") for name in ("there", "one", "two")]
    add_durably(files, staging=tmp_path / "staging", mode=0o600)
    assert calls == ["fsync file", "fsync file", "link", "link", "fsync folder"]
    calls.clear()
    add_durably(files[:1], staging=tmp_path / "staging", mode=0o600)
    assert calls == ["fsync folder"]


def test_two_writers_of_one_name_keep_the_first(tmp_path):
    (tmp_path / "staging").mkdir()
    target = tmp_path / "one"

    def overtaken() -> bytes:
        target.write_bytes(b"first")
        return b"second"

    assert add_durably([(target, overtaken)], staging=tmp_path / "staging", mode=0o600) == 0
    assert target.read_bytes() == b"first"


@pytest.mark.parametrize("call", ["fsync", "link", "write"])
def test_a_failing_addition_leaves_no_rubbish_and_names_nothing(tmp_path, monkeypatch, call):
    (tmp_path / "staging").mkdir()
    files = [(tmp_path / "x" / str(number), lambda: b"1") for number in range(3)]

    def fails(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        with pytest.raises(OSError, match="No space"):
            add_durably(files, staging=tmp_path / "staging", mode=0o400)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert add_durably(files, staging=tmp_path / "staging", mode=0o400) == 3


def test_one_name_twice_and_more_files_than_are_open_at_once(tmp_path):
    (tmp_path / "staging").mkdir()
    files = [(tmp_path / "x" / str(number % 300), lambda: b"1") for number in range(400)]
    assert add_durably(files, staging=tmp_path / "staging", mode=0o400) == 300
    assert len(list((tmp_path / "x").iterdir())) == 300
    assert not any((tmp_path / "staging").iterdir())


def test_sweep_removes_leftovers_only(tmp_path):
    (tmp_path / ".0011.tmp").write_bytes(b"half")
    (tmp_path / "whole").write_bytes(b"")
    assert sweep(tmp_path) == 1
    assert [path.name for path in (tmp_path).iterdir()] == ["whole"]
