"""Which headers a ledger must have at least, told from its contract."""

from ingest.contracts.columns import LINEAGE, written_of
from ingest.contracts.contract import Contract


def required_names(contract: Contract, *, keys_only: bool) -> list[tuple[str, ...]]:
    """Return groups of written names of which one must have a header: of a person number, identity number or name.

    A withdrawal needs only the key's columns.
    """
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
    return groups
