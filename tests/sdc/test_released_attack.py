"""Can a reader who assumes what usually holds narrow a suppressed count of the release further than the policy allows?"""

import pyarrow.parquet as pq
import pytest

from assay.sdc import apply_policy, declared_tables, disclosure_control, usual_constraints
from assay.sdc.additivity_constraints import read_constraints
from assay.sdc.cell_status import is_suppressed
from assay.sdc.disclosure_control import protect_counts, protected_forms, record_rows
from assay.sdc.duplicate_cells import equal_ordered_counts
from assay.sdc.linked_tables import sums_between
from assay.sdc.sum_ranges import Sum
from sdc.released_attack import attack, attack_released
from sdc.test_additivity_constraints import ladder
from sdc.test_record_level import RECORD_LEVEL, table

FORMS = {"ladders": declared_tables()["ladders"]}


def cell(indicator, column):
    return "ladders", (indicator, "INV01", "all"), column


def narrow_counts(rows, certain=(), usual=()):
    return attack(rows, FORMS, RECORD_LEVEL, [*sums_between(rows, FORMS), *certain], usual).narrow


SAME_OUTSIDE = read_constraints(
    """
[[equal]]
because = "The same records are outside."
usually = true
figures = [
  { figure = "ladders.outside", indicator = "first" },
  { figure = "ladders.outside", indicator = "second" },
]
"""
)


def two_ladders():
    """Of the first question 10 records are outside, 22 met and 6 not met (38 records), of the second 20 are outside."""
    return {
        "ladders": [
            ladder("first", outside=10, met=22, not_met=6),
            ladder("second", outside=20, met=30, not_met=40),
        ]
    }


def test_a_usual_constraint_that_is_contradicted_until_a_count_is_suppressed_is_protected():
    """Shown as 10 and 20, the two counts contradict that they are equal. But not met is at least 38 - 12 - 22 = 4.

    So it is 4 to 7, and the 10 is suppressed. Then nothing contradicts that it is equal to the 20, which is 18 to 22.
    """

    def find_usual():
        return [*usual_constraints.usual_constraints(rows, FORMS, SAME_OUTSIDE, policy=RECORD_LEVEL)]

    rows = two_ladders()
    protect_counts(rows, FORMS, RECORD_LEVEL)
    assert is_suppressed(rows["ladders"][0], "outside")
    assert narrow_counts(rows, usual=find_usual())[cell("first", "outside")] == pytest.approx((18, 22))

    rows = two_ladders()
    assert find_usual() == []
    protect_counts(rows, FORMS, RECORD_LEVEL, find_usual=find_usual)
    assert is_suppressed(rows["ladders"][0], "outside")
    assert len(find_usual()) == 1
    assert narrow_counts(rows, usual=find_usual()) == {}


THREE_SUMS = read_constraints(
    "".join(
        f"""
[[sum]]
because = "Those that the first met, and those that the second did not meet."
usually = true
total = {{ figure = "ladders.met", indicator = "{total}" }}
parts = [{{ figure = "ladders.met", indicator = "first" }}, {{ figure = "ladders.not_met", indicator = "second" }}]
"""
        for total in ("third", "fourth", "fifth")
    )
)
ADDS_UP = Sum(cell("third", "met"), (cell("first", "met"), cell("second", "not_met")))


def five_ladders():
    """14 + 3 is usually the third, the fourth and the fifth count. It is the third, 17; the other two are 22."""
    met = {"first": 14, "third": 17, "fourth": 22, "fifth": 22}
    return [ladder("second", not_met=3), *(ladder(indicator, met=count) for indicator, count in met.items())]


def test_a_true_usual_constraint_is_protected_also_where_false_ones_contradict_it():
    """The 14 and the 17 are both shown as 15 (13 to 17), so the suppressed 3 is at most 17 - 13 = 4 if they add up.

    By the two false sums 14 + 3 is 18 to 22. It costs less to leave out the one true sum, and they do not narrow the 3.
    """
    rows = {"ladders": five_ladders()}
    sums = [*usual_constraints.usual_constraints(rows, FORMS, THREE_SUMS, policy=RECORD_LEVEL)]
    assert len(sums) == 3
    assert [*usual_constraints.true_constraints(rows, FORMS, THREE_SUMS)] == [ADDS_UP]
    protect_counts(rows, FORMS, RECORD_LEVEL, find_usual=lambda: sums)
    assert narrow_counts(rows, usual=sums) == {}
    assert narrow_counts(rows, certain=[ADDS_UP])[cell("second", "not_met")] == pytest.approx((1, 4))

    rows = {"ladders": five_ladders()}
    protect_counts(rows, FORMS, RECORD_LEVEL, equal_counts=[ADDS_UP], find_usual=lambda: sums)
    assert narrow_counts(rows, certain=[ADDS_UP], usual=sums) == {}


def test_the_release_protects_true_usual_constraints(monkeypatch):
    monkeypatch.setattr(usual_constraints, "declared_constraints", lambda: THREE_SUMS)
    monkeypatch.setattr(disclosure_control, "_LAST_RESULTS", {})  # its key has no declared constraints
    released = apply_policy({"ladders": table("ladders", five_ladders())}, RECORD_LEVEL)
    rows = {"ladders": released["ladders"].to_pylist()}
    assert is_suppressed(rows["ladders"][0], "not_met")
    assert narrow_counts(rows, certain=[ADDS_UP]) == {}


def test_a_sum_with_a_count_that_is_not_known_is_not_called_true():
    rows = {"ladders": five_ladders()}
    rows["ladders"][0] |= {"not_met": None, "suppressed_cells": "secondary:not_met"}
    assert [*usual_constraints.true_constraints(rows, FORMS, THREE_SUMS)] == []


def test_no_suppressed_count_of_the_demonstration_is_narrowed_by_a_reader_who_assumes_what_is_usual(demo):
    def tables(stage):
        return {path.stem: pq.read_table(path) for path in sorted((demo.folder / stage).glob("*.parquet"))}

    exact, released = tables("counted"), tables("disclosure")
    forms = protected_forms(released)
    rows, exact_rows = record_rows(released, RECORD_LEVEL), record_rows(exact, RECORD_LEVEL)
    true = [*equal_ordered_counts(exact_rows, forms), *usual_constraints.true_constraints(exact_rows, forms)]
    found = attack_released(rows, forms, RECORD_LEVEL, true)
    assert found.attacked > 1000
    assert found.narrow == {}
