"""Is a table that was cut short on its way known as such, wherever the cut falls and however its rows are sorted?"""

from itertools import product
from pathlib import Path

import pytest
from tables import HEADER, write_table

from assay.errors import SourceError
from assay.ingest.official_statistics import ReceivedStatistics, read_statistics

OFFENCES = {"88A": "Sexual grooming", "71": "Abuse of children", "22B": "Sexual activity", "19D": "Rape", "21": "Other"}
FORCES = ("Essex", "Gwent", "Kent", "Norfolk", "Suffolk", "Surrey")
ROWS = [
    ["2024/25", quarter, force, name, "Sexual offences", "Other", code, str(100 + i)]
    for i, (quarter, force, (code, name)) in enumerate(product("1234", FORCES, OFFENCES.items()))
]
ORDERS = {"by quarter": (1, 2, 6), "by force": (2, 1, 6), "by offence": (6, 1, 2)}


def whole(folder: Path, order: tuple[int, ...]) -> bytes:
    rows = sorted(ROWS, key=lambda row: [row[column] for column in order])
    return write_table(folder / "whole.csv", *rows).read_bytes()


def cut(folder: Path, data: bytes, length: int) -> ReceivedStatistics:
    path = folder / "cut.csv"
    path.write_bytes(data[:length])
    return read_statistics(path)


def lacking(received: ReceivedStatistics) -> list[str]:
    rule = "every force has a row for every offence of a quarter"
    return [error.correction for error in received.errors if error.rule == rule]


def problems_of(folder: Path, data: bytes, length: int) -> list[str]:
    """The problems of a file cut at this length: its refusal as cut short, or the rules that it breaks."""
    try:
        return [error.rule for error in cut(folder, data, length).errors]
    except SourceError as refused:
        return [str(refused)] if "cut short" in str(refused) else []


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_a_whole_table_lacks_nothing(order, tmp_path: Path) -> None:
    data = whole(tmp_path, order)
    assert cut(tmp_path, data, len(data)).errors == ()


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("share", [0.62, 0.7, 0.81, 0.89, 0.97])
def test_a_table_cut_in_a_line_or_between_lines_is_refused_or_said_to_lack_rows(order, share, tmp_path: Path) -> None:
    data = whole(tmp_path, order)
    middle = int(share * len(data))
    for length in range(middle, middle + 60, 7):
        assert problems_of(tmp_path, data, length), length
    assert lacking(cut(tmp_path, data, data.rindex(b"\n", 0, middle) + 1))


def test_the_last_number_of_a_cut_file_may_be_a_part_of_one_and_is_set_aside(tmp_path: Path) -> None:
    data = whole(tmp_path, ORDERS["by quarter"])
    end = data.rindex(b"\n", 0, int(0.89 * len(data)))
    received = cut(tmp_path, data, end - 1)
    assert received.files[0].set_aside["the last line of a file that was cut short"] == 1
    assert min(received.tables["recorded"]["offences"].to_pylist()) >= 100


def test_a_cut_inside_quotation_marks_is_a_file_cut_short(tmp_path: Path) -> None:
    data = write_table(tmp_path / "a.csv", ["2024/25", "1", "London, City of", "x", "y", "z", "88A", "1"]).read_bytes()
    with pytest.raises(SourceError, match="cut short: it ends inside a cell"):
        cut(tmp_path, data, data.index(b"City"))


def test_a_whole_file_whose_last_line_has_no_end_is_read_and_the_missing_end_is_said(tmp_path: Path) -> None:
    data = whole(tmp_path, ORDERS["by quarter"])
    received = cut(tmp_path, data, len(data) - 1)
    assert received.tables["recorded"].num_rows == len(ROWS)
    assert [error.rule for error in received.errors] == ["a text ends with the end of a line"]


def test_a_copy_that_leaves_zeros_out_is_not_said_to_lack_rows(tmp_path: Path) -> None:
    sparse = [row for i, row in enumerate(ROWS) if i % 3]
    assert lacking(read_statistics(write_table(tmp_path / "sparse.csv", *sparse))) == []


def test_a_row_that_was_set_aside_did_come(tmp_path: Path) -> None:
    rows = [[*row[:-1], "[x]"] if i == 7 else row for i, row in enumerate(ROWS)]
    assert lacking(read_statistics(write_table(tmp_path / "marked.csv", *rows))) == []


def test_the_sentence_says_how_many_rows_of_which_quarter(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", *ROWS[:-8]))
    assert lacking(received)[0].startswith(
        "2024/25 Q4 lacks 8 of the 30 rows that the rest of the file implies (2 forces). The file may be cut short"
    )


def test_the_word_of_the_publisher_for_no_count_is_no_error(tmp_path: Path) -> None:
    rows = [[*row[:-1], "N/A - offence code expired"] if row[6] == "21" else row for row in ROWS]
    received = read_statistics(write_table(tmp_path / "expired.csv", *rows, header=HEADER))
    assert received.errors == ()
    assert dict(received.files[0].set_aside) == {"no count published": 24}
