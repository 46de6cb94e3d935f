"""Estimate rates and totals over all texts from ratings of a sample stratified by score.

`AuditSample` holds one row for each text of the sampling frame: its detected terms, its stratum, and the rating, if it
was sampled. A count of texts above the score threshold is not an estimate: without ratings there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from assay.contract.question_sets import MET_ANSWER, NOT_APPLICABLE, NOT_ENOUGH
from assay.indicators import EVERYWHERE
from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.samples.prediction_powered import maximum_remaining
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.subgroup_shares import share_in_first_part, subgroup_count, subgroup_share, weighted_share

NO_RATINGS = (
    "Nobody has marked any of these texts. What a score calls is a reason to read, and no count of anything, so "
    "nothing is said."
)
BAND_NOT_READ = "A band of the score has texts here that nobody read, so nothing is said of them together."
MAX_UNREAD_SHARE = 0.05
"""A force is not compared if a larger share of its texts could not be read."""
FILE = {"force_code": pl.String, "subject_ref": pl.String}
ANSWER = "answer"
DECIMALS = 6
Files = Mapping[tuple[str, str], str]
"""Answers by text."""


@dataclass(frozen=True)
class AuditSample:
    """The texts of a sampling frame with stratum, score and band, and the ratings of the sampled ones.

    `sample`: the key of the rated sample, '' if there is none.
    """

    rows: pl.DataFrame
    sample: str = ""

    def where(self, condition: pl.Expr) -> AuditSample:
        """Return the sample limited to texts for which a condition is true; unknown counts as not true."""
        return AuditSample(self.rows.filter(condition.fill_null(value=False)), self.sample)

    def at_place(self, code: str) -> AuditSample:
        """Return the texts of one force, or of all forces."""
        return self if code == EVERYWHERE else self.where(pl.col("force_code") == code)

    @property
    def records(self) -> int:
        """The number of texts."""
        return self.rows.height

    @property
    def read(self) -> int:
        """The number of texts that were rated, of all strata."""
        return int(self.rows[ANSWER].is_not_null().sum())

    @property
    def usable_ratings(self) -> int:
        """The number of ratings that are not "cannot tell"."""
        return int(self.rows.select(_is_usable()).to_series().sum())

    @property
    def met(self) -> int:
        """The number of texts rated as met."""
        return int((self.rows[ANSWER] == MET_ANSWER).sum())

    @property
    def places(self) -> list[str]:
        """The places to report: all forces combined, then each force."""
        return [EVERYWHERE, *sorted(self.rows["force_code"].unique())]

    def strata(self) -> list[Stratum]:
        """The strata with usable ratings.

        The size of a stratum is the part of its texts in which the question arises.
        """
        return [stratum for _, stratum in self._cells()]

    def bands(self) -> list[list[Stratum]]:
        """The score bands with usable ratings, with sizes as in `strata`."""
        by_band: dict[str, list[Stratum]] = {}
        for band, stratum in self._cells():
            by_band.setdefault(band, []).append(stratum)
        return list(by_band.values())

    def _cells(self) -> list[tuple[str, Stratum]]:
        met = (pl.col(ANSWER) == MET_ANSWER).sum()
        counts = {
            "records": pl.len(),
            "read": pl.col(ANSWER).is_not_null().sum(),
            "told": _is_usable().sum(),
            "met": met,
        }
        rows = self.rows.group_by("stratum", "band").agg(**counts).sort("stratum", "band")
        cells = []
        for row in rows.iter_rows(named=True):
            part = row["told"] / row["read"] if row["read"] else 1.0
            size = max(round(row["records"] * part), row["told"])
            cells.append((row["band"] or "", Stratum(size, row["told"], row["met"])))
        return cells


def _is_usable() -> pl.Expr:
    return pl.col(ANSWER).is_not_null() & ~pl.col(ANSWER).is_in([NOT_ENOUGH, NOT_APPLICABLE])


def rate(audited: AuditSample) -> IntervalEstimate:
    """Return the stratified estimate of the share of texts rated as met; across forces, the strata are score bands."""
    if not audited.usable_ratings:
        return missing_estimate(NO_RATINGS)
    strata = [stratum for stratum in audited.strata() if stratum.size]
    if any(not stratum.sample_size for stratum in strata):
        return missing_estimate(BAND_NOT_READ)
    return stratified_share(strata) if audited.rows["force_code"].n_unique() == 1 else subgroup_share(audited.bands())


def rate_of_part(audited: AuditSample) -> IntervalEstimate:
    """Return the domain estimate of the share met, for a domain that cuts across the strata."""
    return subgroup_share(audited.bands()) if audited.usable_ratings else missing_estimate(NO_RATINGS)


def rate_above_lowest_band(audited: AuditSample, lowest: str | None) -> IntervalEstimate:
    """Estimate the share of texts rated as met among those above the lowest score band, with its interval.

    Nearly all texts are in the lowest band and few of them are read, so its upper limit alone sets the width of the
    interval of all texts, and hides a difference between forces in the bands where hits are found. What the lowest
    band may hold is a bound (`lowest_band_maximum`).

    Parameters
    ----------
    lowest
        The lowest band of the whole sample (`lowest_band`), so that all forces are cut at the same score.
    """
    if not audited.usable_ratings:
        return missing_estimate(NO_RATINGS)
    above = audited if lowest is None else audited.where(pl.col("band").fill_null("") != lowest)
    if not above.records:
        return IntervalEstimate(0.0, 0.0, 0.0)
    share = rate(above)
    if share.value is None or share.low is None or share.high is None:
        return share
    part = above.records / audited.records
    return IntervalEstimate(share.value * part, share.low * part, share.high * part)


def lowest_band(audited: AuditSample) -> str | None:
    """Return the band with the lowest scores; None if all texts are in one band."""
    scored = audited.rows.filter(pl.col("score").is_not_null()).sort("score")
    return None if audited.rows["band"].n_unique() < 2 or not scored.height else str(scored["band"][0])


def number(audited: AuditSample) -> IntervalEstimate:
    """Return the stratified estimate of the number of texts that would be rated as met."""
    strata = [stratum for stratum in audited.strata() if stratum.size]
    return subgroup_count(strata, rate(audited) if strata else missing_estimate(""))


def number_of_part(audited: AuditSample) -> IntervalEstimate:
    """Return the domain estimate of the number met, for a domain that cuts across the strata."""
    return subgroup_count([stratum for stratum in audited.strata() if stratum.size], rate_of_part(audited))


def share_in_part(audited: AuditSample, first: pl.Expr) -> IntervalEstimate:
    """Return the estimated share of the texts rated as met that satisfy a condition (recall of a score)."""
    if not audited.usable_ratings:
        return missing_estimate(NO_RATINGS)
    parts = [number(audited.where(first)), number(audited.where(~first))]
    refused = next((part for part in parts if part.value is None), None)
    return refused or share_in_first_part(*parts)


def lowest_band_maximum(audited: AuditSample) -> int | None:
    """Return an upper limit for the texts met in the lowest score band; None if none was rated."""
    if not audited.records:
        return None
    lowest = audited.where(pl.col("band") == audited.rows.sort("score", nulls_last=True)["band"][0])
    strata = [stratum for stratum in lowest.strata() if stratum.size]
    if not strata or any(not stratum.sample_size for stratum in strata):
        return None
    return maximum_remaining(strata)


def weighted_answer(audited: AuditSample, question: str) -> tuple[int, int, IntervalEstimate]:
    """Estimate the answer to a second question that arises in few texts, with sampling weights (ratio estimator).

    Returns the number of texts in which it arose, the number in which it was met, and the weighted share.
    """
    weights = audited.rows.select(
        pl.len().over("stratum") / pl.col(ANSWER).is_not_null().sum().over("stratum")
    ).to_series()
    arose = audited.rows[question].is_not_null() & ~audited.rows[question].is_in([NOT_ENOUGH, NOT_APPLICABLE])
    met = (audited.rows[question] == MET_ANSWER).filter(arose)
    share = weighted_share(met.cast(pl.Int64).to_numpy(), weights.filter(arose).to_numpy())
    return int(arose.sum()), int(met.sum()), share


def unread_share(volume: pl.DataFrame, table: str, place: str) -> float | None:
    """Return the share of all texts (`volume`) that was not read; None if there are none."""
    place_volume = volume.filter(
        (pl.col("table_name") == table) & ((pl.col("force_code") == place) | (place == EVERYWHERE))
    )
    texts, read = int(place_volume["texts"].sum()), int(place_volume["read"].sum())
    return (texts - read) / texts if texts else None


def reason_not_compared(unread: float | None, texts: str) -> str:
    """Return why a force is not compared: no texts, or too many unread texts; '' if it can be compared."""
    if unread is None:
        return f"Not comparable: no {texts} were sent."
    if unread > MAX_UNREAD_SHARE:
        limit = f"more than {100 * MAX_UNREAD_SHARE:.0f}% of {texts} could not be read, or bear no day"
        return f"Not comparable: {limit}. That is neither good nor bad."
    return ""


def round_table(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the rows as a table with this schema, estimates rounded to six decimals; missing keys become nulls."""
    table = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=dict(schema))
    return table.with_columns(pl.col(pl.Float64).round(DECIMALS))


def join_ratings(frame: pl.DataFrame, scores: pl.DataFrame, answers: Mapping[str, Files], sample: str) -> AuditSample:
    """Join the sampling frame of texts with scores and ratings.

    The first question is the main one; the answers to the others are in columns of their own names.
    """
    same_order = frame.height == scores.height and all(frame[name].equals(scores[name]) for name in FILE)
    rows = frame.hstack(scores.drop(FILE)) if same_order else frame.join(scores, on=list(FILE), how="inner")
    for place, (question, file_ratings) in enumerate(answers.items()):
        name = question if place else ANSWER
        rating_rows = [(*file, answer) for file, answer in file_ratings.items()]
        rows = rows.join(pl.DataFrame(rating_rows, {**FILE, name: pl.String}, orient="row"), on=list(FILE), how="left")
    return AuditSample(rows, sample)


def without_ratings(frame: pl.DataFrame, questions: Iterable[str]) -> AuditSample:
    """Return the sample without its ratings."""
    names = [name if place else ANSWER for place, name in enumerate(questions)]
    empty_columns = {name: pl.lit(None, pl.String) for name in names}
    return AuditSample(frame.with_columns(stratum=pl.lit(""), score=pl.lit(None, pl.Float64), **empty_columns))
