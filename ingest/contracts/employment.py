"""What became of the women afterwards: follow-up calls three, six and twelve months later."""

import polars as pl

from ingest.contracts.columns import Lineage, code, day, flag, person, text, whole, yuan_range
from ingest.contracts.contract import RowRule, ledger
from ingest.contracts.words import SEX, YES_NO

COHORT_KIND = {"training": ("培训", "培训班"), "fair": ("招聘会",), "space": ("木兰空间", "空间")}
EMPLOYMENT_STATUS = {
    "employed": ("单位就业", "就业"),
    "flexible": ("灵活就业",),
    "self_employed": ("自主创业", "创业"),
    "studying": ("升学",),
    "unemployed": ("未就业",),
    "lost": ("失联", "未联系上"),
}
EVIDENCE = {
    "contract": ("劳动合同",),
    "social_insurance": ("社保缴纳", "社保"),
    "licence": ("营业执照",),
    "platform_record": ("平台流水",),
    "own_word": ("本人陈述", "口头"),
}
_DUE_ON = pl.col("cohort_on").dt.offset_by(pl.format("{}mo", pl.col("checkpoint_months")))
_DAYS_LATE = (pl.col("checked_on") - _DUE_ON).dt.total_days()


@ledger(
    dataset="employment_checks",
    label="就业跟踪回访表",
    delivers="snapshot",
    key=("cohort_id", "checkpoint_months", "participant_token"),
    scope=("cohort_id", "checkpoint_months"),
    cadence="irregular",
    withheld=("用人单位", "备注", "回访人", "通话记录"),
    rules=(
        RowRule("future_day", "checked_on", pl.col("checked_on") > pl.col("received_on")),
        RowRule("check_off_window", "checked_on", ~_DAYS_LATE.is_between(-15, 45)),
        RowRule("income_implausible", "monthly_income", pl.col("income_high_yuan") > 100_000),
    ),
)
class EmploymentChecks(
    Lineage,
    person(
        "participant",
        "adults",
        id_no=("身份证号", "身份证号码"),
        number=("学员编号", "求职者编号"),
        name=("姓名", "学员姓名"),
        phone=("联系电话", "手机", "电话"),
    ),
):
    """One woman of one cohort at one follow-up point."""

    cohort_id = text("cohort_id", "批次编号", ("班次编号", "期次", "场次编号"), required=True)
    cohort_kind = code("cohort_kind", "批次类型", COHORT_KIND)
    cohort_on = day("cohort_on", "基准日期", ("结业日期", "结业时间", "招聘会日期"), required=True)
    checkpoint_months = whole("checkpoint_months", "回访节点（月）", ("回访节点", "节点"), required=True)
    sex = code("sex", "性别", SEX)
    has_contact = flag("has_contact", "是否联系上", YES_NO)
    status = code("status", "就业状态", EMPLOYMENT_STATUS, ("目前状态",), required=True)
    hired_on = day("hired_on", "入职日期", ("入职时间",), month_will_do=True)
    is_related = flag("is_related", "是否与培训相关", YES_NO, ("与培训相关",))
    income_low_yuan, income_high_yuan = yuan_range("monthly_income", "月收入", ("月收入（元）", "月均收入"))
    evidence = code("evidence", "凭证", EVIDENCE, ("凭证类型", "佐证"))
    checked_on = day("checked_on", "回访日期", ("回访时间",))
