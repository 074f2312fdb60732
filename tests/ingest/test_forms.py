"""Forms: labels and values anywhere on a sheet are one record, and no cell of it is lost without a word."""

import home_of_ledgers as build
import pytest
from home_of_ledgers import csv, xlsx

from ingest import spec
from ingest.audit import reprove
from ingest.explain import explain
from ingest.origin import NotFound, origin

SIDE_BY_SIDE = (
    ("某县创业空间月报（截至2024年3月31日）", "", "", ""),
    ("空间名称", "“花”空间", "所在县（市）", "某县"),
    ("月份", "2024年3月", "负责人", "张三"),
    ("开展培训次数", 3, "参训人次", 200),
    ("新增赋能女性人数", 20, "累计赋能女性人数", 100),
    ("孵化项目", "", "优化产品", 2),
    ("销售额（元）", 125000, "培育典型", ""),
    ("填表人：李四", "", "填报日期：2024-04-03", ""),
)
BELOW = (
    ("空间名称", "月份", "销售额（万元）"),
    ("花空间", "2024-03", "12.5"),
    ("参训人次", "新增赋能女性人数", "累计赋能女性人数"),
    ("200", "20", "100"),
    ("孵化项目", "", ""),
    ("", "", ""),
)
IN_ONE_CELL = (
    ("空间名称：花空间", "月份: 2024-03"),
    ("参训人次：200", "新增赋能女性人数：20"),
    ("销售额（万元）：12.5", ""),
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    for sender in ("xa", "xb"):
        (tmp_path / "senders" / sender).mkdir(parents=True)
        (tmp_path / "senders" / sender / "space_reports.toml").write_text('shape = "form"\n')
    monkeypatch.setattr(spec.SpecBook.__init__, "__defaults__", (tmp_path / "senders",))
    return build.place(tmp_path / "home")


def drop(place, data, name="a.xlsx", sender="xa"):
    place.drop(data, name=name, dataset="space_reports", sender=sender)


def counts(attempt):
    kinds = ("records_in", "clean_records", "rejected_records", "duplicate_records", "non_data_records")
    return (attempt.state, *(getattr(attempt, kind) for kind in kinds))


@pytest.mark.parametrize("rows", [SIDE_BY_SIDE, BELOW, IN_ONE_CELL], ids=["side by side", "below", "in one cell"])
def test_the_same_report_in_three_shapes(place, rows):
    drop(place, xlsx(*rows))
    (attempt,) = place.night()
    filled = sum(any(cell != "" for cell in row) for row in rows)
    assert counts(attempt) == ("clean", filled, 1, 0, 0, filled - 1)
    (row,) = place.rows("clean", "space_reports").rows(named=True)
    assert (row["space_name"], str(row["report_month"]), row["person_times"]) == ("花空间", "2024-03-01", 200)
    assert (row["new_women_persons"], str(row["sales_yuan"]), row["projects"]) == (20, "125000.00", None)
    assert place.codes("findings", "space_reports") == []
    assert "张三" not in repr(row)
    assert all(proof.holds for proof in reprove(place.home, place.keyring))


def test_the_title_of_a_form_dates_it(place):
    drop(place, xlsx(*SIDE_BY_SIDE))
    assert str(place.night()[0].as_of_on) == "2024-03-31"


def test_what_is_wrong_is_told_at_its_own_cell(place):
    rows = [list(row) for row in SIDE_BY_SIDE]
    rows[3][3], rows[4][3], rows[5][1] = "许多", 1, "五"
    drop(place, xlsx(*rows))
    assert counts(place.night()[0]) == ("clean", 8, 0, 1, 0, 7)
    rejects = place.rows("rejects", "space_reports")
    assert rejects.select("row_no", "column_letter", "code").sort("column_letter").rows() == [
        (2, "B6", "unreadable_number"),
        (2, "D4", "unreadable_number"),
    ]
    assert rejects["record_key"].unique().to_list() == ["花空间/2024-03-01"]
    assert all(proof.holds for proof in reprove(place.home, place.keyring))


def test_a_label_nobody_knows_is_told_and_takes_nothing_with_it(place):
    rows = [list(row) for row in SIDE_BY_SIDE]
    rows[5] = ["孵化项目", "", "新指标", 7]
    rows[6] = ["新指标二", 9, "培育典型", 4]
    drop(place, xlsx(*rows))
    place.night()
    findings = place.rows("findings", "space_reports").select("row_no", "column_letter", "code").rows()
    assert sorted(findings) == [(6, "C", "unknown_column"), (7, "A", "unknown_column")]
    (row,) = place.rows("clean", "space_reports").rows(named=True)
    assert (row["projects"], row["exemplars"], row["sales_yuan"]) == (None, 4, None)


def test_what_stands_below_a_label_without_a_value_is_a_label_where_labels_have_their_values_beside(place):
    rows = [list(row) for row in SIDE_BY_SIDE]
    rows[5] = ["孵化项目", "", "优化产品", ""]
    rows[6] = ["新指标二", "", "", ""]
    drop(place, xlsx(*rows, ["销售额（元）", 8, "", ""]))
    assert counts(place.night()[0]) == ("clean", 9, 1, 0, 0, 8)
    (row,) = place.rows("clean", "space_reports").rows(named=True)
    assert (row["projects"], row["products"], str(row["sales_yuan"])) == (None, None, "8.00")
    findings = place.rows("findings", "space_reports").select("row_no", "column_letter", "code").rows()
    assert findings == [(7, "A", "unknown_column")]


def test_below_a_label_as_wide_as_the_form_stands_its_value(place):
    rows = [list(row) for row in SIDE_BY_SIDE[:6]]
    rows[5] = ["孵化项目", "", "", ""]
    merged = [(5, 0, 5, 3, "孵化项目"), (6, 0, 6, 3, "4")]
    drop(place, xlsx(*rows, ["4", "", "", ""], merged=merged))
    place.night()
    (row,) = place.rows("clean", "space_reports").rows(named=True)
    assert (row["projects"], place.codes("findings", "space_reports")) == (4, [])


def test_a_row_of_labels_has_its_values_below_in_a_form_of_pairs_too(place):
    rows = [list(row) for row in SIDE_BY_SIDE[:5]]
    drop(place, xlsx(*rows, ["孵化项目", "优化产品", "培育典型", "销售额（元）"], [3, 4, 5, 6]))
    place.night()
    (row,) = place.rows("clean", "space_reports").rows(named=True)
    assert (row["projects"], row["products"], row["exemplars"]) == (3, 4, 5)


def test_a_value_that_is_the_word_of_a_label_is_told(place):
    rows = [list(row) for row in SIDE_BY_SIDE]
    rows[5] = ["孵化项目", "负责人", "优化产品", 2]
    drop(place, xlsx(*rows))
    place.night()
    (row,) = place.rows("clean", "space_reports").rows(named=True)
    assert (row["projects"], row["products"]) == (None, 2)
    findings = place.rows("findings", "space_reports").select("row_no", "column_letter", "code").rows()
    assert findings == [(6, "B", "unknown_column")]


def test_a_second_label_for_one_thing_is_told_at_its_own_cell(place):
    rows = [list(row) for row in SIDE_BY_SIDE]
    rows[6] = ["销售额（元）", 125000, "参训人次（线下）", 7]
    drop(place, xlsx(*rows))
    place.night()
    findings = place.rows("findings", "space_reports").select("row_no", "column_letter", "code").rows()
    assert findings == [(7, "D", "unknown_column")]


def test_merged_labels_and_values(place):
    rows = [["" for _ in range(6)] for _ in range(4)]
    merged = [
        (0, 0, 0, 5, "创业空间月报"),
        (1, 0, 1, 1, "空间名称"), (1, 2, 1, 5, "花空间"),
        (2, 0, 2, 1, "月份"), (2, 2, 2, 3, "2024年3月"),
        (3, 0, 3, 2, "参训人次"), (3, 3, 3, 5, "200余"),
    ]  # fmt: skip
    drop(place, xlsx(*rows, merged=merged))
    assert counts(place.night()[0]) == ("clean", 4, 1, 0, 0, 3)
    assert place.rows("clean", "space_reports")["person_times"].to_list() == [200]
    found = place.rows("findings", "space_reports").select("row_no", "column_letter", "code").rows()
    assert found == [(2, "D4", "approximate_value")]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((("某报", "甲"), ("乙", "丙")), "header_not_found"),
        ((("空间名称", "花空间"), ("参训人次", "3")), "column_missing"),
        ((("空间名称", "花空间"), ("月份", "2024-03"), ("参训人次", "3"), ("培训人次", "4")), "header_ambiguous"),
    ],
)
def test_a_form_without_its_labels_is_refused(place, rows, reason):
    drop(place, xlsx(*rows))
    (attempt,) = place.night()
    assert (attempt.state, attempt.reason_code) == ("refused", reason)


