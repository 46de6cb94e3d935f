"""Does the alert of a combined test reveal a suppressed count of one of its measures?"""

import random

from assay.sdc.alert_suppression import ALERT_SUPPRESSED_TEXT
from compare.test_compare_indicators import ARREST, CHARGED
from sdc.combined_test_attack import (
    MEASURES,
    SIX,
    World,
    alert,
    attack,
    possible_pairs,
    released,
    suppressed_met,
    width,
)

COUNTS = {
    ARREST.key: [(18, 50), (1, 31), (0, 24), (0, 22), (0, 30), (0, 38)],
    CHARGED.key: [(8, 23), (32, 14), (31, 21), (48, 12), (21, 9), (34, 14)],
    MEASURES[2].key: [(21, 34), (23, 16), (39, 10), (26, 11), (34, 9), (22, 10)],
}
WORLD = World({(key, code): pair for key, pairs in COUNTS.items() for code, pair in zip(SIX, pairs, strict=True)})
"""Of 19 that are met on the first measure 18 are in one force, and 1 in another: 18 is suppressed beside it."""


def test_before_the_alert_is_used_the_small_count_is_1_to_7():
    ladders, suppressed = suppressed_met(released(WORLD))
    pairs = possible_pairs(ladders, *suppressed)
    assert suppressed == SIX[:2]
    assert [width(pairs, side) for side in (0, 1)] == [10, 6]


def test_an_alert_beside_two_other_measures_would_narrow_a_suppressed_count():
    """The alert says that the first force has many, so that the second has few. The other counts are known here."""
    assert alert(WORLD)
    assert min(after for _, after in attack(WORLD, True, random.Random(1), draws=1)) < 5


def test_so_neither_the_alert_nor_the_number_of_measures_is_released():
    rows = {row["place_code"]: row for row in released(WORLD)["combined_tests"]}
    for code in SIX[:2]:
        row = rows[code]
        assert (row["outlier_alert"], row["measures"], row["not_comparable"]) == (None, None, ALERT_SUPPRESSED_TEXT)
