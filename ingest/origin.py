"""From a place in a delivery back to the sender's own cells, and to the words of a refusal. Reads landing."""

from dataclasses import dataclass

from ingest.contracts import CONTRACTS
from ingest.home import Home
from ingest.keys import Keyring
from ingest.labels import cell_name, column_letter
from ingest.landing import Landing
from ingest.layouts import Layout
from ingest.prepared import open_sheets, prepare
from ingest.reading.excel import WorkbookReader
from ingest.reading.files import read
from ingest.reading.grid import Grid
from ingest.reasons import Refused
from ingest.receipts import Delivery, Receipt, read_receipts
from ingest.spec import SpecBook


class NotFound(LookupError):
    """No such delivery or row; the message says which part was not found."""


@dataclass(frozen=True)
class Origin:
    """One record as the sender wrote it: ``cells`` are (column letter, header, value as written).

    ``row_no`` is the record's own: of a form, whichever of its rows was asked for, that of its first label.
    """

    delivery_id: str
    file_name: str
    sheet_no: int
    sheet_name: str
    row_no: int
    cells: tuple[tuple[str, str, str | None], ...]


def _receipt(home: Home, dataset: str, sender: str, file: str) -> Receipt:
    found = [
        one
        for one in read_receipts(home)
        if one.dataset == dataset and one.sender == sender and file in (one.delivery_id, one.file_name, one.member)
    ]
    if not found:
        raise NotFound(f"{sender}/{dataset}: no delivery of that file name or delivery_id")
    return max(found, key=lambda one: (one.received_at, one.delivery_id))


def file_names(home: Home) -> dict[str, str]:
    """Return the newest file name of every delivery. File names can name persons: for an operator's eyes only."""
    newest: dict[str, Receipt] = {}
    for one in read_receipts(home):
        if one.delivery_id not in newest or one.received_at > newest[one.delivery_id].received_at:
            newest[one.delivery_id] = one
    return {delivery_id: one.member or one.file_name for delivery_id, one in newest.items()}


def origin(
    home: Home, keyring: Keyring, dataset: str, sender: str, file: str, row_no: int, sheet_no: int | None = None
) -> Origin:
    """Return the sender's own cells of one record. ``file`` is a file name or a delivery_id; ``row_no`` counts from 1.

    Where ``sheet_no`` is None the first sheet that has the row is meant. Raises ``NotFound`` or ``Refused``.
    """
    receipt = _receipt(home, dataset, sender, file)
    data, spec = Landing(home, keyring).get(receipt.sha256), SpecBook().get(sender, dataset)
    with WorkbookReader() as workbooks:
        reading = read(data, "", workbooks)
    for grid, layout in open_sheets(reading, CONTRACTS[dataset], spec, keys_only=receipt.kind == "withdrawal"):
        # of a form every row is of its one record
        is_here = row_no in grid.folded.rows if grid.folded else None
        position = grid.frame.height - 1 if is_here else grid.frame["row_no"].index_of(row_no)
        if is_here is False or position is None or sheet_no not in (None, grid.sheet_no):
            continue
        cells, own = _cells(grid, layout, position), grid.frame["row_no"][position]
        return Origin(receipt.delivery_id, receipt.file_name, grid.sheet_no, grid.sheet_name, own, cells)
    raise NotFound(f"{sender}/{dataset}: the file has no row {row_no}")


def _cells(grid: Grid, layout: Layout, position: int) -> tuple[tuple[str, str, str | None], ...]:
    values = grid.frame.drop("row_no").row(position)
    # a form's table is as wide as its sheet was; what lies beyond its values is empty
    spots = grid.folded.spots if grid.folded else None
    letters = [cell_name(*spot) for spot in spots] if spots else [column_letter(at) for at in range(len(values))]
    cells = zip(letters, layout.headers[: len(letters)], values[: len(letters)], strict=True)
    return tuple((letter, header, value) for letter, header, value in cells if header or value)


def refusal(home: Home, keyring: Keyring, delivery: Delivery) -> str:
    """Return in words why a delivery cannot be read: the missing column and the headers found, a sheet, a row.

    It is read from landing again each time, so that no word of a sender's is kept outside landing.
    """
    spec = SpecBook().get(delivery.sender, delivery.dataset)
    with WorkbookReader() as workbooks:
        try:
            data = Landing(home, keyring).get(delivery.sha256)
            if delivery.bundle_sha is None and delivery.reason_code:
                return ""
            prepare(delivery, data, spec, workbooks)
        except Refused as refused:
            sheet = f"第{refused.sheet_no}张表，" if refused.sheet_no else ""
            row = f"第{refused.row_no}行，" if refused.row_no else ""
            return f"{sheet}{row}{refused.detail}".rstrip("，")
    return ""
