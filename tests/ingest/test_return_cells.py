"""What does a cell of a return hold, and which rule does it break?"""

from datetime import date, datetime

import pytest
from small_return import SmallReturn, errors, own_errors, rows_set_aside


def took(tmp_path, table, row, **manifest):
    return SmallReturn(tmp_path / "return").rows(table, row, **manifest).received()


def cells(folder, table, column, values):
    """What is read of each value of a column, and the return."""
    received = SmallReturn(folder / "return").rows(table, *({column: value} for value in values)).received()
    return dict(zip(values, received.tables[table][column].to_pylist(), strict=True)), received


def cell(received, table, column):
    return received.tables[table][column][0].as_py()


READ = (
    ("crime_ref", "  007/26 ", "007/26"),
    ("offence_code", "19d", "19D"),
    ("offence_code", "71/16", "71"),
    ("offence_code", "019D", "19D"),
    ("first_offence_code", "998B", "998B"),
    ("outcome_code", "01", "1"),
    ("outcome_code", "noa", "NOA"),
    ("outcome_code", "2a", "2A"),
    ("source_of_report", "CHILD", "child"),
    ("received_from_force", "inv02", "INV02"),
    ("transferred_to_force", "other", "OTHER"),
    ("lead_trained", "Yes", True),
    ("lead_trained", "no", False),
    ("suspect_count_stated", "12", 12),
    ("suspect_count_stated", "", None),
    ("outcome_code", "NaN", None),
    ("outcome_code", "   ", None),
    ("investigating_team", "\u00a0cid\u00a0", "cid"),
    ("investigating_team", "cid\t", "cid"),
    ("investigating_team", "\ufeffcid", "cid"),
)
BROKEN = (
    ("outcome_code", "unknown", "R16"),
    ("outcome_code", "99", "R16"),
    ("lead_trained", "Y", "R16"),
    ("lead_trained", "true", "R16"),
    ("suspect_count_stated", "0", "R16"),
    ("suspect_count_stated", "two", "R16"),
    ("suspect_count_stated", "1,000", "R16"),
    ("suspect_count_stated", "2.0", "R16"),
    ("first_offence_code", "fraud", "R16"),
    ("received_from_force", "Kent", "R16"),
    ("other_force_crime_ref", "x" * 65, "R16"),
    ("reported_at", "03/02/2026", "R16"),
    ("reported_at", "2026-2-3", "R16"),
    ("reported_at", "2026-02-30", "R16"),
    ("reported_at", "2026-02-03 10:00", "R16"),
    ("reported_at", "2026-02-03T24:00", "R16"),
    ("reported_at", "2026-02-03T10", "R16"),
    ("reported_at", "yesterday", "R16"),
    ("reported_at", "infinity", "R16"),
    ("reported_at", "294247-01-10T04:00", "R16"),
    ("reported_at", "290309-12-22 (BC) 00:00", "R16"),
    ("reported_at", "2026-02-01T10:00X", "R16"),
    ("occurred_from", "2025-03-30T01:30", "R19"),
    ("offence_code", "none", "R16"),
    ("recorded_at", "2026-03-29T01:00", "R19"),
    ("occurred_from", "1899-12-31", "R25"),
    ("occurred_from", "0026-01-01", "R25"),
    ("reported_at", "2026-08-03T06:01", "R25"),
    ("reported_at", "2026-08-04", "R25"),
    ("reported_at", "2126-01-01", "R25"),
)
ROWS_ASIDE = (
    ({"force_code": "INV02"}, "R10", "force_code"),
    ({"force_code": ""}, "R10", "force_code"),
    ({"crime_ref": ""}, "R11", "crime_ref"),
    ({"crime_ref": "x" * 65}, "R11", "crime_ref"),
    ({"crime_ref": "a\x07b"}, "R11", "crime_ref"),
    ({"recorded_at": "2024-12-31T23:59"}, "R14", "recorded_at"),
    ({"recorded_at": "2026-08-03T07:00"}, "R14", "recorded_at"),
)


