"""How many children, suspects and crimes does each definition take in, and whom does each catch?"""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.expressions import ExpressionEngine
from assay.indicators.catalogue.scale import distinct_counts, flag_indicators, record_series

CRIME = {
    "force_code": "INV01", "in_base": True, "cancelled": False, "scope_reason": "core_offence", "cse_flagged": False,
    "csa_flagged": False, "group_flagged": False, "cse_titled": False, "child_at_offence": True,
    "contact_offence": False, "offence_family": "grooming", "suspect_count": 1, "recorded_day": dt.date(2025, 5, 1),
    "recorded_month": "2025-05",
}  # fmt: skip
CRIMES = pa.Table.from_pylist([
    {**CRIME, "crime_ref": "1", "cse_flagged": True},
    {**CRIME, "crime_ref": "2", "cse_flagged": True, "recorded_day": dt.date(2026, 2, 1), "recorded_month": "2026-02"},
    {**CRIME, "crime_ref": "3", "scope_reason": "needs_age_offence"},
    {**CRIME, "crime_ref": "4", "cancelled": True, "cse_flagged": True},
    {**CRIME, "crime_ref": "5", "force_code": "INV02", "cse_flagged": None, "cse_titled": True},
])  # fmt: skip
VICTIM = {"force_code": "INV01", "child_at_offence": True, "age_at_offence": 14, "sex": "F"}
VICTIMS = pa.Table.from_pylist([
    {**VICTIM, "crime_ref": "1", "involvement_ref": "V1", "person_id": "a"},
    {**VICTIM, "crime_ref": "2", "involvement_ref": "V2", "person_id": "a"},
    {**VICTIM, "crime_ref": "3", "involvement_ref": "V3", "person_id": "b", "age_at_offence": 17},
    {**VICTIM, "crime_ref": "4", "involvement_ref": "V4", "person_id": "c"},
    {**VICTIM, "crime_ref": "5", "involvement_ref": "V5", "person_id": "a", "force_code": "INV02", "sex": None},
    {**VICTIM, "crime_ref": "1", "involvement_ref": "V6", "person_id": "d", "child_at_offence": None},
])  # fmt: skip
SUSPECTS = pa.Table.from_pylist([
    {**VICTIM, "crime_ref": "1", "involvement_ref": "S1", "person_id": "s", "named": True, "age_at_offence": 40},
    {**VICTIM, "crime_ref": "1", "involvement_ref": "S2", "person_id": "t", "named": False, "age_at_offence": None},
])  # fmt: skip
OTHERWISE = pa.Table.from_pylist(
    [
        {"force_code": "INV01", "involvement_ref": ref, "person_id": person}
        for ref, person in (("V1", "a"), ("V2", "e"), ("V3", "b"))
    ]
)
ROLES = pa.Table.from_pylist([
    {"force_code": "INV01", "person_id": "p", "role": "listed", "role_day": dt.date(2025, 4, 9)},
    {"force_code": "INV01", "person_id": "p", "role": "listed", "role_day": dt.date(2026, 1, 9)},
    {"force_code": "INV01", "person_id": "q", "role": "listed", "role_day": None},
])  # fmt: skip
FLAGS = pa.Table.from_pylist([
    {"force_code": "INV01", "in_base": True, "removed_in_period": True, "removed_by_role": "supervisor", "removed_reason": None},
    {"force_code": "INV01", "in_base": True, "removed_in_period": None, "removed_by_role": "system", "removed_reason": "error"},
])  # fmt: skip
FLAGGED = pa.Table.from_pylist([
    {"force_code": "INV01", "in_base": True, "flagged": True, "episodes_before_flag": number} for number in (0, 2, 36)
])  # fmt: skip


