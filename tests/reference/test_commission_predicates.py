"""Which crimes are exploitation and which cases are groups, under each definition in use?"""

import pytest
import sqlglot
from sqlglot import exp

from assay import reference
from assay.indicators import Condition

pytestmark = pytest.mark.quick

CRIME = {
    "cse_flagged", "csa_flagged", "group_flagged", "cse_titled", "child_at_offence", "contact_offence",
    "suspect_count", "offence_family", "scope_reason",
}  # fmt: skip
GROUP = {"group_kind", "offenders", "facilitators", "victims"}
FOUND = {
    "tied_by", "suspects", "victims", "child_victim", "marked", "cross_force", "complex_abuse", "unreviewed",
    "unreferred", "suspect_living", "held_as_organised",
}  # fmt: skip
FACTS = {"crime": CRIME, "group": GROUP, "found_group": FOUND}


def holds(predicate, **facts):
    """True, False, or None where the facts do not say."""
    return Condition(predicate.condition).plain(facts)


def test_a_condition_names_facts_of_its_own_record_only():
    for predicate in reference.predicates():
        columns_named = set(Condition(predicate.condition).columns)
        assert columns_named
        assert columns_named <= FACTS[predicate.record_kind], predicate.key


def test_every_definition_of_a_group_is_counted_and_each_reads_a_definition_in_use():
    read = {predicate.definition for predicate in reference.predicates().for_record_kind("group")}
    assert {"NET_IICSA", "GROUP_BERELOWITZ", "OCG"} <= read
    assert all(predicate.definition in reference.definitions() for predicate in reference.predicates())


def test_the_test_for_review_asks_for_two_suspects_two_victims_and_an_unreviewed_closing_and_stays_open_where_unknown():
    closed = {"tied_by": "crimes", "suspects": 2, "victims": 2, "unreviewed": True, "suspect_living": True}
    review = reference.predicates().get("found_for_review")
    assert holds(review, **closed) is True
    for lacking in ({"suspects": 1}, {"victims": 1}, {"unreviewed": False}, {"suspect_living": False}):
        assert holds(review, **{**closed, **lacking}) is False
    for unknown in ("unreviewed", "suspect_living"):
        assert holds(review, **{**closed, unknown: None}) is None


def test_a_closed_case_that_was_not_referred_is_counted_only_where_that_is_known():
    closed = {"tied_by": "crimes", "suspects": 2, "victims": 2, "suspect_living": True}
    missed = reference.predicates().get("found_not_referred")
    assert [holds(missed, **closed, unreferred=unreferred) for unreferred in (True, False, None)] == [True, False, None]


def test_every_definition_of_a_group_is_asked_of_the_groups_that_the_records_show():
    read = {predicate.definition for predicate in reference.predicates().for_record_kind("found_group")}
    assert read == {"NET_IICSA", "GROUP_BERELOWITZ", "COCAD", "OCG", "BEACONPORT"}


def test_one_who_offends_and_one_who_helps_are_a_network_and_no_offending_group():
    facts = {"offenders": 1, "facilitators": 1, "victims": 1, "group_kind": "network"}
    get_predicate = reference.predicates().get
    assert holds(get_predicate("network"), **facts)
    assert not holds(get_predicate("offending_group"), **facts)
    assert not holds(get_predicate("organised_crime_group"), **facts)


def test_one_person_alone_is_no_group_under_any_count_of_people():
    facts = {"offenders": 1, "facilitators": 0, "victims": 5, "group_kind": "other"}
    assert not any(holds(predicate, **facts) for predicate in reference.predicates().for_record_kind("group"))


def test_a_crime_of_which_only_the_title_says_exploitation_is_counted_by_the_title_alone():
    facts = dict.fromkeys(CRIME, False) | {"cse_titled": True, "suspect_count": 1, "offence_family": "cse_named"}
    facts |= {"scope_reason": "flagged"}
    true = {predicate.key for predicate in reference.predicates().for_record_kind("crime") if holds(predicate, **facts)}
    assert true == {"titled_cse", "flagged_or_titled_cse"}


def test_two_suspects_in_a_flagged_crime_are_several_and_one_is_not():
    facts = dict.fromkeys(CRIME, False) | {"cse_flagged": True, "offence_family": "rape"}
    several_predicate = reference.predicates().get("several_suspects")
    assert [holds(several_predicate, **{**facts, "suspect_count": number}) for number in (1, 2, 3)] == [
        False,
        True,
        True,
    ]


def test_a_crime_with_no_word_on_how_many_took_part_is_not_known_and_never_a_single_suspect():
    facts = dict.fromkeys(CRIME, False) | {"cse_flagged": True, "suspect_count": None, "offence_family": "rape"}
    assert holds(reference.predicates().get("several_suspects"), **facts) is None


def test_families_that_a_condition_names_are_families_of_offences():
    from assay.reference.child_offences import OFFENCE_FAMILIES

    predicate = reference.predicates().get("child_sexual_offence")
    literals = {literal.this for literal in sqlglot.parse_one(predicate.condition).find_all(exp.Literal)}
    assert literals
    assert literals <= set(OFFENCE_FAMILIES)
