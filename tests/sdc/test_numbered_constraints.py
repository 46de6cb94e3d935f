"""Are constraints between numbered cells tested, merged and grouped as by hand?"""

import numpy as np

from assay.sdc.numbered_constraints import (
    NumberedSums,
    component_labels,
    disjoint_groups,
    merge_equal,
    usual_by_sum,
)


def test_a_part_of_0_is_removed_and_a_contradicted_constraint_is_left_out():
    # 0 = 1 + 2 + 3 with the ranges 10, 4 to 6, 0 and 4 to 6; 4 = 1 + 3 would need at most 7 to be at least 8.
    sums = NumberedSums.from_sums([(0, 1, 2, 3), (4, 1, 3)], [False, True])
    low, high = np.array([10, 4, 0, 4, 1]), np.array([10, 6, 0, 6, 7])
    reduced = sums.without_zeros(low, high)
    assert reduced.merged(np.arange(5)) == [(0, 1, 3)]
    assert len(sums.without_zeros(low, np.array([10, 6, 0, 6, 8]))) == 2


def test_a_total_of_0_and_a_sum_of_parts_of_0_say_nothing():
    sums = NumberedSums.from_sums([(0, 1), (1, 0)], [False, False])
    assert len(sums.without_zeros(np.array([0, 0]), np.array([0, 5]))) == 0


def test_equal_cells_have_the_representative_of_the_first():
    # 3 = 1, then 2 = 3: the first cell of the last pair represents all three. 0 is equal to none.
    representative, members = merge_equal([(3, 1), (2, 3)], 4)
    assert representative.tolist() == [0, 2, 2, 2]
    assert members == {2: [3, 1, 2]}
    assert NumberedSums.from_sums([(3, 1), (0, 1, 2)], [False, False]).merged(representative) == [(2, 2), (0, 2, 2)]


def test_a_constraint_that_is_declared_and_usual_is_declared_and_an_equality_with_itself_is_none():
    assert usual_by_sum([(0, 1, 2), (2, 2), (0, 1, 2), (3, 4)], [True, False, False, True]) == {
        (0, 1, 2): False,
        (3, 4): True,
    }


def test_constraints_that_share_a_cell_are_in_one_group():
    sums = [(0, 1, 2), (5, 6), (3, 2)]
    assert disjoint_groups(sums, component_labels(sums, 7)) == [[(0, 1, 2), (3, 2)], [(5, 6)]]
    assert disjoint_groups([], component_labels([], 7)) == []
