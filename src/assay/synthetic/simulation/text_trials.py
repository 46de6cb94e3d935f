"""Which forces that blame, or that do not flag, do people find who mark a sample of texts, and do the intervals hold?

A country is invented and laid, its texts are read, a sample is drawn by bands of the score, and invented markers answer
as they do. Judged beside it: a naive funnel of raw hits, which is what a search for words alone would say.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import DRAWN, draw
from assay.casefiles.sampling_frames import frame_of
from assay.compare.audited_comparison import compare_audited
from assay.indicators.audited_samples import FILE, Audited, joined
from assay.indicators.catalogue.attitudes import blaming_language
from assay.indicators.catalogue.attitudes.blaming_language import Written, language_table
from assay.indicators.catalogue.scale.unflagged_exploitation import unflagged_table
from assay.reference import signs
from assay.reference.data_requests import Request
from assay.stats.binomial_intervals import naive_funnel_z
from assay.synthetic.simulation.alert_comparison import Call
from assay.synthetic.simulation.detection_scores import false_calls
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.text_estimate_coverage import TextEstimate, text_estimates, true_of
from assay.synthetic.simulation.trial_runs import country_of
from assay.synthetic.simulation.trial_worlds import IN_TEXTS, World, text_marks
from assay.synthetic.simulation.truth_folder import Truth
from assay.workflows.reading.text_readers import by_words
from assay.workflows.reading.text_scan import Lying, notes_read, summaries_read, together
from assay.workflows.run.confirmed_texts import BETTER, REFS, SENSITIVITY, SETS, SPECIFICITY, to_compare
from assay.workflows.run.text_stage import NOTES, SUMMARIES, stored, with_flags

OURS, HITS = "assay: marks of a sample", "raw hits, naive funnel 3 sigma"
SHOWN = {key: next(iter(failings()[key].in_texts.items())) for key in IN_TEXTS}
"""By failing: the measure that shows it, and in which direction."""
A_FORCE = {NOTES: 200, SUMMARIES: 120}
"""How many texts are marked in each force."""
MARKER = "M1"


@dataclass(frozen=True)
class TextTrial:
    """One country: by failing and force the methods that found it; by method how many true and false calls; by band of
    the score how many of the police's entries truly blame, and how many do not; the true rates of each force in which
    something is planted, with its own deviation."""

    world: World
    planted: tuple[tuple[str, str, tuple[str, ...]], ...]
    alarms: Mapping[str, tuple[int, int]]
    estimates: tuple[TextEstimate, ...]
    bands: Mapping[str, tuple[int, int]]
    rates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def try_texts(world: World, a_force: Mapping[str, int] = A_FORCE) -> TextTrial:
    """Invent a country, read its texts, have a sample marked (`a_force`: how many texts in each force, by table), and
    score what comes of it."""
    with tempfile.TemporaryDirectory(prefix="assay-world-") as name:
        folder = Path(name)
        returned, request, truth, _ = country_of(folder, world)
        volume = _readings(folder, returned, request)
        marks = text_marks(folder / "truth", world.seed)
        found = {table: _audited(folder, table, world.seed, marks, a_force[table]) for table in SETS}
        true = {table: true_of(one.rows, table, marks) for table, one in found.items()}
    notes = found[NOTES].rows
    written = Written(volume, notes.select("force_code", "author_key", "author_role", "imported"))
    rates = language_table(found[NOTES], written)
    flags = unflagged_table(found[SUMMARIES], volume)
    calls = {OURS: _ours(rates, flags, request), HITS: _of_hits(found)}
    return TextTrial(
        world,
        tuple(_planted(truth, calls)),
        {method: _alarms(mine, truth) for method, mine in calls.items()},
        tuple(text_estimates(rates, flags, true)),
        _bands(true[NOTES].filter(~pl.col("imported"))),
        {code: truth.rates.get(code, {}) for key in IN_TEXTS for code in truth.planted_in(key)},
    )


def _readings(folder: Path, returned: Sequence[Mapping[str, pa.Table]], request: Request) -> pl.DataFrame:
    """Read every text as an inspection does, and write what was found; how much was written."""
    lying: dict[str, list[Lying]] = {NOTES: [], SUMMARIES: []}
    flagged: list[pl.DataFrame] = []
    for place, tables in enumerate(returned):
        at = folder / "laid" / str(place)
        at.mkdir(parents=True)
        for name in (NOTES, SUMMARIES, "signs"):
            pq.write_table(tables[name], at / f"{name}.parquet")
        for name, mine in lying.items():
            path = at / f"{name}.parquet"
            mine.append(Lying(path, path, at / "signs.parquet" if name == SUMMARIES else None))
        flagged.append(_flags(tables))
    period = (request.period_from, request.period_to)
    notes, written = together(notes_read(lying[NOTES], by_words, period))
    slots = {one.key: one.slot for one in signs()}
    summaries, more = together(summaries_read(lying[SUMMARIES], by_words, slots, period))
    (folder / "readings").mkdir()
    pq.write_table(stored(notes), folder / "readings" / "notes.parquet")
    pq.write_table(stored(with_flags(summaries, pl.concat(flagged))), folder / "readings" / "summaries.parquet")
    return pl.concat([written, more])


def _flags(tables: Mapping[str, pa.Table]) -> pl.DataFrame:
    """Each crime that was sent, and whether it bears the flag."""
    crimes = pl.DataFrame(pl.from_arrow(tables["crimes"].select(["force_code", "crime_ref"])))
    flags = pl.DataFrame(pl.from_arrow(tables["flags"].select(["crime_ref", "flag"])))
    bearing = flags.filter(pl.col("flag") == "cse")["crime_ref"].drop_nulls()
    return crimes.with_columns(cse_flagged=pl.col("crime_ref").is_in(bearing.implode()))


def design(table: str, seed: int, texts: int) -> Design:
    """The design that the documentation gives, for so many texts."""
    score = "blaming_score" if table == NOTES else "unflagged_score"
    return Design(
        key="tried", title="tried", subject="note" if table == NOTES else "crime", seed=f"tried {seed}",
        records="" if table == NOTES else SUMMARIES, score=score, bands={score: (0.1, 0.5)},
        strata=("force_code", score) if table == NOTES else ("force_code", "cse_flagged", score),
        oversample={score: {"above 0.5": 20.0, "up to 0.5": 2.0}}, files=texts, least=5,
    )  # fmt: skip


def _audited(folder: Path, table: str, seed: int, marks: Any, a_force: int) -> Audited:
    rows = pl.read_parquet(folder / "readings" / f"{table}.parquet").filter("in_base")
    frame = rows.rename({REFS[table]: "subject_ref"})
    asked = design(table, seed, a_force * frame["force_code"].n_unique())
    units = frame_of(folder, asked).units
    files = [(one.force_code, one.subject_ref) for one in draw(asked, units) if one.status == DRAWN]
    scores = pl.DataFrame(pl.from_arrow(units.select([*FILE, "stratum", "score"])))
    answers = {one: {file: marks.marked(MARKER, file, one) for file in files} for one in SETS[table][1]}
    return joined(frame, scores, answers, asked.key)


def _ours(rates: pl.DataFrame, flags: pl.DataFrame, request: Request) -> frozenset[Call]:
    compared = compare_audited(to_compare(rates, flags), request.bodies, BETTER)
    called = [row for row in compared.to_pylist() if row["unusual"]]
    return frozenset(Call(row["place_code"], row["measure"], row["direction"]) for row in called)


def _of_hits(found: Mapping[str, Audited]) -> frozenset[Call]:
    """Forces outside three sigma by what the score calls: of entries those called, of called summaries the
    flagged, of the others those without a flag."""
    called = {table: one.rows.with_columns(hit=pl.col("score") >= 0.5) for table, one in found.items()}
    notes = called[NOTES].filter(~pl.col("imported")).group_by("force_code").agg(count=pl.col("hit").sum(), of=pl.len())
    hits = called[SUMMARIES].filter("hit", pl.col("cse_flagged").is_not_null())
    flags = hits.group_by("force_code").agg(count=pl.col("cse_flagged").sum(), of=pl.len())
    others = called[SUMMARIES].filter(~pl.col("hit"), pl.col("cse_flagged").is_not_null())
    bare = others.group_by("force_code").agg(count=(~pl.col("cse_flagged")).sum(), of=pl.len())
    outside = (_outside(notes, blaming_language.BLAMING), _outside(flags, SENSITIVITY), _outside(bare, SPECIFICITY))
    return frozenset(call for calls in outside for call in calls)


def _outside(counts: pl.DataFrame, measure: str) -> Iterator[Call]:
    counts = counts.sort("force_code").filter(pl.col("of") > 0)
    count, of = (counts[name].to_numpy().astype(float) for name in ("count", "of"))
    if 0 < count.sum() < of.sum():
        for code, z in zip(counts["force_code"], naive_funnel_z(count, of), strict=True):
            if np.abs(z) > 3:
                yield Call(code, measure, "higher" if z > 0 else "lower")


def _planted(truth: Truth, calls: Mapping[str, frozenset[Call]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for failing in IN_TEXTS:
        measure, direction = SHOWN[failing]
        for code in truth.planted_in(failing):
            yield failing, code, tuple(one for one, mine in calls.items() if Call(code, measure, direction) in mine)


def _alarms(calls: frozenset[Call], truth: Truth) -> tuple[int, int]:
    true = {Call(code, *SHOWN[failing]) for failing in IN_TEXTS for code in truth.planted_in(failing)}
    return len(calls & true), len(false_calls(calls - true, truth))


def _bands(own: pl.DataFrame) -> dict[str, tuple[int, int]]:
    counted = own.group_by("band").agg(true=pl.col("true").sum(), false=(~pl.col("true")).sum())
    return {row["band"]: (row["true"], row["false"]) for row in counted.iter_rows(named=True)}
