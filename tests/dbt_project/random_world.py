"""A small world of deliveries with everything that makes history hard, drawn from a seed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from fixture_home import Home, letters, person

SEED = 11
MONTH_ENDS = [date(2023, month, 28) for month in range(1, 9)]
TOWNSHIPS = ("西湖镇", "南湖镇", "不知道")
LEVELS = ("village", "township", None)


def organisations(renamed: bool) -> list[dict[str, Any]]:
    """The federation's tree; ``renamed`` gives one township another parent and another name."""
    listed = [
        ("100000", "全国", "nation", None, None),
        ("370000", "甲省", "province", "100000", None),
        ("371100", "甲市", "city", "370000", "city"),
        ("371100-MZ", "甲市", "city", "371100", "bureau"),
        ("371102", "东区", "county", "371100", "east"),
        ("371103", "西区", "county", "371100", "west"),
        ("371102106", "西湖镇", "township", "371102", None),
        ("371102107", "新湖镇" if renamed else "南湖镇", "township", "371103" if renamed else "371102", None),
    ]
    return [
        {"org_code": code, "org_name": f"{place}妇联", "place_name": place, "level": level, "parent_code": parent}
        | {"sender_id": sender, "region_code": code[:9] if code.isdigit() else None}
        for code, place, level, parent, sender in listed
    ]


def child(dice: Random, number: int, *, has_id: bool) -> dict[str, Any]:
    """One row of the register."""
    return person(
        "child", f"c{number}" if has_id else None, number=f"n{number}", child_birth_year=2008 + number % 9
    ) | {
        "county": dice.choice(["东区", "东"]),
        "township": dice.choice(TOWNSHIPS),
        "categories": dice.sample(["orphan", "left_behind", "other"], dice.choice([0, 1, 2])),
        "registered_on": date(2021 + (dice.random() < 0.1) * 2, 3, 1 + number),
        "closed_on": date(2023, 5, 5) if dice.random() < 0.08 else None,
    }


def pairing(dice: Random, number: int) -> dict[str, Any]:
    """One row of the pairing ledger; now and then by another volunteer, without an id, or with a role."""
    volunteer = dice.choice([number % 4, number % 4, number % 4, number % 3])
    who = f"v{volunteer}" if dice.random() < 0.5 else None
    helper = person("volunteer", who, number=f"vn{volunteer}" if dice.random() < 0.7 else None, contact=f"p{volunteer}")
    return (
        person("child", None, number=f"n{number}")
        | helper
        | {
            "township": dice.choice(TOWNSHIPS),
            "paired_on": date(2022, 1 + volunteer, 1),
            "ended_on": date(2023, 4, 4) if dice.random() < 0.1 else None,
            "role": dice.choice([None, None, "primary", "assistant"]),
            "volunteer_level": dice.choice(LEVELS),
        }
    )


def activity(dice: Random, number: int, on: date) -> dict[str, Any]:
    """One activity in one state; the same number comes again with a later update."""
    entered = datetime(2023, on.month, 1 + number % 20, dice.randint(0, 23), tzinfo=UTC)
    return person("volunteer", None, number=f"vn{number % 4}", contact=f"p{number % 4}") | {
        "activity_id": f"A{number}", "activity_kind": "home_visit", "happened_on": date(2023, 1, 1 + number % 20),
        "entered_at": entered, "updated_at": entered + timedelta(hours=dice.randint(0, 5)), "has_contact": True,
        "child_number_tokens": [letters(f"c-number-n{n}") for n in dice.sample(range(8), 2)],
        "children_count": 2, "status": dice.choice(["valid", "valid", "withdrawn"]),
    }  # fmt: skip


def received(dice: Random, on: date) -> datetime:
    """Mostly the next morning, sometimes months late, so that order of receipt and of dates differ."""
    late = dice.choice([0, 0, 0, 45, 100])
    return datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(days=1 + late, minutes=dice.randint(0, 1400))


def random_world(path: Path, seed: int) -> Home:
    """Return a home with about fifty deliveries: late, corrected, withdrawn, refused, incomplete ones among them."""
    dice, home = Random(seed), Home(path)
    home.deliver(
        "city", "organisations", date(2023, 1, 15), organisations(False), received=datetime(2023, 2, 20, tzinfo=UTC)
    )
    home.deliver("city", "organisations", date(2023, 4, 15), organisations(True))
    for on in MONTH_ENDS:
        register = [child(dice, n, has_id=on.month > 3 or n % 2 == 0) for n in range(8) if dice.random() < 0.9]
        refused = ({"record_key": letters("c-number-n1"), "code": "date_unreadable"},) if dice.random() < 0.3 else ()
        kept = [row for row in register if not refused or row["child_token"] != refused[0]["record_key"]]
        proves = dice.random() < 0.8
        home.deliver(
            "bureau", "children", on, kept, received=received(dice, on), rejects=refused, proves_absence=proves
        )
        ledger = {r["child_token"] + r["volunteer_token"]: r for r in (pairing(dice, n) for n in [*range(8), 3])}
        home.deliver("east", "pairings", on, list(ledger.values()), received=received(dice, on))
        done = [activity(dice, n, on) for n in dice.sample(range(12), 6)]
        home.deliver("east", "care_activities", on, done, received=received(dice, on))
    for number in (2, 5):
        on = dice.choice(MONTH_ENDS[:4])
        fixed = [child(dice, number, has_id=True)]
        home.deliver("bureau", "children", on, fixed, kind="correction", received=datetime(2023, 7, number, tzinfo=UTC))
    gone = {"child_token": letters("c-number-n4")}
    home.deliver("bureau", "children", date(2023, 6, 3), [gone], kind="withdrawal")
    home.deliver("east", "care_activities", date(2023, 6, 9), [{"activity_id": "A3"}], kind="withdrawal")
    home.deliver("east", "care_activities", date(2023, 6, 10), [{"activity_id": "never told"}], kind="withdrawal")
    home.deliver("bureau", "children", date(2023, 6, 6), [child(dice, 7, has_id=True)], state="held")
    home.deliver("bureau", "children", date(2023, 6, 7), [child(dice, 9, has_id=True)], kind="correction")
    return home
