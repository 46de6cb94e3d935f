"""Merge the rows of an extract that describe the same crime, person of a crime or flag, and derive their keys.

A join repeats a crime on the row of each of its persons, and a person on the row of each flag. Rows with the same key
are one row: of each column the first known value counts, and columns in which they differ are counted.

A derived key is `k-` and the first 20 hexadecimal digits of the SHA-256 hash of the natural key: the crime, the role
and the person; the crime, the flag and the time. It does not depend on the order of rows. Only if nothing else
distinguishes two persons of a crime does the key hold their number, in the order of their known details.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

KEY_PREFIX, KEY_DIGITS = "k-", 20
ORIGIN = ("line", "file", "sheet")
"""Columns that say where a row comes from."""
KEYING = ("described", "identity", "told_apart_by", "person_key")
"""Columns by which persons are merged, which the table does not keep."""
PLACE = ("part", "ordinal", "each_row_counts", "only_completes", "position")
"""Columns that the split needs and the table does not keep."""
CRIME, PERSON, ROLE, LINK = "crime_ref", "person_ref", "role", "involvement_ref"
_SEPARATOR = "\x1f"


ETHNICITY_IS_UNREAD = "ethnicity_is_unread"
"""Column of the persons: True where a cell of their ethnicity is filled and was not understood."""


@dataclass(frozen=True)
class MergedRows:
    """The rows of a table with one row for each key.

    Parameters
    ----------
    rows
        One row for each key, in the order of first rows.
    n_merged
        How many rows were merged into another.
    contradictions
        Column -> number of keys whose rows differ in it.
    contradicted
        Column -> the keys whose rows differ in it.
    """

    rows: pl.DataFrame
    n_merged: int
    contradictions: dict[str, int]
    contradicted: Mapping[str, pl.Series] = field(default_factory=dict)


def merge_rows(rows: pl.DataFrame, key: str) -> MergedRows:
    """Merge the rows with the same key, keeping the first known value of each column."""
    is_repeated = rows[key].is_duplicated()
    repeated = rows.filter(is_repeated)
    if not repeated.height:
        return MergedRows(rows, 0, {})
    names = [name for name in rows.columns if name not in (key, *ORIGIN, *PLACE, *KEYING)]
    names = [name for name in names if not name.endswith("_is_day")]
    values = [expression for name in names for expression in _first_known(rows, name)]
    differing = [_differs(rows, name).alias(f"differs:{name}") for name in names]
    firsts = [pl.col(name).first() for name in rows.columns if name in (*ORIGIN, *PLACE, *KEYING) and name != key]
    grouped = repeated.group_by(key, maintain_order=True).agg(*firsts, *values, *differing)
    differing_keys = {name: grouped.filter(pl.col(f"differs:{name}"))[key] for name in names}
    contradicted = {name: keys for name, keys in differing_keys.items() if len(keys)}
    merged = pl.concat([rows.filter(~is_repeated), grouped.select(rows.columns)]).sort("position", maintain_order=True)
    counts = {name: len(keys) for name, keys in contradicted.items()}
    return MergedRows(merged, rows.height - merged.height, counts, contradicted)


def _first_known(rows: pl.DataFrame, name: str) -> list[pl.Expr]:
    first = pl.col(name).drop_nulls().first()
    day_name = f"{name}_is_day"
    if day_name not in rows.columns:
        return [first.alias(name)]
    # A time says more than the day alone, where both are the same day.
    timed = pl.col(name).filter(~pl.col(day_name) & (pl.col(name).dt.date() == first.dt.date())).first()
    return [pl.coalesce(timed, first).alias(name), (timed.is_null() & first.is_not_null()).alias(day_name)]


def _differs(rows: pl.DataFrame, name: str) -> pl.Expr:
    known = pl.col(name)
    day_name = f"{name}_is_day"
    if day_name not in rows.columns:
        return known.drop_nulls().n_unique() > 1
    days, times = known.dt.date().drop_nulls().n_unique(), known.filter(~pl.col(day_name)).drop_nulls().n_unique()
    return (days > 1) | (times > 1)


def text_key(columns: Sequence[pl.Expr]) -> pl.Expr:
    """Return an expression that joins several columns to one text; null counts as an empty text."""
    return pl.concat_str([column.cast(pl.String).fill_null("") for column in columns], separator=_SEPARATOR)


def derived_keys(natural_keys: pl.Series) -> pl.Series:
    """Return a derived key (a SHA-256 hash) for each natural key."""
    keys = [KEY_PREFIX + hashlib.sha256(natural_key.encode()).hexdigest()[:KEY_DIGITS] for natural_key in natural_keys]
    return pl.Series(keys, dtype=pl.String)


def with_person_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of persons with `person_key`: rows with the same key are one person of one crime in one role.

    A person is identified by reference, else by name with date of birth, else by the number of the link to the crime,
    else by date of birth with sex. Without any of them, each block of columns is one person; in a list of persons each
    row is one if `each_row_counts`, else each distinct row of the crime.
    """
    rows = _with_columns(rows, (PERSON, LINK, "forenames", "surname", "date_of_birth", "sex"))
    rows = rows.with_columns(described=_described(rows), identity=_identity(), told_apart_by=_told_apart_by())
    count = pl.int_range(pl.len()).over([CRIME, ROLE, "ordinal", "part", "file", "sheet", "described"])
    number = pl.when(pl.col("each_row_counts")).then(count).otherwise(0)
    unidentified = text_key([pl.lit("nobody"), pl.col("ordinal"), pl.col("described"), number])
    key = text_key([pl.col(CRIME), pl.col(ROLE), pl.coalesce("identity", unidentified)])
    return rows.with_columns(key.alias("person_key"))


