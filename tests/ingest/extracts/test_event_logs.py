"""Is a log of events read as the outcomes and flags that its events set, and is a log that cannot be read named?"""

from assay.ingest.extracts.event_logs import event_log_remarks, find_event_log, with_event_columns
from assay.ingest.extracts.extract_model import TAKEN_BACK
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract
from ingest.extracts.sheets_by_hand import column, sheet

EVENTS = """
    When             | What             | Detail
    01/05/2025 09:00 | Record opened    |
    02/05/2025 09:00 | Marker applied   | CSE
    03/05/2025 09:00 | Marker applied   | CCE
    04/05/2025 09:00 | Marker removed   | CCE
    05/05/2025 09:00 | Disposal entered | 18
    06/05/2025 09:00 | Supervision      | Plan agreed
    07/05/2025 09:00 | Disposal changed | 16
    08/05/2025 09:00 | Disposal entered | 15
    09/05/2025 09:00 | Disposal proposed | 1
"""


def test_the_values_of_a_log_are_divided_by_what_the_event_is_about():
    cells = with_event_columns(sheet(EVENTS)).cells
    assert cells.column_names == ["When", "What", "Detail", "Flag", "Outcome"]
    assert cells["Outcome"].to_pylist() == [None, None, None, None, "18", None, "16", "15", None]
    assert cells["Flag"].to_pylist() == [None, "CSE", "CCE", "CCE", None, None, None, None, None]
    assert cells["Detail"].to_pylist() == [*[None] * 5, "Plan agreed", None, None, "1"]


def test_a_divided_log_is_not_divided_again():
    once = expanded_sheet(sheet(EVENTS))
    assert expanded_sheet(once) is once


def test_an_event_that_takes_the_outcome_back_leaves_it_not_known():
    text = EVENTS.replace("Disposal proposed | 1", "Disposal cancelled | 15")
    assert with_event_columns(sheet(text)).cells["Outcome"].to_pylist()[-1] == TAKEN_BACK


def test_the_old_value_of_a_changed_field_is_not_read():
    log = find_event_log(sheet("""
        Field name | Old value | New value
        Outcome    | 18        | 16
        Outcome    |           | 18
        Outcome    |           | 15
        Flag       |           | CSE
        Flag       |           | CCE
        Flag       | CSE       | CSA
        Address    | a         | b
    """))  # fmt: skip
    assert log is not None
    assert (log.kind, log.values, log.unread) == ("Field name", "New value", ())


def test_outcomes_in_words_beside_a_coded_column_are_no_log():
    wide = sheet("""
        Stage             | Outcome code
        Outcome set       | 16
        Outcome not set   |
        Outcome set       | 18
        Outcome set       | 15
        Outcome disputed  |
    """)  # fmt: skip
    assert with_event_columns(wide) is wide


def log_of_crimes(value: str = "{}") -> str:
    lines = []
    for number in range(100, 130):
        facts = f"EX/{number}/25 | {number % 28 + 1:02d}/05/2025 10:00 | 20A"
        events = [("Record opened", "", 1), ("Marker applied", "CSE", 2), ("Disposal entered", "18", 3)]
        events += [("Disposal changed", "16", 9)] if number % 2 else []
        # The file is not in the order of time: the last disposal stands first.
        lines += [
            f"{facts} | {day:02d}/07/2025 09:00 | {kind} | {value.format(text) if text else ''}"
            for kind, text, day in reversed(events)
        ]
    return "\n".join(["Crime number | Date recorded | Offence code | Event time | Event type | Event detail", *lines])


def test_the_last_disposal_of_each_crime_counts_and_its_flag():
    sheets = [sheet(log_of_crimes())]
    tables = split_extract(sheets, plan_split(sheets))
    outcomes = column(tables["crimes"], "outcome_code")
    assert (outcomes.count("16"), outcomes.count("18"), len(outcomes)) == (15, 15, 30)
    assert column(tables["flags"], "flag") == ["cse"] * 30


def test_a_log_whose_values_cannot_be_read_is_named_with_the_next_step():
    (remark,) = event_log_remarks([sheet(log_of_crimes("code Q{}"), file="log.csv")])
    assert remark.startswith("log.csv is a log of events: \u2018Event type\u2019 names events of ")
    assert "these rows were not used. Export the present outcome" in remark
