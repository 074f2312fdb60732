"""The truth beside the exports adds up, and agrees with what other readers count in the files."""

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import PurePosixPath

import python_calamine

from ingest.reasons import REASONS


def _csv_records(data: bytes) -> int:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), strict=True))


def _workbook_records(data: bytes) -> int:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = (book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names)
    return sum(any(cell != "" for cell in row) for rows in sheets for row in rows)


def _wide_records(data: bytes) -> int:
    """A sheet with five items for every child: each child is five records."""
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return _workbook_records(data) + 4 * sum(isinstance(row[0], float) for row in rows)


def _page_records(data: bytes) -> int:
    """The elements of the outermost list of objects, and one for their keys."""
    level = [json.loads(data)]
    while level:
        lists = [
            v for one in level for v in one.values() if isinstance(v, list) and all(isinstance(x, dict) for x in v)
        ]
        if lists:
            return len(max(lists, key=len)) + 1
        level = [v for one in level for v in one.values() if isinstance(v, dict)]
    raise AssertionError("no list on this page")


_READERS = {".csv": _csv_records, ".json": _page_records}


def _told(world) -> list[tuple[str, bytes, dict]]:
    """Every file, bundles opened, with its truth."""
    told = []
    for path, truth in world.side("truth.json").items():
        data = (world.root / path).read_bytes()
        if path.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gbk") as bundle:
                assert sorted(bundle.namelist()) == sorted(truth["members"])
                told += [(name, bundle.read(name), truth["members"][name]) for name in bundle.namelist()]
        else:
            told.append((path, data, truth))
    return told


def test_in_is_clean_rejected_duplicate_and_non_data(world):
    for path, truth in world.side("truth.json").items():
        out = truth["clean"] + truth["rejected"]["records"] + truth["duplicate"] + truth["non_data"]
        assert out == (truth["records_in"] or 0), path
        for field in ("records_in", "clean", "duplicate", "non_data"):
            parts = [member[field] for member in truth["members"].values()]
            assert not parts or sum(parts) == truth[field], path


def test_every_planted_row_has_one_known_reason(world):
    for path, truth in world.side("truth.json").items():
        codes = {code: n for code, n in truth["rejected"].items() if code != "records"}
        assert all(REASONS[code].severity == "reject" for code in codes), path
        if truth["state"] == "clean":
            # of a wide row a cell may be wrong for several records
            is_wide = path.startswith("changshan/care_items/")
            assert 0 <= truth["rejected"]["records"] - sum(codes.values()) <= 4 * is_wide, path
        else:
            assert REASONS[truth["reason_code"]].whole_file, path


def test_other_readers_count_the_same_records(world):
    counted = 0
    for path, data, truth in _told(world):
        if truth["state"] != "clean":
            continue
        read = _wide_records if "/care_items/" in path else _READERS.get(PurePosixPath(path).suffix, _workbook_records)
        records = read(data)
        assert records == truth["records_in"], path
        counted += 1
    assert counted > 560


def test_history_lists_every_file_in_order_of_arrival(world):
    lines = [json.loads(line) for line in (world.root / "history.jsonl").read_text("utf-8").splitlines()]
    assert {line["path"] for line in lines} == set(world.side("truth.json")) == set(world.files)
    assert [line["received_at"] for line in lines] == sorted(line["received_at"] for line in lines)
    assert lines[0]["received_at"].startswith("2022-05")
    assert lines[-1]["received_at"] <= "2024-05-07"
    assert len(lines) - len({line["path"] for line in lines}) == 3


def test_summary_is_the_sum(world):
    truths = world.side("truth.json").values()
    assert world.summary.records_in == sum(t["records_in"] or 0 for t in truths)
    assert world.summary.refused_files == sum(t["state"] == "refused" for t in truths)


def test_files_are_refused_for_every_reason_that_senders_know(world):
    codes = Counter(t["reason_code"] for t in world.side("truth.json").values() if t["state"] == "refused")
    assert set(codes) == {
        "api_error", "column_missing", "empty_file", "encoding_damaged", "encoding_replaced", "page_incomplete",
        "quote_unbalanced", "workbook_damaged", "workbook_too_large",
    }  # fmt: skip
    assert max(codes.values()) < 4
