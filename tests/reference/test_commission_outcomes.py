"""Is each outcome read as what it means?"""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay import reference as commission
from assay.errors import SourceError
from reference_data import reference

pytestmark = pytest.mark.quick

CODES = ("0", "1", "1A", "2", "2A", "3", "3A", *(str(number) for number in range(4, 24)))


def test_the_codes_are_0_to_23_with_three_for_alternative_offences():
    assert commission.outcomes().keys == CODES


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        (0, "0"), ("0", "0"), ("0.0", "0"), (0.0, "0"), ("Not yet assigned", "0"),
        ("Not yet assigned an outcome", "0"),
        ("1", "1"), ("1a", "1A"), (" 16 ", "16"), (16.0, "16"), ("10", "10"), ("20.0", "20"), ("01", "1"),
        ("Charged/Summonsed", "1"), ("charged / summonsed", "1"), ("Caution – youths", "2"),
        ("Caution - adults", "3"),
    ],
)  # fmt: skip
def test_an_outcome_is_read_as_people_and_spreadsheets_write_it(spelling, code):
    assert commission.outcomes().code_for(spelling) == code


@given(st.integers(0, 23))
def test_a_whole_number_and_its_float_are_the_same_outcome(number):
    assert commission.outcomes().code_for(number) == commission.outcomes().code_for(float(number)) == str(number)


@pytest.mark.parametrize("spelling", ["", "24", "-1", "1B", "1.5", "nan", None, "Out-of-court (formal)"])
def test_what_is_no_outcome_is_refused(spelling):
    with pytest.raises(SourceError, match="does not know the outcome"):
        commission.outcomes().code_for(spelling)


def test_only_not_yet_assigned_is_open():
    assert [outcome.code for outcome in commission.outcomes() if not outcome.closed] == ["0"]


def test_a_charge_is_1_or_1a_and_nothing_else():
    assert [outcome.code for outcome in commission.outcomes() if outcome.charged] == ["1", "1A"]
    assert {o.code for o in commission.outcomes() if o.family == "charged"} == {"1", "1A"}


def test_14_and_16_share_an_official_group_and_only_16_has_a_suspect():
    fourteen, sixteen = commission.outcomes().get("14"), commission.outcomes().get("16")
    assert fourteen.official_group == sixteen.official_group
    assert (fourteen.suspect_identified, sixteen.suspect_identified) == (False, True)
    assert fourteen.family == sixteen.family == "evidential_victim_does_not_support"


def test_where_the_code_does_not_say_the_suspect_is_not_known():
    unknown = {o.code for o in commission.outcomes() if o.suspect_identified is None}
    assert unknown == {"0", "19", "20"}
    assert {o.code for o in commission.outcomes() if o.suspect_identified is False} == {"14", "18"}


def test_alternative_offences_are_counted_in_their_main_code():
    assert {o.code: o.counted_in for o in commission.outcomes() if o.code.endswith("A")} == {
        "1A": "1",
        "2A": "2",
        "3A": "3",
    }


def test_outcome_23_is_no_charge_and_was_not_read_in_an_official_source():
    deferred = commission.outcomes().get("23")
    assert (deferred.charged, deferred.suspect_identified, deferred.family) == (False, True, "out_of_court")
    assert deferred.evidence == "seen-secondary"


def test_every_family_has_an_outcome_and_every_outcome_a_family():
    assert {outcome.family for outcome in commission.outcomes()} == set(commission.FAMILIES)


@pytest.mark.reference
def test_the_words_of_the_outcomes_table_lead_to_its_numbers():
    table = reference("data/homeoffice-outcomes-2018-19/outcomes-open-data-2018-19.csv.gz")
    query = f"select distinct outcome_type, outcome_description from read_csv('{table}', all_varchar=true)"
    for number, words in duckdb.sql(query).fetchall():
        assert commission.outcomes().code_for(words) == number == commission.outcomes().code_for(number)


def test_a_return_writes_noa_where_official_tables_write_nought():
    families = commission.outcome_families()
    assert "0" not in families
    assert (families["NOA"].family, families["NOA"].closed, families["NOA"].charged) == ("pending", False, False)
    assert families["NOA"].suspect_identified is None
    assert {key: family.family for key, family in families.items() if key != "NOA"} == {
        item.code: item.family for item in commission.outcomes() if item.code != "0"
    }


def test_a_return_s_outcomes_as_a_table_leave_empty_what_the_code_does_not_say():
    rows = {row["code"]: row for row in commission.return_outcomes_table().to_pylist()}
    assert len(rows) == 27
    assert rows["20"]["suspect_identified"] is None
    assert (rows["14"]["suspect_identified"], rows["16"]["suspect_identified"]) == (False, True)
    assert [code for code, row in rows.items() if row["charged"]] == ["1"]
    assert [code for code, row in rows.items() if row["closed"] is False] == ["NOA"]


def test_a_code_whose_meaning_was_not_read_in_its_source_answers_nothing_of_a_crime():
    rows = {row["code"]: row for row in commission.return_outcomes_table().to_pylist()}
    for code in ("1A", "2A", "3A", "19", "23"):
        answers = [rows[code][name] for name in ("family", "suspect_identified", "charged", "closed")]
        assert answers == [None] * 4


def test_the_word_noa_finds_the_pending_outcome_in_both():
    assert commission.return_outcomes().code_for("noa") == "NOA"
    assert commission.outcomes().code_for("NOA") == "0"
