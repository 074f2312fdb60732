"""What an organisation has set out to reach."""

import polars as pl

from ingest.contracts.columns import Lineage, code, day, number, text, year
from ingest.contracts.contract import RowRule, ledger

KPI = {
    "pairing_coverage": ("结对覆盖率",),
    "care_items_completion": ("关爱项目完成率", "“五个一”完成率"),
    "qualified_firms": ("百佳电商企业", "年销售额500万元以上企业", "年销售额500万元以上企业数"),
    "cultivated_streamers": ("优秀女主播", "培树优秀女主播"),
    "trained_persons": ("培训电商从业人员", "培训人数"),
    "active_units": ("妇女小组和微家", "活跃小组微家数"),
    "lectures_held": ("讲座场次", "开展讲座"),
    "districts_covered": ("覆盖区县", "讲座覆盖区县"),
    "space_trainings": ("空间培训次数", "木兰空间培训"),
    "empowered_women": ("赋能女性人数",),
}


@ledger(
    dataset="targets",
    label="目标任务分解表",
    delivers="snapshot",
    key=("target_year", "kpi", "org_name"),
    scope=("target_year",),
    cadence="yearly",
    due_day=31,
    withheld=("备注", "责任人", "牵头领导"),
    rules=(RowRule("target_ends_before_start", "ends_on", pl.col("ends_on") < pl.col("starts_on")),),
)
class Targets(Lineage):
    """One organisation's target for one figure in one year."""

    target_year = year("target_year", "年度", ("年份", "目标年度"), required=True)
    kpi = code("kpi", "指标", KPI, ("指标名称", "目标任务"), required=True)
    org_name = text("org_name", "责任单位", ("单位", "县（市、区）", "区县"), required=True)
    target_value = number("target_value", "目标值", ("目标", "目标数"), required=True)
    starts_on = day("starts_on", "起始日期", ("开始时间",), month_will_do=True)
    ends_on = day("ends_on", "截止日期", ("完成时限",), month_will_do=True)
