"""Can a reader tell two worlds with the same released counts and totals apart by what is said of comparisons?"""

from sdc.lookalike_worlds import attack


def test_statements_on_comparisons_are_the_same_in_worlds_that_look_alike():
    """Without the suppression of comparisons one of the seven pairs differs in its reasons, ranks and measures."""
    found = attack(25, seed=3)
    assert found["pairs that look alike"] >= 7
    assert {number for name, number in found.items() if name.startswith("differing")} == {0}
