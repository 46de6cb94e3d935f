"""Is a large force, which is made division by division, the same kind of force as one that is made at once?"""

import collections
import csv

import pyarrow.parquet as pq
import pytest

from assay.synthetic import force_records as force_records_module
from assay.synthetic import generate_country, read_world
from assay.synthetic.force_records import divisions

CRIMES = 240
ONCE_A_FORCE = ("profiles", "claims", "capacity", "approaches", "overlap_counts", "marks")


def generate_divided(folder, maximum, monkeypatch):
    monkeypatch.setattr(force_records_module, "MAX_CRIMES", maximum)
    world = read_world("nothing_wrong").sized(forces=1, crimes=CRIMES)
    return generate_country(folder, world=world, seed=5)


def rows(country, table):
    place = country.returns["INV01"]
    if (place / f"{table}.parquet").exists():
        return pq.read_table(place / f"{table}.parquet").to_pylist()
    with (place / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known(country, table):
    with (country.truth / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def whole_and_parts(tmp_path, monkeypatch):
    whole = generate_divided(tmp_path / "whole", 4000, monkeypatch)
    return whole, generate_divided(tmp_path / "parts", 60, monkeypatch)


def test_divisions_hold_every_crime_once():
    assert divisions(1) == [1]
    assert divisions(4001) == [2000, 2001]
    assert sum(divisions(123_457)) == 123_457
    assert max(divisions(123_457)) <= 4000


def test_a_force_in_four_divisions_has_as_much_of_everything_as_one_made_at_once(whole_and_parts):
    whole, parts = whole_and_parts
    for table in ("crimes", "involvements", "events", "missing", "reports", "notes", "orders", "referrals"):
        whole_count, four = len(rows(whole, table)), len(rows(parts, table))
        assert 0.75 * whole_count < four < 1.35 * whole_count, (table, whole_count, four)


def test_what_is_said_of_the_whole_force_is_said_once(whole_and_parts):
    whole, parts = whole_and_parts
    for table in ONCE_A_FORCE:
        assert len(rows(parts, table)) <= 1.5 * len(rows(whole, table)), table
    assert len(known(parts, "hidden_totals")) == len(known(whole, "hidden_totals")) == 1
    [total] = known(parts, "hidden_totals")
    assert int(total["children"]) == len(known(parts, "hidden"))


def test_no_reference_stands_twice(whole_and_parts):
    for table, key in (
        ("crimes", "crime_ref"),
        ("involvements", "involvement_ref"),
        ("events", "event_ref"),
        ("agencies", "entry_ref"),
    ):
        refs = [row[key] for row in rows(whole_and_parts[1], table)]
        assert len(refs) == len(set(refs)), table


def test_whom_several_forces_know_has_one_number_in_all_divisions(whole_and_parts):
    numbers = collections.defaultdict(set)
    for row in known(whole_and_parts[1], "people"):
        if row["person"].startswith("COUNTRY"):
            numbers[row["person"]].add(row["person_ref"])
    assert numbers
    assert all(len(refs) == 1 for refs in numbers.values())
