"""Are the measures of a flat extract what their definitions say, and is missing never counts as no?"""

import json
from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pytest
from checked_extracts import FILE, extract_table, measured, part, plan_of, records_of

from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPlan
from assay.ingest.extracts.split_tables import split_extract
from assay.workflows.check.checked_extract import examine_extract
from assay.workflows.check.extract_measures import CANNOT_BE_ASKED, COUNT_NOT_KNOWN, MEASURES, count_extract

CRIME = {"crime_ref": "C1", "occurred_from": date(2024, 6, 1)}


def crimes(*pairs):
    """Crimes reported and recorded at these times."""
    return [{"crime_ref": f"C{n}", "reported_at": a, "recorded_at": b} for n, (a, b) in enumerate(pairs)]


def in_24h(reported, recorded):
    found = measured("recorded_within_24h", crimes=crimes((reported, recorded), (date(2020, 1, 1), date(2020, 1, 1))))
    return [key for key, count in found.items() if count - (key == "met")]


@pytest.mark.parametrize(
    ("reported", "recorded", "answer"),
    [
        (datetime(2024, 5, 1, 9), datetime(2024, 5, 2, 9), "met"),
        (datetime(2024, 5, 1, 9), datetime(2024, 5, 2, 9, 1), "not_met"),
        (datetime(2024, 5, 1, 9), datetime(2024, 5, 1, 9), "met"),
        (datetime(2024, 5, 1, 9), date(2024, 5, 1), "met"),
        (datetime(2024, 5, 1, 9), date(2024, 5, 2), "not_known"),
        (date(2024, 5, 1), datetime(2024, 5, 3, 0, 1), "not_met"),
        (date(2024, 5, 1), date(2024, 5, 2), "not_known"),
        (date(2024, 5, 1), date(2024, 5, 3), "not_met"),
        (None, datetime(2024, 5, 3, 1), "not_known"),
        (datetime(2024, 5, 3, 1), None, "not_known"),
        (datetime(2024, 5, 3, 1), datetime(2024, 5, 3, 0), "not_known"),
        (date(2024, 5, 3), date(2024, 5, 2), "not_known"),
    ],
)
def test_a_crime_is_recorded_in_time_up_to_24_hours_and_a_day_alone_tells_only_what_it_can(reported, recorded, answer):
    assert in_24h(reported, recorded) == [answer]


@pytest.mark.parametrize(
    ("reported", "recorded", "answer"),
    [
        (datetime(2024, 10, 26, 12), datetime(2024, 10, 27, 11, 30), "not_met"),  # the night has an hour more
        (datetime(2024, 3, 30, 12), datetime(2024, 3, 31, 12, 30), "met"),  # the night has an hour less
        (datetime(2024, 10, 26, 12), datetime(2024, 10, 27, 11), "met"),
    ],
)
def test_24_hours_are_hours_that_pass_when_the_clocks_change(reported, recorded, answer):
    assert in_24h(reported, recorded) == [answer]


def test_an_extract_without_the_time_of_the_report_cannot_be_asked_how_long_recording_took():
    assert (
        measured("recorded_within_24h", crimes=[{"crime_ref": "C1", "recorded_at": date(2024, 5, 1)}])
        == CANNOT_BE_ASKED
    )


def test_outcomes_are_counted_by_code_and_an_empty_outcome_is_not_known():
    rows = [
        {"crime_ref": f"C{n}", "outcome_code": code} for n, code in enumerate(["1", "1A", "14", "NOA", "NOA", None])
    ]
    assert measured("outcome_mix", crimes=rows) == {"1": 1, "14": 1, "1A": 1, "NOA": 2, "not_known": 1}
    assert measured("charged_share", crimes=rows) == {"met": 2, "n": 6, "not_known": 1}


def test_offences_are_counted_by_code():
    rows = [{"crime_ref": f"C{n}", "offence_code": code} for n, code in enumerate(["71", "71", "20B", None])]
    assert measured("offence_mix", crimes=rows) == {"20B": 1, "71": 2, "not_known": 1}


def test_crimes_without_a_column_of_outcomes_cannot_be_asked_about_charges():
    rows = [{"crime_ref": "C1"}]
    assert measured("charged_share", crimes=rows) == measured("outcome_mix", crimes=rows) == CANNOT_BE_ASKED


