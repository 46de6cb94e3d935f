"""Read JSON, or JSON lines, as a grid of text: one row for each object.

A system that answers queries as JSON nests what belongs together. A nested object becomes columns whose headings begin
with its name (`offence code`). A list of objects becomes numbered columns (`victims 1 sex`, `victims 2 sex`) and
a column with their number, and a list of values becomes one cell with semicolons between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.ingest.file_readers.cell_grid import CellGrid, stripped_text
from assay.ingest.file_readers.file_source import TableRefused
from assay.ingest.file_readers.parquet_files import FIRST_LINE

MAX_BYTES, MAX_COLUMNS = 400_000_000, 2_000
"""Size of a file and number of columns above which JSON is not read, to limit memory."""
_DAMAGED = "is damaged or cut short"


def read_json(path: Path) -> CellGrid:
    """Read a file of JSON objects; refuse damaged or too large files, and JSON that is no list of objects (R04)."""
    if path.stat().st_size > MAX_BYTES:
        raise _refusal(path, "is larger than 400 million bytes")
    try:
        objects = _objects(path.read_text(encoding="utf-8-sig"))
        rows = [dict(_cells(entry, "")) for entry in objects]
    except (ValueError, RecursionError):  # their text may quote a cell
        raise _refusal(path, _DAMAGED) from None
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    if not headings:
        raise _refusal(path, "holds no list of objects")
    if len(headings) > MAX_COLUMNS:
        raise _refusal(path, f"has {len(headings)} columns")
    cells = {
        f"c{position}": stripped_text(pa.array([row.get(heading) for row in rows], pa.string()))
        for position, heading in enumerate(headings)
    }
    lines = pa.array(range(FIRST_LINE, FIRST_LINE + len(rows)), pa.int64())
    return CellGrid("", pa.table(cells), lines, headings=tuple(headings))


def _refusal(path: Path, reason: str) -> TableRefused:
    return TableRefused("R04", f"{path.name}: the JSON file {reason}. Export the records as CSV, one row a record.")


def _objects(text: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list, of lines, or of the one list in an object around it."""
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError:
        content = [json.loads(line, object_pairs_hook=_without_repeats) for line in text.split("\n") if line.strip()]
    if isinstance(content, dict):
        lists = [value for value in content.values() if _is_list_of_objects(value)]
        content = lists[0] if len(lists) == 1 else [content]
    return content if _is_list_of_objects(content) else []


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a name that stands in it twice would lose a value, so that the file is refused."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return entries


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _cells(value: Any, heading: str) -> Iterator[tuple[str, str | None]]:
    """Yield heading and text of each cell that a value becomes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _cells(inner, f"{heading} {name}".strip())
    elif _is_list_of_objects(value):
        yield f"number of {heading}", str(len(value))  # an object of which nothing is known still counts
        for number, entry in enumerate(value, 1):
            yield from _cells(entry, f"{heading} {number}")
    elif isinstance(value, list):
        yield heading, "; ".join(text for entry in value if (text := _text(entry))) or None
    else:
        yield heading, _text(value)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
