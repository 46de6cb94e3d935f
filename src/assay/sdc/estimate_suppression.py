"""Suppress estimates and curves that rest on too few records, staff or answers, and figures computed from them.

Other estimates are secondary suppressed against differencing.

If the mean wait of a whole and of all its parts but one are released, the last mean follows: (mean of the whole x its
base - sum of mean x base of the other parts) / base of the last part. So estimates of parts are suppressed, smallest
base first, until the suppressed parts together have the minimum base of an estimate: suppressing one more part that is
as small would not be enough. The choice uses only counts as released, so it reveals nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.sdc.cell_status import (
    CellStatus,
    Row,
    add_few_staff,
    add_status,
    is_primary_suppressed,
    is_secondary_suppressed,
    is_suppressed,
)
from assay.sdc.release_tables import Column, Table, declared_tables
from assay.sdc.rounding import has_sufficient_counts
from assay.sdc.suppression_policy import Policy

RowKey = tuple[str, tuple[Any, ...]]
"""A row, identified by its table and its key."""
Breakdown = tuple[RowKey, list[RowKey]]
"""A whole, and its parts."""


def suppressed_estimates(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table], policy: Policy) -> set[RowKey]:
    """Return the rows whose estimates must be suppressed: too few records (primary), or differencing (secondary).

    Parameters
    ----------
    rows
        Rows by table, with counts as released.
    forms
        The declared tables. Only tables with a column that declares `zero_or_sufficient` are considered.
    """
    columns = {name: column for name, form in forms.items() if (column := _estimate_column(form)) is not None}
    row_at = {(name, _key(row, forms[name])): row for name in columns for row in rows[name]}
    suppressed = {key for key, row in row_at.items() if not has_sufficient_counts(row, columns[key[0]], policy)}
    smallest_base = {key: _smallest_base(row, columns[key[0]]) for key, row in row_at.items()}
    breakdowns = [
        breakdown
        for name in columns
        for breakdown in _breakdowns(forms[name], rows[name], forms)
        if breakdown[0] in row_at
    ]
    # A part may itself be a whole, so each suppression can make another breakdown disclosive: repeat until stable.
    changed = True
    while changed:
        changed = any(_suppress_parts(breakdown, smallest_base, suppressed, policy) for breakdown in breakdowns)
    return suppressed


def _estimate_column(form: Table) -> Column | None:
    """Return the first column that declares counts that must be 0 or reach the minimum; None if there is none."""
    return next((column for column in form.columns if column.zero_or_sufficient and column.base_counts), None)


def _suppress_parts(
    breakdown: Breakdown, smallest_base: Mapping[RowKey, int], suppressed: set[RowKey], policy: Policy
) -> bool:
    """Suppress the smallest shown parts while the suppressed parts have too few records; True if any was suppressed."""
    whole, parts = breakdown
    if whole in suppressed:
        return False
    unknown = [part for part in parts if part in suppressed and smallest_base[part] > 0]
    shown_parts = sorted(
        (part for part in parts if part not in suppressed), key=lambda part: (-smallest_base[part], part)
    )
    number_before = len(suppressed)
    while unknown and shown_parts and sum(smallest_base[part] for part in unknown) < policy.minimum_base:
        unknown.append(shown_parts.pop())
        suppressed.add(unknown[-1])
    return len(suppressed) > number_before


def _smallest_base(row: Row, column: Column) -> int:
    """Return the smallest base that is possible: a suppressed count is at least 1, and an absent one is 0."""
    if all(row.get(name) is None and not is_suppressed(row, name) for name in column.zero_or_sufficient):
        return 0
    counts = [row.get(name) for name in column.zero_or_sufficient]
    return sum(1 if count is None else count for count in counts)


def _key(row: Row, form: Table) -> tuple[Any, ...]:
    return tuple(row[name] for name in form.key)


def _breakdowns(form: Table, rows: Iterable[Row], forms: Mapping[str, Table]) -> Iterator[Breakdown]:
    """Yield each whole with its parts: totals within the table, and rows of the table that its counts add up to."""
    breakdowns: dict[tuple[Any, ...], Breakdown] = {}
    targets = {target.partition(".")[0] for target in form.adds_up_to.values()}
    for row in rows:
        key = _key(row, form)
        wholes: list[tuple[Any, ...]] = []
        for name, total in form.totals.items():
            if row[name] != total:
                wholes.append((form.name, tuple(total if part == name else row[part] for part in form.key)))
        for other_table in targets & set(forms):
            target = tuple(
                row[part] if part in form.key else forms[other_table].totals[part] for part in forms[other_table].key
            )
            wholes.append((other_table, target, *(row[part] for part in form.separate_columns)))
        for whole in wholes:
            breakdowns.setdefault(whole, ((whole[0], whole[1]), []))[1].append((form.name, key))
    yield from breakdowns.values()


# Suppress figures on conduct that rest on too few members of staff or teams.
#
# A figure on what members of staff wrote or did is released only if it comes from enough of them. The number of rows
# is no measure, because fifty entries can have one author. So the distinct known authors and teams of a figure are
# counted; an unknown author or team does not count.


def suppress_few_staff(rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Suppress, in place, conduct figures of too few authors or teams, and rows that differencing would disclose.

    A reader who subtracts the shown parts from the whole gets the sum of the suppressed parts. While these parts
    together have too few staff, the part with the fewest authors is suppressed as well.
    """
    for name, form in forms.items():
        if form.conduct:
            columns = form.conduct["conduct_columns"]
            conduct_rows = [row for row in rows[name] if any(row.get(column) is not None for column in columns)]
            for members in _additive_families(conduct_rows, form):
                _suppress_family(members, form, policy)


