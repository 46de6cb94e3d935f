"""Is a file recognised by its hash, and is the user told whether a newer edition is known?"""

from __future__ import annotations

from pathlib import Path

import pytest
from tables import HEADER, OUTCOME_HEADER, outcome, row, write_table

from assay.ingest.official_statistics import read_statistics
from assay.ingest.official_statistics.official_file_register import edition_note, newest_official, official_files
from assay.ingest.official_statistics.statistics_editions import find_edition
from reference_data import reference

AS_PUBLISHED = "data/homeoffice-outcomes-2018-19-as-published/prc-outcomes-open-data-mar2019-as-published.csv.gz"
NEWEST = "prc-outcomes-open-data-mar2025-tables-230726.xlsx"


def test_thirteen_official_files_and_four_public_copies_are_known_each_by_its_own_hash() -> None:
    known = official_files()
    assert [file.status for file in known].count("official") == 13
    assert len(known) == len({file.sha256 for file in known}) == 17
    assert all(len(file.sha256) == 64 and file.source and file.checked_on for file in known)


def test_the_newest_outcomes_of_2024_25_are_of_23_july_2026() -> None:
    newest = newest_official("outcomes", ["2024/25"])
    assert newest is not None
    assert (newest.name, newest.edition_text) == (NEWEST, "23 July 2026")


def test_the_official_file_is_recognised_as_the_newest() -> None:
    newest = newest_official("outcomes", ["2024/25"])
    assert newest is not None
    note = edition_note(newest.sha256, find_edition(newest.name, ()), "outcomes", ["2024/25"])
    assert note == (
        "Recognised by its hash as the official file, edition 23 July 2026: the newest that the register knows "
        "(checked on 30 November 2026)."
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("outcomes-2025-04-24.csv", "By its date the file is older than the newest edition known"),
        ("outcomes-2026-10-22.csv", "By its date the file is newer than any edition known"),
        ("outcomes-2026-07-23.csv", "of the same day as the newest edition known, but not the same file"),
        ("outcomes-mar2025.csv", "states no date of publication, so its age is not known"),
    ],
)
def test_a_file_with_an_unknown_hash_is_older_or_newer_by_its_date(name: str, words: str, tmp_path: Path) -> None:
    path = write_table(tmp_path / name, outcome(1, 3), header=OUTCOME_HEADER)
    [file] = read_statistics(path).files
    assert words in file.edition_note
    assert NEWEST in file.edition_note


def test_the_register_says_nothing_of_a_year_or_table_without_an_official_file() -> None:
    assert edition_note("0" * 64, find_edition("x", ()), "outcomes", ["2031/32"]) == ""
    assert edition_note("0" * 64, find_edition("x", ()), "children_in_need", ["2025"]) == ""


def test_a_header_known_from_guidance_alone_is_named_and_one_that_was_seen_is_not(tmp_path: Path) -> None:
    """`layouts.toml`: 'Number of Offences' is recalled, 'n' was seen in a file."""
    guessed = write_table(tmp_path / "a.csv", row(3))
    [file] = read_statistics(guessed).files
    assert file.header_note.startswith("The header 'Number of Offences' is known from the publisher's guidance")
    seen = write_table(tmp_path / "b.csv", row(3), header=(*HEADER[:-1], "n"))
    [file] = read_statistics(seen).files
    assert file.header_note == ""


@pytest.mark.reference
def test_the_layout_of_13_columns_is_read_as_published_and_known_to_be_an_older_edition() -> None:
    found = read_statistics(reference(AS_PUBLISHED))
    [file] = found.files
    rows = found.tables["outcomes"]
    assert (file.return_kind, file.row_count) == ("outcomes", 621_280)
    # A code that the register of offences does not know is kept, and the copy has no line end at its end: both are said.
    assert {error.rule for error in found.errors} == {"unknown offence code", "a text ends with the end of a line"}
    # 140,800 cells of a number column say 'N/A - offence code expired': no offence of the quarter, and not zero.
    assert file.set_aside["no offence recorded in the quarter"] == 140_800
    assert sum(rows["of_recorded"].to_pylist()) == 5_269_059
    assert "a public copy of the official file, edition about January 2020: older than" in file.edition_note
