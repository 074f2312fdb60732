"""Matrices: a row is a record for every item; the marks of each stay with it, and rows, titles and totals count."""

import home_of_ledgers as build
import polars as pl
import pytest
from home_of_ledgers import csv, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import spec
from ingest.audit import reprove
from ingest.contracts import CONTRACTS
from ingest.headers import locate
from ingest.origin import origin
from ingest.reading.grid import Grid
from ingest.rows import DATA, extract
from ingest.spec import Spec

SPEC = 'shape = "matrix"\nspread = "item_kind"\n[columns]\nitem_year = { header = "年度", from = "title" }\n'
ITEMS = {
    "集体生日会": "birthday_party",
    "亲子电影": "family_film",
    "亲情家书": "family_letter",
    "亲子活动": "family_activity",
    "家庭教育指导": "family_education",
}
HEADER = ("序号", "姓名", "儿童编号", "乡镇", *ITEMS, "备注")
TITLE = [("某县完成情况表", *[""] * 9), ("年度：2023", *[""] * 9)]


def child(number, *marks):
    return (str(number), f"孩子{number}", f"KJ-{number:04}", "某镇", *marks, "")


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "senders" / "xa").mkdir(parents=True)
    (tmp_path / "senders" / "xa" / "care_items.toml").write_text(SPEC, encoding="utf-8")
    monkeypatch.setattr(spec.SpecBook.__init__, "__defaults__", (tmp_path / "senders",))
    return build.place(tmp_path / "home")


def drop(place, data, name="a.csv", sender="xa"):
    place.drop(data, name=name, dataset="care_items", sender=sender)


def counts(attempt):
    kinds = ("records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records")
    return (attempt.state, *(getattr(attempt, kind) for kind in kinds))


def said(place):
    rows = place.rows("clean", "care_items").sort("row_no", "item_kind")
    return rows.select("row_no", pl.col("item_kind", "item_status").cast(pl.String), pl.col("done_on").cast(pl.String))


MARKS = ("√", "×", "×（不在本地）", "", "2023-06-01")
READ = [
    (4, "birthday_party", "done", None),
    (4, "family_film", "not_done", None),
    (4, "family_letter", "exempt", None),
    (4, "family_activity", None, None),
    (4, "family_education", "done", "2023-06-01"),
]


def test_one_header_row_whose_columns_are_the_items(place):
    drop(place, csv(*TITLE, HEADER, child(1, *MARKS), ("",) * 10, ("合计", *("",) * 9)))
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 10, 5, 0, 0, 5)
    assert said(place).rows() == READ
    assert all(proof.holds for proof in reprove(place.home, place.keyring))


def test_two_header_rows_with_merged_items(place):
    upper = (*HEADER[:4], *(text for item in ITEMS for text in (item, "", "")), "备注")
    lower = ("", "", "", "", *("完成情况", "地点", "人数") * 5, "")
    cells = (*child(1)[:4], *(text for mark in MARKS for text in (mark, "村部", "9")), "")
    merged = [(2, 4 + 3 * at, 2, 6 + 3 * at, item) for at, item in enumerate(ITEMS)]
    merged += [(2, at, 3, at, HEADER[at]) for at in range(4)] + [(2, 19, 3, 19, "备注")]
    title = [(*row, *[""] * 10) for row in TITLE]
    drop(place, xlsx(*title, upper, lower, cells, merged=merged), name="a.xlsx")
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 9, 5, 0, 0, 4)
    assert said(place).rows() == [(5, *row[1:]) for row in READ]
    # 地点 is withheld by the contract, 人数 nobody knows
    assert place.codes("findings", "care_items") == ["unknown_column"] * 5
    assert all(proof.holds for proof in reprove(place.home, place.keyring))


def test_what_is_wrong_is_told_in_the_items_own_column(place):
    drop(place, csv(*TITLE, HEADER, child(1, "√", "也许", "×生病", "√ 3月5日", "√"), child(2, *["√"] * 5)))
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 13, 9, 1, 0, 3)
    rejects = place.rows("rejects", "care_items").select("row_no", "column_letter", "code", "column_name").rows()
    assert rejects == [(4, "F", "unreadable_mark", "item_status")]
    found = place.rows("findings", "care_items").select("row_no", "column_letter", "code").sort("column_letter").rows()
    assert found == [(4, "G", "mark_reason_unlisted"), (4, "H", "year_completed")]
    assert (4, "family_letter", "not_done", None) in said(place).rows()
    assert all(proof.holds for proof in reprove(place.home, place.keyring))


def test_a_child_nobody_can_tell_is_refused_with_all_her_items_and_the_audit_counts_them(place):
    drop(place, csv(*TITLE, HEADER, ("1", "", "", "某镇", *MARKS, ""), child(2, *MARKS), child(2, *MARKS)))
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 18, 5, 5, 5, 3)
    # five records are refused for one cell, which her county is told of once
    assert place.codes("rejects", "care_items") == ["person_unidentified"]
    (proof,) = reprove(place.home, place.keyring)
    assert proof.holds
    path = max((place.home.root / "rejects" / "care_items").glob("*.parquet"), key=lambda one: one.stat().st_size)
    pl.read_parquet(path).clear().write_parquet(path)
    assert not reprove(place.home, place.keyring)[0].holds


