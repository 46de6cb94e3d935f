"""Are networks injected as the settings say, told in the truth, and absent where there is no setting?"""

import csv
from dataclasses import replace

import pytest

from assay.errors import UsageError
from assay.synthetic import generate_country, read_world
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.synthetic_case import NAMED_BY

FORCES, NETWORKS = 5, 6


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    world = read_world("networks").sized(forces=FORCES, crimes=8)
    world = replace(world, networks=replace(world.networks, number=NETWORKS, elsewhere=0.5, single_suspect=0.5))
    return generate_country(tmp_path_factory.mktemp("networks"), world=world, seed=5)


def rows_sent(country, table):
    return {
        (code, row[key]): row
        for code, folder in country.returns.items()
        for row in rows(folder / f"{table}.csv")
        for key in [f"{table[:-1]}_ref"]
    }


def test_every_network_has_its_suspects_children_and_crimes_in_the_truth(country):
    members, crimes = rows(country.truth / "network_members.csv"), rows(country.truth / "networks.csv")
    assert {row["network"] for row in crimes} == {f"N{n}" for n in range(1, NETWORKS + 1)}
    for network in {row["network"] for row in crimes}:
        own_members = {row["person"]: row["part"] for row in members if row["network"] == network}
        assert set(own_members.values()) == {"suspect", "victim"}
        assert {row["child"] for row in crimes if row["network"] == network} == {
            person for person, part in own_members.items() if part == "victim"
        }


def test_some_networks_work_in_two_forces_whose_records_name_the_same_people_under_numbers_of_their_own(country):
    members = rows(country.truth / "network_members.csv")
    homes = {}
    for row in members:
        homes.setdefault(row["person"], set()).add(row["force_code"])
    shared = {person for person, codes in homes.items() if len(codes) > 1}
    assert shared
    numbers = {}
    for row in rows(country.truth / "people.csv"):
        if row["person"] in shared:
            numbers.setdefault((row["person"], row["force_code"]), set()).add(row["person_ref"])
    assert all(len(found) == 1 for found in numbers.values())


def test_their_crimes_stand_in_the_returns_exploited_and_with_an_outcome_that_names_a_suspect(country):
    crimes = rows_sent(country, "crimes")
    true = {(row["force_code"], row["crime_ref"]): row for row in rows(country.truth / "crimes.csv")}
    for row in rows(country.truth / "networks.csv"):
        place = row["force_code"], row["crime_ref"]
        assert place in crimes
        assert true[place]["exploited"] == "yes"
        assert true[place]["ending"] in NAMED_BY


def test_some_crimes_name_one_of_the_suspects_and_some_two_or_three(country):
    crimes = {(row["force_code"], row["crime_ref"]) for row in rows(country.truth / "networks.csv")}
    groups_by_network = {}
    for (code, _), row in rows_sent(country, "involvements").items():
        if row["role"] == "suspect" and (code, row["crime_ref"]) in crimes:
            groups_by_network[code, row["crime_ref"]] = groups_by_network.get((code, row["crime_ref"]), 0) + 1
    assert set(groups_by_network) == crimes
    assert 1 in groups_by_network.values()
    assert max(groups_by_network.values()) in (2, 3)


def test_a_mapped_network_is_one_group_with_its_suspects_of_that_force(country):
    mapped = {
        (row["force_code"], row["network"])
        for row in rows(country.truth / "network_members.csv")
        if row["mapped"] == "yes"
    }
    assert mapped
    number = {(row["force_code"], row["person"]): row["person_ref"] for row in rows(country.truth / "people.csv")}
    for code, network in mapped:
        people = {
            number[code, row["person"]]
            for row in rows(country.truth / "network_members.csv")
            if (row["force_code"], row["network"]) == (code, network)
        }
        groups = {}
        for row in rows(country.returns[code] / "group_members.csv"):
            groups.setdefault(row["group_ref"], set()).add(row["person_ref"])
        assert people in groups.values()


def test_without_a_setting_there_is_no_network(tmp_path):
    country = generate_country(tmp_path / "plain", forces=3, crimes_per_force=8, seed=5)
    assert not (country.truth / "networks.csv").exists()
    assert read_world("plain").networks.number == 0


def test_the_crimes_of_networks_change_no_other_crime(country, tmp_path):
    """The other crimes of a force are drawn apart: without its networks it has the same ones."""
    world = replace(read_world("networks").sized(forces=FORCES, crimes=8), networks=NetworkSettings())
    without_networks = generate_country(tmp_path / "without", world=world, seed=5)
    for code, folder in without_networks.returns.items():
        record_times = [row["recorded_at"] for row in rows(folder / "crimes.csv")]
        assert record_times
        assert set(record_times[:8]) <= {row["recorded_at"] for row in rows(country.returns[code] / "crimes.csv")}


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"number": -1}, "below 0"),
        ({"single_suspect": 1.5}, "share"),
        ({"number": 2, "suspects": 1}, "two suspects"),
        ({"number": 0.5}, "whole"),
    ],
)
def test_what_makes_no_networks_is_refused(settings, why):
    with pytest.raises(UsageError, match=why):
        NetworkSettings(**settings)


def test_a_file_with_an_unknown_setting_is_refused(tmp_path):
    (tmp_path / "mine.toml").write_text('title = "mine"\n[networks]\nnumbers = 3\n')
    with pytest.raises(UsageError, match="numbers"):
        read_world(tmp_path / "mine.toml")