@pytest.mark.parametrize(
    ("suspect", "met"),
    [
        ({"person_ref": "N1"}, 1),
        ({"surname": "Example"}, 1),
        ({"forenames": "Sam"}, 1),
        ({"date_of_birth": date(1980, 2, 1)}, 1),
        ({"date_of_birth": date(1900, 1, 1)}, 0),  # what a system enters when none is known
        ({"date_of_birth": date(1970, 1, 1)}, 0),
        ({"suspect_known_as": "named"}, 1),
        ({"suspect_known_as": "described"}, 0),
        ({"sex": "M"}, 0),
    ],
)
def test_a_suspect_is_identified_by_a_reference_a_name_a_birth_date_or_the_word_named(suspect, met):
    columns = ("person_ref", "surname", "forenames", "suspect_known_as", "crime_ref", "role")
    persons = extract_table("involvements", [{"crime_ref": "C1", "role": "suspect", **suspect}], columns)
    assert measured("suspect_identified", crimes=[CRIME, {"crime_ref": "C2"}], involvements=persons) == {
        "met": met,
        "n": 2,
    }


def test_a_victim_with_a_name_is_no_identified_suspect():
    persons = [
        {"crime_ref": "C1", "role": "victim", "surname": "A"},
        {"crime_ref": "C1", "role": "suspect", "surname": None},
    ]
    assert measured("suspect_identified", crimes=[CRIME], involvements=persons) == {"met": 0, "n": 1}


def test_the_crime_itself_may_say_that_a_suspect_is_identified():
    rows = [{"crime_ref": f"C{n}", "suspect_identified": answer} for n, answer in enumerate(["yes", "no", None])]
    assert measured("suspect_identified", crimes=rows) == {"met": 1, "n": 3, "not_known": 1}


def test_a_named_suspect_answers_for_a_crime_that_does_not_say_whether_one_is_identified():
    rows = [{"crime_ref": "C1", "suspect_identified": None}, {"crime_ref": "C2", "suspect_identified": "no"}]
    persons = [{"crime_ref": "C1", "role": "suspect", "surname": "Example"}]
    assert measured("suspect_identified", crimes=rows, involvements=persons) == {"met": 1, "n": 2}


def flags_of(cells, words, heading="CSE Flag"):
    """The crimes with the flag, where a column of the crimes holds these cells, read by these words."""
    refs = [f"C{n}" for n in range(len(cells))]
    sheet = Sheet(
        FILE, "", pa.table({"Crime Ref": refs, heading: pa.array(cells, pa.string())}), pa.array(range(len(cells)))
    )
    flag = ColumnMeaning(heading, "flags", "flag", 0.99, values=words)
    crimes_part, flags_part = part("crimes", ["crime_ref"]), part("flags", ["crime_ref"])
    plan = SplitPlan((crimes_part, replace(flags_part, columns={**flags_part.columns, "flag": flag})))
    tables = split_extract([sheet], plan)
    return examine_extract("an extract", (sheet,), (), plan, tables, today=date(2026, 1, 1)).counts.measures[
        "cse_flagged"
    ]


WORDS = {"Y": "cse", "N": "", "Unknown": ""}


def test_a_yes_no_column_of_the_flag_that_says_neither_is_not_known_and_no_no():
    assert flags_of(["Y", "N", "Unknown", None, "Perhaps"], WORDS) == {"met": 1, "n": 5, "not_known": 3}


def test_an_empty_tick_box_is_no_flag():
    assert flags_of(["Y", None, None], {"Y": "cse"}) == {"met": 1, "n": 3}


def test_a_crime_without_a_keyword_is_not_flagged():
    assert flags_of(["CSE", "CSA", None], {"CSE": "cse", "CSA": "csa"}, "Keywords") == {"met": 1, "n": 3}


@pytest.mark.parametrize("words", [{"Y": "csa", "N": ""}, {"CSA": "csa"}])
def test_a_column_of_another_flag_alone_cannot_be_asked_about_this_one(words):
    assert flags_of([next(iter(words)), None], words, "CSA Marker") == CANNOT_BE_ASKED


