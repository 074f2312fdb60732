"""The many ways in which one fact is written: dates, identity numbers, phones, names."""

from collections.abc import Callable
from datetime import date

_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SERIAL_ZERO = date(1899, 12, 30)

DAY: dict[str, Callable[[date], object]] = {
    "chinese": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "slashes": lambda d: f"{d:%Y/%m/%d}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "short": lambda d: f"{d:%y}.{d.month}.{d.day}",
    "iso": lambda d: d.isoformat(),
    "wide": lambda d: d.isoformat().translate(_WIDE),
    "cell": lambda d: d,
    "serial": lambda d: (d - SERIAL_ZERO).days,
}


def wide(text: str) -> str:
    """Digits in full width."""
    return text.translate(_WIDE)


def spelled_day(day: date, nth: int, styles: tuple[str, ...], title_year: int | None = None) -> object:
    """Write ``day`` in one of ``styles``, by turns; without its year where the title's year is the same."""
    if title_year == day.year and nth % 7 == 3:
        return f"{day.month}月{day.day}日"
    return DAY[styles[nth % len(styles)]](day)


def spelled_id(id_no: str | None, nth: int, absent: str = "未办理") -> str:
    """Write an identity number: mostly as it is, now and then with the usual blemishes."""
    if id_no is None:
        return absent
    if id_no.endswith("X") and nth % 2:
        return id_no.lower()
    blemish = nth % 41
    if blemish == 5:
        return wide(id_no)
    if blemish == 11:
        return f"{id_no[:6]} {id_no[6:14]} {id_no[14:]}"
    if blemish == 17:
        return "'" + id_no
    return id_no


def masked(id_no: str) -> str:
    """Write an identity number with its middle hidden."""
    return id_no[:4] + "*" * 10 + id_no[14:]


def spelled_phone(phone: str, nth: int) -> str:
    """Write a phone with spaces, a country prefix, or beside a land line."""
    return {
        7: f"{phone[:3]} {phone[3:7]} {phone[7:]}",
        13: f"+86{phone}",
        19: f"{phone}/0633-8781234",
    }.get(nth % 29, phone)


def spelled_name(name: str, nth: int) -> str:
    """Write a name with a space of the wide kind, with a pet name in brackets, or with another middle dot."""
    if "·" in name:
        return name.replace("·", "·•．‧"[nth % 4])
    if nth % 37 == 4:
        return f"{name[0]}　{name[1:]}"
    return f"{name}（小{name[-1]}）" if nth % 53 == 9 else name
