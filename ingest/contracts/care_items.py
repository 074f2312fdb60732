"""What every left-behind child is promised once a year."""

from ingest.contracts.columns import Lineage, code, mark, person, text, year
from ingest.contracts.contract import ledger

ITEM = {
    "birthday_party": ("集体生日会", "生日会"),
    "family_film": ("亲子电影", "观看亲子电影"),
    "family_letter": ("亲情家书", "书写亲情家书"),
    "family_activity": ("亲子活动",),
    "family_education": ("家庭教育指导", "家教指导"),
}
ITEM_STATUS = {
    "done": ("√", "✓", "是", "完成", "已完成"),
    "not_done": ("×", "否", "未完成"),
    "exempt": ("×不需要", "×不在本地", "不需要", "不在本地", "免"),
}


@ledger(
    dataset="care_items",
    label="关爱项目完成情况表",
    delivers="snapshot",
    key=("item_year", "child_token", "item_kind"),
    scope=("item_year",),
    cadence="quarterly",
    withheld=("备注", "地点", "学校", "年级", "班级", "村（社区）", "监护人"),
)
class CareItems(
    Lineage,
    person(
        "child",
        "children",
        id_no=("身份证号", "儿童身份证号", "身份证号码"),
        number=("儿童编号", "档案编号"),
        name=("姓名", "儿童姓名"),
        birth=("出生日期", "出生年月"),
    ),
):
    """One item promised to one child in one year: done, not done, or not applicable to her."""

    item_year = year("item_year", "年度", ("年份",), required=True)
    township = text("township", "乡镇（街道）", ("乡镇", "乡镇街道"))
    item_kind = code("item_kind", "项目", ITEM, ("关爱项目",), required=True)
    item_status, done_on = mark("item_status", "完成情况", ITEM_STATUS, ("完成",), dated="done")
