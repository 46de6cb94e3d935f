"""What did people confirm in the texts of one inspection, and how far is it from what is true of them?

Read from the stage `confirmed`, which holds refusals until somebody marks a sample. Nobody asked is no miss and no
find: it is said that nobody marked texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes import blaming_language
from assay.synthetic.simulation.alert_comparison import Call
from assay.synthetic.simulation.text_estimate_coverage import TITLES, TextEstimate, text_estimates, true_of
from assay.synthetic.simulation.trial_worlds import text_marks
from assay.workflows.run.confirmed_texts import CONFIRMED, REFS, SENSITIVITY, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, READINGS, SUMMARIES

TABLES = ("language", "unflagged", "compared")
NOBODY = "nobody marked texts"
OF_TABLE = {blaming_language.BLAMING: "entries", SENSITIVITY: "summaries", SPECIFICITY: "summaries"}


@dataclass(frozen=True)
class InTexts:
    """`marked`: by measure of what people confirm, how many texts were marked; `calls`: forces that differ on one;
    `estimates`: each figure beside the truth, where the truth of every text is known."""

    marked: dict[str, int]
    calls: frozenset[Call]
    estimates: tuple[TextEstimate, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The same, for other programs."""
        told = [
            {"measure": key, "figures": len(mine), "held": sum(one.holds for one in mine)} for key, mine in self._of()
        ]
        return {"marked": dict(self.marked), "estimates": told}

    def in_words(self) -> Iterator[str]:
        """How many texts were marked of each kind, then how often the intervals of single forces held."""
        for measure, number in self.marked.items():
            said = f"{number:,} marked." if number else f"{NOBODY}, so nothing is scored."
            yield f"{TITLES[measure]}: {OF_TABLE[measure]}, {said}"
        for key, mine in self._of():
            held = sum(one.holds for one in mine)
            yield f"{TITLES[key]}: the interval of a force holds the truth in {held} of {len(mine)}."

    def _of(self) -> Iterator[tuple[str, list[TextEstimate]]]:
        for key in TITLES:
            mine = [one for one in self.estimates if one.measure == key and one.place != EVERYWHERE]
            if mine:
                yield key, mine


def in_texts(inspection: Path, truth: Path, seed: int) -> InTexts:
    """What the stage `confirmed` of an inspection holds, beside the folder of the truth."""
    folder = inspection / CONFIRMED
    if not all((folder / f"{name}.parquet").is_file() for name in TABLES):
        return InTexts(dict.fromkeys(OF_TABLE, 0), frozenset())
    rates, flags, compared = (pl.read_parquet(folder / f"{name}.parquet") for name in TABLES)
    whole = rates.filter(measure=blaming_language.BLAMING, place_code=EVERYWHERE, part_of=blaming_language.WHOLE)
    everywhere = flags.filter(place_code=EVERYWHERE)
    marked = {
        blaming_language.BLAMING: int(whole["marked"].sum()),
        SENSITIVITY: int(everywhere["marked"].sum()),
        SPECIFICITY: int(everywhere["marked"].sum()),
    }
    unusual = compared.filter(pl.col("unusual").fill_null(value=False))
    calls = {Call(*row) for row in unusual.select("place_code", "measure", "direction").iter_rows()}
    true = _true(inspection, truth, seed)
    return InTexts(marked, frozenset(calls), tuple(text_estimates(rates, flags, true)) if true else ())


def _true(inspection: Path, truth: Path, seed: int) -> dict[str, pl.DataFrame]:
    """The texts of both frames with what is true of each; nothing where that is not known of all."""
    marks, found = text_marks(truth, seed), {}
    for table in (NOTES, SUMMARIES):
        path = inspection / READINGS / f"{table}.parquet"
        if not path.is_file():
            return {}
        frame = pl.read_parquet(path).filter("in_base").rename({REFS[table]: "subject_ref"})
        found[table] = true_of(frame, table, marks)
        if found[table]["true"].null_count():
            return {}
    return found
