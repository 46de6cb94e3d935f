"""Can a suppressed count of a year be worked out from the released change between two years?"""

import pyarrow as pa
import pytest

from assay.facts.financial_quarters import Quarter
from assay.indicators.catalogue.scale import distinct_counts, scale_claim_tests, scale_parts
from assay.indicators.catalogue.scale.published_trends import Series
from assay.indicators.catalogue.scale.record_series import (
    MARKED,
    PARTNERS,
    SCHEMA,
    history_trend_rows,
    trend_table_rows,
)
from assay.indicators.catalogue.scale.scale_release_tables import release_tables
from assay.indicators.catalogue.scale.small_year_suppression import NOT_SHOWN
from assay.sdc import policy

MINIMUM = policy("record level").suppression_threshold + 1
BASE = policy("record level").rounding_base
CHANGE = ("probability_fell", "change_low", "change_high")


def quarters(year):
    """Four quarters with so many records in all."""
    return [year // 4 + (quarter < year % 4) for quarter in range(4)]


def series(*years, kind=MARKED, place="INV01"):
    counts = [count for year in years for count in quarters(year)]
    return Series("Crimes", place, kind, (), Quarter(96 - len(counts)), tuple(counts))


def released(trends, claims=()):
    """What leaves of these trend rows, by place and span, and of these claims."""
    tables = {
        "trends": pa.Table.from_pylist(list(trends), schema=SCHEMA),
        "claims": pa.Table.from_pylist(list(claims), schema=scale_claim_tests.SCHEMA),
        "distinct_counts": distinct_counts.SCHEMA.empty_table(),
        "overlaps": distinct_counts.OVERLAP_SCHEMA.empty_table(),
        "flag_counts": pa.table({"place_code": pa.array([], pa.string())}),
        "accuracy": pa.table({"should_be": pa.array([], pa.int64()), "correctly": pa.array([], pa.int64())}),
        "parts": scale_parts.SCHEMA.empty_table(),
    }
    found = release_tables(tables, minimum=MINIMUM, base=BASE)
    by_place = {(row["place_code"], row["years_apart"]): row for row in found["scale_trends"].to_pylist()}
    return by_place, found["scale_claims"].to_pylist(), found["scale_statements"].to_pylist()


@pytest.mark.parametrize("years", [(18, 20, 2), (18, 2, 20), (18, 16, 7), (18, 3, 1)])
def test_a_change_to_or_from_a_year_of_one_to_seven_is_not_released(years):
    rows, _, _ = released(trend_table_rows(series(*years)))
    row = rows["INV01", 1]
    assert [row[name] for name in CHANGE] == [None] * 3
    assert row["refusal"] == NOT_SHOWN


@pytest.mark.parametrize("years", [(18, 18, 0), (18, 18, 8)])
def test_a_change_to_a_year_of_none_or_of_eight_is_released(years):
    rows, _, _ = released(trend_table_rows(series(*years)))
    assert rows["INV01", 1]["probability_fell"] > 0.9
    assert rows["INV01", 1]["refusal"] == ""


def test_a_change_between_two_years_does_not_tell_counts_that_are_released_rounded():
    """18 and 22 crimes are released as 20 and 20, and so are 19 and 21: the change is the same."""
    (first, _, _), (second, _, _) = (released(trend_table_rows(series(18, *years))) for years in ((18, 22), (19, 21)))
    assert [first["INV01", 1][name] for name in CHANGE] == [second["INV01", 1][name] for name in CHANGE]
    assert first["INV01", 1]["probability_fell"] == 0.5


def test_the_verdict_on_a_claim_tells_no_more_of_two_counts_than_their_rounded_change():
    """From 22 to 13 the partners' lists fell clearly, from 20 to 15 not: both are released as 20 and 15."""
    _, exact_falls, _ = released(trend_table_rows(series(18, 22, 13, kind=PARTNERS)), [claim(PARTNERS, "borne out")])
    _, close_counts, _ = released(
        trend_table_rows(series(18, 20, 15, kind=PARTNERS)), [claim(PARTNERS, "cannot be said")]
    )
    assert exact_falls == close_counts
    assert exact_falls[0]["verdict"] == "cannot be said"


def test_the_statement_says_no_direction_of_a_change_that_is_not_shown():
    _, _, (statement,) = released(trend_table_rows(series(18, 20, 2)))
    assert "the count of crimes marked" not in statement["statement"].partition("Cannot be said")[0]


def test_the_change_of_all_forces_does_not_give_the_year_of_one_away():
    """All forces have 18, 18 and 10 crimes: less the 8 of the second force, the first has 2."""
    trends = [
        row
        for part in (series(9, 9, 2), series(9, 9, 8, place="INV02"), series(18, 18, 10, place="ALL"))
        for row in trend_table_rows(part)
    ]
    rows, _, _ = released(trends)
    assert rows["INV02", 1]["probability_fell"] is not None
    assert [rows["ALL", 1][name] for name in CHANGE] == [None] * 3


def test_the_change_of_all_forces_by_the_model_of_quarters_stays():
    trends = [*trend_table_rows(series(18, 20, 2)), *trend_table_rows(series(800, 800, 400, place="ALL"))]
    assert released(trends)[0]["ALL", 1]["probability_fell"] > 0.9


def test_a_change_between_two_years_of_the_period_is_released_where_its_history_shows_a_fall():
    rows, _, _ = released(history_trend_rows(trend_table_rows(series(16, 0)), series(16, 16, 0)))
    assert rows["INV01", 1]["probability_fell"] > 0.9


def test_a_change_from_a_year_of_the_history_whose_count_is_not_given_is_not_released():
    trends = list(history_trend_rows(trend_table_rows(series(0)), series(16, 16, 0)))
    assert trends[0]["probability_fell"] > 0.9
    rows, _, _ = released(trends)
    assert (rows["INV01", 1]["probability_fell"], rows["INV01", 1]["refusal"]) == (None, NOT_SHOWN)


def test_whether_a_small_fall_was_clear_is_not_told_by_the_reason():
    """From 9 to 6 is no clear fall, from 9 to 1 is one: both get the same sentence."""
    refusals = {
        released(history_trend_rows(trend_table_rows(series(9, latest)), series(9, 9, latest)))[0]["INV01", 1][
            "refusal"
        ]
        for latest in (1, 6)
    }
    assert refusals == {NOT_SHOWN}


def claim(compared_with, verdict, statement="falling"):
    return {"place_code": "INV01", "claim": "scale 2026-03-01", "subject": "scale", "statement": statement,
            "statement_date": "2026-03-01", "compared_with": compared_with, "probability_fell": 0.99, "verdict": verdict,
            "why": "This count did."}  # fmt: skip


def test_a_claim_held_against_a_change_that_is_not_shown_has_no_verdict_at_release():
    _, (row,), _ = released(trend_table_rows(series(18, 20, 2)), [claim(MARKED, "borne out")])
    assert (row["probability_fell"], row["verdict"], row["why"]) == (None, "cannot be said", NOT_SHOWN)


def test_a_fall_borne_out_with_the_help_of_a_hidden_partner_series_does_not_tell_that_the_partners_fell():
    trends = [*trend_table_rows(series(800, 800, 400)), *trend_table_rows(series(18, 20, 2, kind=PARTNERS))]
    _, rows, _ = released(trends, [claim(MARKED, "borne out"), claim(PARTNERS, "borne out")])
    assert {(row["compared_with"], row["verdict"]) for row in rows} == {
        (MARKED, "cannot be said"),
        (PARTNERS, "cannot be said"),
    }
