"""Text triage: quick scores decide which of millions of texts are read closely.

Every text gets a quick score and the prefilter for listed terms. Read closely, sentence by sentence, are: for blame,
the texts that may contain a term and those with the highest scores; for exploitation, those with the highest scores.
The thresholds are set from a sample before the first text is read, and are the same for every force. A text below them
is not a "no": it has no result, and an audit sample covers it.

Texts are processed in batches, in order, so that memory does not grow with their number.

    funnel = Funnel(reader, models, thresholds_for_share(models, sample, share=0.05))
    funnel.look(texts)                                  a table, one row per text
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl
import pyarrow as pa

from assay.errors import UsageError
from assay.text.attitude_reader import MAX_CHARACTERS, UNFLAGGED, Answer, Reader, Scores, refusal_reason
from assay.text.context.text_voices import Entry
from assay.text.text_cleaning import clean_text

TRIAGE_SCHEMA = pa.schema([
    pa.field("quick_blaming", pa.float32()),
    pa.field("quick_unflagged", pa.float32()),
    pa.field("may_hold_term", pa.bool_()),
    pa.field("blaming_read", pa.bool_(), nullable=False),
    pa.field("blaming", pa.bool_()),
    pa.field("blaming_score", pa.float32()),
    pa.field("category", pa.string()),
    pa.field("voice", pa.string()),
    pa.field("unflagged_read", pa.bool_(), nullable=False),
    pa.field("unflagged", pa.bool_()),
    pa.field("unflagged_score", pa.float32()),
    pa.field("said", pa.string(), nullable=False),
])  # fmt: skip
"""One row for each text. `blaming_read`, `unflagged_read`: whether it was read closely for each question; results are
null if not. `said`: the reason why it could not be read, '' if it was."""
Texts = Sequence[str | None]


class QuickScores(Scores, Protocol):
    """Interface of a classifier that also scores texts quickly, by their words alone."""

    def quick(self, texts: Sequence[str]) -> tuple[Any, Any]:
        """Return quick scores (0 to 1) of blame and of exploitation."""

    @property
    def quick_lines(self) -> tuple[float, float]:
        """Quick scores below which no text needs to be read closely."""


@dataclass(frozen=True)
class Thresholds:
    """Quick scores from which a text is read closely, for blame and for exploitation."""

    blaming: float
    unflagged: float


def thresholds_for_share(models: QuickScores, sample: Sequence[str], share: float) -> Thresholds:
    """Return the thresholds that this share of a sample of texts exceeds, at least the lower limits of the models.

    UsageError if the sample is empty or the share is not above 0 and up to 1.
    """
    if not sample or not 0 < share <= 1:
        raise UsageError("Cuts are chosen by at least one text, and by a share above 0 and not over 1.")
    found = (float(np.quantile(scores, 1 - share, method="higher")) for scores in models.quick(sample))
    return Thresholds(*(max(cut, line) for cut, line in zip(found, models.quick_lines, strict=True)))


class Funnel:
    """Triage of batches of texts; `models` must be the models of the reader."""

    def __init__(self, reader: Reader, models: QuickScores, cuts: Thresholds) -> None:
        self._reader, self._models, self._cuts = reader, models, cuts

    def look(self, texts: Texts, entries: Sequence[Entry] | None = None) -> pa.Table:
        """Return the triage result of each text, in order, with the schema `TRIAGE_SCHEMA`.

        `entries` has the fields of the return for each text.
        """
        cut = [text[:MAX_CHARACTERS] if isinstance(text, str) else "" for text in texts]
        folded = [clean_text(text) for text in cut]
        refusals = [refusal_reason(text, item) for text, item in zip(texts, folded, strict=True)]
        readable = np.array([not item for item in refusals], bool)
        rows = np.flatnonzero(readable)
        blaming, unflagged = self._models.quick([cut[row] for row in rows])
        term = self._reader.may_hold(pl.Series([folded[row] for row in rows], dtype=pl.String)).to_numpy()
        close = rows[term | (blaming >= self._cuts.blaming)]
        answers = self._reader.read(
            [cut[row] for row in close], entries and [entries[row] for row in close], signs=False
        )
        signs = rows[unflagged >= self._cuts.unflagged]
        scores = self._models.unflagged([cut[row] for row in signs])
        size = len(cut)
        columns: dict[str, Any] = {
            "quick_blaming": _scatter(rows, blaming, size, pa.float32()),
            "quick_unflagged": _scatter(rows, unflagged, size, pa.float32()),
            "may_hold_term": _scatter(rows, term, size, pa.bool_()),
            **_answers(close, answers, size),
            "unflagged_read": pa.array(_row_flags(signs, size)),
            "unflagged": _scatter(signs, scores >= UNFLAGGED, size, pa.bool_()),
            "unflagged_score": _scatter(signs, np.round(scores, 4), size, pa.float32()),
            "said": pa.array(_merge_refusals(refusals, close, answers), pa.string()),
        }
        return pa.table([columns[name] for name in TRIAGE_SCHEMA.names], schema=TRIAGE_SCHEMA)


def _answers(close: Any, answer_list: Sequence[Answer], size: int) -> dict[str, Any]:
    kinds = {"blaming": pa.bool_(), "blaming_score": pa.float32(), "category": pa.string(), "voice": pa.string()}
    answers = {
        name: _scatter(close, [getattr(answer, name) for answer in answer_list], size, kind)
        for name, kind in kinds.items()
    }
    return {"blaming_read": pa.array(_row_flags(close, size))} | answers


def _scatter(rows: Any, values: Any, size: int, kind: pa.DataType) -> pa.Array:
    """Return a column with these values in these rows and null in all others."""
    places = np.full(size, -1)
    places[rows] = np.arange(len(rows))
    return pa.array(values, kind).take(pa.array(places, mask=places < 0))


def _row_flags(rows: Any, size: int) -> Any:
    marked = np.zeros(size, bool)
    marked[rows] = True
    return marked


def _merge_refusals(refusals: Sequence[str], close: Any, answers: Sequence[Answer]) -> list[str]:
    """Return the reasons of unreadable texts, with the notes of close reading."""
    found = list(refusals)
    for row, answer in zip(close, answers, strict=True):
        found[row] = answer.note
    return found
