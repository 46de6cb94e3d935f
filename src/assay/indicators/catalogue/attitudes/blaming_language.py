"""Rate of victim-blaming language in police entries, by force, stage and author's role.

Shares of entries are estimated from ratings of a sample stratified by score band. Text of partners and others that was
copied into a record is counted separately. Every share is shown with the volume of text, because less text holds less
blaming language. Forces are compared on what was found above the lowest score band; the lowest band is a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from assay.contract.question_sets import MET_ANSWER
from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import (
    ANSWER,
    AuditSample,
    lowest_band,
    lowest_band_maximum,
    rate,
    rate_above_lowest_band,
    rate_of_part,
    reason_not_compared,
    round_table,
    share_in_part,
    unread_share,
    weighted_answer,
)
from assay.stats.interval_estimates import IntervalEstimate

QUESTIONS = ("blames_child", "others_blame", "blame_challenged")
"""Questions of the set `attitudes_entry` for every entry; the first gives the rate."""
BLAMING, IMPORTED, CHALLENGED, RECALL = "blaming_language", "imported_blame", "blame_challenged", "reader_recall"
SCORE_THRESHOLD = 0.5
ENTRIES = "notes"
STAGES = {
    "log": "first contact", "missing": "missing", "victim_contact": "with the child",
    "victim_account": "with the child", "investigation": "investigation", "suspect_account": "investigation",
    "intelligence": "investigation",
    "assessment": "assessment", "supervision": "supervision", "file_to_prosecutor": "decision",
    "closing_report": "decision",
}  # fmt: skip
"""The stage of a case for each kind of entry; other kinds have no stage."""
NO_STAGE, ROLE_NOT_STATED = "of no stage", "role not said"
WHOLE, BY_ROLE, BY_STAGE = "all", "author_role", "stage"
LANGUAGE = {
    **dict.fromkeys(("measure", "place_code", "part_of", "part"), pl.String),
    **dict.fromkeys(("texts", "words", "authors", "marked", "told", "met"), pl.Int64),
    **dict.fromkeys(("share", "low", "high", "unread_share"), pl.Float64),
    **dict.fromkeys(("compared_share", "compared_low", "compared_high"), pl.Float64),
    **dict.fromkeys(("lowest_most", "marked_authors", "marked_teams"), pl.Int64),
    **dict.fromkeys(("why", "not_compared", "sample"), pl.String),
}  # fmt: skip
LIMITS = (
    "what was said and not written, what was meant, or how the child was treated: words are one sign of an attitude, "
    "and few of them are no proof of another"
)
ASSUMPTIONS = (
    "Marks of people on a sample with known chances, two of them blind on a part; on nothing of the score, since a bad "
    "one only widens the interval."
)


@dataclass(frozen=True)
class TextVolume:
    """The amount of text that was read (table `volume`), and the author of every entry."""

    volume: pl.DataFrame
    entries: pl.DataFrame

    def words(self, place: str, role: str | None = None) -> int:
        """Return the number of words in the entries of a place, or of one author's role."""
        rows = _rows_of_place(self.volume.filter(pl.col("table_name") == ENTRIES), place)
        rows = rows if role is None else rows.filter(pl.col("author_role") == role)
        return int(rows["words"].sum())

    def authors(self, place: str, condition: pl.Expr | None = None) -> int:
        """Return the number of distinct authors of a place's entries; an author belongs to one force."""
        rows = _rows_of_place(self.entries, place).filter(pl.lit(value=True) if condition is None else condition)
        return rows.drop_nulls("author_key").select("force_code", "author_key").n_unique()


def language_table(audited: AuditSample, text_volume: TextVolume) -> pl.DataFrame:
    """Return every rate with its text volume: all forces, each force, and all forces by author's role and by stage."""
    with_stage = AuditSample(_with_parts(audited.rows), audited.sample)
    police_entries = with_stage.where(~pl.col("imported"))
    rows = [
        *_by_place(police_entries, text_volume),
        *_by_part(police_entries, text_volume, BY_ROLE),
        *_by_part(police_entries, text_volume, BY_STAGE),
    ]
    rows += [_imported_row(with_stage, text_volume), _challenged_row(police_entries), _recall_row(police_entries)]
    return round_table(rows, LANGUAGE)


