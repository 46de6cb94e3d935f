"""Stage `confirmed`: estimate rates from the ratings of a sample of texts, once there are ratings.

    confirmed/language    rates of blaming words, with the volume of text
    confirmed/changes     the same before and after the middle of the period
    confirmed/unflagged   exploitation in summaries without a flag, and the accuracy of flags
    confirmed/years       the extent of exploitation in summaries, in the last year and the year before
    confirmed/compared    comparison of forces, with the false discovery rate controlled over all

Before any text is rated, every row is a refusal in words: a classifier score alone is never counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from assay import casefiles, compare, indicators, stats
from assay.casefiles.file_allocation import missing_of, sample_ratings
from assay.casefiles.file_sampling import replace_missing, scores_of
from assay.casefiles.ratings import current_ratings
from assay.casefiles.sample_results import answers_to, sampled_file_key
from assay.compare.audited_comparison import AuditedShare, compare_audited
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import FILE, AuditSample, join_ratings, without_ratings
from assay.indicators.catalogue.attitudes import blaming_language as words
from assay.indicators.catalogue.attitudes.blaming_language import TextVolume, language_table
from assay.indicators.catalogue.attitudes.language_changes import changes_table
from assay.indicators.catalogue.scale import unflagged_exploitation
from assay.indicators.catalogue.scale.record_series import Period
from assay.indicators.catalogue.scale.unflagged_exploitation import unflagged_table, years_table
from assay.reference import Organisation
from assay.workflows.run.text_stage import NOTES, READINGS, SUMMARIES, VOLUME, to_arrow

CONFIRMED, CASEFILES, RECORDS = "confirmed", "casefiles", "records"
CRIME, TEAMS = ["force_code", "crime_ref"], "investigation.parquet"
"""The columns that identify the crime of an entry, and the file with the kind of team."""
SUMMARY_COLUMNS = ("recorded_at", "cse_flagged", "band")
"""Columns of a summary that are needed in addition to its ratings."""
REFERENCE_COLUMNS = {NOTES: "note_ref", SUMMARIES: "crime_ref"}
QUESTIONS_OF_TABLE = {
    NOTES: ("attitudes_entry", words.QUESTIONS),
    SUMMARIES: ("unflagged_summary", (unflagged_exploitation.QUESTION,)),
}
"""By table of the readings: its question set, and the questions that are counted."""
SENSITIVITY, SPECIFICITY = "flag_sensitivity", "flag_specificity"
BETTER_DIRECTION = {words.BLAMING: "lower", SENSITIVITY: "higher", SPECIFICITY: "higher"}
"""The better direction of each measure: outliers are identified on the worse side."""


@dataclass(frozen=True)
class ConfirmedTables:
    """The five tables of the stage `confirmed`."""

    language: pl.DataFrame
    changes: pl.DataFrame
    unflagged: pl.DataFrame
    years: pl.DataFrame
    compared: pa.Table


def run_confirmed_stage(run: InspectionRun) -> None:
    """Stage: estimate rates for all texts from the ratings, and identify outliers."""
    rating_stages = _rated_stages(run)
    period = run.inspection.request.period_from, run.inspection.request.period_to

    def make() -> StageOutput:
        tables_found = confirmed_tables(
            run.folder, run.inspection.request.organisations, [middle_month(*period)], Period(*period).years
        )
        tables = {
            "language": to_arrow(tables_found.language), "changes": to_arrow(tables_found.changes),
            "unflagged": to_arrow(tables_found.unflagged), "years": to_arrow(tables_found.years),
            "compared": tables_found.compared,
        }  # fmt: skip
        row_count = run.count_rows(*(run.folder / READINGS / f"{name}.parquet" for name in REFERENCE_COLUMNS))
        return StageOutput(tables, row_count, row_count)

    packages = (casefiles, indicators, compare, stats)
    inputs = run.stage_runner.outputs_of(READINGS, *rating_stages)
    inputs |= {path: value for path, value in run.stage_runner.outputs_of(RECORDS).items() if Path(path).name == TEAMS}
    run.stage_runner.run_stage(CONFIRMED, make, packages=packages, inputs=inputs, settings=run.request_settings)


def _rated_stages(run: InspectionRun) -> list[str]:
    """Return the stages of case files on which this rests: ratings of texts, and their samples.

    The run knows no others, so that ratings of other files do not change it.
    """
    parts = {stage: [*stage.split("/")[1:], ""] for stage in run.stage_runner.load_receipts(CASEFILES)}
    sets = {name for name, _ in QUESTIONS_OF_TABLE.values()}
    samples = {part[1] for part in parts.values() if part[0] == "marks" and part[2] in sets}
    rating_stages = [
        stage_name
        for stage_name, part in parts.items()
        if part[1] in samples and (part[2] in sets or part[0] == "samples")
    ]
    for stage in set(parts) - set(rating_stages):
        del run.stage_runner.receipts[stage]
    return rating_stages


def middle_month(period_from: date, period_to: date) -> date:
    """Return the first day of the month that contains the middle of a period."""
    return (period_from + timedelta(days=(period_to - period_from).days // 2)).replace(day=1)


def confirmed_tables(
    folder: Path, organisations: Mapping[str, Organisation], dates: Sequence[date], years: Sequence[date] = ()
) -> ConfirmedTables:
    """Return the five tables of this stage for an inspection that was run."""
    volume = pl.read_parquet(folder / READINGS / f"{VOLUME}.parquet")
    notes, summaries = audited_texts(folder, NOTES), audited_texts(folder, SUMMARIES)
    text_volume = TextVolume(volume, _sampling_frame(folder, NOTES))
    language, flag_table = language_table(notes, text_volume), unflagged_table(summaries, volume)
    compared = compare_audited(comparison_input(language, flag_table), organisations, BETTER_DIRECTION)
    by_year = years_table(summaries, years)
    return ConfirmedTables(language, changes_table(notes, text_volume, dates), flag_table, by_year, compared)


def comparison_input(language: pl.DataFrame, flags: pl.DataFrame) -> list[AuditedShare]:
    """Return the rates of blaming words above the lowest score band, and the sensitivity and specificity of flags, by
    force."""
    rates = language.filter(pl.col("measure") == words.BLAMING, pl.col("part_of") == words.WHOLE)
    compared = {name: pl.col(f"compared_{name}") for name in ("share", "low", "high")}
    rows = rates.with_columns(records="texts", **compared).to_dicts()
    estimated_positives = pl.col("told").round().fill_null(0).cast(pl.Int64)
    estimated_negatives = pl.col("in_frame") - estimated_positives
    for measure, figure, records in (
        (SENSITIVITY, "sensitivity", estimated_positives),
        (SPECIFICITY, "specificity", estimated_negatives),
    ):
        figure_columns = {"share": figure, "low": f"{figure}_low", "high": f"{figure}_high"}
        shares = {name: pl.col(column) for name, column in figure_columns.items()}
        rows += flags.with_columns(measure=pl.lit(measure), records=records, **shares).to_dicts()
    return [_audited_share(row) for row in rows if row["place_code"] != EVERYWHERE]


def _audited_share(row: Mapping[str, Any]) -> AuditedShare:
    names = ("measure", "place_code", "share", "low", "high", "records", "marked")
    values = {name: row[name] for name in names}
    return AuditedShare(**values, exclusion_reason=row["not_compared"] or row["why"] or "")


def audited_texts(folder: Path, table: str) -> AuditSample:
    """Return the texts of a sampling frame with ratings, from the sample that has the most ratings."""
    frame, (question_set, questions) = _sampling_frame(folder, table), QUESTIONS_OF_TABLE[table]
    keys = sorted(path.parent.name for path in (folder / CASEFILES / "marks").glob(f"*/{question_set}"))
    marks = {key: current_ratings(sample_ratings(folder, key, question_set)) for key in keys}
    sample = max(keys, key=lambda key: len(marks[key]), default="")
    if not sample:
        return without_ratings(frame, questions)
    replacements = replace_missing(folder, sample, missing_of(folder, sample, question_set))
    drawn_files = {sampled_file_key(file) for file in replacements.files}
    answers = {question: answers_to(marks[sample], question) for question in questions}
    scores = scores_of(folder, sample)
    return join_ratings(
        frame,
        scores,
        {
            question_key: {file_id: answer for file_id, answer in file_answers.items() if file_id in drawn_files}
            for question_key, file_answers in answers.items()
        },
        sample,
    )


def _sampling_frame(folder: Path, table: str) -> pl.DataFrame:
    """Return the sampling frame with the columns it needs: a country has twenty million texts."""
    path = folder / READINGS / f"{table}.parquet"
    rows = pl.scan_parquet(path).filter("in_base").rename({REFERENCE_COLUMNS[table]: "subject_ref"})
    if table == SUMMARIES:
        return rows.select(*FILE, *SUMMARY_COLUMNS).collect()
    teams = pl.read_parquet(folder / RECORDS / TEAMS, columns=[*CRIME, "team_kind"])
    return rows.collect().join(teams, on=CRIME, how="left", maintain_order="left")
