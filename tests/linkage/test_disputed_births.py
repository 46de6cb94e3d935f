"""Is a record that differs only in the date of birth linked, with a disputed date?"""

import datetime as dt

from linked import BORN, HOME, PHONE, entry, linked, one_person, persons

from assay.linkage.linkage_page import linkage_page
from assay.linkage.linkage_specification import default_specification

SHARED = {"number": "7", "postcode": HOME, "phone": PHONE}
OTHER_DAY = dt.date(2003, 11, 27)


def disputed(found):
    """The references of the entries with a disputed date of birth."""
    return {row["ref"] for row in found.linked_entries.to_pylist() if row["birth_disputed"]}


def test_one_record_with_another_date_of_birth_is_the_same_person_and_only_its_date_is_disputed():
    found = linked(entry("a", **SHARED), entry("b", **SHARED), entry("c", born=OTHER_DAY, **SHARED))
    assert len(set(persons(found).values())) == 1
    assert disputed(found) == {"c"}
    assert found.summary["births_disputed"] == 1
    assert found.summary["untied"] == {}


def test_of_two_records_that_contradict_each_other_both_dates_are_disputed():
    found = linked(entry("a", **SHARED), entry("b", born=OTHER_DAY, **SHARED))
    assert len(set(persons(found).values())) == 1
    assert disputed(found) == {"a", "b"}


def test_a_disputed_date_does_not_keep_other_records_of_the_person_away():
    other_force = entry("d", force="INV02", postcode=HOME, phone=PHONE)
    found = persons(
        linked(entry("a", **SHARED), entry("b", **SHARED), entry("c", born=OTHER_DAY, **SHARED), other_force)
    )
    assert found["d"] == found["a"] == found["c"]


def test_a_slip_of_the_hand_or_a_missing_date_is_no_dispute():
    slip, missing = entry("b", born=dt.date(2010, 6, 5), **SHARED), entry("c", born=None, **SHARED)
    found = linked(entry("a", **SHARED), slip, missing)
    assert len(set(persons(found).values())) == 1
    assert disputed(found) == set()


def test_without_the_telephone_a_number_that_was_given_to_two_people_still_ties_nobody():
    two = [entry(ref, born=born, number="7", postcode=HOME) for ref, born in (("a", BORN), ("b", OTHER_DAY))]
    assert not one_person(*two)


def test_a_child_and_an_adult_suspect_of_one_name_and_home_stay_two_persons():
    parent = entry("b", born=dt.date(1975, 1, 2), part="adult suspect", **SHARED)
    found = linked(entry("a", part="child", **SHARED), parent)
    assert len(set(persons(found).values())) == 2
    assert disputed(found) == set()


def test_the_page_lists_the_records_to_review_by_reference_and_no_date():
    found = linked(entry("a", **SHARED), entry("b", **SHARED), entry("odd-one", born=OTHER_DAY, **SHARED))
    page = linkage_page(found, default_specification())
    assert "1 record to review" in page
    assert "<td>odd-one</td>" in page
    assert "2003" not in page