def _suppress_family(members: Sequence[Row], form: Table, policy: Policy) -> None:
    suppressed = [row for row in members if _has_too_few_staff([row], form, policy)]
    remaining = sorted(
        (row for row in members if row not in suppressed), key=lambda row: (-_known_staff(row, form)[0], repr(row))
    )
    while suppressed and remaining and _has_too_few_staff(suppressed, form, policy):
        suppressed.append(remaining.pop())
    for row in suppressed:
        _suppress_conduct(row, form)


def _has_too_few_staff(rows: Iterable[Row], form: Table, policy: Policy) -> bool:
    known = [_known_staff(row, form) for row in rows]
    authors, teams = (sum(staff[position] for staff in known) for position in (0, 1))
    return authors < policy.minimum_authors or teams < policy.minimum_teams


def _known_staff(row: Row, form: Table) -> tuple[int, int]:
    """Return the number of distinct known authors and teams."""
    return row.get(form.conduct["authors"]) or 0, row.get(form.conduct["teams"]) or 0


def _additive_families(rows: Sequence[Row], form: Table) -> list[list[Row]]:
    """Return the rows in groups of parts of the same whole; each whole is a group of its own."""
    families: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        is_whole = any(row[name] == whole for name, whole in form.totals.items())
        families.setdefault((is_whole, *(row[name] for name in form.conduct["separate_columns"])), []).append(row)
    return list(families.values())


def _suppress_conduct(row: Row, form: Table) -> None:
    row.update(dict.fromkeys(form.conduct["conduct_columns"]))
    row.update(form.conduct["suppressed_values"])
    add_few_staff(row)


# Suppress what people said if too few of them answered.
#
# If fewer people answered than `minimum_respondents` of the policy, a page says only that people were asked: a reader
# who knows the few who answered could attribute what was said. The decision uses exact counts, before rounding, and is
# written to the column `too_few`.

TOO_FEW_COLUMN = "too_few"


