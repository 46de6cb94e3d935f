"""Column lineage of Ibis expressions: the source columns on which a result depends.

An expression is traversed from its end: each step requires from the step before only what it reads itself, so a column
that is carried along without being read does not count. A left-joined table counts only if one of its columns is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis

SourceColumn = tuple[str, str]
"""Name of a source table and of one of its columns."""


def source_columns(table: ibis.Table, columns: Iterable[str] = ()) -> frozenset[SourceColumn]:
    """Return the (table, column) pairs of every source table on which these columns depend.

    Columns that determine which rows exist (filters, keys) count too; without `columns`, only these.
    """
    walk = _LineageWalk()
    walk.require(table.op(), columns)
    return frozenset(walk.found)


def unchanged_source_column(table: ibis.Table, column: str) -> SourceColumn | None:
    """Return the source column that a result column copies unchanged; None if the result is computed."""
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
    """Traversal of an expression: the columns required of each step, and the source columns reached."""

    def __init__(self) -> None:
        self.found: set[SourceColumn] = set()
        self._required: dict[Any, set[str]] = {}

    def require(self, rel: Any, columns: Iterable[str]) -> None:
        """Require columns of a step; columns that were required before are not traversed again."""
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
    """Return what a step needs of the steps before it for these columns; if `is_new`, also for its rows.

    Cached, because the columns of one table depend on the same steps and are required one by one.
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
        # Duplicate rows are removed, so every column determines which rows exist.
        needed = list(rel.schema) if isinstance(rel, ops.Distinct) or rel.distinct else columns
        yield from ((parent, name) for parent in _parents(rel) for name in needed)
    else:
        yield from _fields([rel.values[name] for name in columns] if _parents(rel) else [])
        yield from _fields(_row_values(rel) if is_new else [])


def _join_needs(rel: Any, columns: tuple[str, ...]) -> Iterator[Need]:
    """Yield the needs of a join: a joined table counts if it determines the rows, or if one of its columns is read."""
    needs = list(_fields([rel.values[name] for name in columns]))
    yield rel.first.parent, None
    for link in reversed(rel.rest):
        if link.how != "left" or any(table == link.table.parent for table, _ in needs):
            yield link.table.parent, None
            needs += _fields(link.predicates)
    yield from needs


def _row_values(rel: Any) -> tuple[Any, ...]:
    """Return the values that determine the rows of a step, or their order."""
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
    """Yield the columns that values read, with the step of each; a reference to a joined table is its own step."""
    import ibis.expr.operations as ops

    for value in values:
        for node in _nested_values(value):
            if isinstance(node, ops.Field):
                rel = node.rel
                yield (rel.parent if isinstance(rel, ops.Reference) else rel), node.name
            elif isinstance(node, ops.Subquery):
                yield from ((node.rel, name) for name in node.rel.schema)


def _nested_values(value: Any) -> Iterator[Any]:
    """Yield a value and the values within it, down to columns of the steps before."""
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
