"""Which children came to notice in each year, and on whose list?"""

import pyarrow as pa
import pytest
from tiny import FORCE, Return, facts_on, tables_held

from assay.engine import ExpressionEngine

CHILD = {"forenames": "Rowan", "surname": "Example", "date_of_birth": "2012-08-01"}
LISTS = pa.table({"force_code": [FORCE] * 3, "entry_ref": ["Q1", "Q2", "Q3"], "person_id": [f"{FORCE} V2", "K2", "K3"]})


@pytest.fixture(scope="module")
def worked_out():
    """The facts `listed` and `exploited_child`, and the second once more where nobody is tied on lists."""
    data = Return(
        crimes=[{"crime_ref": ref, "offence_code": code, "scope_reason": "core_offence", "recorded_at": "2026-05-04",
                 "reported_at": "2026-05-04", "occurred_from": "2026-04-20", "cancelled_at": cancelled_at}
                for ref, code, cancelled_at in (("1", "71", None), ("2", "19D", None), ("3", "19D", None), ("4", "71", "2026-06-01"))],
        involvements=[
            *({"involvement_ref": f"V{ref}", "crime_ref": ref, "role": "victim", "person_ref": f"P{ref}", **CHILD,
               "forenames": f"Rowan{ref}"} for ref in "1234"),
            {"involvement_ref": "M1", "missing_ref": "M1", "role": "subject", "person_ref": "P9", **CHILD},
            {"involvement_ref": "M2", "missing_ref": "M2", "role": "subject", "person_ref": "P8", **CHILD},
        ],
        flags=[{"flag_ref": "F1", "crime_ref": "2", "flag": "cse"}, {"flag_ref": "F2", "missing_ref": "M1", "flag": "cse"}],
        missing=[{"missing_ref": ref, "person_ref": person_ref, "started_at": "2026-06-01T20:00"}
                 for ref, person_ref in (("M1", "P9"), ("M2", "P8"))],
        registers=[{"register_ref": "L1", "register_kind": "police", "person_ref": "P1", "started_on": "2026-05-20"},
                   {"register_ref": "L2", "register_kind": "local_authority", "person_ref": "P3", "started_on": "2026-05-20"},
                   {"register_ref": "L3", "register_kind": "police", "person_ref": "P3", "started_on": "2025-05-20"}],
        agencies=[{"entry_ref": ref, "list_kind": "health", "concern": concern, "started_on": "2026-04-09"}
                  for ref, concern in (("Q1", "cse"), ("Q2", "csa"), ("Q3", None))],
    )  # fmt: skip
    with ExpressionEngine() as engine:
        tables = tables_held(engine, data.tables()) | {"list_people": engine.table("list_people", LISTS)}
        names = ("listed", "exploited_child")
        whole = facts_on(engine, tables, names)
        listed_rows = [engine.run(whole[name]).to_pylist() for name in names]
        del tables["list_people"]
        untied = facts_on(engine, tables, ("exploited_child",))["exploited_child"]
        return [*listed_rows, engine.run(untied).to_pylist()]


@pytest.fixture(scope="module")
def found(worked_out):
    return worked_out[0]


def by_child(rows):
    return {row["person_id"].removeprefix(f"{FORCE} "): row["partner_lists"] for row in rows}


def records_on(found, key):
    return {row["record_ref"] for row in found if row["list_key"] == key}


def test_a_child_is_on_the_list_of_crimes_if_the_crime_was_flagged_or_its_code_names_exploitation(found):
    """Crime 3 bears neither, and crime 4 was cancelled."""
    assert records_on(found, "police_crimes") == {"1", "2"}


def test_of_children_missing_only_those_whose_episode_was_marked(found):
    assert records_on(found, "police_missing") == {"M1"}


def test_a_register_of_the_police_and_one_of_the_local_authority_are_two_lists_and_last_year_is_no_part(found):
    assert (records_on(found, "police_register"), records_on(found, "local_authority")) == ({"L1"}, {"L2"})


def test_a_partner_s_list_of_abuse_of_every_kind_is_of_other_children(found):
    """Q3 does not say which: a partner that does not tell them apart sends exploitation of any kind."""
    assert records_on(found, "health") == {"Q1", "Q3"}


def test_every_entry_bears_its_year_and_its_name_in_linkage(found):
    assert {row["year"] for row in found} == {1}
    entries = {row["record_ref"]: row["entry"] for row in found if row["list_key"] in ("police_crimes", "health")}
    assert entries == {"1": f"{FORCE} V1", "2": f"{FORCE} V2", "Q1": f"list {FORCE} Q1", "Q3": f"list {FORCE} Q3"}


def test_an_exploited_child_is_on_a_partner_s_list_that_was_sent_or_that_the_force_holds(worked_out):
    """Crime 2 has the flag, and partner's entry Q1 is of its victim; crime 1 names exploitation, and is on no list."""
    assert by_child(worked_out[1]) == {"V1": False, "V2": True}


def test_where_nobody_is_tied_on_lists_it_is_not_known_who_is_on_none(worked_out):
    assert by_child(worked_out[2]) == {"V1": None, "V2": None}
