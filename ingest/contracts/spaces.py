"""Places where rural women start businesses, and what they report each month."""

import polars as pl

from ingest.contracts.columns import Lineage, month, proper_name, text, whole, yuan
from ingest.contracts.contract import RowRule, ledger


@ledger(
    dataset="space_reports",
    label="创业空间月报",
    delivers="snapshot",
    key=("space_name", "report_month"),
    scope=("space_name", "report_month"),
    withheld=("负责人", "联系电话", "填表人", "典型事迹", "备注", "存在问题"),
    rules=(
        RowRule("persons_over_person_times", "new_women_persons", pl.col("new_women_persons") > pl.col("person_times")),
        RowRule(
            "cumulative_under_new",
            "cumulative_women_persons",
            pl.col("cumulative_women_persons") < pl.col("new_women_persons"),
        ),
    ),
)
class SpaceReports(Lineage):
    """One space's report on one month."""

    space_name = proper_name("space_name", "空间名称", ("空间",), required=True)
    county = text("county", "所在县（市）", ("所在县", "县", "县市"))
    report_month = month("report_month", "月份", ("报告月份", "填报月份"), required=True)
    training_events = whole("training_events", "开展培训次数", ("培训次数",))
    person_times = whole("person_times", "参训人次", ("培训人次",))
    new_women_persons = whole("new_women_persons", "新增赋能女性人数", ("新增赋能女性",))
    cumulative_women_persons = whole("cumulative_women_persons", "累计赋能女性人数", ("累计赋能人数", "累计赋能女性"))
    projects = whole("projects", "孵化项目", ("孵化项目数",))
    products = whole("products", "优化产品", ("优化产品数",))
    exemplars = whole("exemplars", "培育典型", ("典型", "典型数"))
    sales_yuan = yuan("sales_yuan", "销售额", ("销售额（万元）",), unit="万元")
