"""All extracts of one force: write them with their truth and the meaning of their headings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import (
    database_dump,
    four_sheets,
    pipes,
    power_bi,
    system_report,
    team_tracker,
    twelve_columns,
    wide_links,
)
from .extract_columns import Extract
from .force_records import ForceRecords, read_records

BUILDERS: dict[str, Callable[[ForceRecords], Extract]] = {
    "wide_links": wide_links.build,
    "four_sheets": four_sheets.build,
    "pipes": pipes.build,
    "twelve_columns": twelve_columns.build,
    "system_report": system_report.build,
    "database_dump": database_dump.build,
    "power_bi": power_bi.build,
    "team_tracker": team_tracker.build,
}
"""By the name of the extract."""


def write_extracts(returns_folder: Path, out: Path) -> None:
    """Write every extract of a force, with `NAME.truth.json`, `NAME.columns.json` and `NAME.md` beside it.

    Parameters
    ----------
    returns_folder
        Folder of the force's return, with `crimes.csv`, `involvements.csv` and `flags.csv`.
    out
        Folder to write to; it is created if it does not exist.
    """
    records = read_records(returns_folder)
    out.mkdir(parents=True, exist_ok=True)
    for build in BUILDERS.values():
        build(records).write(out)
