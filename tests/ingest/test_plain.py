"""Small files of one header, parsed in one call: the same rows, reasons and counts as file by file, and none moved."""

import home_of_ledgers as build
import polars as pl
import pytest
from home_of_ledgers import HEADER, csv, pairing
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import prepared as opening
from ingest.alike import SharedHeaders
from ingest.contracts import CONTRACTS
from ingest.reading import plain as module
from ingest.reading.excel import WorkbookReader
from ingest.reading.files import read
from ingest.reading.plain import plain, stacked
from ingest.reasons import Refused
from ingest.spec import Spec

TWO = "甲,乙\n1,2\n"


def test_a_plain_file_is_told_in_every_encoding_line_end_and_quoting():
    for text in (
        TWO,
        TWO.strip(),
        TWO.replace("\n", "\r\n"),
        TWO.replace("\n", "\r"),
        '甲,乙\n"1","2"\n',
        "甲\t乙\n1\t2",
    ):
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            file = plain(text.encode(encoding))
            assert file is not None, (text, encoding)
            assert (file.header, file.first, file.records) == (("甲", "乙"), ("1", "2"), 2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b'{"a": 1}',
        "台账\n甲,乙\n1,2\n".encode(),
        (TWO + "\n").encode(),
        (TWO + "1,2,3\n").encode(),
        (TWO + '1,2"2\n').encode(),
        "甲\n1\n".encode(),
        b",\n1,2\n",
        b"\xff\xfe\xff",
        TWO.encode() + b"1,2\n" * (module.LARGEST // 4),
    ],
    ids=["empty", "zip", "json", "title", "blank", "ragged", "stray", "one", "no_header", "damaged", "large"],
)
def test_what_is_any_other_way_is_read_by_itself(data):
    assert plain(data) is None


CELL = st.text(st.sampled_from("甲b 1,\"\n'-"), max_size=4)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=4)


def _written(rows, encoding, end):
    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"' if set(cell) & set('",\n') else cell

    return end.join(",".join(map(quoted, row)) for row in [["子", "丑", "寅"], *rows]).encode(encoding)


FILE = st.builds(_written, ROWS, st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]), st.sampled_from(["\n", "\r\n"]))


@settings(max_examples=150, deadline=None)
@given(st.lists(FILE, min_size=1, max_size=5))
def test_files_in_one_call_give_the_rows_that_each_gives_by_itself(contents):
    files = [(data, found) for data in contents if (found := plain(data))]
    if not files:
        return
    grid = stacked([found for _, found in files])
    with WorkbookReader() as workbooks:
        alone = [read(data, "", workbooks).grids[0].frame.slice(1) for data, _ in files]
    assert grid.frame.slice(1).equals(pl.concat(alone))
    assert grid.files == tuple(frame.height for frame in alone)


LEDGERS = (
    csv(HEADER, pairing(1), pairing(2), pairing(2)),
    csv(HEADER, pairing(3), (*pairing(4)[:5], "昨天"), ("合计", "2", "", "", "", "")).encode("gb18030"),
    csv(HEADER, pairing(5), ("备注：下面是说明", "", "", "", "", ""), ("看这里", "", "", "", "", "")),
    csv(HEADER, pairing(6), HEADER, pairing(7)).replace("\n", "\r\n"),
    csv(HEADER, (*pairing(8)[:4], "同上", pairing(8)[5]), pairing(9)),
    csv(HEADER),
    csv((*HEADER, "没人认识"), (*pairing(10), "甲")),
    csv(("结对台账", "", "", "", "", ""), HEADER, pairing(11)),
)


def _came_of(root, monkeypatch, like=None, *, alone):
    place = build.place(root, like)
    for number, data in enumerate(LEDGERS):
        place.drop(data, name=f"{number}.csv", sender=f"x{number}")
    with monkeypatch.context() as patch:
        if alone:
            patch.setattr(opening, "plain", lambda data: None)
        attempts = place.night()
    counts = sorted((one.delivery_id, one.records_in, one.clean_records, one.rejected_records) for one in attempts)
    counts += sorted((one.delivery_id, one.duplicate_records, one.non_data_records, one.cells) for one in attempts)
    layers = {layer: sorted(place.rows(layer).rows(), key=repr) for layer in ("clean", "rejects", "findings")}
    return place, counts, layers