@pytest.fixture(scope="module")
def crimes(tmp_path_factory):
    """All the crimes of the three lists in one return; a row stands two lines below its place."""
    rows = [{column: text} for column, text, _ in (*READ, *BROKEN)] + [row for row, _, _ in ROWS_ASIDE]
    received = SmallReturn(tmp_path_factory.mktemp("cells") / "return").rows("crimes", *rows).received()
    table = {row["line"]: row for row in received.tables["crimes"].to_pylist()}
    found = [error for error in own_errors(received, "crimes") if error[2] is not None]
    return (
        table,
        {line: {error[:2] for error in found if error[2] == line} for line in range(2, 2 + len(rows))},
        rows_set_aside(received, "crimes"),
    )


@pytest.mark.parametrize(("number", "case"), list(enumerate(READ)), ids=[f"{c} {t!r}" for c, t, _ in READ])
def test_a_value_is_read_in_the_spelling_of_its_list(crimes, number, case):
    table, found, _ = crimes
    column, _, value = case
    assert table[number + 2][column] == value
    assert found[number + 2] == set()


@pytest.mark.parametrize(("number", "case"), list(enumerate(BROKEN)), ids=[f"{c} {t!r:.30}" for c, t, _ in BROKEN])
def test_a_value_that_breaks_a_rule_is_set_aside_and_the_row_stays(crimes, number, case):
    table, found, _ = crimes
    line = number + 2 + len(READ)
    column, _, rule = case
    assert table[line][column] is None
    assert found[line] == {(rule, column)}


@pytest.mark.parametrize(("number", "case"), list(enumerate(ROWS_ASIDE)), ids=[f"{r} {c}" for _, r, c in ROWS_ASIDE])
def test_a_row_that_lacks_what_it_needs_is_set_aside_under_the_first_rule_that_fits(crimes, number, case):
    table, found, set_aside = crimes
    line = number + 2 + len(READ) + len(BROKEN)
    _, rule, column = case
    assert set_aside[line] == rule
    assert found[line] == {(rule, column)}
    assert line not in table


def test_the_first_rule_gives_the_reason_and_every_error_is_listed(tmp_path):
    received = took(tmp_path, "notes", {"entry_at": "", "entry_type": "soon", "author_role": "nobody"})
    assert rows_set_aside(received, "notes") == {2: "R15"}
    assert own_errors(received, "notes") == {
        ("R15", "entry_at", 2), ("R16", "entry_type", 2), ("R16", "author_role", 2),
    }  # fmt: skip


def test_a_group_history_crime_may_be_older_than_the_history(tmp_path):
    received = took(tmp_path, "crimes", {"recorded_at": "2012-05-01", "scope_reason": "group_history"})
    assert ("R14", "recorded_at", 2) not in errors(received, "crimes")


def test_a_time_of_summer_is_an_hour_earlier_in_universal_time(tmp_path):
    received = took(tmp_path, "reports", {"received_at": "2026-06-01T10:15:59"})
    assert cell(received, "reports", "received_at") == datetime(2026, 6, 1, 9, 15)
    assert cell(received, "reports", "received_at_last") == datetime(2026, 6, 1, 9, 15)
    assert cell(received, "reports", "received_at_day") == date(2026, 6, 1)


def test_a_day_alone_is_every_minute_of_that_day_in_london(tmp_path):
    received = took(tmp_path, "reports", {"received_at": "2026-06-01"})
    assert cell(received, "reports", "received_at") == datetime(2026, 5, 31, 23, 0)
    assert cell(received, "reports", "received_at_last") == datetime(2026, 6, 1, 22, 59)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-03-29", datetime(2026, 3, 29, 0, 0), datetime(2026, 3, 29, 22, 59)),  # 23 hours
        ("2025-10-26", datetime(2025, 10, 25, 23, 0), datetime(2025, 10, 26, 23, 59)),  # 25 hours
    ],
)
def test_the_days_on_which_clocks_change_are_shorter_and_longer(tmp_path, day, first, last):
    received = took(tmp_path, "reports", {"received_at": day})
    assert (cell(received, "reports", "received_at"), cell(received, "reports", "received_at_last")) == (first, last)


