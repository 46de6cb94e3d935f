"""What holds for any table of counts, whatever is in it?"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from official_forms import Sheet, cover_sheet, write_ods, write_xlsx
from tables import HEADER, write_table

from assay.ingest.file_readers.delimited_scan import scan
from assay.ingest.official_statistics import read_statistics

FORCES = ("Kent", "Essex", "Metropolitan Police", "Devon & Cornwall", "Nowhereshire")
CELLS = st.one_of(
    st.integers(-999, 9_999).map(str),
    st.sampled_from(["", "NA", "x", "=1", "1.5", "1,234", " 7 ", "\u22123", "TRUE"]),
)
ROWS = st.lists(
    st.tuples(st.sampled_from(FORCES), st.integers(0, 5), st.sampled_from(["71", "88A", "99Z"]), CELLS),
    max_size=12,
)


def as_rows(row_parts: list[tuple[str, int, str, str]]) -> list[list[str]]:
    return [["2024/25", str(q), force, "Named", "Group", "Sub", code, cell] for force, q, code, cell in row_parts]


@settings(max_examples=8, deadline=None)
@given(ROWS)
def test_every_row_is_passed_on_or_set_aside_in_every_form_alike(
    row_parts: list[tuple[str, int, str, str]],
) -> None:
    rows = as_rows(row_parts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheets = [cover_sheet(), Sheet("2024-25", ["Title"], HEADER, rows)]
        pq.write_table(
            pa.table({h: pa.array([r[i] for r in rows], pa.string()) for i, h in enumerate(HEADER)}),
            folder / "a.parquet",
        )
        paths = [
            write_table(folder / "a.csv", *rows),
            folder / "a.parquet",
            write_xlsx(folder / "a.xlsx", sheets),
            write_ods(folder / "a.ods", sheets),
        ]
        received = [read_statistics(path) for path in paths]
    for statistics in received:
        [file] = statistics.files
        assert file.row_count == len(rows) == file.passed_on + sum(file.set_aside.values())
        assert statistics.tables["recorded"].num_rows == file.passed_on
        assert (
            statistics.tables["recorded"]
            .drop_columns(["source", "edition"])
            .equals(received[0].tables["recorded"].drop_columns(["source", "edition"]))
        )
        assert file.set_aside == received[0].files[0].set_aside


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text('ab",\n', max_size=4), min_size=2, max_size=3), min_size=1, max_size=6))
def test_record_ends_are_counted_as_they_were_written(records: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in record) for record in records]
    for text in ("\n".join(quoted), "\n".join(quoted) + "\n"):
        assert scan([text.encode()], ",", 2, keep_records_whole=True).records == len(records)