@pytest.fixture(scope="module")
def found():
    with ExpressionEngine() as engine:
        records = {
            "crime": CRIMES,
            "victim": VICTIMS,
            "suspect": SUSPECTS,
            "role": ROLES,
            "flag": FLAGS,
            "kid": FLAGGED,
        }
        facts = {name: engine.table(name, rows) for name, rows in records.items()}
        count_table = distinct_counts.distinct_counts(
            engine, facts, {"main": None, "high": engine.table("otherwise", OTHERWISE)}
        )
        crimes = engine.create_table("crimes_in", distinct_counts.included_crimes(facts["crime"]))
        children = distinct_counts.select_people(facts["victim"], crimes, distinct_counts.CHILDREN)
        yield {
            "counted": {tuple(row.values())[:5]: tuple(row.values())[5:] for row in count_table.to_pylist()},
            "patterns": distinct_counts.patterns(engine, crimes, children).to_pylist(),
            "months": record_series.monthly(engine, crimes, facts["role"], "listed"),
            "flags": flag_indicators.flag_counts(engine, facts["flag"], facts["kid"]).to_pylist(),
        }


def number(found, place, unit, definition, split="all", value="all"):
    return found["counted"][place, unit, definition, split, value][0]


def test_a_child_in_two_crimes_is_one_child_and_in_two_forces_one_of_all(found):
    assert number(found, "INV01", "children", "flagged_cse") == 1
    assert number(found, "INV01", "crimes", "flagged_cse") == 2
    assert number(found, "INV02", "children", "titled_cse") == 1
    assert number(found, "ALL", "children", "flagged_or_titled_cse") == 1


LACKING = {"INV01": frozenset({"flags"}), "INV02": frozenset({"involvements"})}


@pytest.fixture(scope="module")
def counts_of_supplied_data():
    with ExpressionEngine() as engine:
        records = {"crime": CRIMES, "victim": VICTIMS.slice(0, 4), "suspect": SUSPECTS}
        facts = {name: engine.table(name, rows) for name, rows in records.items()}
        count_rows = distinct_counts.distinct_counts(engine, facts, {"main": None}, LACKING).to_pylist()
        return {tuple(row.values())[:3]: row["number"] for row in count_rows if row["split"] == "all"}


def test_where_a_force_did_not_send_what_a_definition_needs_it_has_no_count_and_no_part_in_that_of_all(
    counts_of_supplied_data,
):
    # INV01 sent no flags: two of its crimes bear one all the same, and count nowhere. INV02 sent nobody's age.
    found = counts_of_supplied_data
    assert ("INV01", "crimes", "flagged_cse") not in found
    assert ("INV01", "crimes", "titled_cse") in found
    assert found["ALL", "crimes", "flagged_cse"] == 0
    assert ("INV02", "children", "titled_cse") not in found
    assert found["INV02", "crimes", "titled_cse"] == 1
    assert ("INV02", "crimes", "child_sexual_offence") not in found


def test_where_no_force_sent_what_a_definition_needs_there_is_no_count_of_all_and_no_zero(counts_of_supplied_data):
    assert ("ALL", "children", "flagged_cse") not in counts_of_supplied_data
    assert ("ALL", "children", "titled_cse") in counts_of_supplied_data


def test_the_count_lies_between_the_linkage_choices(found):
    """Under the other linkage choice the two entries are two children."""
    assert found["counted"]["INV01", "children", "flagged_cse", "all", "all"] == (1, 1, 2)


def test_a_victim_of_17_under_a_code_that_names_no_child_is_counted_by_age_and_not_by_code(found):
    assert number(found, "INV01", "children", "child_sexual_offence", "band", "16 and 17") == 1
    assert number(found, "INV01", "children", "child_by_code", "band", "16 and 17") == 0


def test_a_child_counts_in_each_year_in_which_a_crime_was_recorded(found):
    by_year = {v[4]: n[0] for v, n in found["counted"].items() if v[:4] == ("INV01", "children", "flagged_cse", "year")}
    assert by_year == {"2025/26": 1}
    assert number(found, "INV01", "crimes", "flagged_cse", "year", "2025/26") == 2


