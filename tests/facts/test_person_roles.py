"""What was each person over time, and who was a victim before they were a suspect?"""

import datetime as dt

import pyarrow as pa
import pytest

from assay.engine import ExpressionEngine
from assay.facts.person_roles import role_facts, roles_of_persons

TEXT, DAY, WHOLE = pa.string(), pa.date32(), pa.int64()
TABLES = {
    "persons": {"force_code": TEXT, "person_id": TEXT, "role": TEXT, "crime_ref": TEXT, "report_day": DAY, "age_at_report": WHOLE},
    "episodes": {"force_code": TEXT, "record_ref": TEXT, "person_id": TEXT, "started_day": DAY, "age_at_start": WHOLE},
    "groups": {"force_code": TEXT, "group_ref": TEXT, "mapped_on": DAY},
    "group_members": {"force_code": TEXT, "group_ref": TEXT, "person_ref": TEXT, "member_role": TEXT},
    "involvements": {"force_code": TEXT, "involvement_ref": TEXT, "person_ref": TEXT},
    "people": {"force_code": TEXT, "involvement_ref": TEXT, "person_id": TEXT},
    "agencies": {"force_code": TEXT, "entry_ref": TEXT, "started_on_day": DAY},
    "list_people": {"force_code": TEXT, "entry_ref": TEXT, "person_id": TEXT},
}  # fmt: skip
APRIL, MAY_DAY, JUNE = dt.date(2026, 4, 8), dt.date(2026, 5, 20), dt.date(2026, 6, 1)


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def part(role, crime_ref, day, person="A", force="INV01", age=14):
    return {
        "force_code": force, "person_id": person, "role": role, "crime_ref": crime_ref, "report_day": day,
        "age_at_report": age,
    }  # fmt: skip


def table_of(engine, name, rows):
    """Rows, each in the force INV01 if it does not say so."""
    schema = pa.schema(list(TABLES[name].items()))
    full = [{**dict.fromkeys(schema.names), "force_code": "INV01", **row} for row in rows]
    return engine.table(name, pa.Table.from_pylist(full, schema=schema))


def role(engine, *persons, lists=False, **rows_by_table):
    excluded_tables = () if lists else ("list_people",)
    names = [name for name in TABLES if name not in ("persons", "episodes", *excluded_tables)]
    tables = {name: table_of(engine, name, rows_by_table.get(name, ())) for name in names}
    return role_facts(
        tables, table_of(engine, "persons", persons), table_of(engine, "episodes", rows_by_table.get("episodes", ()))
    )


def lines(engine, *persons, **rows_by_table):
    return engine.run(role(engine, *persons, **rows_by_table)).to_pylist()


def test_a_person_has_one_line_for_each_role_that_a_record_gives_them_with_its_day_and_their_age(engine):
    rows = lines(
        engine,
        part("victim", "1", APRIL),
        part("suspect", "2", MAY_DAY, age=15),
        part("suspect", "2", MAY_DAY, age=15),  # twice on one crime
        part("nominal", None, None),
        episodes=[{"record_ref": "M1", "person_id": "A", "started_day": MAY_DAY, "age_at_start": 15}],
        groups=[{"group_ref": "G1", "mapped_on": JUNE}],
        group_members=[{"group_ref": "G1", "person_ref": "P1", "member_role": "victim"}],
        involvements=[{"involvement_ref": "a", "person_ref": "P1"}],
        people=[{"involvement_ref": "a", "person_id": "A"}],
    )
    assert {row["person_id"] for row in rows} == {"A"}
    found = {(row["role"], row["role_day"], row["table_name"], row["record_ref"], row["age"]) for row in rows}
    assert len(rows) == 4
    assert found == {
        ("victim", APRIL, "crimes", "1", 14),
        ("suspect", MAY_DAY, "crimes", "2", 15),
        ("missing", MAY_DAY, "missing", "M1", 15),
        ("said to be in a group", JUNE, "groups", "G1", None),
    }


@pytest.mark.parametrize(
    ("as_victim", "as_suspect", "before"),
    [
        ([APRIL], [MAY_DAY], True),
        ([MAY_DAY], [APRIL], False),
        ([MAY_DAY, APRIL], [MAY_DAY], True),  # the first day of each counts
        ([APRIL], [APRIL], None),  # which came first on that day nobody wrote down
        ([APRIL], [None], None),
        ([APRIL], [], False),
        ([], [APRIL], False),
    ],
)
def test_who_was_a_victim_first_is_told_by_the_days_of_the_reports(engine, as_victim, as_suspect, before):
    person_parts = [part("victim", f"V{n}", day) for n, day in enumerate(as_victim)]
    person_parts += [part("suspect", f"S{n}", day) for n, day in enumerate(as_suspect)]
    (row,) = engine.run(roles_of_persons(role(engine, *person_parts))).to_pylist()
    assert row["victim_before_suspect"] is before
    assert (row["as_victim"], row["as_suspect"]) == (bool(as_victim), bool(as_suspect))


def test_a_person_is_one_across_forces_and_has_a_row_in_each(engine):
    person_parts = (part("victim", "1", APRIL), part("suspect", "1", MAY_DAY, force="INV02"))
    rows = engine.run(roles_of_persons(role(engine, *person_parts))).to_pylist()
    assert [(row["force_code"], row["forces"], row["victim_before_suspect"]) for row in rows] == [
        ("INV01", 2, True), ("INV02", 2, True),
    ]  # fmt: skip


def test_an_entry_on_a_partners_list_is_a_role_once_linkage_says_whose_it_is_and_keeps_its_line_if_not(engine):
    agencies = [{"entry_ref": "L1", "started_on_day": MAY_DAY}, {"entry_ref": "L2", "started_on_day": MAY_DAY}]
    assert lines(engine, agencies=agencies) == []
    linked = {"agencies": agencies, "list_people": [{"entry_ref": "L1", "person_id": "A"}], "lists": True}
    rows = lines(engine, **linked)
    assert {(row["record_ref"], row["person_id"], row["role"]) for row in rows} == {
        ("L1", "A", "on a partner's list"), ("L2", None, "on a partner's list"),
    }  # fmt: skip
    (row,) = engine.run(roles_of_persons(role(engine, part("victim", "1", APRIL), **linked))).to_pylist()
    assert (row["as_listed"], row["first_victim"], row["first_listed"]) == (True, APRIL, MAY_DAY)
