"""Can a reader tell two worlds with the same released counts and totals apart by what is said of comparisons?"""

from sdc.lookalike_worlds import attack


def test_statements_on_comparisons_are_the_same_in_worlds_that_look_alike():
    found = attack(12, seed=3)
    assert found["with a secondary suppressed count"] >= 10
    assert found["pairs that look alike"] >= 10
    assert {number for name, number in found.items() if name.startswith("differing")} == {0}
