"""Which accepted tables of senders other than forces does the inspection hold, and which rows?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.engine.provenance.stage_folders import stages_in
from assay.ingest import other_senders
from assay.ingest.stage_names import OTHERS


def holding(folder: Path) -> dict[str, str]:
    """By sender: the stage of the highest edition that still holds its tables."""
    latest = sorted(all_held(folder), key=lambda one: one[2])
    return {sender: stage for stage, sender, _ in latest}


def held_rows(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The accepted rows of every sender's highest edition, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in other_senders.tables():
        paths = [folder / stage / f"{name}.parquet" for _, stage in sorted(holding(folder).items())]
        found[name] = [row for path in paths if path.is_file() for row in pq.read_table(path).to_pylist()]
    return found


def all_held(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Every stage that still holds tables of a sender: the stage, the sender, the edition."""
    for name in stages_in(folder / OTHERS):
        sender, _, edition = name.partition("/")
        if (folder / OTHERS / name / "voices.parquet").is_file():
            yield f"{OTHERS}/{name}", sender, int(edition.removeprefix("edition_"))
