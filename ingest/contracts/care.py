"""Paired care: who is paired with whom, what was done, and what it earned."""

import polars as pl

from ingest.contracts.columns import Lineage, code, day, flag, instant, person, text, tokens, whole, year
from ingest.contracts.contract import RowRule, ledger
from ingest.contracts.words import LEVEL, YES_NO

VOLUNTEER_NAME = (
    "阳光妈妈",
    "爱心妈妈",
    "阳光妈妈姓名",
    "爱心妈妈姓名",
    "结对人",
    "帮扶人",
    "志愿者姓名",
    "志愿者",
    "结对人/姓名",
    "阳光妈妈信息/姓名",
    "爱心妈妈信息/姓名",
)
VOLUNTEER_ID = (
    "阳光妈妈身份证号",
    "爱心妈妈身份证号",
    "志愿者身份证号",
    "结对人身份证号",
    "阳光妈妈信息/身份证号",
    "爱心妈妈信息/身份证号",
)
VOLUNTEER_PHONE = (
    "联系电话",
    "阳光妈妈电话",
    "爱心妈妈电话",
    "志愿者电话",
    "手机",
    "手机号",
    "阳光妈妈信息/联系电话",
    "爱心妈妈信息/联系电话",
    "阳光妈妈手机",
)
VOLUNTEER_NUMBER = ("阳光妈妈编号", "爱心妈妈编号", "志愿者编号", "结对人编号", "阳光妈妈信息/编号")

IDENTITY = {
    "cadre": ("专职干部", "妇联干部"),
    "village_head": ("村居主席", "村妇联主席", "社区妇联主席"),
    "executive_member": ("执委", "妇联执委"),
    "counsellor": ("心理咨询师",),
    "family_educator": ("家庭教育指导师", "家教指导师"),
    "social_volunteer": ("社会志愿者", "志愿者"),
}
ROLE = {"primary": ("主结对", "主", "第一结对人"), "assistant": ("协助", "协助结对", "辅助")}
MODE = {"one_to_one": ("一对一",), "one_to_many": ("一对多",), "many_to_one": ("多对一",)}
END_REASON = {
    "came_of_age": ("儿童年满18", "儿童年满18周岁", "年满18周岁"),
    "moved_away": ("迁出", "儿童迁出"),
    "care_restored": ("监护恢复",),
    "volunteer_left": ("志愿者离岗", "离岗"),
    "replaced": ("更换", "更换结对人"),
    "other": ("其他",),
}
ACTIVITY_KIND = {
    "home_visit": ("走访排查", "走访", "入户走访"),
    "safety_talk": ("安全知识讲解", "安全讲解"),
    "family_education": ("家教知识宣讲", "家教宣讲"),
    "counselling": ("儿童心理抚慰", "心理抚慰"),
    "study_tour": ("陪伴研学", "研学"),
    "phone_call": ("电话访谈",),
    "birthday": ("生日陪伴",),
    "tutoring": ("学业辅导",),
}
ACTIVITY_MODE = {"at_home": ("入户",), "phone": ("电话",), "video": ("视频",), "group": ("集体",)}
ACTIVITY_STATUS = {"valid": ("有效",), "backfilled": ("补录",), "withdrawn": ("撤回",), "void": ("作废",)}
POINT_RULE = {
    "home_visit": ("入户走访", "走访"),
    "activity": ("组织活动", "参加活动"),
    "training": ("参加培训",),
    "report": ("报送信息", "信息报送"),
    "reversal": ("冲销", "撤回冲销"),
}
HONOUR_LEVEL = {"nation": ("国家级", "全国"), "province": ("省级",), "city": ("市级",), "county": ("县级", "区级")}


@ledger(
    dataset="pairings",
    label="结对台账",
    delivers="snapshot",
    key=("child_token", "volunteer_token", "paired_on"),
    cadence="quarterly",
    withheld=("备注", "村（社区）", "所在村居", "村居", "家庭住址"),
    rules=(
        RowRule("ended_before_paired", "ended_on", pl.col("ended_on") < pl.col("paired_on")),
        RowRule("future_day", "paired_on", pl.col("paired_on") > pl.col("received_on")),
        RowRule("background_check_missing", "background_check", pl.col("background_check").is_null()),
    ),
)
class Pairings(
    Lineage,
    person(
        "child",
        "children",
        id_no=("儿童身份证号", "儿童信息/身份证号", "儿童身份证号码", "受助儿童/身份证号"),
        number=("儿童编号", "儿童信息/编号", "档案编号", "儿童信息/儿童编号"),
        name=("儿童姓名", "受助儿童", "孩子姓名", "儿童信息/姓名"),
    ),
    person(
        "volunteer", "adults", id_no=VOLUNTEER_ID, number=VOLUNTEER_NUMBER, name=VOLUNTEER_NAME, phone=VOLUNTEER_PHONE
    ),
):
    """One child paired with one volunteer in one role from one day on, as one row of a sender's ledger."""

    township = text("township", "乡镇（街道）", ("乡镇", "镇街", "乡镇街道"))
    role = code("role", "结对角色", ROLE, ("角色",))
    volunteer_level = code("volunteer_level", "层级", LEVEL, ("身份层级", "阳光妈妈信息/层级", "爱心妈妈信息/层级"))
    volunteer_identity = code(
        "volunteer_identity", "身份", IDENTITY, ("阳光妈妈信息/身份", "人员身份", "爱心妈妈信息/身份")
    )
    paired_on = day("paired_on", "结对时间", ("结对日期", "帮扶起始时间", "建立结对时间"), required=True)
    pairing_mode = code("pairing_mode", "结对方式", MODE)
    ended_on = day("ended_on", "解除时间", ("解除日期",))
    end_reason = code("end_reason", "解除原因", END_REASON)
    has_pledge = flag("has_pledge", "承诺书", YES_NO, ("是否签订承诺书",))
    background_check = code(
        "background_check", "背景核查", {"done": ("已", "已核查", "是"), "pending": ("未", "未核查", "否")}
    )


