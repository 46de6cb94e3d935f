"""Which persons form a group, by crimes alone and by shared items, and which items connect nobody?"""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.linkage.groups import count_ignored_ties, detect_groups
from assay.linkage.groups.high_degree_nodes import DEGREE_LIMITS

SCHEMA = pa.schema([(name, pa.string()) for name in ("tie", "person_id", "force_code", "crime_ref", "thing_id")])


def took_part(role, person, crime, force="INV01"):
    return {"tie": role, "person_id": person, "force_code": force, "crime_ref": crime}


def shares(kind, thing, person=None, crime=None):
    return {"tie": kind, "person_id": person, "force_code": crime and "INV01", "crime_ref": crime, "thing_id": thing}


def table(ties):
    return pa.Table.from_pylist(ties, schema=SCHEMA)


def groups(*ties, level):
    """The persons of each group, by its name."""
    found = {}
    for row in detect_groups(table(ties))["found_persons"].to_pylist():
        if row["tied_by"] == level:
            found.setdefault(row["group_ref"], set()).add(row["person_id"])
    return found


TWO_TOGETHER = (took_part("suspect", "A", "1"), took_part("suspect", "B", "1"), took_part("victim", "V", "1"))


def test_two_suspects_of_one_crime_are_a_group_and_its_victim_is_tied_to_them_only_by_anything():
    assert groups(*TWO_TOGETHER, level="crimes") == {"A": {"A", "B"}}
    assert groups(*TWO_TOGETHER, level="anything") == {"A": {"A", "B", "V"}}


def test_one_suspect_of_two_crimes_is_no_group():
    single_links = (took_part("suspect", "A", "1"), took_part("suspect", "A", "2"), took_part("victim", "V", "1"))
    assert groups(*single_links, level="crimes") == groups(*single_links, level="anything") == {}


def test_whoever_was_with_one_of_them_in_another_crime_is_of_the_group():
    further = (took_part("suspect", "B", "2"), took_part("suspect", "C", "2"))
    assert groups(*TWO_TOGETHER, *further, level="crimes") == {"A": {"A", "B", "C"}}


@pytest.mark.parametrize(
    "tie",
    [
        [took_part("victim", "V", "2")],
        [shares("vehicle", "X", "B"), shares("vehicle", "X", "C")],
        [shares("place", "X", crime="1"), shares("place", "X", crime="2")],
        [shares("telephone", "X", "V"), shares("telephone", "X", "C")],
    ],
    ids=["a victim of both", "a vehicle of both", "a place of both crimes", "a telephone of the victim and a suspect"],
)
def test_who_is_tied_by_a_victim_or_a_thing_is_of_the_group_by_anything_and_not_by_crimes(tie):
    rows = (*TWO_TOGETHER, took_part("suspect", "C", "2"), *tie)
    assert groups(*rows, level="anything") == {"A": {"A", "B", "C", "V"}}
    assert groups(*rows, level="crimes") == {"A": {"A", "B"}}


def test_the_same_reference_in_another_force_is_another_crime():
    rows = (took_part("suspect", "A", "1"), took_part("suspect", "B", "1", "INV02"))
    assert groups(*rows, level="crimes") == {}


def test_a_group_of_two_forces_names_its_crimes_in_both():
    rows = (*TWO_TOGETHER, took_part("suspect", "A", "1", "INV02"))
    crimes = detect_groups(table(rows))["found_crimes"].to_pylist()
    assert {(row["force_code"], row["crime_ref"]) for row in crimes if row["tied_by"] == "crimes"} == {
        ("INV01", "1"), ("INV02", "1"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["telephone", "vehicle", "account", "place"])
def test_what_so_many_share_ties_nobody_and_is_counted(kind):
    maximum_degree = DEGREE_LIMITS[kind].maximum_degree
    suspects = [took_part("suspect", f"S{n:03d}", f"{n}") for n in range(maximum_degree + 1)]
    shared = [shares(kind, "X", f"S{n:03d}") for n in range(maximum_degree + 1)]
    assert set(groups(*suspects[:maximum_degree], *shared[:maximum_degree], level="anything")) == {"S000"}
    assert groups(*suspects, *shared, level="anything") == {}
    ties = table([*suspects, *shared])
    high_degree_nodes = detect_groups(ties)["hubs"]
    assert high_degree_nodes.to_pylist() == [{"kind": kind, "hub": "X", "ties": maximum_degree + 1}]
    assert count_ignored_ties(ties, high_degree_nodes) == {
        f"ties to a {kind} that more than {maximum_degree} share": maximum_degree + 1
    }


def test_a_number_that_stands_for_whoever_is_not_known_ties_nobody():
    many_links = [took_part("suspect", "NOBODY", f"{n}") for n in range(DEGREE_LIMITS["person"].maximum_degree + 1)]
    other_links = [took_part("suspect", f"S{n:03d}", f"{n}") for n in range(DEGREE_LIMITS["person"].maximum_degree + 1)]
    assert groups(*many_links, *other_links, level="crimes") == {}


def test_no_ties_are_no_groups():
    assert [rows.num_rows for rows in detect_groups(table([])).values()] == [0, 0, 0]


TIES = st.lists(
    st.one_of(
        st.builds(
            took_part, st.sampled_from(["suspect", "victim"]), st.sampled_from("ABCDEFGH"), st.sampled_from("1234")
        ),
        st.builds(shares, st.sampled_from(["place", "vehicle"]), st.sampled_from("XYZ"), st.sampled_from("ABCDEFGH")),
    ),
    max_size=25,
    unique_by=lambda tie: tuple(tie.values()),
)


@given(TIES, st.randoms())
def test_the_order_of_ties_changes_nothing_and_a_group_by_crimes_lies_within_one_by_anything(ties, random):
    mixed = list(ties)
    random.shuffle(mixed)
    first_groups, other = detect_groups(table(ties)), detect_groups(table(mixed))
    assert {name: rows.to_pylist() for name, rows in first_groups.items()} == {
        n: rows.to_pylist() for n, rows in other.items()
    }
    wide = groups(*ties, level="anything").values()
    for narrow in groups(*ties, level="crimes").values():
        assert any(narrow <= whole for whole in wide)
