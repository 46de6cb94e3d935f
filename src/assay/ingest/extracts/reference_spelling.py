"""Give each crime and each person one spelling of their reference, where sheets differ in case, spaces or dashes.

People who type a reference into a second sheet write 'wx/25/1204' or 'WX/25/1204 ' for WX/25/1204. Such spellings are
one reference, unless the rows of two spellings contradict each other: keys of some systems differ in case alone.
Merging two crimes is worse than counting one twice, because nobody would notice it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

MIN_STYLE_SHARE = 0.8
"""Share of the references with letters that must be in capitals (or small letters) for the others to be turned so."""
MIN_SINGLE_ROWS = 0.9
"""Distinct references per row from which a sheet has one row for each reference; some are exported twice."""
_STRAY_SPACES = r"\s*([/-])\s*"
_DASHES = r"[\u2010-\u2015\u2212]"


@dataclass(frozen=True)
class ComparedFacts:
    """The facts that show whether two spellings of a reference are different records.

    Parameters
    ----------
    usual
        Columns that hardly differ between rows of one reference: two of them must differ, or the only one that both
        spellings have.
    decisive
        Those of them of which one is enough. Of times the day counts.
    single_row_facts
        Further columns, compared within a sheet that has one row for each reference; there any one is enough.
    """

    usual: tuple[str, ...]
    decisive: tuple[str, ...] = ()
    single_row_facts: tuple[str, ...] = ()


def folded_reference(reference: pl.Expr) -> pl.Expr:
    """Return references in upper case, without stray spaces and with one kind of dash."""
    return _without_stray_spaces(reference.str.replace_all(_DASHES, "-")).str.to_uppercase()


def _without_stray_spaces(reference: pl.Expr) -> pl.Expr:
    """Return references without spaces at their ends and beside a stroke or dash; those between digits may matter."""
    return reference.str.strip_chars().str.replace_all(_STRAY_SPACES, "$1")


def reference_spellings(rows: pl.DataFrame, column: str, facts: ComparedFacts) -> pl.DataFrame:
    """Return one spelling for each group of references that differ only in case, stray spaces and dashes.

    Parameters
    ----------
    rows
        The rows that say which references there are, with `file`, `sheet` and `line`.
    column
        The column of references.
    facts
        The facts that are compared. Spellings that they tell apart stay as they are, and are not in the result; also
        spellings of one sheet that have no fact in common.
    """
    known = rows.filter(pl.col(column).is_not_null()).with_columns(folded_reference(pl.col(column)).alias(":folded"))
    distinct = _distinct_references(known, column, facts)
    usual = (
        known.group_by(":folded", column)
        .len()
        .sort("len", column, descending=True)
        .unique(":folded", keep="first", maintain_order=True)
    )
    spelled = usual.with_columns(_in_usual_style(usual[column]).alias(":spelled"))
    return spelled.filter(~pl.col(":folded").is_in(distinct.implode())).select(":folded", ":spelled")


def _distinct_references(known: pl.DataFrame, column: str, facts: ComparedFacts) -> pl.Series:
    """Return the folded references whose spellings are several records."""
    respelled_rows = known.filter(pl.col(column).n_unique().over(":folded") > 1)
    if not respelled_rows.height:
        return pl.Series(":folded", [], dtype=pl.String)
    usual, decisive, single = (
        [name for name in names if name in known.columns]
        for names in (facts.usual, facts.decisive, (*facts.usual, *facts.single_row_facts))
    )
    days = respelled_rows.with_columns(
        pl.col(name).dt.date() for name in single if respelled_rows[name].dtype.is_temporal()
    )
    by_spelling = days.group_by(":folded", column).agg(pl.col(name).drop_nulls().first() for name in single)
    differs = [(pl.col(name).drop_nulls().n_unique() > 1).alias(f":differs:{name}") for name in single]
    shared = [(pl.col(name).count() > 1).alias(f":shared:{name}") for name in single]
    found = (
        by_spelling.group_by(":folded")
        .agg(*differs, *shared)
        .join(_places(known, respelled_rows, column), on=":folded")
    )
    n_differ, n_shared = _count(":differs:", usual), _count(":shared:", usual)
    is_apart = (n_differ > 0) & (n_differ >= pl.min_horizontal(2, n_shared))
    is_apart |= _count(":differs:", decisive) > 0
    is_apart |= pl.col(":one_sheet") & (_count(":shared:", single) == 0)
    if facts.single_row_facts:
        is_apart |= pl.col(":single_rows") & (_count(":differs:", single) > 0)
    return found.filter(is_apart)[":folded"]


def _count(prefix: str, names: Sequence[str]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(0), *(pl.col(f"{prefix}{name}").cast(pl.Int32) for name in names))


def _places(known: pl.DataFrame, respelled_rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return whether one sheet has two spellings of a folded reference, and such a sheet has one row per reference."""
    place = ["file", "sheet"]
    rows = known.select(*place, "line", column).unique()
    single = rows.group_by(place).agg((pl.col(column).n_unique() / pl.len() >= MIN_SINGLE_ROWS).alias(":single"))
    by_sheet = respelled_rows.group_by(":folded", *place).agg((pl.col(column).n_unique() > 1).alias(":two"))
    return (
        by_sheet.join(single, on=place, nulls_equal=True)
        .group_by(":folded")
        .agg(pl.col(":two").any().alias(":one_sheet"), (pl.col(":two") & pl.col(":single")).any().alias(":single_rows"))
    )


def count_respelled(frames: Iterable[pl.DataFrame], column: str, spellings: pl.DataFrame) -> int:
    """Count the references that are spelled in more than one way and read as one."""
    references = pl.concat([frame.select(column) for frame in frames if column in frame.columns]).drop_nulls().unique()
    folded = references.select(folded_reference(pl.col(column)).alias(":folded"))
    return folded.join(spellings, on=":folded", how="semi").filter(pl.col(":folded").is_duplicated()).n_unique()


def _in_usual_style(references: pl.Series) -> pl.Series:
    """Return the references in the case that most of them have, and without stray spaces if most have no space.

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
        frame = frame.with_columns(_without_stray_spaces(pl.col("r")))
    return frame["r"]


def with_spellings(rows: pl.DataFrame, column: str, spellings: pl.DataFrame) -> pl.DataFrame:
    """Replace each reference by its usual spelling, where `reference_spellings` found one."""
    if column not in rows.columns or not rows.height:
        return rows
    keyed = rows.with_columns(folded_reference(pl.col(column)).alias(":folded"))
    joined = keyed.join(spellings, on=":folded", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(":spelled", column).alias(column)).drop(":folded", ":spelled")


def as_spelled(references: pa.Array | pa.ChunkedArray, known: pa.Array | pa.ChunkedArray) -> pl.Series:
    """Replace each reference by the one known reference that differs only in case, spaces or dashes, if any."""
    spelled = pl.Series(":spelled", pl.from_arrow(known), dtype=pl.String).drop_nulls().unique().to_frame()
    spelled = spelled.with_columns(folded_reference(pl.col(":spelled")).alias(":folded"))
    spelled = spelled.filter(pl.col(":folded").is_unique())
    rows = pl.Series("reference", pl.from_arrow(references), dtype=pl.String).to_frame()
    return with_spellings(rows, "reference", spelled)["reference"]
