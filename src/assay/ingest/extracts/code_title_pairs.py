"""Which code of a divided offence class is meant, given the offence title in another column of the same row?

Only the counting rules say which part of class 20 the sub-code of 020/05 belongs to. Where another column of the same
row has the title, and the title of one code is always that of one part, the title determines the code. A class without
a sub-code has several parts by definition, so the titles on some of its rows say nothing of its other rows: each of
these is read by its own title alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.value_kinds_offences import class_of, has_sub_code, read_offence

MIN_AGREEMENT = 0.97
"""Share of the rows of a code with a title beside it whose titles must name the same part. A title that could be of
several parts names none."""
MAX_PAIRS = 5000


def codes_settled_by_titles(cells: pa.Table, codes: str, titles: Sequence[str]) -> Mapping[str, str]:
    """Return contract codes for texts in a code column that are ambiguous without the title in the same row.

    Parameters
    ----------
    cells
        The cells of the sheet.
    codes
        The heading of the codes.
    titles
        The headings of columns that may hold titles of the same offence.
    """
    settled: dict[str, str] = {}
    for heading in titles:
        for text, counts in _titles_of_codes(cells, codes, heading).items():
            code, rows = max(counts.items(), key=lambda entry: entry[1])
            if code and rows >= MIN_AGREEMENT * sum(counts.values()):
                settled.setdefault(text, code)
    return settled


def _titles_of_codes(cells: pa.Table, codes: str, titles: str) -> dict[str, dict[str, int]]:
    """Return, for each text with a sub-code and no code of its own, the codes of the titles beside it with their rows.

    The code '' counts the rows whose title leaves the part open.
    """
    pairs = (
        cells.select([codes, titles])
        .rename_columns(["code", "title"])
        .group_by(["code", "title"])
        .aggregate([([], "count_all")])
    )
    known = pairs.filter(pc.and_(pc.is_valid(pairs["code"]), pc.is_valid(pairs["title"])))
    if known.num_rows > MAX_PAIRS:
        return {}
    found: dict[str, dict[str, int]] = {}
    for code, title, rows in zip(*(known[name].to_pylist() for name in ("code", "title", "count_all")), strict=True):
        reading, by_title = read_offence(code), read_offence(title)
        if reading.code is not None or not has_sub_code(code):
            continue
        title_class = class_of(by_title.code) if by_title.code else by_title.class_number
        if title_class == reading.class_number:
            counts = found.setdefault(code, {})
            part = by_title.code or ""
            counts[part] = counts.get(part, 0) + rows
    return found
