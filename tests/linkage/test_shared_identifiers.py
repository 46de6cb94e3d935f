"""Which links identify the same item, in one force and across forces, and which identify none?"""

import pyarrow as pa
import pytest

from assay.engine import ExpressionEngine
from assay.linkage import find_shared_identifiers

TEXT = pa.string()


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def names_same_thing(engine, kind, *links):
    """Whether links, each (force, value), name one thing; None where one of them names nothing."""
    rows = [
        {"force_code": force, "link_ref": f"K{n}", "link_kind": kind, "link_value": value}
        for n, (force, value) in enumerate(links)
    ]
    whole = pa.Table.from_pylist(
        rows, schema=pa.schema([(name, TEXT) for name in ("force_code", "link_ref", "link_kind", "link_value")])
    )
    tables = {
        "links": engine.table("links", whole.drop_columns(["link_value"])),
        "link_identities": engine.table("link_identities", whole.drop_columns(["link_kind"])),
    }
    found = [row["thing_id"] for row in engine.run(find_shared_identifiers(tables)).to_pylist()]
    return None if None in found else len(set(found)) == 1


@pytest.mark.parametrize(
    ("kind", "first_spelling", "other"),
    [
        ("phone", "07700 900123", "07700900123"),
        ("phone", "+447700900123", "07700900123"),
        ("vehicle", "ZZ10 ZZZ", "zz10zzz"),
        ("place", "3 Example Way ZZ99 3VZ", "3 example way, ZZ993VZ".replace(",", "")),
        ("online_account", "Rowan.Example", "rowan.example"),
    ],
)
def test_one_thing_written_in_two_ways_is_one_in_every_force(engine, kind, first_spelling, other):
    assert names_same_thing(engine, kind, ("INV01", first_spelling), ("INV01", other))
    assert names_same_thing(engine, kind, ("INV01", first_spelling), ("INV02", other))


@pytest.mark.parametrize(
    ("kind", "number"), [("place", "PL1234"), ("phone", "12345"), ("vehicle", "V00123"), ("online_account", "AC00123")]
)
def test_a_forces_own_number_of_a_thing_means_something_in_that_force_only(engine, kind, number):
    assert names_same_thing(engine, kind, ("INV01", number), ("INV01", number))
    assert names_same_thing(engine, kind, ("INV01", number), ("INV02", number)) is False


@pytest.mark.parametrize("value", ["unknown", "N/A", "00000000000", "X", " ", "tbc", "0123456789", None])
def test_a_placeholder_names_nothing(engine, value):
    assert names_same_thing(engine, "phone", ("INV01", value), ("INV01", value)) is None


def test_a_place_and_a_vehicle_of_one_number_are_two_things(engine):
    rows = [
        {"force_code": "INV01", "link_ref": kind, "link_kind": kind, "link_value": "1234"}
        for kind in ("place", "vehicle")
    ]
    whole = pa.Table.from_pylist(rows)
    tables = {
        "links": engine.table("links", whole.drop_columns(["link_value"])),
        "link_identities": engine.table("link_identities", whole.drop_columns(["link_kind"])),
    }
    assert len({row["thing_id"] for row in engine.run(find_shared_identifiers(tables)).to_pylist()}) == 2


def test_what_is_left_reveals_nothing_of_the_thing(engine):
    whole = pa.Table.from_pylist(
        [{"force_code": "INV01", "link_ref": "K1", "link_kind": "phone", "link_value": "07700900123"}]
    )
    tables = {
        "links": engine.table("links", whole.drop_columns(["link_value"])),
        "link_identities": engine.table("link_identities", whole.drop_columns(["link_kind"])),
    }
    assert engine.run(find_shared_identifiers(tables)).to_pylist() == [
        {"force_code": "INV01", "link_ref": "K1", "thing_kind": "telephone", "thing_id": "INV01 K1"}
    ]