def _by_place(police_entries: AuditSample, text_volume: TextVolume) -> Iterator[dict[str, Any]]:
    codes = sorted(text_volume.volume.filter(pl.col("table_name") == ENTRIES)["force_code"].unique())
    lowest = lowest_band(police_entries)
    for place in (EVERYWHERE, *codes):
        place_entries, unread = police_entries.at_place(place), unread_share(text_volume.volume, ENTRIES, place)
        why = "" if place == EVERYWHERE else reason_not_compared(unread, "entries")
        above = rate_above_lowest_band(place_entries, lowest)
        yield {
            **_row(BLAMING, place, place_entries, rate(place_entries)),
            "words": text_volume.words(place),
            "authors": text_volume.authors(place),
            "unread_share": unread,
            "lowest_most": lowest_band_maximum(place_entries) if place_entries.usable_ratings else None,
            "compared_share": above.value,
            "compared_low": above.low,
            "compared_high": above.high,
            "not_compared": why,
        }


def _by_part(police_entries: AuditSample, text_volume: TextVolume, part_of: str) -> Iterator[dict[str, Any]]:
    for part in sorted(police_entries.rows[part_of].unique()):
        part_entries = police_entries.where(pl.col(part_of) == part)
        role = ("" if part == ROLE_NOT_STATED else part) if part_of == BY_ROLE else None
        labels = {"part_of": part_of, "part": part}
        if role is not None:
            author_condition = pl.col("author_role").fill_null("") == role
            labels |= {
                "words": text_volume.words(EVERYWHERE, role),
                "authors": text_volume.authors(EVERYWHERE, author_condition),
            }
        yield _row(BLAMING, EVERYWHERE, part_entries, rate_of_part(part_entries)) | labels


def _imported_row(audited: AuditSample, text_volume: TextVolume) -> dict[str, Any]:
    """Return the share of entries attributed to someone else in the return that hold blaming language of others."""
    imported_entries = audited.where(pl.col("imported"))
    rated_entries = AuditSample(
        imported_entries.rows.with_columns(pl.col(QUESTIONS[1]).alias(ANSWER)), imported_entries.sample
    )
    return _row(IMPORTED, EVERYWHERE, rated_entries, rate_of_part(rated_entries)) | {
        "authors": text_volume.authors(EVERYWHERE, pl.col("imported"))
    }


def _challenged_row(police_entries: AuditSample) -> dict[str, Any]:
    """Return the share of blaming entries in which somebody challenged the language."""
    blaming = police_entries.rows.with_columns(
        pl.when(pl.col(ANSWER) == MET_ANSWER).then(pl.col(QUESTIONS[2])).alias(QUESTIONS[2])
    )
    applicable, met, share = weighted_answer(AuditSample(blaming, police_entries.sample), QUESTIONS[2])
    return _row(CHALLENGED, EVERYWHERE, police_entries, share) | {"texts": None, "told": applicable, "met": met}


def _recall_row(police_entries: AuditSample) -> dict[str, Any]:
    """Return the recall of the score: the share of blaming entries at or above the score threshold."""
    return _row(
        RECALL, EVERYWHERE, police_entries, share_in_part(police_entries, pl.col("score") >= SCORE_THRESHOLD)
    ) | {"texts": None}


def _row(measure: str, place: str, audited: AuditSample, share: IntervalEstimate) -> dict[str, Any]:
    read = audited.rows.filter(pl.col(ANSWER).is_not_null())
    return {
        "measure": measure,
        "place_code": place,
        "part_of": WHOLE,
        "part": "",
        "texts": audited.records,
        "marked": audited.read,
        "told": audited.usable_ratings,
        "met": audited.met,
        "share": share.value,
        "low": share.low,
        "high": share.high,
        "why": share.words if share.value is None else "",
        "not_compared": "",
        "sample": audited.sample,
        "marked_authors": _count_distinct(read, "author_key"),
        "marked_teams": _count_distinct(read, "team_kind"),
    }


def _count_distinct(read: pl.DataFrame, author_column: str) -> int:
    """Count the distinct known values within forces; unknown values are not counted."""
    return (
        read.drop_nulls(author_column).select("force_code", author_column).n_unique()
        if author_column in read.columns
        else 0
    )


def _with_parts(rows: pl.DataFrame) -> pl.DataFrame:
    stage = pl.col("entry_type").replace_strict(STAGES, default=NO_STAGE, return_dtype=pl.String)
    return rows.with_columns(pl.col("author_role").fill_null(ROLE_NOT_STATED), stage=stage.fill_null(NO_STAGE))


def _rows_of_place(rows: pl.DataFrame, place: str) -> pl.DataFrame:
    return rows if place == EVERYWHERE else rows.filter(pl.col("force_code") == place)
