"""Compare what people confirmed in the texts of one inspection with the truth.

Read from the stage `confirmed`, which holds refusals until a sample is rated. Without ratings nothing counts as found
or missed, and the summary says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes import blaming_language
from assay.synthetic.simulation.alert_comparison import Alert
from assay.synthetic.simulation.text_estimate_coverage import TITLES, TextEstimate, text_estimates, with_truth
from assay.synthetic.simulation.trial_worlds import text_marks
from assay.workflows.run.confirmed_texts import CONFIRMED, REFERENCE_COLUMNS, SENSITIVITY, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, READINGS, SUMMARIES

TABLES = ("language", "unflagged", "compared")
NO_RATINGS = "nobody marked texts"
TEXT_NOUNS = {blaming_language.BLAMING: "entries", SENSITIVITY: "summaries", SPECIFICITY: "summaries"}


@dataclass(frozen=True)
class TextScore:
    """The score of the measures from rated texts.

    `rated`: number of rated texts by measure; `alerts`: outlier forces; `estimates`: each figure with its truth, where
    the truth of every text is known.
    """

    rated: dict[str, int]
    alerts: frozenset[Alert]
    estimates: tuple[TextEstimate, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the values as a dictionary for JSON output."""
        estimates = [
            {
                "measure": key,
                "figures": len(measure_estimates),
                "held": sum(estimate.covers_truth for estimate in measure_estimates),
            }
            for key, measure_estimates in self._force_estimates()
        ]
        return {"marked": dict(self.rated), "estimates": estimates}

    def summary_lines(self) -> Iterator[str]:
        """Yield how many texts were rated of each kind, then how often intervals of forces covered the truth."""
        for measure, number in self.rated.items():
            count_text = f"{number:,} marked." if number else f"{NO_RATINGS}, so nothing is scored."
            yield f"{TITLES[measure]}: {TEXT_NOUNS[measure]}, {count_text}"
        for key, measure_estimates in self._force_estimates():
            covered = sum(estimate.covers_truth for estimate in measure_estimates)
            yield f"{TITLES[key]}: the interval of a force holds the truth in {covered} of {len(measure_estimates)}."

    def _force_estimates(self) -> Iterator[tuple[str, list[TextEstimate]]]:
        for key in TITLES:
            measure_estimates = [
                estimate for estimate in self.estimates if estimate.measure == key and estimate.place != EVERYWHERE
            ]
            if measure_estimates:
                yield key, measure_estimates


def score_texts(inspection: Path, truth: Path, seed: int) -> TextScore:
    """Score the text ratings of an inspection against the truth folder."""
    folder = inspection / CONFIRMED
    if not all((folder / f"{name}.parquet").is_file() for name in TABLES):
        return TextScore(dict.fromkeys(TEXT_NOUNS, 0), frozenset())
    rates, flags, compared = (pl.read_parquet(folder / f"{name}.parquet") for name in TABLES)
    whole = rates.filter(measure=blaming_language.BLAMING, place_code=EVERYWHERE, part_of=blaming_language.WHOLE)
    everywhere = flags.filter(place_code=EVERYWHERE)
    marked = {
        blaming_language.BLAMING: int(whole["marked"].sum()),
        SENSITIVITY: int(everywhere["marked"].sum()),
        SPECIFICITY: int(everywhere["marked"].sum()),
    }
    outliers = compared.filter(pl.col("outlier_alert").fill_null(value=False))
    alerts = {Alert(*row) for row in outliers.select("place_code", "measure", "direction").iter_rows()}
    true = _frames_with_truth(inspection, truth, seed)
    return TextScore(marked, frozenset(alerts), tuple(text_estimates(rates, flags, true)) if true else ())


def _frames_with_truth(inspection: Path, truth: Path, seed: int) -> dict[str, pl.DataFrame]:
    """Return the texts of both frames with their truth; empty if the truth of any text is unknown."""
    marks, found = text_marks(truth, seed), {}
    for table in (NOTES, SUMMARIES):
        path = inspection / READINGS / f"{table}.parquet"
        if not path.is_file():
            return {}
        frame = pl.read_parquet(path).filter("in_base").rename({REFERENCE_COLUMNS[table]: "subject_ref"})
        found[table] = with_truth(frame, table, marks)
        if found[table]["true"].null_count():
            return {}
    return found
