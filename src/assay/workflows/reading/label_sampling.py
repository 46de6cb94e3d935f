"""Draw texts to label, write rating sheets, and receive the labels.

A folder holds the labels of one question. Each round draws texts from a pool (JSON lines with `id`, `text` and
`force_code`, without names: `assay text read --note`): some at random with a known inclusion probability, some where
the model is least sure, some unlike one another. Every fifth text is on two raters' sheets, who do not see each other's
answer. A sheet comes back with `yes`, `no` or `unsure`; a text without an answer is not labelled yet.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from assay.contract.separated_columns import TEXTS
from assay.engine.safe_files.spreadsheet_cells import unguard_cell, write_csv
from assay.errors import DisclosureError, SourceError, UsageError
from assay.facts.redacted_texts import REFERENCE_COLUMNS, RedactedTexts
from assay.ingest.accepted_returns import current_returns, part_stage
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.progress import Progress, no_progress
from assay.text.classifier import Model
from assay.text.classifier.active_learning import Pick, Pool, next_round
from assay.text.classifier.classifier_features import quick_rows
from assay.workflows.reading.starting_models import (
    BLAMING,
    UNFLAGGED,
    load_starting_model,
    load_trained_model,
    stop_using,
)

QUESTIONS = {
    "blaming": ("Does the writer, in their own voice, hold the child responsible?", BLAMING),
    "unflagged": ("Do the facts point to the exploitation of a child?", UNFLAGGED),
}
LABELS, ROUNDS, UNDONE = "labels.csv", "rounds.csv", "undone.csv"
LABEL_COLUMNS = ("round", "id", "marker_code", "says")
ROUND_COLUMNS = ("round", "id", "force_code", "why", "chance", "people")
SHEET_COLUMNS = ("id", "text", "says")
SHEET_NAMES = ("A", "B")
LABEL_VALUES = {"yes": True, "no": False, "": None}
"""What a label says; "" where its reader looked and could not say."""
UNSURE = "unsure"
"""The answer of a rater who could not say. An empty cell means not labelled yet."""
BANDS = (0.1, 0.5)


@dataclass(frozen=True)
class Text:
    """One text that may be labelled."""

    id: str
    text: str
    force_code: str


@dataclass(frozen=True)
class Round:
    """The texts and rating sheets of one round of labelling."""

    number: int
    sheets: tuple[Path, ...]
    reasons: Mapping[str, int]
    double_labelled: int

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        sheets = [str(path) for path in self.sheets]
        return {"round": self.number, "sheets": sheets, "why": dict(self.reasons), "twice": self.double_labelled}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        reasons = ", ".join(f"{number} {why}" for why, number in self.reasons.items())
        return [
            (
                f"Round {self.number}: {sum(self.reasons.values())} texts ({reasons}); {self.double_labelled} of them "
                "on both sheets."
            ),
            f"Write yes or no under `says`, {UNSURE} if it is not clear, and do not discuss the texts that are "
            "on both sheets:",
            *(f"  {path}" for path in self.sheets),
            "Then: assay text receive-labels FOLDER SHEET --marker CODE",
        ]


def read_pool(path: Path) -> list[Text]:
    """Read the texts that may be labelled (the pool).

    Raises
    ------
    UsageError
        If the file cannot be read.
    SourceError
        For a line that is not a text, by its number.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read. Write one JSON object a line, in UTF-8.") from None
    pool: dict[str, Text] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text_row = _parse_text(line)
        if text_row is None or text_row.id in pool:
            raise SourceError(f"{path.name}, line {number}: it needs an `id` of its own, a `text` and a `force_code`.")
        pool[text_row.id] = text_row
    return list(pool.values())


def _parse_text(line: str) -> Text | None:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    names = ("id", "text", "force_code")
    if not isinstance(content, dict) or not all(isinstance(content.get(name), str) and content[name] for name in names):
        return None
    return Text(*(content[name] for name in names))


