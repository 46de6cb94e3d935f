"""Is a large force, which is made division by division, the same kind of force as one that is made at once?"""

import collections
import csv

import pyarrow.parquet as pq
import pytest

from assay.synthetic import force_records as held
from assay.synthetic import generate_country, read_world
from assay.synthetic.force_records import divisions

CRIMES = 240
ONCE_A_FORCE = ("profiles", "claims", "capacity", "approaches", "overlap_counts", "marks")


def made(folder, most, monkeypatch):
    monkeypatch.setattr(held, "MAX_CRIMES", most)
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
def both(tmp_path, monkeypatch):
    whole = made(tmp_path / "whole", 4000, monkeypatch)
    return whole, made(tmp_path / "parts", 60, monkeypatch)


def test_divisions_hold_every_crime_once():
    assert divisions(1) == [1]
    assert divisions(4001) == [2000, 2001]
    assert sum(divisions(123_457)) == 123_457
    assert max(divisions(123_457)) <= 4000


def test_a_force_in_four_divisions_has_as_much_of_everything_as_one_made_at_once(both):
    whole, parts = both
    for table in ("crimes", "involvements", "events", "missing", "reports", "notes", "orders", "referrals"):
        one, four = len(rows(whole, table)), len(rows(parts, table))
        assert 0.75 * one < four < 1.35 * one, (table, one, four)


def test_what_is_said_of_the_whole_force_is_said_once(both):
    whole, parts = both
    for table in ONCE_A_FORCE:
        assert len(rows(parts, table)) <= 1.5 * len(rows(whole, table)), table
    assert len(known(parts, "hidden_totals")) == len(known(whole, "hidden_totals")) == 1
    [total] = known(parts, "hidden_totals")
    assert int(total["children"]) == len(known(parts, "hidden"))


def test_no_reference_stands_twice(both):
    for table, key in (
        ("crimes", "crime_ref"),
        ("involvements", "involvement_ref"),
        ("events", "event_ref"),
        ("agencies", "entry_ref"),
    ):
        refs = [row[key] for row in rows(both[1], table)]
        assert len(refs) == len(set(refs)), table


def test_whom_several_forces_know_has_one_number_in_all_divisions(both):
    numbers = collections.defaultdict(set)
    for row in known(both[1], "people"):
        if row["person"].startswith("COUNTRY"):
            numbers[row["person"]].add(row["person_ref"])
    assert numbers
    assert all(len(refs) == 1 for refs in numbers.values())
