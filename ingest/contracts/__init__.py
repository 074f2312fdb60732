"""The datasets, each described once: contracts are the only place where a column is described."""

from ingest.contracts import care, children, organisations, protection, resources, trainings  # noqa: F401
from ingest.contracts.contract import CONTRACTS, Contract, RowRule

__all__ = ["CONTRACTS", "Contract", "RowRule"]
