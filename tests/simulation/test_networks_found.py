"""Which pairs and networks that were injected did the inspection find, by pencil?"""

import pyarrow as pa
import pytest

from assay.synthetic.simulation.network_recovery import KnownNetworks, NetworkRecovery, network_recovery, read_networks
from assay.synthetic.simulation.trial_runs import run_trial
from assay.synthetic.simulation.trial_worlds import TrialWorld

pytestmark = pytest.mark.xdist_group("statements")


def injected(**networks):
    """Networks of suspects 'ab' and children 'xy'; every person has one entry, and each crime is of one child."""
    members, crimes, entries = [], [], []
    for network, (suspects, children) in networks.items():
        for part, people in (("suspect", suspects), ("victim", children)):
            members += [
                {"force_code": "F", "network": network, "person": person_key, "part": part} for person_key in people
            ]
        crimes += [
            {"force_code": "F", "network": network, "crime_ref": f"C{child}", "child": child} for child in children
        ]
        entries += [
            {"force_code": "F", "person": suspect, "involvement_ref": suspect} for suspect in suspects + children
        ]
    return KnownNetworks(crimes, members, entries)


def tables(*groups, separate=()):
    """Groups by anything, each (persons, crimes); each person is one to the inspection, but those `separate` are unknown."""
    known = {person for persons, _ in groups for person in persons} - set(separate)
    people = [
        {"force_code": "F", "involvement_ref": person_ref, "person_id": person_ref} for person_ref in sorted(known)
    ]
    persons = [
        {"tied_by": "anything", "group_ref": f"G{n}", "person_id": person_ref}
        for n, (members, _) in enumerate(groups)
        for person_ref in members
    ]
    crimes = [
        {"tied_by": "anything", "group_ref": f"G{n}", "force_code": "F", "crime_ref": f"C{child}"}
        for n, (_, children) in enumerate(groups)
        for child in children
    ]
    text = pa.string()
    return {
        "people": pa.Table.from_pylist(people),
        "found_persons": pa.Table.from_pylist(persons),
        "found_crimes": pa.Table.from_pylist(
            crimes, schema=pa.schema([(n, text) for n in ("tied_by", "group_ref", "force_code", "crime_ref")])
        ),
    }


def by_anything(networks, found):
    return next(recovery for recovery in network_recovery(networks, found) if recovery.tied_by == "anything")


def test_three_suspects_are_three_pairs_and_two_in_one_group_are_one_of_them():
    found = by_anything(injected(N1=("abc", "xy")), tables(("abxy", "xy"), ("c", "")))
    assert found == NetworkRecovery("anything", pairs=3, pairs_found=1, wrong=0, networks=1, networks_found=1)


def test_a_network_of_whose_children_only_one_is_in_the_group_is_not_found():
    assert by_anything(injected(N1=("ab", "xy")), tables(("abxy", "x"))).networks_found == 0


def test_a_network_with_one_child_on_record_is_none_to_be_found():
    assert by_anything(injected(N1=("ab", "x")), tables(("ab", "x"))).networks == 0


def test_two_networks_in_one_group_are_wrong_by_every_pair_across_them():
    found = by_anything(injected(N1=("ab", "xy"), N2=("cd", "vw")), tables(("abcd", "xyvw")))
    assert (found.pairs, found.pairs_found, found.wrong) == (2, 2, 4)


def test_who_stands_in_no_record_makes_no_pair():
    assert by_anything(injected(N1=("abc", "xy")), tables(("abxy", "xy"), separate="c")).pairs == 1


def test_nothing_is_found_where_there_are_no_groups():
    empty = tables(("abxy", "")) | {"found_persons": tables(("a", ""))["found_persons"].slice(0, 0)}
    found = by_anything(injected(N1=("ab", "xy")), empty)
    assert (found.pairs, found.pairs_found, found.networks_found) == (1, 0, 0)


def test_a_truth_without_networks_is_none(tmp_path):
    assert read_networks(tmp_path) is None


@pytest.fixture(scope="module")
def trial(statements):
    return run_trial(statements, TrialWorld("networks", 4, 12, 20, nuisance="networks"))


def test_of_injected_networks_most_pairs_are_found_by_crimes_and_more_by_anything(trial):
    by_crimes, by_all = trial.groups
    assert by_crimes.pairs == by_all.pairs > 100
    assert 0.7 * by_crimes.pairs < by_crimes.pairs_found < by_all.pairs_found <= by_all.pairs
    assert by_crimes.wrong <= by_all.wrong < 0.2 * by_all.pairs_found
    assert by_all.networks_found > 0.8 * by_all.networks
