"""What the READMEs show of the demo is what the sample world holds: the writer of the sample knows the answer."""

import json
import re
from pathlib import Path

import documents
import pytest

from samples import WorldSummary

READMES = [documents.ROOT / name for name in ("README.md", "README.zh-CN.md")]
SHOWN = re.compile(r"^ +([a-z-]+) +([\d,]+(?: +[\d,]+){7})$", re.M)

PULLED = re.compile(r"^ +([a-z-]+) +(?:SFTP|\S+ folder) +([\d,]+) +([\d,]+) +([\d,]+)$", re.M)


def truth(root: Path, sender: str) -> list[int]:
    """Ledgers, deliveries, the five counts and the refused files of one sender, as ``jinguo demo`` tells them."""
    told = json.loads((root / "truth.json").read_text("utf-8"))
    ours = {place: one for place, one in told.items() if place.startswith(f"{sender}/")}
    files = [file for one in ours.values() for file in (list(one["members"].values()) if one["members"] else [one])]
    refused = [one for one in files if one["state"] != "clean"]
    counts = [
        sum(one["records_in"] or 0 for one in files),
        sum(one["clean"] for one in files),
        sum((one["records_in"] or 0) if one in refused else one["rejected"]["records"] for one in files),
        sum(one["duplicate"] for one in files),
        sum(one["non_data"] for one in files if one not in refused),
    ]
    return [len({place.split("/")[1] for place in ours}), len(files), *counts, len(refused)]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_rows_shown_are_the_samples(readme: Path, sample_world: tuple[Path, WorldSummary]) -> None:
    rows = SHOWN.findall(documents.read(readme))
    assert len(rows) == 2
    for sender, numbers in rows:
        shown = [int(number.replace(",", "")) for number in numbers.split()]
        assert shown == truth(sample_world[0], sender), sender


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_what_is_shown_as_pulled_is_the_samples(readme: Path, sample_world: tuple[Path, WorldSummary]) -> None:
    rows = PULLED.findall(documents.read(readme))
    assert [sender for sender, *_ in rows] == ["donggang", "juxian"]
    for sender, *shown in rows:
        files = [path for path in (sample_world[0] / sender).rglob("*") if path.is_file()]
        deliveries, byte_size = truth(sample_world[0], sender)[1], sum(path.stat().st_size for path in files)
        assert [int(number.replace(",", "")) for number in shown] == [len(files), byte_size, deliveries], sender


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_files_refused_claims_and_the_traced_record_are_the_samples(
    readme: Path, sample_world: tuple[Path, WorldSummary]
) -> None:
    root, summary = sample_world
    text = documents.read(readme)
    assert int(documents.named(r"(\d+)(?: files|份文件)", text)) == summary.files
    total = documents.named(r"合计 total +([\d, ]+)", text).split()
    assert (int(total[4]), int(total[-1])) == (summary.rejected, summary.refused_files)
    claims = (documents.ROOT / "dbt_project" / "seeds" / "claims.csv").read_text("utf-8").splitlines()
    assert f"\n    {len(claims) - 1} of {len(claims) - 1} published figures come back" in text
    sender, file = re.findall(r"jinguo trace pairings (\S+) (\S+) \d+", text)[0]
    assert (root / sender / "pairings" / file).is_file()
