"""Write docs/data-dictionary.md: every table that a release or clean holds, with grain, columns, types, units, formulas
and the datasets that it stands on.

Run from the project's root as ``python -m dbt_project.generate_dictionary``. Tables are described beside the models and
in ``ingest.contracts`` only; a test fails when the document differs from what this script would write.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.contracts import CONTRACTS, Contract

HERE = Path(__file__).parent
MODELS = HERE / "models"
KPIS = HERE / "seeds" / "kpis.csv"
DELIVERIES = "deliveries"
DICTIONARY = HERE.parent / "docs" / "data-dictionary.md"
# The end of a column's name says what its numbers count (the design card); the first that fits.
UNITS = (
    (r"_person_times(_to_date)?$", "人次"),
    (r"(^|_)(persons|women|children|volunteers|streamers|lecturers|speakers|employees)(_to_date)?$", "人"),
    (r"_yuan(_to_date)?$", "元"),
    (r"_share$|_rate$", "0–1"),
    (r"(^|_)events(_to_date)?$", "次"),
    (r"(^|_)firms$", "家"),
    (r"(^|_)posts$", "岗"),
    (r"(^|_)openings$", "个"),
    (r"(^|_)(days|days_late)$", "天"),
    (r"_months$", "月"),
    (r"_hours$|^hours$", "小时"),
    (r"minutes$", "分钟"),
    (r"_on$|^valid_(from|to)$", "日"),
    (r"_at$|^known_(from|to)$", "UTC"),
    (r"_year$", "年"),
)
# Who a person is and where a place lies is looked up in every ledger that names one: that makes no source of them.
_LOOKED_UP = re.compile(
    r"int_\w+_identities|(int|dim|bridge)_organisation\w*|int_places|int_sender_homes|(int|dim)_(build_)?dates"
    r"|dim_programmes|int_facts_unplaced|int_\w+_reported"
)
_JINJA = re.compile(r"\{[{%].*?[%}]\}", re.S)
_HEAD = """# Data dictionary

Written by `python -m dbt_project.generate_dictionary` from the models' descriptions and the contracts; do not edit.

- The first sentence of a table is its *grain*: what one row is. *Source* are the datasets whose rows it stands on
  (`deliveries` is our own register of what arrived); the ledgers that only say who a person is, or where an
  organisation stands, are not named again at every table.
- A *unit* follows from the column's name: {units}.
- 人 counts persons once, 人次 counts participations; the two are never added. A share lies from 0 to 1 beside its
  numerator and denominator. NULL means: cannot be known yet, or does not apply; it never means 0.
- Days are half-open: `valid_from` counts, `valid_to` does not. `valid_*` says when it was so, `known_*` when we knew.
- Codes are English; their Chinese words are in `marts.code_labels` (`code_list` is `dataset.column`).
"""


def unit(column: str) -> str:
    """The unit that a column's name ends in; empty where it counts nothing."""
    if column.startswith(("is_", "has_")):
        return "是/否"
    return next((shown for pattern, shown in UNITS if re.search(pattern, column)), "")


@cache
def described(layer: str) -> Mapping[str, dict[str, Any]]:
    """Name -> description and columns of every model of ``layer``, as the YAML files beside the SQL say, sorted."""
    found = {}
    for path in sorted((MODELS / layer).rglob("*.yml")):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", ()):
            if model.get("columns"):
                found[model["name"]] = model
    return dict(sorted(found.items()))


@cache
def _files() -> Mapping[str, Path]:
    return {path.stem: path for path in sorted(MODELS.rglob("*.sql"))}


@cache
def parents(model: str) -> tuple[frozenset[str], frozenset[str]]:
    """The models and the datasets that the Jinja of ``model`` names: every quoted name of a model, also where it is
    put together from a prefix, and every dataset that is the first argument of a macro."""
    calls = " ".join(_JINJA.findall(_files()[model].read_text(encoding="utf-8")))
    models = {word for word in re.findall(r"['\"](\w+)['\"]", calls) if word in _files() and word != model}
    named = {word for word in re.findall(r"\w+\(\s*'(\w+)'", calls) if word in CONTRACTS}
    named |= {word for word in re.findall(r"source\('clean', '(\w+)'\)", calls) if word in CONTRACTS}
    for prefix in re.findall(r"ref\('(\w+)' ~", calls):
        models |= {prefix + word for word in re.findall(r"'(\w+)'", calls) if prefix + word in _files()}
    every = CONTRACTS if "_in_every_dataset" in calls else ()
    return frozenset(models), frozenset(named | set(every) | ({DELIVERIES} if "stg_deliveries" in models else set()))


