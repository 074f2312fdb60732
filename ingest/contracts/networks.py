"""The network of women's groups: which units there are, and what they do."""

import polars as pl

from ingest.contracts.columns import Lineage, code, day, person, proper_name, text, whole
from ingest.contracts.contract import RowRule, ledger

UNIT_KIND = {
    "group": ("功能型妇女小组", "妇女小组", "小组"),
    "micro_home": ("妇女微家", "微家"),
    "industry_federation": ("行业妇联",),
    "firm_federation": ("企业妇联",),
    "womens_home": ("妇女之家",),
}
HOME_KIND = {
    "village_talk": ("湾组谈心说事", "湾组谈心说事微家"),
    "trade_mutual_aid": ("行业合作互助", "行业合作互助微家"),
    "community_service": ("社区志愿服务", "社区志愿服务微家"),
    "ecommerce": ("电商特色", "电商"),
}
BOND = {"place": ("地缘",), "interest": ("趣缘",), "trade": ("业缘",)}
LEADER_IDENTITY = {
    "executive_member": ("村妇联执委", "执委", "妇联执委"),
    "capable_woman": ("女能人",),
    "party_member": ("党员", "女党员"),
    "entrepreneur": ("致富带头人", "女性创业典型"),
    "volunteer": ("巾帼志愿者",),
    "mediator": ("调解员", "巾帼调解员"),
    "social_worker": ("社工", "女性社会工作者"),
    "grid_worker": ("网格员", "女网格员"),
}
UNIT_STATUS = {"active": ("正常", "在运行", "运行中"), "closed": ("撤销", "停办", "已撤")}
UNIT_SERVICE = {
    "care_guidance": ("养老抚幼",),
    "counselling": ("心理疏导",),
    "marriage": ("婚姻调适",),
    "skills": ("技能", "技能培训"),
    "recreation": ("文娱", "文化娱乐"),
    "volunteering": ("志愿", "志愿服务"),
}
UNIT_NAME = ("名称", "组织名称", "小组/微家名称", "单元名称", "微家名称")


@ledger(
    dataset="org_units",
    label="妇女小组与微家登记表",
    delivers="snapshot",
    key=("unit_kind", "township", "village", "unit_name"),
    cadence="quarterly",
    withheld=("备注", "活动内容", "活动频次", "地址"),
    rules=(
        RowRule("future_day", "founded_on", pl.col("founded_on") > pl.col("received_on")),
        RowRule("covered_over_resident", "covered_women", pl.col("covered_women") > pl.col("resident_women")),
    ),
)
class OrgUnits(
    Lineage,
    person(
        "leader",
        "adults",
        id_no=("负责人身份证号",),
        name=("负责人", "微家长", "负责人姓名", "组长"),
        phone=("联系电话", "负责人电话", "手机"),
        optional=True,
    ),
):
    """One women's group, micro home or federation in a trade or firm, as one row of a county's register."""

    unit_number = text("unit_number", "编号", ("单元编号", "组织编号"))
    unit_name = proper_name("unit_name", "名称", UNIT_NAME[1:], required=True)
    unit_kind = code("unit_kind", "类别", UNIT_KIND, ("组织类别", "类型"), required=True)
    home_kind = code("home_kind", "微家类型", HOME_KIND)
    bond = code("bond", "纽带", BOND)
    leader_identity = code("leader_identity", "负责人身份", LEADER_IDENTITY, ("身份",))
    township = text("township", "所在乡镇", ("乡镇", "乡镇（街道）", "镇街"))
    village = text("village", "所在村（社区）", ("村（社区）", "村", "村居"))
    hamlet = text("hamlet", "湾组", ("所在湾组", "小区"))
    site = proper_name("site", "活动场所", ("所在园区", "阵地", "园区"))
    founded_on = day("founded_on", "成立时间", ("成立日期",), month_will_do=True)
    members = whole("members", "成员数", ("成员人数",))
    covered_women = whole("covered_women", "覆盖妇女数", ("覆盖妇女人数", "服务妇女数"))
    resident_women = whole("resident_women", "妇女总数", ("湾组妇女总数", "常住妇女数"))
    status = code("status", "状态", UNIT_STATUS)


@ledger(
    dataset="unit_activities",
    label="小组与微家活动记录",
    delivers="increment",
    key=("activity_id",),
    withheld=("活动内容", "照片", "备注"),
    rules=(RowRule("future_day", "happened_on", pl.col("happened_on") > pl.col("received_on")),),
)
class UnitActivities(Lineage):
    """One activity of one women's group or micro home."""

    activity_id = text("activity_id", "活动编号", ("记录编号",), required=True)
    unit_name = proper_name("unit_name", "名称", UNIT_NAME[1:], required=True)
    unit_kind = code("unit_kind", "类别", UNIT_KIND, ("组织类别",))
    township = text("township", "所在乡镇", ("乡镇", "乡镇（街道）", "镇街"))
    happened_on = day("happened_on", "活动日期", ("活动时间", "日期"), required=True)
    theme = text("theme", "活动主题", ("主题",))
    service_kind = code("service_kind", "服务类型", UNIT_SERVICE, ("类型",))
    person_times = whole("person_times", "参与人次", ("参加人次", "人次"))
