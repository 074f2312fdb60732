"""The vocabulary in which contracts describe a column: what it is, and what senders write for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import dataframely as dy
import polars as pl

MONEY = (18, 2)


@dataclass(frozen=True)
class Written:
    """One thing a sender writes, from which a clean column is read.

    ``name`` is ours and the left side in a spec; ``labels`` are the headers known for it, the official
    one first; ``reads`` names the parser (``ingest.parsers``); ``codes`` maps our English code to the
    words that senders use; ``required`` means that a delivery without this header is refused; ``unstated`` are words
    that stand for a number nobody counted; ``dated`` is the code that a day stands for.
    """

    name: str
    labels: tuple[str, ...]
    reads: str
    required: bool = False
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    unstated: tuple[str, ...] = ()
    dated: str = ""


def written_of(column: dy.Column) -> tuple[Written, ...]:
    """Return what senders write for ``column``; empty for lineage."""
    return (column.metadata or {}).get("written", ())


def _described(label: str, name: str, reads: str, **facts: Any) -> dict[str, Any]:
    labels = (label, *facts.pop("also", ()))
    one = Written(name, labels, reads, **facts)
    return {"description": label, "metadata": {"written": (one,)}}


def text(name: str, label: str, also: Iterable[str] = (), *, required: bool = False) -> dy.String:
    """A word or a sender's own number, stripped, as written."""
    return dy.String(nullable=not required, **_described(label, name, "text", also=tuple(also), required=required))


def code(
    name: str, label: str, codes: Mapping[str, tuple[str, ...]], also: Iterable[str] = (), *, required: bool = False
) -> dy.Enum:
    """One English code out of ``codes``; senders' words are its values."""
    return dy.Enum(
        list(codes),
        nullable=not required,
        **_described(label, name, "code", also=tuple(also), required=required, codes=codes),
    )


def codes(name: str, label: str, codes: Mapping[str, tuple[str, ...]], also: Iterable[str] = ()) -> dy.List:
    """Several English codes in one cell; an empty list where the cell is empty."""
    return dy.List(dy.String(), nullable=True, **_described(label, name, "codes", also=tuple(also), codes=codes))


def day(
    name: str, label: str, also: Iterable[str] = (), *, required: bool = False, month_will_do: bool = False
) -> dy.Date:
    """A calendar day; where ``month_will_do``, a month stands for its first day."""
    reads = "day_or_month" if month_will_do else "day"
    return dy.Date(nullable=not required, **_described(label, name, reads, also=tuple(also), required=required))


def month(name: str, label: str, also: Iterable[str] = (), *, required: bool = False) -> dy.Date:
    """A month, as its first day."""
    return dy.Date(nullable=not required, **_described(label, name, "month", also=tuple(also), required=required))


def year(name: str, label: str, also: Iterable[str] = (), *, required: bool = False) -> dy.Int16:
    """A calendar year."""
    return dy.Int16(nullable=not required, **_described(label, name, "year", also=tuple(also), required=required))


def instant(name: str, label: str, also: Iterable[str] = (), *, required: bool = False) -> dy.Datetime:
    """A moment, written in Asia/Shanghai, kept in UTC; midnight means that only the day is known."""
    return dy.Datetime(
        nullable=not required,
        time_zone="UTC",
        time_unit="us",
        **_described(label, name, "instant", also=tuple(also), required=required),
    )


def yuan(name: str, label: str, also: Iterable[str] = (), *, required: bool = False, unit: str = "元") -> dy.Decimal:
    """An amount in yuan, exact to the fen; ``unit`` is what the contract assumes where nothing is written."""
    return dy.Decimal(
        *MONEY,
        nullable=not required,
        **_described(label, name, "yuan", also=tuple(also), required=required, unit=unit),
    )


def whole(
    name: str, label: str, also: Iterable[str] = (), *, required: bool = False, unstated: tuple[str, ...] = ()
) -> dy.Int64:
    """A whole number; a word of ``unstated`` (若干) is no number and no mistake: null, with a finding."""
    facts = {"also": tuple(also), "required": required, "unstated": unstated}
    return dy.Int64(nullable=not required, **_described(label, name, "whole", **facts))


def number(name: str, label: str, also: Iterable[str] = (), *, required: bool = False) -> dy.Decimal:
    """A number that may have decimals; ``85%`` is 0.85."""
    return dy.Decimal(
        18, 4, nullable=not required, **_described(label, name, "decimal", also=tuple(also), required=required)
    )


def proper_name(name: str, label: str, also: Iterable[str] = (), *, required: bool = False) -> dy.String:
    """The name of a group or a place, without quotes and spaces: “卫您好”小组, "卫您好"小组 and 卫您好小组 are one."""
    facts = {"also": tuple(also), "required": required}
    return dy.String(nullable=not required, **_described(label, name, "proper_name", **facts))


def texts(name: str, label: str, also: Iterable[str] = (), *, required: bool = False) -> dy.List:
    """Several words in one cell, each stripped, each once; null where the cell is empty."""
    return dy.List(
        dy.String(), nullable=not required, **_described(label, name, "texts", also=tuple(also), required=required)
    )


def yuan_range(name: str, label: str, also: Iterable[str] = (), *, unit: str = "元") -> tuple[dy.Decimal, dy.Decimal]:
    """An amount or a range of amounts a month, as its low and high end: 5-8K, 3000—5000元, 年薪10万; 面议 is null."""

    def end(field: str, which: str) -> dy.Decimal:
        described = _described(label, name, "yuan_range", also=tuple(also), unit=unit)
        described["metadata"]["field"] = field
        described["description"] = f"{label}（{which}，元/月）"
        return dy.Decimal(*MONEY, nullable=True, **described)

    return end("low", "下限"), end("high", "上限")