def draw_round(folder: Path, question: str, pool: Sequence[Text], size: int, seed: int) -> Round:
    """Draw the texts of the next round and write its sheets; UsageError if labels of a round are still to come."""
    if question not in QUESTIONS:
        raise UsageError(f"The question is one of: {', '.join(QUESTIONS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    rounds, labels = read_rows(folder / ROUNDS, ROUND_COLUMNS), read_rows(folder / LABELS, LABEL_COLUMNS)
    number = 1 + max((int(row["round"]) for row in rounds), default=0)
    if rounds and not any(int(row["round"]) == number - 1 for row in labels):
        raise UsageError(f"Round {number - 1} has no labels yet. Receive its sheets first: assay text receive-labels")
    picks = next_round(_sampling_pool(folder, question, pool, {row["id"] for row in rounds}, seed), size)
    if not picks:
        raise UsageError("Every text of the pool was given out already. Add texts to the pool.")
    _append(
        folder / ROUNDS,
        ROUND_COLUMNS,
        (
            (
                number,
                pool[pick.row].id,
                pool[pick.row].force_code,
                pick.why,
                "" if pick.inclusion_probability is None else round(pick.inclusion_probability, 6),
                pick.people,
            )
            for pick in picks
        ),
    )
    why: dict[str, int] = {}
    for pick in picks:
        why[pick.why] = why.get(pick.why, 0) + 1
    sheets = tuple(_write_sheet(folder, number, marker, picks, pool) for marker in SHEET_NAMES)
    return Round(number, sheets, why, sum(pick.people == 2 for pick in picks))


def load_current_model(folder: Path, question: str) -> Model:
    """Return the trained model if it is used, else the starting model."""
    return load_trained_model(folder, question) or load_starting_model(*QUESTIONS[question][1])


def _sampling_pool(folder: Path, question: str, pool: Sequence[Text], drawn_ids: set[str], seed: int) -> Pool:
    texts = [text_row.text for text_row in pool]
    scores = load_current_model(folder, question).scores(texts)
    bands = np.digitize(scores, BANDS)
    random_positions = [int(hashlib.sha256(f"{seed} {text_row.id}".encode()).hexdigest()[:12], 16) for text_row in pool]
    return Pool(
        scores=scores,
        strata=[f"{text_row.force_code} {band}" for text_row, band in zip(pool, bands, strict=True)],
        places=np.array(random_positions, float),
        rows=quick_rows(texts),
        labelled=np.array([text_row.id in drawn_ids for text_row in pool], bool),
    )


def _write_sheet(folder: Path, number: int, marker: str, picks: Sequence[Pick], pool: Sequence[Text]) -> Path:
    """Write the sheet of one rater: all texts for two raters, and every second of the others, in random order."""
    sheet_picks = [pick for pick in picks if pick.people == 2]
    sheet_picks += [pick for pick in picks if pick.people == 1][SHEET_NAMES.index(marker) :: len(SHEET_NAMES)]
    path = folder / f"round-{number:03d}-{marker}.csv"
    rows = sorted((pool[pick.row].id, pool[pick.row].text) for pick in sheet_picks)
    write_csv(path, SHEET_COLUMNS, ((key, text, "") for key, text in rows))
    return path


def take_labels(folder: Path, sheet: Path, marker_code: str) -> int:
    """Receive the labels of a sheet, and return how many are new.

    Raises
    ------
    SourceError
        For an id that was not given out, or an invalid answer.
    UsageError
        If nothing on the sheet is new, this rater answered differently before, or others have labelled its texts. Then
    nothing is accepted."""
    label_rows = new_labels(folder, sheet, marker_code)
    add_labels(folder, label_rows)
    return len(label_rows)


def new_labels(folder: Path, sheet: Path, marker_code: str, *, signed_in: bool = False) -> list[Sequence[str]]:
    """Return the rows that a sheet would add to `labels.csv`, without writing; raises the errors of `take_labels`.

    `signed_in`: the marker gave each label under their own account, so the sheet cannot be another person's. A text may
    then have more labels than it needs, because two people opened it at the same time.
    """
    rounds = {row["id"]: row for row in read_rows(folder / ROUNDS, ROUND_COLUMNS)}
    labels = read_rows(folder / LABELS, LABEL_COLUMNS)
    own_labels = {row["id"]: row["says"] for row in labels if row["marker_code"] == marker_code}
    other_label_counts = Counter(row["id"] for row in labels if row["marker_code"] != marker_code)
    answers = list(_read_answers(sheet, rounds))
    if not answers:
        raise UsageError(f"{sheet.name}: no text on it is labelled, so nothing was accepted.")
    added_labels: dict[str, str] = {}
    for line, key, label in answers:
        fully_labelled = not signed_in and other_label_counts[key] >= int(rounds[key]["people"] or 1)
        if error := _label_error(label, {added_labels.get(key, label), own_labels.get(key, label)}, fully_labelled):
            raise UsageError(f"{sheet.name}, line {line}: {error}")
        added_labels |= {key: label} if key not in own_labels else {}
    if not added_labels:
        raise UsageError(f"{sheet.name}: this rater has labelled all of it already, so nothing was accepted.")
    return [(rounds[key]["round"], key, marker_code, label) for key, label in added_labels.items()]


def add_labels(folder: Path, rows: Iterable[Sequence[str]]) -> None:
    """Append rows of `new_labels` to `labels.csv`."""
    _append(folder / LABELS, LABEL_COLUMNS, rows)


def _label_error(label: str, previous_labels: Collection[str], fully_labelled: bool) -> str:
    """Return why a label cannot be accepted; '' if it can.

    `previous_labels`: the rater's earlier labels of the text; `fully_labelled`: all its assigned raters have labelled
    it.
    """
    if set(previous_labels) != {label}:
        return (
            "this rater gave it another label before, so nothing was accepted. To take labels back: assay "
            "text undo-labels"
        )
    if fully_labelled:
        return (
            "other raters have labelled it and it was assigned to nobody else, so nothing was accepted. Check "
            "the sheet and the rater's code."
        )
    return ""


def _read_answers(sheet: Path, drawn_ids: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Return each answered text of a sheet: its line, its id, and the answer as a label."""
    for line, row in enumerate(read_rows(sheet, ("id", "says")), start=2):
        label, key = row["says"].strip().lower(), unguard_cell(row["id"])
        if key not in drawn_ids or (label != UNSURE and label not in LABEL_VALUES):
            raise SourceError(
                f"{sheet.name}, line {line}: the id is not in the round, or `says` is not yes, no, {UNSURE} or empty."
            )
        if label:
            yield line, key, "" if label == UNSURE else label


def undo_labels(folder: Path, marker_code: str) -> int:
    """Remove the labels of a rater in their last round, and return how many.

    They go from `labels.csv` to `undone.csv`, and no model that they taught is used any more. UsageError where this
    marker has none.
    """
    labels = read_rows(folder / LABELS, LABEL_COLUMNS)
    own_labels = [row for row in labels if row["marker_code"] == marker_code]
    if not own_labels:
        raise UsageError(f"{folder} holds no label of this rater, so there is nothing to take back.")
    last = max(int(row["round"]) for row in own_labels)
    removed_labels = [row for row in own_labels if int(row["round"]) == last]
    _append(folder / UNDONE, LABEL_COLUMNS, ([row[name] for name in LABEL_COLUMNS] for row in removed_labels))
    temporary_path = folder / f".{LABELS}"
    temporary_path.unlink(missing_ok=True)
    _append(
        temporary_path,
        LABEL_COLUMNS,
        ([row[name] for name in LABEL_COLUMNS] for row in labels if row not in removed_labels),
    )
    temporary_path.replace(folder / LABELS)
    for question in QUESTIONS:
        stop_using(folder, question)
    return len(removed_labels)


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV file, none if it does not exist; SourceError for a missing column."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and (missing := [name for name in columns if name not in rows[0]]):
        raise SourceError(f"{path.name}: the column {missing[0]} is missing. Restore it.")
    return [{name: row[name] or "" for name in columns} for row in rows]


def _append(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    begun = path.is_file()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not begun:
            writer.writerow(columns)
        writer.writerows(rows)


def agreed_labels(labels: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, bool]]:
    """Return each labelled text on which the raters agree, with its label."""
    label_sets: dict[str, set[bool]] = {}
    for row in labels:
        if (label := LABEL_VALUES[row["says"]]) is not None:
            label_sets.setdefault(row["id"], set()).add(label)
    yield from ((key, labels_of_text.pop()) for key, labels_of_text in label_sets.items() if len(labels_of_text) == 1)


# Draw the texts of an inspection that people may label, without names.
#
# Each question has its table: notes for what writers say, summaries for what happened. The texts are a random sample
# with a recorded seed, from the current returns. A text in which a name would remain after redaction is left out.

TABLE_OF_QUESTION: Mapping[str, str] = MappingProxyType({"blaming": "notes", "unflagged": "summaries"})
MAX_TEXTS = 5_000
PURPOSE = "labelling"


def draw_pool(
    folder: Path, question: str, *, seed: int, today: date, size: int = MAX_TEXTS, progress: Progress = no_progress
) -> list[Text]:
    """Return a random sample of texts, in the order of their references."""
    if question not in QUESTIONS:
        raise UsageError(f"The question is one of: {', '.join(QUESTIONS)}.")
    inspection, table = open_inspection(folder), TABLE_OF_QUESTION[question]
    accepted = {item.force_code: item for item in current_returns(inspection)}
    paths = [folder / part_stage(TEXTS, item.stage) / f"{table}.parquet" for item in accepted.values()]
    ReadPermission(inspection, today).require(table, "texts", paths, PURPOSE)
    references = [
        (force_code, str(reference))
        for (force_code, _), path in zip(accepted.items(), paths, strict=True)
        if path.is_file()
        for reference in pq.read_table(path, columns=[REFERENCE_COLUMNS[table]])[REFERENCE_COLUMNS[table]].to_pylist()
    ]
    texts = {
        force_code: RedactedTexts(inspection, item, today, table=table, reason=PURPOSE)
        for force_code, item in accepted.items()
    }
    texts_found = []
    for position, (force_code, reference) in enumerate(_random_sample(references, seed, size)):
        progress("Removing names from texts", position, min(size, len(references)))
        row = texts[force_code].row(table, reference)
        try:
            text = texts[force_code].redacted_text(table, row) if row else None
        except DisclosureError:
            continue
        if text and text.strip():
            texts_found.append(Text(f"{force_code} {reference}", text.strip(), force_code))
    if not texts_found:
        raise UsageError(f"The inspection holds no {table} that can be shown without names.")
    return sorted(texts_found, key=lambda item: item.id)


def _random_sample(references: Iterable[tuple[str, str]], seed: int, size: int) -> list[tuple[str, str]]:
    return sorted(
        references, key=lambda reference: hashlib.sha256(f"{seed} {reference[0]} {reference[1]}".encode()).hexdigest()
    )[:size]


def write_pool(path: Path, texts: Iterable[Text]) -> None:
    """Write the texts that may be labelled (the pool) to a file that `read_pool` reads."""
    lines = [
        json.dumps({"id": text_row.id, "text": text_row.text, "force_code": text_row.force_code}) for text_row in texts
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
