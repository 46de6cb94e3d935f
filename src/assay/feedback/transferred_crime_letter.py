"""The letter to each force about crimes that it moved to or from a force that has no record of them.

Rule R52 of the return contract (Q46). A letter names lines of the force's own file only.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from assay.contract.validation_rules import EFFECTS, rules
from assay.engine.safe_files.spreadsheet_cells import as_csv
from assay.feedback.data_quality_letter import CSV_COLUMNS, templates
from assay.ingest.transferred_crimes import COLUMNS


def letters(lost: pa.Table, counted: pa.Table, names: Mapping[str, str]) -> dict[str, str]:
    """Files by name: to each force with such crimes a letter as a page, and its lines as a table.

    `lost` is what `orphans` gives, `counted` holds the files of all accepted returns, `names` what each force is
    called. A letter names lines of the force's own file, and neither the crimes nor the other force.
    """
    files = {one["force_code"]: one["file"] for one in counted.to_pylist() if one["table_name"] == "crimes"}
    lines: dict[str, list[tuple[int, str]]] = {}
    for one in lost.sort_by("line").to_pylist():
        lines.setdefault(one["force_code"], []).append((one["line"], COLUMNS[one["moved"]]))
    written: dict[str, str] = {}
    for force, told in lines.items():
        written[f"letter-{force}.html"] = templates().get_template("orphans.html").render(
            name=names[force], force_code=force, file=files[force], lines=told, rule=rules()["R52"],
            crimes=len({line for line, _ in told}))  # fmt: skip
        written[f"letter-{force}.csv"] = _csv(force, files[force], told)
    return written


def _csv(force: str, file: str, told: list[tuple[int, str]]) -> str:
    """The lines with the columns of every letter (letter.csv)."""
    rule = rules()["R52"]
    return as_csv(
        CSV_COLUMNS,
        [(force, "crimes", file, line, column, rule.key, EFFECTS[rule.effect], rule.mend) for line, column in told],
    )
