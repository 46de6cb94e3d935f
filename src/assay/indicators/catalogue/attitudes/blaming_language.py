"""How often do the police's own words blame the child, by force, stage and author's role, as people confirmed it?

Shares of entries, from marks of a sample drawn by bands of a score. What partners and others wrote that was copied into
a record is counted apart. How much was written stands beside every share, since who writes less blames less often.
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
    Audited,
    as_stored,
    lowest_most,
    rate,
    rate_of_part,
    split,
    unread_share,
    weighed,
    why_not_compared,
)
from assay.stats.interval_estimates import Answer

QUESTIONS = ("blames_child", "others_blame", "blame_challenged")
"""What is asked of every entry, of the set `attitudes_entry`; the first is what is counted."""
BLAMING, IMPORTED, CHALLENGED, RECALL = "blaming_language", "imported_blame", "blame_challenged", "reader_recall"
CALLED_FROM = 0.5
ENTRIES = "notes"
STAGES = {
    "log": "first contact", "missing": "missing", "victim_contact": "with the child",
    "victim_account": "with the child", "investigation": "investigation", "suspect_account": "investigation",
    "intelligence": "investigation",
    "assessment": "assessment", "supervision": "supervision", "file_to_prosecutor": "decision",
    "closing_report": "decision",
}  # fmt: skip
"""The stage of a case at which each kind of entry is written; kinds that are not here are of no stage."""
OF_NO_STAGE, NOT_SAID = "of no stage", "role not said"
WHOLE, BY_ROLE, BY_STAGE = "all", "author_role", "stage"
LANGUAGE = {
    **dict.fromkeys(("measure", "place_code", "part_of", "part"), pl.String),
    **dict.fromkeys(("texts", "words", "authors", "marked", "told", "met"), pl.Int64),
    **dict.fromkeys(("share", "low", "high", "unread_share"), pl.Float64),
    **dict.fromkeys(("lowest_most", "marked_authors", "marked_teams"), pl.Int64),
    **dict.fromkeys(("why", "not_compared", "sample"), pl.String),
}  # fmt: skip
LIMITS = (
    "what was said and not written, what was meant, or how the child was treated: words are one sign of an attitude, "
    "and few of them are no proof of another"
)
LEANS_ON = (
    "Marks of people on a sample with known chances, two of them blind on a part; on nothing of the score, since a bad "
    "one only widens the interval."
)


@dataclass(frozen=True)
class Written:
    """How much was written: the table `volume` of what was read, and of every entry its author."""

    volume: pl.DataFrame
    entries: pl.DataFrame

    def words(self, place: str, role: str | None = None) -> int:
        """Words in the entries of a place, of one author's role if it is named."""
        rows = _of_place(self.volume.filter(pl.col("table_name") == ENTRIES), place)
        rows = rows if role is None else rows.filter(pl.col("author_role") == role)
        return int(rows["words"].sum())

    def authors(self, place: str, condition: pl.Expr | None = None) -> int:
        """Different authors of the entries of a place, of one force each."""
        rows = _of_place(self.entries, place).filter(pl.lit(value=True) if condition is None else condition)
        return rows.drop_nulls("author_key").select("force_code", "author_key").n_unique()


def language_table(audited: Audited, written: Written) -> pl.DataFrame:
    """Every rate with its volume: of all forces and each; of all forces by author's role and by stage; apart from them
    what was copied in from others, whether blame was challenged, and how much of it the score found."""
    with_stage = Audited(_with_parts(audited.rows), audited.sample)
    own = with_stage.of(~pl.col("imported"))
    rows = [*_by_place(own, written), *_by_part(own, written, BY_ROLE), *_by_part(own, written, BY_STAGE)]
    rows += [_imported(with_stage, written), _challenged(own), _recall(own)]
    return as_stored(rows, LANGUAGE)


def _by_place(own: Audited, written: Written) -> Iterator[dict[str, Any]]:
    codes = sorted(written.volume.filter(pl.col("table_name") == ENTRIES)["force_code"].unique())
    for place in (EVERYWHERE, *codes):
        mine, unread = own.place(place), unread_share(written.volume, ENTRIES, place)
        why = "" if place == EVERYWHERE else why_not_compared(unread, "entries")
        yield {
            **_row(BLAMING, place, mine, rate(mine)),
            "words": written.words(place), "authors": written.authors(place),
            "unread_share": unread, "lowest_most": lowest_most(mine) if mine.told else None, "not_compared": why,
        }  # fmt: skip


def _by_part(own: Audited, written: Written, part_of: str) -> Iterator[dict[str, Any]]:
    for part in sorted(own.rows[part_of].unique()):
        mine = own.of(pl.col(part_of) == part)
        role = ("" if part == NOT_SAID else part) if part_of == BY_ROLE else None
        told = {"part_of": part_of, "part": part}
        if role is not None:
            who = pl.col("author_role").fill_null("") == role
            told |= {"words": written.words(EVERYWHERE, role), "authors": written.authors(EVERYWHERE, who)}
        yield _row(BLAMING, EVERYWHERE, mine, rate_of_part(mine)) | told


def _imported(audited: Audited, written: Written) -> dict[str, Any]:
    """Of entries that the return says to be somebody else's, the share that holds such words of others."""
    others = audited.of(pl.col("imported"))
    told = Audited(others.rows.with_columns(pl.col(QUESTIONS[1]).alias(ANSWER)), others.sample)
    return _row(IMPORTED, EVERYWHERE, told, rate_of_part(told)) | {
        "authors": written.authors(EVERYWHERE, pl.col("imported"))
    }


def _challenged(own: Audited) -> dict[str, Any]:
    """Of entries that blame, those that somebody challenged."""
    blaming = own.rows.with_columns(
        pl.when(pl.col(ANSWER) == MET_ANSWER).then(pl.col(QUESTIONS[2])).alias(QUESTIONS[2])
    )
    arose, met, share = weighed(Audited(blaming, own.sample), QUESTIONS[2])
    return _row(CHALLENGED, EVERYWHERE, own, share) | {"texts": None, "told": arose, "met": met}


def _recall(own: Audited) -> dict[str, Any]:
    """Of all entries that blame, those that the score calls."""
    return _row(RECALL, EVERYWHERE, own, split(own, pl.col("score") >= CALLED_FROM)) | {"texts": None}


def _row(measure: str, place: str, audited: Audited, share: Answer) -> dict[str, Any]:
    read = audited.rows.filter(pl.col(ANSWER).is_not_null())
    return {
        "measure": measure, "place_code": place, "part_of": WHOLE, "part": "", "texts": audited.records,
        "marked": audited.read, "told": audited.told, "met": audited.met, "share": share.value, "low": share.low,
        "high": share.high, "why": share.words if share.value is None else "", "not_compared": "",
        "sample": audited.sample,
        "marked_authors": _different(read, "author_key"), "marked_teams": _different(read, "team_kind"),
    }  # fmt: skip


def _different(read: pl.DataFrame, who: str) -> int:
    """How many different ones are known, of one force each: an entry of which it is not known adds none."""
    return read.drop_nulls(who).select("force_code", who).n_unique() if who in read.columns else 0


def _with_parts(rows: pl.DataFrame) -> pl.DataFrame:
    stage = pl.col("entry_type").replace_strict(STAGES, default=OF_NO_STAGE, return_dtype=pl.String)
    return rows.with_columns(pl.col("author_role").fill_null(NOT_SAID), stage=stage.fill_null(OF_NO_STAGE))


def _of_place(rows: pl.DataFrame, place: str) -> pl.DataFrame:
    return rows if place == EVERYWHERE else rows.filter(pl.col("force_code") == place)
