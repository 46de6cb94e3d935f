"""Summarise texts for the report: how much was written and read, and what raters confirmed.

Rates are per 1,000 entries, because such words are rare. A number of crimes below the suppression threshold is
suppressed.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes.blaming_language import BLAMING
from assay.workflows.reading.text_scan import READ, REASONS
from assay.workflows.run.confirmed_texts import CONFIRMED, SENSITIVITY, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, READINGS, SUMMARIES, VOLUME, to_arrow

MIN_SHOWN_CRIMES = 20.0
"""An estimated number of crimes is suppressed if even its upper limit is below this."""
TOO_SMALL = "The number is too small to be shown."
RATE_BASE = 1000


def texts_read(folder: Path) -> pa.Table:
    """Return by place and table: texts, texts read, texts not read by reason, words in thousands, authors."""
    volume = pl.read_parquet(folder / READINGS / f"{VOLUME}.parquet")
    force_rows = pl.concat([_read_states(folder, table) for table in (NOTES, SUMMARIES)])
    counts = [name for name in force_rows.columns if name not in ("place_code", "table_name")]
    total_rows = force_rows.group_by("table_name").agg(pl.col(counts).sum()).with_columns(place_code=pl.lit(EVERYWHERE))
    summary = pl.concat([force_rows, total_rows.select(force_rows.columns)])
    words = volume.group_by(place_code="force_code", table_name="table_name").agg(words=pl.col("words").sum())
    total_words = words.group_by("table_name").agg(pl.col("words").sum()).with_columns(place_code=pl.lit(EVERYWHERE))
    words = pl.concat([words, total_words.select(words.columns)])
    summary = summary.join(_two_largest_authors(volume), on=["place_code", "table_name"], how="left")
    joined = summary.join(words, on=["place_code", "table_name"], how="left").with_columns(
        words_thousands=(pl.col("words") / RATE_BASE).cast(pl.Float64), hidden=pl.lit("")
    )
    return to_arrow(joined.drop("words").sort("place_code", "table_name"))


def _two_largest_authors(volume: pl.DataFrame) -> pl.DataFrame:
    """Return by place and table the thousands of words of the two authors who wrote most.

    Disclosure control needs them (dominance); they are never released. Not known for readings by an earlier version.
    """
    names = ("largest", "second")
    if "largest" not in volume.columns:
        volume = volume.with_columns(pl.lit(None, pl.Int64).alias(name) for name in names)
    force_rows = volume.select("table_name", *names, place_code="force_code").unique()
    with_total = pl.concat([force_rows, force_rows.with_columns(place_code=pl.lit(EVERYWHERE))])
    sorted_words = pl.concat_list(*names).explode().sort(descending=True, nulls_last=True) / RATE_BASE
    keys = ("place_code", "table_name")
    return with_total.group_by(keys).agg(largest=sorted_words.first(), second=sorted_words.get(1, null_on_oob=True))


def _read_states(folder: Path, table: str) -> pl.DataFrame:
    """Return for each force the texts, those read, those not read by reason, and the number of its authors."""
    rows = pl.scan_parquet(folder / READINGS / f"{table}.parquet")
    counts = [pl.len().alias("texts"), (pl.col("state") == READ).sum().alias(READ)]
    counts += [(pl.col("reason") == reason).sum().alias(reason) for reason in REASONS]
    has_authors = "author_key" in rows.collect_schema()
    authors = pl.col("author_key").drop_nulls().n_unique() if has_authors else pl.lit(0, pl.UInt32)
    grouped = rows.group_by(place_code="force_code", table_name=pl.lit(table)).agg(*counts, authors=authors)
    return grouped.collect(engine="streaming")


def words_confirmed(folder: Path) -> pa.Table:
    """Return every confirmed rate of blaming words, with its outlier alert."""
    language = pl.read_parquet(folder / CONFIRMED / "language.parquet")
    suffixes = (("share", ""), ("low", "_low"), ("high", "_high"))
    rate_columns = [(pl.col(name) * RATE_BASE).alias(f"per_1000{end}") for name, end in suffixes]
    names = ("measure", "place_code", "part_of", "part", "marked")
    author_columns = (pl.col(f"marked_{rater_group}").alias(rater_group) for rater_group in ("authors", "teams"))
    rates = language.select(
        *names, *author_columns, *rate_columns, unread_share="unread_share", why="why", not_comparable="not_compared"
    )
    return to_arrow(_with_alerts(rates, folder, BLAMING))


def unflagged_confirmed(folder: Path) -> pa.Table:
    """Return the estimated number of unflagged summaries of exploitation, and the accuracy of flags."""
    rows = pl.read_parquet(folder / CONFIRMED / "unflagged.parquet")
    is_small = (pl.col("unflagged_high") < MIN_SHOWN_CRIMES).fill_null(value=False)
    numbers = [
        pl.when(is_small).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("unflagged", "unflagged_low", "unflagged_high")
    ]
    shares = [f"{name}{end}" for name in ("sensitivity", "specificity", "precision") for end in ("", "_low", "_high")]
    why = pl.when(is_small).then(pl.lit(TOO_SMALL)).otherwise(pl.col("why")).alias("why")
    summary = rows.select(
        pl.lit(SENSITIVITY).alias("measure"), "place_code", "marked", *numbers, *shares, "unread_share", why,
        not_comparable="not_compared",
    )  # fmt: skip
    summary = _with_alerts(summary, folder, SENSITIVITY).drop("measure")
    specificity_alerts = _comparison_rows(folder, SPECIFICITY).select(
        "place_code", specificity_unusual="unusual", specificity_direction="direction"
    )
    joined = summary.join(specificity_alerts, on="place_code", how="left", maintain_order="left")
    return to_arrow(joined.with_columns(pl.col("specificity_direction").fill_null("")))


def _with_alerts(measure_rows: pl.DataFrame, folder: Path, measure: str) -> pl.DataFrame:
    """Add to each force of a measure whether it is an outlier, or why it is not compared."""
    alerts = _comparison_rows(folder, measure).select(
        "place_code", "unusual", "direction", other=pl.col("not_comparable")
    )
    is_whole = pl.col("part_of") == "all" if "part_of" in measure_rows.columns else pl.lit(value=True)
    is_compared = (pl.col("measure") == measure) & is_whole & (pl.col("place_code") != EVERYWHERE)
    joined = measure_rows.join(alerts, on="place_code", how="left", maintain_order="left")
    reason = pl.when(is_compared).then(pl.coalesce("other", "not_comparable")).otherwise(pl.lit(""))
    return joined.with_columns(
        unusual=pl.when(is_compared).then("unusual").otherwise(None),
        direction=pl.when(is_compared).then("direction").otherwise(pl.lit("")).fill_null(""),
        not_comparable=reason.fill_null(""),
        hidden=pl.lit(""),
    ).drop("other")


def _comparison_rows(folder: Path, measure: str) -> pl.DataFrame:
    """Return the comparison of each force on one measure of confirmed ratings."""
    return pl.read_parquet(folder / CONFIRMED / "compared.parquet").filter(pl.col("measure") == measure)
