"""Build capture tables from rows, counts, Arrow tables or Ibis tables.

Rows are persons, or histories with a count. In both cases each list is a column of 0 and 1. With an Ibis table the
engine of the table does the counting, and only counts are fetched.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints
from assay.stats.multiple_systems.capture_tables import COUNT_OF_HIDDEN, CaptureTable
from assay.stats.multiple_systems.estimation_refusals import UnusableTable

NOT_KNOWN = "not known"
"""Value of a missing covariate."""
Columns = dict[str, list[Any]]


def read_table(data: Any, lists: Sequence[str], *, count: str | None = None, **attributes: Any) -> CaptureTable:
    """Return one capture table of all rows.

    Parameters
    ----------
    data
        A mapping of columns, a sequence of rows (mappings), an Arrow table, or an Ibis table.
    lists
        Names of the columns of 0 and 1.
    count
        Name of the column with the number of persons of a row; by default a row is a person.
    attributes
        window, definition, stratum and linkage_draw of `CaptureTable`.

    Raises
    ------
    UnusableTable
        If a list is empty, or the columns are not as described.
    """
    (table,) = read_tables(data, lists, count=count, **attributes)
    if empty_lists := [name for name in table.lists if table.list_size(name) == 0]:
        raise UnusableTable(
            f"Nobody is on the list {empty_lists[0]!r}, so it gives no information on the other lists. Leave it out."
        )
    return table


def read_tables(
    data: Any,
    lists: Sequence[str],
    *,
    strata: Sequence[str] = (),
    count: str | None = None,
    linkage_draw: str | None = None,
    **attributes: Any,
) -> tuple[CaptureTable, ...]:
    """Return a capture table for each stratum (columns `strata`) and each linkage draw (an integer column).

    A missing value of a stratum becomes "not known". A list may be empty in a stratum; `screen_lists` reports it.
    """
    lists = tuple(lists)
    draws = [linkage_draw] if linkage_draw else []
    values = _columns(data, (*lists, *strata, *draws), count)
    index, persons = _histories(values, lists), _persons(values, count, len(next(iter(values.values()), [])))
    if (persons[index == 0] > 0).any() or (count and (index == 0).any()):
        raise UnusableTable(COUNT_OF_HIDDEN)
    keys = list(zip(*(_text_values(values[name]) for name in strata), *(values[name] for name in draws), strict=True))
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row, key in enumerate(keys or [()] * len(index)):
        groups.setdefault(key, []).append(row)
    return tuple(
        _table(lists, index[rows], persons[rows], strata, key, bool(draws), attributes)
        for key, rows in sorted(groups.items())
    )


def _table(
    lists: tuple[str, ...],
    index: Ints,
    persons: Floats,
    strata: Sequence[str],
    key: tuple[Any, ...],
    has_draw: bool,
    attributes: Mapping[str, Any],
) -> CaptureTable:
    counts = np.bincount(index, weights=persons, minlength=1 << len(lists)).astype(float)
    fields = dict(attributes)
    if strata:
        fields["stratum"] = tuple(zip(strata, key, strict=False))
    if has_draw:
        fields["linkage_draw"] = int(key[-1])
    return CaptureTable(lists, counts, **fields)


def _columns(data: Any, names: Sequence[str], count: str | None) -> Columns:
    required = [*names, *([count] if count else [])]
    if hasattr(data, "group_by") and hasattr(data, "to_pyarrow"):
        data = _count_in_engine(data, names, count)
        required = [*names, count or "persons"]
    if hasattr(data, "column_names") and hasattr(data, "column"):
        _check_columns(data.column_names, required)
        return {name: data.column(name).to_pylist() for name in required}
    if isinstance(data, Mapping):
        _check_columns(list(data), required)
        values = {name: list(data[name]) for name in required}
        if len({len(column) for column in values.values()}) > 1:
            raise UnusableTable("The columns are not of one length.")
        return values
    rows = list(data)
    _check_columns({name for row in rows[:1] for name in row}, required)
    return {name: [row.get(name) for row in rows] for name in required}


def _count_in_engine(data: Any, names: Sequence[str], count: str | None) -> Any:
    """Count the histories in the engine of the Ibis table."""
    _check_columns(data.columns, [*names, *([count] if count else [])])
    person_count = data[count].sum() if count else data.count()
    return data.group_by(list(names)).agg(**{count or "persons": person_count}).to_pyarrow()


def _check_columns(available: Iterable[str], required: Iterable[str]) -> None:
    available_set = set(available)
    if missing := [name for name in required if name not in available_set]:
        raise UnusableTable(
            f"There is no column {missing[0]!r}. The columns are {', '.join(sorted(available_set)) or 'none'}."
        )


def _histories(values_by_column: Columns, lists: Sequence[str]) -> Ints:
    index = np.zeros(len(values_by_column[lists[0]]) if lists else 0, dtype=np.int64)
    for bit, name in enumerate(lists):
        values = values_by_column[name]
        if any(value is None or value != value for value in values):
            raise UnusableTable(f"The column {name!r} is empty in a row. Say 1 where the list holds a person, else 0.")
        if any(value not in (0, 1) for value in values):
            raise UnusableTable(f"The column {name!r} holds something else than 0 and 1.")
        index |= np.array([int(value) for value in values], dtype=np.int64) << bit
    return index


def _persons(values_by_column: Columns, count: str | None, rows: int) -> Floats:
    name = count if count in values_by_column else "persons" if "persons" in values_by_column else None
    if name is None:
        return np.ones(rows)
    values = np.array([np.nan if value is None else float(value) for value in values_by_column[name]])
    if np.isnan(values).any():
        raise UnusableTable("A history has no count (it is missing or not a number). Say 0 where nobody has it.")
    if (values < 0).any():
        raise UnusableTable("A history has a count below zero. Counts are of persons: 0, 1, 2 ...")
    return values


def _text_values(values: Sequence[Any]) -> list[str]:
    return [NOT_KNOWN if value is None or value != value or value == "" else str(value) for value in values]
