"""What an inbox's folders and a history mean; what means nothing is refused and recorded, a bad history whole."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from made_inboxes import NOW, deliveries, drop

from ingest.arrivals import land_history, land_inbox
from ingest.home import Home
from ingest.inbox import HistoryUnusable
from ingest.keys import Keyring, create_keys
from ingest.ledger import Ledger
from ingest.receipts import read_receipts


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.prepare()
    create_keys(home, demo=False)
    return home


@pytest.fixture
def land(home):
    def once(now: datetime = NOW, **facts):
        return land_inbox(home, Keyring.open(home), now=now, **facts)

    return once


def history_of(folder: Path, *said: tuple[str, str]) -> Path:
    history = folder / "history.jsonl"
    history.write_text(
        "".join(json.dumps({"path": path, "received_at": when}) + "\n" for path, when in said), encoding="utf-8"
    )
    return history


def test_a_history_says_when_its_files_arrived(home, tmp_path):
    export = Home(tmp_path / "export")
    drop(export, "county/pairings/a.csv", b"a", age=0)
    drop(export, "county/pairings/b.csv", b"b", age=0)
    said = [
        ("inbox/county/pairings/a.csv", "2023-01-05T09:00:00+08:00"),
        ("inbox/county/pairings/b.csv", "2023-02-05T01:00:00+00:00"),
    ]
    for history in (
        history_of(export.root, *said),
        history_of(export.inbox, *((path[6:], when) for path, when in said)),
    ):
        landed = land_history(home, Keyring.open(home), history)
        assert landed.new + landed.known == 2
        assert [str(one.received_at) for one in deliveries(home)] == [
            "2023-01-05 01:00:00+00:00",
            "2023-02-05 01:00:00+00:00",
        ]


def test_a_history_learnt_later_moves_the_arrival_back(home, land):
    drop(home, "county/pairings/a.csv")
    drop(home, "county/pairings/new.csv", b"new", age=0)
    land()
    history = history_of(home.inbox, ("county/pairings/a.csv", "2023-01-05T09:00:00+08:00"))
    landed = land(history=history)
    assert (landed.new, landed.waiting, landed.refused) == (1, 0, [])
    assert [one.received_at.year for one in deliveries(home)] == [2023, 2024]


@pytest.mark.parametrize(
    ("path", "when"),
    [
        ("../outside.csv", "2023-01-05T09:00:00+08:00"),
        ("/etc/passwd", "2023-01-05T09:00:00+08:00"),
        ("county/pairings/王小二.csv", "2023-01-05T09:00:00+08:00"),
        ("county/pairings/a.csv", "2023-01-05T09:00:00"),
        ("county/pairings/a.csv", "yesterday"),
        ("", "2023-01-05T09:00:00+08:00"),
    ],
)
def test_a_history_that_cannot_be_followed_lands_nothing_and_names_the_line_only(home, path, when):
    drop(home, "county/pairings/a.csv")
    history = history_of(home.inbox, ("county/pairings/a.csv", "2023-01-05T09:00:00+08:00"), (path, when))
    with pytest.raises(HistoryUnusable, match="line 2") as unusable:
        land_history(home, Keyring.open(home), history)
    assert "王小二" not in str(unusable.value)
    assert deliveries(home) == []


@pytest.mark.parametrize(
    "place",
    [
        "county/王小二的表/a.csv",
        "county/a.csv",
        "a.csv",
        "County Two/pairings/a.csv",
        "county/pairings/2024/a.csv",
        "county/pairings/correction/x/a.csv",
    ],
)
def test_files_in_a_folder_that_means_nothing_are_recorded_as_refused(home, land, place):
    drop(home, place)
    drop(home, "county/pairings/good.csv", b"good")
    landed = land()
    (refused,) = landed.refused
    assert (landed.new, refused.dataset, refused.reason_code) == (2, "unknown", "dataset_unknown")
    with Ledger(home) as ledger:
        row = ledger.current().row(0, named=True)
        assert (row["delivery_id"], row["state"], row["reason_code"]) == (
            refused.delivery_id,
            "refused",
            "dataset_unknown",
        )
        assert "王小二" not in str(ledger.deliveries())
    assert place in {one.file_name for one in read_receipts(home)}
    assert land(NOW + timedelta(days=1)).new == 0


def test_names_in_gbk_bytes_are_kept_readable(home, land):
    folder = home.inbox / "county/pairings"
    folder.mkdir(parents=True)
    raw = os.fsencode(folder) + b"/" + "王小二.csv".encode("gb18030")
    Path(os.fsdecode(raw)).write_bytes(b"1")
    assert land(datetime.now(UTC) + timedelta(minutes=1)).new == 1
    assert [one.file_name for one in read_receipts(home)] == ["王小二.csv"]
