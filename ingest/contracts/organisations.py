"""The federation's own tree, kept centrally."""

from ingest.contracts.columns import Lineage, code, day, flag, text
from ingest.contracts.contract import ledger
from ingest.contracts.words import YES_NO

ORG_LEVEL = {
    "nation": ("全国", "国家"),
    "province": ("省", "省级"),
    "city": ("市", "市级"),
    "county": ("县", "县级", "区", "区县"),
    "functional_area": ("功能区",),
    "township": ("乡镇", "乡级", "镇", "街道"),
    "village": ("村", "村级", "社区"),
    "foundation": ("基金会",),
    "bureau": ("部门", "局", "委办局"),
}


@ledger(
    dataset="organisations",
    label="妇联组织机构表",
    delivers="snapshot",
    key=("org_code",),
    cadence="yearly",
    due_day=31,
)
class Organisations(Lineage):
    """One organisation of the federation, or a bureau beside it, as the central organisation table lists it."""

    org_code = text("org_code", "机构代码", ("组织代码",), required=True)
    org_name = text("org_name", "机构名称", ("组织名称", "单位名称"), required=True)
    place_name = text("place_name", "所在区域", ("区域名称", "行政区域"))
    level = code("level", "层级", ORG_LEVEL, ("机构层级",), required=True)
    parent_code = text("parent_code", "上级机构代码", ("上级代码",))
    region_code = text("region_code", "行政区划代码", ("区划代码",))
    sender_id = text("sender_id", "报送代号", ("报送单位代号",))
    is_functional_area = flag("is_functional_area", "是否功能区", YES_NO)
    opened_on = day("opened_on", "成立日期", ("成立时间",), month_will_do=True)
    closed_on = day("closed_on", "撤销日期", ("撤销时间",), month_will_do=True)
