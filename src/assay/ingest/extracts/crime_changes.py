"""Resolve the values in which the rows of one crime differ: take the value of the latest row, or set it to not known.

The latest row is the last by a column of times or of numbers of changes. The order of rows in a file is never used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from assay.reference.outcome_codes import RETURN_PENDING

ORDER, UNREAD = "order:", "unread:"
"""Prefixes of helper columns: the sequence of the row within its crime, and whether a cell could not be read."""
CRIME, OUTCOME = "crime_ref", "outcome_code"
END_DATES = ("outcome_at", "closed_at")
"""Days that a crime has only once it has ended."""
_NOT_READ = "\x1fnot read"


@dataclass(frozen=True)
class SettledCrimes:
    """The rows of crimes after their differences are resolved, and by column the crimes that are left unresolved.

    Parameters
    ----------
    undecided
        Column -> references of the crimes whose last row is not known.
    """

    rows: pl.DataFrame
    undecided: Mapping[str, pl.Series] = field(default_factory=dict)


def with_last_rows(rows: pl.DataFrame) -> SettledCrimes:
    """Return the rows of crimes with the value of the last row in all rows of a crime, where columns give an order.

    Two orders that disagree, or two last rows that differ, leave the value of the crime undecided; so does a last cell
    that could not be read.
    """
    orders = [name for name in rows.columns if name.startswith(ORDER)]
    helper_columns = [name for name in rows.columns if name.startswith((ORDER, UNREAD))]
    undecided: dict[str, pl.Series] = {}
    ordered_rows = rows.filter(pl.any_horizontal(pl.col(orders).is_not_null())) if orders else rows.clear()
    crimes = ordered_rows.filter(pl.col(CRIME).is_duplicated())[CRIME].unique()
    for name in _columns_to_settle(rows, helper_columns) if len(crimes) else ():
        last = _last_values(rows.filter(pl.col(CRIME).is_in(crimes.implode())), name, orders)
        if last.height:
            rows = _with_values(rows, last, name)
            undecided[name] = last.filter(~pl.col(":decided"))[CRIME]
    return SettledCrimes(rows.drop(helper_columns), {name: keys for name, keys in undecided.items() if len(keys)})


def _columns_to_settle(rows: pl.DataFrame, helper_columns: list[str]) -> list[str]:
    other = ("line", "file", "sheet", "part", "ordinal", "each_row_counts", "only_completes", "position", CRIME)
    return [
        name
        for name in rows.columns
        if name not in other and name not in helper_columns and not name.endswith("_is_day")
    ]


def _last_values(rows: pl.DataFrame, name: str, orders: list[str]) -> pl.DataFrame:
    """Return the crimes whose rows differ in a column, with the position of the last row and whether it is decided."""
    unread = pl.col(f"{UNREAD}{name}").fill_null(False) if f"{UNREAD}{name}" in rows.columns else pl.lit(False)
    text = pl.when(unread).then(pl.lit(_NOT_READ)).otherwise(pl.col(name).cast(pl.String))
    stated = rows.with_columns(text.alias(":text")).filter(pl.col(":text").is_not_null())
    stated = stated.filter(pl.col(":text").n_unique().over(CRIME) > 1)
    last_rows = [_last_by(stated, order) for order in orders]
    texts = [pl.col(f":{order}:text") for order in orders]
    found = stated.select(CRIME).unique(maintain_order=True)
    for frame in last_rows:
        found = found.join(frame, on=CRIME, how="left")
    latest_text, known = pl.coalesce(texts), [value.is_not_null() for value in texts]
    agrees = pl.all_horizontal([value.is_null() | (value == latest_text) for value in texts])
    is_decided = pl.any_horizontal(known) & agrees & (latest_text != _NOT_READ)
    # An order that cannot place all rows of the crime says nothing; two last rows that differ say that it is open.
    is_decided &= ~pl.any_horizontal([pl.col(f":{order}:tie").fill_null(False) for order in orders])
    position = pl.coalesce([pl.col(f":{order}:position") for order in orders])
    return found.select(CRIME, is_decided.fill_null(False).alias(":decided"), position.alias(":position"))


def _last_by(stated: pl.DataFrame, order: str) -> pl.DataFrame:
    """Return the text and the position of the last row of each crime by one order.

    Both are null where a row without a place in this order has another text: it may be the last.
    """
    is_last = pl.col(order) == pl.col(order).max()
    last = pl.col(":text").filter(is_last)
    unplaced = pl.col(":text").filter(pl.col(order).is_null())
    by_crime = stated.group_by(CRIME).agg(
        last.first().alias(":last"), (last.n_unique() > 1).alias(f":{order}:tie"),
        pl.col("position").filter(is_last).first().alias(f":{order}:position"), unplaced.alias(":unplaced"),
    )  # fmt: skip
    differs = pl.col(":unplaced").list.set_difference(pl.concat_list(":last")).list.len() > 0
    places_all = ~differs.fill_null(False)
    return by_crime.select(
        CRIME, f":{order}:tie",
        pl.when(places_all).then(f":{order}:position").alias(f":{order}:position"),
        pl.when(places_all).then(":last").alias(f":{order}:text"),
    )  # fmt: skip


def _with_values(rows: pl.DataFrame, last: pl.DataFrame, name: str) -> pl.DataFrame:
    """Put the value of the last row into all rows of its crime; null where it is not decided."""
    names = [name, *([f"{name}_is_day"] if f"{name}_is_day" in rows.columns else [])]
    last_values = last.join(rows.select("position", *names), left_on=":position", right_on="position", how="left")
    last_values = last_values.with_columns(pl.when(":decided").then(pl.col(column)).alias(column) for column in names)
    last_values = last_values.select(
        CRIME, *(pl.col(column).alias(f":{column}") for column in names), pl.lit(True).alias(":set")
    )
    joined = rows.join(last_values, on=CRIME, how="left", maintain_order="left")
    values = [
        pl.when(pl.col(":set").fill_null(False)).then(f":{column}").otherwise(column).alias(column) for column in names
    ]
    return joined.with_columns(values).drop(":set", *(f":{column}" for column in names))


def without_earlier_pending(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows without "no outcome yet" where another row of the crime has an outcome with its date.

    The row without a date was written before that day, and does not contradict the outcome. Columns that give an order
    decide instead, because a crime may be opened again.
    """
    names = [name for name in END_DATES if name in rows.columns]
    if OUTCOME not in rows.columns or "outcome_at" not in names or any(map(_is_order, rows.columns)):
        return rows
    is_pending = pl.col(OUTCOME) == RETURN_PENDING
    is_undated = pl.all_horizontal(pl.col(names).is_null())
    has_outcome = (~is_pending & pl.col(OUTCOME).is_not_null() & pl.col("outcome_at").is_not_null()).any().over(CRIME)
    is_earlier = (is_pending & is_undated & has_outcome).fill_null(False)
    return rows.with_columns(pl.when(~is_earlier).then(OUTCOME).alias(OUTCOME))


