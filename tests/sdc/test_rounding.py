"""Is every released number rounded to its declared resolution?"""

from dataclasses import replace

import pyarrow as pa
import pytest

from assay.errors import DefinitionError, DisclosureError
from assay.sdc import declared_tables, policy, release
from assay.sdc.release_tables import Column, _table
from assay.sdc.rounding import P_VALUE_BANDS, is_finer_than_declared, round_to_resolution, smallest_base

RECORD_LEVEL = policy("record level")
SHARE = Column("share", "share", "x", protect=True, base_counts=("met", "not_met"), statistic="estimate",
               count_source="exact", step=0.01, full_value=1.0)  # fmt: skip


def declared(**column):
    return _table("t", {"title": "t", "row": "r", "key": ["k"], "columns": {"k": {"kind": "code", "meaning": "x"},
                                                                             "v": {"meaning": "x", **column}}})  # fmt: skip


@pytest.mark.parametrize(
    ("column", "lacks"),
    [
        ({"kind": "number", "statistic": "estimate", "count_source": "released"}, "its resolution"),
        ({"kind": "share"}, "what it is"),
        ({"kind": "count"}, "what it is"),
        ({"kind": "whole"}, "what it is"),
        (
            {"kind": "number", "statistic": "estimate", "count_source": "exact", "step": 0.1},
            "the counts that it rests on",
        ),
        ({"kind": "share", "protect": True}, "the counts that it rests on"),
        ({"kind": "number", "statistic": "guess", "count_source": "released", "step": 1}, "what it is"),
        ({"kind": "number", "statistic": "estimate", "count_source": "published", "step": 1}, "published = true"),
    ],
)
def test_a_number_that_does_not_say_what_it_is_from_what_and_how_fine_is_no_declaration(column, lacks):
    with pytest.raises(DefinitionError, match=lacks):
        declared(**column)


def test_a_misspelt_key_of_a_table_is_refused_because_it_would_protect_nothing():
    with pytest.raises(DefinitionError, match="table t: unknown key alert_colums"):
        _table("t", {"title": "t", "row": "r", "key": ["k"], "columns": {}, "alert_colums": {}})


def test_every_number_that_may_leave_beside_records_has_a_resolution():
    forms = [declared_tables()[name] for name in RECORD_LEVEL.tables]
    assert not [
        (form.name, column.name) for form in forms for column in form.columns if column.is_float and not column.step
    ]
    assert not [form.name for form in forms if form.published]


def test_a_share_is_never_finer_than_one_record_of_its_base():
    # Of 25 records one is four in a hundred: the next step is five. Of 100 it is one.
    assert [round_to_resolution(0.134, SHARE, base) for base in (25, 40, 60, 100, 4000)] == [
        0.15,
        0.15,
        0.14,
        0.13,
        0.13,
    ]


@pytest.mark.parametrize("released_share", range(20, 205, 5))
def test_which_shares_occur_reveals_nothing_of_the_base_beyond_its_rounding(released_share):
    """A base that is shown as 25 is 23 to 27. Of every one of these, the same shares occur."""
    base = smallest_base({"records": released_share}, replace(SHARE, base_counts=("records",)), RECORD_LEVEL)
    occur = {frozenset(round_to_resolution(k / exact, SHARE, base) for k in range(exact + 1))
             for exact in range(released_share - 2, released_share + 3)}  # fmt: skip
    assert len(occur) == 1


def test_a_test_statistic_leaves_as_a_step_that_it_does_not_pass():
    q = Column("q", "share", "x", statistic="test statistic", count_source="exact", step=0.01)
    assert [round_to_resolution(value, q) for value in (0.0, 0.0099, 0.02, 0.0201, 0.4, 0.987)] == [
        0.01, 0.01, 0.02, 0.05, 0.5, 1.0,
    ]  # fmt: skip
    assert not any(is_finer_than_declared(band, q) for band in P_VALUE_BANDS)
    assert is_finer_than_declared(0.03, q)


