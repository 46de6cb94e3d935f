"""Name profiles of exact-match clusters, and the pairs of profiles that blocking selects.

A name profile (stored table `holdings`) is one name of one cluster, with every date of birth, postcode and number
recorded anywhere in the cluster: a record without a date of birth is compared by the one on its neighbour, and an alias
by all that is known of its bearer. The first of several values is in the column of that name, the others are a list in
the column with the suffix `_more`. Profiles are compared if they share a key of a blocking rule; pairs are counted
before any is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.linkage.contradictions import EPOCH, date_digits, swap_day_and_month
from assay.linkage.exact_match_clusters import ExactMatchClusters
from assay.linkage.linkage_database import LinkageDatabase
from assay.linkage.linkage_specification import BlockingRule, LinkageSpecification
from assay.linkage.nicknames import possible_full_forms, stems_of_short_form
from assay.linkage.normalised_records import NormalisedRecords

NAME_PROFILES, PAIRS, KEYS = "holdings", "pairs", "keys"
ENTRY_COLUMNS = (
    "born", "born_turned", "years", "postcodes", "sectors", "districts", "phones", "numbers", "numbering_forces",
    "given_words",
)  # fmt: skip
"""Columns of which a cluster can have several values, one for each entry."""

# A postcode of the United Kingdom has five characters or more; a shorter one has no sector.
_ENTRY_VALUES = """
select e.exact_cluster, e.given, e.family, e.given_all, e.second, e.sex, d.day as born_day, d.written as born,
       d.turned as born_turned, e.year as years, e.postcode as postcodes,
       case when length(e.postcode) > 4 then left(e.postcode, length(e.postcode) - 3) end as sectors,
       case when length(e.postcode) > 4 then left(e.postcode, length(e.postcode) - 4) end as districts,
       e.phone as phones, e.number as numbers, e.given as given_words,
       case when e.number is not null then e.force_code end as numbering_forces
from entries e left join days d on e.born = d.date_of_birth
"""

_FIRST_VALUES = f"""
select exact_cluster, count(*) as entries, min(second) as second, min(born_day) as born_day,
       case when min(sex) = max(sex) then min(sex) end as sex,
       {", ".join(f"min({name}) as {name}" for name in ENTRY_COLUMNS)}
from entry_values group by exact_cluster
"""

_FURTHER_VALUES = f"""
select t.exact_cluster,
       {
    ", ".join(
        f"list_sort(list(distinct t.{name}) filter (where t.{name} <> f.{name})) as {name}_more"
        for name in ENTRY_COLUMNS
        if name != "given_words"
    )
}
from entry_values t join first_values f on t.exact_cluster = f.exact_cluster
where f.entries > 1 group by t.exact_cluster
"""

_WORDS = """
with every_word as (
    select exact_cluster, unnest(string_split(given_all, ' ')) as word from entry_values where given_all like '% %'
    union all
    select t.exact_cluster, t.given as word from entry_values t join first_values f on t.exact_cluster = f.exact_cluster
    where f.entries > 1 and t.given <> f.given_words
)
select e.exact_cluster, list_sort(list(distinct e.word)) as given_words_more
from every_word e join first_values f on e.exact_cluster = f.exact_cluster
where e.word <> f.given_words group by e.exact_cluster
"""

_CLUSTER_NAMES = """
select exact_cluster, given, family from entry_values where given is not null or family is not null
union
select e.exact_cluster, o.given, coalesce(o.family, e.family) as family
from aliases o join entries e on o.place = e.place where o.given is not null or o.family is not null
"""

_SURNAMES = """
with surname_words as (
    select distinct family as written,
           list_filter(string_split(family, ' '), lambda x: length(x) > 2) as parts
    from cluster_names where family is not null
)
select written, replace(written, ' ', '') as family, list_min(parts) as family_parts,
       case when array_length(parts) > 1
           then list_filter(parts, lambda x: x <> list_min(parts)) end as family_parts_more
