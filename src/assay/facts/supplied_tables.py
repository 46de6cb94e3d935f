"""Which tables did each force send, and could it select their rows by a query?"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside
from assay.facts.fact_inputs import Held
from assay.facts.jurisdictions import with_country

YES = "yes"
COLUMNS = ("force_code", "record_ref", "country", "in_period", "in_base", "body_kind", "table_name", "searchable")


def sent_tables(held: Held) -> ibis.Table:
    """The table `sent_table`, with `COLUMNS`: one row a force and table that it sent. `searchable`: the cover says yes;
    a part is no; where the cover does not say, it is not known."""
    covers = held["covers"]
    rows = covers.filter(covers.used.fill_null(False) & (covers.supplied != "none").fill_null(False))
    rows = rows.select("force_code", "table_name", said="searchable")
    rows = beside(rows, held["bodies"].select(force_code="code", body_kind="kind"), ["force_code"])
    rows = with_country(rows, held, authority="")
    everything = ibis.literal(True)
    return rows.mutate(
        record_ref=rows.table_name, in_period=everything, in_base=everything, searchable=rows.said.nullif("") == YES
    ).select(*COLUMNS)
