"""What official tables say, one row a place, an offence or set of offences, and a time."""

import pyarrow as pa
import pytest

from assay import reference
from assay.facts import published_series
from assay.ingest.official_statistics.statistics_intake import TABLES

KENT, SURREY = "E23000032", "E23000031"
TERRITORIAL = [force.code for force in reference.forces().territorial]


def recorded(*rows):
    """Rows (force, code, year, quarter, offences)."""
    names = ("force_code", "offence_code", "financial_year", "quarter", "offences")
    filled = [dict.fromkeys(TABLES["recorded"].names) | dict(zip(names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(filled, schema=TABLES["recorded"])


def outcomes(*rows):
    """Rows (force, code, year, quarter, outcome, offences)."""
    names = ("force_code", "offence_code", "financial_year", "quarter", "outcome_code", "of_recorded")
    filled = [
        dict.fromkeys(TABLES["outcomes"].names) | dict(zip(names, row, strict=True)) | {"code_inferred": False}
        for row in rows
    ]
    return pa.Table.from_pylist(filled, schema=TABLES["outcomes"])


def store(recorded_rows=(), outcome_rows=()):
    return published_series.open_store({"recorded": recorded(*recorded_rows), "outcomes": outcomes(*outcome_rows)})


def look(table, place, key):
    return [row for row in table.to_pylist() if row["place_code"] == place and row["offence_key"] == key]


def outcomes_of(series):
    published_series.recorded_quarterly(series)
    published_series.recorded_yearly(series)
    return published_series.outcomes_yearly(series)


def test_a_set_of_offences_is_the_sum_of_its_codes():
    series = store([(KENT, "71", "2024/25", 1, 3), (KENT, "88A", "2024/25", 1, 4), (KENT, "86", "2024/25", 1, 50)])
    quarterly = published_series.recorded_quarterly(series)
    assert [row["offences"] for row in look(quarterly, KENT, "csa11")] == [3 + 4]


def test_a_negative_count_is_kept_in_the_sum():
    series = store([(KENT, "71", "2024/25", 1, -2), (KENT, "88A", "2024/25", 1, 5)])
    assert look(published_series.recorded_quarterly(series), KENT, "csa11")[0]["offences"] == -2 + 5


def test_a_set_is_missing_where_a_place_lacks_a_code_that_others_published():
    series = store([(KENT, "71", "2024/25", 1, 3), (SURREY, "71", "2024/25", 1, 2), (SURREY, "88A", "2024/25", 1, 4)])
    quarterly = published_series.recorded_quarterly(series)
    assert look(quarterly, KENT, "csa11")[0]["offences"] is None
    assert look(quarterly, SURREY, "csa11")[0]["offences"] == 6


def test_a_code_that_did_not_exist_yet_does_not_make_a_set_missing():
    series = store([(KENT, "71", "2018/19", 4, 3), (KENT, "71", "2019/20", 1, 5), (KENT, "19J", "2019/20", 1, 2)])
    shares = look(published_series.recorded_quarterly(series), KENT, "csa11-multiple")
    assert [(row["financial_year"], row["offences"]) for row in shares] == [("2018/19", 3), ("2019/20", 7)]


def test_england_and_wales_is_missing_unless_all_43_forces_are_there():
    all_there = [(code, "71", "2024/25", 1, 1) for code in TERRITORIAL]
    assert look(published_series.recorded_quarterly(store(all_there)), "EW", "71")[0]["offences"] == 43
    assert look(published_series.recorded_quarterly(store(all_there[1:])), "EW", "71")[0]["offences"] is None


def test_british_transport_police_counts_only_in_the_44():
    rows = [(code, "71", "2024/25", 1, 1) for code in [*TERRITORIAL, "BTP"]]
    quarterly = published_series.recorded_quarterly(store(rows))
    assert look(quarterly, "EW", "71")[0]["offences"] == 43
    assert look(quarterly, "EW44", "71")[0]["offences"] == 44


def test_a_part_year_says_how_many_quarters_it_has():
    series = store([(KENT, "71", "2025/26", quarter, 10) for quarter in (1, 2, 3)])
    published_series.recorded_quarterly(series)
    year = look(published_series.recorded_yearly(series), KENT, "71")[0]
    assert (year["quarters"], year["offences"]) == (3, 30)


def test_fraud_organisations_are_not_places_of_this_inspection():
    series = store([("AF", "71", "2024/25", 1, 9), (KENT, "71", "2024/25", 1, 1)])
    assert set(published_series.recorded_quarterly(series)["place_code"].to_pylist()) == {KENT, "EW", "EW44"}
    assert published_series.count_used_rows(series)["recorded"] == 1


def test_outcomes_of_a_year_add_up_over_quarters_and_codes():
    series = store(
        outcome_rows=[
            (KENT, "71", "2024/25", 1, "1", 2),
            (KENT, "88A", "2024/25", 2, "1", 3),
            (KENT, "71", "2024/25", 1, "0", 4),
        ]
    )
    offences_by_outcome = {row["outcome_code"]: row["offences"] for row in look(outcomes_of(series), KENT, "csa11")}
    assert offences_by_outcome == {"1": 5, "0": 4}


def test_a_yearly_outcome_table_counts_as_a_full_year():
    series = store(outcome_rows=[(KENT, "71", "2024/25", None, "1", 2)])
    assert look(outcomes_of(series), KENT, "71")[0]["quarters"] == 4


@pytest.mark.parametrize("key", ["csa11", "all-sexual"])
def test_every_code_of_a_set_is_in_question(key):
    assert set(reference.offence_codes(key)) <= published_series.requested_offence_codes()


def test_outcomes_that_were_not_published_for_a_recorded_code_are_missing_and_not_zero():
    recorded_rows = [(KENT, code, "2024/25", quarter, 5) for code in ("71", "88A") for quarter in (1, 2, 3, 4)]
    outcome_rows = [(KENT, "71", "2024/25", None, "1", 20), (SURREY, "88A", "2024/25", None, "1", 3)]
    outcomes = outcomes_of(store(recorded_rows, outcome_rows))
    assert look(outcomes, KENT, "csa11") == []
    assert look(outcomes, KENT, "71")[0]["offences"] == 20


def test_a_code_without_crimes_has_outcomes_of_zero():
    recorded_rows = [(KENT, "88A", "2024/25", quarter, 0) for quarter in (1, 2, 3, 4)]
    outcome_rows = [(KENT, "71", "2024/25", None, "1", 20), (SURREY, "88A", "2024/25", None, "1", 3)]
    assert look(outcomes_of(store(recorded_rows, outcome_rows)), KENT, "csa11")[0]["offences"] == 20
