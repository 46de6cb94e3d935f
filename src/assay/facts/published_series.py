"""Published statistics by place, offence and period.

Counts stay as published (a negative count is a later withdrawal). A quarter that a place did not publish is missing,
not zero; a set of offences is missing where one of its codes is; England and Wales is missing unless all 43 territorial
forces are present.
"""

from __future__ import annotations

import pyarrow as pa

from assay import reference
from assay.engine import TableStore

ALL_SEXUAL = "all-sexual"
NATIONAL = {"EW": ("territorial",), "EW44": ("territorial", "transport")}

RECORDED_BY_QUARTER = """
with kept as (
    select r.force_code as place_code, m.offence_key, r.offence_code, r.financial_year, r.quarter,
           sum(r.offences) as offences
    from recorded r join members m using (offence_code)
    group by all
),
published as (select distinct offence_key, offence_code, financial_year, quarter from kept),
wanted as (select offence_key, financial_year, quarter, count(*) as codes from published group by all),
places as (
    select distinct force_code as place_code, financial_year, quarter
    from recorded semi join policing using (force_code)
),
counted as (
    select place_code, offence_key, financial_year, quarter, count(*) as codes, sum(offences) as offences
    from kept group by all
)
select p.place_code, w.offence_key, w.financial_year, w.quarter,
       case when c.codes = w.codes then c.offences end::bigint as offences
from places p join wanted w using (financial_year, quarter)
left join counted c using (place_code, offence_key, financial_year, quarter)
"""

NATIONAL_BY_QUARTER = """
select n.national_code as place_code, q.offence_key, q.financial_year, q.quarter,
       case when count(q.offences) = n.members then sum(q.offences) end::bigint as offences
from by_quarter q join national_members using (place_code) join nations n using (national_code)
group by n.national_code, n.members, q.offence_key, q.financial_year, q.quarter
"""

RECORDED_BY_YEAR = """
select place_code, offence_key, financial_year, count(offences)::int as quarters, sum(offences)::bigint as offences
from recorded_quarterly group by all having count(offences) > 0
"""

# The publisher omits rows of zero, so an absent code is zero, unless the recorded table shows crimes under it:
# then its outcomes were not published, and every set that holds it is missing for that place and year.
OUTCOMES_BY_YEAR = """
with not_published as (
    select distinct r.place_code, m.offence_key, r.financial_year
    from recorded_yearly r join members m on m.offence_code = r.offence_key
    where r.offences > 0 and r.quarters = 4
      and exists (from outcomes o where o.offence_code = r.offence_key and o.financial_year = r.financial_year)
      and not exists (from outcomes o where o.offence_code = r.offence_key and o.financial_year = r.financial_year
                      and o.force_code = r.place_code)
),
yearly as (
    select o.force_code as place_code, m.offence_key, o.financial_year, o.outcome_code,
           sum(o.of_recorded)::bigint as offences, bool_or(o.code_inferred) as code_inferred
    from outcomes o join members m using (offence_code) semi join policing using (force_code)
    group by all
),
quarters as (
    select force_code as place_code, financial_year,
           case when bool_or(quarter is null) then 4 else count(distinct quarter) end::int as quarters
    from outcomes group by all
)
select y.*, q.quarters from yearly y join quarters q using (place_code, financial_year)
anti join not_published using (place_code, offence_key, financial_year)
"""

NATIONAL_OUTCOMES = """
with present as (
    select national_code, offence_key, financial_year, count(distinct place_code) as places
    from by_year join national_members using (place_code) group by all
)
select n.national_code as place_code, y.offence_key, y.financial_year, y.outcome_code,
       sum(y.offences)::bigint as offences, bool_or(y.code_inferred) as code_inferred, min(y.quarters)::int as quarters
from by_year y join national_members using (place_code) join nations n using (national_code)
join present p on p.national_code = n.national_code and p.financial_year = y.financial_year
    and p.offence_key = y.offence_key and p.places = n.members
group by n.national_code, y.offence_key, y.financial_year, y.outcome_code
"""


