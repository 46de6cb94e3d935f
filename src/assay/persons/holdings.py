"""As what is each person held, so far as exact keys know them, and which holdings are worth comparing?

A *holding* is one name of one knot, with every date of birth, postcode and number that stands anywhere in the knot: a
record without a birthday is compared by the one on its neighbour, and an alias by all that is known of its bearer.
Holdings are compared where they share a key of a blocking rule; pairs are counted before any is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.persons.contradictions import EPOCH, turned, written
from assay.persons.form import BlockingRule, Form
from assay.persons.knots import Knots
from assay.persons.nicknames import openings, roots, shortened
from assay.persons.plain import Plain

HOLDINGS, PAIRS, KEYS = "holdings", "pairs", "keys"
LISTS = frozenset({"born", "born_either", "born_year", "born_month", "sectors", "districts", "postcodes", "phones"})
"""Keys of which a holding can have several."""

_HOLDINGS = """
create table of_knots as
select knot,
       list_sort(list(distinct written) filter (written is not null)) as born,
       list_sort(list(distinct turned) filter (turned is not null)) as born_turned,
       min(second) as second,
       list_sort(list(distinct year::varchar) filter (year is not null)) as years,
       min(year) as year,
       list_distinct(flatten(list(string_split(given_all, ' ')) filter (given_all is not null))) as given_words,
       min(written) as born_first,
       min(day) as born_day,
       case when min(sex) = max(sex) then min(sex) end as sex,
       list_sort(list(distinct postcode) filter (postcode is not null)) as postcodes,
       min(postcode) as postcode_first,
       list_sort(list(distinct postcode[:-3]) filter (length(postcode) > 3)) as sectors,
       list_sort(list(distinct postcode[:-4]) filter (length(postcode) > 4)) as districts,
       list_sort(list(distinct phone) filter (phone is not null)) as phones,
       min(phone) as phone_first,
       list_sort(list(distinct number) filter (number is not null)) as numbers,
       min(number) as number_first,
       list_sort(list(distinct force_code) filter (number is not null)) as numbering_forces
from entries left join days using (born) group by knot;

create table holdings as
with named as (
    select knot, given, family from entries where given is not null or family is not null
    union
    select e.knot, o.given, coalesce(o.family, e.family)
    from other o join entries e on o.place = e.place where o.given is not null or o.family is not null
),
one_each as (select distinct knot, given, family from named)
select row_number() over (order by knot, n.given nulls last, n.family nulls last) - 1 as row_number,
       k.*, n.given, replace(n.family, ' ', '') as family,
       n.given || ' ' || replace(n.family, ' ', '') as whole_name,
       list_filter(string_split(n.family, ' '), lambda x: length(x) > 2) as family_parts,
       g.roots as given_roots, g.shortened as given_short, g.openings as given_openings
from one_each n join of_knots k using (knot) left join given_names g on n.given = g.given;
drop table of_knots;
"""

_KEY_COLUMNS = """
select row_number, knot, given, family, born, years, postcodes, phones, sectors, districts,
       left(given, 1) as given_letter, left(family, 1) as family_letter,
       left(given, 2) as given_two, left(family, 2) as family_two,
       array_to_string(list_sort([given, family]), ' ') as names_sorted,
       list_concat(born, born_turned) as born_either,
       years as born_year,
       list_distinct(list_transform(born, lambda x: left(x, 6))) as born_month
