"""Where the publisher counts several offences under one code, are the rows of its parts added up, and no others?"""

from pathlib import Path

import pytest
from tables import OUTCOME_HEADER, row, write_table

from assay.ingest.official_statistics import ReceivedStatistics, read_statistics

REGISTERED = "1/4.1/4.10/4.2"


def homicide(count: int, code: str = REGISTERED, force: str = "Kent") -> list[str]:
    return row(count, force, offence=("Homicide", "Violence against the person", "Homicide", code))


def kept_codes(received: ReceivedStatistics) -> list[tuple[str, int]]:
    table = received.tables["recorded"]
    return list(zip(table["offence_code"].to_pylist(), table["offences"].to_pylist(), strict=True))


def test_the_parts_of_homicide_are_added_up_and_counted(tmp_path: Path) -> None:
    received = read_statistics(
        write_table(tmp_path / "a.csv", homicide(5), homicide(2), homicide(0), homicide(2), row(7))
    )
    assert kept_codes(received) == [(REGISTERED, 9), ("88A", 7)]
    assert dict(received.files[0].set_aside) == {
        "added to the first row of its key: a code that holds several offences": 3
    }
    assert received.errors == ()


@pytest.mark.parametrize("code", ["1, 4.1, 4.2 & 4.10", "1 4.1 4.10 4.2", "1/4.1/4.2/4.10", "4.10; 4.2; 4.1; 1"])
def test_the_codes_may_stand_in_any_order_and_with_any_mark_between(code: str, tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", homicide(5, code), homicide(2, code)))
    assert kept_codes(received) == [(REGISTERED, 7)]
    assert received.errors == ()


def test_parts_of_another_force_are_not_added(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", homicide(5), homicide(2), homicide(1, force="Essex")))
    assert kept_codes(received) == [(REGISTERED, 7), (REGISTERED, 1)]


def test_two_codes_that_a_spreadsheet_made_one_are_added_under_their_common_name(tmp_path: Path) -> None:
    received = read_statistics(
        write_table(tmp_path / "a.csv", homicide(5, "1"), homicide(2, "4.1"), homicide(3, "4.1"))
    )
    assert kept_codes(received) == [("1", 5), ("4.1", 5)]


def test_the_same_row_twice_is_a_repeated_row(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", homicide(5), homicide(5)))
    assert kept_codes(received) == [(REGISTERED, 5)]
    assert dict(received.files[0].set_aside) == {"repeated row": 1}


def test_two_counts_of_a_single_code_are_still_set_aside(tmp_path: Path) -> None:
    received = read_statistics(write_table(tmp_path / "a.csv", row(3), row(4)))
    assert kept_codes(received) == []
    assert dict(received.files[0].set_aside) == {"two counts for one key": 2}


def test_outcomes_of_the_parts_are_added_up_and_a_missing_count_stays_missing(tmp_path: Path) -> None:
    def outcome_codes(recorded: str, assigned: str) -> list[str]:
        return ["2024/25", "1", "Kent", "Homicide", REGISTERED, "1", recorded, assigned]

    received = read_statistics(
        write_table(tmp_path / "o.csv", outcome_codes("2", "4"), outcome_codes("3", "NA"), header=OUTCOME_HEADER)
    )
    table = received.tables["outcomes"].to_pylist()
    assert [(outcome_row["of_recorded"], outcome_row["in_quarter"]) for outcome_row in table] == [(5, None)]
