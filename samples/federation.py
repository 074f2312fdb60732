"""The organisations outside the first city: the provinces, cities, counties, bureaus and foundations of the page.

Codes are GB/T 2260 as of 2023, before 渝北区 and 江北区 became parts of a new district; three functional areas of
Chongqing have no code of their own.
"""

from datetime import date

from samples.places import organisation_row, township_code

RENAMED_ON = date(2023, 8, 1)
_FORMER = {"西部科学城重庆高新区": "重庆高新技术产业开发区"}

_ABOVE = """
100000-CWDF,中国妇女发展基金会,全国,基金会,100000,,cwdf,1988年12月
130000,河北省妇女联合会,河北省,省级,100000,130000,,1949年8月
130500,邢台市妇女联合会,邢台市,市级,130000,130500,,1993-07-01
130534,清河县妇女联合会,清河县,县级,130500,130534,qinghe,1962年3月
130534-SW,清河县商务局,清河县,部门,130534,130534,qinghe-sw,2010-05-01
420000,湖北省妇女联合会,湖北省,省级,100000,420000,,1949年8月
420900,孝感市妇女联合会,孝感市,市级,420000,420900,,1993-06-01
420921,孝昌县妇女联合会,孝昌县,县级,420900,420921,xiaochang,1993-06-01
220000,吉林省妇女联合会,吉林省,省级,100000,220000,jilin,1950年3月
220000-JY,吉林省就业服务局,吉林省,部门,220000,220000,jilin-jy,2004-09-01
222400,延边朝鲜族自治州妇女联合会,延边州,市级,220000,222400,yanbian,1952年9月
222401,延吉市妇女联合会,延吉市,县级,222400,222401,,1953年5月
330000,浙江省妇女联合会,浙江省,省级,100000,330000,,1949年9月
330800,衢州市妇女联合会,衢州市,市级,330000,330800,,1985年6月
330822,常山县妇女联合会,常山县,县级,330800,330822,changshan,1961年10月
430000,湖南省妇女联合会,湖南省,省级,100000,430000,,1949年10月
430000-HNF,湖南省妇女儿童发展基金会,湖南省,基金会,430000,,hnf,2009-11-01
430600,岳阳市妇女联合会,岳阳市,市级,430000,430600,,1986年1月
430682,临湘市妇女联合会,临湘市,县级,430600,430682,linxiang,1992-09-01
431300,娄底市妇女联合会,娄底市,市级,430000,431300,,1999-01-01
431322,新化县妇女联合会,新化县,县级,431300,431322,xinhua,1950年6月
431381,冷水江市妇女联合会,冷水江市,县级,431300,431381,lengshuijiang,1969年10月
500000,重庆市妇女联合会,重庆市,省级,100000,500000,chongqing,1997-06-18
"""
_TOWNSHIPS = {
    "130534": "葛仙庄镇 连庄镇 油坊镇 谢炉镇 王官庄镇 坝营镇",
    "420921": "花园镇 丰山镇 周巷镇 小河镇 王店镇 卫店镇 白沙镇 邹岗镇",
    "330822": "天马街道 紫港街道 金川街道 白石镇 招贤镇 青石镇 球川镇 辉埠镇 芳村镇 "
    "何家乡 同弓乡 大桥头乡 新昌乡 东案乡",
}
_DISTRICTS = """
500101 万州区 500102 涪陵区 500103 渝中区 500104 大渡口区 500105 江北区 500106 沙坪坝区 500107 九龙坡区 500108 南岸区
500109 北碚区 500110 綦江区 500111 大足区 500112 渝北区 500113 巴南区 500114 黔江区 500115 长寿区 500116 江津区
500117 合川区 500118 永川区 500119 南川区 500120 璧山区 500151 铜梁区 500152 潼南区 500153 荣昌区 500154 开州区
500155 梁平区 500156 武隆区 500229 城口县 500230 丰都县 500231 垫江县 500233 忠县 500235 云阳县 500236 奉节县
500237 巫山县 500238 巫溪县 500240 石柱土家族自治县 500241 秀山土家族苗族自治县 500242 酉阳土家族苗族自治县
500243 彭水苗族土家族自治县
"""
_FUNCTIONAL = (
    ("500000-LJ", "两江新区", "2010-06-18"),
    ("500000-GX", "西部科学城重庆高新区", "2018-08-13"),
    ("500000-WS", "万盛经济技术开发区", "2011-10-22"),
)


def chongqing_units() -> dict[str, str]:
    """The 41 units of 2024, code to name: 38 districts and counties, then the three functional areas."""
    words = _DISTRICTS.split()
    return dict(zip(words[::2], words[1::2], strict=True)) | {code: name for code, name, _ in _FUNCTIONAL}


def federation_rows(told_on: date) -> list[list[str]]:
    """What the national federation lists on ``told_on``, parents first, columns as the first city's table has them."""
    above = [line.split(",") for line in _ABOVE.split()]
    rows = [[*cells[:7], "否", cells[7], ""] for cells in above]
    own_table = {"500112": "yubei"}
    for code, place in chongqing_units().items():
        if code[6:]:
            continue
        opened = "2016年6月" if code in ("500154", "500155") else "1997年6月"
        rows.append(organisation_row(code, place, "县级", "500000", own_table.get(code, ""), opened))
    for code, name, opened in _FUNCTIONAL:
        place = name if told_on >= RENAMED_ON else _FORMER.get(name, name)
        rows.append([code, f"{place}妇联", place, "功能区", "500000", "", "", "是", opened, ""])
    for county, names in _TOWNSHIPS.items():
        for n, name in enumerate(names.split()):
            rows.append(organisation_row(township_code(county, name, n), name, "乡镇", county, "", "2001年3月"))
    return rows
