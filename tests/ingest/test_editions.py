"""When two files hold the same year, is the newer one kept, and is it said when that cannot be told?"""

from __future__ import annotations

from pathlib import Path

import pytest
from official_forms import Sheet, cover_sheet, write_xlsx
from tables import HEADER, row, write_table

from assay.errors import SourceError
from assay.ingest.official_statistics import ReceivedStatistics, read_statistics
from assay.ingest.official_statistics.statistics_editions import find_edition


def kept_counts(received: ReceivedStatistics) -> list[int]:
    return received.tables["recorded"]["offences"].to_pylist()


def test_the_newer_edition_by_the_file_name_is_kept_in_whatever_order_they_come(tmp_path: Path) -> None:
    older = write_table(tmp_path / "prc-mar2024.csv", row(3), row(4, "Essex"))
    newer = write_table(tmp_path / "prc-mar2025.csv", row(5))
    for files in ([older, newer], [newer, older]):
        received = read_statistics(files)
        assert kept_counts(received) == [5]
        assert {file.name: dict(file.set_aside) for file in received.files} == {
            "prc-mar2024.csv": {"an older edition": 2},
            "prc-mar2025.csv": {},
        }


def test_the_newer_edition_by_the_cover_sheet_is_kept(tmp_path: Path) -> None:
    for published, count in (("25 January 2024", 3), ("24 April 2024", 5)):
        write_xlsx(tmp_path / f"{count}.xlsx", [cover_sheet(published), Sheet("2024-25", [], HEADER, [row(count)])])
    received = read_statistics(tmp_path)
    assert kept_counts(received) == [5]
    assert {file.edition for file in received.files} == {
        "published 25 January 2024",
        "published 24 April 2024",
    }


def test_the_edition_that_is_given_decides(tmp_path: Path) -> None:
    files = [write_table(tmp_path / "a.csv", row(3)), write_table(tmp_path / "b.csv", row(5))]
    assert kept_counts(read_statistics(files, editions={"a.csv": "2025-04", "b.csv": "2024-04"})) == [3]


@pytest.mark.parametrize(
    "names", [("a.csv", "b.csv"), ("a-mar2025.csv", "b-2025-04-24.csv"), ("a-mar2025.csv", "b-mar2025.csv")]
)
def test_where_the_newer_cannot_be_told_both_are_named(names: tuple[str, str], tmp_path: Path) -> None:
    files = [write_table(tmp_path / name, row(n)) for n, name in enumerate(names)]
    with pytest.raises(SourceError, match="not clear which edition") as refused:
        read_statistics(files)
    assert all(repr(name) in str(refused.value) for name in names)
    assert "2024/25" in str(refused.value)


def test_only_the_years_that_both_hold_are_set_aside_from_the_older(tmp_path: Path) -> None:
    before = ["2023/24", *row(9)[1:]]
    files = [
        write_table(tmp_path / "prc-mar2024.csv", before, row(3)),
        write_table(tmp_path / "prc-mar2025.csv", row(5)),
    ]
    assert sorted(kept_counts(read_statistics(files))) == [5, 9]


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    first, second_file = write_table(tmp_path / "a.csv", row(3)), write_table(tmp_path / "b.csv", row(3))
    received = read_statistics([first, second_file])
    assert kept_counts(received) == [3]
    assert dict(received.files[1].set_aside) == {"the same file, already read": 1}


@pytest.mark.parametrize(
    ("name", "cover_lines", "label"),
    [
        ("prc-pfa-mar2013-onwards-tables-230724.ods", [], "published 23 July 2024"),
        ("prc-pfa-mar2013-onwards-tables.ods", [], ""),
        ("outcomes-open-data-mar2025.xlsx", [], "year ending March 2025"),
        ("outcomes.xlsx", ["Year ending December 2025"], "year ending December 2025"),
        ("outcomes.xlsx", ["Published on 1st May 2025", "year ending March 2025"], "published 1 May 2025"),
        ("outcomes-2025-04-24.csv.gz", [], "published 24 April 2025"),
        ("table-993399.csv", [], ""),
    ],
)
def test_an_edition_is_told_by_the_name_or_the_cover(name: str, cover_lines: list[str], label: str) -> None:
    assert find_edition(name, cover_lines).label == label


def test_what_a_newer_edition_revised_is_counted_and_its_largest_change_is_named(tmp_path: Path) -> None:
    older = [row(3), row(40, quarter=2), row(7, "Essex"), row(1, "Surrey"), row(2, "Dorset")]
    newer = [row(5), row(31, quarter=2), row(7, "Essex"), row(1, "Surrey"), row(4, "Sussex")]
    files = [write_table(tmp_path / "prc-mar2024.csv", *older), write_table(tmp_path / "prc-mar2025.csv", *newer)]
    received = read_statistics(files)
    assert [revision.sentence for revision in received.revisions] == [
        "prc-mar2025.csv revises prc-mar2024.csv: 2 of 4 cells that both hold changed, and their total went from 51 to 44 "
        "(-7). The largest change is 2024/25, quarter 2, Kent, code 88A: from 40 to 31. 1 cells are new; 1 cells are gone."
    ]
    assert "revises prc-mar2024.csv" in received.files[1].note
    assert "revises" not in received.files[0].note


def test_two_editions_that_agree_are_said_to_agree(tmp_path: Path) -> None:
    files = [
        write_table(tmp_path / "prc-mar2024.csv", row(3)),
        write_table(tmp_path / "prc-2025.csv", row(3), row(4, "Essex")),
    ]
    [found] = read_statistics(files, editions={"prc-mar2024.csv": "2024", "prc-2025.csv": "2025"}).revisions
    assert found.sentence == (
        "prc-2025.csv revises prc-mar2024.csv: 0 of 1 cells that both hold changed. 1 cells are new."
    )


def test_years_that_only_one_file_holds_are_no_revision(tmp_path: Path) -> None:
    before = ["2023/24", *row(9)[1:]]
    files = [write_table(tmp_path / "prc-mar2024.csv", before), write_table(tmp_path / "prc-mar2025.csv", row(5))]
    assert read_statistics(files).revisions == ()
