"""Does every answer show what is not known, every missing fact where to correct it, and is every list safe?"""

import csv
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pytest

from assay.facts.financial_quarters import make_quarter
from assay.indicators import Condition
from assay.indicators.indicator_catalogue import find_form, indicators
from assay.reference import Organisation
from assay.sdc import ToSender
from assay.workflows.selfaudit.correction_advice import MISSING
from assay.workflows.selfaudit.failing_advice import FAILING
from assay.workflows.selfaudit.published_context import compare_with_published, quarters_between
from assay.workflows.selfaudit.record_answers import share_sentence
from assay.workflows.selfaudit.record_lists import (
    File,
    ReturnCompleteness,
    day_or_time,
    failing_answer,
    write_list,
    write_list_workbook,
)
from assay.workflows.selfaudit.self_audit_page import MISSING as CHILD_MISSING
from assay.workflows.selfaudit.self_audit_page import OVERDUE, POSSIBLY_MISSING, _css_text, _summary, find_urgent

ALDER = Organisation("INV01", "Alder (invented)", "alder", "territorial", "England")


def ladder(met, not_met, not_known=0, if_counted=0):
    base, total = met + not_met, met + not_met + not_known + if_counted
    return {
        "met": met, "not_met": not_met, "not_known": not_known, "not_known_if_counted": if_counted,
        "share": met / base if base else None,
        "share_lowest": met / total if total else None,
        "share_highest": (met + not_known + if_counted) / total if total else None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "counted_row"),
    [
        # 60 / 80 = 75 in 100; of 100, (60 + 0) to (60 + 20) in 100.
        (ladder(60, 20, 15, 5), "Met: 60 of the 80 crimes that tell, 75%; of all 100, 60% to 80%, since 20 do not tell."),
        (ladder(60, 20), "Met: 60 of the 80 crimes that tell, 75%."),
        (ladder(3, 4, 1), "Met: 3 of the 7 crimes that tell; of all 8, 3 to 4, since 1 does not tell."),
        (ladder(0, 1), "Met: 0 of the 1 record that tells."),
        (ladder(0, 0, 2), "2 crimes may count, and none tells."),
        (ladder(0, 0), "None of your crimes is asked about here."),
    ],
)  # fmt: skip
def test_a_share_is_said_with_its_base_and_with_what_is_not_known(row, counted_row):
    assert share_sentence(row, "crimes") == counted_row


def test_a_body_that_gets_no_rate_is_told_its_counts_alone():
    row = ladder(60, 20) | {"share": None}
    assert share_sentence(row, "crimes") == "Met: 60 of the 80 crimes that tell."


def test_every_fact_that_may_be_missing_in_an_answer_has_words_for_it():
    never = {"family", "state", "in_time"}  # a duty always has the first two, and `why` finds out about the third
    read = {
        name
        for indicator in indicators()
        for text in (indicator.population, indicator.met, *indicator.excluding.values())
        for name in Condition(text).columns
    }
    assert read - never - set(MISSING) == set()


def test_every_indicator_that_asks_of_no_duty_says_what_to_do_where_it_fails():
    assert {indicator.key for indicator in indicators() if indicator.record != "duty"} == set(FAILING)


def test_where_lower_is_better_the_list_is_of_those_that_met_it():
    assert failing_answer(find_form("still_pending")) == "met"
    assert failing_answer(find_form("told_of_arrest")) == "not met"


NOTICE = {
    "standard": "vc6_arrest_enh", "start_event": "suspect_arrested", "end_event": "victim_informed", "about_ref": "E4",
    "crime_ref": "X1", "starts": datetime(2025, 5, 1, 9), "ended": None, "rights_known": True, "state": "not known",
    "age_at_offence": 14,
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "is_sent", "words"),
    [
        ({}, ReturnCompleteness(frozenset()), "does not say that all are sent"),
        ({}, ReturnCompleteness(frozenset({"victim_informed"})), "can be tied to it for certain"),
        ({}, ReturnCompleteness(frozenset(), frozenset({("victim_informed", "X1")})), "was set aside"),
        ({"starts": None}, ReturnCompleteness(frozenset()), "When the clock began"),
        ({"standard": ""}, ReturnCompleteness(frozenset()), "Which country's standard"),
        ({"ended": datetime(2025, 5, 2), "rights_known": False}, ReturnCompleteness(frozenset()), "enhanced rights"),
        ({"ended": datetime(2025, 5, 2)}, ReturnCompleteness(frozenset()), "by its day alone"),
    ],
)
def test_why_a_duty_does_not_tell_follows_from_what_its_record_lacks(row, is_sent, words):
    assert words in is_sent.why(find_form("told_of_arrest"), "not known", {**NOTICE, **row}).reason