from surname_words
"""

_NAME_PROFILES_QUERY = f"""
select row_number() over (order by n.exact_cluster, n.given nulls last, n.family nulls last) - 1 as row_number,
       n.exact_cluster,
       f.second, f.born_day, f.sex, {", ".join(f"f.{name}" for name in ENTRY_COLUMNS)},
       {", ".join(f"o.{name}_more" for name in ENTRY_COLUMNS if name != "given_words")}, w.given_words_more,
       n.given, s.family, n.given || ' ' || s.family as whole_name, s.family_parts, s.family_parts_more,
       coalesce(g.given_roots, n.given) as given_roots, g.given_roots_more, g.given_short, g.given_short_more
from cluster_names n
join first_values f on n.exact_cluster = f.exact_cluster
left join further_values o on n.exact_cluster = o.exact_cluster
left join words w on n.exact_cluster = w.exact_cluster
left join given_names g on n.given = g.given
left join surnames s on n.family = s.written
"""
_STEPS = (
    ("entry_values", _ENTRY_VALUES),
    ("first_values", _FIRST_VALUES),
    ("further_values", _FURTHER_VALUES),
    ("words", _WORDS),
    ("cluster_names", _CLUSTER_NAMES),
    ("surnames", _SURNAMES),
    (NAME_PROFILES, _NAME_PROFILES_QUERY),
)

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
"""SQL expressions for the values of a key: a column, or each element of a list."""
KEYS_WITH_DUPLICATES = frozenset({"born_month", "born_either"})
"""Keys of which a name profile can have the same value twice."""


@dataclass(frozen=True)
class BlockingCount:
    """Number of pairs that one blocking rule selects, and whether the rule is used."""

    label: str
    pairs: int
    crowded_keys: int
    used: bool


def make_name_profiles(database: LinkageDatabase, records: NormalisedRecords, clusters: ExactMatchClusters) -> int:
    """Create the table of name profiles; return the number of profiles."""
    rows = records.rows.append_column("exact_cluster", pa.array(clusters.entry_clusters))
    rows = rows.append_column("place", pa.array(np.arange(records.rows.num_rows)))
    for name in ("number", "phone"):
        rows = rows.set_column(rows.column_names.index(name), name, _value_codes(rows[name]))
    inputs = {
        "entries": rows,
        "aliases": records.aliases,
        "days": _birth_days(rows),
        "given_names": _forenames(records),
    }
    for name, table in inputs.items():
        database.register(name, table)
    for name, sql in _STEPS:
        database.create_table(name, sql)
    database.drop(*inputs, *(name for name, _ in _STEPS if name != NAME_PROFILES))
    return database.query_number(f"select count(*) from {NAME_PROFILES}")


def _value_codes(column: pa.ChunkedArray) -> pa.Array:
    """Return an integer code for each value: only equality is ever tested, and integers are cheaper to compare."""
    return column.combine_chunks().dictionary_encode().indices


def _birth_days(rows: pa.Table) -> pa.Table:
    """Return each date of birth as days since 1970 and as the number YYYYMMDD, also with day and month swapped."""
    born = pc.unique(rows["born"].drop_null())
    days = [date.toordinal() - EPOCH for date in born.to_pylist()]
    swapped_days = [swap_day_and_month(day) for day in days]
    return pa.table({
        "date_of_birth": born,
        "day": pa.array(days, pa.int32()),
        "written": pa.array([int(date_digits(day)) for day in days], pa.int32()),
        "turned": pa.array([None if day is None else int(date_digits(day)) for day in swapped_days], pa.int32()),
    })  # fmt: skip


def _forenames(records: NormalisedRecords) -> pa.Table:
    """Return each forename with the full forms and name prefixes for which it may stand."""
    forenames = [
        forename
        for forename in pa.chunked_array([*records.rows["given"].chunks, *records.aliases["given"].chunks], pa.string())
        .unique()
        .to_pylist()
        if forename is not None
    ]
    variants = {
        "given_roots": [possible_full_forms(forename) for forename in forenames],
        "given_short": [stems_of_short_form(forename) for forename in forenames],
    }
    columns: dict[str, pa.Array] = {"given": pa.array(forenames, pa.string())}
    for name, lists in variants.items():
        columns[name] = pa.array([forms[0] if forms else None for forms in lists], pa.string())
        columns[f"{name}_more"] = pa.array([forms[1:] or None for forms in lists], pa.list_(pa.string()))
    return pa.table(columns)


def make_pairs(
    database: LinkageDatabase, specification: LinkageSpecification, profile_count: int
) -> tuple[BlockingCount, ...]:
    """Create the table `pairs` of name profiles to compare.

    Profiles of the same cluster are not paired. A key shared by more than `most_of_a_key` profiles is skipped; a rule
    that would give more than `most_pairs_of_a_holding` pairs for each profile is skipped as a whole.
    """
    counts = tuple(
        _count_rule_pairs(database, number, rule, specification, profile_count)
        for number, rule in enumerate(specification.blocking_rules)
    )
    used = [number for number, count in enumerate(counts) if count.used]
    key_queries = " union all ".join(f"select row_number, exact_cluster, k from keys_{number}" for number in used)
    empty_query = f"select row_number, exact_cluster, row_number as k from {NAME_PROFILES} where false"
    database.create_table(
        PAIRS,
        f"""with every_key as ({key_queries or empty_query})
        select distinct l.row_number as join_key_l, r.row_number as join_key_r, '0' as match_key
        from every_key l join every_key r on l.k = r.k and l.row_number < r.row_number
        where l.exact_cluster <> r.exact_cluster""",
    )
    database.drop(*(f"keys_{number}" for number in used))
    return counts


def _count_rule_pairs(
    database: LinkageDatabase,
    rule_number: int,
    rule: BlockingRule,
    specification: LinkageSpecification,
    profile_count: int,
) -> BlockingCount:
    """Count the pairs of a rule, and keep its keys if they are not too many."""
    maximum_profiles = int(specification.blocking["most_of_a_key"])
    columns = ", ".join(f"k{number}" for number in range(len(rule.keys)))
    is_complete = " and ".join(f"k{number} is not null" for number in range(len(rule.keys)))
    key_queries = " union all ".join(_key_queries(rule))
    distinct = "distinct " if KEYS_WITH_DUPLICATES & set(rule.keys) else ""
    database.create_table(
        "of_rule",
        f"""select {distinct}row_number, exact_cluster, {database.hash_function}({rule_number}, {columns}) as k
        from ({key_queries}) as spread where {is_complete}""",
    )
    database.create_table("sizes", "select k, count(*) as n from of_rule group by k having count(*) > 1")
    pairs = database.query_number(
        f"select cast(coalesce(sum(n * (n - 1) // 2), 0) as bigint) from sizes where n <= {maximum_profiles}"
    )
    oversized = database.query_number(f"select count(*) from sizes where n > {maximum_profiles}")
    used = pairs <= specification.blocking["most_pairs_of_a_holding"] * max(profile_count, 1)
    if used:
        database.create_table(
            f"keys_{rule_number}",
            (
                f"select o.row_number, o.exact_cluster, o.k from of_rule o join sizes s on o.k = s.k where s.n <= "
                f"{maximum_profiles}"
            ),
        )
    database.drop("of_rule", "sizes")
    return BlockingCount(rule.label, pairs, oversized, used)


def _key_queries(rule: BlockingRule) -> Iterator[str]:
    """Yield the queries for the keys of a rule (k0, k1 ...), one for each combination of the places of their values."""
    for expressions in product(*(KEY_VALUES.get(key, (key,)) for key in rule.keys)):
        source, columns = NAME_PROFILES, []
        for position, value in enumerate(expressions):
            if value.startswith("each "):
                column, *rest = value.removeprefix("each ").split(" ", 1)
                source = f"(select *, unnest({column}) as u{position} from {source} where {column} is not null)"
                value = " ".join((f"u{position}", *rest))
            columns.append(f"{value} as k{position}")
        yield f"select row_number, exact_cluster, {', '.join(columns)} from {source}"
