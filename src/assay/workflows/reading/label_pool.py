"""Which texts of an inspection may people label, without who their people are?

Of each question the table whose texts it is asked of: notes for what their writers say, summaries for what happened. As
many as are asked for, drawn by chance that is written, from the returns that count; a text of which something would be
left after redaction is not among them.
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
from assay.facts.redacted_texts import REFS, Texts
from assay.ingest.accepted_returns import holding, part_of
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import Permission
from assay.progress import Progress, silent
from assay.workflows.reading.label_sampling import QUESTIONS, Text

OF: Mapping[str, str] = MappingProxyType({"blaming": "notes", "unflagged": "summaries"})
MOST = 5_000
WHY = "labelling"


def pool_of(
    folder: Path, question: str, *, seed: int, today: date, most: int = MOST, progress: Progress = silent
) -> list[Text]:
    """At most so many texts, in the order of their references; UsageError where there is no such question or no text,
    PurposeRefused where texts may not be read."""
    if question not in QUESTIONS:
        raise UsageError(f"The question is one of: {', '.join(QUESTIONS)}.")
    inspection, table = open_inspection(folder), OF[question]
    held = {one.body: one for one in holding(inspection)}
    paths = [folder / part_of(TEXTS, one.stage) / f"{table}.parquet" for one in held.values()]
    Permission(inspection, today).ask(table, "texts", paths, WHY)
    there = [
        (body, str(ref))
        for (body, _), path in zip(held.items(), paths, strict=True)
        if path.is_file()
        for ref in pq.read_table(path, columns=[REFS[table]])[REFS[table]].to_pylist()
    ]
    texts = {body: Texts(inspection, one, today, table=table, why=WHY) for body, one in held.items()}
    found = []
    for place, (body, ref) in enumerate(_drawn(there, seed, most)):
        progress("Taking names out of texts", place, min(most, len(there)))
        row = texts[body].row(table, ref)
        try:
            text = texts[body].without_names(table, row) if row else None
        except DisclosureError:
            continue
        if text and text.strip():
            found.append(Text(f"{body} {ref}", text.strip(), body))
    if not found:
        raise UsageError(f"The inspection holds no {table} that may be read without names.")
    return sorted(found, key=lambda one: one.id)


def _drawn(there: Iterable[tuple[str, str]], seed: int, most: int) -> list[tuple[str, str]]:
    return sorted(there, key=lambda one: hashlib.sha256(f"{seed} {one[0]} {one[1]}".encode()).hexdigest())[:most]


def write_pool(path: Path, texts: Iterable[Text]) -> None:
    """A pool as `read_pool` reads it."""
    lines = [json.dumps({"id": one.id, "text": one.text, "force_code": one.force_code}) for one in texts]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
