"""Which entries are one person by exact keys?"""

import datetime as dt
import random

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.engine import ExpressionEngine
from assay.linkage import match_exactly

BORN = dt.date(2010, 5, 6)
NAMES = ("force_code", "involvement_ref", "person_ref", "forenames", "surname", "date_of_birth")
SCHEMA = pa.schema([(name, pa.date32() if name == "date_of_birth" else pa.string()) for name in NAMES])


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def persons(engine, *rows):
    """The person of each entry, by its name."""
    input_rows = pa.Table.from_pylist([dict(zip(NAMES, row, strict=True)) for row in rows], schema=SCHEMA)
    rows_of = engine.table("involvements", input_rows)
    entries = rows_of.mutate(
        ref=rows_of.involvement_ref,
        entry=rows_of.force_code + " " + rows_of.involvement_ref,
        number=rows_of.force_code + " " + rows_of.person_ref,
        on_list=ibis.literal(False),
    )
    found = engine.run(match_exactly(entries)).to_pylist()
    assert len(found) == len(rows)
    return {row["ref"]: row["person_id"] for row in found}


def test_a_number_joins_entries_of_one_force_and_never_two_forces(engine):
    found = persons(
        engine,
        ("INV01", "a", "7", None, None, None),
        ("INV01", "b", "7", "Ash", "Example", BORN),
        ("INV02", "c", "7", None, None, None),
    )
    assert found["a"] == found["b"] != found["c"]


def test_the_same_names_and_birthday_are_one_person_in_two_forces(engine):
    found = persons(
        engine,
        ("INV01", "a", "1", "Mary-Ann", "O'Example", BORN),
        ("INV02", "b", "9", "MARY ANN", "oexample", BORN),
        ("INV02", "c", "8", "Mary Ann", "O'Example", dt.date(2010, 5, 7)),
    )
    assert found["a"] == found["b"] != found["c"]


@pytest.mark.parametrize("gap", ["forenames", "surname", "date_of_birth"])
def test_names_join_nobody_where_a_part_is_missing(engine, gap):
    row = {"forenames": "Ash", "surname": "Example", "date_of_birth": BORN, gap: None}
    found = persons(engine, *[(force, ref, None, *row.values()) for force, ref in (("INV01", "a"), ("INV02", "b"))])
    assert found["a"] != found["b"]


def test_forenames_and_surname_do_not_run_together(engine):
    found = persons(engine, ("INV01", "a", None, "Ash", "Example", BORN), ("INV01", "b", None, "hExample", "As", BORN))
    assert found["a"] != found["b"]


def test_an_entry_with_neither_key_is_a_person_by_itself(engine):
    found = persons(engine, *[("INV01", ref, None, None, None, None) for ref in "abc"])
    assert len(set(found.values())) == 3


def test_a_chain_of_numbers_and_names_is_one_person(engine):
    """a and b share a number, b and c names, c and d a number."""
    found = persons(
        engine,
        ("INV01", "d", "2", None, None, None),
        ("INV01", "c", "2", "Ash", "Example", BORN),
        ("INV01", "b", "1", "ash", "example", BORN),
        ("INV01", "a", "1", None, None, None),
    )
    assert set(found.values()) == {"INV01 a"}


def test_the_name_of_a_person_says_nothing_of_them(engine):
    found = persons(engine, ("INV01", "a", "1", "Ash", "Example", BORN))
    assert found["a"] == "INV01 a"


ENTRY = st.tuples(
    st.sampled_from(["INV01", "INV02"]),
    st.sampled_from([None, "1", "2", "3"]),
    st.sampled_from([None, "Ash", "Birch"]),
    st.sampled_from([None, BORN]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(ENTRY, min_size=1, max_size=8), seed=st.integers(0, 99))
def test_the_order_of_the_entries_changes_nothing_and_a_shared_number_always_joins(engine, entries, seed):
    rows = [(force, f"e{n}", number, name, name, born) for n, (force, number, name, born) in enumerate(entries)]
    found = persons(engine, *rows)
    assert persons(engine, *random.Random(seed).sample(rows, len(rows))) == found
    for force, ref, number, *_ in rows:
        same_number = [other[1] for other in rows if number and other[0] == force and other[2] == number]
        assert {found[other] for other in same_number} <= {found[ref]}
