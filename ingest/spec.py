"""How one sender writes one dataset: only what differs from the contract, as facts, never as steps (law 6)."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ingest.contracts import CONTRACTS, Contract
from ingest.contracts.columns import Written
from ingest.labels import label

SENDERS = Path(__file__).parent / "senders"
TRANSPORT = "system.toml"
_DAYS = ("day", "day_or_month", "birth", "mark")
AMOUNTS = ("yuan", "yuan_range")


class SpecInvalid(ValueError):
    """A sender's TOML contradicts the contract; the message names the file, the key and what is allowed."""


class ColumnSpec(BaseModel):
    """Where one column stands in this sender's files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    origin: Literal["header", "sheet", "title"] = Field(default="header", alias="from")
    value: str | None = None
    order: Literal["ymd", "mdy", "dmy"] = "ymd"
    unit: Literal["", "元", "万元", "亿元"] = ""
    unit_from: str = ""

    @field_validator("header", mode="before")
    @classmethod
    def _one_or_many(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.value is not None and (self.header or self.origin != "header"):
            raise ValueError("a constant value has no header and no other origin")
        if self.header and self.origin == "sheet":
            raise ValueError("the sheet's name has no header")
        if self.unit and self.unit_from:
            raise ValueError("a unit stands in the spec or in a column of its own, not in both")
        return self


class Spec(BaseModel):
    """One sender's spec of one dataset, checked against the contract when it is loaded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: tuple[str, ...] = ()
    shape: Literal["table", "form", "matrix"] = "table"
    spread: str = ""
    fill_down: tuple[str, ...] = ()
    columns: Mapping[str, ColumnSpec] = {}
    codes: Mapping[str, Mapping[str, tuple[str, ...]]] = {}

    @field_validator("sheet", mode="before")
    @classmethod
    def _sheets(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @field_validator("columns", mode="before")
    @classmethod
    def _headers(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: {"header": at} if isinstance(at, str | list) else at for name, at in given.items()}

    @cached_property
    def version(self) -> str:
        """A hash of everything stated: the spec's version, kept with every attempt."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:12]

    def column(self, name: str) -> ColumnSpec:
        """Return where the column ``name`` stands; the contract's own labels where nothing is stated."""
        return self.columns.get(name, _UNSTATED)

    def words(self, written: Written) -> dict[str, tuple[str, ...]]:
        """Return the contract's words for each code and the sender's own; a word that the sender uses for one code
        stands for no other."""
        own = self.codes.get(written.name, {})
        claimed = {word for words in own.values() for word in words}
        return {
            code: (*(word for word in known if word not in claimed), *own.get(code, ()))
            for code, known in written.codes.items()
        }


_UNSTATED = ColumnSpec()


def _check(spec: Spec, contract: Contract, path: Path) -> None:
    for name in (*spec.columns, *spec.fill_down, *spec.codes):
        if name not in contract.written:
            raise SpecInvalid(
                f"{path}: {name!r} is no column of {contract.dataset}; known: {', '.join(contract.written)}"
            )
    for name, words in spec.codes.items():
        unknown = set(words) - set(contract.written[name].codes)
        if unknown:
            raise SpecInvalid(
                f"{path}: {name} cannot be {sorted(unknown)}; known: {list(contract.written[name].codes)}"
            )
        _unique(path, f"codes.{name}", ((word, code) for code, several in words.items() for word in several))
    headers = ((label(text), name) for name, column in spec.columns.items() for text in column.header)
    _unique(path, "columns", headers)
    _check_shape(spec, contract, path)
    for name, column in spec.columns.items():
        reads = contract.written[name].reads
        if (column.unit or column.unit_from) and reads not in AMOUNTS:
            raise SpecInvalid(f"{path}: columns.{name} has no unit: it is no amount of money")
        if column.order != "ymd" and reads not in _DAYS:
            raise SpecInvalid(f"{path}: columns.{name} has no order: it is no day")


def _check_shape(spec: Spec, contract: Contract, path: Path) -> None:
    if (spec.shape == "matrix") != bool(spec.spread):
        raise SpecInvalid(f"{path}: a matrix, and nothing else, needs spread: the column that its items are codes of")
    if spec.spread:
        codes = [name for name, written in contract.written.items() if written.reads == "code"]
        if spec.spread not in codes:
            raise SpecInvalid(f"{path}: spread: {spec.spread!r} has no codes; known: {', '.join(codes)}")
        if spec.spread in spec.columns:
            raise SpecInvalid(f"{path}: columns.{spec.spread} stands in the headers already: it is spread")
    if spec.shape == "form" and spec.fill_down:
        raise SpecInvalid(f"{path}: fill_down: a form has one record and nothing to fill")


def _unique(path: Path, key: str, meanings: Iterable[tuple[str, str]]) -> None:
    """One word of a sender's means one thing."""
    seen: dict[str, str] = {}
    for word, meaning in meanings:
        if seen.setdefault(word, meaning) != meaning:
            raise SpecInvalid(f"{path}: {key}: {word!r} cannot be both {seen[word]} and {meaning}")


def read_spec(path: Path, dataset: str) -> Spec:
    """Read and check one TOML. Raises ``SpecInvalid`` with the file and the key."""
    try:
        spec = Spec.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, ValidationError) as error:
        raise SpecInvalid(f"{path}: {error}") from error
    if dataset not in CONTRACTS:
        raise SpecInvalid(f"{path}: {dataset!r} is no dataset; known: {', '.join(CONTRACTS)}")
    _check(spec, CONTRACTS[dataset], path)
    return spec


class SpecBook:
    """Every sender's specs; a sender without a TOML writes the contract's own headers."""

    def __init__(self, folder: Path = SENDERS) -> None:
        """Load and check all of ``folder``: ``<sender>/<dataset>.toml``. Raises ``SpecInvalid``."""
        self._plain = Spec()
        self._specs = {
            (path.parent.name, path.stem): read_spec(path, path.stem)
            for path in sorted(folder.glob("*/*.toml"))
            if path.name != TRANSPORT
        }

    def get(self, sender: str, dataset: str) -> Spec:
        """Return the spec of ``sender`` for ``dataset``."""
        return self._specs.get((sender, dataset), self._plain)
