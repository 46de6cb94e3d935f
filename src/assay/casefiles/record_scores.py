"""Read a file of scores, one for each record, for a sample that is drawn by score.

A CSV file with the columns force_code, subject_ref and score (0 to 1, or empty), one row per record. A record that the
file lacks has no score, which is a band of its own; a row of an unknown record has no effect.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa

from assay.errors import UsageError

COLUMNS = ("force_code", "subject_ref", "score")
SCHEMA = pa.schema([("force_code", pa.string()), ("subject_ref", pa.string()), ("score", pa.float64())])


def read_scores(path: Path) -> pa.Table:
    """Return the scores of a file; raise UsageError, with the line, for an invalid score."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if lacking:
                raise UsageError(f"{path.name} lacks {', '.join(lacking)}. Its columns are {', '.join(COLUMNS)}.")
            rows = [(reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path} cannot be read as CSV in UTF-8.") from None
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        subject = (row["force_code"], row["subject_ref"])
        if subject in seen:
            raise UsageError(f"{path.name}, line {line}: this record occurs twice. Delete one of the two lines.")
        seen.add(subject)
    scores = [_score(path, line, row["score"]) for line, row in rows]
    references = {name: [row[name] for _, row in rows] for name in COLUMNS[:2]}
    return pa.table({**references, "score": scores}, SCHEMA)


def _score(path: Path, line: int, text: str) -> float | None:
    try:
        score = float(text) if text else None
    except ValueError:
        score = -1.0
    if score is not None and not 0 <= score <= 1:
        raise UsageError(f"{path.name}, line {line}: a score must lie between 0 and 1, or be empty.")
    return score
