"""Women's e-commerce: what firms sell, what a live session sold, and who the streamers are."""

import polars as pl

from ingest.contracts.columns import Lineage, code, firm, flag, instant, month, person, proper_name, text, whole, yuan
from ingest.contracts.columns import day as on_day
from ingest.contracts.contract import RowRule, ledger
from ingest.contracts.words import SEX, YES_NO

PLATFORM = {
    "taobao": ("淘宝",),
    "tmall": ("天猫",),
    "jd": ("京东",),
    "pinduoduo": ("拼多多",),
    "douyin": ("抖音",),
    "kuaishou": ("快手",),
    "channels": ("视频号", "微信视频号"),
    "1688": ("1688", "阿里巴巴"),
    "other": ("其他",),
}
REFUND_BASIS = {"applied": ("申请", "按申请"), "succeeded": ("成功", "按成功")}
ORDER_GRAIN = {"sku": ("SKU", "商品"), "order": ("订单", "主订单")}
STREAMER_LEVEL = {"entry": ("入门",), "excellent": ("优秀",), "top_hundred": ("百强",)}
STREAMER_STATUS = {"active": ("在播",), "paused": ("停播",), "changed": ("转行",)}
EMPLOYMENT_FORM = {
    "employed": ("受雇", "签约机构", "企业就业"),
    "self_employed": ("自主创业", "自主"),
    "flexible": ("灵活就业", "兼职"),
}


@ledger(
    dataset="firm_sales",
    label="电商企业月度销售",
    delivers="increment",
    key=("firm_id", "platform", "sales_month"),
    version="updated_at",
    due_day=15,
    withheld=("法人姓名", "联系人", "备注"),
    rules=(RowRule("women_over_employees", "female_employees", pl.col("female_employees") > pl.col("employees")),),
)
class FirmSales(Lineage, firm()):
    """One firm's sales on one platform in one month, in one state of the platform's figures."""

    platform = code("platform", "平台", PLATFORM, required=True)
    sales_month = month("sales_month", "月份", ("销售月份", "统计月份"), required=True)
    sales_yuan = yuan("sales_yuan", "销售额", ("销售额（万元）", "网络零售额"))
    orders = whole("orders", "订单数")
    employees = whole("employees", "从业人数", ("员工数",))
    female_employees = whole("female_employees", "女性从业人数", ("女员工数",))
    legal_person_sex = code("legal_person_sex", "法人性别", SEX)
    is_female_led = flag("is_female_led", "是否女性领办", YES_NO)
    is_women_brand = flag("is_women_brand", "是否“妇”字企业", YES_NO, ("是否妇字企业",))
    has_women_federation = flag("has_women_federation", "是否建立妇联", YES_NO)
    updated_at = instant("updated_at", "更新时间", required=True)


@ledger(
    dataset="livestreams",
    label="直播场次数据",
    delivers="increment",
    key=("platform", "session_id", "streamer_token"),
    version="extracted_at",
    withheld=("直播标题", "店铺", "备注"),
    rules=(
        RowRule("session_ends_before_start", "ends_at", pl.col("ends_at") <= pl.col("starts_at")),
        RowRule("peak_over_viewers", "peak_viewers", pl.col("peak_viewers") > pl.col("viewers")),
        RowRule("viewers_over_views", "viewers", pl.col("viewers") > pl.col("view_person_times")),
        RowRule("refund_over_sales", "refund_yuan", pl.col("refund_yuan") > pl.col("gross_yuan")),
        RowRule("session_is_a_test", "ends_at", (pl.col("ends_at") - pl.col("starts_at")).dt.total_seconds() < 60),
    ),
)
class Livestreams(
    Lineage,
    person(
        "streamer",
        "adults",
        number=("达人ID", "主播ID", "主播账号"),
        name=("主播昵称", "主播", "达人昵称"),
        optional=True,
    ),
):
    """One streamer in one live session, as the platform showed the session at one time of extraction."""

    platform = code("platform", "平台", PLATFORM, required=True)
    session_id = text("session_id", "场次ID", ("直播间ID", "直播场次ID"), required=True)
    event_name = proper_name("event_name", "活动名称", ("大促活动", "所属活动"))
    place = text("place", "主播所在地", ("地区", "来源地"))
    starts_at = instant("starts_at", "开播时间", required=True)
    ends_at = instant("ends_at", "下播时间", ("关播时间",), required=True)
    view_person_times = whole("view_person_times", "观看人次", ("累计观看人次",))
    viewers = whole("viewers", "观看人数", ("观看人数（UV）", "累计观看人数"))
    peak_viewers = whole("peak_viewers", "最高在线人数", ("最高在线",))
    average_viewers = whole("average_viewers", "平均在线人数", ("平均在线",))
    gross_yuan = yuan("gross_yuan", "成交金额")
    refund_yuan = yuan("refund_yuan", "退款金额")
    refund_basis = code("refund_basis", "退款口径", REFUND_BASIS)
    orders = whole("orders", "成交订单数", ("成交订单",))
    order_grain = code("order_grain", "订单粒度", ORDER_GRAIN)
    buyers = whole("buyers", "成交人数")
    new_followers = whole("new_followers", "新增粉丝", ("新增粉丝数",))
    extracted_at = instant("extracted_at", "导出时间", ("数据导出时间",), required=True)


@ledger(
    dataset="streamers",
    label="巾帼主播名册",
    delivers="snapshot",
    key=("streamer_token", "platform"),
    withheld=("备注", "住址", "推荐单位"),
    rules=(
        RowRule("future_day", "recognised_on", pl.col("recognised_on") > pl.col("received_on")),
        RowRule("sex_contradicts_id", "sex", pl.col("sex").cast(pl.String) != pl.col("streamer_id_sex")),
    ),
)
class Streamers(
    Lineage,
    person(
        "streamer",
        "adults",
        id_no=("身份证号", "身份证号码"),
        number=("平台账号", "主播账号", "达人ID"),
        name=("姓名", "主播姓名"),
        phone=("联系电话", "手机", "电话"),
    ),
    firm(optional=True, uscc=("所属企业信用代码", "所属企业统一社会信用代码"), name=("所属企业",)),
):
    """One streamer on one platform, as one row of a county's register."""

    platform = code("platform", "平台", PLATFORM, required=True)
    sex = code("sex", "性别", SEX)
    followers = whole("followers", "粉丝数", ("粉丝量",))
    unit_name = proper_name("unit_name", "所属微家", ("所属妇女微家",))
    level = code("level", "认定级别", STREAMER_LEVEL, ("主播级别", "级别"))
    recognised_on = on_day("recognised_on", "认定日期", ("认定时间",), month_will_do=True)
    status = code("status", "状态", STREAMER_STATUS, required=True)
    employment_form = code("employment_form", "就业形式", EMPLOYMENT_FORM)
