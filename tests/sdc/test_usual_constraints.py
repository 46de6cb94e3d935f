"""Which constraints hold between counts that have exceptions, such as a person in two places?"""

import pytest

from assay.sdc import declared_tables
from assay.sdc.additivity_constraints import read_constraints
from assay.sdc.cell_status import is_suppressed, suppress_cell
from assay.sdc.disclosure_control import _never_contradicted, protect_counts
from assay.sdc.linear_programming_attack import Attack
from assay.sdc.linked_tables import PriorReleaseRows, linked_groups, sums_between
from assay.sdc.secondary_suppression import underprotected_cells
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, Sum
from assay.sdc.usual_constraints import DefaultConstraints, usual_constraints
from sdc.test_additivity_constraints import ladder
from sdc.test_record_level import RECORD_LEVEL

FORMS = declared_tables()


def children(place, number, low=None, high=None):
    key = {"place_code": place, "counting_unit": "children", "definition": "flagged_csa", "suppressed_cells": ""}
    return key | {"number": number, "number_low": low or number, "number_high": high or number}


def cell(place, column="number"):
    return ("distinct_counts", (place, "children", "flagged_csa"), column)


def distinct(**numbers):
    return {"distinct_counts": [children(place, number) for place, number in numbers.items()]}


def test_a_child_whom_two_forces_know_contradicts_no_constraint():
    rows = distinct(INV01=40, INV02=30, ALL=60)
    forms = {"distinct_counts": FORMS["distinct_counts"]}
    assert Sum(cell("ALL"), (cell("INV01"), cell("INV02"))) not in {*sums_between(rows, forms)}
    for group in linked_groups(rows, forms, RECORD_LEVEL, equal_counts=[*usual_constraints(rows, forms)]):
        attack = Attack([group.known_range(count) for count in range(len(group.cells))], group.sums)
        attack.find_narrow_counts(range(len(group.cells)), 5)
        assert attack.contradictory_sums == []


@pytest.mark.parametrize(("total", "is_possible"), [(39, False), (40, True), (70, True), (71, False)])
def test_all_forces_know_at_least_as_many_children_as_one_and_at_most_their_sum(total, is_possible):
    rows = distinct(INV01=40, INV02=30, ALL=total)
    sums = [
        item
        for item in sums_between(rows, {"distinct_counts": FORMS["distinct_counts"]})
        if "number_" not in item.total[2]
    ]
    cells = list(dict.fromkeys(part for item in sums for part in (item.total, *item.parts)))
    count = {cell("INV01"): 40, cell("INV02"): 30, cell("ALL"): total}
    ranges = [(count[part], count[part]) if part in count else (0, 10**6) for part in cells]
    attack = Attack(ranges, [signs(item, cells) for item in sums])
    attack.find_narrow_counts([0], 10**7)
    assert (attack.contradictory_sums == []) == is_possible


def signs(constraint, cells):
    return {cells.index(constraint.total): -1} | {cells.index(part): 1 for part in constraint.parts}


def test_the_children_of_the_only_force_that_has_any_are_those_of_all():
    rows = distinct(INV01=40, INV02=0, ALL=40)
    assert Sum(cell("ALL"), (cell("INV01"),)) in {*sums_between(rows, {"distinct_counts": FORMS["distinct_counts"]})}


def test_where_no_child_is_known_to_two_forces_a_reader_is_expected_to_add_up():
    forms = {"distinct_counts": FORMS["distinct_counts"]}
    total = Sum(cell("ALL"), (cell("INV01"), cell("INV02")))
    assert total in {*usual_constraints(distinct(INV01=40, INV02=30, ALL=70), forms)}
    assert total not in {*usual_constraints(distinct(INV01=40, INV02=30, ALL=69), forms)}


USUALLY = read_constraints(
    """
[[equal]]
because = "Of nearly every narrative it can be seen whether it is a copy."
usually = true
figures = [
  { figure = "ladders.met", indicator = "narrative_given" },
  { figure = "ladders.met", indicator = "narrative_copied" },
]
"""
)


def test_a_rule_with_an_exception_in_one_force_is_used_in_the_others_only():
    rows = {
        "ladders": [
            ladder(indicator, place, met=met)
            for indicator, counts in (("narrative_given", (12, 13, 25)), ("narrative_copied", (12, 12, 24)))
            for place, met in zip(("INV01", "INV02", "ALL"), counts, strict=True)
        ]
    }
    forms = {"ladders": FORMS["ladders"]}
    (found,) = usual_constraints(rows, forms, USUALLY)
    assert {found.total[1][1], found.parts[0][1][1]} == {"INV01"}
    used = {*sums_between(rows, forms, USUALLY)}
    assert found not in used