def mark(
    name: str, label: str, codes: Mapping[str, tuple[str, ...]], also: Iterable[str] = (), *, dated: str
) -> tuple[dy.Enum, dy.Date]:
    """A cell that says whether something was done, as a mark (√, ×不在本地) or as the day on which it was done.

    Two columns: the code, where a day means the code ``dated``, and the day, null under a mark.
    """
    described = _described(label, name, "mark", also=tuple(also), required=True, codes=codes, dated=dated)

    def part(field: str, what: str) -> dict[str, Any]:
        return {"description": what, "metadata": described["metadata"] | {"field": field}}

    code = dy.Enum(list(codes), nullable=True, **part("code", label))
    return code, dy.Date(nullable=True, **part("day", f"{label}日期"))


def flag(
    name: str, label: str, codes: Mapping[str, tuple[str, ...]], also: Iterable[str] = (), *, required: bool = False
) -> dy.Bool:
    """Yes or no; ``codes`` has the words for ``yes`` and for ``no``, for this column only."""
    return dy.Bool(
        nullable=not required,
        **_described(label, name, "flag", also=tuple(also), required=required, codes=codes),
    )


def tokens(name: str, label: str, also: Iterable[str] = (), *, domain: str) -> dy.List:
    """Several persons' numbers in one cell, each as its token."""
    described = _described(label, name, "numbers", also=tuple(also))
    described["metadata"]["domain"] = domain
    return dy.List(dy.String(), nullable=True, **described)


PERSON_FIELDS = ("id_no", "number", "name", "phone", "birth")
ROLES = {
    "child": "儿童",
    "volunteer": "志愿者",
    "trainee": "学员",
    "streamer": "主播",
    "leader": "负责人",
    "applicant": "求职者",
    "participant": "回访对象",
    "lecturer": "讲师",
}


def person(role: str, domain: str, *, optional: bool = False, **labels: tuple[str, ...]) -> type[dy.Schema]:
    """A schema of one person in the role ``role``: tokens in letters a-p, birth year, area code, nothing else.

    ``labels`` are the headers known for each of ``PERSON_FIELDS`` that senders write. ``<role>_token`` is the strongest
    of the three others: number, identity number, then contact (name and phone, or name and birth, or name within one
    sender). ``domain`` separates the keys, so that children and adults cannot be joined. Source of the rule: personal
    data lives in landing only (law 3).
    """
    label = ROLES[role]
    of = {one: Written(f"{role}_{one}", labels[one], one) for one in PERSON_FIELDS if one in labels}

    def about(*kinds: str) -> dict[str, Any]:
        return {"written": tuple(of[kind] for kind in kinds if kind in of), "domain": domain, "role": role}

    def token(what: str, *kinds: str, nullable: bool = True) -> dy.String:
        name = f"{label}{what}"
        return dy.String(nullable=nullable, min_length=32, max_length=32, description=name, metadata=about(*kinds))

    year = dy.Int16(nullable=True, description=f"{label}出生年份", metadata=about("birth"))
    area = dy.String(nullable=True, regex=r"^\d{6}$", description=f"{label}身份证号地区码", metadata=about())
    columns: dict[str, dy.Column] = {
        f"{role}_token": token("代号（本行可得之最强者）", nullable=optional),
        f"{role}_id_token": token("身份证号代号", "id_no"),
        f"{role}_number_token": token("编号代号", "number"),
        f"{role}_contact_token": token("姓名与联系方式代号", "name", "phone"),
        f"{role}_birth_year": year,
        f"{role}_area_code": area,
    }
    return cast("type[dy.Schema]", type(dy.Schema)(f"{role.title()}Person", (dy.Schema,), columns))


def firm(*, optional: bool = False, **labels: tuple[str, ...]) -> type[dy.Schema]:
    """A schema of one firm: ``firm_id`` (18-character unified code, in clear; it is public), its name, and what it is.

    ``labels`` are the headers of ``firm_uscc`` and ``firm_name``. An individually owned business (code 92…) is its
    owner: its ``firm_id`` is a token in letters a-p and its name stays in landing. Source: GB 32100-2015 (check
    character); an old 15-digit registration number is kept as the sender's own with a finding.
    """
    uscc = Written("firm_uscc", labels.get("uscc", ("统一社会信用代码", "信用代码")), "uscc", required=not optional)
    name = Written("firm_name", labels.get("name", ("企业名称", "企业", "单位名称")), "firm_name")
    of_code, of_name = {"written": (uscc,)}, {"written": (name,)}
    code = "企业代码：统一社会信用代码；个体工商户为代号"
    columns: dict[str, dy.Column] = {
        "firm_id": dy.String(nullable=optional, description=code, metadata=of_code),
        "firm_name": dy.String(nullable=True, description="企业名称；个体工商户为空", metadata=of_name),
        "is_sole_trader": dy.Bool(nullable=True, description="是否个体工商户", metadata=of_code),
    }
    return cast("type[dy.Schema]", type(dy.Schema)("Firm", (dy.Schema,), columns))


class Lineage(dy.Schema):
    """Where a row stood: delivery, sheet and physical row, so that every figure can be followed back."""

    sender = dy.String(description="报送单位代号")
    delivery_id = dy.String(regex=r"^[a-p]{16}$", description="报送批次代号")
    batch_id = dy.String(regex=r"^[a-p]{16}$", description="清洗批号")
    sheet_no = dy.Int16(description="第几张表，从1起；CSV为0")
    row_no = dy.Int32(description="文件中的行号，从1起")


LINEAGE = {name: column.dtype for name, column in Lineage.columns().items()}
LIST_OF_TEXT = pl.List(pl.String)
