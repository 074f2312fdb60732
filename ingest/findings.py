"""What is wrong with which cell: reasons with sheet, row and column letter, the value masked to its shape."""

import polars as pl

from ingest.reasons import REASONS

PLACE = {"sender": pl.String, "delivery_id": pl.String, "batch_id": pl.String, "sheet_no": pl.Int16, "row_no": pl.Int32}
REJECTS = {
    **PLACE,
    "record_key": pl.String,
    "code": pl.String,
    "column_name": pl.String,
    "column_letter": pl.String,
    "masked_value": pl.String,
}
FINDINGS = {**REJECTS, "class": pl.String}
_SEVERITY = {code: reason.severity for code, reason in REASONS.items()}


def masked(raw: pl.Expr) -> pl.Expr:
    """Return a value's shape: digits as #, Han as 文, letters as a, at most 24 characters."""
    # rare characters of names have private code points in old systems
    shape = raw.str.replace_all(r"\p{N}", "#").str.replace_all(r"[\p{Han}\p{Co}]", "文")
    return shape.str.replace_all(r"[\p{L}--\p{Han}]", "a").str.head(24)


def found_at(name: str, codes: pl.Series, raw: pl.Series | None) -> pl.DataFrame | None:
    """Return one row per non-null code of the column ``name``: index, code, column_name, masked_value; None if none."""
    if codes.null_count() == len(codes):
        return None
    frame = pl.DataFrame(
        {"code": codes, "raw": raw if raw is not None else pl.repeat(None, len(codes), dtype=pl.String, eager=True)}
    )
    return (
        frame.with_row_index("index")
        .filter(pl.col("code").is_not_null())
        .select("index", "code", pl.lit(name).alias("column_name"), masked(pl.col("raw")).alias("masked_value"))
    )


def gathered(found: list[pl.DataFrame | None]) -> pl.DataFrame:
    """Concatenate findings and give each its class."""
    frames = [frame for frame in found if frame is not None]
    schema = {"index": pl.UInt32, "code": pl.String, "column_name": pl.String, "masked_value": pl.String}
    whole = pl.concat(frames) if frames else pl.DataFrame(schema=schema)
    return whole.with_columns(
        pl.col("code").replace_strict(list(_SEVERITY), list(_SEVERITY.values()), return_dtype=pl.String).alias("class")
    )
