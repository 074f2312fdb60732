"""Rows of the pairing ledgers that are spoilt in early snapshots and right again in the next."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from samples.people import People, check_digit, fifteen
from samples.world import Episode

Cells = dict[str, Any]
Listed = tuple[Episode, Cells, str]


def _number_of(cells: Cells) -> str:
    body = f"99900120130203{int(cells['number'][-3:]):03d}"
    return body + check_digit(body)


def _wrong_digit(cells: Cells) -> str:
    right = _number_of(cells)
    return right[:17] + ("3" if right[17] != "3" else "4")


_SPOIL: dict[str, tuple[str, Callable[[Cells], Any]]] = {
    "id_check_digit": ("child_id", _wrong_digit),
    "id_typed_as_number": ("child_id", lambda c: int(_number_of(c)[:15] + "000")),
    "id_too_old": ("child_id", lambda c: fifteen(_number_of(c))),
    "id_malformed": ("child_id", lambda c: _number_of(c)[:16]),
    "two_names": ("volunteer", lambda c: f"{c['volunteer']}、{c['volunteer'][0]}晓晓"),
    "unreadable_day": ("paired_on", lambda c: "去年秋天"),
    "future_day": ("paired_on", lambda c: "2033年5月6日"),
    "missing_required": ("paired_on", lambda c: None),
    "unknown_code": ("level", lambda c: "联合国"),
    "unreadable_flag": ("pledge", lambda c: "正在办理"),
}
_PLAN: dict[tuple[str, int], dict[int, str]] = {
    ("rizhao", 0): {3: "id_check_digit", 9: "unreadable_day"},
    ("donggang", 0): {4: "id_typed_as_number", 40: "id_check_digit", 77: "unreadable_day", 120: "unknown_code"},
    ("donggang", 1): {15: "two_names", 60: "id_too_old"},
    ("donggang", 2): {31: "unreadable_flag"},
    ("lanshan", 0): {6: "id_malformed", 30: "unreadable_day"},
    ("lanshan", 1): {12: "id_typed_as_number", 18: "future_day"},
    ("wulian", 0): {5: "two_names", 25: "id_check_digit", 51: "missing_required"},
    ("wulian", 1): {8: "unknown_code", 64: "id_too_old"},
    ("juxian", 0): {10: "id_typed_as_number", 70: "id_typed_as_number", 130: "future_day"},
    ("juxian", 2): {33: "id_check_digit", 99: "unreadable_flag"},
}


def spoilt(rows: list[Listed], sender: str, nth: int, people: People) -> list[Listed]:
    """Spoil the rows that the plan names for the sender's ``nth`` snapshot, each for one reason.

    What is written in place of an identity number is planted too: it must not leak out of a refusal.

    The second snapshot of one sender also has a pairing twice with different facts, and every later one a
    pairing that ended before it began.
    """
    plan = _PLAN.get((sender, nth), {})
    result = list(rows)
    for n, code in plan.items():
        episode, cells, _ = rows[n]
        field, write = _SPOIL[code]
        result[n] = (episode, cells | {field: write(cells)}, code)
        if field == "child_id":
            people.id_numbers.append(str(result[n][1][field]))
    if sender == "wulian" and nth == 1:
        episode, cells, _ = result[20]
        result[20:21] = [(episode, cells | {"pledge": p}, "duplicate_key") for p in ("Y", "N")]
    if sender == "wulian" and nth >= 1:
        episode, cells, _ = result[-1]
        result.append(
            (
                replace(episode),
                cells | {"paired_on": "2022.4.9", "ended_on": "2021.4.9", "end_reason": "其他"},
                "ended_before_paired",
            )
        )
    return result
