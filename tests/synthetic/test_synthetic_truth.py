"""Does the truth agree with what was sent, and can a reader see what was injected?"""

import collections
import datetime as dt

import pytest

from assay.synthetic import failings


def share(country, codes, met, base) -> float:
    forces = [country.truth["forces"][code] for code in codes]
    return sum(force[met] for force in forces) / sum(force[base] for force in forces)


def notices(country, codes) -> float:
    forces = [country.truth["forces"][code] for code in codes]
    notices_in_time = sum(force["notices_in_time"] for force in forces)
    return notices_in_time / (notices_in_time + sum(force["notices_late"] + force["notices_never"] for force in forces))


SHARES = {
    "late_recording": lambda country, codes: share(country, codes, "recorded_in_24h", "crimes"),
    "flags_missing": lambda c, codes: share(c, codes, "named_as_exploitation_flagged", "named_as_exploitation"),
    "ethnicity_missing": lambda c, codes: share(c, codes, "suspects_named_ethnicity_self", "suspects_named"),
    "late_notices": notices,
}


@pytest.mark.parametrize("failing", SHARES)
def test_where_a_failing_is_injected_the_share_is_far_below_that_of_the_others(country, failing):
    injected = country.truth["injected"][failing]
    other_codes = [code for code in country.generated.returns if code not in injected]
    assert len(injected) == 3
    assert SHARES[failing](country, injected) < SHARES[failing](country, other_codes) - 0.25


def test_the_truth_names_the_same_forces_as_the_answer_of_invent(country):
    assert {key: tuple(codes) for key, codes in country.truth["injected"].items()} == dict(country.generated.injected)
    for code, force in country.truth["forces"].items():
        assert force["failings"] == [key for key in failings() if code in country.generated.injected[key]]


def test_crimes_recorded_in_24_hours_can_be_counted_from_what_was_sent(country):
    """Where the report bears a minute; a report on a day alone leaves it open."""
    for code in country.generated.returns:
        crimes_by_reference = {row["crime_ref"]: row for row in country.tables(code)["crimes"]}
        for known in (row for row in country.known("crimes") if row["force_code"] == code):
            crime = crimes_by_reference[known["crime_ref"]]
            if len(crime["reported_at"]) == 16:
                wait = dt.datetime.fromisoformat(crime["recorded_at"]) - dt.datetime.fromisoformat(crime["reported_at"])
                assert (known["recorded_in_24h"] == "yes") == (wait <= dt.timedelta(hours=24))


def test_each_notice_that_was_never_given_is_not_among_the_events_and_every_other_one_is(country):
    linked = given_count = 0
    for code in country.generated.returns:
        rows = country.tables(code)["events"]
        notice_counts = collections.Counter(row["about_event_ref"] for row in rows if row["kind"] == "victim_informed")
        owed = collections.defaultdict(list)
        for row in country.known("notices"):
            if row["force_code"] == code:
                owed[row["event_ref"]].append(row["state"])
        for event, states in owed.items():
            due = sum(state in ("in_time", "late") for state in states)
            assert notice_counts[event] <= due, (code, event)
            linked, given_count = linked + notice_counts[event], given_count + due
    assert (
        0.84 * given_count < linked < 0.92 * given_count
    )  # about one notice in eight does not say which event it reports


def test_the_country_sums_up_from_its_forces(country):
    crimes = [row for row in country.known("crimes") if row["in_period"] == "yes"]
    by_force = collections.Counter(row["force_code"] for row in crimes)
    assert {code: force["crimes"] for code, force in country.truth["forces"].items()} == by_force
    assert sum(by_force.values()) == country.generated.crimes


def test_the_truth_is_an_outlier_from_the_returns(country):
    inside = {path.name for folder in country.generated.returns.values() for path in folder.iterdir()}
    assert not any("truth" in name for name in inside)
    assert "exploited" not in {column for row in country.all("crimes")[:1] for column in row}


def test_adults_who_report_abuse_of_their_childhood_are_victims_like_the_others(country):
    adults = {
        (row["force_code"], row["crime_ref"]) for row in country.known("crimes") if row["adult_reporter"] == "yes"
    }
    then = {(row["force_code"], row["crime_ref"]): row for row in country.all("crimes")}
    ages = []
    for row in country.all("involvements"):
        crime = then.get((row["force_code"], row["crime_ref"]))
        if row["role"] == "victim" and (row["force_code"], row["crime_ref"]) in adults and row["date_of_birth"]:
            born, reported = (dt.date.fromisoformat(text[:10]) for text in (row["date_of_birth"], crime["reported_at"]))
            ages.append((reported - born).days / 365.25)
            if crime["occurred_to"]:
                assert int(crime["occurred_from"][:4]) - born.year <= 18  # 1 January of the year: not 18 yet
    assert len(ages) > 200
    assert min(ages) >= 18


def test_every_person_of_the_truth_has_numbers_that_stand_in_the_return(country):
    for code in country.generated.returns:
        person_refs = {row["person_ref"] for row in country.tables(code)["involvements"]}
        assert {row["person_ref"] for row in country.known("people") if row["force_code"] == code} <= person_refs
    refs = collections.defaultdict(set)
    for row in country.known("people"):
        refs[row["force_code"], row["person"]].add(row["person_ref"])
    assert any(len(numbers) == 2 for numbers in refs.values())


def test_some_suspects_are_known_to_several_forces_under_numbers_of_their_own(country):
    forces = collections.defaultdict(set)
    for row in country.known("people"):
        if row["person"].startswith("COUNTRY"):
            forces[row["person"]].add((row["force_code"], row["person_ref"]))
    assert sum(len({code for code, _ in numbers}) > 1 for numbers in forces.values()) >= 5
    persons_by_crime = collections.defaultdict(set)
    people = {(code, ref): person for person, numbers in forces.items() for code, ref in numbers}
    for row in country.all("involvements"):
        if (row["force_code"], row["person_ref"]) in people:
            persons_by_crime[people[row["force_code"], row["person_ref"]]].add((row["forenames"], row["surname"]))
    assert all(len(names) == 1 for names in persons_by_crime.values())