from holdings
"""


@dataclass(frozen=True)
class Counted:
    """What a blocking rule would make: how many pairs, and whether it was used."""

    says: str
    pairs: int
    crowded_keys: int
    used: bool


def make_holdings(at: duckdb.DuckDBPyConnection, plain: Plain, knots: Knots) -> int:
    """Make the table `holdings` in a database; how many there are."""
    rows = plain.rows.append_column("knot", pa.array(knots.of_entry))
    rows = rows.append_column("place", pa.array(np.arange(plain.rows.num_rows)))
    read = {"entries": rows, "other": plain.other, "days": _days(rows), "given_names": _given(plain)}
    for name, table in read.items():
        at.register(name, table)
    at.execute(_HOLDINGS).fetchall()
    for name in read:
        at.unregister(name)
    return int(at.execute(f"select count(*) from {HOLDINGS}").fetchall()[0][0])


def _days(rows: pa.Table) -> pa.Table:
    """Each date of birth as it is compared: as a whole number, eight digits, and turned round."""
    born = pc.unique(rows["born"].drop_null())
    days = [one.toordinal() - EPOCH for one in born.to_pylist()]
    round_ = [turned(day) for day in days]
    return pa.table({
        "born": born,
        "day": pa.array(days, pa.int64()),
        "written": pa.array([written(day) for day in days], pa.string()),
        "turned": pa.array([None if day is None else written(day) for day in round_], pa.string()),
    })  # fmt: skip


def _given(plain: Plain) -> pa.Table:
    """Each forename, and what it may stand for."""
    given = [one for one in pa.chunked_array([*plain.rows["given"].chunks, *plain.other["given"].chunks], pa.string())
             .unique().to_pylist() if one is not None]  # fmt: skip
    kind = pa.list_(pa.string())
    made: Mapping[str, Any] = {"roots": roots, "shortened": shortened, "openings": openings}
    lists = {name: pa.array([make(one) or None for one in given], kind) for name, make in made.items()}
    return pa.table({"given": pa.array(given, pa.string()), **lists})


def make_pairs(at: duckdb.DuckDBPyConnection, form: Form, holdings: int) -> tuple[Counted, ...]:
    """Make the table `pairs` (join_key_l, join_key_r, match_key) of holdings that are worth comparing.

    Pairs of one knot are none. A key that more than `most_of_a_key` holdings share is left out; a rule that would make
    more than `most_pairs_of_a_holding` pairs for each holding is left out as a whole.
    """
    at.execute(f"create table key_columns as {_KEY_COLUMNS}").fetchall()
    at.execute(f"create table {KEYS} (row_number bigint, knot bigint, k ubigint)").fetchall()
    counted = tuple(_count(at, place, rule, form, holdings) for place, rule in enumerate(form.rules))
    at.execute(
        f"""create table {PAIRS} as
        select distinct l.row_number as join_key_l, r.row_number as join_key_r, '0' as match_key
        from {KEYS} l join {KEYS} r on l.k = r.k and l.row_number < r.row_number and l.knot <> r.knot"""
    ).fetchall()
    at.execute(f"drop table {KEYS}; drop table key_columns").fetchall()
    return counted


def _count(at: duckdb.DuckDBPyConnection, place: int, rule: BlockingRule, form: Form, holdings: int) -> Counted:
    """Count the pairs of a rule, and keep its keys if they are not too many."""
    most = int(form.blocking["most_of_a_key"])
    parts = [f"unnest({key})" if key in LISTS else key for key in rule.keys]
    named = ", ".join(f"{part} as k{at_}" for at_, part in enumerate(parts))
    columns = [f"k{at_}" for at_ in range(len(parts))]
    filled = " and ".join(f"{column} is not null" for column in columns)
    at.execute(
        f"""create or replace temp table of_rule as
        with spread as (select row_number, knot, {named} from key_columns)
        select distinct row_number, knot, hash({place}, {", ".join(columns)}) as k from spread where {filled}"""
    ).fetchall()
    at.execute(
        """create or replace temp table sizes as
        select k, count(*)::bigint as n from of_rule group by k having count(*) > 1"""
    ).fetchall()
    pairs, crowded = at.execute(
        f"""select coalesce(sum(n * (n - 1) // 2) filter (n <= {most}), 0)::bigint, count(*) filter (n > {most})
        from sizes"""
    ).fetchall()[0]
    used = pairs <= form.blocking["most_pairs_of_a_holding"] * max(holdings, 1)
    if used:
        at.execute(
            f"""insert into {KEYS} select row_number, knot, k from of_rule
            where k in (select k from sizes where n <= {most})"""
        ).fetchall()
    at.execute("drop table of_rule; drop table sizes").fetchall()
    return Counted(rule.says, int(pairs), int(crowded), used)
