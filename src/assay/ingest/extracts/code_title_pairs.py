"""Which part of an offence class does a code mean, given the offence title beside it in another column?

Only the counting rules say which part of class 20 the sub-code of 020/05 belongs to. Where another column of the same
row has the title, and the title of one code is always that of one part, the title determines the code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.value_kinds_offences import class_of, read_offence

MIN_AGREEMENT = 0.97
"""Share of the rows of a code whose titles must name the same part."""
MAX_PAIRS = 5000


def codes_settled_by_titles(cells: pa.Table, codes: str, titles: Sequence[str]) -> Mapping[str, str]:
    """Return the contract code of each text in a code column that only the title beside it makes unambiguous.

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
            if rows >= MIN_AGREEMENT * sum(counts.values()):
                settled.setdefault(text, code)
    return settled


def _titles_of_codes(cells: pa.Table, codes: str, titles: str) -> dict[str, dict[str, int]]:
    """Return, for each text without a code of its own, the codes of the titles beside it with their rows."""
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
        is_open = reading.code is None and bool(reading.class_number)
        if is_open and by_title.code and class_of(by_title.code) == reading.class_number:
            counts = found.setdefault(code, {})
            counts[by_title.code] = counts.get(by_title.code, 0) + rows
    return found
