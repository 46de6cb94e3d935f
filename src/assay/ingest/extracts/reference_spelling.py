"""Give each crime and each person one spelling of their reference, where sheets differ in case, spaces or dashes.

People who type a reference into a second sheet write 'wx/25/1204' or 'WX/25/1204 ' for WX/25/1204. Such spellings are
one reference, unless the rows of two spellings contradict each other: keys of some systems differ in case alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

MIN_STYLE_SHARE = 0.8
"""Share of the references with letters that must be in capitals (or small letters) for the others to be turned so."""
_DASHES = r"[\u2010-\u2015\u2212]"


def folded_reference(reference: pl.Expr) -> pl.Expr:
    """Return references without what people write differently: case, spaces and kinds of dashes."""
    return reference.str.replace_all(r"\s+", "").str.replace_all(_DASHES, "-").str.to_uppercase()


def reference_spellings(rows: pl.DataFrame, column: str, facts: Sequence[str]) -> pl.DataFrame:
    """Return `:folded` and `:spelled`: the one spelling of each reference.

    Parameters
    ----------
    rows
        The rows that say which references there are.
    column
        The column of references.
    facts
        Columns that hardly differ between rows of one reference. Spellings whose rows differ in two of them (in one if
        there is one alone) stay as they are, and are not in the result.
    """
    known = rows.filter(pl.col(column).is_not_null()).with_columns(folded_reference(pl.col(column)).alias(":folded"))
    names = [name for name in facts if name in known.columns]
    differs = [pl.col(name).drop_nulls().n_unique().gt(1).alias(f":differs:{name}") for name in names]
    spellings_by_reference = known.group_by(":folded").agg(pl.col(column).n_unique().alias(":spellings"), *differs)
    n_contradictions = pl.sum_horizontal(pl.lit(0), *(pl.col(f":differs:{name}").cast(pl.Int32) for name in names))
    is_contradicted = n_contradictions >= max(1, min(2, len(names)))
    agreeing = spellings_by_reference.filter((pl.col(":spellings") == 1) | ~is_contradicted)
    usual = (
        known.group_by(":folded", column)
        .len()
        .sort("len", column, descending=True)
        .unique(":folded", keep="first", maintain_order=True)
    )
    spelled = _in_usual_style(usual[column])
    return usual.with_columns(spelled.alias(":spelled")).join(agreeing, on=":folded").select(":folded", ":spelled")


def _in_usual_style(references: pl.Series) -> pl.Series:
    """Return the references in the case that most of them have, and without spaces if most have none.

    A reference that the whole extract writes in another way has the same spelling in the next edition.
    """
    frame = references.alias("r").to_frame()
    upper, lower = pl.col("r").str.to_uppercase(), pl.col("r").str.to_lowercase()
    letters = frame.filter(upper != lower)
    for style in (upper, lower):
        if letters.height and letters.select((pl.col("r") == style).mean()).item() >= MIN_STYLE_SHARE:
            frame = frame.with_columns(style.alias("r"))
            break
    has_space = pl.col("r").str.contains(r"\s")
    if frame.height and frame.select(has_space.mean()).item() <= 1 - MIN_STYLE_SHARE:
        frame = frame.with_columns(pl.col("r").str.replace_all(r"\s+", ""))
    return frame["r"]


def with_spellings(rows: pl.DataFrame, column: str, spellings: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the one spelling of each reference that has one."""
    if column not in rows.columns or not rows.height:
        return rows
    keyed = rows.with_columns(folded_reference(pl.col(column)).alias(":folded"))
    joined = keyed.join(spellings, on=":folded", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(":spelled", column).alias(column)).drop(":folded", ":spelled")


def as_spelled(references: pa.Array | pa.ChunkedArray, known: pa.Array | pa.ChunkedArray) -> pl.Series:
    """Return references in the spelling of known ones, where one alone differs in case, spaces or dashes alone."""
    spelled = pl.Series(":spelled", pl.from_arrow(known), dtype=pl.String).drop_nulls().unique().to_frame()
    spelled = spelled.with_columns(folded_reference(pl.col(":spelled")).alias(":folded"))
    spelled = spelled.filter(pl.col(":folded").is_unique())
    rows = pl.Series("reference", pl.from_arrow(references), dtype=pl.String).to_frame()
    return with_spellings(rows, "reference", spelled)["reference"]
