"""Facts of each suspect of a crime: named or not, ages, recorded ethnicity.

Self-defined and officer-observed ethnicity are two facts. `NS` (asked, not stated) is an answer; an officer's
`IC9` and `IC0` are not (return contract, section 5.4).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_set_aside_cells, add_supply_indicators

OFFICER_NOT_KNOWN = ("IC9", "IC0")
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "involvement_ref", "crime_ref", "person_id",
    "age_at_offence_low", "age_at_offence_high", "age_at_offence", "age_at_report", "child_at_offence",
    "when_reported", "in_base", "cancelled", "transferred", "offence_family", "sex", "known_as", "named",
    "ethnicity_self", "ethnicity_self_recorded", "ethnicity_self_reason", "ethnicity_officer",
    "ethnicity_officer_recorded",
)  # fmt: skip


def suspect_facts(tables: Tables, persons: ibis.Table, crimes: ibis.Table) -> ibis.Table:
    """Return the table `suspect`, with `COLUMNS`: one row for each suspect of a crime.

    `when_reported` is that of the crime: were its victims children when it was reported? What a record says to be
    empty is "not recorded"; a column that the force did not send, and a value set aside on receipt, is not known.
    """
    rows = persons.filter((persons.role == "suspect") & ~persons.crime_ref.isnull()).drop("when_reported")
    rows = left_join(rows, crimes.select("force_code", "crime_ref", "when_reported"), ["force_code", "crime_ref"])
    rows = add_supply_indicators(rows, tables, "ethnicity_self_sent", "ethnicity_officer_sent")
    rows = add_set_aside_cells(rows, tables, "involvements", "involvement_ref", "ethnicity_self", "ethnicity_officer")
    self_known = rows.ethnicity_self_sent & ~rows.ethnicity_self_aside
    officer_known = rows.ethnicity_officer_sent & ~rows.ethnicity_officer_aside
    is_officer_recorded = ~rows.ethnicity_officer.isnull() & ~rows.ethnicity_officer.isin(OFFICER_NOT_KNOWN).fill_null(
        False
    )
    return rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        named=rows.suspect_known_as == "named",
        ethnicity_self_recorded=ibis.cases((self_known, ~rows.ethnicity_self.isnull())),
        ethnicity_self_reason=rows.ethnicity_self_missing_reason,
        ethnicity_officer_recorded=ibis.cases((officer_known, is_officer_recorded)),
    ).select(*COLUMNS)