def test_an_empty_form_is_no_record(place):
    drop(place, xlsx(*(tuple("" if i % 2 else cell for i, cell in enumerate(row)) for row in SIDE_BY_SIDE[1:7])))
    assert counts(place.night()[0]) == ("clean", 6, 0, 0, 0, 6)


def test_two_sheets_are_two_records_and_a_csv_is_one(place):
    drop(place, csv(*IN_ONE_CELL), name="a.csv")
    drop(place, csv(*(tuple(str(cell) for cell in row) for row in BELOW)), name="b.csv", sender="xb")
    assert [counts(one) for one in place.night()] == [("clean", 3, 1, 0, 0, 2), ("clean", 6, 1, 0, 0, 5)]


def test_every_row_of_a_form_leads_back_to_the_whole_of_it(place):
    drop(place, xlsx(*SIDE_BY_SIDE))
    place.night()
    (row,) = place.rows("clean", "space_reports").rows(named=True)
    for row_no in (row["row_no"], 4, 7):
        found = origin(place.home, place.keyring, "space_reports", "xa", row["delivery_id"], row_no)
        assert ("D4", "参训人次", "200") in found.cells
        assert found.row_no == row["row_no"]
    with pytest.raises(NotFound):
        origin(place.home, place.keyring, "space_reports", "xa", row["delivery_id"], 99)


def test_a_form_is_explained_with_its_own_letters(place, tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(xlsx(*SIDE_BY_SIDE))
    found = explain(path, "xa", "space_reports")
    (sheet,) = found.sheets
    assert (sheet.header_row, sheet.records, found.missing) == (2, 8, ())
    letters = {column.name: column.letter for column in sheet.columns if column.name}
    assert (letters["space_name"], letters["person_times"], letters["sales_yuan"]) == ("B2", "D4", "B7")
