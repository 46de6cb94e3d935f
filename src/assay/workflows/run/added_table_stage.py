"""Tables for release from published tables that a user added, and from the register of published tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import pyarrow as pa

from assay import reference
from assay.engine.stage_runner import StageRunner
from assay.ingest.added_tables import AddedTable
from assay.sdc import declared_tables

NAMES = ("added_tables", "added_measures", "added_values", "added_markers")


def record_added_files(runner: StageRunner, added: Iterable[AddedTable]) -> dict[str, str]:
    """Record the file of each added table in the ledger; return names and hashes as inputs of a provenance record."""
    return dict(
        runner.record_received_file(f"{table.mapping.key}: {table.file.name}", table.file.sha256) for table in added
    )


def added_table_rows(added: Iterable[AddedTable]) -> dict[str, pa.Table]:
    """Return the tables for release from the tables that a user added; none if there are none."""
    tables = tuple(added)
    if not tables:
        return {}
    rows = {
        "added_tables": [_table_row(table) for table in tables],
        "added_measures": [row for table in tables for row in _measure_rows(table)],
        "added_values": [row for table in tables for row in _value_rows(table)],
        "added_markers": [row for table in tables for row in _marker_rows(table)],
    }
    return {name: pa.Table.from_pylist(rows[name], schema=declared_tables()[name].schema) for name in NAMES}


def _table_row(table: AddedTable) -> dict[str, Any]:
    mapping = table.mapping
    names = (
        "title", "publisher", "address", "edition", "licence", "retrieved_on", "counts", "does_not_count",
    )  # fmt: skip
    return {
        "source": mapping.key,
        **{name: getattr(mapping, name) for name in names},
        "questions": " ".join(mapping.questions),
        "file": table.file.name,
        "sha256": table.file.sha256,
    }


def _measure_rows(table: AddedTable) -> Iterator[dict[str, Any]]:
    for measure in table.mapping.measures.values():
        yield {"source": table.mapping.key, "measure": measure.key, "title": measure.title, "unit": measure.unit}


def _value_rows(table: AddedTable) -> Iterator[dict[str, Any]]:
    grades = {
        (measure.key, number): word
        for measure in table.mapping.measures.values()
        for word, number in measure.scale.items()
    }
    for row in table.converted.rows:
        area = table.converted.areas[row.area_code]
        yield {
            **vars(row),
            "grade": "" if row.value is None else grades.get((row.measure, row.value), ""),
            "area_name": area.name,
            "area_level": area.level,
            "force_code": area.force_code,
        }


def _marker_rows(table: AddedTable) -> Iterator[dict[str, Any]]:
    for marker, meaning in table.mapping.markers.items():
        yield {"source": table.mapping.key, "marker": marker or "(empty)", "meaning": meaning}


def added_source_rows(added: Iterable[AddedTable]) -> pa.Table:
    """Return one row for each file of an added table, for the table of sources."""
    form = declared_tables()["sources"].schema
    return pa.Table.from_pylist([_source_row(table) for table in added], schema=form)


def _source_row(table: AddedTable) -> dict[str, Any]:
    file, mapping = table.file, table.mapping
    periods = sorted({row.period for row in table.converted.rows})
    excluded = "; ".join(f"{rows:,} rows set aside: {reason}" for reason, rows in sorted(file.set_aside.items()))
    return {
        "source": f"{mapping.key}: {file.name}",
        "title": f"Added table: {mapping.title}"[:200],
        "edition": mapping.edition,
        "publisher": mapping.publisher,
        "licence": mapping.licence,
        "period": " to ".join(dict.fromkeys((periods[0], periods[-1]))),
        "rows_taken": file.row_count,
        "rows_passed_on": file.passed_on,
        "rows_set_aside": sum(file.set_aside.values()),
        "sha256": file.sha256,
        "note": ". ".join(text for text in (file.note, file.edition_note, excluded) if text),
    }


def published_tables_table(kinds: Collection[str] = (), added: Iterable[AddedTable] = ()) -> pa.Table:
    """Return the register of tables that others publish, each with whether its figures are in this report.

    Parameters
    ----------
    kinds
        Kinds of the official files that were read.
    added
        The tables that were added; one with the key of a row of the register is that table.
    """
    form = declared_tables()["published_tables"].schema
    added_keys = {table.mapping.key for table in added}
    days = ("newest_to", "next_due", "checked_on")
    rows = [
        {
            **{name: getattr(table, name) for name in form.names if name != "used"},
            **{name: day.isoformat() if (day := getattr(table, name)) else "" for name in days},
            "questions": " ".join(table.questions),
            "used": "yes" if table.key in added_keys else table.used(kinds),
        }
        for table in reference.published_tables()
    ]
    return pa.Table.from_pylist(rows, schema=form)
