"""Activity ledgers as counties write them, in the size asked for; the same seed gives the same bytes."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from ingest.contracts.care import ACTIVITY_KIND, ACTIVITY_MODE

HEADERS = (
    *("活动编号", "活动类型", "活动日期", "录入时间", "更新时间", "开展方式", "是否见到儿童", "时长（分钟）"),
    *("阳光妈妈编号", "阳光妈妈姓名", "手机", "儿童编号", "参与儿童数", "参与家长数", "地点", "内容记录"),
    *("发现问题", "线索编号", "状态", "照片数"),
)
PHRASES = (
    "入户走访",
    "了解孩子近期学习和生活情况",
    "家中老人身体尚可",
    "孩子性格开朗",
    "已与班主任沟通",
    "作业完成较好",
    "需要继续关注情绪",
    "送去书包文具",
    "父亲外出务工",
    "讲解防溺水知识",
    "下次约在周末",
    "提醒用电安全",
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙", "芳娜敏静丽艳娟霞秀英玲燕"
KINDS = [words[0] for words in list(ACTIVITY_KIND.values())[:5]]
MODES = [words[0] for words in ACTIVITY_MODE.values()]


def _happened(dice: random.Random) -> tuple[date, str]:
    day = date(2022, 5, 1) + timedelta(days=dice.randrange(700))
    luck = dice.random()
    if luck < 0.005:
        return day, f"{day.year}.13.{day.day}"
    return day, f"{day.year}年{day.month}月{day.day}日" if luck < 0.02 else day.isoformat()


def _row(dice: random.Random, number: int) -> list[object]:
    day, written = _happened(dice)
    volunteer, children = dice.randrange(20_000), dice.choice((1, 1, 1, 2))
    clock = f"{dice.randrange(60):02d}:{dice.randrange(60):02d}"
    return [
        f"HD{day:%Y%m%d}-{number:07d}",
        dice.choice(KINDS),
        written,
        f"{day} {dice.randrange(9, 18):02d}:{clock}",
        f"{day} 18:{clock}",
        dice.choice(MODES),
        "是",
        dice.randrange(20, 120),
        f"YG-{volunteer:05d}",
        f"{SURNAMES[volunteer % 12]}{GIVEN[volunteer // 12 % 12]}",
        f"199{volunteer:08d}",
        ";".join(f"KJ-{dice.randrange(40_000):05d}" for _ in range(children)),
        children,
        dice.randrange(3),
        "西湖镇",
        "，".join(dice.sample(PHRASES, dice.randrange(3, 7))) + "。",
        "否",
        "",
        "有效",
        dice.randrange(5),
    ]


def write_ledger(path: Path, rows: int, *, seed: int, encoding: str = "utf-8") -> None:
    """Write one activity ledger of ``rows`` records as CSV with CRLF; 0.5 % have a day that no calendar has."""
    dice = random.Random(seed)
    with path.open("w", newline="", encoding=encoding) as file:
        out = csv.writer(file, quoting=csv.QUOTE_MINIMAL)
        out.writerow(HEADERS)
        out.writerows(_row(dice, number) for number in range(rows))
