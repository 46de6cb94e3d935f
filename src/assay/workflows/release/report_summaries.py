"""Summarise the inspection, its case files and texts for the report: what was requested, and what was received."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from assay.casefiles.file_allocation import design_of, missing_of, sample_ratings
from assay.casefiles.file_sampling import replace_missing, strata_of
from assay.casefiles.rater_agreement import question_agreement
from assay.casefiles.ratings import inspector_ratings
from assay.casefiles.sample_designs import TEXTS, Design
from assay.casefiles.sample_results import NO_EVIDENCE, Result, is_met, results
from assay.grading.inspection_evidence import rated_samples
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes.blaming_language import BLAMING
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.inspection_folder import Inspection
from assay.ingest.return_manifest import NOT_ASKED
from assay.sdc import declared_tables
from assay.stats.interval_estimates import IntervalEstimate
from assay.workflows.reading.text_scan import READ, REASONS
from assay.workflows.run.confirmed_texts import CONFIRMED, SENSITIVITY, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, READINGS, SUMMARIES, VOLUME, to_arrow

COUNT_COLUMNS = ("records", "accepted", "set_aside")
RETURN_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("place_code", "table_name", "supplied", "reason")]
    + [("complete", pa.bool_())]
    + [(name, pa.int64()) for name in COUNT_COLUMNS]
    + [("suppressed_cells", pa.string())]
)


def inspection_table(inspection: Inspection, received: int, refused: int) -> pa.Table:
    """Return one row: the request, its period, and the number of returns."""
    request = inspection.request
    row = {
        "request": request.key,
        "title": request.title,
        "register": request.register,
        "period_from": request.period_from.isoformat(),
        "period_to": request.period_to.isoformat(),
        "bodies_asked": len(request.organisations),
        "returns_received": received,
        "returns_refused": refused,
    }
    return pa.Table.from_pylist([row], declared_tables()["inspection_summary"].schema)


def force_table(inspection: Inspection) -> pa.Table:
    """Return one row for each force or organisation in the request."""
    rows = [
        {
            "place_code": force.code,
            "slug": force.slug,
            "name": force.name,
            "kind": force.kind,
            "country": force.country,
            "region": "",
            "tile_column": force.tile_column,
            "tile_row": force.tile_row,
            "children": force.children,
            "population": force.population,
        }
        for force in inspection.request.organisations.values()
    ]
    return pa.Table.from_pylist(rows, declared_tables()["places"].schema)


def answerability_table(rows: pa.Table) -> pa.Table:
    """Return one row for each force and question: whether it is answerable there."""
    return rows.rename_columns({"force_code": "place_code"})


def return_table(manifests: pa.Table, counts: pa.Table) -> pa.Table:
    """Return one row for each force and table, and totals: whether it was supplied, and how many rows were accepted."""
    sizes = {(row["force_code"], row["table_name"]): row for row in counts.to_pylist()}
    rows = [_return_row(row, sizes.get((row["force_code"], row["table_name"]), {})) for row in manifests.to_pylist()]
    total_rows = [_total_row(name, rows) for name in dict.fromkeys(row["table_name"] for row in rows)]
    return pa.Table.from_pylist(rows + total_rows, schema=RETURN_SCHEMA)


def _return_row(manifest: Mapping[str, Any], sizes: Mapping[str, Any]) -> dict[str, Any]:
    refused = f"refused ({sizes['refused_rule']})" if sizes.get("refused_rule") else ""
    reason = refused if refused and manifest["reason"] != NOT_ASKED else manifest["reason"]
    row = {name: manifest[name] for name in ("table_name", "supplied", "complete")}
    row |= {"place_code": manifest["force_code"], "reason": reason, "suppressed_cells": ""}
    return row | {name: sizes.get(name) for name in COUNT_COLUMNS}


def _total_row(table: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    table_rows = [row for row in rows if row["table_name"] == table and row["supplied"] != "none"]
    sums = {name: sum(row[name] or 0 for row in table_rows) for name in COUNT_COLUMNS}
    from_all = len(table_rows) == sum(row["table_name"] == table for row in rows)
    supplied = "part" if table_rows else "none"
    if table_rows and from_all and all(row["supplied"] == "whole" for row in table_rows):
        supplied = "whole"
    was_requested = any(row["table_name"] == table and row["reason"] != NOT_ASKED for row in rows)
    total = {"place_code": EVERYWHERE, "table_name": table, "supplied": supplied, "suppressed_cells": ""}
    return total | ({} if was_requested else {"reason": NOT_ASKED}) | sums


# Summarise case files for the report: ratings, and the estimated share of all records.
#
# Samples are treated one at a time: a share refers to the records that the sample design names, weighted by the
# inclusion probability of each file. Where there is no figure, a fixed
# sentence without a count gives the reason.

EMPTY_STRATUM = "From at least one stratum no file is marked yet, so it could hold anything."
TOO_FEW = "The files that told are too few for a figure with its interval."
NO_KNOWN_FILE = "No file told: nothing can be said."
HUNDREDTHS = 100
Row = dict[str, Any]
STAGES_READ = ("samples", "given", "marks")
"""The folders of case file stages that are read."""
NAMES = ("case_samples", "case_questions", "case_files")


def case_tables(folder: Path) -> dict[str, pa.Table]:
    """Return `case_samples`, `case_questions` and `case_files` as declared for release.

    Raises
    ------
    EvidenceError
        If the hash chain of ratings is broken.
    """
    rows: dict[str, list[Row]] = {name: [] for name in NAMES}
    for key, questions in rated_samples(folder):
        design = design_of(folder, key)
        if not {design.subject, design.records} & set(TEXTS):
            rows["case_samples"].append(_sample_row(folder, key, design, questions))
            rows["case_questions"] += _question_rows(folder, key, questions)
            rows["case_files"] += [_result_row(key, questions, result) for result in results(folder, key, questions)]
    return {name: _table(name, table_rows) for name, table_rows in rows.items()}


def _sample_row(folder: Path, key: str, design: Design, questions: str) -> Row:
    questionnaire = question_set(questions)
    replacements = replace_missing(folder, key, missing_of(folder, key, questions))
    rated_files = {
        (rating["force_code"], rating["subject_ref"])
        for rating in inspector_ratings(sample_ratings(folder, key, questions))
    }
    return {
        "sample": key, "question_set": questions, "title": design.title, "question_set_title": questionnaire.title,
        "subject": questionnaire.subject.replace("_", " "), "records": sum(size for _, size in strata_of(folder, key)),
        "sampled_files": len(replacements.files), "marked": len(rated_files), "not_found": len(replacements.missing),
    }  # fmt: skip


def _question_rows(folder: Path, key: str, questions: str) -> Iterator[Row]:
    """Yield every question with a word answer, with the chance-corrected agreement of two raters."""
    agreements = {agreement.question: agreement for agreement in question_agreement(folder, key, questions)}
    for number, question in enumerate(question_set(questions).questions, start=1):
        if question.has_ladder_answer:
            double_rated = agreements[question.key]
            yield {
                "sample": key, "question_set": questions, "question": question.key, "place": number,
                "text": question.text, "stage": question.stage, "asks": question.asks.replace("|", " "),
                "best": question.answers[0], "read_twice": double_rated.files,
                **_complete_figure("agreement", ("", "_low", "_high"), double_rated.ac2, HUNDREDTHS),
            }  # fmt: skip


def _complete_figure(
    name: str, suffixes: Sequence[str], answer: IntervalEstimate, factor: float = 1
) -> dict[str, float | None]:
    """Return a figure and its limits under these names; without limits there is no figure either."""
    figure = (answer.value, answer.low, answer.high)
    values = [None if None in figure or value is None else factor * value for value in figure]
    return {f"{name}{end}": value for end, value in zip(suffixes, values, strict=True)}


def _result_row(key: str, questions: str, result: Result) -> Row:
    """Return the result of one place for one question."""
    met = sum(number for answer, number in result.answers.items() if is_met(answer))
    figure = _complete_figure("", ("share", "low", "high"), result.share)
    return {
        "sample": key, "question_set": questions, "question": result.question.key, "place_code": result.place,
        "answered": result.base, "met": met, "unmet": result.base - met, **figure,
        **dict.fromkeys(
            ("unweighted_share_lowest", "unweighted_share_highest"), met / result.base if result.base else None
        ),
        "why": _missing_reason(result.share.words) if figure["share"] is None else "",
    }  # fmt: skip


def _missing_reason(words: str) -> str:
    if words == NO_EVIDENCE:
        return NO_KNOWN_FILE
    return EMPTY_STRATUM if "no file is marked" in words else TOO_FEW


def _table(name: str, rows: list[Row]) -> pa.Table:
    """Return the rows as the table is declared; disclosure control records what it suppresses."""
    form = declared_tables()[name]
    schema = pa.schema([field for field in form.schema if field.name != "suppressed_cells"])
    return pa.Table.from_pylist(rows, schema)


# Summarise texts for the report: how much was written and read, and what raters confirmed.
#
# Rates are per 1,000 entries, because such words are rare. A number of crimes below the suppression threshold is
# suppressed.

MIN_SHOWN_CRIMES = 20.0
"""An estimated number of crimes is suppressed if even its upper limit is below this."""
TOO_SMALL = "The number is too small to be shown."
RATE_BASE = 1000


def text_coverage(folder: Path) -> pa.Table:
    """Return by place and table: texts, texts read, texts not read by reason, words (in thousands), authors."""
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
        words_thousands=(pl.col("words") / RATE_BASE).cast(pl.Float64), suppressed_cells=pl.lit("")
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


def blaming_language_rates(folder: Path) -> pa.Table:
    """Return each rate of victim-blaming language that raters confirmed, with its outlier alert."""
    language = pl.read_parquet(folder / CONFIRMED / "language.parquet")
    suffixes = (("share", ""), ("low", "_low"), ("high", "_high"))
    rate_columns = [(pl.col(name) * RATE_BASE).alias(f"per_1000{end}") for name, end in suffixes]
    names = ("measure", "place_code", "part_of", "part", "marked")
    author_columns = (pl.col(f"marked_{rater_group}").alias(rater_group) for rater_group in ("authors", "teams"))
    rates = language.select(
        *names, *author_columns, *rate_columns, unread_share="unread_share", why="why", not_comparable="not_compared"
    )
    return to_arrow(_with_alerts(rates, folder, BLAMING))


def unflagged_exploitation_rates(folder: Path) -> pa.Table:
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
        "place_code", specificity_outlier_alert="outlier_alert", specificity_direction="direction"
    )
    joined = summary.join(specificity_alerts, on="place_code", how="left", maintain_order="left")
    return to_arrow(joined.with_columns(pl.col("specificity_direction").fill_null("")))


def _with_alerts(measure_rows: pl.DataFrame, folder: Path, measure: str) -> pl.DataFrame:
    """Add to each force of a measure whether it is an outlier, or why it is not compared."""
    alerts = _comparison_rows(folder, measure).select(
        "place_code", "outlier_alert", "direction", other=pl.col("not_comparable")
    )
    is_whole = pl.col("part_of") == "all" if "part_of" in measure_rows.columns else pl.lit(value=True)
    is_compared = (pl.col("measure") == measure) & is_whole & (pl.col("place_code") != EVERYWHERE)
    joined = measure_rows.join(alerts, on="place_code", how="left", maintain_order="left")
    reason = pl.when(is_compared).then(pl.coalesce("other", "not_comparable")).otherwise(pl.lit(""))
    return joined.with_columns(
        outlier_alert=pl.when(is_compared).then("outlier_alert").otherwise(None),
        direction=pl.when(is_compared).then("direction").otherwise(pl.lit("")).fill_null(""),
        not_comparable=reason.fill_null(""),
        suppressed_cells=pl.lit(""),
    ).drop("other")


def _comparison_rows(folder: Path, measure: str) -> pl.DataFrame:
    """Return the comparison of each force on one measure of confirmed ratings."""
    return pl.read_parquet(folder / CONFIRMED / "compared.parquet").filter(pl.col("measure") == measure)