def _is_order(name: str) -> bool:
    return name.startswith(ORDER)


def without_contradicted(
    crimes: pl.DataFrame, rows: pl.DataFrame, contradicted: Mapping[str, pl.Series]
) -> pl.DataFrame:
    """Return the crimes without the values in which their rows contradict one another.

    Of times that differ within one day the day is kept.

    Parameters
    ----------
    rows
        The rows from which the crimes were merged.
    """
    for name, keys in contradicted.items():
        is_open = pl.col(CRIME).is_in(keys.implode())
        is_day = f"{name}_is_day"
        if is_day not in crimes.columns:
            crimes = crimes.with_columns(pl.when(~is_open).then(pl.col(name)).alias(name))
            continue
        days = rows.filter(is_open).group_by(CRIME).agg(pl.col(name).dt.date().drop_nulls().n_unique().alias("days"))
        on_one_day = pl.col(CRIME).is_in(days.filter(pl.col("days") == 1)[CRIME].implode())
        day = pl.when(is_open & on_one_day).then(pl.col(name).dt.truncate("1d")).otherwise(pl.col(name))
        crimes = crimes.with_columns(
            pl.when(~is_open | on_one_day).then(day).alias(name),
            pl.when(is_open & on_one_day).then(True).otherwise(pl.col(is_day)).alias(is_day),
        )
    return crimes