CLOCK_TIMES = {
    "2025-10-26T00:59": datetime(2025, 10, 25, 23, 59),
    "2025-10-26T01:30": datetime(2025, 10, 26, 0, 30),  # the doubled hour: the first is meant
    "2025-10-26T02:00": datetime(2025, 10, 26, 2, 0),
    "2026-03-29T00:59": datetime(2026, 3, 29, 0, 59),
    "2026-03-29T02:00": datetime(2026, 3, 29, 1, 0),
}


def test_times_around_a_change_of_the_clock(tmp_path):
    assert cells(tmp_path, "reports", "received_at", CLOCK_TIMES)[0] == CLOCK_TIMES


def test_the_clock_of_long_ago_is_that_of_the_time(tmp_path):
    """In the winter of 1969 the clock of Britain stood an hour ahead all year."""
    received = took(tmp_path, "crimes", {"occurred_from": "1969-12-01T12:00"})
    assert cell(received, "crimes", "occurred_from") == datetime(1969, 12, 1, 11, 0)


def test_a_date_with_a_time_is_read_as_its_day_and_counted(tmp_path):
    received = took(tmp_path, "involvements", {"died_on": "2026-02-01T10:00"})
    assert cell(received, "involvements", "died_on") == date(2026, 2, 1)
    assert ("R20", "died_on", 2) in own_errors(received, "involvements")


def test_a_date_at_midnight_is_a_date(tmp_path):
    received = took(tmp_path, "involvements", {"died_on": "2026-02-01T00:00:00"})
    assert cell(received, "involvements", "died_on") == date(2026, 2, 1)
    assert own_errors(received, "involvements") == set()


def test_a_time_given_as_a_day_alone_is_set_aside(tmp_path):
    received = took(tmp_path, "marks", {"sealed_at": "2026-05-01"})
    assert cell(received, "marks", "sealed_at") is None
    assert own_errors(received, "marks") == {("R21", "sealed_at", 2)}


def test_a_date_of_birth_that_means_none_is_set_aside(tmp_path):
    _, received = cells(
        tmp_path, "involvements", "date_of_birth", ["1900-01-01", "1901-01-01", "1916-08-02", "2026-08-04"]
    )
    assert own_errors(received, "involvements") == {("R23", "date_of_birth", line) for line in (2, 3, 4, 5)}


def test_a_date_of_birth_of_a_living_person_stays(tmp_path):
    days = {day: date.fromisoformat(day) for day in ("1916-08-03", "2010-02-28", "2026-08-03")}
    assert cells(tmp_path, "involvements", "date_of_birth", days)[0] == days


def test_a_number_that_nobody_could_call_is_set_aside(tmp_path):
    _, received = cells(tmp_path, "involvements", "phone", ["12345", "0000000000", "01632 960001"])
    assert own_errors(received, "involvements") == {("R23", "phone", 2), ("R23", "phone", 3)}


def test_a_value_beside_its_missing_reason_holds_and_is_counted(tmp_path):
    received = took(tmp_path, "involvements", {"sex": "F", "sex_missing_reason": "NOT_ASKED"})
    assert cell(received, "involvements", "sex") == "F"
    assert own_errors(received, "involvements") == {("R24", "sex_missing_reason", 2)}


def test_o1_of_the_older_scheme_is_read_as_a4(tmp_path):
    assert cell(took(tmp_path, "involvements", {"ethnicity_self": "O1"}), "involvements", "ethnicity_self") == "A4"


