"""May a table of list overlaps be released, and does it reveal a small count?"""

import pyarrow as pa
import pytest

from assay.indicators.catalogue.scale.hidden.hidden_sentences import sentences
from assay.indicators.catalogue.scale.hidden.hidden_tables import SCHEMAS
from assay.sdc import apply_policy, declared_tables, policy

COUNTS = {
    "known_to_police": 60,
    "police_only": 57,
    "both_lists": 3,
    "known_to_partners": 40,
    "partners_only": 37,
    "on_any": 97,
}
ROW = {"place_code": "INV01", "window_from": "2026-04-01", "verdict": "range", "low": 120.0, "high": 300.0, **COUNTS}


def released(name, *rows):
    schema = SCHEMAS[name]
    full_rows = [{key: row.get(key) for key in schema.names} for row in rows]
    return apply_policy({name: pa.Table.from_pylist(full_rows, schema=schema)}, policy("record level"))[
        name
    ].to_pylist()


def test_an_overlap_of_one_to_four_is_not_shown_and_no_sum_gives_it_away():
    """3 children on both are hidden: of 60 known to police, 57 alone would tell it, were they not rounded."""
    (row,) = released("hidden_victims", ROW)
    assert row["both_lists"] is None
    assert "both_lists" in row["suppressed_cells"].split()
    shown_counts = [row[name] for name in COUNTS if row[name] is not None]
    assert all(count % 5 == 0 for count in shown_counts)


def test_a_pair_of_lists_that_share_three_children_shares_fewer_than_five():
    pair = {"place_code": "INV01", "window_from": "2026-04-01", "first": "a", "second": "b", "both_lists": 3}
    (row,) = released("hidden_victims_pairs", pair)
    assert (row["both_lists"], row["suppressed_cells"]) == (None, "both_lists")


ON_LISTS = {"known_to_police": 60, "police_only": 40, "both_lists": 20, "known_to_partners": 57, "partners_only": 37,
            "on_any": 97}  # fmt: skip


def test_a_range_leaves_where_all_that_it_is_estimated_from_is_shown_and_enough():
    (row,) = released("hidden_victims", {**ROW, **ON_LISTS})
    assert (row["low"], row["high"]) == (120, 300)
    (row,) = released(
        "hidden_victims", ROW
    )  # 3 on both: from the range the number that links the lists could be tried out
    assert (row["low"], row["high"], row["both_lists"]) == (None, None, None)
    small_counts = {
        **ROW,
        "known_to_police": 10,
        "police_only": 5,
        "both_lists": 5,
        "known_to_partners": 10,
        "partners_only": 5,
        "on_any": 15,
    }
    (row,) = released("hidden_victims", small_counts)
    assert (row["low"], row["high"]) == (None, None)


@pytest.mark.parametrize("on_any", range(43, 48))
def test_a_range_that_begins_and_ends_at_the_count_on_the_lists_tells_no_more_than_its_rounding(on_any):
    """43 to 47 are all shown as 45. Were the range said as it is, 40 would tell 43 or 44."""
    lists = {"known_to_police": 25, "police_only": on_any - 25, "both_lists": 10, "known_to_partners": 35,
             "partners_only": 15, "on_any": on_any}  # fmt: skip
    (row,) = released("hidden_victims", {**ROW, **lists, "low": float(on_any), "high": float(on_any)})
    assert (row["on_any"], row["low"], row["high"]) == (45, 40, 50)


def test_a_range_that_reaches_further_holds_what_it_held():
    (row,) = released("hidden_victims", {**ROW, **ON_LISTS, "low": 108.0, "high": 133.0, "fold": 1.6})
    assert (row["low"], row["high"], row["fold"]) == (105, 135, 1.6)


CHANGE = {"place_code": "INV01", "earlier_from": "2025-04-01", "later_from": "2026-04-01", "direction": "fewer",
          "probability_fewer": 0.96, "low": 0.42, "high": 0.87}  # fmt: skip
PART = {"place_code": "INV01", "part": "hidden", "unit": "children", "low": 23, "high": 203, "methods": "As follows."}


def released_with(hidden):
    """What leaves of a change and of a part that were made of this range."""
    rows = {"hidden_victims": [hidden], "hidden_victims_changes": [CHANGE], "scale_parts": [PART]}
    forms = {name: declared_tables()[name].schema for name in rows}
    result = apply_policy({name: pa.Table.from_pylist([{n: table_row.get(n) for n in forms[name].names} for table_row in table_rows],
                                                    schema=forms[name]) for name, table_rows in rows.items()},
                        policy("record level"))  # fmt: skip
    return result["hidden_victims_changes"].to_pylist()[0], result["scale_parts"].to_pylist()[0]


def test_what_was_made_of_a_range_is_shown_where_the_range_is():
    change, part = released_with({**ROW, **ON_LISTS})
    assert (change["probability_fewer"], change["low"], change["high"]) == (0.96, 0.4, 0.9)
    assert (part["low"], part["high"]) == (25, 205)


def test_and_not_where_a_count_of_the_lists_is_hidden():
    change, part = released_with(ROW)
    assert [change[name] for name in ("probability_fewer", "low", "high")] == [None] * 3
    assert change["direction"] == "cannot be said"
    assert (part["low"], part["high"], part["suppressed_cells"]) == (None, None, "secondary:low secondary:high")


def test_a_range_beside_a_count_on_any_list_that_was_suppressed_does_not_leave():
    row = {**ROW, **ON_LISTS, "on_any": None, "suppressed_cells": "secondary:on_any"}
    form = declared_tables()["hidden_victims"].schema
    table = pa.Table.from_pylist([{name: row.get(name) for name in form.names}], schema=form)
    (left,) = apply_policy({"hidden_victims": table}, policy("record level"))["hidden_victims"].to_pylist()
    assert (left["low"], left["high"]) == (None, None)


def test_what_is_asked_for_beside_a_range_that_is_not_shown_does_not_tell_that_it_was_too_wide():
    wide = {**ROW, "lists": 2, "high": 900.0, "verdict": "order of magnitude", "ask_for": "The list of health."}
    useful = {**ROW, "lists": 2}
    (left_wide,), (left_useful,) = released("hidden_victims", wide), released("hidden_victims", useful)
    assert left_wide == left_useful
    assert (left_wide["ask_for"], left_wide["low"]) == (None, None)


def test_the_request_of_another_year_whose_range_is_shown_stays():
    shown_row = {**ROW, **ON_LISTS, "window_from": "2025-04-01", "high": 900.0, "ask_for": "The list of health."}
    by_year = {
        row["window_from"]: row["ask_for"] for row in released("hidden_victims", {**ROW, "ask_for": "Any."}, shown_row)
    }
    assert by_year == {"2025-04-01": "The list of health.", "2026-04-01": None}


def test_the_sentence_of_a_range_that_is_not_shown_asks_for_no_list():
    row = {
        **dict.fromkeys(SCHEMAS["hidden_victims"].names),
        **ROW,
        "lists": 2,
        "low": None,
        "ask_for": "The list of health.",
    }
    assert "health" not in sentences(row)[2]
    assert "health" in sentences({**row, "refusal": "Not estimated: two lists."})[2]
