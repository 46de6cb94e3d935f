"""Collect the force's own rows from the stages as a `ToSender`.

A row of any other force is an error: `ToSender` refuses it.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.provenance import read_stage
from assay.facts.inspection_run import InspectionRun
from assay.indicators import EVERYWHERE
from assay.indicators.indicator_catalogue import indicators
from assay.reference import Organisation
from assay.sdc import ToSender

ANSWER_TABLES = ("answers", "ladders", "left_out", "wait_medians", "counts")
URGENT_FACTS = ("duty", "crime", "missing_episode")
"""Fact tables that the urgent section and the pages read, whatever the indicators need."""
RETURN_TABLES = ("returns", "covers", "kinds", "counted", "incomplete", "columns")


def for_sender(run: InspectionRun, force: Organisation) -> ToSender:
    """Return the rows of a self-audit for `force` alone; DisclosureError if a row of another force is among them."""
    tables = {name: _without_total(read_stage(run.folder, "enquiries", name)) for name in ANSWER_TABLES}
    fact_names = {*URGENT_FACTS, *(form.record for form in indicators())}
    tables |= {name: read_stage(run.folder, "records", name) for name in sorted(fact_names)}
    tables |= {name: run.concatenate_returns(name) for name in RETURN_TABLES}
    return ToSender(force, tables)


def _without_total(table: pa.Table) -> pa.Table:
    """Drop the total of all forces: with one force it repeats the same row."""
    if "place_code" not in table.column_names:
        return table
    return table.filter(pc.not_equal(table["place_code"], EVERYWHERE))
