"""Read the verdicts of the clerical review of record pairs: same person, different persons, or cannot tell.

The CSV file is written by `assay linkage sample-pairs`, and a reviewer inside the inspection with access to identities
fills in the verdicts. It holds references and verdicts, and no name. Pairs that were selected because they concern
sampled case files are marked as such, because they are not a random sample.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.errors import SourceError

SAME_PERSON, DIFFERENT_PERSONS, CANNOT_TELL = "same", "different", "cannot tell"
VERDICTS = (SAME_PERSON, DIFFERENT_PERSONS, CANNOT_TELL)
COLUMNS = ("pair_ref", "verdict")
SAMPLE_COLUMN = "chosen_for"
"""The column that says for which sample a pair was chosen."""


@dataclass(frozen=True)
class ReviewedPairs:
    """Verdicts by pair_ref; `is_purposive` if the pairs were selected for a sample of files, not at random."""

    verdicts: Mapping[str, str]
    is_purposive: bool


def read_reviewed_pairs(path: Path) -> ReviewedPairs:
    """Return the verdicts in a file; raise SourceError with every row that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
            rows = [] if missing else [(row["pair_ref"], row["verdict"]) for row in lines]
            is_purposive = SAMPLE_COLUMN in (lines.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SourceError(f"{path} cannot be read as a CSV file. Save it again as CSV in UTF-8.") from None
    if missing:
        raise SourceError(
            f"{path.name} has no column {' and no column '.join(missing)}. Keep every column of the file."
        )
    found: dict[str, str] = {}
    errors = []
    for line, (ref, verdict_text) in enumerate(rows, start=2):
        verdict = (verdict_text or "").strip().casefold()
        if verdict and verdict not in VERDICTS:
            errors.append(f"row {line}: the verdict must be one of {', '.join(VERDICTS)}, or empty")
        elif ref in found:
            errors.append(f"row {line}: this pair_ref occurs in another row too")
        elif verdict:
            found[ref] = verdict
    if errors:
        raise SourceError(f"{path.name}: {'; '.join(errors)}.")
    return ReviewedPairs(found, is_purposive)
