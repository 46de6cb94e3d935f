"""Hand-written returns for the urgent rules: one force, its facts, and its declarations."""

import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).parents[1] / "facts"))

from tiny import ORGANISATIONS, Return, facts_on, tables_held

from assay.engine.expressions import ExpressionEngine
from assay.facts.fact_inputs import build_lookup_tables
from assay.sdc import ToSender
from assay.workflows.urgent.urgent_search import COUNTS_TABLE, FACT_TABLES, RETURN_TABLES

KINDS = {"suspect_arrested": True, "suspect_charged": True, "suspect_interviewed_under_caution": True}
CRIME = {
    "scope_reason": "core_offence", "offence_code": "71", "reported_at": "2026-04-08T08:30",
    "recorded_at": "2026-04-08T11:10", "occurred_from": "2026-04-07",
}  # fmt: skip
NUMBER = {"force_code": pa.string(), "table_name": pa.string(), "file": pa.string(), "records": pa.int64(),
          "rows_stated": pa.int64(), "accepted": pa.int64(), "set_aside": pa.int64(), "refused_rule": pa.string()}  # fmt: skip


def crime(ref, **values):
    return {"crime_ref": ref, **CRIME, **values}


def suspect(ref, crime_ref, **values):
    return {"involvement_ref": ref, "crime_ref": crime_ref, "person_ref": "P1", "role": "suspect", "suspect_known_as": "named",
            "date_of_birth": "1990-05-06", **values}  # fmt: skip


def child(ref, crime_ref, **values):
    return {"involvement_ref": ref, "crime_ref": crime_ref, "person_ref": f"C{ref}", "role": "victim",
            "date_of_birth": "2011-02-03", **values}  # fmt: skip


def two_children(*events, **values):
    """One suspect, two crimes, a child victim of each; arrests, charges, interviews and orders are sent whole."""
    tables = {
        "crimes": [crime("1"), crime("2")],
        "involvements": [suspect("S1", "1"), suspect("S2", "2"), child("V1", "1"), child("V2", "2")],
        "events": list(events), "orders": [], "flags": [], "missing": [], "kinds": KINDS,
    }  # fmt: skip
    return Return(**{**tables, **values})


def event(kind, crime_ref, **values):
    return {"event_ref": f"E{crime_ref}", "kind": kind, "happened_at": "2026-04-20T10:00", "crime_ref": crime_ref, "person_ref": "P1",
            **values}  # fmt: skip


def episode(ref, started, **values):
    return {
        "missing_ref": ref,
        "person_ref": "C1",
        "started_at": f"{started}T20:00",
        "ended_at": f"{started}T23:00",
        **values,
    }


def missing_return(*episodes, **values):
    tables = {"crimes": [], "involvements": [], "flags": [], "missing": list(episodes)}
    return Return(**{**tables, **values})


CASES = {}


def case(force_return, set_aside=None, refused=None):
    """Its name. To derive facts takes seconds, whatever the number of records: every case is a force of its own, and all
    are worked out at once. `set_aside`: rows by table; `refused`: rule by table."""
    name = f"INV{len(CASES) + 1:03}"
    CASES[name] = (force_return, set_aside or {}, refused or {})
    return name


def all_cases():
    """What the rules read of each case."""
    organisations = [replace(ORGANISATIONS[0], code=name) for name in CASES]
    force_tables = [
        {name: _force_rows(force, rows) for name, rows in force_return.tables().items()}
        for force, (force_return, *_) in CASES.items()
    ]
    tables = {
        name: pa.concat_tables(tables_of_force[name] for tables_of_force in force_tables) for name in force_tables[0]
    } | build_lookup_tables(organisations)
    with ExpressionEngine() as engine:
        fact_tables = facts_on(engine, tables_held(engine, tables), FACT_TABLES)
        read = {name: engine.run(fact_tables[name]) for name in FACT_TABLES} | {
            name: tables[name] for name in RETURN_TABLES
        }
    read["involvements"] = read["involvements"].select(
        ["force_code", "involvement_ref", "person_ref", "died_on", "suspect_outcome_code"]
    )
    read[COUNTS_TABLE] = pa.concat_tables(_count_table(force, *case_parts) for force, case_parts in CASES.items())
    return {
        organisation.code: ToSender(organisation, {name: _only(organisation.code, rows) for name, rows in read.items()})
        for organisation in organisations
    }


def _force_rows(force, rows):
    if "force_code" not in rows.column_names:
        return rows
    place = rows.column_names.index("force_code")
    return rows.set_column(place, "force_code", pa.array([force] * len(rows), pa.string()))


def _only(force, rows):
    return rows.filter(pc.equal(rows["force_code"], force))


def _count_table(force, force_return, set_aside, refused):
    rows = [
        {"force_code": force, "table_name": name, "records": 9, "accepted": 9, "set_aside": set_aside.get(name, 0),
         "refused_rule": refused.get(name)}
        for name in force_return.rows_by_table
    ]  # fmt: skip
    columns = {name: [row.get(name) for row in rows] for name in NUMBER}
    return pa.table(columns, schema=pa.schema(list(NUMBER.items())))
