"""Column lineage of Ibis expressions: the source columns on which a result depends.

An expression is walked from its end: of each step only what the next one reads is asked of the step before, so a
column that is carried along and read by nobody does not count. A table that is only set beside the rows (a left join)
counts where one of its own columns is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis

SourceColumn = tuple[str, str]
"""A table as it was given to the engine, and a column of it."""


def source_columns(table: ibis.Table, columns: Iterable[str] = ()) -> frozenset[SourceColumn]:
    """Return the (table, column) pairs of every source table on which these columns depend.

    What decides which rows there are counts too; with no columns, that alone.
    """
    walk = _LineageWalk()
    walk.require(table.op(), columns)
    return frozenset(walk.found)


def unchanged_source_column(table: ibis.Table, column: str) -> SourceColumn | None:
    """Return the source column that this column copies unchanged; None if it is computed."""
    import ibis.expr.operations as ops

    node: Any = ops.Field(table.op(), column)
    while isinstance(node, ops.Field):
        rel, name = node.rel, node.name
        if isinstance(rel, ops.PhysicalTable):
            return str(rel.name), str(name)
        if isinstance(rel, ops.Set | ops.Aggregate):
            return None
        node = rel.values[name]
    return None


class _LineageWalk:
    """What has been asked of each step so far, and which columns of the given tables were reached."""

    def __init__(self) -> None:
        self.found: set[SourceColumn] = set()
        self._required: dict[Any, set[str]] = {}

    def require(self, rel: Any, columns: Iterable[str]) -> None:
        """Ask a step for some of its columns; what was asked of it before is not asked again."""
        is_new = rel not in self._required
        required = self._required.setdefault(rel, set())
        new_columns = set(columns) - required
        if not (is_new or new_columns):
            return
        required |= new_columns
        for source, name in _needs(rel, tuple(sorted(new_columns)), is_new):
            if name is None:
                self.require(source, ())
            else:
                self.require(source, (name,))
        if not _parents(rel):
            self.found |= {(rel.name, name) for name in new_columns}


Need = tuple[Any, str | None]


@lru_cache(maxsize=50_000)
def _needs(rel: Any, columns: tuple[str, ...], is_new: bool) -> tuple[Need, ...]:
    """What a step needs of those before it, for these columns; if it is `is_new`, also for its rows.

    Kept, since the columns of one table rest on the same steps, and are asked for one by one.
    """
    return tuple(_iterate_needs(rel, columns, is_new))


def _iterate_needs(rel: Any, columns: tuple[str, ...], is_new: bool) -> Iterator[Need]:
    import ibis.expr.operations as ops

    if isinstance(rel, ops.JoinChain):
        yield from _join_needs(rel, columns)
        return
    for parent in _parents(rel):
        yield parent, None
    if isinstance(rel, ops.Set | ops.Distinct):
        # Equal rows are one row: there every column decides which rows there are.
        needed = list(rel.schema) if isinstance(rel, ops.Distinct) or rel.distinct else columns
        yield from ((parent, name) for parent in _parents(rel) for name in needed)
    else:
        yield from _fields([rel.values[name] for name in columns] if _parents(rel) else [])
        yield from _fields(_row_values(rel) if is_new else [])


def _join_needs(rel: Any, columns: tuple[str, ...]) -> Iterator[Need]:
    """A joined table counts if it decides which rows there are, or if one of its columns is read."""
    needs = list(_fields([rel.values[name] for name in columns]))
    yield rel.first.parent, None
    for link in reversed(rel.rest):
        if link.how != "left" or any(table == link.table.parent for table, _ in needs):
            yield link.table.parent, None
            needs += _fields(link.predicates)
    yield from needs


def _row_values(rel: Any) -> tuple[Any, ...]:
    """The values that decide which rows a step has, or in which order it takes them."""
    return tuple(getattr(rel, "predicates", ())) + tuple(_groups(rel)) + tuple(getattr(rel, "keys", ()))


def _groups(rel: Any) -> Iterable[Any]:
    groups = getattr(rel, "groups", {})
    return groups.values() if hasattr(groups, "values") else groups


def _parents(rel: Any) -> tuple[Any, ...]:
    import ibis.expr.operations as ops

    if isinstance(rel, ops.Set):
        return rel.left, rel.right
    if isinstance(rel, ops.JoinChain):
        return (rel.first.parent,)
    return (rel.parent,) if hasattr(rel, "parent") else ()


def _fields(values: Iterable[Any]) -> Iterator[Need]:
    """The columns that values read, of the steps they read them from; a joined table stands for its own step."""
    import ibis.expr.operations as ops

    for value in values:
        for node in _nested_values(value):
            if isinstance(node, ops.Field):
                rel = node.rel
                yield (rel.parent if isinstance(rel, ops.Reference) else rel), node.name
            elif isinstance(node, ops.Subquery):
                yield from ((node.rel, name) for name in node.rel.schema)


def _nested_values(value: Any) -> Iterator[Any]:
    """A value and the values within it, down to the columns of the steps before."""
    import ibis.expr.operations as ops

    yield value
    if not isinstance(value, ops.Field):
        for inner in value.args if isinstance(value, ops.Node) else ():
            yield from _argument_values(inner)


def _argument_values(inner: Any) -> Iterator[Any]:
    import ibis.expr.operations as ops

    if isinstance(inner, ops.Value | ops.SortKey):
        yield from _nested_values(inner)
    elif isinstance(inner, tuple):
        for part in inner:
            yield from _argument_values(part)