def suppress_few_respondents(rows: dict[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Remove, in place, results from too few respondents, and set `too_few` in these rows.

    A table whose `respondents_column` is in another table keeps only the rows for which that table has a row with
    enough respondents; it loses all rows if that table is missing.
    """
    for name, form in forms.items():
        if not form.respondents_column:
            continue
        if "." not in form.respondents_column:
            _suppress_own_answers(rows[name], form, policy)
            continue
        source, _, column = form.respondents_column.partition(".")
        key = forms[source].key if source in forms else ()
        sufficient_keys = set()
        for row in rows.get(source, ()):
            respondents = policy.minimum_respondents if is_secondary_suppressed(row, column) else row[column] or 0
            row[TOO_FEW_COLUMN] = bool(row.get(TOO_FEW_COLUMN)) or respondents < policy.minimum_respondents
            if not row[TOO_FEW_COLUMN]:
                sufficient_keys.add(tuple(row[part] for part in key))
        rows[name] = [row for row in rows[name] if key and tuple(row[part] for part in key) in sufficient_keys]


def _suppress_own_answers(rows: list[Row], form: Table, policy: Policy) -> None:
    """Suppress answers in a table with its own number of respondents; the number itself is shown only in total rows."""
    for row in rows:
        respondents = row[form.respondents_column]
        row[TOO_FEW_COLUMN] = bool(row.get(TOO_FEW_COLUMN)) or (
            respondents is not None and respondents < policy.minimum_respondents
        )
        if row[TOO_FEW_COLUMN]:
            row.update(form.suppressed_values)
        if any(row[name] != value for name, value in form.total_only.items()):
            row[form.respondents_column] = None


# Suppress figures that were computed from an estimate in another table, if that estimate is suppressed.
#
# Example: the range of hidden children is the range of all children minus the children on any list, and the change
# since last year compares two such ranges. If a count of the lists is suppressed, the range is suppressed, and so
# must be all that was computed from it. Such figures are in tables without these counts, so their declaration names
# the table that has them (`depends_on` in `tables.toml`).


def suppress_dependent_figures(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the released tables, with every figure suppressed that depends on a suppressed estimate.

    For each row whose estimate is suppressed in the table that `depends_on` names, the rows with the same values of
    the `match_columns` lose their `columns`, and get the `replacement_texts` of the declaration.
    """
    result = dict(tables)
    for name, table in tables.items():
        form = declared_tables().get(name)
        if form is None or not form.depends_on:
            continue
        rule = form.depends_on
        source_rows = tables[rule["table"]].to_pylist() if rule["table"] in tables else []
        suppressed = {
            _values_of(rule["match_columns"], row)
            for row in source_rows
            if is_primary_suppressed(row, rule["estimate"])
        }
        if suppressed:
            rows = [
                _suppress_dependent(row, form) if _depends(row, rule, suppressed) else row for row in table.to_pylist()
            ]
            result[name] = pa.Table.from_pylist(rows, schema=table.schema)
    return result


def _values_of(columns: str | Sequence[str], row: Row) -> tuple[Any, ...]:
    names = (columns,) if isinstance(columns, str) else columns
    return tuple(row[name] for name in names)


def _depends(row: Row, rule: Mapping[str, Any], suppressed: set[Any]) -> bool:
    conditions = rule.get("where", {})
    meets_conditions = all(row[name] == value for name, value in conditions.items())
    return meets_conditions and _values_of(rule["match_columns"], row) in suppressed


def _suppress_dependent(row: Row, form: Table) -> Row:
    # A count gets the status of secondary suppression, because its suppression does not depend on its size.
    rule = form.depends_on
    for name in rule["columns"]:
        if row[name] is not None and name in form.protected_counts:
            add_status(row, name, CellStatus.SECONDARY)
        row[name] = None
    row.update(rule["replacement_texts"])
    return row


# Suppress curves of time to event whose counts are suppressed, and limit the days that are shown.
#
# A cumulative incidence curve ends at the share of waits that had its ending. A reader who knows the number at risk
# can therefore compute the number of these endings from the curve, and the number still waiting from all curves
# together. So a curve is released only if all these counts are shown.

OTHER_ENDINGS = "ended otherwise"
"""The ending of a curve that combines several endings, as their counts are combined in `wait_medians`."""


def releasable_curves(
    form: Table,
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    waits: Sequence[Row],
    suppressed: Collection[RowKey],
    policy: Policy,
) -> list[Row]:
    """Return the rows of curves that may be released, at the days that the policy names.

    A curve is released if the number of waits is at least `minimum_base`, the number of each ending is 0 or at
    least that, and the number still waiting is shown. Without the table of these counts no curve is released.

    Parameters
    ----------
    waits
        Rows that say which ending was asked for; the curves of all other endings are added together.
    suppressed
        Rows whose estimates are suppressed (`estimate_suppression`). They have no curve either: the curve of the whole
        minus those of the other parts would give it.
    """
    source = form.curve_source
    if source["table"] not in forms:
        return []
    key = forms[source["table"]].key
    sufficient_keys = {
        tuple(row[column] for column in key)
        for row in rows[source["table"]]
        if _has_sufficient_counts(row, source, policy)
    }
    sufficient_keys -= {key for name, key in suppressed if name == source["table"]}
    main_endings = {row["wait"]: row[source["main_ending_column"].partition(".")[2]] for row in waits}
    curves = [
        row
        for row in rows[form.name]
        if row["wait"] in main_endings and tuple(row[column] for column in key) in sufficient_keys
    ]
    return _combine_other_endings([row for row in curves if row["days"] % policy.curve_days == 0], main_endings)


def _has_sufficient_counts(row: Row, source: Mapping[str, Any], policy: Policy) -> bool:
    minimum = max(policy.minimum_base, 1)
    ending_counts = [row[name] for name in source["endings"]]
    if (row[source["records"]] or 0) < minimum or any(row[name] is None for name in source["open_waits"]):
        return False
    return all(count is not None and (count == 0 or count >= minimum) for count in ending_counts)


def _combine_other_endings(rows: Iterable[Row], main_endings: Mapping[str, str]) -> list[Row]:
    """Add up the curves of all endings but the main one, if there are several; the sum has no interval."""
    all_rows = list(rows)
    other_endings = {(row["wait"], row["ending"]) for row in all_rows if row["ending"] != main_endings[row["wait"]]}
    combined_waits = {wait for wait, _ in other_endings if sum(other == wait for other, _ in other_endings) > 1}
    separate_rows = [
        row for row in all_rows if row["wait"] not in combined_waits or row["ending"] == main_endings[row["wait"]]
    ]
    combined_rows: dict[tuple[Any, ...], Row] = {}
    for row in all_rows:
        if row["wait"] in combined_waits and row["ending"] != main_endings[row["wait"]]:
            key = (row["wait"], row["place_code"], row["days"])
            start = {**row, "ending": OTHER_ENDINGS, "share": 0.0, "share_low": None, "share_high": None}
            combined_rows.setdefault(key, start)["share"] += row["share"]
    return separate_rows + list(combined_rows.values())
