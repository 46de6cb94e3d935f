"""Small tables for the readers' tests, and the reference files by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

RECORDED = "data/homeoffice-recorded-crime-2013-2025/prc_pfa_long.parquet"
OUTCOMES_2018 = "data/homeoffice-outcomes-2018-19/outcomes-open-data-2018-19.csv.gz"
OUTCOMES_2024 = "data/homeoffice-outcomes-2024-25/outcomes_2024_25_by_offence_code_recovered.parquet"
CHILDREN = "data/dfe-children-in-need/c3_factors_identified_at_end_of_assessment_2018_to_2025.csv"
POPULATION = "data/dfe-children-in-need/ons_mid-year_population_estimates_2012_to_2024.csv"
POPULATION_BY_FORCE = "data/police-force-areas/population-0-17-by-english-pfa-2012-2024.csv"
DFE = "data/dfe-children-services-2025"
PLANS_STARTED = f"{DFE}/d3_cpps_subsequent_plan_2013_to_2025.csv"
PLANS_HELD = f"{DFE}/d5_cpps_at31march_by_duration_2013_to_2025.csv"
LOOKED_AFTER = f"{DFE}/cla_number_and_rate_per_10k_children.csv"
NEIGHBOURS = f"{DFE}/sn_model_2025_wide.csv"
INSPECTIONS = "data/dfe-children-in-need/LA_Inspection_Outcomes_as_at_31_March_2025.ods"
ETHNICITY = "data/census-2021-ethnicity-by-pfa/ethnicity-census2021-by-pfa.csv"
LAST_OUTCOMES = "data/police-uk-outcomes-by-force-2012-2016/last-outcome-by-force-type-year-2012-2016.csv.gz"
COURTS = "data/moj-magistrates-sexual-offences-2018/magistrates-outcomes-sexual-offences-2018.csv.gz"
NATIONAL = "data/homeoffice-outcomes-official-register/national-outcomes-2014-15-to-2025-26.csv"

CSA11 = ("17B", "19D", "19E", "19G", "19H", "20B", "21", "22B", "71", "73", "88A")
HEADER = (
    "Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group",
    "Offence Subgroup", "Offence Code", "Number of Offences",
)  # fmt: skip
OUTCOME_HEADER = (
    "Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Code",
    "Outcome Type", "Force outcomes for offences recorded in quarter", "Force outcomes recorded in quarter",
)  # fmt: skip
GROOMING = ("Sexual grooming", "Sexual offences", "Other sexual offences", "88A")


def row(count: object, force: str = "Kent", quarter: object = 1, offence: Sequence[str] = GROOMING) -> list[str]:
    """One row of recorded crime of 2024/25."""
    return ["2024/25", str(quarter), force, *offence, str(count)]


def outcome(code: object, count: object, force: str = "Kent", in_quarter: object = "NA") -> list[str]:
    """One row of outcomes of grooming offences recorded in the first quarter of 2024/25."""
    return ["2024/25", "1", force, "Sexual grooming", "88A", str(code), str(count), str(in_quarter)]


def write_table(path: Path, *rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8") -> Path:
    """A CSV file of these rows under a header."""
    lines = [",".join(f'"{cell}"' if "," in cell else cell for cell in row_cells) for row_cells in (header, *rows)]
    path.write_bytes("".join(line + "\n" for line in lines).encode(encoding))
    return path


def counts(table: pa.Table, *keys: str, value_column: str) -> dict[tuple[object, ...], int]:
    """Sums of a column by keys."""
    summed = table.group_by(list(keys)).aggregate([(value_column, "sum")])
    return {tuple(r[key] for key in keys): r[f"{value_column}_sum"] for r in summed.to_pylist()}
