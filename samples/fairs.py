"""Three job fairs of one province: which firms offered which posts at each."""

import random
from dataclasses import dataclass, replace
from datetime import date

from samples.firms import unified_code
from samples.world import World

FIRMS, POSTS, LIVE_FIRMS = 728, 1188, 7
_SERIAL = 300_000
_BRANDS = "鑫瑞恒泰博远宏达华盛嘉禾德润天成金石长白松江吉安北辰"
_PLACES = ("长春", "吉林", "延边", "通化", "四平", "白城", "松原", "辽源", "白山", "延吉")
_TRADES = {
    "金融": ("商业银行股份有限公司", ("客户经理", "柜员", "风险管理岗")),
    "商业": ("商贸有限公司", ("采购专员", "门店管培生", "电商运营")),
    "医药": ("药业有限公司", ("质检员", "药物研发助理", "医药代表")),
    "制造业": ("汽车零部件有限公司", ("工艺工程师", "质量工程师", "生产管培生")),
    "教育": ("教育咨询有限公司", ("小学教师", "课程顾问", "朝鲜语教师")),
    "信息技术": ("信息技术有限公司", ("前端开发", "测试工程师", "数据标注员")),
    "卫生和社会工作": ("医院有限公司", ("护士", "检验技师", "健康管理师")),
    "农、林、牧、渔业": ("农业发展有限公司", ("农艺师", "参茸检验员")),
    "建筑业": ("建设工程有限公司", ("资料员", "造价员")),
    "住宿和餐饮业": ("酒店管理有限公司", ("前厅接待", "营养师")),
    "交通运输、仓储和邮政业": ("物流有限公司", ("调度员", "客服专员")),
    "文化、体育和娱乐业": ("文化传媒有限公司", ("编导", "冰雪教练")),
    "商务服务业": ("人力资源有限公司", ("招聘专员", "会计")),
    "科学研究和技术服务业": ("检测技术有限公司", ("实验员", "标准化专员")),
    "电力、热力、燃气及水生产和供应业": ("能源有限公司", ("抄核收", "安全员")),
    "房地产业": ("物业服务有限公司", ("管家", "行政专员")),
    "居民服务业": ("家政服务有限公司", ("养老护理员", "育婴师")),
    "水利、环境和公共设施管理业": ("文旅发展有限公司", ("讲解员", "票务")),
}
_OPENINGS = (1, 2, 2, 3, 5, "5人", 8, 10, "10余", 15, 20, 30)
_PAYS = ("5-8K", "面议", "年薪10万", "3000-5000", "8000元/月", "1万以上", "4000—6000元", "6K-9K", 4500)
_EDUCATION = ("本科", "本科及以上", "大专及以上", "不限", "硕士", "大专")
_CHANNELS = ("现场、网络", "现场", "网络", "现场/网络", "线上，线下")


@dataclass(frozen=True)
class Fair:
    """One fair; ``prefix`` begins the numbers of its posts."""

    code: str
    name: str
    held_on: date
    prefix: str


@dataclass(frozen=True)
class Firm:
    """One firm as it writes itself; ``code`` is 15 digits long where it never exchanged its old licence."""

    code: str
    name: str
    trade: str


@dataclass(frozen=True)
class Post:
    """One post of one firm at one fair; ``openings`` and ``pay`` as written."""

    number: str
    firm: Firm
    name: str
    openings: object
    education: str
    pay: object
    place: str
    channels: str


AUTUMN = Fair("JL20231021", "吉林省秋季女性人才招聘会", date(2023, 10, 21), "JL231021")
SPRING = Fair("JL20240316", "延边州“春暖”女性专场招聘会", date(2024, 3, 16), "YB240316")
MAIN = Fair("JL20240413", "“巾帼奋斗在吉林”宣讲招聘会", date(2024, 4, 13), "JL240413")


def build_posts(world: World) -> dict[str, list[Post]]:
    """The posts of each fair by its code, as they stood in the end; firms of the small fairs come again to the main."""
    rng = world.rng("fairs")
    firms = _firms(world, rng)
    posts = {
        AUTUMN.code: _posts(rng, AUTUMN, firms[100:148], 70),
        SPRING.code: _posts(rng, SPRING, firms[300:324], 36),
        MAIN.code: _posts(rng, MAIN, firms, POSTS),
    }
    posts[MAIN.code] = _broadcast(posts[MAIN.code])
    return posts


def _firms(world: World, rng: random.Random) -> list[Firm]:
    """The firms; three of them are individually owned, named after their owners, and two have an old number."""
    names: set[str] = set()
    firms = []
    for nth in range(FIRMS):
        trade = list(_TRADES)[nth % len(_TRADES)]
        while True:
            name = f"{rng.choice(_PLACES)}{rng.choice(_BRANDS)}{rng.choice(_BRANDS)}{_TRADES[trade][0]}"
            if name not in names:
                break
        names.add(name)
        firms.append(Firm(unified_code("91", _SERIAL + nth), name, trade))
    for nth in (150, 310, 455):
        owner = world.people.name(male=False)
        code = unified_code("92", _SERIAL + nth)
        firms[nth] = replace(firms[nth], code=code, name=f"延吉市{owner}民族服饰店", trade="商业")
    for nth in (211, 533):
        firms[nth] = replace(firms[nth], code=f"2201010000{nth:05d}")
    return firms


def _posts(rng: random.Random, fair: Fair, firms: list[Firm], count: int) -> list[Post]:
    """One post for each firm, the rest by chance, a firm's posts one after the other."""
    offers = firms + rng.choices(firms, k=count - len(firms))
    offers.sort(key=firms.index)
    return [_post(rng, f"{fair.prefix}-{nth:04d}", firm) for nth, firm in enumerate(offers, 1)]


def _post(rng: random.Random, number: str, firm: Firm) -> Post:
    nth = int(number[-4:])
    openings = ("若干", "不限")[nth % 2] if nth % 31 == 7 else rng.choice(_OPENINGS)
    return Post(
        number, firm, rng.choice(_TRADES[firm.trade][1]), openings, rng.choice(_EDUCATION), rng.choice(_PAYS),
        f"{firm.name[:2]}市", rng.choice(_CHANNELS),
    )  # fmt: skip


def _broadcast(posts: list[Post]) -> list[Post]:
    """The firms that also showed their posts live."""
    firms = list(dict.fromkeys(post.firm for post in posts))
    live = set(firms[50 : 50 + 90 * LIVE_FIRMS : 90])
    return [replace(p, channels="现场、网络、直播带岗") if p.firm in live else p for p in posts]