def test_same_as_above_means_the_same_items_cell_above(place):
    drop(place, csv(*TITLE, HEADER, child(1, *MARKS), child(2, *["同上"] * 5)))
    place.night()
    assert [row[1:] for row in said(place).rows() if row[0] == 5] == [
        (*row[1:],) for row in READ if row[1] != "family_activity"
    ]
    assert place.codes("rejects", "care_items") == ["ditto_unresolved"]


def test_a_date_merged_over_a_class_is_every_childs(place):
    text = SPEC.replace("[columns]", 'fill_down = ["item_status"]\n[columns]')
    (spec.SpecBook.__init__.__defaults__[0] / "xa" / "care_items.toml").write_text(text, encoding="utf-8")
    rows = [*TITLE, HEADER, *(child(number, "", *["√"] * 4) for number in (1, 2, 3))]
    drop(place, xlsx(*rows, merged=[(3, 4, 4, 4, "2023-05-20")]), name="a.xlsx")
    place.night()
    days = place.rows("clean", "care_items").filter(pl.col("item_kind").cast(pl.String) == "birthday_party")
    assert [str(day) for day in days.sort("row_no")["done_on"]] == ["2023-05-20", "2023-05-20", "None"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (("序号", "姓名", "儿童编号", "乡镇", "生日", "电影"), "column_missing"),
        (("序号", "姓名", "儿童编号", "亲子电影", "观看亲子电影", "乡镇"), "header_ambiguous"),
        (("序号", "姓名", "儿童编号", "亲子电影", "亲子电影", "乡镇"), "header_ambiguous"),
    ],
)
def test_a_matrix_whose_items_are_not_clear_is_refused(place, header, reason):
    drop(place, csv(*TITLE, header, ("1", "甲", "K1", "√", "√", "√")))
    (attempt,) = place.night()
    assert (attempt.state, attempt.reason_code) == ("refused", reason)


def test_a_row_leads_back_to_the_whole_row(place):
    drop(place, csv(*TITLE, HEADER, child(1, *MARKS)))
    place.night()
    (delivery,) = place.rows("clean", "care_items")["delivery_id"].unique()
    found = origin(place.home, place.keyring, "care_items", "xa", delivery, 4)
    assert ("G", "亲情家书", "×（不在本地）") in found.cells


def test_a_total_row_checks_every_item(place):
    text = 'shape = "matrix"\nspread = "channel"\n[columns]\ncounted = { value = "人次" }\nfair_id = { value = "F1" }\n'
    (spec.SpecBook.__init__.__defaults__[0] / "xa" / "fair_reach.toml").write_text(text, encoding="utf-8")
    rows = (("学校", "现场", "网络"), ("甲校", "3", "10"), ("乙校", "4", "20"), ("合计", "7", "31"))
    place.drop(csv(*rows), dataset="fair_reach")
    (attempt,) = place.night()
    assert counts(attempt) == ("clean", 6, 4, 0, 0, 2)
    found = place.rows("findings", "fair_reach").select("row_no", "column_letter", "code").rows()
    assert found == [(4, "C", "total_differs")]


WORD = st.sampled_from(["√", "×", "", "2023-05-01", "×不在本地"])


@settings(max_examples=100, deadline=None)
@given(st.permutations([*HEADER[1:]]), st.lists(st.lists(WORD, min_size=5, max_size=5), min_size=1, max_size=4))
def test_every_cell_of_every_item_is_a_record_in_any_order_of_columns(header, marks) -> None:
    """However the columns are ordered, every item of every row is one record with its own mark."""
    contract, year = CONTRACTS["care_items"], {"item_year": {"value": "2023"}}
    form = Spec(shape="matrix", spread="item_kind", columns=year)  # ty: ignore[invalid-argument-type]
    body = [dict(zip(HEADER, child(number, *row), strict=True)) for number, row in enumerate(marks, 1)]
    rows = [header, *([row[name] for name in header] for row in body)]
    columns = {f"c{i}": [row[i] or None for row in rows] for i in range(len(header))}
    numbers = pl.Series("row_no", range(1, len(rows) + 1), pl.Int32)
    frame = pl.DataFrame([numbers, *(pl.Series(name, cells, dtype=pl.String) for name, cells in columns.items())])
    grid = Grid(0, "", frame)
    found = extract(grid, locate(grid, contract, form), contract, form)
    data = found.frame.filter(pl.col("kind_of_row") == DATA)
    expected = {(at, ITEMS[item], row[item] or None) for at, row in enumerate(body, 2) for item in ITEMS}
    assert set(data.select("row_no", "item_kind", "item_status").rows()) == expected
    assert data.height == len(expected) == found.unfolded + len(body)
