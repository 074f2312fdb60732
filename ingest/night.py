"""One night's cleaning: every delivery without a current attempt, grouped by spec, cleaned in batches (law 9)."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.alike import SharedHeaders, rows_of
from ingest.attempts import Attempt
from ingest.batch import Batch, Sheet
from ingest.clean import Cleaned, clean_batch
from ingest.home import Home
from ingest.keys import Keyring
from ingest.landing import Landing, LandingDamaged
from ingest.layouts import Layout
from ingest.ledger import Ledger
from ingest.prepared import Prepared, prepare
from ingest.reading.excel import WorkbookReader
from ingest.reading.plain import Plain
from ingest.reasons import Refused
from ingest.receipts import Delivery
from ingest.scopes import scopes_of
from ingest.spec import SpecBook
from ingest.tables import drop_superseded, write_batch, write_tables
from ingest.tokens import TokenMaker
from ingest.versions import batch_id_of, rules_version

Progress = Callable[[int, int], None]
BATCH_RECORDS = 400_000


@dataclass(frozen=True)
class _Night:
    home: Home
    landing: Landing
    maker: TokenMaker
    specs: SpecBook
    ledger: Ledger
    headers: SharedHeaders = field(default_factory=SharedHeaders)

    @property
    def rules(self) -> str:
        return rules_version(self.maker.key_id)

    def attempt(self, delivery: Delivery, **facts: object) -> Attempt:
        spec = self.specs.get(delivery.sender, delivery.dataset)
        return Attempt(
            delivery_id=delivery.delivery_id,
            spec_version=spec.version,
            rules_version=self.rules,
            token_key_id=self.maker.key_id,
            **{"batch_id": None, **facts},  # ty: ignore[invalid-argument-type]
        )

    def refused(self, delivery: Delivery, code: str, about: str = "", records: int = 0) -> Attempt:
        counts = {"records_in": records, "rejected_records": records}
        return self.attempt(delivery, state="refused", reason_code=code, detail_code=about or None, **counts)


def _opened(night: _Night, delivery: Delivery, workbooks: WorkbookReader) -> Prepared | Attempt:
    try:
        data, spec = night.landing.get(delivery.sha256), night.specs.get(delivery.sender, delivery.dataset)
        return prepare(delivery, data, spec, workbooks, night.headers)
    except Refused as refusal:
        return night.refused(delivery, refusal.code, refusal.about, refusal.records)
    except LandingDamaged:
        return night.refused(delivery, "landing_damaged")
    except OSError:
        raise
    except Exception as error:
        # A fault of ours on one file must not cost the others their night; the class alone holds nothing of anybody.
        return night.refused(delivery, "cleaning_failed", type(error).__name__)


def _sheets(group: list[Prepared]) -> tuple[Sheet, ...]:
    """The sheets of a group: plain files of one header are one."""
    sheets = [Sheet((position,), rows) for position, one in enumerate(group) for rows in one.sheets]
    alike: dict[tuple[int, str], list[tuple[int, Plain, Layout]]] = {}
    for position, one in enumerate(group):
        if one.plain:
            file, layout = one.plain
            alike.setdefault((id(layout), file.separator), []).append((position, file, layout))
    for several in alike.values():
        positions, files, layouts = zip(*several, strict=True)
        sheets.append(Sheet(positions, rows_of(files, layouts[0], group[0].contract, group[0].spec)))
    return tuple(sheets)


def _cleaned(night: _Night, group: list[Prepared]) -> tuple[Cleaned, str]:
    batch_id = batch_id_of([one.delivery.delivery_id for one in group], group[0].spec.version, night.rules)
    keys_only = group[0].delivery.kind == "withdrawal"
    contexts = tuple(one.context for one in group)
    batch = Batch(group[0].contract, group[0].spec, batch_id, contexts, _sheets(group), keys_only)
    return clean_batch(batch, night.maker), batch_id


def _attempts(night: _Night, group: list[Prepared], cleaned: Cleaned, batch_id: str) -> list[Attempt]:
    """One attempt a delivery; whose balance does not hold is refused and its rows are not used (law 1)."""
    counts = {row["delivery_id"]: row for row in cleaned.counts.iter_rows(named=True)}
    scopes = scopes_of(group[0].contract, cleaned.clean)
    attempts = []
    for one in group:
        row = counts[one.delivery.delivery_id]
        non_data = row["non_data"] + one.above + one.unread
        out = row["clean"] + row["rejected"] + row["duplicate"] + non_data
        if out != one.framed:
            attempts.append(night.refused(one.delivery, "balance_broken", records=one.framed))
            continue
        attempts.append(
            night.attempt(
                one.delivery,
                state="clean",
                batch_id=batch_id,
                as_of_on=one.as_of_on,
                records_in=one.framed,
                clean_records=row["clean"],
                rejected_records=row["rejected"],
                duplicate_records=row["duplicate"],
                non_data_records=non_data,
                unreadable_keys=row["unreadable_keys"],
                cells=row["cells"],
                file_kind=one.file_kind,
                encoding=one.encoding,
                scopes=scopes.get(one.delivery.delivery_id),
            )
        )
    return attempts


def _clean_group(night: _Night, group: list[Prepared]) -> list[Attempt]:
    """Clean a group in one call; if the call fails, each file by itself, so that one file harms only itself."""
    try:
        cleaned, batch_id = _cleaned(night, group)
    except Exception as error:
        if len(group) > 1:
            return [attempt for one in group for attempt in _clean_group(night, [one])]
        if isinstance(error, Refused):
            return [night.refused(group[0].delivery, error.code, error.about, group[0].framed)]
        return [night.refused(group[0].delivery, "cleaning_failed", type(error).__name__, group[0].framed)]
    write_batch(night.home, group[0].delivery.dataset, batch_id, cleaned)
    return _attempts(night, group, cleaned, batch_id)


def _groups(night: _Night, pending: list[Delivery], tell: Progress) -> Iterator[list[Prepared] | Attempt]:
    """Open deliveries and yield them in groups of one dataset, spec and kind, bounded in records; or refusals."""
    waiting: dict[tuple[str, str, bool], list[Prepared]] = {}
    records: Counter[tuple[str, str, bool]] = Counter()
    with WorkbookReader() as workbooks:
        for done, delivery in enumerate(pending, 1):
            opened = _opened(night, delivery, workbooks)
            tell(done, len(pending))
            if isinstance(opened, Attempt):
                yield opened
                continue
            key = (delivery.dataset, opened.spec.version, delivery.kind == "withdrawal")
            waiting.setdefault(key, []).append(opened)
            records[key] += opened.framed
            if records[key] >= BATCH_RECORDS:
                del records[key]
                yield waiting.pop(key)
    yield from waiting.values()


def clean_pending(
    home: Home,
    keyring: Keyring,
    *,
    progress: Progress | None = None,
    only: Callable[[Delivery], bool] = lambda delivery: True,
) -> list[Attempt]:
    """Clean every delivery that has no attempt under today's spec and rules, and write what came of it.

    ``only`` can choose some of them; ``progress`` is called with (deliveries opened, deliveries in all). Returns the
    attempts made. One bad delivery is refused and the others go on. Raises ``SpecInvalid`` before anything is done if
    a sender's TOML is wrong.
    """
    specs, attempts = SpecBook(), []
    with Ledger(home) as ledger:
        night = _Night(home, Landing(home, keyring), TokenMaker(keyring), specs, ledger)
        versions = {pair: specs.get(*pair).version for pair in ledger.pairs()}
        pending = [one for one in ledger.pending(versions, night.rules) if only(one)]
        for made in _groups(night, pending, progress or (lambda done, total: None)):
            several = [made] if isinstance(made, Attempt) else _clean_group(night, made)
            ledger.record(several)
            attempts += several
        current = ledger.current()
        write_tables(home, current)
        drop_superseded(home, current)
    return attempts
