"""Back from a place in a delivery to the sender's own cells, and to the words of a refusal."""

import home_of_ledgers as build
import pytest
from home_of_ledgers import HEADER, csv, pairing, xlsx

from ingest.ledger import Ledger
from ingest.origin import NotFound, file_names, origin, refusal


@pytest.fixture
def place(tmp_path):
    place = build.place(tmp_path)
    place.drop(csv(("某区台账", *[""] * 5), HEADER, pairing(1), pairing(2)), name="一.csv")
    place.drop(xlsx(HEADER, pairing(3)), name="二.xlsx", sender="xb")
    place.drop(csv(("儿童姓名", "结对时间"), ("张三", "2024-04-01")), name="三.csv", sender="xc")
    place.night()
    return place


def test_every_clean_row_leads_back_to_its_cells(place):
    for row in place.rows("clean").rows(named=True):
        found = origin(place.home, place.keyring, "pairings", row["sender"], row["delivery_id"], row["row_no"])
        cells = {header: (letter, value) for letter, header, value in found.cells}
        assert cells["结对时间"] == ("F", "2024-04-01")
        assert (found.delivery_id, found.sheet_no) == (row["delivery_id"], row["sheet_no"])
    assert place.rows("clean").height == 3


def test_by_file_name(place):
    found = origin(place.home, place.keyring, "pairings", "xa", "一.csv", 4)
    assert [value for _, header, value in found.cells if header == "儿童姓名"] == ["孩子2"]
    assert set(file_names(place.home).values()) == {"一.csv", "二.xlsx", "三.csv"}


@pytest.mark.parametrize(("sender", "file", "row"), [("xa", "零.csv", 3), ("xb", "一.csv", 3), ("xa", "一.csv", 99)])
def test_what_is_not_there_is_said(place, sender, file, row):
    with pytest.raises(NotFound):
        origin(place.home, place.keyring, "pairings", sender, file, row)


def test_a_refusal_names_the_column_and_the_headers_but_nobody(place):
    with Ledger(place.home) as ledger:
        refused = next(one for one in ledger.deliveries() if one.sender == "xc")
        accepted = next(one for one in ledger.deliveries() if one.sender == "xa")
    words = refusal(place.home, place.keyring, refused)
    assert "儿童姓名、结对时间" in words
    assert "张三" not in words
    assert refusal(place.home, place.keyring, accepted) == ""
