"""Seed in, same bytes out; other seed, other bytes; and the scaled world is what it says."""

import hashlib
import json
from pathlib import Path

import pytest

from samples import write_scaled, write_world


def _digest(root: Path) -> dict[str, str]:
    files = sorted(p for p in root.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_two_runs_write_the_same_bytes(world, tmp_path):
    assert write_world(tmp_path) == world.summary
    assert _digest(tmp_path) == _digest(world.root)


def test_another_seed_writes_other_bytes(world, tmp_path):
    write_world(tmp_path, seed=7)
    mine, other = _digest(world.root), _digest(tmp_path)
    same = {path for path in mine if other.get(path) == mine[path]}
    # what no chance touches: organisations, money, targets, sums of visitors, and what has no record of anybody
    assert "planted.json" not in same
    truth = world.side("truth.json")
    untouched = {p for p in same if p.split("/")[1] in ("organisations", "funds", "targets", "fair_reach")}
    assert all(truth[p]["state"] == "refused" or truth[p]["clean"] == 0 for p in same - untouched)
    assert len(same) < len(mine) / 15


def test_scaled_world_has_its_files_and_its_truth(tmp_path):
    files = write_scaled(tmp_path, senders=5, months=3, seed=1)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    history = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text("utf-8").splitlines()]
    assert files == len(truth) == len(history) == 1 + 5 * (2 + 3)
    for path, told in truth.items():
        records = (tmp_path / path).read_bytes().decode("gb18030").splitlines()
        assert len(records) == told["records_in"] == told["clean"] + 1
        assert len({line.count(",") for line in records}) == 1


def test_scaled_world_is_deterministic(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_scaled(tmp_path / name, senders=3, months=2, seed=seed)
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b") != _digest(tmp_path / "c")


@pytest.mark.parametrize("senders", [0, 2845])
def test_scaled_world_refuses_more_senders_than_there_are_counties(tmp_path, senders):
    with pytest.raises(ValueError, match="2844"):
        write_scaled(tmp_path, senders=senders, months=1, seed=1)
