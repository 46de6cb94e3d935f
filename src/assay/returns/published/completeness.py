"""Does a file hold the cells that its own forces, quarters and offences imply, or was it cut short?

The publisher writes a row for every force, quarter and offence, zeros included. So where nearly every force
and quarter has the same offences, one that lacks some was lost on the way: a download that broke off ends in
the middle of a quarter. Copies that leave zeros out have no such pattern, and nothing is said of them.
"""

from __future__ import annotations

import duckdb

from assay import commission

POLICE = ("territorial", "transport")
DENSE = 0.8
"""Rows are missed only where, without the worst quarter, force or offence, this part of the blocks of one quarter
and force (or quarter and offence) is whole: a file that was cut short is whole but for one of these."""
RULE = "every force has a row for every offence of a quarter"
WORST = "count(*) filter (not came) desc"
LOST = """
with cells as (
    select distinct year, number_of_quarter as quarter, force_code, {cell} as cell from judged
    where year is not null and number_of_quarter is not null and {cell} is not null and force_code in ({police})
),
expected as (
    select year, quarter, force_code, cell from (select distinct year, quarter from cells)
    join (select distinct year, cell from cells) using (year) cross join (select distinct force_code from cells)
),
came as (
    select e.*, c.cell is not null as came
    from expected e left join cells c using (year, quarter, force_code, cell)
),
worst_quarter as (select year, quarter from came group by all order by {worst}, year desc, quarter desc limit 1),
worst_force as (select force_code from came group by all order by {worst}, force_code desc limit 1),
worst_cell as (select cell from came group by all order by {worst}, cell desc limit 1),
whole as (
    select bool_and(came) as whole, 1 as view from came anti join worst_quarter using (year, quarter)
    group by year, quarter, force_code
    union all
    select bool_and(came), 2 from came anti join worst_force using (force_code) group by year, quarter, force_code
    union all
    select bool_and(came), 3 from came anti join worst_cell using (cell) group by year, quarter, cell
)
select year, quarter, count(*) filter (not came), count(*), count(distinct force_code) filter (not came)
from came
where (select max(part) from (select avg(whole::int) as part from whole group by view)) >= {dense}
group by all having not bool_and(came) order by all
"""


def lost_cells(store: duckdb.DuckDBPyConnection, cell: str) -> list[str]:
    """One sentence for each quarter of the table `judged` that lacks rows which the rest of the file implies.

    `cell` is SQL for what a force and quarter has one row of: the offence, or the offence and its outcome. Rows that
    were set aside count as there: it is asked whether they came, not whether they could be used.
    """
    police = ", ".join(f"'{force.code}'" for force in commission.forces().all if force.kind in POLICE)
    found = store.execute(LOST.format(cell=cell, police=police, dense=DENSE, worst=WORST)).fetchall()
    return [
        f"{year} Q{quarter} lacks {lost:,} of the {expected:,} rows that the rest of the file implies ({forces} "
        "forces). The file may be cut short: compare its size with that at the publisher, or download it again. In a "
        "copy that leaves zeros out they may be zeros."
        for year, quarter, lost, expected, forces in found
    ]
