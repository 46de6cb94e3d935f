"""Which links are confirmed, by exact keys or by a reviewer's verdict?"""

import pyarrow as pa

from assay.linkage.confirmed_links import VERDICTS, confirm_persons
from assay.linkage.exact_match_clusters import STORED_CLUSTER

LINKED_ENTRIES = pa.table({
    "entry": ["A 1", "A 2", "B 1", "B 2", "C 1"],
    STORED_CLUSTER: ["A 1", "A 2", "A 1", "B 2", "C 1"],  # A 1 and B 1 have the same names and birthday
    "main": ["A 1", "A 2", "A 1", "A 2", "C 1"],  # match probability alone makes A 2 and B 2 one
})  # fmt: skip


def verdict_table(*verdicts: tuple[str, str, str]) -> pa.Table:
    rows = [dict(zip(VERDICTS.names, (f"p{place}", *verdict), strict=True)) for place, verdict in enumerate(verdicts)]
    return pa.Table.from_pylist(rows, VERDICTS)


def persons(*verdicts: tuple[str, str, str]) -> list[str]:
    return confirm_persons(LINKED_ENTRIES, verdict_table(*verdicts)).entries["confirmed"].to_pylist()


def test_exact_keys_confirm_and_similarity_alone_confirms_nobody():
    assert persons() == ["A 1", "A 2", "A 1", "B 2", "C 1"]


def test_who_looked_and_said_the_same_makes_two_one_with_all_that_exact_keys_tie_to_either():
    assert persons(("A 2", "B 2", "same")) == ["A 1", "A 2", "A 1", "A 2", "C 1"]
    assert persons(("C 1", "B 1", "same")) == ["A 1", "A 2", "A 1", "B 2", "A 1"]


def test_different_and_cannot_tell_confirm_nothing():
    assert persons(("A 2", "B 2", "different")) == persons(("A 2", "B 2", "cannot tell")) == persons()


def test_where_verdicts_contradict_one_another_none_of_them_counts():
    """A 2 is B 2 and B 2 is C 1, but A 2 is not C 1: one of the three is wrong, and nobody knows which."""
    verdicts = [("A 2", "B 2", "same"), ("B 2", "C 1", "same"), ("A 2", "C 1", "different"), ("A 1", "B 1", "same")]
    found = confirm_persons(LINKED_ENTRIES, verdict_table(*verdicts))
    assert found.entries["confirmed"].to_pylist() == persons()
    assert found.contradicted == 1


def test_a_verdict_on_an_entry_that_is_no_longer_there_says_nothing():
    assert persons(("A 2", "D 9", "same")) == persons()
    assert confirm_persons(LINKED_ENTRIES, VERDICTS.empty_table()).contradicted == 0
