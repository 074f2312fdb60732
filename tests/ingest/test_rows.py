"""Which rows below a header are data, and that merged cells fill only what is declared."""

from dataclasses import replace

import polars as pl
import pytest
from test_headers import grid

from ingest.contracts import CONTRACTS
from ingest.headers import locate
from ingest.rows import extract
from ingest.spec import Spec

CONTRACT = CONTRACTS["pairings"]
HEADER = ("序号", "儿童姓名", "阳光妈妈姓名", "结对时间", "乡镇")
FULL = ("1", "张三", "李四", "2024-04-01", "西湖镇")


def kinds(*rows, above=(), spec=None):
    sheet = grid(*above, HEADER, *rows)
    layout = locate(sheet, CONTRACT, spec or Spec())
    return extract(sheet, layout, CONTRACT, spec or Spec()).frame["kind_of_row"].to_list()


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (FULL, "data"),
        ((None, *FULL[1:]), "data"),
        (("1", "合某", "李四", "2024-04-01"), "data"),
        (("1", "计小", "李四", "2024-04-01"), "data"),
        (("1", "例某", "李四", "2024-04-01"), "data"),
        (("1", "注某", "李四", "2024-04-01"), "data"),
        (("1", None, "李四", None), "data"),
        (("1", "张三", "李四", "2024-04-01", "小计"), "data"),
        (("1", None, None, None), "blank"),
        ((" ", "　", None, None), "blank"),
        (("合计", None, None, "12"), "total"),
        (("合　计", None, None, "12"), "total"),
        ((None, "合 计", None, "12"), "total"),
        (("7", "小计", None, "12"), "total"),
        ((None, "西湖镇小计", None, "12"), "total"),
        ((None, "西湖镇", "小计", "12"), "total"),
        (("总计：", None, None, None), "total"),
        (("全市总计", None, None, None), "total"),
        (("合计12人", None, None, None), "total"),
        (("共计", None, None, None), "total"),
        (("累计", None, None, "3"), "total"),
        (("例", *FULL[1:]), "other"),
        (("示例", *FULL[1:]), "other"),
        (("1", "示例：张三", "李四", "2024-04-01"), "other"),
        (("1", "例：张三", "李四", "2024-04-01"), "other"),
        (("填表人：王五", None, None, "审核人：赵六"), "other"),
        (("填表人", "王五", None, None), "other"),
        (("单位负责人（签字）：", None, None, None), "other"),
        (("注：以上数据由各镇提供", None, None, None), "other"),
        (HEADER, "other"),
        (("以上为全部", None, None, None), "data"),
    ],
)
def test_kind_of_row(row, kind):
    assert kinds(FULL, row, FULL) == ["data", kind, "data"]


def test_a_footer_is_none_of_a_class_whose_facts_stand_in_its_title():
    spec = Spec(columns={"paired_on": {"value": "2024-04-01"}, "volunteer_name": {"value": "李四"}})
    footer = ("填表人：王五", "审核人：赵六", None, None, None)
    assert kinds(FULL, footer, spec=spec) == ["data", "other"]


def test_the_title_repeated_on_a_later_page_is_no_data():
    title = ("某区台账", None, None, None, None)
    assert kinds(FULL, title, HEADER, FULL, above=(title,)) == ["data", "other", "other", "data"]


def test_lines_below_a_note_are_no_data_and_records_there_are():
    note = ("说明：", None, None, None, None)
    line = ("1.本表按月报送", None, None, None, None)
    assert kinds(line, FULL, note, line, FULL) == ["data", "data", "other", "other", "data"]


SPEC = Spec(fill_down=("volunteer_name",))


def merged_sheet():
    rows = (HEADER, FULL, ("2", "李甲", None, "2024-04-02", None), ("3", "李乙", None, "2024-04-03", None))
    sheet = grid(*rows, merged=((2, 2, 3, 2), (2, 4, 4, 4)))
    letters = sheet.frame.with_columns(pl.col(pl.String).replace_strict({None: None}, default="n"))
    return replace(sheet, kinds=letters)


def test_merged_cells_fill_declared_columns_inside_their_range_only():
    sheet = merged_sheet()
    frame = extract(sheet, locate(sheet, CONTRACT, SPEC), CONTRACT, SPEC).frame
    assert frame["volunteer_name"].to_list() == ["李四", "李四", None]
    assert frame["township"].to_list() == ["西湖镇", None, None]


def test_a_filled_cell_keeps_the_type_of_its_source():
    spec = Spec(columns={"volunteer_id_no": "阳光妈妈姓名"}, fill_down=("volunteer_id_no",))
    sheet = merged_sheet()
    frame = extract(sheet, locate(sheet, CONTRACT, spec), CONTRACT, spec).frame
    assert frame["volunteer_id_no__kind"].to_list() == ["n", "n", None]
