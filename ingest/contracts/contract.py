"""What a contract is: a dataset's clean row, and the few facts about how it is delivered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import dataframely as dy
import polars as pl

from ingest.contracts.columns import Written, written_of


@dataclass(frozen=True)
class RowRule:
    """A rule over one clean row: where ``breaks`` is true, the reason ``code`` is found at ``column``."""

    code: str
    column: str
    breaks: pl.Expr


@dataclass(frozen=True)
class Contract:
    """One dataset: its schema and how it is delivered.

    ``delivers`` is ``snapshot`` (the whole truth of one ``scope``) or ``increment`` (changed rows);
    ``key`` identifies a thing within one sender, ``version`` orders its states where rows carry their own;
    ``withheld`` are headers whose content stays in landing; a delivery is due on the ``due_day``-th day after
    the period that ``cadence`` names, and one that came no later than that speaks of that period.
    """

    dataset: str
    label: str
    schema: type[dy.Schema]
    delivers: str
    key: tuple[str, ...]
    scope: tuple[str, ...] = ()
    version: str = ""
    cadence: Literal["monthly", "quarterly", "yearly", "irregular"] = "monthly"
    due_day: int = 10
    withheld: tuple[str, ...] = ()
    rules: tuple[RowRule, ...] = ()

    @cached_property
    def grain(self) -> str:
        """The one sentence that says what a row is: the schema's docstring."""
        return (self.schema.__doc__ or "").strip()

    @cached_property
    def written(self) -> dict[str, Written]:
        """Everything a sender may write, by our name."""
        columns = self.schema.columns().values()
        return {one.name: one for column in columns for one in written_of(column)}

    @cached_property
    def frame_schema(self) -> dict[str, pl.DataType]:
        """Column names and Polars types of ``clean/<dataset>``."""
        return {name: column.dtype for name, column in self.schema.columns().items()}


CONTRACTS: dict[str, Contract] = {}


def ledger(**facts: object) -> Callable[[type[dy.Schema]], type[dy.Schema]]:
    """Register the decorated schema as the contract of a dataset; ``facts`` are ``Contract``'s fields."""

    def register(schema: type[dy.Schema]) -> type[dy.Schema]:
        contract = Contract(schema=schema, **facts)  # ty: ignore[invalid-argument-type]
        if contract.dataset in CONTRACTS:
            raise ValueError(f"two contracts for {contract.dataset}")
        CONTRACTS[contract.dataset] = contract
        return schema

    return register