def test_a_rule_that_is_false_is_used_where_what_a_reader_sees_does_not_contradict_it():
    """23 and 24 are both released as 25; 22 is released as 20, so that a reader sees that they differ.

    Who assumes that 23 and 24 are equal works out a range that holds the true counts: the rule must be protected.
    """
    forms = {"ladders": FORMS["ladders"]}

    def rows(copied):
        pair = (("narrative_given", 23), ("narrative_copied", copied))
        return {"ladders": [ladder(indicator, "INV01", met=met) for indicator, met in pair]}

    for copied, contradicted in ((23, False), (24, False), (22, True), (7, True)):
        found = [*usual_constraints(rows(copied), forms, USUALLY, policy=RECORD_LEVEL)]
        assert (found == []) == contradicted
    small = {"ladders": [ladder("narrative_given", "INV01", met=2), ladder("narrative_copied", "INV01", met=6)]}
    assert len([*usual_constraints(small, forms, USUALLY, policy=RECORD_LEVEL)]) == 1


def test_a_suppression_makes_a_contradicted_rule_possible_without_deriving_it_again():
    """A reader sees that 10 is not 20. After the suppression of the 10 it may be any number from 1 up."""
    pair = (("narrative_given", 10), ("narrative_copied", 20))
    rows = {"ladders": [ladder(indicator, "INV01", met=met) for indicator, met in pair]}
    rules = DefaultConstraints(rows, {"ladders": FORMS["ladders"]}, USUALLY)
    assert [*rules.not_contradicted(RECORD_LEVEL)] == [*rules.true()] == []
    suppress_cell(rows["ladders"][0], "met")
    assert len([*rules.not_contradicted(RECORD_LEVEL)]) == 1
    assert [*rules.true()] == []  # a count that is not known is not called equal


def test_a_count_that_was_suppressed_before_is_assumed_to_obey_the_rule():
    rows = {"ladders": [ladder("narrative_given", "INV01", met=12), ladder("narrative_copied", "INV01")]}
    rows["ladders"][1] |= {"met": None, "suppressed_cells": "secondary:met"}
    assert len([*usual_constraints(rows, {"ladders": FORMS["ladders"]}, USUALLY)]) == 1


def test_a_rule_that_an_earlier_release_broke_is_not_used():
    forms = {"distinct_counts": FORMS["distinct_counts"]}
    total = Sum(cell("ALL"), (cell("INV01"), cell("INV02")))
    broken, obeyed, smaller = (
        PriorReleaseRows(before, frozenset(), frozenset(usual_constraints(before, forms, policy=RECORD_LEVEL)))
        for before in (
            distinct(INV01=40, INV02=30, ALL=50),
            distinct(INV01=20, INV02=30, ALL=50),
            distinct(INV01=40, ALL=40),
        )
    )
    assert _never_contradicted([total], forms, [broken]) == []
    assert _never_contradicted([total], forms, [obeyed, smaller]) == [total]


def served(people, **counts):
    key = {
        "indicator": "still_pending",
        "side": "victim",
        "characteristic": "sex",
        "people": people,
        "suppressed_cells": "",
    }
    return key | {"met": 0, "not_met": 0, "base": 0, "not_known": 0} | counts


@pytest.mark.parametrize("people", [("female",), ("female", "male")])
def test_records_of_a_group_that_are_not_known_include_those_not_known_if_counted(people):
    # 9 not known and 11 not known if counted: by group 20 together, also where there is one group only.
    rows = {
        "ladders": [ladder("still_pending", "ALL", not_known=9, not_known_if_counted=11)],
        "disparities": [served(group, not_known=20 // len(people)) for group in people],
    }
    forms = {name: FORMS[name] for name in rows}
    value = {
        (name, tuple(row[part] for part in forms[name].key), column): row[column] or 0
        for name in rows for row in rows[name] for column in forms[name].protected_counts if column in row
    }  # fmt: skip
    sides = {}
    for item in sums_between(rows, forms):
        if item.total[2].startswith(DIFFERENCE_PREFIX):
            sides.setdefault(item.total, set()).add(sum(value[part] for part in item.parts))
        else:
            assert value[item.total] == sum(value[part] for part in item.parts), item
    assert {20} in sides.values()


def test_a_rule_that_others_contradict_together_does_not_weaken_them():
    """15 met = 14 not copied + 1 not known, so the suppressed 1 is at most 17 - 13 = 4 where both are shown as 15.

    A reader who assumes 15 = 14 sees no contradiction in the two numbers, but one in the count that is not 0.
    """
    narrative, copy = ("narrative_given", "INV01", "all"), ("narrative_copied", "INV01", "all")
    rows = {
        "ladders": [
            ladder("narrative_given", "INV01", outside=10, met=15),
            ladder("narrative_copied", "INV01", outside=10, not_met=14, not_known=1),
        ]
    }
    forms = {"ladders": FORMS["ladders"]}
    usual = Sum(("ladders", narrative, "met"), (("ladders", copy, "not_met"),))
    protect_counts(rows, forms, RECORD_LEVEL, find_usual=lambda: [usual])
    found = [underprotected_cells(group) for group in linked_groups(rows, forms, RECORD_LEVEL)]
    assert found
    assert not any(found)
    assert is_suppressed(rows["ladders"][0], "met") or is_suppressed(rows["ladders"][1], "not_met")