@cache
def sources(model: str) -> frozenset[str]:
    """The datasets that ``model`` stands on."""
    return frozenset(_sources(model, set()))


def _sources(model: str, seen: set[str]) -> set[str]:
    seen.add(model)
    models, datasets = parents(model)
    found = set(datasets)
    for parent in models - seen:
        if not _LOOKED_UP.fullmatch(parent) or _LOOKED_UP.fullmatch(model):
            found |= _sources(parent, seen)
    return found


def _key(model: Mapping[str, Any]) -> Sequence[str]:
    keys = [one["columns"] for one in model.get("constraints", ()) if one.get("type") == "primary_key"]
    return keys[0] if keys else ()


def _cell(text: object) -> str:
    return " ".join(str(text or "").split()).replace("|", "/")


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _model(layer: str, name: str, model: Mapping[str, Any]) -> Iterator[str]:
    """The section of one table of a release."""
    yield f"### `{layer}.{name}`\n"
    yield f"{_cell(model.get('description'))}\n"
    stands_on = _named(sorted(sources(name))) if name in _files() else ""
    yield f"Key: {_named(_key(model)) or 'none'}. Source: {stands_on or 'no ledger, a list of this project'}.\n"
    rows = [
        (f"`{one['name']}`", one.get("data_type"), unit(one["name"]), one.get("description"))
        for one in model["columns"]
    ]
    yield from _table(("column", "type", "unit", "meaning and formula"), rows)


def _kpis() -> Iterator[str]:
    """The formulas behind the column ``kpi`` of the scorecard."""
    with KPIS.open(encoding="utf-8", newline="") as file:
        rows = [(f"`{one['kpi']}`", *(one[name] for name in _OF_A_KPI)) for one in csv.DictReader(file)]
    yield "## KPIs of `marts.scorecard`\n"
    yield from _table(("kpi", "name", "unit", "window", "formula", "mart"), rows)


_OF_A_KPI = ("name_zh", "unit", "window", "formula_zh", "mart")


def _dataset(contract: Contract) -> Iterator[str]:
    """The section of one dataset, as it lies in clean."""
    scope = f", whole per {_named(contract.scope)}" if contract.scope else ""
    yield f"### `clean/{contract.dataset}` {contract.label}\n"
    yield f"{contract.grain} Sent {contract.cadence} as {contract.delivers}{scope}. Key: {_named(contract.key)}.\n"
    rows = [
        (f"`{name}`", _plain(contract.frame_schema[name]), written_unit(contract, name), column.description)
        for name, column in contract.schema.columns().items()
        if name not in _LINEAGE
    ]
    yield from _table(("column", "type", "unit", "meaning"), rows)


_LINEAGE = ("sender", "delivery_id", "batch_id", "sheet_no", "row_no")


def written_unit(contract: Contract, column: str) -> str:
    """The unit that the contract states, or that the name ends in."""
    written = contract.written.get(column)
    return (written.unit if written else "") or unit(column)


def _plain(kind: object) -> str:
    """A Polars type in one word: codes are listed in ``marts.code_labels`` and not here."""
    name = str(kind)
    return "code" if name.startswith("Enum") else re.sub(r"\(time_unit.*?\)|precision=|scale=", "", name)


def dictionary() -> str:
    """Return the text of docs/data-dictionary.md."""
    units = "、".join(f"`{_suffix(pattern)}` {shown}" for pattern, shown in UNITS[:8])
    lines = [_HEAD.format(units=units), "## Marts: `jinguo.duckdb`\n"]
    for name, model in described("marts").items():
        lines += _model("marts", name, model)
    lines += _kpis()
    lines.append("## Core: `core/jinguo_core.duckdb`\n")
    for name, model in described("core").items():
        lines += _model("core", name, model)
    lines.append(f"## Datasets: `clean/`\n\nEvery row also carries {_named(_LINEAGE)}.\n")
    for contract in CONTRACTS.values():
        lines += _dataset(contract)
    return "\n".join(lines).rstrip() + "\n"


def _suffix(pattern: str) -> str:
    found = re.search(r"_?\(?(persons|person_times|yuan|share|events|firms|posts|openings)", pattern)
    return f"_{found[1]}" if found else pattern


def main() -> None:
    """Write the document."""
    DICTIONARY.write_text(dictionary(), encoding="utf-8")


if __name__ == "__main__":
    main()
