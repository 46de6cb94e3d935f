"""Read JSON, or JSON lines, as a grid of text: one row for each object.

A system that answers queries as JSON nests what belongs together. A nested object becomes columns whose headings begin
with its name (`offence code`). A list of objects becomes numbered columns (`victims 1 sex`, `victims 2 sex`) and
a column with their count, and a list of values becomes one cell with semicolons between them.
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

MAX_BYTES, MAX_COLUMNS = 400_000_000, 500
"""Size of a file and number of columns above which JSON is not read, to limit memory and time."""
ENVELOPE_NAMES = {
    "count", "total", "totalcount", "page", "pages", "pagesize", "size", "limit", "offset", "next",
    "previous", "nextlink", "nextpage", "hasmore", "self", "href", "success", "version", "schema", "meta",
    "metadata", "header", "pagination", "paging", "exported", "exportedat", "generated", "generatedat",
    "query", "context",
}  # fmt: skip
"""Names, letters only, of what a system adds to a list of records; they are no fields of a record."""
EMPTY_LIST = "\0[]"
"""Stands for an empty list until it is known whether the list holds objects in other rows."""
_DAMAGED = "is damaged or cut short"


def read_json(path: Path) -> CellGrid:
    """Read a file of JSON objects; refuse damaged or too large files, and JSON that is no list of objects (R04)."""
    if path.stat().st_size > MAX_BYTES:
        raise _refusal(path, "is larger than 400 million bytes")
    headings: dict[str, None] = {}
    rows = []
    try:
        for entry in _objects(path.read_text(encoding="utf-8-sig")):
            rows.append(_row(entry))
            headings |= dict.fromkeys(rows[-1])
            if len(headings) > MAX_COLUMNS:
                raise _refusal(path, f"has more than {MAX_COLUMNS} columns")
        _count_empty_lists(rows, headings)
        cells = {
            f"c{position}": stripped_text(pa.array([row.get(heading) for row in rows], pa.string()))
            for position, heading in enumerate(headings)
        }
    except _UnclearShapeError as error:
        raise _refusal(path, str(error)) from None
    except UnicodeDecodeError:
        raise TableRefused("R04", f"{path.name}: the JSON file is not UTF-8. Save it as UTF-8.") from None
    except (ValueError, RecursionError):  # the text of the exception may disclose a cell
        raise _refusal(path, _DAMAGED) from None
    if not headings:
        raise _refusal(path, "holds no list of objects")
    lines = pa.array(range(FIRST_LINE, FIRST_LINE + len(rows)), pa.int64())
    return CellGrid("", pa.table(cells), lines, headings=tuple(headings))


def _refusal(path: Path, reason: str) -> TableRefused:
    return TableRefused("R04", f"{path.name}: the JSON file {reason}. Export the records as CSV, one row a record.")


class _UnclearShapeError(Exception):
    """The JSON is read without error, but which of its parts are records is not clear."""


def _objects(text: str) -> list[Mapping[str, Any]]:
    """Return the records: a JSON array, JSON lines, or the single array inside an envelope."""
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError:
        content = [json.loads(line, object_pairs_hook=_without_repeats) for line in text.split("\n") if line.strip()]
    while isinstance(content, dict) and (inner := _enveloped(content)) is not None:
        content = inner
    content = [content] if isinstance(content, dict) else content
    return content if _is_list_of_objects(content) else []


def _enveloped(content: Mapping[str, Any]) -> Any:
    """Return the content of an envelope object; None if the object is itself a record."""
    payload = {
        name: value
        for name, value in content.items()
        if _is_list_of_objects(value) or _letters(name) not in ENVELOPE_NAMES
    }
    if not payload or not all(isinstance(value, dict) or _is_list_of_objects(value) for value in payload.values()):
        return None
    if len(payload) == 1:
        return next(iter(payload.values()))
    if all(map(_is_list_of_objects, payload.values())):
        raise _UnclearShapeError(f"holds {len(payload)} lists of objects, which are not joined")
    return None


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold().removeprefix("@odata.")))


def _row(entry: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the cells of an object by heading; two cells with one heading would lose a value."""
    cells = list(_cells(entry, ""))
    if len(row := dict(cells)) < len(cells):
        raise _UnclearShapeError("has two values under one heading in an object")
    return row


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raise ValueError if it has a name twice, because one of the two values would be lost."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError("an object has a name twice")
    return entries


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _cells(value: Any, heading: str) -> Iterator[tuple[str, str | None]]:
    """Yield heading and text of each cell that a value becomes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _cells(inner, f"{heading} {name}".strip())
    elif _is_list_of_objects(value):
        yield _number_heading(heading), str(len(value))  # an empty object still counts
        for number, entry in enumerate(value, 1):
            yield from _cells(entry, f"{heading} {number}")
    elif isinstance(value, list):
        texts = [text for entry in value if (text := _text(entry))]
        yield heading, "; ".join(texts) or (None if value else EMPTY_LIST)
    else:
        yield heading, _text(value)


def _number_heading(heading: str) -> str:
    """Return the heading of the number of objects in a list."""
    return f"number of {heading}"


def _count_empty_lists(rows: list[dict[str, str | None]], headings: dict[str, None]) -> None:
    """Write 0 as the number of objects of an empty list, if it holds objects in another row.

    An empty list states that there are none. A null, or no list at all, states nothing.
    """
    lists = [heading for heading in headings if _number_heading(heading) in headings]
    for row in rows:
        for heading in lists:
            if row.get(heading) == EMPTY_LIST:
                row[_number_heading(heading)] = "0"
                del row[heading]
    for row in rows:
        row |= {heading: None for heading, text in row.items() if text == EMPTY_LIST}
    filled = {heading for row in rows for heading in row}
    for heading in lists:
        if heading not in filled:
            del headings[heading]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
