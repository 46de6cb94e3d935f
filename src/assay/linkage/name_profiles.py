"""As what is each person held, so far as exact keys know them, and which holdings are worth comparing?

A *holding* is one name of one knot, with every date of birth, postcode and number that stands anywhere in the knot: a
record without a birthday is compared by the one on its neighbour, and an alias by all that is known of its bearer. The
first of several values stands under the name of the column, the others as a list under its name with `_more`.
Holdings are compared where they share a key of a blocking rule; pairs are counted before any is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.linkage.contradictions import EPOCH, turned, written
from assay.linkage.exact_match_clusters import Knots
from assay.linkage.linkage_database import Database
from assay.linkage.linkage_specification import BlockingRule, Form
from assay.linkage.nicknames import roots, shortened
from assay.linkage.normalised_records import Plain

HOLDINGS, PAIRS, KEYS = "holdings", "pairs", "keys"
OF_ENTRIES = (
    "born", "born_turned", "years", "postcodes", "sectors", "districts", "phones", "numbers", "numbering_forces",
    "given_words",
)  # fmt: skip
"""Of what a knot can have several values: one of each entry."""

# A postcode of the United Kingdom has five signs or more; a shorter one has no sector.
_TOLD = """
select e.knot, e.given, e.family, e.given_all, e.second, e.sex, d.day as born_day, d.written as born,
       d.turned as born_turned, e.year as years, e.postcode as postcodes,
       case when length(e.postcode) > 4 then left(e.postcode, length(e.postcode) - 3) end as sectors,
       case when length(e.postcode) > 4 then left(e.postcode, length(e.postcode) - 4) end as districts,
       e.phone as phones, e.number as numbers, e.given as given_words,
       case when e.number is not null then e.force_code end as numbering_forces
from entries e left join days d on e.born = d.date_of_birth
"""

_FIRSTS = f"""
select knot, count(*) as entries, min(second) as second, min(born_day) as born_day,
       case when min(sex) = max(sex) then min(sex) end as sex,
       {", ".join(f"min({name}) as {name}" for name in OF_ENTRIES)}
from told group by knot
"""

_OTHERS = f"""
select t.knot,
       {
    ", ".join(
        f"list_sort(list(distinct t.{name}) filter (where t.{name} <> f.{name})) as {name}_more"
        for name in OF_ENTRIES
        if name != "given_words"
    )
}
from told t join firsts f on t.knot = f.knot where f.entries > 1 group by t.knot
"""

_WORDS = """
with every_word as (
    select knot, unnest(string_split(given_all, ' ')) as word from told where given_all like '% %'
    union all
    select t.knot, t.given as word from told t join firsts f on t.knot = f.knot
    where f.entries > 1 and t.given <> f.given_words
)
select e.knot, list_sort(list(distinct e.word)) as given_words_more
from every_word e join firsts f on e.knot = f.knot where e.word <> f.given_words group by e.knot
"""

_NAMED = """
select knot, given, family from told where given is not null or family is not null
union
select e.knot, o.given, coalesce(o.family, e.family) as family
from other o join entries e on o.place = e.place where o.given is not null or o.family is not null
"""

_FAMILIES = """
with parted as (
    select distinct family as written,
           list_filter(string_split(family, ' '), lambda x: length(x) > 2) as parts
    from named where family is not null
)
select written, replace(written, ' ', '') as family, list_min(parts) as family_parts,
       case when array_length(parts) > 1
           then list_filter(parts, lambda x: x <> list_min(parts)) end as family_parts_more
from parted
"""

_HOLDINGS = f"""
select row_number() over (order by n.knot, n.given nulls last, n.family nulls last) - 1 as row_number, n.knot,
       f.second, f.born_day, f.sex, {", ".join(f"f.{name}" for name in OF_ENTRIES)},
       {", ".join(f"o.{name}_more" for name in OF_ENTRIES if name != "given_words")}, w.given_words_more,
       n.given, s.family, n.given || ' ' || s.family as whole_name, s.family_parts, s.family_parts_more,
       coalesce(g.given_roots, n.given) as given_roots, g.given_roots_more, g.given_short, g.given_short_more
