"""Rules for reading the crime outcomes open data of the Home Office.

Source: Home Office, crime outcomes open data. `of_recorded` counts the outcomes so far of offences recorded in the
quarter (used for rates). `in_quarter` counts the outcomes assigned in the quarter, of offences recorded at any time. A
row without `of_recorded` is about an offence that was recorded in another quarter. Outcomes 1A, 2A and 3A are included
in 1, 2 and 3, so the whole table of alternate offences is set aside.
"""

from __future__ import annotations

import duckdb

from assay.ingest.official_statistics.force_matching import (
    add_forces_and_offences,
    add_outcomes,
    add_years_and_counts,
)
from assay.ingest.official_statistics.recorded_crime import (
    COMBINED_CODE,
    CORRECT_COUNT,
    KNOWN_TEXTS,
    NO_CODE,
    UNKNOWN_CODE,
    UNKNOWN_FORCE,
    WHOLE_NUMBER_RULE,
    YEAR_OR_QUARTER,
)
from assay.ingest.official_statistics.statistics_rules import NOTE_BELOW, Rules, Rung, error_rung, formula_rung

FIELDS = (
    "financial_year", "quarter", "force_name", "offence_code", "offence_name", "outcome_code", "of_recorded",
    "in_quarter", "code_inferred",
)  # fmt: skip
ALTERNATE_OFFENCES = "alternate offences: already counted in the main outcomes table"
UNKNOWN_OUTCOME = Rung(
    "unknown outcome",
    "outcome is null",
    "'outcome_code'",
    "the code of an outcome is in the register",
    "Give the outcome type as published: 0 to 23, 1A, 2A or 3A (not the outcome group).",
    grouping_field="outcome_code",
)


def add_lookup_tables(store: duckdb.DuckDBPyConnection) -> None:
    """Create the lookup tables of forces, offences, outcomes, years, quarters and counts that the rules join."""
    add_forces_and_offences(store)
    add_outcomes(store)
    add_years_and_counts(store, ("of_recorded", "in_quarter"))


RULES = Rules(
    fields=FIELDS,
    prepare=add_lookup_tables,
    joins=f"{KNOWN_TEXTS} left join known_outcomes using (outcome_code) "
    "left join known_counts c on c.text = of_recorded left join known_counts d on d.text = in_quarter",
    parsed_columns={
        "force_code": "force_code",
        "outcome": "outcome",
        "doubled": "coalesce(doubled, false)",
        "year": "year",
        "number_of_quarter": "number_of_quarter",
        "code": "code",
        "offence_known": "coalesce(offence_known, false)",
        "number": "c.number",
        "assigned": "d.number",
        "name": "coalesce(offence_name, '')",
        "inferred": "coalesce(lower(code_inferred) in ('true', 'yes', 'y', '1'), false)",
    },
    rungs=(
        Rung(
            NOTE_BELOW,
            "force_name is null and offence_code is null and of_recorded is null and marks is null",
        ),
        formula_rung(FIELDS),
        error_rung(),
        YEAR_OR_QUARTER,
        UNKNOWN_FORCE,
        NO_CODE,
        UNKNOWN_OUTCOME,
        Rung("already counted in its parent outcome", "doubled"),
        Rung(
            "count cannot be read",
            "number is null and not not_published(of_recorded)",
            "'of_recorded'",
            WHOLE_NUMBER_RULE,
            CORRECT_COUNT,
        ),
        Rung(
            "count of outcomes in the quarter cannot be read",
            "assigned is null and not not_published(in_quarter)",
            "'in_quarter'",
            WHOLE_NUMBER_RULE,
            CORRECT_COUNT,
        ),
        Rung("no offence recorded in the quarter", "number is null"),
    ),
    key=("year", "number_of_quarter", "force_code", "code", "name", "outcome"),
    measures=("number", "assigned"),
    select="year as financial_year, number_of_quarter as quarter, force_code, code as offence_code, "
    "outcome as outcome_code, number as of_recorded, assigned as in_quarter, inferred as code_inferred",
    remarks=(UNKNOWN_CODE,),
    combined_code=COMBINED_CODE,
    row_unit="code || ' ' || outcome",
)
