"""Finding the header and what each column is: exactly, or not at all."""

import polars as pl
import pytest

from ingest.contracts import CONTRACTS
from ingest.headers import locate
from ingest.labels import bare_label, column_letter, label, unit_in
from ingest.reading.grid import Grid
from ingest.reasons import Refused
from ingest.spec import Spec

PAIRINGS, CHILDREN, FUNDS = (CONTRACTS[name] for name in ("pairings", "children", "funds"))
UPPER = ("序号", "儿童信息", None, "阳光妈妈信息", None, None, "结对时间")
LOWER = (None, "姓名", "身份证号", "姓名", "身份证号", "联系电话", None)
WHERE = {
    "child_name": 1, "child_id_no": 2, "volunteer_name": 3, "volunteer_id_no": 4, "volunteer_phone": 5, "paired_on": 6,
}  # fmt: skip


def grid(*rows, merged=()):
    width = max(map(len, rows))
    filled = [(*row, *[None] * (width - len(row))) for row in rows]
    frame = pl.DataFrame(filled, schema=dict.fromkeys([f"c{i}" for i in range(width)], pl.String), orient="row")
    return Grid(
        1,
        "台账",
        frame.insert_column(0, pl.int_range(1, len(rows) + 1, dtype=pl.Int32, eager=True).alias("row_no")),
        merged=merged,
    )


def found(layout):
    return {column.name: column.index for column in layout.columns}


def refused(contract, *rows, spec=None, **how):
    with pytest.raises(Refused) as caught:
        locate(grid(*rows), contract, spec or Spec(), **how)
    return caught.value


@pytest.mark.parametrize(
    "header",
    [
        ("儿童姓名", "阳光妈妈姓名", "结对时间"),
        (" 儿童 姓名\n", "*阳光妈妈姓名：", "结对时间（年月日）"),
        ("儿童姓名（必填）", "爱心妈妈", "帮扶起始时间"),
        ("儿童信息/姓名", "阳光妈妈信息/姓名", "结对日期"),
    ],
)
def test_exact_after_normalisation(header):
    assert found(locate(grid(header, ("甲", "乙", "2024-01-01")), PAIRINGS, Spec())) == {
        "child_name": 0, "volunteer_name": 1, "paired_on": 2,
    }  # fmt: skip


def test_never_by_likeness():
    assert refused(PAIRINGS, ("儿童姓名", "阳光妈妈姓名", "结对的时间")).code == "column_missing"


@pytest.mark.parametrize("above", [[], [("某区台账",)], [("某区台账",), ("填报单位：某妇联", None, "2024年4月30日")]])
def test_two_header_rows_make_paths(above):
    layout = locate(grid(*above, UPPER, LOWER, ("1", "甲")), PAIRINGS, Spec())
    assert (found(layout), layout.serial, layout.data_at) == (WHERE, 0, len(above) + 2)
    assert layout.headers[4] == "阳光妈妈信息/身份证号"


def test_three_header_rows():
    top = ("序号", "人员", None, None, None, None, "结对时间")
    middle = (None, *UPPER[1:6], None)
    layout = locate(grid(("某区台账",), top, middle, LOWER), PAIRINGS, Spec())
    assert (found(layout), layout.serial, layout.data_at) == (WHERE, 0, 4)


def test_a_single_header_row_keeps_the_lines_above_it_out():
    unit = ("填报单位", "某区妇联", None, "单位：万元")
    layout = locate(grid(("台账",), unit, ("年度", "凭证号", "资金来源", "支出数")), FUNDS, Spec())
    assert (layout.data_at, layout.title.unit, layout.headers[3]) == (3, "万元", "支出数")


def test_a_line_of_two_words_above_a_header_does_not_hide_a_section():
    rows = (("填报单位", "某区妇联"), ("儿童姓名", "阳光妈妈姓名", "联系电话", "结对时间"))
    assert found(locate(grid(*rows), PAIRINGS, Spec()))["volunteer_phone"] == 2


def test_an_upper_header_ends_where_its_merged_range_ends():
    upper = ("阳光妈妈信息", None, None, None)
    lower = ("姓名", "联系电话", "儿童姓名", "结对时间")
    layout = locate(grid(upper, lower, merged=((1, 0, 1, 1),)), PAIRINGS, Spec())
    assert layout.headers == ("阳光妈妈信息/姓名", "阳光妈妈信息/联系电话", "儿童姓名", "结对时间")


def test_a_header_merged_downwards_spans_nothing_to_its_right():
    layout = locate(grid(("结对时间", None, "阳光妈妈信息"), (None, "儿童姓名", "姓名")), PAIRINGS, Spec())
    assert layout.headers == ("结对时间", "儿童姓名", "阳光妈妈信息/姓名")


def test_the_header_reaches_as_deep_as_its_merged_cells():
    upper = ("姓名", "身份证号码", "纳入时间", "家庭情况", None)
    lower = (None, None, None, "父亲", "母亲")
    merged = ((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4))
    assert locate(grid(upper, lower, ("甲",), merged=merged), CHILDREN, Spec()).data_at == 2