def _with_columns(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    kinds = {"date_of_birth": pl.Date}
    missing = [pl.lit(None, kinds.get(name, pl.String)).alias(name) for name in names if name not in rows.columns]
    return rows.with_columns(missing)


def _identity() -> pl.Expr:
    """Return what tells a person apart from others of the crime; null if nothing does."""
    names = [_folded(pl.col(name)) for name in ("forenames", "surname")]
    has_name = pl.any_horizontal(pl.col("forenames", "surname").is_not_null())
    born = pl.col("date_of_birth")
    return (
        pl.when(pl.col(PERSON).is_not_null())
        .then(text_key([pl.lit("reference"), pl.col(PERSON)]))
        .when(has_name)
        .then(text_key([pl.lit("name"), *names, born]))
        .when(pl.col(LINK).is_not_null())
        .then(text_key([pl.lit("link"), pl.col(LINK)]))
        .when(born.is_not_null())
        .then(text_key([pl.lit("born"), born, pl.col("sex"), pl.col("ordinal")]))
    )


def _told_apart_by() -> pl.Expr:
    """Return how well a person is told apart: 3 by reference, 2 by name, 1 by link or birth date, 0 by nothing."""
    has_name = pl.any_horizontal(pl.col("forenames", "surname").is_not_null())
    return (
        pl.when(pl.col(PERSON).is_not_null())
        .then(3)
        .when(has_name)
        .then(2)
        .when(pl.any_horizontal(pl.col(LINK, "date_of_birth").is_not_null()))
        .then(1)
        .otherwise(0)
    )


def _folded(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def _described(rows: pl.DataFrame) -> pl.Expr:
    """Return all that is known of a person as one text."""
    names = [name for name in rows.columns if name not in (CRIME, ROLE, LINK, ETHNICITY_IS_UNREAD, *ORIGIN, *PLACE)]
    return text_key([pl.col(name) for name in sorted(names)])


def with_involvement_refs(persons: pl.DataFrame) -> pl.DataFrame:
    """Return the merged rows of persons with `involvement_ref`, which does not depend on the order of rows."""
    is_identified = pl.col("identity").is_not_null()
    ordered = persons.sort("described", "ordinal", "position")
    numbered = ordered.with_columns(number=pl.int_range(pl.len()).over(CRIME, ROLE, is_identified)).sort("position")
    by_number = text_key([pl.col(CRIME), pl.col(ROLE), pl.lit("number"), pl.col("number")])
    natural = pl.when(is_identified).then(pl.col("person_key")).otherwise(by_number)
    keys = derived_keys(numbered.select(natural.alias("natural"))["natural"])
    ordered = persons.sort("position")
    supplied = ordered[LINK]
    is_key = not supplied.drop_nulls().is_duplicated().any()
    return ordered.with_columns((supplied.zip_with(supplied.is_not_null(), keys) if is_key else keys).alias(LINK))