def test_the_day_set_may_lie_after_the_extraction(tmp_path):
    small_return = SmallReturn(tmp_path / "return", kinds={"suspect_bailed": '"yes"'})
    received = small_return.rows(
        "events", {"kind": "suspect_bailed", "due_on": "2026-12-01", "crime_ref": "C1"}
    ).received()
    assert cell(received, "events", "due_on") == date(2026, 12, 1)


def test_control_characters_in_a_text_become_spaces_and_are_counted(tmp_path):
    received = took(tmp_path, "notes", {"person_ref": "N1", "text": "first\tcell\nsecond\x07line\x1a"})
    assert cell(received, "notes", "text") == "first\tcell\nsecond line "
    assert own_errors(received, "notes") == {("R26", "text", 2)}


DETAILS = [
    ("victim_contacted", "In_Person", "in_person", None),
    ("victim_contacted", "by pigeon", None, "R16"),
    ("victim_informed", "suspect_arrested", "suspect_arrested", None),
    ("suspect_bailed", "in_person", None, "R16"),
    ("transfer_offered", "other", "OTHER", None),
]


def test_the_detail_of_an_event_is_of_the_list_that_its_kind_names(tmp_path):
    small_return = SmallReturn(tmp_path / "return", kinds={kind: '"yes"' for kind, *_ in DETAILS})
    rows = [{"kind": kind, "detail": detail, "crime_ref": "C1"} for kind, detail, *_ in DETAILS]
    received = small_return.rows("events", *rows).received()
    assert received.tables["events"]["detail"].to_pylist() == [value for _, _, value, _ in DETAILS]
    rules = {(rule, line) for line, (*_, rule) in enumerate(DETAILS, start=2) if rule}
    assert {(rule, line) for rule, _, line in own_errors(received, "events")} == rules


def midnights(tmp_path, at_midnight, at_ten, **manifest):
    times = [f"2026-02-{1 + n % 28:02d}T00:00" for n in range(at_midnight)]
    times += [f"2026-02-{1 + n % 28:02d}T10:00" for n in range(at_ten)]
    rows = [{"received_at": time} for time in times]
    received = SmallReturn(tmp_path / "return").rows("reports", *rows, **manifest).received()
    table = received.tables["reports"]
    days = sum(a != b for a, b in zip(table["received_at"], table["received_at_last"], strict=True))
    return days, sum(error[0] == "R22" for error in errors(received, "reports"))


def test_where_one_time_in_twenty_is_midnight_midnight_is_a_day_alone(tmp_path):
    assert midnights(tmp_path, 1, 19) == (1, 1)


def test_where_midnight_is_rare_it_is_a_minute(tmp_path):
    assert midnights(tmp_path, 1, 20) == (0, 1)


def test_under_twenty_times_nothing_can_be_told_and_midnight_is_a_minute(tmp_path):
    assert midnights(tmp_path, 9, 10) == (0, 9)


@pytest.mark.parametrize(("declared", "days"), [('"date"', 3), ('"time"', 0)])
def test_the_word_of_the_cover_on_midnight_holds(tmp_path, declared, days):
    assert midnights(tmp_path, 3, 0, midnight=declared) == (days, 0)


def test_in_events_midnight_is_judged_kind_by_kind(tmp_path):
    rows = [
        {"kind": "victim_contacted", "happened_at": f"2026-02-{n:02d}T00:00", "crime_ref": "C1"} for n in range(1, 21)
    ]
    rows += [{"kind": "suspect_arrested", "happened_at": "2026-02-01T00:00", "crime_ref": "C1"}]
    small_return = SmallReturn(tmp_path / "return", kinds={"victim_contacted": '"yes"', "suspect_arrested": '"yes"'})
    table = small_return.rows("events", *rows).received().tables["events"].to_pylist()
    spans = {(row["kind"], row["happened_at"] == row["happened_at_last"]) for row in table}
    assert spans == {("victim_contacted", False), ("suspect_arrested", True)}
