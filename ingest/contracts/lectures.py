"""Lectures on family education: the catalogue, what districts order, and what was held."""

import polars as pl

from ingest.contracts.columns import Lineage, code, day, instant, person, text, texts, whole, year
from ingest.contracts.contract import RowRule, ledger

VENUE = {
    "community": ("社区", "渝好空间", "家长学校", "社区家长学校"),
    "school": ("学校",),
    "office": ("机关",),
    "firm": ("企业",),
    "new_organisation": ("三新组织", "“三新”组织", "三新"),
}
AUDIENCE = {"ordinary": ("普通家庭",), "in_need": ("特殊困境儿童家庭", "困境儿童家庭")}
ORDER_STATUS = {
    "ordered": ("点单", "已点单"),
    "scheduled": ("已排", "已排期"),
    "delivered": ("已完成", "完成"),
    "cancelled": ("取消", "已取消"),
    "rescheduled": ("改期",),
}
_RATED = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")


@ledger(
    dataset="courses",
    label="课程与讲师目录",
    delivers="snapshot",
    key=("catalogue_year", "course_id"),
    scope=("catalogue_year",),
    cadence="yearly",
    due_day=31,
    withheld=("讲师简介", "讲师资质", "备注", "课程简介"),
)
class Courses(Lineage, person("lecturer", "adults", number=("讲师编号",), name=("讲师", "讲师姓名"), optional=True)):
    """One course in the catalogue of one year, with the lecturer who gives it."""

    catalogue_year = year("catalogue_year", "年度", ("目录年度",), required=True)
    course_id = text("course_id", "课程编号", required=True)
    category = text("category", "类别", ("课程类别",), required=True)
    course_name = text("course_name", "课程名称", ("课程",), required=True)
    stage = text("stage", "适用学段", ("学段",))
    audience = text("audience", "对象", ("适用对象",))
    minutes = whole("minutes", "时长（分钟）", ("时长",))


@ledger(
    dataset="lecture_orders",
    label="区县点单",
    delivers="increment",
    key=("order_id",),
    version="updated_at",
    withheld=("联系人", "联系电话", "备注"),
)
class LectureOrders(Lineage):
    """One district's order of one course, in one state."""

    order_id = text("order_id", "订单号", required=True)
    county = text("county", "区县", required=True)
    course_id = text("course_id", "课程编号", required=True)
    ordered_at = instant("ordered_at", "点单时间", required=True)
    wanted_on = day("wanted_on", "期望时间", ("期望日期",), month_will_do=True)
    venue_kind = code("venue_kind", "场所类型", VENUE)
    audience_kind = code("audience_kind", "面向", AUDIENCE)
    status = code("status", "状态", ORDER_STATUS, required=True)
    scheduled_on = day("scheduled_on", "排定日期", ("排期日期",))
    updated_at = instant("updated_at", "更新时间", required=True)


@ledger(
    dataset="lectures",
    label="讲座开展与反馈",
    delivers="increment",
    key=("lecture_id",),
    cadence="irregular",
    withheld=("地点", "讲座地点", "照片", "意见建议", "备注", "填报人"),
    rules=(
        RowRule("future_day", "lectured_on", pl.col("lectured_on") > pl.col("received_on")),
        RowRule("ratings_over_attendance", "onsite_persons", pl.sum_horizontal(*_RATED) > pl.col("onsite_persons")),
    ),
)
class Lectures(Lineage, person("lecturer", "adults", number=("讲师编号",), name=("讲师", "主讲人"), optional=True)):
    """One lecture that was held, for one district or several."""

    lecture_id = text("lecture_id", "场次编号", ("讲座编号",), required=True)
    order_ids = texts("order_ids", "订单号", ("对应订单",))
    counties = texts("counties", "区县", ("所属区县", "举办区县"), required=True)
    course_id = text("course_id", "课程编号")
    lectured_on = day("lectured_on", "讲座时间", ("开展时间", "实际时间", "讲座日期"), required=True)
    venue_kind = code("venue_kind", "场所类型", VENUE, ("场所",))
    audience_kind = code("audience_kind", "面向", AUDIENCE)
    onsite_persons = whole("onsite_persons", "现场人数", ("到场人数", "现场听课人数"))
    online_person_times = whole("online_person_times", "线上观看人次", ("直播观看人次",))
    very_satisfied = whole("very_satisfied", "非常满意", ("满意度/非常满意",))
    satisfied = whole("satisfied", "满意", ("满意度/满意", "比较满意"))
    neutral = whole("neutral", "一般", ("满意度/一般",))
    dissatisfied = whole("dissatisfied", "不满意", ("满意度/不满意", "不太满意"))
    very_dissatisfied = whole("very_dissatisfied", "非常不满意", ("满意度/非常不满意", "很不满意"))
