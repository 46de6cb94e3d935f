"""Is an age that was sent beside a date of birth held against it? (R73)"""

from small_return import SmallReturn, errors, rows_set_aside

CRIME = {"crime_ref": "C1", "occurred_from": "2026-01-10", "occurred_to": "2026-01-20",
         "reported_at": "2026-02-01T09:00"}  # fmt: skip
BORN = "2010-01-15"


AGES = [
    ({"age_at_offence": "15"}, []),
    ({"age_at_offence": "16"}, []),
    ({"age_at_offence": "14"}, ["age_at_offence"]),
    ({"age_at_offence": "17"}, ["age_at_offence"]),
    ({"age_at_report": "16"}, []),
    ({"age_at_report": "15"}, ["age_at_report"]),
    ({"age_band": "13-15"}, []),
    ({"age_band": "16-17"}, []),
    ({"age_band": "10-12"}, ["age_band"]),
    ({"age_band": "18+"}, ["age_band"]),
    ({}, []),
]


def test_an_age_that_contradicts_the_date_of_birth_is_told_and_the_row_stays(tmp_path):
    """Born on 15 January 2010: 15 on the first possible day, 16 on the last, 16 when it was reported."""
    people = [{"crime_ref": "C1", "date_of_birth": BORN} | ages for ages, _ in AGES]
    received = SmallReturn(tmp_path / "return").rows("crimes", CRIME).rows("involvements", *people).received()
    contradicted = {(line, column) for rule, column, line in errors(received, "involvements") if rule == "R73"}
    assert contradicted == {(line, column) for line, (_, columns) in enumerate(AGES, start=2) for column in columns}
    assert rows_set_aside(received, "involvements") == {}


def test_an_age_outside_its_own_band_is_told(tmp_path):
    people = [{"crime_ref": "C1", "age_at_offence": age, "age_band": "13-15"} for age in ("15", "16")]
    received = SmallReturn(tmp_path / "return").rows("crimes", CRIME).rows("involvements", *people).received()
    assert [error for error in errors(received, "involvements") if error[0] == "R73"] == [("R73", "age_at_offence", 3)]


def test_a_band_in_another_form_is_set_aside_and_not_guessed(tmp_path):
    people = [{"age_band": band} for band in ("13 to 15", "child", "-15", "13-", "under 18")]
    received = SmallReturn(tmp_path / "return").rows("crimes", CRIME).rows("involvements", *people).received()
    lines = {line for rule, column, line in errors(received, "involvements") if (rule, column) == ("R16", "age_band")}
    assert lines == {2, 3, 4, 5, 6}
    assert received.tables["involvements"]["age_band"].to_pylist() == [None] * 5


def test_an_outcome_against_a_suspect_agrees_with_a_crime_that_says_one_is_known_by_name(tmp_path):
    """Outcome 15 needs a named suspect; the first crime says that there is one, the second says nothing."""
    outcome = {"outcome_code": "15", "outcome_at": "2026-03-01"}
    crimes = [{"crime_ref": "C1", "suspect_identified": "yes"} | outcome, {"crime_ref": "C2"} | outcome]
    received = (
        SmallReturn(tmp_path / "return").rows("crimes", *crimes).rows("involvements", {"crime_ref": "C1"}).received()
    )
    assert {error for error in errors(received, "crimes") if error[:2] == ("R51", "outcome_code")} == {
        ("R51", "outcome_code", 3)
    }
