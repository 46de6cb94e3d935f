"""How much do counts of persons move with linkage, which pairs should somebody look at, and what did they find?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from assay.engine.provenance import one_at_a_time, read_stage
from assay.engine.safe_files.spreadsheet_cells import guarded_table
from assay.errors import UsageError
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.reviewed_pairs import CHOSEN_FOR, read_reviewed_pairs
from assay.linkage.clerical_review import Judged, bands, judged, to_review
from assay.linkage.linkage_specification import read_form
from assay.linkage.person_assignment import DRAW, EXACT, people_by
from assay.linkage.probabilistic_linkage import LEVELS
from assay.linkage.reviewed_links import keep_verdicts
from assay.wording import counted
from assay.workflows.judge.answer_cards import Told

Estimate = Callable[[pa.Table], float]
"""A figure worked out from `people`: force_code, involvement_ref, person_id."""
KEY = ["force_code", "involvement_ref"]


@dataclass(frozen=True)
class Spread:
    """One figure by each choice of who is one person."""

    of: str
    by: Mapping[str, float]

    @property
    def drawn(self) -> list[float]:
        """The figure in every draw."""
        return [value for choice, value in self.by.items() if DRAW.fullmatch(choice)]

    def as_dict(self) -> dict[str, Any]:
        """For other programs: every value, and the mean and the middle 95 in 100 of the draws."""
        low, high = np.quantile(self.drawn, [0.025, 0.975]) if self.drawn else (None, None)
        mean = float(np.mean(self.drawn)) if self.drawn else None
        return {"of": self.of, "by": dict(self.by), "mean": mean, "low": low, "high": high}

    def in_words(self) -> list[str]:
        """In words."""
        told = self.as_dict()
        levels = ", ".join(f"{name} {self.by[name]:,.0f}" for name in (*LEVELS, EXACT))
        if not self.drawn:
            return [f"{self.of}: {levels}."]
        drawn = f"{told['low']:,.0f} to {told['high']:,.0f}, {told['mean']:,.0f} on average"
        return [f"{self.of}: {levels}; in {counted(len(self.drawn), 'draw')} {drawn}."]


def repeated(folder: Path, estimates: Mapping[str, Estimate], draws: int) -> list[Spread]:
    """Each estimate at every threshold, by exact keys alone, and in as many draws; the folder stays as it is."""
    people, tied, joins = (_of_persons(folder, name) for name in ("people", "tied", "joins"))
    choices = [*LEVELS, EXACT, *(f"draw {number}" for number in range(1, draws + 1))]
    found: dict[str, dict[str, float]] = {name: {} for name in estimates}
    for choice in choices:
        chosen = people_by(people, tied, joins, choice).select([*KEY, "person_id"])
        for name, estimate in estimates.items():
            found[name][choice] = estimate(chosen)
    return [Spread(name, by) for name, by in found.items()]


def spread(folder: Path, draws: int) -> Told:
    """How many different children were victims, and how many different suspects there were, in the period."""
    open_inspection(folder)
    victims, suspects = read_stage(folder, "records", "victim"), read_stage(folder, "records", "suspect")
    children = victims.filter(pc.and_(victims["in_period"], pc.fill_null(victims["child_at_offence"], False)))
    estimates = {
        "children who were victims": _different(children),
        "suspects": _different(suspects.filter(suspects["in_period"])),
    }
    found = repeated(folder, estimates, draws)
    words = [line for one in found for line in one.in_words()]
    return Told(tuple(words), {"spread": [one.as_dict() for one in found]})


def _different(rows: pa.Table) -> Estimate:
    """How many different persons stand in these rows."""

    def estimate(people: pa.Table) -> float:
        return float(pc.count_distinct(rows.select(KEY).join(people, KEY)["person_id"], mode="only_valid").as_py())

    return estimate


def pairs_to_review(
    folder: Path, number: int, seed: str, out: Path, *, sample: str = "", knots: Collection[str] = ()
) -> Told:
    """Write a file of pairs to look at, drawn by chance in every band of probability; UsageError if it is there.

    `sample`: only pairs that touch the knots of its files; the file says so, since no share of all follows from them.
    """
    open_inspection(folder)
    if out.exists():
        raise UsageError(f"{out} is there already. Name a new file.")
    pairs = _of_persons(folder, "pairs")
    if sample:
        asked = pa.array(sorted(knots), pa.string())
        pairs = pairs.filter(pc.or_(*(pc.is_in(pairs[name], value_set=asked) for name in ("knot", "other_knot"))))
    rows = to_review(pairs, _thresholds(folder), number, seed)
    if sample:
        rows = rows.append_column(CHOSEN_FOR, pa.array([sample] * rows.num_rows, pa.string()))
    out.parent.mkdir(parents=True, exist_ok=True)
    pa_csv.write_csv(guarded_table(rows), out)
    said = f"{counted(rows.num_rows, 'pair')} to look at in {out}, by reference: look each record up where it is held."
    return Told((said, "Enter same, different or cannot tell as the verdict; then: assay link reviewed"),
                {"pairs": rows.num_rows, "file": str(out)})  # fmt: skip


@one_at_a_time
def reviewed(folder: Path, verdicts: Path) -> Told:
    """Keep verdicts on pairs; precision and recall, as those on pairs that were drawn by chance say."""
    open_inspection(folder)
    read, pairs = read_reviewed_pairs(verdicts), _of_persons(folder, "pairs")
    told = read.verdicts
    unknown = keep_verdicts(folder, verdicts, told, pairs)
    lines = [f"{counted(len(told), 'pair has', 'pairs have')} a verdict, and keep it."]
    if unknown:
        lines.append(f"{counted(unknown, 'verdict is', 'verdicts are')} of no pair that is likely now, and not kept.")
    if read.chosen:
        lines.append("They were chosen for a sample and not drawn by chance: nothing of precision follows from them.")
        return Told(tuple(lines), {"verdicts": len(told), "not_kept": unknown, "at": []})
    found = judged(bands(pairs, _thresholds(folder), told))
    for one in found:
        lines.append(f"At {one.threshold:g}: {_said('precision', one.precision)}, {_said('recall', one.recall)}.")
    lines.append("Recall is among pairs that were likely at all and that no exact key ties: it is an upper bound.")
    return Told(tuple(lines), {"verdicts": len(told), "not_kept": unknown, "at": [_as_dict(one) for one in found]})


def _said(name: str, value: tuple[float, float, float] | None) -> str:
    if value is None:
        return f"{name} not known, since a band has no verdict"
    return f"{name} {100 * value[0]:.1f} in 100 ({100 * value[1]:.1f} to {100 * value[2]:.1f})"


def _as_dict(one: Judged) -> dict[str, Any]:
    return {"threshold": one.threshold, "precision": one.precision, "recall": one.recall}


def _thresholds(folder: Path) -> Mapping[str, float]:
    return read_form((folder / "persons" / "linkage.toml").read_text(encoding="utf-8")).thresholds


def _of_persons(folder: Path, name: str) -> pa.Table:
    if not (folder / "persons" / f"{name}.parquet").is_file():
        raise UsageError(f"{folder} holds no linkage of persons. Run it first: assay run {folder}")
    return read_stage(folder, "persons", name)
