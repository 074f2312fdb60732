"""Targets for 2024: of lectures in a city and in its 41 units, which do not add up to the city's, and of one space."""

from datetime import date

from samples.federation import chongqing_units
from samples.sheets import NON_DATA, Row, Sheet, csv_bytes, xlsx_bytes
from samples.truth import Outbox, arrived, truth_of_records, truth_of_sheets

_HEADER = ("序号", "年度", "指标", "责任单位", "目标值", "起始日期", "截止日期", "备注")
_SPACE_HEADER = ("年份", "目标任务", "单位", "目标数", "开始时间", "完成时限", "责任人")
LECTURES, UNITS = 100, 41
_MORE = ("500101", "500102", "500103", "500106", "500107", "500112", "500243", "500241", "500242", "500000-LJ")


def write_goals(box: Outbox) -> None:
    """Send the city's workbook, with year and figure merged downwards, and a county's CSV."""
    sheet = Sheet("分解表")
    sheet.merge(sheet.aside("“百场讲座进万家”活动目标任务分解表"), 0, 0, len(_HEADER) - 1)
    sheet.aside(*_HEADER)
    goals = [("讲座场次", "重庆市", LECTURES), ("覆盖区县", "重庆市", UNITS)]
    goals += [("讲座场次", place, 4 if code in _MORE else 2) for code, place in chongqing_units().items()]
    for n, (figure, place, value) in enumerate(goals):
        year = "2024年" if n == 0 else None
        # days are merged in no ledger: each row has its own
        sheet.add(n + 1, year, figure if n < 3 else None, place, value, date(2024, 1, 1), "2024年12月31日")
    sheet.merge(2, 1, len(sheet.rows) - 1)
    sheet.merge(4, 2, len(sheet.rows) - 1)
    path = "chongqing/targets/目标任务分解表2024.xlsx"
    box.put(path, xlsx_bytes([sheet]), arrived(date(2024, 2, 20)), truth_of_sheets([sheet]))
    rows = [Row(list(_SPACE_HEADER), NON_DATA)]
    for figure, value in (("空间培训次数", 12), ("赋能女性人数", "300")):
        rows.append(Row(["2024", figure, "临湘市", value, "2024年1月", "2024-12-31", ""]))
    path = "linxiang/targets/2024年目标任务.csv"
    box.put(path, csv_bytes(rows, "gb18030"), arrived(date(2024, 1, 16)), truth_of_records(rows))
