"""What did people confirm of what was read in texts? A stage of the stream, once marks of a sample have come in.

    confirmed/language    rates of blaming words, with the volume of text beside them
    confirmed/changes     the same before and after the middle of the period
    confirmed/unflagged   exploitation in summaries without a flag, and how good the flags are
    confirmed/years       how much exploitation summaries tell of in the last year, and in the one before
    confirmed/compared    forces side by side, false discoveries held over all

Before anybody has marked, every row is a refusal in words: what a score calls is never counted.
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
from assay.casefiles.file_allocation import marks_of, missing_of
from assay.casefiles.file_sampling import replace_missing, scores_of
from assay.casefiles.ratings import standing
from assay.casefiles.sample_results import answers_to, file_of
from assay.compare.audited_comparison import compare_audited
from assay.engine.stage_runner import Made
from assay.facts.inspection_run import Run
from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import FILE, Audited, joined, unmarked
from assay.indicators.catalogue.attitudes import blaming_language as words
from assay.indicators.catalogue.attitudes.blaming_language import Written, language_table
from assay.indicators.catalogue.attitudes.language_changes import changes_table
from assay.indicators.catalogue.scale import unflagged_exploitation
from assay.indicators.catalogue.scale.record_series import Period
from assay.indicators.catalogue.scale.unflagged_exploitation import unflagged_table, years_table
from assay.reference import Body
from assay.workflows.run.text_stage import NOTES, READINGS, SUMMARIES, VOLUME, stored

CONFIRMED, CASEFILES, RECORDS = "confirmed", "casefiles", "records"
CRIME, TEAMS = ["force_code", "crime_ref"], "investigation.parquet"
"""By which an entry knows its crime, and where the kind of team that holds it stands."""
OF_A_SUMMARY = ("recorded_at", "cse_flagged", "band")
"""What is asked of a summary, beside what was marked in it."""
REFS = {NOTES: "note_ref", SUMMARIES: "crime_ref"}
SETS = {
    NOTES: ("attitudes_entry", words.QUESTIONS),
    SUMMARIES: ("unflagged_summary", (unflagged_exploitation.QUESTION,)),
}
"""By table of the readings: the question set that is asked of its texts, and the questions that are counted."""
SENSITIVITY, SPECIFICITY = "flag_sensitivity", "flag_specificity"
BETTER = {words.BLAMING: "lower", SENSITIVITY: "higher", SPECIFICITY: "higher"}
"""Which side of a measure is the good one: what is worse is looked for."""


@dataclass(frozen=True)
class Confirmed:
    """The five tables."""

    language: pl.DataFrame
    changes: pl.DataFrame
    unflagged: pl.DataFrame
    years: pl.DataFrame
    compared: pa.Table


def count_confirmed(run: Run) -> None:
    """What the marks say of all texts, and where forces differ."""
    mine = _marked(run)
    period = run.inspection.request.period_from, run.inspection.request.period_to

    def make() -> Made:
        found = confirmed(run.folder, run.inspection.request.bodies, [middle(*period)], Period(*period).years)
        tables = {
            "language": stored(found.language), "changes": stored(found.changes),
            "unflagged": stored(found.unflagged), "years": stored(found.years),
            "compared": found.compared,
        }  # fmt: skip
        taken = run.size(*(run.folder / READINGS / f"{name}.parquet" for name in REFS))
        return Made(tables, taken, taken)

    rooms = (casefiles, indicators, compare, stats)
    inputs = run.book.outputs_of(READINGS, *mine)
    inputs |= {path: value for path, value in run.book.outputs_of(RECORDS).items() if Path(path).name == TEAMS}
    run.book.stage(CONFIRMED, make, rooms=rooms, inputs=inputs, settings=run.asked)


def _marked(run: Run) -> list[str]:
    """The stages of case files that this rests on: marks of texts, and the samples they are of. No other is known to
    the run, so that marks of other files leave it as it is."""
    parts = {stage: [*stage.split("/")[1:], ""] for stage in run.book.know(CASEFILES)}
    sets = {name for name, _ in SETS.values()}
    samples = {part[1] for part in parts.values() if part[0] == "marks" and part[2] in sets}
    mine = [one for one, part in parts.items() if part[1] in samples and (part[2] in sets or part[0] == "samples")]
    for stage in set(parts) - set(mine):
        del run.book.receipts[stage]
    return mine


def middle(period_from: date, period_to: date) -> date:
    """The first day of the month in which the middle of a period lies."""
    return (period_from + timedelta(days=(period_to - period_from).days // 2)).replace(day=1)


def confirmed(folder: Path, bodies: Mapping[str, Body], dates: Sequence[date], years: Sequence[date] = ()) -> Confirmed:
    """The five tables of an inspection that was run; `dates`: before and after which blaming words are told; `years`:
    see `unflagged.years_table`."""
    volume = pl.read_parquet(folder / READINGS / f"{VOLUME}.parquet")
    notes, summaries = audited(folder, NOTES), audited(folder, SUMMARIES)
    written = Written(volume, _frame(folder, NOTES))
    language, of_flags = language_table(notes, written), unflagged_table(summaries, volume)
    compared = compare_audited(to_compare(language, of_flags), bodies, BETTER)
    told = years_table(summaries, years)
    return Confirmed(language, changes_table(notes, written, dates), of_flags, told, compared)


def to_compare(language: pl.DataFrame, flags: pl.DataFrame) -> list[dict[str, Any]]:
    """The rates of blaming words, and the sensitivity and specificity of flags, force by force. Precision is left out:
    it follows also from how much exploitation there is, and from how much of it is flagged."""
    rates = language.filter(pl.col("measure") == words.BLAMING, pl.col("part_of") == words.WHOLE)
    rows = rates.with_columns(records="texts").to_dicts()
    told = pl.col("told").round().fill_null(0).cast(pl.Int64)
    others = pl.col("in_frame") - told
    for measure, figure, records in ((SENSITIVITY, "sensitivity", told), (SPECIFICITY, "specificity", others)):
        ends = {"share": figure, "low": f"{figure}_low", "high": f"{figure}_high"}
        shares = {name: pl.col(column) for name, column in ends.items()}
        rows += flags.with_columns(measure=pl.lit(measure), records=records, **shares).to_dicts()
    return [row for row in rows if row["place_code"] != EVERYWHERE]


def audited(folder: Path, table: str) -> Audited:
    """The texts of a frame with the marks of the sample that most files were marked of; without marks, none."""
    frame, (asked, questions) = _frame(folder, table), SETS[table]
    keys = sorted(path.parent.name for path in (folder / CASEFILES / "marks").glob(f"*/{asked}"))
    marks = {key: standing(marks_of(folder, key, asked)) for key in keys}
    sample = max(keys, key=lambda key: len(marks[key]), default="")
    if not sample:
        return unmarked(frame, questions)
    found = replace_missing(folder, sample, missing_of(folder, sample, asked))
    drawn = {file_of(one) for one in found.files}
    told = {question: answers_to(marks[sample], question) for question in questions}
    scores = scores_of(folder, sample)
    return joined(frame, scores, {q: {f: a for f, a in held.items() if f in drawn} for q, held in told.items()}, sample)


def _frame(folder: Path, table: str) -> pl.DataFrame:
    """The texts that a sample is drawn from, with what is asked of them: of a country there are twenty million."""
    path = folder / READINGS / f"{table}.parquet"
    rows = pl.scan_parquet(path).filter("in_base").rename({REFS[table]: "subject_ref"})
    if table == SUMMARIES:
        return rows.select(*FILE, *OF_A_SUMMARY).collect()
    teams = pl.read_parquet(folder / RECORDS / TEAMS, columns=[*CRIME, "team_kind"])
    return rows.collect().join(teams, on=CRIME, how="left", maintain_order="left")