def test_a_record_that_may_not_count_names_the_fact_that_would_decide():
    why = ReturnCompleteness(frozenset()).why(
        find_form("told_of_arrest"), "not known if counted", {**NOTICE, "age_at_offence": None}
    )
    assert "on either side of 18" in why.reason
    assert "involvements.date_of_birth" in why.action


@pytest.mark.parametrize(
    ("state", "words"),
    [("late", "came after the limit."), ("breach", "a maximum: a breach."),
     ("breach unless extended", "a breach unless it was extended"), ("did not happen", "no 'victim informed' is on record")],
)  # fmt: skip
def test_a_late_notice_and_an_absent_one_are_told_apart(state, words):
    assert (
        words
        in ReturnCompleteness(frozenset())
        .why(find_form("told_of_arrest"), "not met", {**NOTICE, "state": state})
        .reason
    )


def test_a_moment_is_said_as_exactly_as_it_is_known_and_in_london_time():
    nine = datetime(2025, 7, 1, 8, 0)  # British summer time is an hour ahead
    assert day_or_time(nine, nine, date(2025, 7, 1)) == "2025-07-01 09:00"
    assert day_or_time(datetime(2025, 6, 30, 23), datetime(2025, 7, 1, 22, 59), date(2025, 7, 1)) == "2025-07-01"
    assert day_or_time(None, None, None) == ""


SHEET = File("one", ("only for", "crime"), [("Alder", "0012"), ("Alder", "=1+1"), ("Alder", "-3"), ("Alder", "@x")])


def test_a_reference_keeps_its_zeros_and_is_never_a_formula(tmp_path):
    write_list(tmp_path / "one.csv", SHEET)
    text = (tmp_path / "one.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")  # without its mark a spreadsheet may read UTF-8 as something else
    rows = list(csv.reader(text.decode("utf-8-sig").splitlines()))
    assert [row[1] for row in rows] == ["crime", "0012", "'=1+1", "'-3", "'@x"]


