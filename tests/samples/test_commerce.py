"""What the page says of one county's e-commerce, counted in the truth from which its exports are written."""

import random
from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest

from samples.ecommerce import build_trade
from samples.ecommerce_checks import LAST_DAY, WORKING, due_on
from samples.ecommerce_units import QUARTERS, SITE
from samples.firm_sales_pages import employees_at
from samples.firms import FIRST_MONTH, LARGE_YUAN, LAST_MONTH, months, unified_code
from samples.livestreams import FAIR, WEEK
from samples.people import People
from samples.world import TODAY, World

OTHER_SEED = 7


def _world(seed):
    return World(seed, People(random.Random(f"{seed}/people")))


@pytest.fixture(scope="module", params=[20240413, OTHER_SEED])
def trade(request):
    return build_trade(_world(request.param))


def test_a_hundred_firms_sell_five_million_and_110_carry_the_brand(trade):
    assert sum(f.sales_of(2023) >= LARGE_YUAN for f in trade.firms) == 104
    assert sum(f.brand_from is not None and f.brand_from <= LAST_MONTH for f in trade.firms) == 110
    assert sum(f.federation_from is not None and f.federation_from <= LAST_MONTH for f in trade.firms) == 33
    assert len({f.code for f in trade.firms}) == len(trade.firms)


def test_thirty_thousand_work_there_and_three_in_five_are_women(trade):
    everybody, women = (sum(part) for part in zip(*(employees_at(f, LAST_MONTH) for f in trade.firms), strict=True))
    assert everybody >= 30_000
    assert 0.596 <= women / everybody <= 0.604
    assert all(
        0 < w <= e for f in trade.firms for m in months(FIRST_MONTH, LAST_MONTH) for e, w in [employees_at(f, m)]
    )