def test_an_unknown_sex_is_counted_separately_and_a_cancelled_crime_or_an_unknown_age_counts_nobody(found):
    assert number(found, "INV02", "children", "titled_cse", "sex", "not known") == 1
    assert number(found, "ALL", "children", "child_sexual_offence") == 2


def test_only_named_suspects_are_counted(found):
    assert number(found, "INV01", "suspects", "flagged_cse") == 1


def test_a_child_is_caught_by_every_definition_that_takes_in_a_crime_against_them(found):
    children = {row["pattern"]: row["number"] for row in found["patterns"] if row["counting_unit"] == "children"}
    assert children == {
        "flagged_cse+titled_cse+flagged_csa+child_sexual_offence+child_by_code": 1, "child_sexual_offence": 1,
    }  # fmt: skip


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(2, 8))
def test_no_pattern_that_is_shown_holds_few_and_nothing_is_counted_twice(numbers, fewest):
    rows = [{"counting_unit": "children", "pattern": f"p{i}", "number": n} for i, n in enumerate(numbers)]
    shown_numbers = distinct_counts.fold_rare_patterns(
        pa.Table.from_pylist(rows, schema=distinct_counts.OVERLAP_SCHEMA), fewest
    )["number"].to_pylist()
    assert all(number >= fewest for number in shown_numbers)
    assert sum(shown_numbers) == (sum(numbers) if sum(numbers) >= fewest else 0)


def test_a_child_on_a_partners_list_twice_is_new_once(found):
    assert found["months"]["INV01", record_series.PARTNERS] == {"2025-04": 1}


def test_a_flag_taken_away_is_counted_by_role_and_a_reason_that_was_not_entered_is_not_known(found):
    flag_counts = {
        (row["split"], row["value"]): row["number"] for row in found["flags"] if row["place_code"] == "INV01"
    }
    assert flag_counts == {
        ("removed_by", "supervisor"): 1, ("removed_why", "not known"): 1, ("episodes_before", "none"): 1,
        ("episodes_before", "1 or 2"): 1, ("episodes_before", "10 or more"): 1,
    }  # fmt: skip


def test_a_quarter_that_the_period_does_not_wholly_hold_is_left_out():
    quarters = record_series.Period(dt.date(2025, 5, 1), dt.date(2026, 4, 1)).quarters
    assert [str(quarter) for quarter in quarters] == ["2025/26 Q2", "2025/26 Q3", "2025/26 Q4"]


def test_two_years_are_the_last_eight_full_quarters_and_fewer_are_none():
    two = record_series.Period(dt.date(2023, 5, 1), dt.date(2025, 8, 1)).years
    assert two == [dt.date(2023, 7, 1), dt.date(2024, 7, 1), dt.date(2025, 7, 1)]
    assert record_series.Period(dt.date(2023, 5, 1), dt.date(2025, 4, 1)).years == []


def test_one_year_is_refused_with_what_a_level_needs(found):
    period = record_series.Period(dt.date(2025, 4, 1), dt.date(2026, 4, 1))
    followed = {series.offence_key: series for series in record_series.quarterly(found["months"], period, ["INV01"])}
    assert followed[record_series.MARKED].counts == (1, 0, 0, 1)
    for row in record_series.trend_table_rows(followed[record_series.MARKED]):
        assert row["probability_fell"] is None
        assert row["refusal"]


def test_a_second_count_makes_no_expression_of_its_cuts_and_finds_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path))

    def count():
        with ExpressionEngine() as engine:
            records = {"crime": CRIMES, "victim": VICTIMS, "suspect": SUSPECTS}
            facts = {name: engine.table(name, rows) for name, rows in records.items()}
            return distinct_counts.distinct_counts(engine, facts, {"main": None})

    first = count()
    monkeypatch.setattr(distinct_counts, "count_by", lambda *_, **__: pytest.fail("an expression was made"))
    assert count().equals(first)
