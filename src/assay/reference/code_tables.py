"""Code lists as tables for joins with the records of a return."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from assay.reference.child_offences import child_offences
from assay.reference.ethnicity_codes import ethnicities
from assay.reference.event_kinds import event_kinds
from assay.reference.organisations import Organisation, organisations_table
from assay.reference.outcome_codes import return_outcomes_table
from assay.reference.time_standards import standards


def code_tables(organisations: Iterable[Organisation]) -> dict[str, pa.Table]:
    """Return the tables that facts join to: standards, offences, outcomes, event_kinds, ethnicities, and the
    organisations asked."""
    return {
        "standards": standards().table(),
        "offences": child_offences().table(),
        "outcomes": return_outcomes_table(),
        "ethnicities": ethnicities().table(),
        "event_kinds": event_kinds().table(),
        "bodies": organisations_table(organisations),
    }
