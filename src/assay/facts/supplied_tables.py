"""Tables that each force supplied, and whether their rows were selected by a query."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join
from assay.facts.fact_inputs import Tables
from assay.facts.jurisdictions import add_country

YES, NO = "yes", "no"
COLUMNS = ("force_code", "record_ref", "country", "in_period", "in_base", "body_kind", "table_name", "searchable")


def supplied_tables(tables: Tables) -> ibis.Table:
    """Return the table `sent_table`, with `COLUMNS`: one row for each force and table that it sent. `searchable`: the
    cover says yes or no. Where it says "part", how much of the table is searchable is not stated, so it is not known: a
    force that says so is no worse for it than one that says nothing."""
    manifests = tables["covers"]
    rows = manifests.filter(manifests.used.fill_null(False) & (manifests.supplied != "none").fill_null(False))
    rows = rows.select("force_code", "table_name", statement="searchable")
    rows = left_join(rows, tables["bodies"].select(force_code="code", body_kind="kind"), ["force_code"])
    rows = add_country(rows, tables, authority="")
    always = ibis.literal(True)
    return rows.mutate(
        record_ref=rows.table_name, in_period=always, in_base=always, searchable=_is_searchable(rows.statement)
    ).select(*COLUMNS)


def _is_searchable(statement: ibis.Value) -> ibis.Value:
    return ibis.cases((statement == YES, True), (statement == NO, False))
