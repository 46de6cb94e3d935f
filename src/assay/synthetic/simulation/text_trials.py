"""Does rating a sample of texts find the synthetic forces that blame victims or leave exploitation unflagged?

A country is generated and loaded, its texts are read, a sample is drawn by score band, and synthetic raters rate it. It
is compared with a naive funnel plot of raw hits, as a word search would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import SAMPLED, draw
from assay.casefiles.sampling_frames import build_frame
from assay.compare.audited_comparison import compare_audited
from assay.indicators.audited_samples import FILE, AuditSample, join_ratings
from assay.indicators.catalogue.attitudes import blaming_language
from assay.indicators.catalogue.attitudes.blaming_language import TextVolume, language_table
from assay.indicators.catalogue.scale.unflagged_exploitation import unflagged_table
from assay.reference import signs
from assay.reference.data_requests import DataRequest
from assay.stats.binomial_intervals import naive_funnel_z
from assay.synthetic.simulation.alert_comparison import Alert
from assay.synthetic.simulation.detection_scores import false_alerts
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.text_estimate_coverage import TextEstimate, text_estimates, with_truth
from assay.synthetic.simulation.trial_runs import generate_country
from assay.synthetic.simulation.trial_worlds import TEXT_FAILINGS, TrialWorld, text_marks
from assay.synthetic.simulation.truth_folder import Truth
from assay.temporary_folders import temporary_folder
from assay.workflows.reading.text_readers import build_word_reader
from assay.workflows.reading.text_scan import TextSource, combine_forces, scan_notes, scan_summaries
from assay.workflows.run.confirmed_texts import (
    BETTER_DIRECTION,
    QUESTIONS_OF_TABLE,
    REFERENCE_COLUMNS,
    SENSITIVITY,
    SPECIFICITY,
    comparison_input,
)
from assay.workflows.run.text_stage import NOTES, SUMMARIES, to_arrow, with_flags

ASSAY, HITS = "assay: marks of a sample", "raw hits, naive funnel 3 sigma"
FAILING_MEASURES = {key: next(iter(failings()[key].in_texts.items())) for key in TEXT_FAILINGS}
"""For each failing, the measure that shows it and the direction."""
TEXTS_PER_FORCE = {NOTES: 200, SUMMARIES: 120}
"""Number of texts rated in each force."""
MARKER = "M1"


@dataclass(frozen=True)
class TextTrial:
    """The results of rating texts of one synthetic country.

    The methods that found each failing in each force; true and false alerts by method; truly blaming and other police
    entries by score band; the true rates of forces with an injected failing, with their own deviation.
    """

    world: TrialWorld
    injected: tuple[tuple[str, str, tuple[str, ...]], ...]
    alerts: Mapping[str, tuple[int, int]]
    estimates: tuple[TextEstimate, ...]
    bands: Mapping[str, tuple[int, int]]
    rates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def run_text_trial(world: TrialWorld, texts_per_force: Mapping[str, int] = TEXTS_PER_FORCE) -> TextTrial:
    """Generate a country, read its texts, rate a sample of them, and score the result.

    `texts_per_force`: rated texts in each force, by table.
    """
    with temporary_folder() as folder:
        returned, request, truth, _ = generate_country(folder, world)
        volume = _readings(folder, returned, request)
        marks = text_marks(folder / "truth", world.seed)
        found = {
            table: _audited_texts(folder, table, world.seed, marks, texts_per_force[table])
            for table in QUESTIONS_OF_TABLE
        }
        true = {table: with_truth(audited.rows, table, marks) for table, audited in found.items()}
    notes = found[NOTES].rows
    volumes = TextVolume(volume, notes.select("force_code", "author_key", "author_role", "imported"))
    rates = language_table(found[NOTES], volumes)
    flags = unflagged_table(found[SUMMARIES], volume)
    alerts_by_method = {ASSAY: _assay_alerts(rates, flags, request), HITS: _hit_alerts(found)}
    return TextTrial(
        world,
        tuple(_detections(truth, alerts_by_method)),
        {method: _alert_counts(method_alerts, truth) for method, method_alerts in alerts_by_method.items()},
        tuple(text_estimates(rates, flags, true)),
        _bands(true[NOTES].filter(~pl.col("imported"))),
        {code: truth.rates.get(code, {}) for key in TEXT_FAILINGS for code in truth.forces_with_failing(key)},
    )


def _readings(folder: Path, returned: Sequence[Mapping[str, pa.Table]], request: DataRequest) -> pl.DataFrame:
    """Read every text as an inspection does, and write the results; return the text volume."""
    files_by_table: dict[str, list[TextSource]] = {NOTES: [], SUMMARIES: []}
    flagged: list[pl.DataFrame] = []
    for place, tables in enumerate(returned):
        return_folder = folder / "laid" / str(place)
        return_folder.mkdir(parents=True)
        for name in (NOTES, SUMMARIES, "signs"):
            pq.write_table(tables[name], return_folder / f"{name}.parquet")
        for name, table_files in files_by_table.items():
            path = return_folder / f"{name}.parquet"
            table_files.append(TextSource(path, path, return_folder / "signs.parquet" if name == SUMMARIES else None))
        flagged.append(_flags(tables))
    period = (request.period_from, request.period_to)
    notes, note_volume = combine_forces(scan_notes(files_by_table[NOTES], build_word_reader, period))
    slots = {sign.key: sign.slot for sign in signs()}
    summaries, summary_volume = combine_forces(
        scan_summaries(files_by_table[SUMMARIES], build_word_reader, slots, period)
    )
    (folder / "readings").mkdir()
    pq.write_table(to_arrow(notes), folder / "readings" / "notes.parquet")
    pq.write_table(to_arrow(with_flags(summaries, pl.concat(flagged))), folder / "readings" / "summaries.parquet")
    return pl.concat([note_volume, summary_volume])


def _flags(tables: Mapping[str, pa.Table]) -> pl.DataFrame:
    """Return each crime in the returns, and whether it has the flag."""
    crimes = pl.DataFrame(pl.from_arrow(tables["crimes"].select(["force_code", "crime_ref"])))
    flags = pl.DataFrame(pl.from_arrow(tables["flags"].select(["crime_ref", "flag"])))
    bearing = flags.filter(pl.col("flag") == "cse")["crime_ref"].drop_nulls()
    return crimes.with_columns(cse_flagged=pl.col("crime_ref").is_in(bearing.implode()))


def design(table: str, seed: int, texts: int) -> Design:
    """Return the documented sampling design for this number of texts."""
    score = "blaming_score" if table == NOTES else "unflagged_score"
    return Design(
        key="tried", title="tried", subject="note" if table == NOTES else "crime", seed=f"tried {seed}",
        records="" if table == NOTES else SUMMARIES, score=score, bands={score: (0.1, 0.5)},
        strata=("force_code", score) if table == NOTES else ("force_code", "cse_flagged", score),
        oversample={score: {"above 0.5": 20.0, "up to 0.5": 2.0}}, files=texts, least=5,
    )  # fmt: skip


def _audited_texts(folder: Path, table: str, seed: int, marks: Any, texts_per_force: int) -> AuditSample:
    rows = pl.read_parquet(folder / "readings" / f"{table}.parquet").filter("in_base")
    frame = rows.rename({REFERENCE_COLUMNS[table]: "subject_ref"})
    sample_design = design(table, seed, texts_per_force * frame["force_code"].n_unique())
    units = build_frame(folder, sample_design).units
    files = [(item.force_code, item.subject_ref) for item in draw(sample_design, units) if item.status == SAMPLED]
    scores = pl.DataFrame(pl.from_arrow(units.select([*FILE, "stratum", "score"])))
    answers = {
        item: {file: marks.marked(MARKER, file, item) for file in files} for item in QUESTIONS_OF_TABLE[table][1]
    }
    return join_ratings(frame, scores, answers, sample_design.key)


def _assay_alerts(rates: pl.DataFrame, flags: pl.DataFrame, request: DataRequest) -> frozenset[Alert]:
    compared = compare_audited(comparison_input(rates, flags), request.organisations, BETTER_DIRECTION)
    alert_rows = [row for row in compared.to_pylist() if row["outlier_alert"]]
    return frozenset(Alert(row["place_code"], row["measure"], row["direction"]) for row in alert_rows)


def _hit_alerts(found: Mapping[str, AuditSample]) -> frozenset[Alert]:
    """Return three-sigma alerts on raw scores: the share of entries above the threshold, of summaries above it with a
    flag, and of the others without one."""
    scored = {table: audited.rows.with_columns(hit=pl.col("score") >= 0.5) for table, audited in found.items()}
    notes = scored[NOTES].filter(~pl.col("imported")).group_by("force_code").agg(count=pl.col("hit").sum(), of=pl.len())
    hits = scored[SUMMARIES].filter("hit", pl.col("cse_flagged").is_not_null())
    flags = hits.group_by("force_code").agg(count=pl.col("cse_flagged").sum(), of=pl.len())
    not_hits = scored[SUMMARIES].filter(~pl.col("hit"), pl.col("cse_flagged").is_not_null())
    unflagged = not_hits.group_by("force_code").agg(count=(~pl.col("cse_flagged")).sum(), of=pl.len())
    outside = (
        _funnel_alerts(notes, blaming_language.BLAMING),
        _funnel_alerts(flags, SENSITIVITY),
        _funnel_alerts(unflagged, SPECIFICITY),
    )
    return frozenset(call for calls in outside for call in calls)


def _funnel_alerts(counts: pl.DataFrame, measure: str) -> Iterator[Alert]:
    counts = counts.sort("force_code").filter(pl.col("of") > 0)
    count, totals = (counts[name].to_numpy().astype(float) for name in ("count", "of"))
    if 0 < count.sum() < totals.sum():
        for code, z in zip(counts["force_code"], naive_funnel_z(count, totals), strict=True):
            if np.abs(z) > 3:
                yield Alert(code, measure, "higher" if z > 0 else "lower")


def _detections(
    truth: Truth, alerts_by_method: Mapping[str, frozenset[Alert]]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for failing in TEXT_FAILINGS:
        measure, direction = FAILING_MEASURES[failing]
        for code in truth.forces_with_failing(failing):
            yield (
                failing,
                code,
                tuple(
                    method
                    for method, method_alerts in alerts_by_method.items()
                    if Alert(code, measure, direction) in method_alerts
                ),
            )


def _alert_counts(alerts: frozenset[Alert], truth: Truth) -> tuple[int, int]:
    true = {
        Alert(code, *FAILING_MEASURES[failing])
        for failing in TEXT_FAILINGS
        for code in truth.forces_with_failing(failing)
    }
    return len(alerts & true), len(false_alerts(alerts - true, truth))


def _bands(police_notes: pl.DataFrame) -> dict[str, tuple[int, int]]:
    band_counts = police_notes.group_by("band").agg(true=pl.col("true").sum(), false=(~pl.col("true")).sum())
    return {row["band"]: (row["true"], row["false"]) for row in band_counts.iter_rows(named=True)}
