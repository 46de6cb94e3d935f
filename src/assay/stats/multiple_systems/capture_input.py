"""How do rows, counts, Arrow tables or Ibis tables become capture tables?

Rows may be persons (one row a person) or histories with a count. Either way each list is a column of 0 and 1. With an
Ibis table the counting is done where the data lie, and only counts are fetched.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints
from assay.stats.multiple_systems.capture_tables import UNSEEN, CaptureTable
from assay.stats.multiple_systems.estimation_refusals import UnusableTable

NOT_KNOWN = "not known"
"""The value of a covariate that a row does not have."""
Columns = dict[str, list[Any]]


def read_table(data: Any, lists: Sequence[str], *, count: str | None = None, **about: Any) -> CaptureTable:
    """One capture table of all rows.

    `data`: a mapping of columns, a sequence of rows (mappings), an Arrow table, or an Ibis table. `lists`: the columns
    of 0 and 1. `count`: the column that says how many persons a row stands for; without it a row is a person. `about`:
    window, definition, stratum, linkage_draw of `CaptureTable`. Refuses a list on which is nobody.
    """
    (table,) = read_tables(data, lists, count=count, **about)
    if empty := [name for name in table.lists if table.on_list(name) == 0]:
        raise UnusableTable(f"Nobody stands on the list {empty[0]!r}: it tells nothing about the others. Leave it out.")
    return table


def read_tables(
    data: Any,
    lists: Sequence[str],
    *,
    by: Sequence[str] = (),
    count: str | None = None,
    linkage_draw: str | None = None,
    **about: Any,
) -> tuple[CaptureTable, ...]:
    """A capture table for each stratum (the columns `by`) and each linkage draw (a column of whole numbers).

    A stratum's value that is missing becomes "not known". Strata may lack a list; `screen` says so.
    """
    lists = tuple(lists)
    draws = [linkage_draw] if linkage_draw else []
    found = _columns(data, (*lists, *by, *draws), count)
    index, persons = _histories(found, lists), _persons(found, count, len(next(iter(found.values()), [])))
    if (persons[index == 0] > 0).any() or (count and (index == 0).any()):
        raise UnusableTable(UNSEEN)
    keys = list(zip(*(_words(found[name]) for name in by), *(found[name] for name in draws), strict=True))
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row, key in enumerate(keys or [()] * len(index)):
        groups.setdefault(key, []).append(row)
    return tuple(
        _table(lists, index[rows], persons[rows], by, key, bool(draws), about) for key, rows in sorted(groups.items())
    )


def _table(
    lists: tuple[str, ...],
    index: Ints,
    persons: Floats,
    by: Sequence[str],
    key: tuple[Any, ...],
    drawn: bool,
    about: Mapping[str, Any],
) -> CaptureTable:
    counts = np.bincount(index, weights=persons, minlength=1 << len(lists)).astype(float)
    told = dict(about)
    if by:
        told["stratum"] = tuple(zip(by, key, strict=False))
    if drawn:
        told["linkage_draw"] = int(key[-1])
    return CaptureTable(lists, counts, **told)


def _columns(data: Any, names: Sequence[str], count: str | None) -> Columns:
    wanted = [*names, *([count] if count else [])]
    if hasattr(data, "group_by") and hasattr(data, "to_pyarrow"):
        data = _counted_there(data, names, count)
        wanted = [*names, count or "persons"]
    if hasattr(data, "column_names") and hasattr(data, "column"):
        _all_there(data.column_names, wanted)
        return {name: data.column(name).to_pylist() for name in wanted}
    if isinstance(data, Mapping):
        _all_there(list(data), wanted)
        found = {name: list(data[name]) for name in wanted}
        if len({len(column) for column in found.values()}) > 1:
            raise UnusableTable("The columns are not of one length.")
        return found
    rows = list(data)
    _all_there({name for row in rows[:1] for name in row}, wanted)
    return {name: [row.get(name) for row in rows] for name in wanted}


def _counted_there(data: Any, names: Sequence[str], count: str | None) -> Any:
    """Histories counted by the engine that holds the rows."""
    _all_there(data.columns, [*names, *([count] if count else [])])
    how_many = data[count].sum() if count else data.count()
    return data.group_by(list(names)).agg(**{count or "persons": how_many}).to_pyarrow()


def _all_there(there: Iterable[str], wanted: Iterable[str]) -> None:
    have = set(there)
    if missing := [name for name in wanted if name not in have]:
        raise UnusableTable(f"There is no column {missing[0]!r}. The columns are {', '.join(sorted(have)) or 'none'}.")


def _histories(found: Columns, lists: Sequence[str]) -> Ints:
    index = np.zeros(len(found[lists[0]]) if lists else 0, dtype=np.int64)
    for place, name in enumerate(lists):
        values = found[name]
        if any(value is None or value != value for value in values):
            raise UnusableTable(f"The column {name!r} is empty in a row. Say 1 where the list holds a person, else 0.")
        if any(value not in (0, 1) for value in values):
            raise UnusableTable(f"The column {name!r} holds something else than 0 and 1.")
        index |= np.array([int(value) for value in values], dtype=np.int64) << place
    return index


def _persons(found: Columns, count: str | None, rows: int) -> Floats:
    name = count if count in found else "persons" if "persons" in found else None
    if name is None:
        return np.ones(rows)
    values = np.array([np.nan if value is None else float(value) for value in found[name]])
    if np.isnan(values).any():
        raise UnusableTable("A history has no count (it is missing or not a number). Say 0 where nobody has it.")
    if (values < 0).any():
        raise UnusableTable("A history has a count below zero. Counts are of persons: 0, 1, 2 ...")
    return values


def _words(values: Sequence[Any]) -> list[str]:
    return [NOT_KNOWN if value is None or value != value or value == "" else str(value) for value in values]
