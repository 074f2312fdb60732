"""Job fairs: which posts were offered, who applied, and how many came."""

import polars as pl

from ingest.contracts.columns import (
    Lineage,
    code,
    codes,
    day,
    firm,
    instant,
    person,
    text,
    whole,
    year,
    yuan_range,
)
from ingest.contracts.contract import RowRule, ledger
from ingest.contracts.words import SEX

CHANNEL = {"onsite": ("现场", "线下"), "online": ("网络", "线上", "网上"), "live": ("直播带岗", "直播")}
INDUSTRY = {
    "A": ("农、林、牧、渔业", "农林牧渔业", "农业"),
    "B": ("采矿业",),
    "C": ("制造业", "医药制造业", "医药"),
    "D": ("电力、热力、燃气及水生产和供应业", "电力热力燃气及水生产和供应业"),
    "E": ("建筑业",),
    "F": ("批发和零售业", "批发零售业", "商业"),
    "G": ("交通运输、仓储和邮政业", "交通运输仓储和邮政业"),
    "H": ("住宿和餐饮业", "住宿餐饮业"),
    "I": ("信息传输、软件和信息技术服务业", "信息传输软件和信息技术服务业", "信息技术"),
    "J": ("金融业", "金融"),
    "K": ("房地产业",),
    "L": ("租赁和商务服务业", "商务服务业"),
    "M": ("科学研究和技术服务业",),
    "N": ("水利、环境和公共设施管理业", "水利环境和公共设施管理业"),
    "O": ("居民服务、修理和其他服务业", "居民服务修理和其他服务业", "居民服务业"),
    "P": ("教育",),
    "Q": ("卫生和社会工作", "卫生"),
    "R": ("文化、体育和娱乐业", "文化体育和娱乐业"),
    "S": ("公共管理、社会保障和社会组织", "公共管理社会保障和社会组织"),
    "T": ("国际组织",),
}
EDUCATION = {
    "any": ("不限",),
    "secondary": ("高中", "中专", "高中及以上"),
    "college": ("大专", "大专及以上", "专科"),
    "bachelor": ("本科", "本科及以上"),
    "master": ("硕士", "研究生", "硕士及以上"),
    "doctor": ("博士",),
}
APPLICATION_STATUS = {
    "applied": ("投递",),
    "screened": ("初筛",),
    "interviewed": ("面试",),
    "intended": ("意向",),
    "offered": ("录用",),
    "signed": ("签约",),
    "rejected": ("拒绝", "不合适"),
    "withdrawn": ("撤回",),
}
COUNTED = {
    "persons": ("人数", "人"),
    "person_times": ("人次",),
    "speakers": ("宣讲嘉宾", "嘉宾"),
    "agreements": ("合作协议", "签约协议"),
}


@ledger(
    dataset="job_posts",
    label="招聘会岗位表",
    delivers="snapshot",
    key=("fair_id", "post_id"),
    scope=("fair_id",),
    cadence="irregular",
    withheld=("联系人", "联系电话", "岗位要求", "备注", "展位"),
    rules=(RowRule("too_many_openings", "openings", pl.col("openings") > 1000),),
)
class JobPosts(Lineage, firm()):
    """One post that one firm offers at one fair, whatever the number of channels."""

    fair_id = text("fair_id", "场次编号", ("招聘会编号", "场次"), required=True)
    fair_name = text("fair_name", "招聘会名称", ("活动名称",))
    fair_on = day("fair_on", "举办日期", ("招聘会日期", "举办时间"), required=True)
    industry = code("industry", "行业", INDUSTRY, ("所属行业",))
    post_id = text("post_id", "岗位编号", ("职位编号",), required=True)
    post_name = text("post_name", "岗位名称", ("职位名称",), required=True)
    occupation = text("occupation", "职业分类", ("职业类别",))
    openings = whole("openings", "招聘人数", ("需求人数", "职位数"), unstated=("若干", "若干人", "不限", "多名"))
    education = code("education", "学历", EDUCATION, ("学历要求",))
    pay_low_yuan, pay_high_yuan = yuan_range("pay", "薪资", ("月薪", "薪资待遇"))
    work_place = text("work_place", "工作地", ("工作地点",))
    channels = codes("channels", "渠道", CHANNEL, ("招聘渠道",))


@ledger(
    dataset="job_applications",
    label="求职投递与签约",
    delivers="increment",
    key=("fair_id", "applicant_token", "post_id"),
    version="updated_at",
    cadence="irregular",
    withheld=("毕业院校", "学校", "简历", "备注"),
    rules=(RowRule("status_before_applied", "status_at", pl.col("status_at") < pl.col("applied_at")),),
)
class JobApplications(
    Lineage,
    person(
        "applicant",
        "adults",
        id_no=("身份证号", "applicant_id_no"),
        number=("求职者编号", "applicant_id"),
        name=("姓名", "applicant_name"),
        phone=("手机", "联系电话", "applicant_phone"),
    ),
):
    """One applicant's application to one post, in one state."""

    fair_id = text("fair_id", "场次编号", ("招聘会编号", "fair_code"), required=True)
    post_id = text("post_id", "岗位编号", ("职位编号", "post_no"), required=True)
    sex = code("sex", "性别", SEX)
    graduation_year = year("graduation_year", "毕业年份", ("毕业年度", "graduation_year"))
    channel = code("channel", "渠道", CHANNEL, ("投递渠道",))
    applied_at = instant("applied_at", "投递时间", ("applied_at",), required=True)
    status = code("status", "状态", APPLICATION_STATUS, required=True)
    status_at = instant("status_at", "状态时间", ("status_at",))
    updated_at = instant("updated_at", "更新时间", ("updated_at",), required=True)


@ledger(
    dataset="fair_reach",
    label="招聘会参与情况汇总",
    delivers="snapshot",
    key=("fair_id", "channel", "counted", "source_name"),
    scope=("fair_id",),
    cadence="irregular",
    withheld=("备注", "填表人", "联系电话"),
)
class FairReach(Lineage):
    """One fair's reach in one channel, counted in one unit by one school or platform; no person rows."""

    fair_id = text("fair_id", "场次编号", ("招聘会编号", "场次"), required=True)
    fair_name = text("fair_name", "招聘会名称", ("活动名称",))
    fair_on = day("fair_on", "举办日期", ("举办时间",))
    channel = code("channel", "渠道", CHANNEL, ("参与方式",), required=True)
    source_name = text("source_name", "学校或平台", ("学校", "平台", "统计单位"))
    counted = code("counted", "统计口径", COUNTED, ("口径",), required=True)
    reach = whole("reach", "数量", ("参与数量", "统计数"), required=True)
