"""May a table of overlaps leave, and does it give a small count away?"""

import pyarrow as pa

from assay.disclosure import apply_policy, policy
from assay.enquiries.scale.hidden.told import SCHEMAS

COUNTS = {"known_to_police": 60, "police_only": 57, "both": 3, "known_to_partners": 40, "partners_only": 37, "on_any": 97}
ROW = {"place_code": "INV01", "window_from": "2026-04-01", "verdict": "range", "low": 120.0, "high": 300.0, **COUNTS}


def released(name, *rows):
    schema = SCHEMAS[name]
    told = [{key: row.get(key) for key in schema.names} for row in rows]
    return apply_policy({name: pa.Table.from_pylist(told, schema=schema)}, policy("record level"))[name].to_pylist()


def test_an_overlap_of_one_to_four_is_not_shown_and_no_sum_gives_it_away():
    """3 children on both are hidden: of 60 known to police, 57 alone would tell it, were they not rounded."""
    (row,) = released("hidden", ROW)
    assert row["both"] is None
    assert "both" in row["hidden"].split()
    shown = [row[name] for name in COUNTS if row[name] is not None]
    assert all(count % 5 == 0 for count in shown)


def test_a_pair_of_lists_that_share_three_children_shares_fewer_than_five():
    pair = {"place_code": "INV01", "window_from": "2026-04-01", "first": "a", "second": "b", "both": 3}
    (row,) = released("hidden_pairs", pair)
    assert (row["both"], row["hidden"]) == (None, "both")


def test_a_range_leaves_as_it_is_and_not_where_fewer_than_twenty_children_stand_on_any_list():
    (row,) = released("hidden", ROW)
    assert (row["low"], row["high"]) == (120, 300)
    few = {**ROW, "known_to_police": 10, "police_only": 5, "both": 5, "known_to_partners": 10, "partners_only": 5, "on_any": 15}
    (row,) = released("hidden", few)
    assert (row["low"], row["high"]) == (None, None)
