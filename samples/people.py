"""Invented persons: names, identity numbers with the unassigned area prefix 999001, phones of an unused range."""

import random
from dataclasses import dataclass, field
from datetime import date

AREA = "999001"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES = "綦佘逄蔺郜厉牟臧郇鞠隋滕辛宋董孟葛柳丁卜管惠尹时匡申苑"
_GIVEN_FEMALE = "芷婧沅苒霁玥祎钰湉岫筠琬棠蓁荔岚蕙娴瑾菡绮"
_GIVEN_MALE = "翊昶珩屹骁铄晟澍樾峤钧泓煜宸礼昱恺"


def check_digit(body: str) -> str:
    """Return the last character of an identity number for its first 17 digits (ISO 7064 MOD 11-2, GB 11643)."""
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def fifteen(id_no: str) -> str:
    """Return the pre-1999 form of an 18-character number: no century, no check digit."""
    return id_no[:6] + id_no[8:17]


@dataclass
class People:
    """A source of persons that never repeats a name, a number or a phone; everything given out is remembered."""

    rng: random.Random
    names: list[str] = field(default_factory=list)
    id_numbers: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _on_day: dict[tuple[date, bool], int] = field(default_factory=dict)

    def name(self, male: bool) -> str:
        """Return a new name of three characters."""
        given = _GIVEN_MALE if male else _GIVEN_FEMALE
        while True:
            name = self.rng.choice(_SURNAMES) + self.rng.choice(given) + self.rng.choice(_GIVEN_FEMALE + _GIVEN_MALE)
            if name not in self._taken:
                return self.remember(name)

    def remember(self, name: str) -> str:
        """Note a name that was made elsewhere, so that it counts as planted."""
        self._taken.add(name)
        self.names.append(name)
        return name

    def id_number(self, born: date, male: bool) -> str:
        """Return a new identity number; digit 17 is odd for men."""
        nth = self._on_day.get((born, male), 0)
        self._on_day[born, male] = nth + 1
        body = f"{AREA}{born:%Y%m%d}{10 + 2 * nth + male:03d}"
        self.id_numbers.append(body + check_digit(body))
        return self.id_numbers[-1]

    def phone(self) -> str:
        """Return a new mobile number 199xxxxxxxx."""
        self.phones.append(f"199{10_000_000 + 7919 * len(self.phones) % 89_999_999:08d}")
        return self.phones[-1]
