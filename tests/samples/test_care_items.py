"""The five items in the samples: the page's figures, the marks that stand in the cells, and how they are counted."""

import re
import zipfile
from collections import Counter
from datetime import date

import pytest
import python_calamine

from samples.care_items import ITEMS, MatrixRow, truth_of_matrix
from samples.left_behind import REGISTER_DAYS, build_pupils
from samples.population import build_world
from samples.sheets import Sheet

SHEETS = ("20240331", "20240430")


@pytest.fixture(scope="module")
def books(world) -> list[list[list]]:
    paths = [world.root / f"changshan/care_items/“五个一”完成情况表{day}.xlsx" for day in SHEETS]
    return [python_calamine.load_workbook(path).get_sheet_by_index(0).to_python() for path in paths]


def _children(rows: list[list]) -> list[list]:
    return [row for row in rows if isinstance(row[0], float)]


def test_five_items_of_every_child_on_the_register(books):
    assert len(set(ITEMS)) == 5
    pupils = build_pupils(build_world(20240413))
    for rows, day in zip(books, (date(2024, 3, 31), REGISTER_DAYS[1]), strict=True):
        assert len(_children(rows)) == sum(pupil.stands_at(day) for pupil in pupils) > 300


def test_more_is_done_in_april_than_in_march_and_nothing_is_undone(books):
    def done(rows: list[list]) -> set[tuple[str, int]]:
        marks = {"√", "✓", "是"}
        return {
            (row[4], n)
            for row in _children(rows)
            for n, mark in enumerate(row[7:12])
            if mark in marks or re.match(r"(?:datetime|\d{4})", str(mark))
        }

    march, april = map(done, books)
    assert march and len(april) > 1.5 * len(march)
    assert len(march - april) == 0


def test_every_kind_of_mark_is_there_and_blank_is_not_the_same_as_not_done(books):
    marks = Counter(str(mark) for rows in books for row in _children(rows) for mark in row[7:12])
    assert all(
        marks[one] for one in ("√", "✓", "是", "×", "×不在本地", "×不需要", "×（不在本地）", "×（生病）", "", "⊙")
    )
    assert any(re.fullmatch(r"2024年\d+月\d+日", one) for one in marks)


def test_one_day_is_merged_over_a_class_and_the_header_has_one_row_then_two(world, books):
    for day in SHEETS:
        with zipfile.ZipFile(world.root / f"changshan/care_items/“五个一”完成情况表{day}.xlsx") as book:
            assert re.search(r'mergeCell ref="H\d+:H\d+"', book.read("xl/worksheets/sheet1.xml").decode())
    assert ["完成情况" in rows[3] for rows in books] == [False, True]


def test_a_row_of_a_matrix_counts_once_for_each_item():
    sheet = Sheet("表")
    sheet.aside("标题")
    sheet.rows.append(MatrixRow(["甲", "√", "？"], item_verdicts=("clean", "unreadable_mark")))
    told = truth_of_matrix([sheet])
    assert (told.records_in, told.clean, told.non_data) == (3, 1, 1)
    assert told.rejected == {"records": 1, "unreadable_mark": 1}


def test_ten_representatives_are_honoured_and_the_target_is_a_share(world):
    told = world.side("truth.json")
    assert told["changshan/honours/爱心妈妈代表名单2024.csv"]["clean"] == 10
    book = python_calamine.load_workbook(world.root / "changshan/targets/2024年目标任务分解表.xlsx")
    assert book.get_sheet_by_index(0).to_python()[2][2:5] == ["“五个一”完成率", "常山县", "90%"]


def test_children_come_and_go_between_the_registers():
    pupils = build_pupils(build_world(20240413))
    january, april = ({p.name for p in pupils if p.stands_at(day)} for day in REGISTER_DAYS)
    assert april - january and january - april
    assert any(p.dropped_on < date.max for p in pupils) and any(p.closed_on < date.max for p in pupils)
