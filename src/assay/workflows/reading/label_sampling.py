"""Which texts do people label next, on which sheets, and what did they say? The rounds that teach a model.

A folder holds one question's labels. Each round draws texts from a pool (JSON lines with `id`, `text` and `force_code`,
without names: `assay read --note`), some at random with a known chance, some where the model is least sure, some unlike
one another; every fifth goes on two people's sheets, who do not see one another's answer. A sheet comes back with
`yes`, `no` or `unsure`; a text with nothing beside it is not labelled yet.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assay.engine.safe_files.spreadsheet_cells import bare, write_csv
from assay.errors import SourceError, UsageError
from assay.text.classifier import Model
from assay.text.classifier.active_learning import Pick, Pool, next_round
from assay.text.classifier.classifier_features import quick
from assay.workflows.reading.starting_models import BLAMING, UNFLAGGED, put_aside, starting_model, taught_model

QUESTIONS = {
    "blaming": ("Does the writer, in their own voice, hold the child responsible?", BLAMING),
    "unflagged": ("Do the facts point to the exploitation of a child?", UNFLAGGED),
}
LABELS, ROUNDS, UNDONE = "labels.csv", "rounds.csv", "undone.csv"
OF_LABELS = ("round", "id", "marker_code", "says")
OF_ROUNDS = ("round", "id", "force_code", "why", "chance", "people")
OF_SHEETS = ("id", "text", "says")
MARKERS = ("A", "B")
SAYS = {"yes": True, "no": False, "": None}
"""What a label says; "" where its reader looked and could not say."""
UNSURE = "unsure"
"""What stands on a sheet where its reader could not say. An empty cell says nothing: nobody has looked yet."""
BANDS = (0.1, 0.5)


@dataclass(frozen=True)
class Text:
    """One text of a pool."""

    id: str
    text: str
    force_code: str


@dataclass(frozen=True)
class Round:
    """What was put on sheets."""

    number: int
    sheets: tuple[Path, ...]
    why: Mapping[str, int]
    twice: int

    def as_dict(self) -> dict[str, Any]:
        """For another program."""
        sheets = [str(path) for path in self.sheets]
        return {"round": self.number, "sheets": sheets, "why": dict(self.why), "twice": self.twice}

    def in_words(self) -> list[str]:
        """For a person."""
        ways = ", ".join(f"{number} {why}" for why, number in self.why.items())
        return [
            f"Round {self.number}: {sum(self.why.values())} texts ({ways}); {self.twice} of them on both sheets.",
            f"Write yes or no under `says`, {UNSURE} where it cannot be said, and do not talk about the texts on both:",
            *(f"  {path}" for path in self.sheets),
            "Then: assay label take FOLDER SHEET --marker CODE",
        ]


def read_pool(path: Path) -> list[Text]:
    """The texts that may be labelled; UsageError for a file that cannot be read, SourceError for a line that is no
    text, by its number."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read. Write one JSON object a line, in UTF-8.") from None
    found: dict[str, Text] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        one = _text(line)
        if one is None or one.id in found:
            raise SourceError(f"{path.name}, line {number}: it needs an `id` of its own, a `text` and a `force_code`.")
        found[one.id] = one
    return list(found.values())


def _text(line: str) -> Text | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    names = ("id", "text", "force_code")
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) and told[name] for name in names):
        return None
    return Text(*(told[name] for name in names))


