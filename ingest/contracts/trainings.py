"""Training classes and who attended them; the same for every programme."""

import polars as pl

from ingest.contracts.columns import Lineage, code, day, flag, person, text, whole
from ingest.contracts.contract import RowRule, ledger
from ingest.contracts.words import SEX, YES_NO

ATTENDANCE = {
    "present": ("到", "√", "✓"),
    "absent": ("不到", "○", "缺"),
    "on_leave": ("假", "×", "请假"),
    "late": ("迟", "迟到", "¢"),
    "left_early": ("早退", "△"),
}
CLASS_LEVEL = {
    "nation": ("国家级", "全国"),
    "province": ("省级", "省"),
    "city": ("市级", "市"),
    "county": ("县级", "县", "区级", "区"),
}
STATUS_BEFORE = {
    "unemployed": ("未就业", "无业"),
    "employed": ("就业", "在业", "在职"),
    "self_employed": ("创业", "自主创业"),
}


@ledger(
    dataset="trainings",
    label="培训花名册",
    delivers="snapshot",
    key=("class_id", "trainee_token"),
    scope=("class_id",),
    cadence="irregular",
    withheld=("备注", "单位", "工作单位", "户籍", "户籍/单位", "证书编号", "文化程度", "考核成绩"),
    rules=(
        RowRule("class_ends_before_start", "ends_on", pl.col("ends_on") < pl.col("starts_on")),
        RowRule(
            "completed_without_attendance",
            "is_completed",
            pl.col("is_completed") & pl.col("attendance").cast(pl.String).is_in(["absent", "on_leave"]),
        ),
    ),
)
class Trainings(
    Lineage,
    person(
        "trainee",
        "adults",
        id_no=("身份证号", "身份证号码", "学员身份证号"),
        name=("姓名", "学员姓名"),
        phone=("联系电话", "手机号", "手机", "电话"),
    ),
):
    """One person in one training class, as one row of a class roster."""

    class_id = text("class_id", "班次编号", ("期次", "班级编号", "班次"), required=True)
    class_name = text("class_name", "班次名称", ("培训班名称", "班级名称", "培训名称"), required=True)
    class_level = code("class_level", "班次级别", CLASS_LEVEL, ("办班级别", "级别"))
    organiser = text("organiser", "培训机构", ("主办单位", "承办单位"))
    starts_on = day("starts_on", "开班时间", ("培训时间", "培训日期", "开始日期"), required=True)
    ends_on = day("ends_on", "结束时间", ("结业时间", "结束日期"))
    hours = whole("hours", "课时", ("学时",))
    home_province = text("home_province", "来源省份", ("省份", "来自省（区、市）"))
    sex = code("sex", "性别", SEX)
    attendance = code("attendance", "签到", ATTENDANCE, ("出勤",))
    is_completed = flag("is_completed", "是否结业", YES_NO, ("结业",))
    status_before = code("status_before", "培训前状态", STATUS_BEFORE)
