"""Find the accepted tables of senders other than forces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as pq

from assay.engine.provenance.stage_folders import list_stages
from assay.ingest import other_senders
from assay.ingest.other_senders.sender_rows import SenderTables
from assay.ingest.stage_names import OTHER_SENDERS


def current_stages(folder: Path) -> dict[str, str]:
    """Return, by sender, the stage of the highest edition whose tables were not destroyed."""
    latest = sorted(accepted_stages(folder), key=lambda entry: entry[2])
    return {sender: stage for stage, sender, _ in latest}


def accepted_rows(folder: Path) -> SenderTables:
    """Return the accepted rows of the highest edition of each sender, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in other_senders.tables():
        paths = [folder / stage / f"{name}.parquet" for _, stage in sorted(current_stages(folder).items())]
        found[name] = [row for path in paths if path.is_file() for row in pq.read_table(path).to_pylist()]
    return cast(SenderTables, found)


def accepted_stages(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Yield each stage with tables of a sender that were not destroyed: stage, sender, edition."""
    for name in list_stages(folder / OTHER_SENDERS):
        sender, _, edition = name.partition("/")
        if (folder / OTHER_SENDERS / name / "voices.parquet").is_file():
            yield f"{OTHER_SENDERS}/{name}", sender, int(edition.removeprefix("edition_"))
