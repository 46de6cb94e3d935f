"""Is a published file complete, or was it truncated?

The publisher writes a row for every force, quarter and offence, zeros included. If nearly every force and quarter has
the same offences, rows that are missing elsewhere were lost: an interrupted download ends in the middle of a quarter. A
copy without zeros does not have this pattern, so it is not reported.
"""

from __future__ import annotations

import duckdb

from assay import reference

POLICE_KINDS = ("territorial", "transport")
MIN_COMPLETE_BLOCKS = 0.8
"""Missing rows are reported only if, without the worst quarter, force or offence, this share of the blocks (a quarter
and a force, or a quarter and an offence) is complete. A truncated file is complete except for one of these."""
RULE = "every force has a row for every offence of a quarter"
WORST_FIRST = "count(*) filter (not is_present) desc"
MISSING_ROWS = """
with cells as (
    select distinct year, number_of_quarter as quarter, force_code, {cell} as cell from judged
    where year is not null and number_of_quarter is not null and {cell} is not null and force_code in ({police})
),
expected as (
    select year, quarter, force_code, cell from (select distinct year, quarter from cells)
    join (select distinct year, cell from cells) using (year) cross join (select distinct force_code from cells)
),
checked as (
    select e.*, c.cell is not null as is_present
    from expected e left join cells c using (year, quarter, force_code, cell)
),
worst_quarter as (
    select year, quarter from checked group by all order by {worst_first}, year desc, quarter desc limit 1
),
worst_force as (select force_code from checked group by all order by {worst_first}, force_code desc limit 1),
worst_cell as (select cell from checked group by all order by {worst_first}, cell desc limit 1),
blocks as (
    select bool_and(is_present) as is_complete, 1 as view from checked anti join worst_quarter using (year, quarter)
    group by year, quarter, force_code
    union all
    select bool_and(is_present), 2 from checked anti join worst_force using (force_code)
    group by year, quarter, force_code
    union all
    select bool_and(is_present), 3 from checked anti join worst_cell using (cell) group by year, quarter, cell
)
select year, quarter, count(*) filter (not is_present), count(*), count(distinct force_code) filter (not is_present)
from checked
where (select max(share) from (select avg(is_complete::int) as share from blocks group by view)) >= {min_complete}
group by all having not bool_and(is_present) order by all
"""


def missing_rows(store: duckdb.DuckDBPyConnection, cell: str) -> list[str]:
    """Return one sentence for each quarter with missing rows in the table `judged`.

    Rows that were set aside are not missing.

    Parameters
    ----------
    store
        The connection that holds the table.
    cell
        SQL for what each force has one row of in each quarter: the offence, or the offence and its outcome.
    """
    police = ", ".join(f"'{force.code}'" for force in reference.forces().all if force.kind in POLICE_KINDS)
    query = MISSING_ROWS.format(cell=cell, police=police, min_complete=MIN_COMPLETE_BLOCKS, worst_first=WORST_FIRST)
    return [
        f"{year} Q{quarter} lacks {missing:,} of the {expected:,} rows that the rest of the file implies ({forces} "
        "forces). The file may be cut short: compare its size with that at the publisher, or download it again. If "
        "the file leaves out zeros, the missing rows may be zeros."
        for year, quarter, missing, expected, forces in store.execute(query).fetchall()
    ]