def draw(folder: Path, question: str, pool: Sequence[Text], size: int, seed: int) -> Round:
    """Choose the texts of the next round and write its sheets; UsageError where a round still waits for labels."""
    if question not in QUESTIONS:
        raise UsageError(f"The question is one of: {', '.join(QUESTIONS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    rounds, labels = rows_of(folder / ROUNDS, OF_ROUNDS), rows_of(folder / LABELS, OF_LABELS)
    number = 1 + max((int(row["round"]) for row in rounds), default=0)
    if rounds and not any(int(row["round"]) == number - 1 for row in labels):
        raise UsageError(f"Round {number - 1} has no labels yet. Take its sheets first.")
    picks = next_round(_pool(folder, question, pool, {row["id"] for row in rounds}, seed), size)
    if not picks:
        raise UsageError("Every text of the pool has been given out already.")
    _append(folder / ROUNDS, OF_ROUNDS, ((number, pool[one.row].id, pool[one.row].force_code, one.why,
                                          "" if one.chance is None else round(one.chance, 6), one.people)
                                         for one in picks))  # fmt: skip
    why: dict[str, int] = {}
    for one in picks:
        why[one.why] = why.get(one.why, 0) + 1
    sheets = tuple(_sheet(folder, number, marker, picks, pool) for marker in MARKERS)
    return Round(number, sheets, why, sum(one.people == 2 for one in picks))


def current_model(folder: Path, question: str) -> Model:
    """The model that the labels taught, where it is used; or the starting one."""
    return taught_model(folder, question) or starting_model(*QUESTIONS[question][1])


def _pool(folder: Path, question: str, pool: Sequence[Text], given: set[str], seed: int) -> Pool:
    written = [one.text for one in pool]
    scores = current_model(folder, question).scores(written)
    bands = np.digitize(scores, BANDS)
    places = [int(hashlib.sha256(f"{seed} {one.id}".encode()).hexdigest()[:12], 16) for one in pool]
    return Pool(
        scores=scores,
        strata=[f"{one.force_code} {band}" for one, band in zip(pool, bands, strict=True)],
        places=np.array(places, float),
        rows=quick(written),
        labelled=np.array([one.id in given for one in pool], bool),
    )


def _sheet(folder: Path, number: int, marker: str, picks: Sequence[Pick], pool: Sequence[Text]) -> Path:
    """One marker's sheet: every text that two people label, and each second of the others, in the order of chance."""
    mine = [one for one in picks if one.people == 2]
    mine += [one for one in picks if one.people == 1][MARKERS.index(marker) :: len(MARKERS)]
    path = folder / f"round-{number:03d}-{marker}.csv"
    rows = sorted((pool[one.row].id, pool[one.row].text) for one in mine)
    write_csv(path, OF_SHEETS, ((key, text, "") for key, text in rows))
    return path


def take(folder: Path, sheet: Path, marker_code: str) -> int:
    """Take the labels of a sheet in; how many are new. A text without an answer is not labelled yet, and may follow.

    SourceError for an id that was not given out, or an answer that is none; UsageError where nothing on the sheet is
    new, where this marker has said otherwise before, or where others have labelled its texts already. Then nothing is
    taken in.
    """
    fresh = new_labels(folder, sheet, marker_code)
    add_labels(folder, fresh)
    return len(fresh)


def new_labels(folder: Path, sheet: Path, marker_code: str, *, signed_in: bool = False) -> list[Sequence[str]]:
    """Return the rows that a sheet adds to `labels.csv`, and write nothing; raises as `take` does.

    `signed_in`: the marker gave each label under their own account, so the sheet cannot be another person's. A text may
    then have more labels than it needs, because two people opened it at the same time.
    """
    rounds = {row["id"]: row for row in rows_of(folder / ROUNDS, OF_ROUNDS)}
    labels = rows_of(folder / LABELS, OF_LABELS)
    mine = {row["id"]: row["says"] for row in labels if row["marker_code"] == marker_code}
    others = Counter(row["id"] for row in labels if row["marker_code"] != marker_code)
    answered = list(_answers(sheet, rounds))
    if not answered:
        raise UsageError(f"{sheet.name}: no text on it is labelled. Nothing was taken in.")
    told: dict[str, str] = {}
    for line, key, says in answered:
        full = not signed_in and others[key] >= int(rounds[key]["people"] or 1)
        if wrong := _wrong_label(says, {told.get(key, says), mine.get(key, says)}, full):
            raise UsageError(f"{sheet.name}, line {line}: {wrong}")
        told |= {key: says} if key not in mine else {}
    if not told:
        raise UsageError(f"{sheet.name}: this marker has labelled all of it already. Nothing was taken in.")
    return [(rounds[key]["round"], key, marker_code, says) for key, says in told.items()]


def add_labels(folder: Path, rows: Iterable[Sequence[str]]) -> None:
    """Append rows of `new_labels` to `labels.csv`."""
    _append(folder / LABELS, OF_LABELS, rows)


def _wrong_label(says: str, before: Collection[str], full: bool) -> str:
    """Why a label cannot be taken in; '' where it can. `before`: what this marker said of the text; `full`: whoever was
    given it has labelled it."""
    if set(before) != {says}:
        return (
            "this marker has labelled it already, and otherwise. Nothing was taken in. To take labels back: assay "
            "label undo"
        )
    if full:
        return (
            "others have labelled it, and nobody else was given it. Nothing was taken in. Look whether the sheet or "
            "the marker's code is another's."
        )
    return ""


def _answers(sheet: Path, given: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Each text of a sheet that has an answer: its line, its id, and the answer as a label says it."""
    for line, row in enumerate(rows_of(sheet, ("id", "says")), start=2):
        says, key = row["says"].strip().lower(), bare(row["id"])
        if key not in given or (says != UNSURE and says not in SAYS):
            raise SourceError(
                f"{sheet.name}, line {line}: the id was not given out, or `says` is not yes, no, {UNSURE} or empty."
            )
        if says:
            yield line, key, "" if says == UNSURE else says


def undo(folder: Path, marker_code: str) -> int:
    """Take back what a marker labelled in the last round in which they labelled any; how many labels.

    They go from `labels.csv` to `undone.csv`, and no model that they taught is used any more. UsageError where this
    marker has none.
    """
    labels = rows_of(folder / LABELS, OF_LABELS)
    mine = [row for row in labels if row["marker_code"] == marker_code]
    if not mine:
        raise UsageError(f"{folder} holds no label of this marker, so there is nothing to take back.")
    last = max(int(row["round"]) for row in mine)
    gone = [row for row in mine if int(row["round"]) == last]
    _append(folder / UNDONE, OF_LABELS, ([row[name] for name in OF_LABELS] for row in gone))
    fresh = folder / f".{LABELS}"
    fresh.unlink(missing_ok=True)
    _append(fresh, OF_LABELS, ([row[name] for name in OF_LABELS] for row in labels if row not in gone))
    fresh.replace(folder / LABELS)
    for question in QUESTIONS:
        put_aside(folder, question)
    return len(gone)


def rows_of(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV, none where it is not there; SourceError where a column is missing."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and (missing := [name for name in columns if name not in rows[0]]):
        raise SourceError(f"{path.name}: the column {missing[0]} is not there.")
    return [{name: row[name] or "" for name in columns} for row in rows]


def _append(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    begun = path.is_file()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not begun:
            writer.writerow(columns)
        writer.writerows(rows)


def decided(labels: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, bool]]:
    """Each text that was labelled and on which nobody disagrees, with what they say."""
    by_text: dict[str, set[bool]] = {}
    for row in labels:
        if (says := SAYS[row["says"]]) is not None:
            by_text.setdefault(row["id"], set()).add(says)
    yield from ((key, said.pop()) for key, said in by_text.items() if len(said) == 1)