def offence_key_members(codes_present: set[str]) -> pa.Table:
    """Return the offence codes that each offence key covers; a single code covers itself."""
    pairs = {(code, code) for code in requested_offence_codes() & codes_present}
    for offence_set in reference.offence_sets():
        codes = set(offence_set.codes)
        if offence_set.key == ALL_SEXUAL:
            codes = {ALL_SEXUAL} if ALL_SEXUAL in codes_present else sexual_codes()
        pairs |= {(offence_set.key, code) for code in codes & codes_present}
    keys, codes_of = zip(*sorted(pairs), strict=True) if pairs else ((), ())
    return pa.table({"offence_key": pa.array(keys, pa.string()), "offence_code": pa.array(codes_of, pa.string())})


def sexual_codes() -> set[str]:
    """Return every code of the official group 'Sexual offences'."""
    return {offence.code for offence in reference.offences().all if offence.group == "Sexual offences"}


def requested_offence_codes() -> set[str]:
    """Return the offence codes that this inspection covers: sexual offences, and every code in an offence set."""
    set_codes = {code for offence_set in reference.offence_sets() for code in offence_set.codes}
    return sexual_codes() | set_codes


def counted_offence_codes() -> set[str]:
    """Return every code whose rows are counted: those that the inspection asks about, and the published total."""
    return requested_offence_codes() | {ALL_SEXUAL}


def open_store(tables: dict[str, pa.Table]) -> TableStore:
    """Open a store with the tables of the returns and the registers that the statements of this module join."""
    store = TableStore()
    codes = {code for name in ("recorded", "outcomes") for code in tables[name]["offence_code"].unique().to_pylist()}
    store.table("recorded", tables["recorded"])
    store.table("outcomes", tables["outcomes"])
    store.table("members", offence_key_members(codes))
    forces = reference.forces().all
    policing = [force.code for force in forces if force.kind in ("territorial", "transport")]
    store.table("policing", pa.table({"force_code": pa.array(policing, pa.string())}))
    pairs = [(nation, force.code) for nation, kinds in NATIONAL.items() for force in forces if force.kind in kinds]
    nations, places = zip(*pairs, strict=True)
    store.table("national_members", pa.table({
        "national_code": pa.array(nations, pa.string()), "place_code": pa.array(places, pa.string())}))  # fmt: skip
    sizes = {nation: nations.count(nation) for nation in NATIONAL}
    store.table("nations", pa.table({
        "national_code": pa.array(sizes, pa.string()), "members": pa.array(sizes.values(), pa.int64())}))  # fmt: skip
    return store


def count_used_rows(store: TableStore) -> dict[str, int]:
    """Count the rows of each published table that the facts use."""
    counts = store.run(
        "select 'recorded' as name, count(*) as n from recorded "
        "where offence_code in (select offence_code from members) and force_code in (select force_code from policing) "
        "union all select 'outcomes', count(*) from outcomes "
        "where offence_code in (select offence_code from members) and force_code in (select force_code from policing)"
    )
    return {row["name"]: row["n"] for row in counts.to_pylist()}


def recorded_quarterly(store: TableStore) -> pa.Table:
    """Return recorded offences by quarter for each force and for England and Wales; null if not published.

    The columns are place_code, offence_key, financial_year, quarter and offences.
    """
    by_quarter = store.run(RECORDED_BY_QUARTER)
    store.table("by_quarter", by_quarter)
    all_quarters = pa.concat_tables([by_quarter, store.run(NATIONAL_BY_QUARTER)])
    store.table("recorded_quarterly", all_quarters)
    return store.run("select * from recorded_quarterly")


def recorded_yearly(store: TableStore) -> pa.Table:
    """Return recorded offences by place, offence and financial year.

    The columns are place_code, offence_key, financial_year, quarters (fewer than 4: an incomplete year) and offences. A
    year of which no quarter was published has no row.
    """
    store.table("recorded_yearly", store.run(RECORDED_BY_YEAR))
    return store.run("select * from recorded_yearly")


def outcomes_yearly(store: TableStore) -> pa.Table:
    """Return outcomes by year; needs `recorded_yearly` to be run before.

    The columns are place_code, offence_key, financial_year, outcome_code, offences, code_inferred and quarters.
    """
    by_year = store.run(OUTCOMES_BY_YEAR)
    store.table("by_year", by_year)
    store.table("outcomes_yearly", pa.concat_tables([by_year, store.run(NATIONAL_OUTCOMES)]))
    return store.run("select * from outcomes_yearly")