def test_in_the_workbook_every_cell_is_text_as_it_is(tmp_path):
    write_list_workbook(tmp_path / "all.xlsx", [SHEET])
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").worksheets[0]
    cells = [sheet.cell(row, 2) for row in range(2, 6)]
    assert [cell.value for cell in cells] == ["0012", "=1+1", "-3", "@x"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


CRIME = {"force_code": "INV01", "crime_ref": "X1", "closed": False, "cancelled": False, "transferred": False}
DUTY = {
    "force_code": "INV01", "record_ref": "r", "crime_ref": "X1", "involvement_ref": "V1", "about_ref": "E4",
    "standard": "vc6_arrest_enh", "starts": datetime(2025, 5, 1, 9), "starts_last": datetime(2025, 5, 1, 9),
    "starts_day": date(2025, 5, 1), "ended": None, "ended_last": None, "ended_day": None, "state": "did not happen",
    "grades": True, "holder": "police", "standard_in_force": True, "limit_number": 1, "crime_cancelled": False,
    "no_contact_wished": False, "declined": None,
}  # fmt: skip


def found(duty=(), crime=(), episodes=()):
    tables = {
        "duty": pa.Table.from_pylist([{**DUTY, **dict(duty)}]),
        "crime": pa.Table.from_pylist([{**CRIME, **dict(crime)}]),
        "missing_episode": pa.Table.from_pylist([{"force_code": "INV01", **episode} for episode in episodes]),
    }
    if not episodes:
        del tables["missing_episode"]
    return {urgent_list.rule: urgent_list.lines for urgent_list in find_urgent(ToSender(ALDER, tables))}


def test_a_notice_whose_time_ran_out_in_an_open_crime_is_urgent_and_named_by_reference():
    (line,) = found()[OVERDUE]
    assert line == (
        "For Alder (invented) only", OVERDUE.title, "X1", "V1", "E4", "2025-05-01 10:00", "1 working day",
        "Victim told of the suspect's arrest (enhanced rights)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("duty", "crime"),
    [
        ({"state": "not known"}, {}),
        ({"state": "late"}, {}),
        ({"state": "not yet due"}, {}),
        ({"grades": False}, {}),
        ({"holder": "system around the child"}, {}),
        ({"limit_number": None}, {}),
        ({"standard_in_force": False}, {}),
        ({"no_contact_wished": True}, {}),
        ({"crime_cancelled": True}, {}),
        ({}, {"closed": True}),
        ({}, {"closed": None}),
        ({}, {"cancelled": True}),
        ({}, {"transferred": True}),
    ],
)
def test_what_is_not_certain_or_not_the_forces_own_is_not_urgent(duty, crime):
    assert found(duty, crime) == {}


def test_a_child_who_is_missing_is_an_outlier_from_one_of_whom_it_is_not_known():
    episode = {"started_day": date(2025, 5, 1), "age_at_start": 15}
    sentences = found(
        {"state": "late"},
        episodes=[
            {**episode, "missing_ref": "M2", "returned": False},
            {**episode, "missing_ref": "M1", "returned": False, "started_day": date(2025, 4, 1), "age_at_start": None},
            {**episode, "missing_ref": "M3", "returned": None},
            {**episode, "missing_ref": "M4", "returned": True},
            {**episode, "missing_ref": "M5", "returned": False, "age_at_start": 18},
        ],
    )
    assert [line[4] for line in sentences[CHILD_MISSING]] == ["M1", "M2"]  # the longest missing first
    assert [line[4] for line in sentences[POSSIBLY_MISSING]] == ["M3"]


@pytest.mark.parametrize(
    ("first", "after", "quarters"),
    [
        (date(2024, 4, 1), date(2025, 4, 1), 4),
        (date(2025, 1, 1), date(2025, 4, 1), 1),
        (date(2024, 4, 2), date(2025, 4, 1), 0),
        (date(2024, 5, 1), date(2025, 5, 1), 0),
    ],
)
def test_a_period_is_made_of_quarters_or_it_is_not(first, after, quarters):
    assert len(quarters_between(first, after)) == quarters


def test_january_to_march_is_the_fourth_quarter_of_the_year_before():
    assert quarters_between(date(2025, 1, 1), date(2025, 4, 1)) == (make_quarter("2024/25", 4),)


def returned(organisation, first, after, crimes, **manifest):
    counted_row = {
        "force_code": organisation.code,
        "table_name": "crimes",
        "used": True,
        "complete": True,
        "supplied": "whole",
    }
    counted_row |= {"covers_from": None, "covers_to": None}
    kinds = {"cancelled": pa.bool_(), "transferred": pa.bool_(), "in_period": pa.bool_()}
    schema = pa.schema([("force_code", pa.string()), ("offence_code", pa.string()), *kinds.items()])
    rows = [
        {"force_code": organisation.code, "in_period": True, "cancelled": False, "transferred": False, **c}
        for c in crimes
    ]
    tables = {
        "returns": pa.Table.from_pylist([{"force_code": organisation.code, "period_from": first, "period_to": after}]),
        "covers": pa.Table.from_pylist([counted_row | manifest]),
        "crime": pa.Table.from_pylist(rows, schema=schema),
    }
    return [statement.sentence for statement in compare_with_published(ToSender(organisation, tables))]


KENT = Organisation("E23000032", "Kent", "kent", "territorial", "England")
YEAR = (date(2024, 4, 1), date(2025, 4, 1))
THREE = [{"offence_code": "22B"}, {"offence_code": "88A"}, {"offence_code": "22B", "cancelled": True}]


def published_of_kent_in_2024_25():
    """The sum of the eleven codes as they stand in the carried file."""
    from assay import reference
    from assay.ingest.official_statistics import read_bundle

    codes = set(reference.offence_codes("csa11"))
    rows = read_bundle().tables["recorded"].to_pylist()
    force_rows = (r for r in rows if r["force_code"] == "E23000032" and r["financial_year"] == "2024/25")
    return sum(row["offences"] for row in force_rows if row["offence_code"] in codes)


def test_a_return_is_set_beside_the_published_count_of_the_same_months_and_codes():
    recorded, charged = returned(
        KENT, *YEAR, [*THREE, {"offence_code": "1"}, {"offence_code": "22B", "in_period": False}]
    )
    published = published_of_kent_in_2024_25()
    assert "holds 2 crimes recorded in its period" in recorded
    assert "1 more that were cancelled or passed on" in recorded
    assert f"{published:,} were published for the same months (2024/25 Q1 to 2024/25 Q4;" in recorded
    assert f"Your return holds {published - 2:,} fewer: find out why." in recorded
    assert "(Kent)" in charged
    assert "Of the 38 other forces that are compared" in charged


def test_other_months_are_named_and_not_subtracted():
    recorded, _ = returned(KENT, date(2024, 5, 1), date(2025, 5, 1), THREE)
    assert "the nearest full year" in recorded
    assert "not the same months" in recorded
    assert "fewer" not in recorded


def test_a_table_that_was_not_used_is_no_zero():
    recorded, _ = returned(KENT, *YEAR, [], used=False)
    assert recorded == "The table crimes cannot be used, so no count of it can be set beside the published ones."


def test_a_return_that_says_it_is_not_complete_is_not_reproached():
    recorded, _ = returned(KENT, *YEAR, THREE, complete=False)
    assert "It says itself that the table crimes is not complete, which may be all the reason." in recorded


def test_a_return_that_covers_days_alone_is_not_reproached_though_it_is_called_whole():
    recorded, _ = returned(KENT, *YEAR, THREE, covers_from=date(2025, 3, 1))
    assert "It says itself that the table crimes covers 1 March 2025 to 31 March 2025 alone, which may be" in recorded


def test_beside_another_year_it_is_said_what_part_of_a_year_and_of_its_crimes_the_return_speaks_of():
    half = date(2025, 5, 1), date(2025, 11, 1)
    recorded, _ = returned(KENT, *half, THREE, supplied="part", complete=False, covers_to=date(2025, 10, 1))
    assert "your return speaks of part of a year, 1 May 2025 to 31 October 2025." in recorded
    assert (
        "Your return says itself that the table crimes was sent in part, covers 1 May 2025 to 30 September 2025 alone "
        "and is not complete."
    ) in recorded
    longer, _ = returned(KENT, date(2024, 5, 1), date(2025, 6, 1), THREE)
    assert "more than a year, 1 May 2024 to 31 May 2025." in longer
    year, _ = returned(KENT, date(2024, 5, 1), date(2025, 5, 1), THREE)
    assert "of a year" not in year
    assert "says itself" not in year


@pytest.mark.parametrize(
    ("counts_given", "counted_row"),
    [
        ([], "A manifest (return.toml) was sent, but no table."),
        ([(3, 3), (4, 4)], "2 tables with 7 records came; every one can be used."),
        ([(3, 2)], "1 table with 3 records came; 2 can be used, 1 was set aside."),
        ([(9, 7)], "1 table with 9 records came; 7 can be used, 2 were set aside."),
        ([(1, 1)], "1 table with 1 record came; it can be used."),
        ([(0, 0)], "1 table with 0 records came."),
        ([(3, 3), (None, 0)], "2 tables with 3 records that could be counted came; every one can be used."),
    ],
)
def test_what_came_is_summed_up_in_a_sentence_that_reads_well(counts_given, counted_row):
    rows = [{"file": "a.csv", "records": records, "accepted": accepted} for records, accepted in counts_given]
    absent = {"file": "", "records": None, "accepted": 0}
    table = pa.Table.from_pylist([{"force_code": KENT.code, **row} for row in [*rows, absent]])
    assert _summary(ToSender(KENT, {"counted": table})) == counted_row


def test_of_a_synthetic_force_nothing_was_published_and_one_sentence_says_so():
    assert returned(ALDER, *YEAR, THREE) == [
        "There are no published figures for Alder (invented), so nothing can be set beside them."
    ]


def test_a_name_never_ends_the_style_sheet_it_is_printed_by():
    assert str(_css_text('A "b"</style>')) == r'"A \22 b\22 \3c \2f style\3e "'