def test_a_night_of_stacked_files_says_what_a_night_file_by_file_says(tmp_path, monkeypatch):
    place, counts, layers = _came_of(tmp_path / "together", monkeypatch, alone=False)
    _, alone, expected = _came_of(tmp_path / "alone", monkeypatch, place.home.root, alone=True)
    assert counts == alone
    assert layers == expected
    assert all(layers.values())


def test_the_comparison_sees_a_note_that_reaches_into_the_next_file(tmp_path, monkeypatch):
    """A negative control: without the bounds of the files a note would swallow the short rows of all below it."""
    from ingest import rows

    files = [csv(HEADER, pairing(9), ("备注：见下", *[""] * 5))]
    files += [csv(HEADER, pairing(number), ("三", *[""] * 5)) for number in range(2, 8)]
    real = rows._below_notes

    def night(name):
        place = build.place(tmp_path / name)
        for number, data in enumerate(files):
            place.drop(data, name=f"{number}.csv", sender=f"x{number}")
        return sorted((one.rejected_records, one.non_data_records) for one in place.night())

    right = night("right")
    monkeypatch.setattr(rows, "_below_notes", lambda notes, files: real(notes, (sum(files),)))
    assert right == [(0, 2), *[(1, 1)] * 6] != night("wrong")


def test_a_parser_that_moves_a_record_from_one_file_to_another_is_caught(monkeypatch):
    """Law 1: the sum would be right; that each file begins and ends where its count says proves each."""
    files = [found for n in range(3) if (found := plain(f"甲,乙\n{n},1\n{n},2\n".encode()))]
    real = module.parse

    assert stacked(files).files == (2, 2, 2)
    for order in ([0, 1, 3, 4, 5, 6, 6], [0, 1, 3, 3, 4, 5, 6]):
        monkeypatch.setattr(module, "parse", lambda *given, order=order: real(*given)[order])
        with pytest.raises(Refused, match="balance_broken"):
            stacked(files)


def test_a_stack_that_cannot_be_parsed_falls_back_to_each_file(tmp_path, monkeypatch):
    place = build.place(tmp_path)
    for number in range(3):
        place.drop(csv(HEADER, pairing(number)), name=f"{number}.csv")
    real = module.parse
    monkeypatch.setattr(module, "parse", lambda text, *given: real(text if text.count(b"\n") < 4 else b"", *given))
    assert [one.state for one in place.night()] == ["clean"] * 3
    assert place.rows("clean").height == 3


def test_a_record_lost_in_a_file_by_itself_refuses_it(tmp_path, monkeypatch):
    place = build.place(tmp_path)
    place.drop(csv(HEADER, pairing(1), pairing(2)))
    real = module.parse
    monkeypatch.setattr(module, "parse", lambda *given: real(*given).head(2))
    (attempt,) = place.night()
    assert (attempt.state, attempt.reason_code, attempt.records_in) == ("refused", "balance_broken", 3)


def _file(*rows):
    file = plain(csv(*rows).encode())
    assert file
    return file


def test_a_layout_is_shared_only_by_what_it_follows_from():
    shared, contract, plain_spec = SharedHeaders(), CONTRACTS["pairings"], Spec()
    file, other = _file(HEADER, pairing(1)), _file(HEADER, pairing(2))
    first = shared.layout(file, contract, plain_spec, keys_only=False)
    assert first and shared.layout(other, contract, plain_spec, keys_only=False) is first
    spec = Spec.model_validate({"columns": {"volunteer_number": "儿童编号", "child_number": "序号"}})
    moved = shared.layout(file, contract, spec, keys_only=False)
    assert moved and {one.name: one.index for one in moved.columns}["child_number"] == 0
    wider = shared.layout(_file((*HEADER, "备用"), (*pairing(1), "")), contract, plain_spec, keys_only=False)
    assert wider and wider.unknown == (6,)
    assert shared.layout(_file(("甲", "乙"), ("1", "2")), contract, plain_spec, keys_only=False) is None


def test_a_header_is_not_shared_where_the_row_below_could_be_the_header():
    shared, contract = SharedHeaders(), CONTRACTS["pairings"]
    assert shared.layout(_file(HEADER, pairing(1)), contract, Spec(), keys_only=False)
    assert shared.layout(_file(HEADER, HEADER, pairing(1)), contract, Spec(), keys_only=False) is None
