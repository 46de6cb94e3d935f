"""How well did one inspection find what is wrong with its forces, given the truth about them?

    score(inspection, truth)      reads files only: `standing` and `taken_together` of `comparison`, what people
                                  confirmed in texts, what was said of claims and practice, and the folder of the truth

One row a failing: planted where, found or not, and which calls are false. A failing that no measure shows yet counts as
not found. Beside it bias and coverage of every share that has a true share to be judged by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.errors import UsageError
from assay.synthetic.simulation.alert_comparison import Call, Row, counted, our_calls
from assay.synthetic.simulation.detection_scores import Found, false_calls, judge
from assay.synthetic.simulation.estimate_errors import Cover, coverage, estimates
from assay.synthetic.simulation.lesson_scores import in_lessons
from assay.synthetic.simulation.network_recovery import Grouped, grouped, read_networks
from assay.synthetic.simulation.text_scores import NOBODY, InTexts, in_texts
from assay.synthetic.simulation.trend_statements import Statement, calibrated, statements, sure_of_nothing
from assay.synthetic.simulation.truth_folder import Truth, place_of_truth, truth_of
from assay.wording import counted as how_many
from assay.wording import listed


@dataclass(frozen=True)
class Score:
    """How one inspection did: every failing, every false call, and the estimates of forces and of all together."""

    folder: Path
    truth: Truth
    failings: tuple[Found, ...]
    false: tuple[Call, ...]
    of_forces: tuple[Cover, ...]
    of_all: tuple[Cover, ...]
    texts: InTexts
    groups: tuple[Grouped, ...] = ()
    directions: tuple[Statement, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {
            "folder": str(self.folder),
            "seed": self.truth.seed,
            "world": self.truth.world,
            "failings": [_as_dict(one, self.texts) for one in self.failings],
            "false_calls": [one._asdict() for one in self.false],
            "estimates_of_forces": [one._asdict() for one in self.of_forces],
            "estimates_of_all_forces_together": [one._asdict() for one in self.of_all],
            "confirmed_in_texts": self.texts.as_dict(),
            "planted_networks": [one._asdict() for one in self.groups],
            "statements_on_series": [one._asdict() for one in self.directions],
        }

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        planted = [one for one in self.failings if one.planted]
        where = sum(len(one.planted) for one in planted)
        found = sum(len(one.found) for one in planted)
        said = [f"Planted {how_many(where, 'time')}, found {found}; {how_many(len(self.false), 'false call')}.", ""]
        said += [_sentence(one, self.texts) for one in planted]
        nowhere = [one for one in self.failings if not one.planted]
        if nowhere:
            said += ["", "Planted nowhere here:", *(f"  {_nowhere(one, self.texts)}" for one in nowhere)]
        if self.false:
            said += ["", "False calls:", *(f"  {one.place}: {one.measure} {one.direction}" for one in self.false)]
        said += ["", "What people confirmed in texts:", *(f"  {line}" for line in self.texts.in_words())]
        if self.groups:
            said += ["", "Planted networks:", *(f"  {_of_networks(one)}" for one in self.groups)]
        if self.directions:
            said += ["", "Statements on series:", *(f"  {line}" for line in _directions(self.directions))]
        said += ["", "Shares of forces against the truth:", *(f"  {_covered(one)}" for one in self.of_forces)]
        return [*said, "Of all forces together (a full count, so no interval is given):", *map(_biased, self.of_all)]


def score(inspection: Path, truth: Path | None = None) -> Score:
    """The score of the inspection in a folder; UsageError if it was not run, or the truth is not there."""
    known = truth_of(inspection, truth)
    path = inspection / "comparison" / "standing.parquet"
    if not path.is_file():
        raise UsageError(f"{inspection} holds no comparison to score. Run it first: assay run {inspection}")
    standing = pq.read_table(path).to_pylist()
    texts = in_texts(inspection, place_of_truth(inspection, truth), known.seed)
    calls = our_calls(standing, _together(inspection)) | texts.calls | in_lessons(inspection)
    found = estimates(standing, known)
    national = [one for one in found if one.place not in known.rates]
    return Score(
        folder=inspection,
        truth=known,
        failings=judge(calls, known, counted(standing)),
        false=tuple(sorted(false_calls(calls, known))),
        of_forces=tuple(coverage(one for one in found if one.place in known.rates)),
        of_all=tuple(coverage(national)),
        texts=texts,
        groups=_groups(inspection, place_of_truth(inspection, truth)),
        directions=tuple(statements(inspection, place_of_truth(inspection, truth))),
    )


def _together(inspection: Path) -> list[Row]:
    """What was found of failures of the past; nothing in an inspection that was run before they were asked for."""
    path = inspection / "comparison" / "taken_together.parquet"
    return pq.read_table(path).to_pylist() if path.is_file() else []


def _groups(inspection: Path, truth: Path) -> tuple[Grouped, ...]:
    """What was found of planted networks; nothing where none was planted, or no groups were looked for."""
    planted = read_networks(truth)
    paths = {"people": "persons", "found_persons": "groups", "found_crimes": "groups"}
    files = {name: inspection / stage / f"{name}.parquet" for name, stage in paths.items()}
    if planted is None or not all(path.is_file() for path in files.values()):
        return ()
    return grouped(planted, {name: pq.read_table(path) for name, path in files.items()})


def _of_networks(one: Grouped) -> str:
    return (
        f"tied by {one.tied_by}: {one.pairs_found} of {how_many(one.pairs, 'pair')} of suspects in one group, and "
        f"{one.networks_found} of {how_many(one.networks, 'network')} with two suspects and two children; "
        f"{how_many(one.wrong, 'pair')} of two networks in one group."
    )


def _directions(found: Sequence[Statement]) -> Iterator[str]:
    """How many statements were right, by how surely they were made; and how many were sure where nothing changed."""
    for one in calibrated(found):
        yield f"made with {one.low:.0%} to {one.high:.0%}: {one.right} of {one.number} right."
    sure, held = sure_of_nothing(found)
    yield f"where nothing was changed: {sure} of {held} made with 90% or more."


def _unmarked(one: Found, texts: InTexts) -> bool:
    """Whether only texts could show it, and nobody marked any."""
    only = one.failing.in_texts and not (one.failing.shown_by or one.failing.in_lessons)
    return bool(only) and not any(texts.marked[name] for name in one.failing.in_texts)


def _as_dict(one: Found, texts: InTexts) -> dict[str, Any]:
    told = {"failing": one.failing.key, "mode": one.failing.mode, "title": one.failing.title, "not_yet": one.not_yet}
    told |= {"nobody_marked_texts": not one.not_yet and _unmarked(one, texts)}
    told |= {"planted": list(one.planted), "found": list(one.found), "missed": list(one.missed)}
    false = [call._asdict() for call in one.false]
    return {**told, "strength": one.strength, "below_standard": one.below, "false_calls": false}


def _sentence(one: Found, texts: InTexts) -> str:
    name = one.failing.name
    strength = "" if one.strength is None else f" at strength {one.strength:g}"
    head = f"{name}: planted{strength} in {listed(list(one.planted))}"
    if one.not_yet:
        return f"{head}; not found: no measure shows it yet."
    if _unmarked(one, texts):
        return f"{head}; not found: {NOBODY}."
    if one.below is not None:
        way = "found: all forces together lie below the standard" if one.below else "not found against the standard"
        return f"{head}, most of all forces; {way}."
    if not one.missed:
        return f"{head}; found in {'all of them' if len(one.planted) > 1 else 'it'}."
    if not one.found:
        return f"{head}; {'found in none of them' if len(one.planted) > 1 else 'not found there'}."
    return f"{head}; found in {listed(list(one.found))}, not in {listed(list(one.missed))}."


def _nowhere(one: Found, texts: InTexts) -> str:
    if one.not_yet:
        return f"{one.failing.name}: no measure shows it yet."
    if _unmarked(one, texts):
        return f"{one.failing.name}: {NOBODY}."
    return f"{one.failing.name}: {how_many(len(one.false), 'false call') if one.false else 'no call'}."


def _covered(one: Cover) -> str:
    held = f"the interval holds the truth in {one.held} of {one.intervals}" if one.intervals else "no interval is given"
    return f"{one.measure}: {how_many(one.number, 'force')}, {100 * one.bias:+.1f} points on average, {held}."


def _biased(one: Cover) -> str:
    return f"  {one.measure}: {100 * one.bias:+.1f} points."
