"""Rules for reading the police recorded crime open data of the Home Office.

Source: Home Office, police recorded crime open data by police force area, year ending March 2013 onwards. Counts stay
as published: a negative count is a later withdrawal. Rows named '(outcomes only)' hold no recorded crime by design and
are set aside if their count is zero. Where an older year still counts crime under such a name, the row stays.
"""

from __future__ import annotations

import duckdb

from assay.ingest.official_statistics.force_matching import (
    add_forces_and_offences,
    add_years_and_counts,
    similar_forces_hint,
)
from assay.ingest.official_statistics.statistics_rules import NOTE_BELOW, Rules, Rung, error_rung, formula_rung

FIELDS = (
    "financial_year",
    "quarter",
    "force_name",
    "offence_code",
    "offence_name",
    "offence_group",
    "offences",
)
OUTCOMES_ONLY_SQL = r"regexp_matches(lower(offence_name), '\(outcomes? only\)')"

YEAR_OR_QUARTER = Rung(
    "year or quarter cannot be read",
    "year is null or number_of_quarter is null",
    "case when year is null then 'financial_year' else 'quarter' end",
    "a financial year is written 2024/25 and a quarter 1 to 4",
    "Write the financial year as 2024/25 and the quarter as a number from 1 (April to June) to 4.",
)
UNKNOWN_FORCE = Rung(
    "unknown force",
    "force_code is null",
    "'force_name'",
    "the name or code of a force is in the register",
    "The register does not know the name in this cell, and a force is never guessed. Correct it, or add it as an "
    "alias.",
    grouping_field="force_name",
    hint=similar_forces_hint,
)
NO_CODE = Rung(
    "no offence code",
    "code is null",
    "'offence_code'",
    "a row has an offence code",
    "Give the offence code as published.",
)
UNKNOWN_CODE = Rung(
    "",
    "not offence_known",
    "'offence_code'",
    "unknown offence code",
    "The register does not know the code in this cell. The rows are kept; add the code to the register of offences.",
    grouping_field="code",
)
COMBINED_CODE = "contains(code, '/') or lower(name) = 'homicide'"
"""SQL that is true for a code that combines several offences, such as homicide."""
WHOLE_NUMBER_RULE = "a count is a whole number"
CORRECT_COUNT = "Text is not read as a number. Enter the published number."

KNOWN_TEXTS = (
    "left join known_forces using (force_name) left join known_offences using (offence_code) "
    "left join known_years using (financial_year) left join known_quarters using (quarter)"
)
"""SQL that joins the lookup tables of forces, offences, years and quarters."""


def add_lookup_tables(store: duckdb.DuckDBPyConnection) -> None:
    """Create the lookup tables of forces, offences, years, quarters and counts that the rules join."""
    add_forces_and_offences(store)
    add_years_and_counts(store, ("offences",))


RULES = Rules(
    fields=FIELDS,
    prepare=add_lookup_tables,
    joins=f"{KNOWN_TEXTS} left join known_counts on known_counts.text = offences",
    parsed_columns={
        "force_code": "force_code",
        "year": "year",
        "number_of_quarter": "number_of_quarter",
        "code": "code",
        "offence_known": "coalesce(offence_known, false)",
        "number": "known_counts.number",
        "name": "coalesce(offence_name, '')",
    },
    rungs=(
        Rung(NOTE_BELOW, "force_name is null and offence_code is null and offences is null and marks is null"),
        formula_rung(FIELDS),
        error_rung(),
        YEAR_OR_QUARTER,
        UNKNOWN_FORCE,
        NO_CODE,
        Rung(
            "outcomes only: no crime is recorded here",
            f"{OUTCOMES_ONLY_SQL} and (number = 0 or not_published(offences))",
        ),
        Rung("no count published", "not_published(offences)"),
        Rung("count cannot be read", "number is null", "'offences'", WHOLE_NUMBER_RULE, CORRECT_COUNT),
    ),
    key=("year", "number_of_quarter", "force_code", "code", "name"),
    measures=("number",),
    select="year as financial_year, number_of_quarter as quarter, force_code, code as offence_code, "
    "name as offence_name, coalesce(offence_group, '') as offence_group, number as offences",
    remarks=(UNKNOWN_CODE,),
    combined_code=COMBINED_CODE,
    row_unit="code",
)
