"""The datasets, each described once: contracts are the only place where a column is described."""

from ingest.contracts import (  # noqa: F401
    care,
    care_items,
    children,
    commerce,
    employment,
    fairs,
    lectures,
    networks,
    organisations,
    protection,
    resources,
    spaces,
    targets,
    trainings,
)
from ingest.contracts.contract import CONTRACTS, Contract, RowRule

__all__ = ["CONTRACTS", "Contract", "RowRule"]
