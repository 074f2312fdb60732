"""Which headers a ledger must have at least, told from its contract."""

from functools import cache

from ingest.contracts.columns import LINEAGE, written_of
from ingest.contracts.contract import CONTRACTS, Contract


def required_names(contract: Contract, *, keys_only: bool) -> tuple[tuple[str, ...], ...]:
    """Return groups of written names of which one must have a header: of a person number, identity number or name.

    A withdrawal needs only the key's columns.
    """
    return _required(contract.dataset, keys_only)


@cache
def _required(dataset: str, keys_only: bool) -> tuple[tuple[str, ...], ...]:
    contract = CONTRACTS[dataset]
    groups = []
    for name, column in contract.schema.columns().items():
        if column.nullable or name in LINEAGE or (keys_only and name not in contract.key):
            continue
        role = (column.metadata or {}).get("role")
        if role is None:
            groups.append(tuple(one.name for one in written_of(column)))
        else:
            identifying = (f"{role}_number", f"{role}_id_no", f"{role}_name")
            groups.append(tuple(n for n in contract.written if n in identifying))
    return tuple(groups)
