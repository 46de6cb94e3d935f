"""Does every answer stand in one group of each characteristic, so that the groups add up to the answers?"""

import pyarrow as pa
import pytest

from assay.engine.expressions import ExpressionEngine
from assay.errors import EvidenceError
from assay.indicators.catalogue.assessments.recorded_characteristics import field_completeness
from assay.indicators.catalogue.assessments.suspect_counts import CHARACTERISTICS as SUSPECT_CHARACTERISTICS
from assay.indicators.catalogue.assessments.suspect_counts import count_suspects
from assay.indicators.catalogue.responses.crime_outcomes import charged_of_all
from assay.indicators.catalogue.responses.response_waits import report_to_charge
from assay.indicators.indicator_answers import _askable
from assay.indicators.subgroup_breakdown import CHARACTERISTICS, break_down, drop_unanswerable

TEXT, YES, DAYS = pa.string(), pa.bool_(), pa.int64()
FORCES = ("INV01", "INV02")
PERSON = {
    "in_base": True, "cancelled": False, "transferred": False, "recorded_month": "2026-04", "role": "victim",
    "sex_group": "female", "sex_recorded": True, "child_at_offence": True, "age_band": "13 to 15",
}  # fmt: skip
# Crime 1: a girl, and a named suspect. 2: a boy and a girl. 3: a victim whose sex is not written down. 4: nobody.
PEOPLE = [
    {"involvement_ref": "V1", "crime_ref": "1"},
    {"involvement_ref": "V2", "crime_ref": "2", "sex_group": "male"},
    {"involvement_ref": "V3", "crime_ref": "2"},
    {"involvement_ref": "V4", "crime_ref": "3", "sex_group": None, "sex_recorded": False, "sex_reason": "NOT_ASKED"},
    {"involvement_ref": "S1", "crime_ref": "1", "role": "suspect", "sex_group": "male", "person_id": "P1",
     "known_as": "named", "ethnicity_self_group": "White", "ethnicity_self_recorded": True},
    {"involvement_ref": "S2", "crime_ref": "2", "role": "suspect", "sex_group": "male", "person_id": "P1",
     "known_as": "named", "child_at_offence": False},
    {"involvement_ref": "S3", "crime_ref": "2", "role": "suspect", "sex_group": None, "person_id": "P2",
     "known_as": "described", "child_at_offence": None},
    {"involvement_ref": "S4", "crime_ref": "3", "role": "suspect", "person_id": "P3", "known_as": "nothing_known"},
]  # fmt: skip
FIELDS = ("sex", "ethnicity_self", "ethnicity_officer", "disability", "care_status", "nationality")
TYPES = {
    **dict.fromkeys(("force_code", "record_ref", "involvement_ref", "crime_ref", "person_id", "role", "known_as",
                     "recorded_month", "age_band"), TEXT),
    **dict.fromkeys(("in_base", "cancelled", "transferred", "child_at_offence"), YES),
    **{f"{name}_group": TEXT for name in FIELDS}, **{f"{name}_recorded": YES for name in FIELDS},
    **{f"{name}_reason": TEXT for name in FIELDS},
}  # fmt: skip
CRIME = {"in_base": True, "cancelled": False, "transferred": False, "charged": False, "offence_family": "rape",
         "ends_known": True, "when_reported": "child when reported", "days_seen": 100, "cse_flagged": True,
         "group_flagged": False, "cse_titled": False, "csa_flagged": False, "child_at_offence": True,
         "contact_offence": True, "suspect_count": 2}  # fmt: skip
CRIMES = [
    {"crime_ref": "1", "charged": True, "days_to_charged": 10},
    {"crime_ref": "2"},
    {"crime_ref": "3", "charged": None},
    {"crime_ref": "4"},
]
CRIME_TYPES = {
    **{name: YES if isinstance(value, bool) else DAYS if isinstance(value, int) else TEXT for name, value in CRIME.items()},
    "force_code": TEXT, "record_ref": TEXT, "crime_ref": TEXT,
    **dict.fromkeys(("days_to_charged", "days_to_closed", "days_to_cancelled"), DAYS),
}  # fmt: skip


def table(rows, types):
    schema = pa.schema(list(types.items()))
    return pa.Table.from_pylist([{**dict.fromkeys(types), **row} for row in rows], schema=schema)


@pytest.fixture(scope="module")
def found():
    people = [
        {"force_code": f, "record_ref": person["involvement_ref"], **PERSON, **person}
        for f in FORCES
        for person in PEOPLE
    ]
    crimes = [{"force_code": f, "record_ref": crime["crime_ref"], **CRIME, **crime} for f in FORCES for crime in CRIMES]
    answers = [
        {"indicator": "charged_of_all", "force_code": force, "record_ref": ref, "answer": answer, "reason": ""}
        for force in FORCES
        for ref, answer in (("1", "met"), ("2", "not met"), ("3", "not known"), ("4", "not met"))
    ]
    known = [{"force_code": f, "person_id": p, "as_victim": p == "P1"} for f in FORCES for p in ("P1", "P2", "P3")]
    with ExpressionEngine() as engine:
        facts = {
            "described": engine.table("described", table(people, TYPES)),
            "crime": engine.table("crime", table(crimes, CRIME_TYPES)),
            "roles_of_person": engine.table(
                "roles", table(known, {"force_code": TEXT, "person_id": TEXT, "as_victim": YES})
            ),
        }
        answer_table = table(answers, dict.fromkeys(answers[0], TEXT))
        tables = break_down([charged_of_all, report_to_charge], facts, engine, answer_table)
        tables |= field_completeness(facts, engine)
        forces_by_column = {column: list(FORCES) for column in ("", *SUSPECT_CHARACTERISTICS.values())} | {
            "nationality": ["INV01"]
        }
        tables |= count_suspects(facts, engine, FORCES, forces_by_column)
    return {name: rows.to_pylist() for name, rows in tables.items()}


