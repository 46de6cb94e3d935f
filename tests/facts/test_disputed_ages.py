"""One person is not a child on one crime and an adult on another because a date of birth was mistyped."""

import pytest
from record_rows import crime, victim
from tiny import Return

from assay.engine import ExpressionEngine
from assay.linkage import IDENTITY_TABLES, link_persons
from assay.privacy.separated_identifiers import drop_separated_columns, select_separated_columns

# The offence is on 1 April 2026, and the report on 20 April 2026.
DATES = {
    "Hazel Lantern": {"a": "2010-05-06", "b": "2010-05-06", "c": "2003-11-27"},  # 15, 15 and 22
    "Rowan Harbour": {"d": "2010-07-08", "e": "2003-01-30"},  # 15 and 23
    "Ivy Meadow": {"f": "2011-02-17", "g": "2014-09-25"},  # 15 and 11
}
HOMES = {"Hazel Lantern": ("ZZ1 2AB", "07700900123"), "Rowan Harbour": ("ZZ7 9XY", "07700900456"),
         "Ivy Meadow": ("ZZ4 5CD", "07700900789")}  # fmt: skip


@pytest.fixture(scope="module")
def people():
    entries = [
        victim(ref, ref, born, person_ref=name, forenames=name.split()[0], surname=name.split()[1],
               postcode=HOMES[name][0], phone=HOMES[name][1])
        for name, born_by_ref in DATES.items() for ref, born in born_by_ref.items()
    ]  # fmt: skip
    tables = Return(crimes=[crime(row["crime_ref"]) for row in entries], involvements=entries).tables()
    with ExpressionEngine() as engine:
        loaded_tables = {name: engine.table(name, drop_separated_columns(name, rows)) for name, rows in tables.items()}
        for table, name in IDENTITY_TABLES.items():
            loaded_tables[name] = engine.table(name, select_separated_columns("identities", table, tables[table]))
        rows = link_persons(engine, loaded_tables).tables["people"].to_pylist()
    return {row["involvement_ref"]: row for row in rows}


def ages(row):
    return tuple(row[name] for name in ("age_at_offence_low", "age_at_offence_high", "age_at_report", "dated"))


def test_the_records_of_each_name_are_one_person(people):
    assert [len({people[ref]["person_id"] for ref in refs}) for refs in DATES.values()] == [1, 1, 1]
    assert len({row["person_id"] for row in people.values()}) == 3


def test_records_with_the_date_that_stands_keep_their_age(people):
    assert ages(people["a"]) == ages(people["b"]) == (15, 15, 15, True)


def test_where_the_dates_of_a_person_disagree_on_under_18_the_record_with_the_disputed_date_has_no_status(people):
    assert ages(people["c"]) == (15, 22, None, False)
    assert people["c"]["adult_from"] is None


def test_of_two_dates_that_contradict_each_other_neither_gives_a_status(people):
    assert ages(people["d"]) == ages(people["e"]) == (15, 23, None, False)


def test_a_person_who_is_under_18_by_both_dates_stays_a_child(people):
    assert ages(people["f"]) == (11, 15, 15, False)
    assert ages(people["g"]) == (11, 15, 11, False)
