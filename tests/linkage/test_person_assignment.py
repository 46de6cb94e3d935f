"""What changes with the linkage threshold and the random draw, and what does not?"""

import numpy as np
import pyarrow as pa
import pytest

from assay.errors import UsageError
from assay.linkage.exact_match_clusters import STORED_CLUSTER, STORED_OTHER_CLUSTER
from assay.linkage.person_assignment import assign_persons, person_ids

LINKED_ENTRIES = pa.table({
    "entry": ["A a", "A b", "A c", "A d", "A e"],
    STORED_CLUSTER: ["A a", "A a", "A c", "A d", "A e"],
    "low": ["A a", "A a", "A a", "A d", "A d"],
    "main": ["A a", "A a", "A a", "A d", "A e"],
    "high": ["A a", "A a", "A c", "A d", "A e"],
})  # fmt: skip
JOINS = pa.table({STORED_CLUSTER: ["A a", "A d"], STORED_OTHER_CLUSTER: ["A c", "A e"], "probability": [0.95, 0.6]})
PEOPLE = pa.table({
    "force_code": ["A"] * 6,
    "involvement_ref": ["a", "b", "c", "d", "e", "sealed"],
    "person_id": ["A a", "A a", "A a", "A d", "A e", "A sealed"],
    "dated": [True] * 6,
})  # fmt: skip


def ids(choice):
    return person_ids(LINKED_ENTRIES, JOINS, choice).to_pylist()


def test_a_threshold_is_what_was_kept_and_exact_keys_alone_are_the_clusters():
    assert [ids(name) for name in ("low", "main", "high")] == [
        LINKED_ENTRIES[name].to_pylist() for name in ("low", "main", "high")
    ]
    assert ids("exact") == LINKED_ENTRIES[STORED_CLUSTER].to_pylist()


def test_over_draws_two_are_one_person_as_often_as_is_likely():
    draws = [ids(f"draw {number}") for number in range(1, 2001)]
    for left, other, probability in ((0, 2, 0.95), (3, 4, 0.6)):
        share = np.mean([draw[left] == draw[other] for draw in draws])
        assert abs(share - probability) < 4 * np.sqrt(probability * (1 - probability) / 2000)


def test_what_exact_keys_tie_is_one_person_in_every_draw_and_what_was_not_joined_in_none():
    draws = [ids(f"draw {number}") for number in range(1, 51)]
    assert all(draw[0] == draw[1] and draw[0] != draw[3] for draw in draws)


def test_a_draw_is_the_same_whenever_it_is_taken_and_another_with_another_seed():
    assert ids("draw 7") == ids("draw 7")
    seeds = [person_ids(LINKED_ENTRIES, JOINS, "draw 1", seed=seed).to_pylist() for seed in range(20)]
    assert len({tuple(seed) for seed in seeds}) > 1


def test_people_take_the_person_of_the_choice_and_whom_linkage_did_not_see_stay_as_they_are():
    found = assign_persons(PEOPLE, LINKED_ENTRIES, JOINS, "exact")
    assert found["person_id"].to_pylist() == ["A a", "A a", "A c", "A d", "A e", "A sealed"]
    assert found.drop_columns("person_id").equals(PEOPLE.drop_columns("person_id"))
    assert assign_persons(PEOPLE, LINKED_ENTRIES, JOINS, "main") is PEOPLE


@pytest.mark.parametrize("choice", ["", "middle", "draw", "draw 0", "draw x"])
def test_a_choice_that_is_none_is_refused_with_those_that_there_are(choice):
    with pytest.raises(UsageError, match="low, main, high, exact, or a draw"):
        assign_persons(PEOPLE, LINKED_ENTRIES, JOINS, choice)
