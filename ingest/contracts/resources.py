"""Money and monthly service counts."""

import polars as pl

from ingest.contracts.columns import Lineage, code, day, month, text, whole, year, yuan
from ingest.contracts.contract import RowRule, ledger
from ingest.contracts.words import LEVEL

FUND_SOURCE = {
    "city_budget": ("市级财政", "市财政"),
    "county_budget": ("县级财政", "县财政", "区财政"),
    "higher_grant": ("上级专项",),
    "charity_fund": ("慈善基金",),
    "firm_donation": ("企业捐赠",),
    "personal_donation": ("个人捐赠",),
}
SERVICE_KIND = {
    "hotline": ("心理热线", "热线", "心理健康热线"),
    "mediation": ("婚姻调解", "婚调", "调解"),
    "counselling": ("心理辅导", "个案辅导"),
    "family_class": ("公益课堂", "送课", "阳光家教课堂"),
}
SERVICE_SOURCE = {
    "education": ("教育", "教育局", "教育部门"),
    "court": ("法院",),
    "procuratorate": ("检察院", "检察"),
    "self": ("自主求助", "群众", "自行来电"),
    "federation": ("妇联", "妇联转介"),
}


@ledger(
    dataset="funds",
    label="经费与善款台账",
    delivers="snapshot",
    key=("fiscal_year", "voucher_id"),
    scope=("fiscal_year",),
    cadence="yearly",
    due_day=31,
    withheld=("备注", "经办人", "受益人"),
    rules=(RowRule("spent_over_received", "spent_yuan", pl.col("spent_yuan") > pl.col("received_yuan")),),
)
class Funds(Lineage):
    """One budget, receipt or expenditure entry of one fiscal year."""

    fiscal_year = year("fiscal_year", "年度", ("年份", "预算年度"), required=True)
    voucher_id = text("voucher_id", "凭证号", ("凭证编号",), required=True)
    fund_source = code("fund_source", "资金来源", FUND_SOURCE, ("来源",), required=True)
    project = text("project", "项目", ("项目名称",))
    budget_yuan = yuan("budget_yuan", "预算数", ("预算金额", "预算数（万元）"))
    received_yuan = yuan("received_yuan", "到账数", ("到账金额", "到账数（万元）"))
    spent_yuan = yuan("spent_yuan", "支出数", ("支出金额", "支出数（万元）", "拨付金额"))
    spent_cumulative_yuan = yuan("spent_cumulative_yuan", "累计支出", ("累计支出（万元）",))
    households = whole("households", "受益户数", ("户数",))
    persons = whole("persons", "受益人数", ("人数",))
    paid_on = day("paid_on", "拨付日期", ("拨付时间", "到账日期"), month_will_do=True)


@ledger(
    dataset="support_services",
    label="热线与调解月报",
    delivers="snapshot",
    key=("service_month", "service_kind", "source", "level"),
    scope=("service_month",),
    withheld=("备注", "填报人"),
)
class SupportServices(Lineage):
    """One organisation's count of one kind of service from one source at one level in one month; no person rows."""

    service_month = month("service_month", "月份", ("统计月份", "报表月份"), required=True)
    service_kind = code("service_kind", "服务类型", SERVICE_KIND, ("类型", "服务类别"), required=True)
    source = code("source", "推送来源", SERVICE_SOURCE, ("来源",))
    level = code("level", "层级", LEVEL, ("服务层级",))
    case_events = whole("case_events", "服务件数", ("件数", "接听次数", "调解件数"))
    served_person_times = whole("served_person_times", "服务人次", ("人次",))
    service_posts = whole("service_posts", "岗位数", ("服务岗数", "调解服务岗"))