def test_whose_phone_it_is_only_the_section_says():
    upper = ("儿童信息", None, "阳光妈妈信息", "结对时间")
    layout = locate(grid(upper, ("姓名", "联系电话", "姓名", None)), PAIRINGS, Spec())
    assert "volunteer_phone" not in found(layout)
    assert layout.unknown == (1,)


def test_the_same_header_twice_is_refused_with_both_letters():
    refusal = refused(CHILDREN, ("姓名", "身份证号", "姓名", "纳入时间"))
    assert (refusal.code, refusal.about, refusal.sheet_no) == ("header_ambiguous", "child_name", 1)
    assert "A列" in refusal.detail
    assert "C列" in refusal.detail


def test_two_sections_that_nobody_declared_are_ambiguous():
    upper = ("儿童信息", None, "监护人信息", "纳入时间")
    lower = ("姓名", "身份证号", "姓名", None)
    assert refused(CHILDREN, upper, lower).code == "header_ambiguous"
    spec = Spec(columns={"child_name": "儿童信息/姓名"})
    assert found(locate(grid(upper, lower), CHILDREN, spec))["child_name"] == 0


def test_two_units_of_one_amount_are_ambiguous():
    header = ("年度", "凭证号", "资金来源", "支出数（元）", "支出数（万元）")
    assert refused(FUNDS, header).code == "header_ambiguous"


def test_the_bare_header_wins_over_one_with_a_note():
    header = ("儿童姓名", "阳光妈妈姓名", "结对时间", "联系电话", "联系电话（监护人）")
    layout = locate(grid(header), PAIRINGS, Spec())
    assert (found(layout)["volunteer_phone"], layout.unknown) == (3, (4,))


def test_a_cumulative_column_is_not_the_movement():
    header = ("年度", "凭证号", "资金来源", "支出数（累计）")
    assert "spent_yuan" not in found(locate(grid(header), FUNDS, Spec()))


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_missing_required_column_is_named_with_the_headers_found(lost):
    header = ["儿童姓名", "阳光妈妈姓名", "结对时间", "结对方式"]
    about = ("child_number", "volunteer_number", "paired_on")[lost]
    del header[lost]
    refusal = refused(PAIRINGS, tuple(header), ("张三", "李四", "2024-01-01"))
    assert refusal.code == "column_missing"
    assert refusal.about in (about, about.replace("number", "id_no"))
    assert all(text in refusal.detail for text in header)
    assert "张三" not in refusal.detail


def test_no_header_at_all():
    assert refused(PAIRINGS, ("甲", "乙"), ("1", "2")).code == "header_not_found"


def test_a_withdrawal_needs_only_its_key():
    header = ("活动编号",)
    assert found(locate(grid(header, ("A1",)), CONTRACTS["care_activities"], Spec(), keys_only=True)) == {
        "activity_id": 0
    }
    assert refused(CONTRACTS["care_activities"], header).code == "header_not_found"


def test_drift_is_seen_and_withheld_columns_are_not_drift():
    layout = locate(grid(("儿童姓名", "阳光妈妈", "结对时间", "备注", "血型")), PAIRINGS, Spec())
    assert layout.unknown == (4,)


def test_a_stated_header_replaces_the_contracts_and_takes_it_from_others():
    spec = Spec(columns={"volunteer_name": "儿童姓名", "child_name": "孩子"})
    layout = locate(grid(("孩子", "儿童姓名", "结对时间")), PAIRINGS, spec)
    assert found(layout) == {"child_name": 0, "volunteer_name": 1, "paired_on": 2}


def test_constants_from_sheet_title_and_value():
    columns = {"county": {"from": "sheet"}, "township": {"from": "title", "header": "填报单位"}, "sex": {"value": "女"}}
    rows = (("填报单位：西湖镇",), ("姓名", "身份证号", "纳入时间"))
    layout = locate(grid(*rows), CHILDREN, Spec(columns=columns))
    assert layout.constants == (("county", "台账"), ("sex", "女"), ("township", "西湖镇"))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("支出数（万元）", "万元"),
        ("支出数(单位：元)", "元"),
        ("支出数（人民币万元）", "万元"),
        ("支出数（人民币：元）", "元"),
        ("支出数（千元）", "千元"),
        ("支出数（美元）", "美元"),
        ("支出数（户、万元）", "万元"),
        ("支出数", ""),
        ("时长（分钟）", ""),
    ],
)
def test_unit_in_a_header(text, unit):
    assert unit_in(text) == unit


def test_labels():
    assert label(" 姓　名*：") == "姓名"
    assert bare_label("金额（万元）") == "金额"
    assert bare_label("（万元）") == "(万元)"
    assert [column_letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_stroke_in_the_words_of_a_header_makes_no_section():
    units = CONTRACTS["org_units"]
    header = (("组织情况", None, None, None), ("名称", "类别", "所在乡镇", "村"))
    layout = locate(grid(*header, ("甲", "乙", "丙", "丁")), units, Spec())
    assert found(layout)["unit_name"] == 0