def test_a_number_of_suspects_that_is_empty_is_not_known_unless_the_rows_show_the_suspects():
    rows = [{"crime_ref": f"C{n}", "suspect_count": count} for n, count in enumerate([2, None])]
    assert measured("crimes_with_two_or_more_suspects", crimes=rows) == {"met": 1, "n": 2, "not_known": 1}
    persons = [{"crime_ref": "C1", "role": "suspect"}]
    found = measured("crimes_with_two_or_more_suspects", crimes=rows, involvements=persons)
    assert found == {"met": 1, "n": 2}


def test_no_place_for_suspects_is_not_an_unidentified_suspect():
    persons = [{"crime_ref": "C1", "role": "victim", "surname": "A"}]
    assert measured("suspect_identified", crimes=[CRIME], involvements=persons) == CANNOT_BE_ASKED
    assert measured("suspect_ethnicity_missing", crimes=[CRIME], involvements=persons) == CANNOT_BE_ASKED
    assert measured("crimes_with_two_or_more_suspects", crimes=[CRIME], involvements=persons) == CANNOT_BE_ASKED


def person(role="victim", crime="C1", **known):
    return {"crime_ref": crime, "role": role, **known}


def test_ethnicity_is_missing_where_neither_the_person_nor_an_officer_gives_one():
    victims = [
        person(ethnicity_self="W1", ethnicity_officer=None),
        person(ethnicity_self="NS", ethnicity_officer="IC3"),
        person(ethnicity_self="NS", ethnicity_officer="IC9"),
        person(ethnicity_self=None, ethnicity_officer="IC0"),
        person(ethnicity_self=None, ethnicity_officer=None),
    ]
    assert measured("victim_ethnicity_missing", crimes=[CRIME], involvements=victims) == {"missing": 3, "n": 5}


def test_the_ethnicity_of_suspects_is_asked_of_the_named_ones():
    suspects = [
        person("suspect", surname="A", ethnicity_self="A2"),
        person("suspect", surname="B", ethnicity_self=None),
        person("suspect", surname=None, ethnicity_self=None),
    ]
    assert measured("suspect_ethnicity_missing", crimes=[CRIME], involvements=suspects) == {"missing": 1, "n": 2}


def test_a_column_of_victims_alone_says_nothing_of_suspects():
    rows = [person(ethnicity_self="W1"), person("suspect", surname="A")]
    tables = {"crimes": extract_table("crimes", [CRIME]), "involvements": extract_table("involvements", rows)}
    whole = plan_of(tables)
    blocks = (
        part("involvements", ["crime_ref", "ethnicity_self"], role="victim"),
        part("involvements", ["crime_ref", "surname"], role="suspect"),
    )
    plan = type(whole)((whole.parts[0], *blocks))
    assert measured("suspect_ethnicity_missing", plan=plan, **tables) == CANNOT_BE_ASKED
    assert measured("victim_ethnicity_missing", plan=plan, **tables) == {"missing": 0, "n": 1}


def test_a_flag_is_counted_once_a_crime_however_often_it_was_put_on():
    flags = [
        {"crime_ref": "C1", "flag": "cse"},
        {"crime_ref": "C1", "flag": "cse"},
        {"crime_ref": "C1", "flag": "csa"},
        {"crime_ref": "C2", "flag": "csa"},
    ]
    records = records_of(crimes=[CRIME, {"crime_ref": "C2"}], flags=flags)
    counts = count_extract(records).as_dict()
    assert counts["flags"] == 3
    assert counts["measures"]["cse_flagged"] == {"met": 1, "n": 2}


def test_an_extract_without_flags_cannot_be_asked_about_them():
    assert measured("cse_flagged", crimes=[CRIME]) == CANNOT_BE_ASKED


def test_flags_that_no_crime_has_are_none_and_not_unknown():
    flags = extract_table("flags", [], ["crime_ref", "flag"])
    assert measured("cse_flagged", crimes=[CRIME], flags=flags) == {"met": 0, "n": 1}


BANDS = ("0-12", "13-15", "16-17", "18+", "not_known")


