"""Does the last row of a crime count where a sheet has one row for each change, and none where nothing gives an order?"""

from datetime import datetime

import polars as pl

from assay.ingest.extracts.crime_changes import with_last_rows
from ingest.extracts.sheets_by_hand import adds_up, column, guess, guesses, plan, sheet, split

OUTCOMES = {"Open": "NOA", "Charged": "1", "No suspect identified": "18", "Filed": "16"}
CRIME = [
    *guesses("URN = crimes.crime_ref", "Logged = crimes.recorded_at"),
    guess("Result", "crimes.outcome_code", values=OUTCOMES),
]
HISTORY = """
    URN  | Logged     | Result     | Changed
    7/25 | 01/05/2025 | Open       | 01/05/2025 09:00
    7/25 | 01/05/2025 | Charged    | 09/06/2025 10:00
    7/25 | 01/05/2025 | No suspect identified | 20/05/2025 08:00
    8/25 | 02/05/2025 | No suspect identified | 12/06/2025 11:00
    8/25 | 02/05/2025 | Open       | 02/05/2025 09:00
    9/25 | 03/05/2025 | Open       | 03/05/2025 09:00
"""


def test_the_row_with_the_latest_time_of_change_counts_wherever_it_stands():
    tables = split((sheet(HISTORY), CRIME))
    assert column(tables["crimes"], "crime_ref") == ["7/25", "8/25", "9/25"]
    assert column(tables["crimes"], "outcome_code") == ["1", "18", "NOA"]
    assert tables["crimes"].contradictions == {}
    assert adds_up(tables)


def test_the_sheet_is_described_as_a_history_whose_last_row_counts():
    ((_, _, text),) = plan((sheet(HISTORY), CRIME)).descriptions
    assert text == "several rows for a crime, one for each change; the last by \u2018Changed\u2019 counts"


def test_the_highest_number_of_a_row_in_its_crime_counts():
    tables = split((sheet("""
        URN  | Logged     | Result     | Entry
        7/25 | 01/05/2025 | Filed      | 3
        7/25 | 01/05/2025 | Open       | 1
        7/25 | 01/05/2025 | No suspect identified | 2
        8/25 | 02/05/2025 | Open       | 1
    """), CRIME))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == ["16", "NOA"]


def test_without_an_order_the_outcome_of_rows_that_differ_is_not_known():
    tables = split((sheet("""
        URN  | Logged     | Result
        7/25 | 01/05/2025 | Open
        7/25 | 01/05/2025 | Charged
        8/25 | 02/05/2025 | Charged
    """), CRIME))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == [None, "1"]
    assert tables["crimes"].contradictions == {"outcome_code": 1}
    assert tables["crimes"].contradicted["outcome_code"].to_pylist() == ["7/25"]


def test_two_last_rows_of_the_same_time_that_differ_leave_the_outcome_not_known():
    """27 further crimes have an order; this one was changed twice on its last day."""
    other_rows = "\n".join(
        f"{number}/25 | 01/05/2025 | Open | 01/05/2025\n{number}/25 | 01/05/2025 | Filed | 03/05/2025"
        for number in range(100, 127)
    )
    tables = split((sheet(f"""
        URN  | Logged     | Result  | Changed
        7/25 | 01/05/2025 | Open    | 01/05/2025
        7/25 | 01/05/2025 | Charged | 05/05/2025
        7/25 | 01/05/2025 | Filed   | 05/05/2025\n{other_rows}
    """), CRIME))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == [None, *["16"] * 27]
    assert tables["crimes"].contradictions == {"outcome_code": 1}


def test_a_last_outcome_that_could_not_be_read_does_not_bring_back_the_one_before():
    tables = split((sheet(HISTORY.replace("Charged    | 09", "Weird word | 09")), CRIME))
    assert column(tables["crimes"], "outcome_code") == [None, "18", "NOA"]


def test_two_orders_that_disagree_leave_the_outcome_not_known():
    tables = split((sheet("""
        URN  | Logged     | Result     | Changed    | Version
        7/25 | 01/05/2025 | Open       | 01/05/2025 | 1
        7/25 | 01/05/2025 | Charged    | 09/06/2025 | 2
        7/25 | 01/05/2025 | No suspect identified | 20/05/2025 | 3
        8/25 | 02/05/2025 | Open       | 02/05/2025 | 1
        8/25 | 02/05/2025 | Filed      | 04/05/2025 | 2
    """), CRIME))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == [None, "16"]


