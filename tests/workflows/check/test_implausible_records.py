"""Does the check find impossible dates and roles, and count them without showing a record?"""

from datetime import date, datetime, timedelta

import pytest
from checked_extracts import extract_table

from assay.workflows.check.implausible_records import implausible_records

TODAY = date(2026, 1, 31)


def found_in(**rows):
    """How often each kind occurs, by its description."""
    tables = {name: extract_table(name, table) for name, table in rows.items()}
    return {kind.description: kind.count for kind in implausible_records(tables, TODAY)}


def crime(**known):
    return {"crime_ref": "C1", **known}


@pytest.mark.parametrize(
    ("row", "description"),
    [
        ({"reported_at": datetime(2024, 5, 2), "recorded_at": datetime(2024, 5, 1)}, "crimes were recorded before they were reported"),
        ({"occurred_from": date(2024, 5, 2), "reported_at": date(2024, 5, 1)}, "crimes were reported before the first possible day of the offence"),
        ({"occurred_from": date(2024, 5, 2), "occurred_to": date(2024, 5, 1)}, "crimes have a last possible day before the first"),
        ({"outcome_at": date(2024, 5, 1), "recorded_at": date(2024, 5, 2)}, "crimes have an outcome from before they were recorded"),
        ({"recorded_at": date(2027, 5, 1)}, "dates in crimes.recorded_at are in the future"),
        ({"occurred_from": date(1900, 1, 1)}, "dates in crimes.occurred_from are days that systems enter where none is known, such as 1 January 1900"),
    ],
)  # fmt: skip
def test_dates_of_a_crime_that_cannot_be_are_counted(row, description):
    assert found_in(crimes=[crime(**row)]) == {description: 1}


def test_dates_in_order_and_dates_that_are_missing_are_not_wrong():
    row = crime(occurred_from=date(2024, 5, 1), reported_at=date(2024, 5, 1), recorded_at=date(2024, 5, 1))
    assert found_in(crimes=[row, {"crime_ref": "C2"}]) == {}


def test_a_person_born_after_the_offence_is_counted():
    offence = crime(occurred_from=date(2024, 5, 1))
    persons = [
        {"crime_ref": "C1", "role": "victim", "date_of_birth": day} for day in (date(2024, 5, 2), date(2024, 5, 1))
    ]
    assert found_in(crimes=[offence], involvements=persons) == {
        "persons were born after the first possible day of the offence": 1
    }


def test_an_age_that_does_not_follow_from_the_birth_date_is_counted():
    offence = crime(occurred_from=date(2024, 5, 1))
    ages = (14, 13, 15, 18)
    persons = [
        {"crime_ref": "C1", "role": "victim", "date_of_birth": date(2010, 4, 1), "age_at_offence": age} for age in ages
    ]
    assert found_in(crimes=[offence], involvements=persons) == {
        "persons have an age that does not follow from their date of birth": 1
    }


def test_a_person_who_is_victim_and_suspect_of_one_crime_is_counted():
    links = [("C1", "victim", "N1"), ("C1", "suspect", "N1"), ("C2", "victim", "N2"), ("C3", "suspect", "N2")]
    persons = [{"crime_ref": ref, "role": role, "person_ref": person} for ref, role, person in links]
    assert found_in(involvements=persons) == {"persons are victim and suspect of the same crime": 1}


def births(new_years):
    """A person born on each of 400 days one after another, and more of them on one 1 January."""
    days = [date(2008, 2, 1) + timedelta(days=n) for n in range(300)] + [date(2009, 1, 1)] * new_years
    return [{"crime_ref": "C1", "role": "victim", "date_of_birth": day} for day in days]


def test_more_births_on_1_january_than_chance_gives_are_counted_and_a_few_are_not():
    (description,) = found_in(involvements=births(20))
    assert (
        description == "dates in involvements.date_of_birth are 1 January: more than if days were spread over the year"
    )
    assert found_in(involvements=births(4)) == {}


def test_crimes_that_state_more_or_fewer_victims_than_were_read_are_counted():
    """C1 states 2 victims and C2 none, and one of each was read; C3 agrees, and C4 does not say."""
    crimes = [
        {"crime_ref": f"C{number}", "victim_count": count} for number, count in enumerate([2, 0, 1, None], start=1)
    ]
    victims = [{"crime_ref": f"C{number}", "role": "victim"} for number in range(1, 5)]
    assert found_in(crimes=crimes, involvements=victims) == {
        "crimes state more victims than the extract describes": 1,
        "crimes state fewer victims than were read": 1,
    }
    assert found_in(crimes=crimes) == {}