def test_from_four_weeks_on_the_limits_of_a_wait_are_whole_weeks_outward():
    low, high = (Column("x", "number", "x", step=1, weeks_from=28, outward=way) for way in ("down", "up"))
    assert [round_to_resolution(day, low) for day in (9.6, 30.0, 48.0)] == [9, 28, 42]
    assert [round_to_resolution(day, high) for day in (9.6, 30.0, 49.0)] == [10, 35, 49]


def spread(**values):
    row = {"indicator": "charged", "forces_compared": 6, "overall": 0.5, "between_force_sd": 0.1,
           "naive_outside_3_sigma": 1, "outliers": 0}  # fmt: skip
    return pa.Table.from_pylist([row | values], schema=declared_tables()["indicator_spread"].schema)


def test_statistics_of_all_forces_do_not_leave_without_the_counts_that_they_are_computed_from():
    with pytest.raises(DisclosureError, match="computed from 'force_estimates' as released"):
        release({"indicator_spread": spread()}, policy=RECORD_LEVEL, ledger_head="", edition="")


def test_the_mean_squared_z_is_for_analysts_and_does_not_leave():
    form = declared_tables()["indicator_spread"]
    assert "mean_z_squared" in form.internal_columns
    assert "mean_z_squared" not in form.schema.names


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("characteristic_states", {"place_code": "A", "characteristic": "b", "state": "open", "probability": 0.12345}, "finer"),
        ("wait_medians", {"wait": "w", "place_code": "A", "records": 40, "ended": None, "mean_days": 12.0}, "rests on"),
        ("wait_medians", {"wait": "w", "place_code": "A", "records": 40, "ended": 10, "not_reached": True}, "rests on"),
        ("wait_medians", {"wait": "w", "place_code": "A", "records": 40, "ended": 30, "mean_days": 12.5}, "finer"),
        ("wait_medians", {"wait": "w", "place_code": "A", "records": 40, "ended": 30, "mean_low": 29.0}, "finer"),
        ("disparities", {"indicator": "i", "side": "s", "characteristic": "c", "people": "p", "met": None, "not_met": 40,
                    "verdict": "v", "q_value": 0.5}, "rests on"),
        ("disparities", {"indicator": "i", "side": "s", "characteristic": "c", "people": "p", "met": 30, "not_met": 40,
                    "verdict": "v", "q_value": 0.31}, "finer"),
        ("tiers", {"tool": "t", "split": "sex", "people": "p", "tier": "low", "harmed": 10, "not_harmed": 15,
                   "share_low": 0.13}, "finer"),
        ("hidden_victims", {"place_code": "A", "window_from": "x", "window_to": "y", "lists": 3, "verdict": "range",
                    "police_only": 20, "both_lists": 20, "partners_only": 20, "on_any": 60, "low": 62.0}, "finer"),
        ("hidden_victims", {"place_code": "A", "window_from": "x", "window_to": "y", "lists": 3, "verdict": "range",
                    "police_only": 20, "both_lists": 20, "partners_only": 20, "on_any": 60, "low": 60.0}, "finer"),
    ],
)  # fmt: skip
def test_what_is_finer_than_declared_or_has_a_hidden_base_is_refused(name, row, message, monkeypatch):
    """As if disclosure had let it through: the release looks again."""
    monkeypatch.setattr("assay.sdc.released.apply_policy", lambda tables, _, prior_releases: dict(tables))
    schema = declared_tables()[name].schema
    unrounded = pa.Table.from_pylist([dict.fromkeys(schema.names) | row], schema=schema)
    with pytest.raises(DisclosureError, match=message):
        release({name: unrounded}, policy=RECORD_LEVEL, ledger_head="", edition="")


def test_what_is_as_fine_as_declared_leaves():
    schema = declared_tables()["characteristic_states"].schema
    row = {"place_code": "A", "characteristic": "b", "state": "open", "probability": 0.1234567}
    unrounded = pa.Table.from_pylist([dict.fromkeys(schema.names) | row], schema=schema)
    left = release({"characteristic_states": unrounded}, policy=RECORD_LEVEL, ledger_head="", edition="")
    assert left.rows("characteristic_states")[0]["probability"] == 0.123
