"""Are the short forms that systems write for an outcome, an ethnicity, a time or nobody read as what they mean?"""

from datetime import datetime

import polars as pl
import pytest

from assay.ingest.extracts.split_values import is_for_nobody, is_name_of_nobody
from assay.ingest.extracts.value_kinds_coded import says_nobody
from assay.ingest.extracts.value_kinds_dates import find_date_form, read_moments
from assay.ingest.extracts.value_kinds_ethnicity import read_self_defined
from assay.ingest.extracts.value_kinds_outcomes import read_outcomes

pytestmark = pytest.mark.quick
NOT_UNDERSTOOD = None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Not fin.", "NOA"), ("NOT FINALISED", "NOA"), ("not yet fin'd", "NOA"), ("Not assig", "NOA"), ("NYF", "NOA"),
        ("To be allocated", "NOA"), ("Not charged", NOT_UNDERSTOOD), ("Not det", NOT_UNDERSTOOD),
        ("Not fine", NOT_UNDERSTOOD), ("Not finalised - charged", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_no_outcome_is_assigned_yet_also_where_the_word_is_cut_short(text, code):
    assert read_outcomes([text]) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Undetected - Ongoing", "NOA"), ("Live (undetected)", "NOA"), ("Unsolved: pending", "NOA"), ("Case open", "NOA"),
        ("Undetected - charged", NOT_UNDERSTOOD), ("Undetected not ongoing", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_a_crime_that_is_undetected_and_still_open_has_no_outcome_yet(text, code):
    assert read_outcomes([text]) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Undetected", NOT_UNDERSTOOD), ("Filed undetected", NOT_UNDERSTOOD), ("UNDETECTED - FILED", NOT_UNDERSTOOD),
        ("Undetected, investigation complete", NOT_UNDERSTOOD), ("14 - Undetected", "14"), ("Undetected (18)", "18"),
        ("Undetected - no suspect identified", "18"), ("1 - Undetected", NOT_UNDERSTOOD), ("UNDET - CHARGED", NOT_UNDERSTOOD),
        ("Undetected - community resolution", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_undetected_alone_names_no_outcome_and_contradicts_a_charge(text, code):
    assert read_outcomes([text]) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [("FIN15", "15"), ("Disp 16", "16"), ("Result: 8", "8"), ("FIN99", NOT_UNDERSTOOD), ("IC3", NOT_UNDERSTOOD)],
)
def test_an_outcome_is_read_by_its_number_behind_the_letters_of_a_system(text, code):
    assert read_outcomes([text]) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("White - English/Welsh/Scottish/N. Irish/British", "W1"), ("Scottish, English, N Irish or British", "W1"),
        ("White - NI", "W1"), ("White Brit", "W1"), ("White - Irish", "W2"), ("White - Irish/British", NOT_UNDERSTOOD),
        ("NI", NOT_UNDERSTOOD), ("Asian British", "AX"), ("White", "WX"),
    ],
)  # fmt: skip
def test_the_nations_of_the_united_kingdom_are_one_ethnicity_in_any_order(text, code):
    assert read_self_defined([text]) == [code]


@pytest.mark.parametrize(
    "clock", ["time not known", "(time unknown)", "- n/k", "??:??", "--:--", "Time: not recorded", ", no time"]
)
def test_a_date_whose_time_is_not_known_is_a_day_alone(clock):
    texts = ["2025-05-13 09:10", f"01/05/2025 {clock}"]
    assert find_date_form(texts).share == 1.0
    moments, is_day = read_moments(texts, "DD/MM/YYYY")
    assert moments.to_pylist() == [datetime(2025, 5, 13, 9, 10), datetime(2025, 5, 1)]
    assert is_day.to_pylist() == [False, True]


@pytest.mark.parametrize("text", ["01/05/2025 not known by police", "01/05/2025 maybe", "not known"])
def test_a_date_with_another_remark_is_none(text):
    assert read_moments([text], "DD/MM/YYYY")[0].to_pylist() == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No victim", True), ("NO VICTIMS", True), ("No  victim (crime against the state)", True),
        ("No victim recorded", True), ("Victimless crime", True), ("No suspect", True), ("No IP", True),
        ("No victim - not identified", False), ("No suspect identified", False), ("No IP address", False),
        ("No victim support", False), ("No information", False), ("Noah Victim", False), ("", False),
    ],
)  # fmt: skip
def test_a_cell_says_that_there_is_no_such_person_only_if_it_says_nothing_of_the_person(text, expected):
    assert says_nobody(text) is expected
    assert pl.select(cell=pl.lit(text)).select(answer=is_for_nobody(pl.col("cell")))["answer"].to_list() == [expected]


@pytest.mark.parametrize(
    ("surname", "forename", "expected"),
    [
        ("UNKNOWN", "MALE 30S", True), ("Unknown", "teens", True), ("UNKNOWN", "Mid 20's", True),
        ("Unk", "Male, slim build", True), ("UNKNOWN", "Ann", False), ("UNKNOWN", "Man Yee", False),
        ("Early", "Ann", False), ("Late", "Malena", False),
    ],
)  # fmt: skip
def test_a_description_beside_a_surname_that_is_not_known_names_nobody(surname, forename, expected):
    assert is_name_of_nobody(pl.Series([surname]), pl.Series([forename])).to_list() == [expected]
