"""Draw the texts of an inspection that people may label, without names.

Each question has its table: notes for what writers say, summaries for what happened. The texts are a random sample with
a recorded seed, from the current returns. A text in which a name would remain after redaction is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pyarrow.parquet as pq

from assay.contract.separated_columns import TEXTS
from assay.errors import DisclosureError, UsageError
from assay.facts.redacted_texts import REFERENCE_COLUMNS, RedactedTexts
from assay.ingest.accepted_returns import current_returns, part_stage
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.progress import Progress, no_progress
from assay.workflows.reading.label_sampling import QUESTIONS, Text

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
        progress("Taking names out of texts", position, min(size, len(references)))
        row = texts[force_code].row(table, reference)
        try:
            text = texts[force_code].redacted_text(table, row) if row else None
        except DisclosureError:
            continue
        if text and text.strip():
            texts_found.append(Text(f"{force_code} {reference}", text.strip(), force_code))
    if not texts_found:
        raise UsageError(f"The inspection holds no {table} that may be read without names.")
    return sorted(texts_found, key=lambda item: item.id)


def _random_sample(references: Iterable[tuple[str, str]], seed: int, size: int) -> list[tuple[str, str]]:
    return sorted(
        references, key=lambda reference: hashlib.sha256(f"{seed} {reference[0]} {reference[1]}".encode()).hexdigest()
    )[:size]


def write_pool(path: Path, texts: Iterable[Text]) -> None:
    """Write a pool in the format that `label_sampling.read_pool` reads."""
    lines = [
        json.dumps({"id": text_row.id, "text": text_row.text, "force_code": text_row.force_code}) for text_row in texts
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