def select(rows, **values):
    return [row for row in rows if all(row[name] == value for name, value in values.items())]


def test_a_crime_stands_in_the_group_of_its_victims_and_is_counted_once(found):
    groups = select(found["parted"], force_code="INV01", side="victim", characteristic="sex")
    answers = {row["people"]: (row["met"], row["not_met"], row["not_known"]) for row in groups}
    # Of the victim of crime 3 it is not written down; crime 4 has no victim of whom anything could be.
    assert answers == {
        "female": (1, 0, 0), "more than one": (0, 1, 0), "not known": (0, 0, 1), "nobody is described": (0, 1, 0),
    }  # fmt: skip


def test_the_groups_of_every_characteristic_add_up_to_the_answers(found):
    for name in CHARACTERISTICS:
        groups = select(found["parted"], force_code="INV02", side="victim", characteristic=name)
        assert [sum(row[a] for row in groups) for a in ("met", "not_met", "not_known")] == [1, 2, 1], name


def test_suspects_of_whom_one_is_not_written_down_are_not_known(found):
    groups = select(found["parted"], force_code="INV01", side="suspect", characteristic="sex")
    assert {row["people"]: row["met"] + row["not_met"] + row["not_known"] for row in groups} == {
        "male": 1, "not known": 1, "female": 1, "nobody is described": 1,
    }  # fmt: skip


def test_waits_are_parted_alike(found):
    groups = select(found["parted_waits"], force_code="INV01", side="victim", characteristic="sex", people="female")
    assert [(row["days"], row["ending"], row["records"]) for row in groups] == [(10, "charged", 1)]


def test_a_person_suspected_twice_is_one_and_whoever_was_under_18_once_stands_there(found):
    (row,) = select(
        found["suspects_by_age"], place_code="INV01", definition="flagged_or_titled_cse", age_group="under 18"
    )
    assert (row["suspects"], row["known_victims"]) == (1, 1)  # P1, a child at crime 1 and an adult at crime 2
    (whole,) = select(
        found["suspects_by_age"], place_code="INV01", definition="flagged_or_titled_cse", age_group="all ages"
    )
    assert whole["suspects"] == 2  # of P3 nothing is known, not even whether there was such a person


def test_counts_of_groups_add_up_with_those_not_recorded(found):
    groups = select(found["suspects_by_characteristic"], place_code="ALL", definition="flagged_or_titled_cse", age_group="all ages",
              characteristic="ethnicity, as they define it")  # fmt: skip
    assert {row["people"]: row["suspects"] for row in groups} == {"White": 2, "not known": 2}


def test_all_together_is_said_only_where_every_body_sent_it(found):
    places = {row["place_code"] for row in select(found["suspects_by_characteristic"], characteristic="nationality")}
    assert places == {"INV01"}


def test_a_field_is_recorded_or_empty_for_a_reason_month_by_month(found):
    groups = select(found["field_completeness"], role="victim", field="sex", place_code="ALL", month="2026-04")
    assert {row["state"]: row["people"] for row in groups} == {
        "recorded": 6, "empty: not asked, or the record does not say": 2,
    }  # fmt: skip


def test_every_field_adds_up_to_the_people(found):
    for row in found["person_records"]:
        for field in ("sex", "care", "nationality"):
            states = select(
                found["field_completeness"], field=field, **{k: row[k] for k in ("role", "place_code", "month")}
            )
            assert sum(state["people"] for state in states) == row["people"]


@pytest.mark.parametrize("unanswerable", [set(), {("charged_of_all", "INV02")}])
def test_a_row_without_a_force_stops_the_run_whether_or_not_a_force_is_unanswerable(unanswerable):
    rows = table([{"indicator": "charged_of_all", "force_code": code} for code in ("INV01", None)],
                 {"indicator": TEXT, "force_code": TEXT})  # fmt: skip
    with pytest.raises(EvidenceError, match="Of 1 rows it is not known of which indicator and force they are"):
        drop_unanswerable(rows, "indicator", unanswerable)
    assert drop_unanswerable(rows.slice(0, 1), "indicator", unanswerable).num_rows == 1


def test_counts_without_a_force_stop_the_run():
    counts = pa.table({"force_code": pa.array(["INV01", None]), "records": [3, 1]})
    with pytest.raises(EvidenceError, match="counted without a force"):
        _askable(counts, {}, ["INV01"])
    assert _askable(counts.slice(0, 1), {}, ["INV01"]) == (counts.slice(0, 1), ("INV01",))
