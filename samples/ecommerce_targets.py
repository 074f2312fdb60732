"""What the county has set out to reach by 2025: a hundred firms, a thousand streamers, ten thousand people trained."""

from datetime import date

from samples.ecommerce_units import SENDER
from samples.sheets import Sheet, xlsx_bytes
from samples.truth import Outbox, arrived, truth_of_sheets

TARGETS = {"年销售额500万元以上企业数": 100, "培树优秀女主播": 1000, "培训电商从业人员": 10_000}
_HEADER = ("序号", "年度", "目标任务", "责任单位", "目标数", "开始时间", "完成时限", "牵头领导", "备注")


def write_targets(box: Outbox) -> None:
    """Send one sheet a year; the aim stays, the year before's sheet is left as it was."""
    for year in (2022, 2023, 2024):
        sheet = Sheet(f"{year}年")
        title = f"清河县“百千万”巾帼电商创业行动{year}年目标任务分解表"
        sheet.merge(sheet.aside(title), 0, 0, len(_HEADER) - 1)
        sheet.aside(*_HEADER)
        for n, (kpi, value) in enumerate(TARGETS.items(), 1):
            ends = "2025年12月" if n == 2 and year == 2023 else date(2025, 12, 31)
            sheet.add(n, f"{year}年", kpi, "清河县", value, date(2022, 1, 1), ends, None, None)
        if year == 2024:
            sheet.add(4, f"{year}年", "优秀女主播", "清河县", 1, date(2024, 6, 1), date(2024, 1, 1))
            sheet.rows[-1].verdict = "target_ends_before_start"
        sheet.aside("注：目标为2022年至2025年累计数。")
        path = f"{SENDER}/targets/{year}年目标任务分解表.xlsx"
        received = arrived(date(year, 5 if year == 2022 else 1, 18), minute=45)
        box.put(path, xlsx_bytes([sheet]), received, truth_of_sheets([sheet]))