@pytest.mark.parametrize(
    ("victim", "band"),
    [
        ({"date_of_birth": date(2011, 6, 2)}, "0-12"),  # 13 on the day after
        ({"date_of_birth": date(2011, 6, 1)}, "13-15"),  # 13 on the day
        ({"date_of_birth": date(2008, 6, 1)}, "16-17"),
        ({"date_of_birth": date(2006, 6, 2)}, "16-17"),
        ({"date_of_birth": date(2006, 6, 1)}, "18+"),
        ({"date_of_birth": date(2024, 6, 2)}, "not_known"),  # born after the offence
        ({"date_of_birth": date(1900, 1, 1)}, "not_known"),
        ({"date_of_birth": date(1970, 1, 1)}, "not_known"),
        ({"date_of_birth": date(2011, 6, 1), "age_at_offence": 5}, "13-15"),
        ({"age_at_offence": 15}, "13-15"),
        ({"age_at_offence": 15, "age_band": "16-17"}, "13-15"),
        ({"age_band": "13-15"}, "13-15"),
        ({"age_band": "14-15"}, "13-15"),
        ({"age_band": "12-15"}, "not_known"),
        ({"age_band": "18+"}, "18+"),
        ({"age_band": "25-34"}, "18+"),
        ({"age_band": "16+"}, "not_known"),
        ({"age_at_offence": 199}, "not_known"),
        ({}, "not_known"),
    ],
)
def test_the_age_of_a_victim_is_that_on_the_first_possible_day_of_the_offence(victim, band):
    rows = extract_table("involvements", [person(**victim)], ("date_of_birth", "age_at_offence", "age_band"))
    found = measured("victims_by_age_band_at_offence", crimes=[CRIME], involvements=rows)
    assert found == {key: int(key == band) for key in BANDS}


def test_a_birth_date_without_the_day_of_the_offence_tells_no_age():
    rows = [person(date_of_birth=date(2010, 1, 1))]
    assert (
        measured("victims_by_age_band_at_offence", crimes=[{"crime_ref": "C1"}], involvements=rows) == CANNOT_BE_ASKED
    )


def test_a_child_born_on_the_29th_of_february_is_a_year_older_on_the_1st_of_march():
    offences = [
        {"crime_ref": "C1", "occurred_from": date(2021, 2, 28)},
        {"crime_ref": "C2", "occurred_from": date(2021, 3, 1)},
    ]
    rows = [person(crime=ref, date_of_birth=date(2008, 2, 29)) for ref in ("C1", "C2")]
    found = measured("victims_by_age_band_at_offence", crimes=offences, involvements=rows)
    assert (found["0-12"], found["13-15"]) == (1, 1)


def test_victims_are_counted_by_sex():
    rows = [person(sex="F"), person(sex="F"), person(sex=None), person("suspect", sex="M")]
    assert measured("victims_by_sex", crimes=[CRIME], involvements=rows) == {"F": 2, "not_known": 1}


def test_several_suspects_are_counted_on_the_rows_or_stated_by_the_crime():
    rows = [person("suspect"), person("suspect"), person("suspect", crime="C2"), person(crime="C2")]
    offences = [{"crime_ref": ref} for ref in ("C1", "C2", "C3")]
    assert measured("crimes_with_two_or_more_suspects", crimes=offences, involvements=rows) == {"met": 1, "n": 3}
    stated = [{"crime_ref": f"C{n}", "suspect_count": count} for n, count in enumerate([0, 1, 2, 5, None])]
    found = measured("crimes_with_two_or_more_suspects", crimes=stated)
    assert found == {"met": 2, "n": 5, "not_known": 1}


def test_without_rows_of_suspects_the_numbers_that_crimes_state_are_added_up_unless_one_is_not_known():
    def suspects(*numbers):
        stated = [{"crime_ref": f"C{n}", "suspect_count": number} for n, number in enumerate(numbers)]
        return count_extract(records_of(crimes=stated)).suspects

    assert suspects(0, 1, 3) == 4
    assert suspects(0, 1, None) == COUNT_NOT_KNOWN
    rows = [person("suspect", crime="C0")]
    with_rows = records_of(crimes=[{"crime_ref": "C0", "suspect_count": 3}], involvements=rows)
    assert count_extract(with_rows).suspects == 1


def test_one_place_for_a_suspect_in_each_crime_cannot_show_a_second():
    tables = {
        "crimes": extract_table("crimes", [{"crime_ref": "C1"}, {"crime_ref": "C2"}]),
        "involvements": extract_table("involvements", [person("suspect"), person("suspect", crime="C2")]),
    }
    plan = plan_of({"crimes": tables["crimes"]})
    plan = type(plan)((*plan.parts, part("involvements", ["crime_ref", "surname"], role="suspect")))
    assert measured("crimes_with_two_or_more_suspects", plan=plan, **tables) == CANNOT_BE_ASKED
    tables["crimes"] = extract_table("crimes", [{"crime_ref": "C1"}, {"crime_ref": "C2"}], merged=1, records=3)
    assert measured("crimes_with_two_or_more_suspects", plan=plan, **tables) == {"met": 0, "n": 2}


