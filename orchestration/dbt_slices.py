"""Which part of a relation a statement reads, where its text proves that it reads the rows of one dataset only.

Every delivery changes the table of deliveries, and almost everything reads that table: but of one dataset. Read off the
SQL that dbt executed, and only where every mention has a shape that admits no other row; else the whole counts as read.
"""

import re
from collections.abc import Iterable, Mapping

_TERM = r"(?:'\w*'|[\w.]+|timestamp '[^']*')"
_CONDITION = rf"{_TERM}(?: (?:=|<>|<|<=|>|>=) {_TERM}| in \('\w*'(?:, '\w*')*\))?"
_CONDITIONS = rf"(?P<conditions>{_CONDITION}(?: and {_CONDITION})*)"
# Behind the conditions nothing may follow that could widen them, such as an `or`.
_END = r"(?=\s?\)|$| (?:left|inner|cross|where|group|order|union)\b)"
_NARROWED = r"(?: inner join \( ?select distinct [\w, ]+ from \w+ ?\) as \w+ on [\w.]+ = [\w.]+)?"
_FILTERED = rf" as (?P<alias>\w+){_NARROWED} where {_CONDITIONS}{_END}"
_ALONE = rf" (?P<alias>)where {_CONDITIONS}{_END}"
_JOINED = rf" as (?P<alias>\w+) on {_CONDITIONS}{_END}"
# Where a text names the relation that is looked for.
_IT = "\0"
# Rows of a clean file belong to deliveries of the dataset whose folder it lies in.
_DELIVERED = re.compile(
    r"from read_parquet\('[^']*/(?:clean|rejects|findings)/(?P<dataset>\w+)/\*\.parquet'[^)]*\) as (?P<rows>\w+)"
    rf" inner join {_IT} as (?P<alias>\w+) on (?P=rows)\.delivery_id = (?P=alias)\.delivery_id"
    r" and (?P=rows)\.batch_id = (?P=alias)\.batch_id" + _END
)
_SHAPES = [
    re.compile(shape)
    for shape in (rf"from {_IT}{_FILTERED}", rf"from {_IT}{_ALONE}", rf"(?:left|inner) join {_IT}{_JOINED}")
]


def slices(sql: str, relations: Mapping[str, str]) -> dict[str, list[str]]:
    """The datasets that ``sql`` reads, for each of ``relations`` (id -> quoted name) that it reads by dataset."""
    text = _plain(sql)
    # a mention that the plain text lost (behind a -- inside a string, say) is one whose shape nobody looked at
    whole = {unique_id: name for unique_id, name in relations.items() if text.count(name) == sql.count(name)}
    found = {unique_id: _datasets(text, name) for unique_id, name in whole.items()}
    return {unique_id: sorted(datasets) for unique_id, datasets in found.items() if datasets}


def _plain(sql: str) -> str:
    """The text without comments, in one line."""
    return " ".join(re.sub(r"/\*.*?\*/", " ", re.sub(r"--[^\n]*", "", sql), flags=re.DOTALL).split())


def _datasets(text: str, name: str) -> set[str]:
    """The datasets of which ``text`` reads rows of ``name``; empty where a mention may read others."""
    text, mentions = text.replace(name, _IT), text.count(name)
    read = {place for shape in _SHAPES for place in _filtered(text, shape)}
    read |= {(one.end("dataset"), one["dataset"]) for one in _DELIVERED.finditer(text)}
    return {dataset for _, dataset in read} if len(read) == mentions else set()


def _filtered(text: str, shape: re.Pattern[str]) -> Iterable[tuple[int, str]]:
    """Where and of which dataset each match reads; one match a mention."""
    for match in shape.finditer(text):
        column = f"{match['alias']}.dataset".removeprefix(".")
        stated = re.search(rf"(?:^| and ){re.escape(column)} = '(\w+)'(?: and |$)", match["conditions"])
        if stated:
            yield match.start(), stated[1]