from named n
join firsts f on n.knot = f.knot
left join others o on n.knot = o.knot
left join words w on n.knot = w.knot
left join given_names g on n.given = g.given
left join families s on n.family = s.written
"""
_STEPS = (
    ("told", _TOLD), ("firsts", _FIRSTS), ("others", _OTHERS), ("words", _WORDS), ("named", _NAMED),
    ("families", _FAMILIES), (HOLDINGS, _HOLDINGS),
)  # fmt: skip

KEY_VALUES: Mapping[str, tuple[str, ...]] = {
    "given_letter": ("left(given, 1)",),
    "family_letter": ("left(family, 1)",),
    "given_two": ("left(given, 2)",),
    "family_two": ("left(family, 2)",),
    "names_sorted": ("case when given < family then given || ' ' || family else family || ' ' || given end",),
    "born_month": ("born // 100", "each born_more // 100"),
    "born_either": ("born", "each born_more", "born_turned", "each born_turned_more"),
    **{name: (name, f"each {name}_more") for name in ("born", "years", "postcodes", "phones", "sectors", "districts")},
}
"""Where the values of a key stand: in a column, or as each of the values of a list."""
TWICE = frozenset({"born_month", "born_either"})
"""Keys of which a holding may have the same value twice."""


@dataclass(frozen=True)
class Counted:
    """What a blocking rule would make: how many pairs, and whether it was used."""

    says: str
    pairs: int
    crowded_keys: int
    used: bool


def make_holdings(at: Database, plain: Plain, knots: Knots) -> int:
    """Make the table `holdings` in a database; how many there are."""
    rows = plain.rows.append_column("knot", pa.array(knots.of_entry))
    rows = rows.append_column("place", pa.array(np.arange(plain.rows.num_rows)))
    for name in ("number", "phone"):
        rows = rows.set_column(rows.column_names.index(name), name, _as_number(rows[name]))
    read = {"entries": rows, "other": plain.other, "days": _days(rows), "given_names": _given(plain)}
    for name, table in read.items():
        at.hold(name, table)
    for name, sql in _STEPS:
        at.keep(name, sql)
    at.forget(*read, *(name for name, _ in _STEPS if name != HOLDINGS))
    return at.number(f"select count(*) from {HOLDINGS}")


def _as_number(column: pa.ChunkedArray) -> pa.Array:
    """A whole number for each value: of these only whether two are the same is ever asked, and a number costs less."""
    return column.combine_chunks().dictionary_encode().indices


def _days(rows: pa.Table) -> pa.Table:
    """Each date of birth as it is compared: the days since 1970, and year, month and day as one number, as they stand
    and turned round."""
    born = pc.unique(rows["born"].drop_null())
    days = [one.toordinal() - EPOCH for one in born.to_pylist()]
    round_ = [turned(day) for day in days]
    return pa.table({
        "date_of_birth": born,
        "day": pa.array(days, pa.int32()),
        "written": pa.array([int(written(day)) for day in days], pa.int32()),
        "turned": pa.array([None if day is None else int(written(day)) for day in round_], pa.int32()),
    })  # fmt: skip


def _given(plain: Plain) -> pa.Table:
    """Each forename, and what it may stand for."""
    given = [one for one in pa.chunked_array([*plain.rows["given"].chunks, *plain.other["given"].chunks], pa.string())
             .unique().to_pylist() if one is not None]  # fmt: skip
    made = {"given_roots": [roots(one) for one in given], "given_short": [shortened(one) for one in given]}
    columns: dict[str, pa.Array] = {"given": pa.array(given, pa.string())}
    for name, lists in made.items():
        columns[name] = pa.array([each[0] if each else None for each in lists], pa.string())
        columns[f"{name}_more"] = pa.array([each[1:] or None for each in lists], pa.list_(pa.string()))
    return pa.table(columns)


def make_pairs(at: Database, form: Form, holdings: int) -> tuple[Counted, ...]:
    """Make the table `pairs` (join_key_l, join_key_r, match_key) of holdings that are worth comparing.

    Pairs of one knot are none. A key that more than `most_of_a_key` holdings share is left out; a rule that would make
    more than `most_pairs_of_a_holding` pairs for each holding is left out as a whole.
    """
    counted = tuple(_count(at, place, rule, form, holdings) for place, rule in enumerate(form.rules))
    used = [place for place, one in enumerate(counted) if one.used]
    made = " union all ".join(f"select row_number, knot, k from keys_{place}" for place in used)
    nothing = f"select row_number, knot, row_number as k from {HOLDINGS} where false"
    at.keep(
        PAIRS,
        f"""with every_key as ({made or nothing})
        select distinct l.row_number as join_key_l, r.row_number as join_key_r, '0' as match_key
        from every_key l join every_key r on l.k = r.k and l.row_number < r.row_number where l.knot <> r.knot""",
    )
    at.forget(*(f"keys_{place}" for place in used))
    return counted


def _count(at: Database, place: int, rule: BlockingRule, form: Form, holdings: int) -> Counted:
    """Count the pairs of a rule, and keep its keys if they are not too many."""
    most = int(form.blocking["most_of_a_key"])
    columns = ", ".join(f"k{number}" for number in range(len(rule.keys)))
    filled = " and ".join(f"k{number} is not null" for number in range(len(rule.keys)))
    spread = " union all ".join(_spread(rule))
    once = "distinct " if TWICE & set(rule.keys) else ""
    at.keep(
        "of_rule",
        f"""select {once}row_number, knot, {at.hash}({place}, {columns}) as k
        from ({spread}) as spread where {filled}""",
    )
    at.keep("sizes", "select k, count(*) as n from of_rule group by k having count(*) > 1")
    pairs = at.number(f"select cast(coalesce(sum(n * (n - 1) // 2), 0) as bigint) from sizes where n <= {most}")
    crowded = at.number(f"select count(*) from sizes where n > {most}")
    used = pairs <= form.blocking["most_pairs_of_a_holding"] * max(holdings, 1)
    if used:
        at.keep(
            f"keys_{place}",
            f"select o.row_number, o.knot, o.k from of_rule o join sizes s on o.k = s.k where s.n <= {most}",
        )
    at.forget("of_rule", "sizes")
    return Counted(rule.says, pairs, crowded, used)


def _spread(rule: BlockingRule) -> Iterator[str]:
    """Questions for the keys of a rule as k0, k1 ...: one for each way in which their values may stand."""
    for way in product(*(KEY_VALUES.get(key, (key,)) for key in rule.keys)):
        source, said = HOLDINGS, []
        for place, value in enumerate(way):
            if value.startswith("each "):
                column, *rest = value.removeprefix("each ").split(" ", 1)
                source = f"(select *, unnest({column}) as u{place} from {source} where {column} is not null)"
                value = " ".join((f"u{place}", *rest))
            said.append(f"{value} as k{place}")
        yield f"select row_number, knot, {', '.join(said)} from {source}"