def test_where_one_order_lacks_a_row_the_value_is_that_of_the_last_row_by_the_other():
    """The time of change is empty in the second row, so that only the number says which row is the last."""
    rows = pl.DataFrame(
        {
            "crime_ref": ["7/25", "7/25"], "position": [0, 1], "outcome_code": ["18", "1"],
            "order:time": [1, None], "order:number": [1, 2],
        }
    )  # fmt: skip
    settled = with_last_rows(rows)
    assert settled.rows["outcome_code"].to_list() == ["1", "1"]
    assert settled.undecided == {}


def test_outcomes_that_differ_from_suspect_to_suspect_are_no_history():
    """The number of the suspect and the day of birth put the suspects in order, and not the outcomes."""
    tables = split((sheet("""
        URN  | Logged     | Result     | Role | Nominal | Line
        7/25 | 01/05/2025 | Charged    | SUS  | 501     | 1
        7/25 | 01/05/2025 | No suspect identified | SUS  | 502     | 2
        8/25 | 02/05/2025 | Filed      | SUS  | 503     | 1
    """), [*CRIME, *guesses("Role = involvements.role", "Nominal = involvements.person_ref")]))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == [None, "16"]
    assert tables["crimes"].contradictions == {"outcome_code": 1}
    assert len(column(tables["involvements"], "person_ref")) == 3


def test_the_day_is_kept_of_times_that_differ_within_it():
    tables = split((sheet("""
        URN  | Logged           | Result
        7/25 | 01/05/2025 09:00 | Open
        7/25 | 01/05/2025 11:00 | Open
        8/25 | 01/05/2025 11:00 | Open
        8/25 | 03/05/2025 11:00 | Open
    """), CRIME))  # fmt: skip
    assert column(tables["crimes"], "recorded_at") == [datetime(2025, 5, 1), None]
    assert column(tables["crimes"], "recorded_at_is_day") == [True, False]


def test_crimes_under_one_number_are_no_history_of_one_crime():
    """An occurrence of two crimes: the second line is another offence with its own outcome, and not a later one."""
    tables = split((sheet("""
        URN  | Logged     | Offence | Result     | Line
        7/25 | 01/05/2025 | 19C     | Charged    | 1
        7/25 | 01/05/2025 | 20A     | No suspect identified | 2
        8/25 | 02/05/2025 | 20A     | Filed      | 1
    """), [*CRIME, guess("Offence", "crimes.offence_code")]))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == [None, "16"]
    assert column(tables["crimes"], "offence_code") == [None, "20A"]


def test_the_number_of_a_change_does_not_count_victims():
    """Twelve crimes with three changes each have one victim each, of whom only the sex is known."""
    rows = [
        f"{number}/25 | 01/05/2025 | {result} | {place} | F"
        for number in range(10, 22)
        for place, result in enumerate(("Open", "Filed", "Charged"), start=1)
    ]
    text = "\n".join(["URN | Logged | Result | Entry | Victim sex", *rows])
    tables = split((sheet(text), [*CRIME, guess("Victim sex", "involvements.sex", role="victim")]))
    assert column(tables["crimes"], "outcome_code") == ["1"] * 12
    assert tables["involvements"].rows.num_rows == 12


DATED = [*CRIME, *guesses("Resulted = crimes.outcome_at")]


def test_an_outcome_with_its_date_stands_beside_an_open_row_of_the_same_crime():
    """A row for each person: the victim's says "Open", the suspect's has the outcome and its day."""
    tables = split((sheet("""
        URN  | Logged     | Result     | Resulted
        7/25 | 01/05/2025 | Open       |
        7/25 | 01/05/2025 | Charged    | 09/06/2025
        8/25 | 02/05/2025 | Open       |
        8/25 | 02/05/2025 | Open       |
    """), DATED))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == ["1", "NOA"]
    assert tables["crimes"].contradictions == {}


def test_an_outcome_without_a_date_and_two_dated_outcomes_contradict_still():
    tables = split((sheet("""
        URN  | Logged     | Result     | Resulted
        7/25 | 01/05/2025 | Open       |
        7/25 | 01/05/2025 | Charged    |
        8/25 | 02/05/2025 | Open       |
        8/25 | 02/05/2025 | Filed      | 09/06/2025
        8/25 | 02/05/2025 | Charged    | 09/06/2025
    """), DATED))  # fmt: skip
    assert column(tables["crimes"], "outcome_code") == [None, None]
    assert tables["crimes"].contradictions["outcome_code"] == 2