def test_a_person_is_told_apart_by_reference_else_by_full_name_and_birth_date():
    born = date(2010, 5, 5)
    rows = [
        person(person_ref="N1"),
        person(crime="C2", person_ref="N1"),
        person(forenames="Sam", surname="Example", date_of_birth=born),
        person(crime="C2", forenames="SAM ", surname="example", date_of_birth=born),
        person(crime="C2", forenames="Sam", surname="Other", date_of_birth=born),
        person(crime="C2", forenames="Sam", date_of_birth=born),  # cannot be told apart
    ]
    offences = [{"crime_ref": "C1"}, {"crime_ref": "C2"}]
    assert measured("persons_victim_in_two_or_more_crimes", crimes=offences, involvements=rows) == {"met": 2, "n": 3}


def test_victims_without_reference_or_full_name_cannot_be_told_apart():
    rows = [person(date_of_birth=date(2010, 1, 1), surname="Example")]
    assert measured("persons_victim_in_two_or_more_crimes", crimes=[CRIME], involvements=rows) == CANNOT_BE_ASKED


def test_a_person_is_one_link_with_a_crime_however_often_the_extract_repeats_it():
    rows = [person(person_ref="N1"), person(person_ref="N1"), person(), person(), person("suspect", person_ref="N1")]
    counts = count_extract(records_of(crimes=[CRIME], involvements=rows))
    assert (counts.victims, counts.suspects) == (3, 1)


def test_only_crimes_of_the_period_count_with_their_persons_and_flags():
    offences = [
        {"crime_ref": "C1", "recorded_at": datetime(2024, 3, 31, 23, 59)},
        {"crime_ref": "C2", "recorded_at": datetime(2024, 4, 1, 0, 0, 1)},
        {"crime_ref": "C3", "recorded_at": datetime(2025, 3, 31, 23, 59)},
        {"crime_ref": "C4", "recorded_at": None},
    ]
    persons = [person(crime=row["crime_ref"]) for row in offences]
    flags = [{"crime_ref": row["crime_ref"], "flag": "cse"} for row in offences]
    year = {"first": date(2024, 4, 1), "last": date(2025, 3, 31)}
    counts = count_extract(records_of(crimes=offences, involvements=persons, flags=flags, **year))
    assert (counts.crimes, counts.victims, counts.flags) == (2, 2, 2)
    assert count_extract(records_of(crimes=offences, involvements=persons)).crimes == 4


def test_the_object_has_every_measure_and_is_json():
    counts = count_extract(records_of(crimes=[CRIME])).as_dict()
    assert list(counts) == ["crimes", "victims", "suspects", "flags", "other_markers", "measures"]
    assert list(counts["measures"]) == list(MEASURES)
    assert len(MEASURES) == 12
    assert set(counts["measures"].values()) == {CANNOT_BE_ASKED}
    json.dumps(counts)


def test_records_for_which_the_extract_has_no_place_are_not_none():
    counts = count_extract(records_of(crimes=[CRIME])).as_dict()
    assert [counts[name] for name in ("crimes", "victims", "suspects", "flags")] == [1, *[CANNOT_BE_ASKED] * 3]


def test_an_empty_extract_counts_no_crime_and_can_be_asked_nothing_of_crimes():
    empty = extract_table("crimes", [], ["crime_ref", "outcome_code"])
    counts = count_extract(records_of(crimes=empty)).as_dict()
    assert (counts["crimes"], counts["measures"]["charged_share"]) == (0, CANNOT_BE_ASKED)


def test_one_unknown_number_of_suspects_makes_their_sum_not_known_and_not_a_place_that_is_lacking():
    rows = [{"crime_ref": "C0", "suspect_count": 2}, {"crime_ref": "C1", "suspect_count": None}]
    assert count_extract(records_of(crimes=rows)).as_dict()["suspects"] == "not known"
    assert count_extract(records_of(crimes=[{"crime_ref": "C0"}])).as_dict()["suspects"] == "cannot be asked"
