"""Who may be asked, and may it be set beside others?"""

from collections import Counter

import pytest

from assay import reference
from assay.errors import UnknownForce

pytestmark = pytest.mark.quick

ORGANISATIONS = reference.real_organisations()


def test_forces_the_agency_and_ten_regional_units_may_be_asked_and_no_fraud_body():
    kinds = Counter(organisation.kind for organisation in ORGANISATIONS)
    assert kinds == {"territorial": 43, "transport": 1, "agency": 1, "regional unit": 10}


@pytest.mark.parametrize(
    ("code", "ranked", "rated"),
    [("E23000001", True, True), ("BTP", False, True), ("NCA", False, False), ("RU-EE", False, False)],
)
def test_a_regional_unit_and_the_agency_are_neither_ranked_nor_rated(code, ranked, rated):
    organisation = ORGANISATIONS.get(code)
    assert (organisation.ranked, organisation.rated) == (ranked, rated)


def test_no_country_is_given_to_a_body_that_works_in_both_or_takes_cases_from_many():
    assert {ORGANISATIONS.get(code).country for code in ("BTP", "NCA", "RU-WA", "RU-EE")} == {""}
    assert ORGANISATIONS.get("W15000003").country == "Wales"
    assert Counter(organisation.country for organisation in ORGANISATIONS) == {"England": 39, "Wales": 4, "": 12}


def test_a_body_without_residents_has_none_and_not_nought():
    assert ORGANISATIONS.get("RU-NW").children is None
    assert ORGANISATIONS.get("E23000002").children == 92373


@pytest.mark.parametrize(
    ("wrong", "near_names"),
    [("RU-EX", "RU-EE"), ("Cumbria", "E23000002"), ("W1500004", "W15000004"), ("ru-wm", "RU-WM")],
)
def test_an_unknown_body_is_refused_with_near_names(wrong, near_names):
    with pytest.raises(UnknownForce, match=near_names):
        ORGANISATIONS.get(wrong)


def test_a_body_that_is_near_nothing_is_refused_without_a_guess():
    with pytest.raises(UnknownForce) as refused:
        ORGANISATIONS.get("zzzzzz")
    assert "Did you mean" not in str(refused.value)


def test_the_table_has_a_row_a_body():
    rows = {row["code"]: row for row in ORGANISATIONS.table().to_pylist()}
    assert len(rows) == 55
    assert (rows["RU-EE"]["ranked"], rows["RU-EE"]["rated"], rows["RU-EE"]["children"]) == (False, False, None)


def test_the_code_lists_stand_as_tables_beside_the_records():
    tables = reference.code_tables(ORGANISATIONS)
    assert {name: table.num_rows for name, table in tables.items()} == {
        "standards": 75, "offences": 33, "outcomes": 27, "event_kinds": 124, "ethnicities": 40, "organisations": 55
    }  # fmt: skip
