"""Whose record is it: by the entry, the child, or the crime that each row names, and never by somebody else?"""

from dataclasses import replace

import pyarrow as pa
import pytest

from assay.engine.expressions import ExpressionEngine
from assay.indicators.catalogue.responses.response_waits import report_to_charge
from assay.indicators.record_persons import CHARACTERISTIC_COLUMNS, NO_OFFENCE, NO_PERSON, RecordPersons
from assay.indicators.subgroup_breakdown import (
    ABOUT_ORGANISATIONS,
    NO_CRIME,
    NO_NAME,
    ON_RECORDING,
    forms_not_broken_down,
)

TEXT, YES, WHOLE = pa.string(), pa.bool_(), pa.int64()
NAMES = ("involvement_ref", "crime_ref", "person_id", "missing_ref", "offence_family")
GIRL, BOY = {"sex_group": "female", "age_band": "13 to 15"}, {"sex_group": "male", "age_band": "16 and 17"}
# Crime 1: a girl, and a suspect. Crime 2: a girl and a boy. Crime 3: nobody. P7 is the victim of no crime.
ENTRIES = [
    {"involvement_ref": "V1", "crime_ref": "1", "person_id": "P1", "role": "victim", **GIRL},
    {"involvement_ref": "V2", "crime_ref": "2", "person_id": "P2", "role": "victim", **BOY},
    {"involvement_ref": "V3", "crime_ref": "2", "person_id": "P3", "role": "victim", **GIRL},
    {"involvement_ref": "S1", "crime_ref": "1", "person_id": "P9", "role": "suspect", "sex_group": "male"},
]
PERSONS = [
    *({"person_id": f"P{n}", "as_victim": True, **details} for n, details in ((1, GIRL), (2, BOY), (3, GIRL))),
    {"person_id": "P7", "as_victim": False, "sex_group": "male", "care_status_group": "in care"},
    {"person_id": "P9", "as_victim": False, "sex_group": "male"},
]
EPISODES = [
    {"record_ref": "M7", "missing_ref": "M7", "person_id": "P7", "age_at_start": 12},
    {"record_ref": "M2", "missing_ref": "M2", "person_id": "P2"},
    {"record_ref": "M0", "missing_ref": "M0"},
]
DUTIES = [
    {"record_ref": "to a victim", "crime_ref": "2", "involvement_ref": "V3", "person_id": "P3"},
    {"record_ref": "on a crime", "crime_ref": "2"},
    {"record_ref": "on a suspect", "crime_ref": "1", "involvement_ref": "S1", "person_id": "P9"},
    {"record_ref": "to a child of a crime", "crime_ref": "2", "person_id": "P2"},
    {"record_ref": "to a child", "person_id": "P7"},
    {"record_ref": "on an episode", "missing_ref": "M7", "person_id": "P7"},
    {"record_ref": "on a crime of nobody", "crime_ref": "3"},
]
REFERRALS = [{"record_ref": "of a child", "person_id": "P7"}, {"record_ref": "of a number without an entry"}]


def table(rows, **types):
    schema = pa.schema([("force_code", TEXT), *types.items()])
    return pa.Table.from_pylist([{"force_code": "INV01", **dict.fromkeys(types), **row} for row in rows], schema)


TABLES = {
    "described": table(ENTRIES, role=TEXT, **dict.fromkeys((*NAMES[:3], *CHARACTERISTIC_COLUMNS), TEXT)),
    "person_described": table(PERSONS, as_victim=YES, **dict.fromkeys(("person_id", *CHARACTERISTIC_COLUMNS), TEXT)),
    "missing_episode": table(EPISODES, age_at_start=WHOLE, **dict.fromkeys(("record_ref", *NAMES[2:4]), TEXT)),
    "duty": table(DUTIES, **dict.fromkeys(("record_ref", *NAMES), TEXT)),
    "referral": table(REFERRALS, record_ref=TEXT, person_id=TEXT),
}


@pytest.fixture(scope="module")
def persons():
    with ExpressionEngine() as engine:
        facts = {name: engine.table(name, rows) for name, rows in TABLES.items()}
        record_persons = RecordPersons(facts, engine)
        rows = [
            row
            for name in ("duty", "referral", "missing_episode")
            for row in engine.run(record_persons.people(name)).to_pylist()
        ]
    return {(row["side"], row["record_ref"]): row for row in rows}


@pytest.mark.parametrize(
    ("record", "sex", "age"),
    [
        ("to a victim", "female", "13 to 15"),  # the entry, though a boy is a victim of that crime too
        ("on a crime", "more than one", "more than one"),
        ("on a suspect", "female", "13 to 15"),  # the victim of the suspect's crime, never the suspect
        ("to a child of a crime", "male", "16 and 17"),  # that child, not all victims of the crime
        ("to a child", "male", NO_OFFENCE),
        ("on an episode", "male", "10 to 12"),  # 12 years old when it began
        ("on a crime of nobody", NO_PERSON, NO_PERSON),
        ("of a child", "male", NO_OFFENCE),
        ("of a number without an entry", NO_PERSON, NO_PERSON),
        ("M7", "male", "10 to 12"),
        ("M2", "male", "not known"),  # the age at a crime is not the age when the episode began
        ("M0", NO_PERSON, NO_PERSON),
    ],
)
def test_a_record_is_of_whom_it_names(persons, record, sex, age):
    row = persons["victim", record]
    assert (row["sex_group"], row["age_band"]) == (sex, age)


def test_a_child_who_is_the_victim_of_no_crime_is_described_by_the_entry_elsewhere(persons):
    assert persons["victim", "to a child"]["care_status_group"] == "in care"
    assert persons["victim", "to a child"]["disability_group"] == "not known"  # an entry is there, and does not say it


def test_a_suspect_to_whom_it_is_owed_stands_on_the_side_of_suspects(persons):
    assert persons["suspect", "on a suspect"]["sex_group"] == "male"
    assert persons["suspect", "to a child"]["sex_group"] == NO_PERSON


def test_every_record_stands_once_on_each_of_its_sides(persons):
    assert len([side for side, _ in persons if side == "victim"]) == len(DUTIES) + len(REFERRALS) + len(EPISODES)
    assert len([side for side, _ in persons if side == "suspect"]) == len(DUTIES)  # an episode and a referral have none


class Names:
    """A table of facts of which only the columns are asked."""

    def __init__(self, *columns):
        self.columns = columns


def test_what_cannot_be_told_by_who_the_victims_are_is_named_with_why():
    columns = {"force": (), "flag": (), "described": ("crime_ref",), "suspected_person": ("person_id",)}
    forms = [replace(report_to_charge, key=name, record=name, asks="Q27" * (name == "described")) for name in columns]
    left = forms_not_broken_down(forms, {name: Names(*column) for name, column in columns.items()})
    assert {row["form"]: row["reason"] for row in left.to_pylist()} == {
        "force": ABOUT_ORGANISATIONS, "flag": NO_NAME, "described": ON_RECORDING, "suspected_person": NO_CRIME,
    }  # fmt: skip
