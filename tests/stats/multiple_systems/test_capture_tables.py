"""Are capture histories counted correctly, and unusable input refused in a sentence?"""

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.stats.multiple_systems.capture_input import NOT_KNOWN, read_table, read_tables
from assay.stats.multiple_systems.capture_tables import CaptureTable, format_count
from assay.stats.multiple_systems.estimation_refusals import UnusableTable

PERSONS = [
    {"LA": 1, "NGO": 0, "PF": 0},
    {"LA": 1, "NGO": 0, "PF": 0},
    {"LA": 1, "NGO": 1, "PF": 0},
    {"LA": 0, "NGO": 1, "PF": 1},
    {"LA": 1, "NGO": 1, "PF": 1},
]
LISTS = ("LA", "NGO", "PF")


def columns(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.mark.parametrize(
    "data",
    [
        PERSONS,
        columns(PERSONS),
        pa.table(columns(PERSONS)),
        ibis.memtable(pa.table(columns(PERSONS))),
    ],
    ids=["rows", "columns", "arrow", "ibis"],
)
def test_five_persons_are_counted_alike_whatever_holds_them(data):
    table = read_table(data, LISTS)
    assert table.persons == 5
    assert [table.list_size(name) for name in LISTS] == [2 + 1 + 1, 1 + 1 + 1, 1 + 1]
    assert table.overlap().tolist() == [[4, 2, 1], [2, 3, 2], [1, 2, 2]]
    assert table.counts.tolist() == [0, 2, 0, 1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    "wrap", [lambda c: c, pa.table, lambda c: ibis.memtable(pa.table(c))], ids=["dict", "arrow", "ibis"]
)
def test_histories_with_counts_say_the_same_as_persons(wrap):
    captures = {"LA": [1, 1, 0, 1], "NGO": [0, 1, 1, 1], "PF": [0, 0, 1, 1], "n": [2, 1, 1, 1]}
    assert (read_table(wrap(captures), LISTS, count="n").counts == read_table(PERSONS, LISTS).counts).all()


def test_strata_and_linkage_draws_are_tables_of_their_own_and_a_missing_covariate_is_not_known():
    rows = [
        {"LA": 1, "PF": 1, "force_code": "A", "draw": 1},
        {"LA": 1, "PF": 0, "force_code": "A", "draw": 2},
        {"LA": 0, "PF": 1, "force_code": None, "draw": 1},
    ]
    tables = read_tables(rows, ("LA", "PF"), strata=["force_code"], linkage_draw="draw", window="2024")
    assert [(t.stratum[0][1], t.linkage_draw, t.persons) for t in tables] == [
        ("A", 1, 1),
        ("A", 2, 1),
        (NOT_KNOWN, 1, 1),
    ]
    assert {t.window for t in tables} == {"2024"}


@pytest.mark.parametrize(
    ("lists", "histories", "sentence"),
    [
        (("LA",), {"LA": 3}, "One list cannot say whom it misses"),
        (("LA", "LA"), {"LA": 3}, "is named twice"),
        (("LA", "PF"), {"LA": -1, "PF": 2}, "below zero"),
        (("LA", "PF"), {"LA": float("nan")}, "has no count"),
        (("LA", "PF"), {"LA": float("inf")}, "without end"),
        (("LA", "PF"), {"": 7, "LA": 2}, "Nobody can count those whom no list holds"),
        (("LA", "PF"), {"LA*GP": 2}, "'GP', which is not among the lists"),
        (("LA", "P*F"), {"LA": 2}, "may not be empty, nor hold an asterisk"),
    ],
)
def test_what_is_no_capture_table_is_refused_in_a_sentence(lists, histories, sentence):
    with pytest.raises(UnusableTable, match=sentence.replace("*", r"\*")):
        CaptureTable.from_histories(lists, histories)


@pytest.mark.parametrize(
    ("rows", "count", "sentence"),
    [
        ([{"LA": 1, "PF": 0}, {"LA": 1, "PF": 0}], None, "Nobody is on the list 'PF'"),
        ([{"LA": 0, "PF": 0}, {"LA": 1, "PF": 1}], None, "Nobody can count"),
        ([{"LA": 0, "PF": 0, "n": 0}, {"LA": 1, "PF": 1, "n": 4}], "n", "Nobody can count"),
        ([{"LA": 2, "PF": 1}], None, "something else than 0 and 1"),
        ([{"LA": None, "PF": 1}], None, "'LA' is empty in a row"),
        ([{"LA": 1, "PF": 1, "n": None}], "n", "has no count"),
        ([{"LA": 1, "PF": 1, "n": -2}], "n", "below zero"),
        ([{"LA": 1}], None, "no column 'PF'"),
    ],
)
def test_rows_that_cannot_be_counted_are_refused_in_a_sentence(rows, count, sentence):
    with pytest.raises(UnusableTable, match=sentence):
        read_table(rows, ("LA", "PF"), count=count)


def test_a_count_that_does_not_fit_the_lists_is_refused():
    with pytest.raises(UnusableTable, match="2 lists have 4 histories, but 8 counts"):
        CaptureTable(("A", "B"), np.zeros(8))


def small():
    return CaptureTable.from_histories(LISTS, {"LA": 5, "NGO": 4, "PF": 3, "LA*NGO": 2, "NGO*PF": 1, "LA*NGO*PF": 6})


def test_without_a_list_those_on_it_alone_become_unseen():
    table = small().drop_list("LA")
    assert table.lists == ("NGO", "PF")
    assert table.persons == (4 + 2) + 3 + (1 + 6)
    assert table.counts.tolist() == [0, 6, 3, 7]


def test_merged_lists_hold_who_is_on_any_of_them():
    table = small().merge_lists(["LA", "PF"], merged_name="either")
    assert table.lists == ("either", "NGO")
    assert table.counts.tolist() == [0, 5 + 3, 4, 2 + 1 + 6]
    assert table.persons == small().persons


def test_hiding_a_list_leaves_a_population_whose_unseen_are_known():
    table, restricted = small().restrict_to_list("NGO")
    assert restricted == 4
    assert table.counts.tolist() == [0, 2, 1, 6]


def test_a_small_overlap_is_not_shown():
    assert [format_count(count) for count in (0, 1, 4, 5, 1200)] == ["0", "under 5", "under 5", "5", "1,200"]
    table = CaptureTable.from_histories(("A", "B"), {"A": 9, "A*B": 3, "B": 7})
    assert table.overlap_text() == [["12", "under 5"], ["under 5", "10"]]


def test_the_fingerprint_follows_the_content_alone():
    regrouped = CaptureTable.from_histories(
        LISTS, {"LA*NGO*PF": 6, "PF": 3, "NGO": 4, "LA": 5, "NGO*PF": 1, "LA*NGO": 2}
    )
    assert regrouped.fingerprint() == small().fingerprint()
    assert small().merge_lists(["LA", "PF"]).fingerprint() != small().fingerprint()


@given(st.lists(st.integers(0, 50), min_size=7, max_size=7))
def test_no_person_is_lost_by_merging_and_dropping_lists(counts):
    table = CaptureTable(LISTS, np.array([0, *counts], dtype=float))
    assert table.merge_lists(["LA", "NGO"]).persons == table.persons
    only_on_la = counts[0]
    assert table.drop_list("LA").persons == table.persons - only_on_la
    inside, restricted = table.restrict_to_list("PF")
    assert inside.persons + restricted == table.list_size("PF")
