"""What is known of each suspect: named or not, their ages, and whether their ethnicity is on record?

As the person defined it and as an officer saw it are two facts. `NS` (asked, not stated) is an answer; an officer's
`IC9` and `IC0` are not (return contract, section 5.4).
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import with_answers, with_cells

OFFICER_NOT_KNOWN = ("IC9", "IC0")
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "involvement_ref", "crime_ref", "person_id",
    "age_at_offence_low", "age_at_offence_high", "age_at_offence", "age_at_report", "child_at_offence",
    "when_reported", "in_base", "cancelled", "transferred", "offence_family", "sex", "known_as", "named",
    "ethnicity_self", "ethnicity_self_recorded", "ethnicity_self_reason", "ethnicity_officer",
    "ethnicity_officer_recorded",
)  # fmt: skip


def suspects(held: Held, persons: ibis.Table, crimes: ibis.Table) -> ibis.Table:
    """The table `suspect`, with `COLUMNS`: one row a suspect of a crime.

    `when_reported` is that of the crime: were its victims children when it was reported? What a record says to be
    empty is "not recorded"; a column that the force did not send, and a value set aside on receipt, is not known.
    """
    rows = persons.filter((persons.role == "suspect") & ~persons.crime_ref.isnull()).drop("when_reported")
    rows = beside(rows, crimes.select("force_code", "crime_ref", "when_reported"), ["force_code", "crime_ref"])
    rows = with_answers(rows, held, "ethnicity_self_sent", "ethnicity_officer_sent")
    rows = with_cells(rows, held, "involvements", "involvement_ref", "ethnicity_self", "ethnicity_officer")
    self_known = rows.ethnicity_self_sent & ~rows.ethnicity_self_aside
    officer_known = rows.ethnicity_officer_sent & ~rows.ethnicity_officer_aside
    officer = ~rows.ethnicity_officer.isnull() & ~rows.ethnicity_officer.isin(OFFICER_NOT_KNOWN).fill_null(False)
    return rows.mutate(
        record_ref=rows.involvement_ref,
        known_as=rows.suspect_known_as,
        named=rows.suspect_known_as == "named",
        ethnicity_self_recorded=ibis.cases((self_known, ~rows.ethnicity_self.isnull())),
        ethnicity_self_reason=rows.ethnicity_self_missing_reason,
        ethnicity_officer_recorded=ibis.cases((officer_known, officer)),
    ).select(*COLUMNS)
