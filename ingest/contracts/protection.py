"""Clues that a child may be harmed, and how fast they were handled."""

import polars as pl

from ingest.contracts.columns import Lineage, code, codes, flag, instant, person, text
from ingest.contracts.contract import RowRule, ledger

SOURCE = {
    "visit": ("走访",),
    "hotline": ("热线",),
    "school": ("学校",),
    "court": ("法院",),
    "procuratorate": ("检察院",),
    "police": ("公安",),
    "public": ("群众",),
}
HARM = {
    "physical": ("身体侵害", "殴打"),
    "sexual": ("性侵害",),
    "neglect": ("忽视", "监护缺失"),
    "mental": ("精神侵害", "心理侵害"),
    "other": ("其他",),
}
SEVERITY = {"high": ("高", "重大"), "medium": ("中", "一般"), "low": ("低", "轻微")}
AGENCY = {
    "police": ("公安", "公安局"),
    "procuratorate": ("检察", "检察院"),
    "court": ("法院",),
    "justice": ("司法", "司法局"),
    "civil_affairs": ("民政", "民政局"),
    "education": ("教育", "教育局"),
}


@ledger(
    dataset="referrals",
    label="侵害线索处置单",
    delivers="increment",
    key=("referral_id",),
    version="updated_at",
    withheld=("处置结果", "线索内容", "备注"),
    rules=(
        RowRule("milestones_out_of_order", "reported_at", pl.col("reported_at") < pl.col("found_at")),
        RowRule("milestones_out_of_order", "handled_at", pl.col("handled_at") < pl.col("found_at")),
    ),
)
class Referrals(
    Lineage,
    person("child", "children", id_no=("儿童身份证号", "身份证号"), number=("儿童编号",), optional=True),
):
    """One protection clue in one state of its handling."""

    referral_id = text("referral_id", "线索编号", ("线索号",), required=True)
    county = text("county", "县（市、区）", ("区县",))
    found_at = instant("found_at", "发现时间", required=True)
    source = code("source", "线索来源", SOURCE, ("来源",))
    harm_kind = code("harm_kind", "侵害类型", HARM)
    severity = code("severity", "严重程度", SEVERITY)
    intervened_at = instant("intervened_at", "介入时间", ("首次介入时间",))
    reported_at = instant("reported_at", "上报时间")
    agencies = codes("agencies", "转办部门", AGENCY, ("上报部门",))
    handled_at = instant("handled_at", "处置时间")
    closed_at = instant("closed_at", "结案时间")
    reopened_at = instant("reopened_at", "重启时间")
    updated_at = instant("updated_at", "更新时间", required=True)
    is_deleted = flag("is_deleted", "是否删除", {"yes": ("1", "是", "true"), "no": ("0", "否", "false")})
