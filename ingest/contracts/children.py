"""The register of children in need, kept by civil affairs."""

import polars as pl

from ingest.contracts.columns import Lineage, code, codes, day, flag, person, text
from ingest.contracts.contract import RowRule, ledger
from ingest.contracts.words import SEX, YES_NO

CHILD_CATEGORY = {
    "orphan": ("孤儿",),
    "unsupported": ("事实无人抚养", "事实无人抚养儿童"),
    "severe_disability": ("重残", "重度残疾"),
    "severe_illness": ("重病", "大病"),
    "poor_family": ("贫困家庭", "低保家庭", "特困家庭"),
    "rescued": ("流浪", "打拐解救", "流浪/打拐解救"),
    "unguarded": ("监护缺失", "监护失当", "监护缺失或失当"),
    "left_behind": ("留守", "留守儿童"),
    "migrant": ("流动", "流动儿童"),
    "other": ("其他",),
}
LEFT_BEHIND = {
    "both_parents": ("父母双方外出", "双方外出"),
    "one_parent": ("一方外出", "父亲外出", "母亲外出", "一方外出另一方无监护能力"),
}
RELATION = {
    "parent": ("父亲", "母亲", "父母"),
    "grandparent": ("祖父", "祖母", "外祖父", "外祖母", "爷爷", "奶奶", "姥姥", "姥爷"),
    "relative": ("伯父", "叔父", "姑姑", "舅舅", "姨妈", "兄", "姐", "亲属"),
    "institution": ("福利院", "儿童福利机构"),
    "other": ("其他",),
}
CLOSE_REASON = {
    "came_of_age": ("年满18周岁", "年满十八周岁", "成年"),
    "moved_away": ("迁出", "户籍迁出"),
    "care_restored": ("监护恢复", "困境解除"),
    "adopted": ("被收养", "收养"),
    "died": ("死亡",),
    "other": ("其他",),
}


@ledger(
    dataset="children",
    label="困境儿童登记花名册",
    delivers="snapshot",
    key=("child_token",),
    cadence="quarterly",
    withheld=(
        "民族",
        "户籍地",
        "现住址",
        "家庭住址",
        "监护人",
        "监护人姓名",
        "监护人电话",
        "就读学校",
        "年级",
        "就读学校/年级",
        "需求",
        "备注",
    ),
    rules=(
        RowRule("future_day", "registered_on", pl.col("registered_on") > pl.col("received_on")),
        RowRule("closed_before_registered", "closed_on", pl.col("closed_on") < pl.col("registered_on")),
        RowRule("sex_contradicts_id", "sex", pl.col("sex").cast(pl.String) != pl.col("child_id_sex")),
        RowRule(
            "closed_without_date", "close_reason", pl.col("closed_on").is_null() & pl.col("close_reason").is_not_null()
        ),
    ),
)
class Children(
    Lineage,
    person(
        "child",
        "children",
        id_no=("身份证号码", "身份证号", "公民身份号码", "证件号码", "身份证", "儿童身份证号"),
        number=("档案编号", "儿童编号", "登记编号"),
        name=("姓名", "儿童姓名", "未成年人姓名"),
        birth=("出生日期", "出生年月"),
    ),
):
    """One child in need, as one row of a civil affairs register at one date."""

    sex = code("sex", "性别", SEX)
    county = text("county", "县（市、区）", ("区县", "县区", "所属区县"))
    township = text("township", "乡镇（街道）", ("乡镇", "镇街", "乡镇街道"))
    categories = codes("categories", "困境类型", CHILD_CATEGORY, ("儿童类别", "困境类别"))
    left_behind_kind = code("left_behind_kind", "留守类型", LEFT_BEHIND)
    guardian_relation = code("guardian_relation", "与儿童关系", RELATION, ("与监护人关系", "监护人与儿童关系"))
    is_boarding = flag("is_boarding", "是否寄宿", YES_NO)
    registered_on = day(
        "registered_on", "纳入时间", ("纳入日期", "登记日期", "登记时间"), required=True, month_will_do=True
    )
    closed_on = day("closed_on", "退出时间", ("退出日期",), month_will_do=True)
    close_reason = code("close_reason", "退出原因", CLOSE_REASON)
