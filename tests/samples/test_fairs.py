"""The job fairs in the samples: the page's figures, and the faults that the first lists had."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date

import pytest
import python_calamine

from samples.activities import local
from samples.applications import build_applications
from samples.fair_reach import ONSITE_PERSONS, reach_lines, universities
from samples.fairs import AUTUMN, MAIN, SPRING, build_posts
from samples.population import build_world

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.fixture(scope="module")
def people():
    return build_world(20240413)


@pytest.fixture(scope="module")
def posts(people):
    return build_posts(people)


@pytest.fixture(scope="module")
def states(people, posts):
    return build_applications(people, posts)


def _count(written: object) -> int | None:
    """A number as people write it, read in the plainest way."""
    found = re.match(r"([\d.,]+)\s*([万w]?)", str(written))
    return round(float(found[1].replace(",", "")) * (10_000 if found[2] else 1)) if found else None


def test_728_firms_offer_1188_posts_for_over_ten_thousand(posts):
    main = posts[MAIN.code]
    assert len({post.firm.code for post in main}) == 728
    assert len({post.number for post in main}) == len(main) == 1188
    openings = [_count(post.openings) for post in main]
    assert 10_000 <= sum(n or 0 for n in openings) < 20_000 and openings.count(None) > 20
    assert len({post.firm for post in main if "直播带岗" in post.channels}) == 7
    assert {"金融", "商业", "医药"} < {post.firm.trade for post in main}


def test_codes_of_firms_are_right_but_for_the_old_ones(posts):
    codes = {post.firm.code for several in posts.values() for post in several}
    new = [code for code in codes if len(code) == 18]
    for code in new:
        total = sum(_CHARACTERS.index(one) * pow(3, nth, 31) for nth, one in enumerate(code[:17]))
        assert code[17] == _CHARACTERS[-total % 31]
    assert Counter(code[:2] for code in new)["92"] == 3
    assert {len(code) for code in codes - set(new)} == {15}


def test_reach_is_what_the_page_says(people):
    lines = reach_lines(people)
    assert sum(n for way, unit, _, n in lines if (way, unit) == ("现场", "人数")) == ONSITE_PERSONS
    assert 6_400 <= ONSITE_PERSONS < 6_500
    online = {way: sum(_count(n) for w, unit, _, n in lines if (w, unit) == (way, "人次")) for way in ("线上", "直播")}
    # whoever counts the broadcast in, and whoever does not, gets the page's 约137.5万
    assert 1_368_125 <= online["线上"] < online["线上"] + online["直播"] <= 1_381_875
    assert len(set(universities())) == len(universities())
    assert 60 <= len({name for way, unit, name, _ in lines if (way, unit) == ("线上", "人次")}) < 70
    assert [n for _, unit, _, n in lines if unit in ("宣讲嘉宾", "合作协议")] == [3, 1]


def test_the_main_list_comes_with_faults_and_a_day_later_whole(world):
    told = {p: t for p, t in world.side("truth.json").items() if p.startswith(f"jilin-jy/job_posts/{MAIN.code}")}
    early, whole = told[f"jilin-jy/job_posts/{MAIN.code}岗位信息表.xlsx"], told.popitem()[1]
    assert whole["clean"] == 1188 and whole["rejected"]["records"] == 0
    assert early["rejected"]["duplicate_key"] == 12 and early["rejected"]["uscc_malformed"] == 3
    book = python_calamine.load_workbook(world.root / f"jilin-jy/job_posts/{MAIN.code}岗位信息表（修订）.xlsx")
    written = {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert {"若干", "面议", "5-8K", "年薪10万", "8000元/月", "1万以上"} <= written


def test_the_city_sends_pages_two_of_which_are_none(world):
    pages = [json.loads(p.read_bytes()) for p in sorted((world.root / "yanbian/job_posts").glob("*.json"))]
    assert [page["code"] == 0 for page in pages] == [False, True, True]
    totals = [(page["data"]["total"], len(page["data"]["list"])) for page in pages[1:]]
    assert totals == [(36, 20), (36, 36)]
    states = [t["reason_code"] for p, t in sorted(world.side("truth.json").items()) if p.startswith("yanbian/job_p")]
    assert states == ["api_error", "page_incomplete", None]
    assert date(2024, 4, 1) > SPRING.held_on


def test_applications_move_on_back_and_away(posts, states):
    by_application: dict[tuple[str, str], list[str]] = {}
    for state in states:
        by_application.setdefault((state.who.id_no, state.post), []).append(state.status)
    numbers = {post.number for several in posts.values() for post in several}
    assert len(by_application) == 2_520 and 4_500 < len(states) < 7_000
    assert 50 < sum("签约" in path for path in by_application.values()) < 400
    assert any(path[-1] == "初筛" and len(path) > 2 for path in by_application.values())
    assert sum(path[-1] == "撤回" for path in by_application.values()) > 20
    assert 5 <= len({post for _, post in by_application} - numbers) < 20
    assert all(state.at <= local(date(2024, 4, 30), 23, 59, 59) for state in states)


def _rows(world, path: str) -> list[dict[str, str]]:
    text = (world.root / path).read_bytes().decode("gb18030")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_calls_are_made_three_and_six_months_after_the_autumn_fair_only(world):
    held = {
        row["招聘会日期"] for p in (world.root / "jilin-jy/employment_checks").glob("*.csv") for row in _rows(world, p)
    }
    assert held == {AUTUMN.held_on.isoformat()}
    three = _rows(world, f"jilin-jy/employment_checks/{AUTUMN.code}回访3个月.csv")
    six = _rows(world, f"jilin-jy/employment_checks/{AUTUMN.code}回访6个月.csv")
    assert {"电话不通", "已就业", "考研升学", "待业"} <= {row["目前状态"] for row in six}
    assert any(row["身份证号"] == "" for row in three)
    late = [row for row in three if row["回访时间"] < "2024/01/06"]
    assert late, "no call outside its window"
