"""What does the report say of texts: how much was written and read, and what people confirmed in it?

Rates stand per 1,000 entries, since such words are rare. A number of crimes too small to be shown is not told.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes.blaming_language import BLAMING
from assay.workflows.reading.text_scan import READ, REASONS
from assay.workflows.run.confirmed_texts import CONFIRMED, SENSITIVITY, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, READINGS, SUMMARIES, VOLUME, stored

SMALLEST = 20.0
"""A number of crimes of which even the upper limit lies below this one is not shown."""
TOO_SMALL = "The number is too small to be shown."
PER = 1000


def texts_read(folder: Path) -> pa.Table:
    """By place and table: texts, those read, those not read by reason; words in thousands, and authors."""
    volume = pl.read_parquet(folder / READINGS / f"{VOLUME}.parquet")
    each = pl.concat([_states(folder, table) for table in (NOTES, SUMMARIES)])
    counts = [name for name in each.columns if name not in ("place_code", "table_name")]
    whole = each.group_by("table_name").agg(pl.col(counts).sum()).with_columns(place_code=pl.lit(EVERYWHERE))
    told = pl.concat([each, whole.select(each.columns)])
    words = volume.group_by(place_code="force_code", table_name="table_name").agg(words=pl.col("words").sum())
    of_all = words.group_by("table_name").agg(pl.col("words").sum()).with_columns(place_code=pl.lit(EVERYWHERE))
    words = pl.concat([words, of_all.select(words.columns)])
    told = told.join(_two_largest(volume), on=["place_code", "table_name"], how="left")
    joined = told.join(words, on=["place_code", "table_name"], how="left").with_columns(
        words_thousands=(pl.col("words") / PER).cast(pl.Float64), hidden=pl.lit("")
    )
    return stored(joined.drop("words").sort("place_code", "table_name"))


def _two_largest(volume: pl.DataFrame) -> pl.DataFrame:
    """By place and table, the thousands of words of the author who wrote most, and of the next: disclosure reads them,
    and they never leave. Not known of what an earlier version read."""
    names = ("largest", "second")
    if "largest" not in volume.columns:
        volume = volume.with_columns(pl.lit(None, pl.Int64).alias(name) for name in names)
    each = volume.select("table_name", *names, place_code="force_code").unique()
    every = pl.concat([each, each.with_columns(place_code=pl.lit(EVERYWHERE))])
    falling = pl.concat_list(*names).explode().sort(descending=True, nulls_last=True) / PER
    keys = ("place_code", "table_name")
    return every.group_by(keys).agg(largest=falling.first(), second=falling.get(1, null_on_oob=True))


def _states(folder: Path, table: str) -> pl.DataFrame:
    """Of each force the texts, those read, those not read by reason, and their authors, who are of that force alone."""
    rows = pl.scan_parquet(folder / READINGS / f"{table}.parquet")
    counts = [pl.len().alias("texts"), (pl.col("state") == READ).sum().alias(READ)]
    counts += [(pl.col("reason") == reason).sum().alias(reason) for reason in REASONS]
    has_authors = "author_key" in rows.collect_schema()
    authors = pl.col("author_key").drop_nulls().n_unique() if has_authors else pl.lit(0, pl.UInt32)
    told = rows.group_by(place_code="force_code", table_name=pl.lit(table)).agg(*counts, authors=authors)
    return told.collect(engine="streaming")


def words_confirmed(folder: Path) -> pa.Table:
    """Every rate of words as people confirmed it, and how a force stands beside the others."""
    language = pl.read_parquet(folder / CONFIRMED / "language.parquet")
    ends = (("share", ""), ("low", "_low"), ("high", "_high"))
    per = [(pl.col(name) * PER).alias(f"per_1000{end}") for name, end in ends]
    names = ("measure", "place_code", "part_of", "part", "marked")
    staff = (pl.col(f"marked_{one}").alias(one) for one in ("authors", "teams"))
    told = language.select(*names, *staff, *per, unread_share="unread_share", why="why", not_comparable="not_compared")
    return stored(_with_standing(told, folder, BLAMING))


def unflagged_confirmed(folder: Path) -> pa.Table:
    """How many summaries tell of exploitation without a flag, and how good the flags are, as people confirmed it."""
    rows = pl.read_parquet(folder / CONFIRMED / "unflagged.parquet")
    small = (pl.col("unflagged_high") < SMALLEST).fill_null(value=False)
    numbers = [
        pl.when(small).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("unflagged", "unflagged_low", "unflagged_high")
    ]
    shares = [f"{name}{end}" for name in ("sensitivity", "specificity", "precision") for end in ("", "_low", "_high")]
    why = pl.when(small).then(pl.lit(TOO_SMALL)).otherwise(pl.col("why")).alias("why")
    told = rows.select(
        pl.lit(SENSITIVITY).alias("measure"), "place_code", "marked", *numbers, *shares, "unread_share", why,
        not_comparable="not_compared",
    )  # fmt: skip
    told = _with_standing(told, folder, SENSITIVITY).drop("measure")
    others = _compared(folder, SPECIFICITY).select(
        "place_code", specificity_unusual="unusual", specificity_direction="direction"
    )
    joined = told.join(others, on="place_code", how="left", maintain_order="left")
    return stored(joined.with_columns(pl.col("specificity_direction").fill_null("")))


def _with_standing(told: pl.DataFrame, folder: Path, measure: str) -> pl.DataFrame:
    """Beside each force of a measure, whether it is unlike the others, or why it is not compared."""
    beside = _compared(folder, measure).select("place_code", "unusual", "direction", other=pl.col("not_comparable"))
    whole = pl.col("part_of") == "all" if "part_of" in told.columns else pl.lit(value=True)
    mine = (pl.col("measure") == measure) & whole & (pl.col("place_code") != EVERYWHERE)
    joined = told.join(beside, on="place_code", how="left", maintain_order="left")
    reason = pl.when(mine).then(pl.coalesce("other", "not_comparable")).otherwise(pl.lit(""))
    return joined.with_columns(
        unusual=pl.when(mine).then("unusual").otherwise(None),
        direction=pl.when(mine).then("direction").otherwise(pl.lit("")).fill_null(""),
        not_comparable=reason.fill_null(""),
        hidden=pl.lit(""),
    ).drop("other")


def _compared(folder: Path, measure: str) -> pl.DataFrame:
    """How each force stands on one measure of what people confirmed."""
    return pl.read_parquet(folder / CONFIRMED / "compared.parquet").filter(pl.col("measure") == measure)