@ledger(
    dataset="care_activities",
    label="关爱活动台账",
    delivers="increment",
    key=("activity_id",),
    version="updated_at",
    due_day=5,
    withheld=("地点", "活动地点", "内容记录", "活动内容", "照片"),
    rules=(
        RowRule(
            "entered_before_happened",
            "entered_at",
            pl.col("entered_at").dt.convert_time_zone("Asia/Shanghai").dt.date() < pl.col("happened_on"),
        ),
        RowRule("future_day", "happened_on", pl.col("happened_on") > pl.col("received_on")),
        RowRule("activity_too_long", "minutes", pl.col("minutes") > 600),
        RowRule(
            "participants_differ",
            "children_count",
            pl.col("child_number_tokens").list.len().cast(pl.Int64) != pl.col("children_count"),
        ),
    ),
)
class CareActivities(
    Lineage,
    person("volunteer", "adults", number=VOLUNTEER_NUMBER, name=VOLUNTEER_NAME, phone=VOLUNTEER_PHONE, optional=True),
):
    """One care activity in one state of its record, as one row of an activity ledger."""

    activity_id = text("activity_id", "活动编号", ("编号",), required=True)
    activity_kind = code("activity_kind", "活动类型", ACTIVITY_KIND, ("类型", "活动类别"), required=True)
    happened_on = day("happened_on", "活动日期", ("活动时间", "开展日期"), required=True)
    entered_at = instant("entered_at", "录入时间", required=True)
    updated_at = instant("updated_at", "更新时间", ("修改时间",), required=True)
    mode = code("mode", "开展方式", ACTIVITY_MODE, ("方式",))
    has_contact = flag("has_contact", "是否见到儿童", YES_NO, ("是否成功",))
    minutes = whole("minutes", "时长（分钟）", ("时长", "活动时长（分钟）"))
    child_number_tokens = tokens("child_numbers", "儿童编号", ("参与儿童编号", "儿童编号（可多个）"), domain="children")
    children_count = whole("children_count", "参与儿童数", ("儿童人数",))
    guardians_count = whole("guardians_count", "参与家长数", ("家长人数",))
    has_issue = flag("has_issue", "发现问题", YES_NO, ("是否发现问题",))
    referral_id = text("referral_id", "线索编号")
    status = code("status", "状态", ACTIVITY_STATUS, required=True)
    photos = whole("photos", "照片数")


@ledger(
    dataset="points",
    label="积分明细",
    delivers="increment",
    key=("entry_id",),
    withheld=("备注", "说明"),
    rules=(RowRule("future_day", "earned_on", pl.col("earned_on") > pl.col("received_on")),),
)
class Points(
    Lineage,
    person(
        "volunteer", "adults", id_no=VOLUNTEER_ID, number=VOLUNTEER_NUMBER, name=VOLUNTEER_NAME, phone=VOLUNTEER_PHONE
    ),
):
    """One movement of points of one volunteer; a reversal is an entry of its own."""

    entry_id = text("entry_id", "流水号", ("积分流水号",), required=True)
    earned_on = day("earned_on", "积分日期", ("日期", "发生日期"), required=True)
    rule_code = code("rule_code", "积分项目", POINT_RULE, ("项目", "积分规则"), required=True)
    points = whole("points", "积分", ("分值", "得分"), required=True)
    child_number_tokens = tokens("child_numbers", "儿童编号", domain="children")
    activity_id = text("activity_id", "活动编号")
    reverses_entry_id = text("reverses_entry_id", "冲销流水号", ("原流水号",))


@ledger(
    dataset="honours",
    label="选树表彰名单",
    delivers="snapshot",
    key=("honour_name", "edition_year", "volunteer_token"),
    scope=("honour_name", "edition_year"),
    cadence="yearly",
    due_day=31,
    withheld=("主要事迹", "备注", "单位"),
)
class Honours(
    Lineage,
    person(
        "volunteer",
        "adults",
        id_no=VOLUNTEER_ID,
        number=VOLUNTEER_NUMBER,
        name=("姓名", *VOLUNTEER_NAME),
        phone=VOLUNTEER_PHONE,
    ),
):
    """One volunteer honoured in one edition of one award."""

    honour_name = text("honour_name", "荣誉名称", ("称号", "表彰名称"), required=True)
    edition_year = year("edition_year", "年度", ("年份", "表彰年度"), required=True)
    awarded_on = day("awarded_on", "表彰时间", ("表彰日期", "授予时间"), month_will_do=True)
    honour_level = code("honour_level", "荣誉级别", HONOUR_LEVEL, ("级别",))
