"""The letter to each force about transferred crimes that the other force has no record of.

Rule R52 of the return contract (Q46). A letter names lines of the force's own file only.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from assay.contract.validation_rules import EFFECTS, rules
from assay.engine.safe_files.spreadsheet_cells import csv_text
from assay.feedback.force_return_letter import CSV_COLUMNS, letter_templates
from assay.ingest.transferred_crimes import TRANSFER_COLUMNS


def transferred_crime_letters(transfers: pa.Table, record_counts: pa.Table, names: Mapping[str, str]) -> dict[str, str]:
    """Return a letter (page and CSV, by file name) to each force with transferred crimes that the other force lacks.

    A letter names lines of the force's own file, and neither the crimes nor the other force.

    Parameters
    ----------
    transfers
        The result of `unmatched_transfers`.
    record_counts
        The files of all accepted returns.
    names
        Names of the forces, by code.
    """
    files = {row["force_code"]: row["file"] for row in record_counts.to_pylist() if row["table_name"] == "crimes"}
    lines: dict[str, list[tuple[int, str]]] = {}
    for row in transfers.sort_by("line").to_pylist():
        lines.setdefault(row["force_code"], []).append((row["line"], TRANSFER_COLUMNS[row["moved"]]))
    texts_by_file: dict[str, str] = {}
    for force, force_lines in lines.items():
        texts_by_file[f"letter-{force}.html"] = letter_templates().get_template("orphans.html").render(
            name=names[force], force_code=force, file=files[force], lines=force_lines, rule=rules()["R52"],
            crimes=len({line for line, _ in force_lines}))  # fmt: skip
        texts_by_file[f"letter-{force}.csv"] = _letter_csv(force, files[force], force_lines)
    return texts_by_file


def _letter_csv(force: str, file: str, force_lines: list[tuple[int, str]]) -> str:
    """Return the lines with the columns of every letter (letter.csv)."""
    rule = rules()["R52"]
    return csv_text(
        CSV_COLUMNS,
        [
            (force, "crimes", file, line, column, rule.key, EFFECTS[rule.effect], rule.correction)
            for line, column in force_lines
        ],
    )