def _check_character(first17):
    """GB 32100-2015: weights are powers of 3 modulo 31; a remainder of 0 is written 0."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    return signs[(31 - sum(signs.index(c) * w for c, w in zip(first17, weights, strict=True)) % 31) % 31]


def test_a_unified_code_has_the_check_character_of_the_standard():
    codes = [unified_code(category, n) for category in ("91", "92") for n in range(7001, 7301)]
    assert all(code[17] == _check_character(code[:17]) and code[2:8] == "999001" for code in codes)
    assert len({code[17] for code in codes}) > 25
    assert _check_character(codes[0][:16] + "9") != _check_character(codes[0][:16] + "8")


def test_a_thousand_excellent_streamers_and_three_thousand_born_in_the_nineties(trade):
    active = [p for p in trade.people if p.accounts and not p.male and p.left is None and p.listed_on <= TODAY]
    assert 1_000 <= sum(p.excellent_from is not None and p.excellent_from <= TODAY for p in active) < 1_100
    homes = [p for p in active if p.id_no and p.unit and p.unit.kind == "妇女微家" and 1990 <= p.born.year <= 1999]
    assert 3_000 <= len(homes) < 3_200
    assert all(p.unit.stands(TODAY) for p in homes)


def test_52_groups_and_homes_stand_and_24_homes_are_on_one_site(trade):
    standing = [u for u in trade.units if u.stands(TODAY)]
    assert Counter(u.kind for u in standing) == {"妇女小组": 14, "妇女微家": 38, "企业妇联": 33}
    assert sum(u.site == SITE and u.kind == "妇女微家" for u in standing) == 24
    dropped = [u for u in trade.units if u.is_dropped]
    assert len(dropped) == 1
    assert QUARTERS[0] < dropped[0].ends_on < QUARTERS[-1]


def test_144_classes_two_of_them_of_the_province_in_two_years(trade):
    assert len(trade.courses) == len({c.number for c in trade.courses}) == 144
    assert all(c.starts_on <= c.ends_on <= TODAY for c in trade.courses)
    assert [c.starts_on.year for c in trade.courses if c.level == "省级"] == [2022, 2023]
    attended = [s for c in trade.courses for s in c.seats if s.is_attended]
    assert 17_200 <= len(attended) <= 18_800
    assert 8_000 <= len({id(s.person) for s in attended}) < 10_000
    assert any(s.person.male for s in attended)
    assert all(len({id(s.person) for s in c.seats}) == len(c.seats) for c in trade.courses)


def test_three_thousand_who_were_out_of_work_are_found_at_work(trade):
    was_out = {id(s.person) for c in trade.courses for s in c.seats if s.is_attended and s.was_out_of_work}
    found = {id(c.person) for c in trade.checks if c.status in WORKING}
    assert found <= was_out
    assert 3_000 < len(found) < 3_990
    assert Counter(c.months for c in trade.checks).keys() == {3, 6, 12}


def test_nobody_is_asked_before_the_day_and_some_classes_are_not_ripe(trade):
    assert all(c.checked_on >= due_on(c.course, c.months) - timedelta(days=15) for c in trade.checks)
    assert max(c.checked_on for c in trade.checks) <= LAST_DAY
    late = sum((c.checked_on - due_on(c.course, c.months)).days > 45 for c in trade.checks)
    assert 0 < late < len(trade.checks) / 5
    assert any(due_on(c, 3) > LAST_DAY for c in trade.courses)


def test_the_fair_has_128_women_of_three_places_and_the_page_s_sums(trade):
    fair = [s for s in trade.sessions if s.event == FAIR]
    assert len({account for s in fair for account, _ in s.streamers}) == 128
    assert (sum(s.yuan for s in fair), sum(s.viewers for s in fair)) == (5_300_000, 6_030_000)
    assert {s.place for s in fair} == {"邢台市", "保定市", "辛集市"}
    assert {s.starts_at.year for s in trade.sessions if s.event == WEEK} == {2024}
    by_account = {a: p for p in trade.people for _, a in p.accounts}
    assert not any(by_account[a].male for s in fair for a, _ in s.streamers if a in by_account)


def _growth(sold, month):
    """The mean of three months after over that of three months before; None where one of them is missing."""
    around = [sold.get(m) for m in months(date(month.year, month.month - 3, 1), month)][:3]
    after = [sold.get(m) for m in months(date(month.year, month.month, 1), date(2024, 4, 1))][1:4]
    return sum(after) / sum(around) if len(after) == 3 and None not in (*around, *after) else None


def test_sales_rise_after_a_class_more_than_without_one(trade):
    sold = {}
    for s in trade.sessions:
        if not s.event and not s.is_test:
            sold.setdefault(s.streamers[0][0], {})[s.starts_at.date().replace(day=1)] = s.yuan
    followed = [p for p in trade.people if p.is_followed]
    taught = {m for p in followed if (m := p.taught_in)}
    lifts = []
    for month in sorted(m for m in taught if m.year == 2023):
        mine = [g for p in followed if p.taught_in == month and (g := _growth(sold[p.accounts[0][1]], month))]
        others = [g for p in followed if p.is_untaught and (g := _growth(sold[p.accounts[0][1]], month))]
        assert len(others) >= 10
        lifts += [g / median(others) for g in mine]
    assert len(lifts) >= 20
    assert 1.2 < median(lifts) < 1.4


def test_firms_without_a_class_are_there_to_compare(trade):
    kinds = Counter("none" if f.trained_from is None else f.trained_from.year for f in trade.firms)
    assert kinds["none"] >= 20
    assert kinds[2023] >= 20
    staff = Counter(p.firm.nth for p in trade.people if p.firm)
    assert set(staff) == {f.nth for f in trade.firms}
    assert all(p.taught_in == p.firm.trained_from for p in trade.people if p.firm)


def test_the_part_stays_small_and_both_senders_send(world):
    mine = {path: t for path, t in world.side("truth.json").items() if path.startswith("qinghe")}
    assert sum(t["records_in"] or 0 for t in mine.values()) < 45_000
    assert {path.split("/")[0] for path in mine} == {"qinghe", "qinghe-sw"}
    assert Counter(path.split("/")[1] for path, t in mine.items() if t["state"] == "refused") == {"firm_sales": 2}


def _told(seed):
    """What is told of a trade, in short: who, which session, which call."""
    trade = build_trade(_world(seed))
    people = [(p.name, p.id_no, p.phone, p.hired_on) for p in trade.people]
    calls = [(c.course.number, c.months, c.checked_on, c.status) for c in trade.checks]
    return people, [(s.number, s.yuan) for s in trade.sessions], calls, [f.sold for f in trade.firms]


def test_the_same_seed_makes_the_same_trade_and_another_seed_another():
    mine = _told(OTHER_SEED)
    assert _told(OTHER_SEED) == mine
    assert all(part != other for part, other in zip(mine, _told(OTHER_SEED + 1), strict=True))
