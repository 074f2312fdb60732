"""The headers that each sender writes: our field = their header, in the order of their columns."""


def _headers(lines: str) -> dict[str, str]:
    """Read ``field=header`` words into a mapping that keeps their order."""
    return dict(word.split("=") for word in lines.split())


_OFFICIAL = _headers("""
    number=活动编号 kind=活动类型 day=活动日期 entered=录入时间 updated=更新时间 mode=开展方式 contact=是否见到儿童
    minutes=时长（分钟） volunteer=阳光妈妈编号 name=阳光妈妈姓名 phone=手机 children=儿童编号（可多个）
    count=参与儿童数 guardians=参与家长数 place=地点 content=内容记录 issue=发现问题 referral=线索编号 status=状态
    photos=照片数
""")
ACTIVITIES = {
    "donggang": _OFFICIAL,
    "lanshan": _headers("""
        number=编号 day=开展日期 kind=活动类别 mode=方式 contact=是否成功 minutes=时长 name=志愿者姓名 phone=志愿者电话
        children=参与儿童编号 count=儿童人数 guardians=家长人数 place=活动地点 content=活动内容 issue=是否发现问题
        referral=线索编号 status=状态 entered=录入时间 updated=修改时间
    """),
    "wulian": _OFFICIAL,
    "juxian": _headers("""
        number=活动编号 kind=活动类型 day=活动时间 entered=录入时间 updated=更新时间 mode=开展方式 contact=是否见到儿童
        minutes=时长（分钟） name=爱心妈妈姓名 phone=爱心妈妈电话 children=儿童编号（可多个） count=参与儿童数
        guardians=参与家长数 place=地点 content=内容记录 issue=发现问题 referral=线索编号 status=状态
    """),
    "rizhao": _OFFICIAL | _headers("contact=见面情况 minutes=活动时长（分钟） place=活动地点 updated=最后更新"),
}
PAIRINGS = {
    "rizhao": _headers("""
        number=儿童编号 child=受助儿童 child_id=儿童身份证号码 township=镇街 volunteer_number=志愿者编号
        volunteer=志愿者姓名 volunteer_id=志愿者身份证号 phone=手机号 level=层级 identity=人员身份 role=角色
        paired_on=建立结对时间 ended_on=解除时间 end_reason=解除原因 pledge=是否签订承诺书 checked=背景核查 note=备注
    """),
    "donggang": _headers("""
        serial=序号 township=乡镇（街道） village=村（社区） number=编号 child=姓名 child_id=身份证号 volunteer=姓名
        volunteer_id=身份证号 phone=联系电话 volunteer_number=编号 level=层级 identity=身份 role=结对角色
        paired_on=结对日期 mode=结对方式 ended_on=解除日期 end_reason=解除原因 pledge=承诺书 checked=背景核查 note=备注
    """),
    "lanshan": _headers("""
        serial=序号 village=所在村居 child=孩子姓名 child_id=儿童身份证号 volunteer=帮扶人 volunteer_id=帮扶人身份证
        phone=手机 level=人员类别 identity=人员身份 paired_on=帮扶起始时间 ended_on=解除时间 end_reason=解除原因
        pledge=承诺书 checked=背景核查
    """),
    "wulian": _headers("""
        number=儿童编号 child=儿童姓名 child_id=儿童身份证号 township=乡镇（街道） volunteer=阳光妈妈姓名
        volunteer_id=阳光妈妈身份证号 phone=联系电话 volunteer_number=阳光妈妈编号 level=层级 identity=身份
        paired_on=结对时间 mode=结对方式 ended_on=解除时间 end_reason=解除原因 pledge=承诺书 checked=背景核查 note=备注
    """),
    "juxian": _headers("""
        serial=序号 village=村居 number=档案编号 child=儿童姓名 child_id=儿童身份证号 volunteer=爱心妈妈
        volunteer_id=爱心妈妈身份证号 phone=爱心妈妈电话 level=身份层级 identity=人员身份 paired_on=牵手时间
        ended_on=解除时间 end_reason=解除原因 pledge=承诺书 checked=背景核查 note=备注
    """),
}
REGISTER = _headers("""
    serial=序号 township=乡镇（街道） number=档案编号 name=姓名 sex=性别 id_no=身份证号码 birth=出生日期 nation=民族
    address=现住址 categories=困境类型 left_behind=留守类型 guardian=监护人姓名 relation=与儿童关系
    guardian_phone=监护人电话 school=就读学校/年级 boarding=是否寄宿 registered_on=纳入时间 closed_on=退出时间
    close_reason=退出原因 needs=需求 age=年龄
""")
