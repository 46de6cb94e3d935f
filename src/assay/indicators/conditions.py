"""Evaluate a condition in three-valued logic, as an Ibis expression or in plain Python.

Both implementations must agree and follow SQL: a comparison with a missing value is unknown; `and` is false if one part
is false, `or` is true if one part is true; the negation of unknown is unknown.
"""

from __future__ import annotations

import datetime as dt
import difflib
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any, cast

from assay.errors import DefinitionError
from assay.indicators.condition_grammar import (
    BooleanOperation,
    Column,
    Compare,
    IsIn,
    Literal,
    Node,
    Not,
    Term,
    iterate_columns,
    parse_condition,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# Kinds of comparable values. Bool comes before number, and datetime before date: in Python a bool is an int and a
# datetime is a date.
KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "yes or no"),
    ((int, float), "number"),
    (str, "text"),
    (dt.datetime, "time"),
    (dt.date, "day"),
)


@dataclass(frozen=True)
class Condition:
    """A parsed condition (`condition_grammar`); raises DefinitionError unless it only compares named columns."""

    text: str

    def __post_init__(self) -> None:
        parse_condition(self.text)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the condition, each once, in reading order."""
        return _columns(self.text)

    def check(self, columns: Mapping[str, type]) -> None:
        """Raise DefinitionError for an unknown column ("did you mean") or values that cannot be compared.

        `columns`: name and Python type (str, bool, int, float, date, datetime) of each column there is.
        """
        for name in self.columns:
            if name not in columns:
                raise DefinitionError(f"In {self.text!r}: {unknown_column(name, columns)}")
        _check_kinds(
            parse_condition(self.text), {name: kind_of_type(columns[name]) for name in self.columns}, self.text
        )

    def ibis(self, table: ir.Table) -> ir.BooleanValue:
        """Return the condition as an Ibis expression over a table; errors as in `check`."""
        self.check(column_types(table))
        return cast("ir.BooleanValue", _expression(parse_condition(self.text), table))

    def plain(self, row: Mapping[str, object]) -> bool | None:
        """Evaluate the condition on one row: True, False, or None if unknown.

        Raises an error for a row without one of the columns, or with values that cannot be compared.
        """
        for name in self.columns:
            if name not in row:
                raise DefinitionError(f"In {self.text!r}: {unknown_column(name, row)}")
        _check_row_types(self.text, tuple(type(row[name]) for name in self.columns))
        return _plain(parse_condition(self.text), row)


@lru_cache(maxsize=4096)
def _columns(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iterate_columns(parse_condition(text))))


@lru_cache(maxsize=16384)
def _check_row_types(text: str, types: tuple[type, ...]) -> None:
    """Check the types of the values of one row, in the order of the columns; errors are not cached."""
    typed_columns = zip(_columns(text), types, strict=True)
    _check_kinds(
        parse_condition(text),
        {name: kind_of_type(value_type) for name, value_type in typed_columns if value_type is not type(None)},
        text,
    )


def unknown_column(name: str, known: Iterable[str]) -> str:
    """Return the error message for an unknown column, which suggests the most similar name."""
    matches = difflib.get_close_matches(name, list(known), n=1)
    return f"there is no column {name!r}." + (f" Did you mean {matches[0]!r}?" if matches else "")


def kind_of_type(python_type: type) -> str:
    """Return the comparison kind of a Python type; only values of the same kind can be compared."""
    for types, kind in KINDS:
        if issubclass(python_type, types):
            return kind
    raise DefinitionError(f"A column of type {python_type.__name__} cannot be compared in a condition.")


def column_types(table: ir.Table) -> dict[str, type]:
    """Return the Python type of each column of an Ibis table that a condition can read."""
    types: dict[str, type] = {}
    for name, kind in table.schema().items():
        for is_kind, python_type in (
            (kind.is_boolean(), bool),
            (kind.is_numeric(), float),
            (kind.is_string(), str),
            (kind.is_timestamp(), dt.datetime),
            (kind.is_date(), dt.date),
        ):
            if is_kind:
                types.setdefault(name, python_type)
    return types


def _check_kinds(node: Node, kinds: Mapping[str, str], text: str) -> None:
    """Check that every comparison is within one kind; a column without a kind is missing in this row and fits any."""
    match node:
        case Column() | Literal():
            _check_same_kind((node, Literal(True)), kinds, text)
        case Compare(left, _, right):
            _check_same_kind((left, right), kinds, text)
        case IsIn(term, choices):
            _check_same_kind((term, *choices), kinds, text)
        case Not(inner):
            _check_kinds(inner, kinds, text)
        case BooleanOperation(_, parts):
            for part in parts:
                _check_kinds(part, kinds, text)


def _check_same_kind(terms: tuple[Term, ...], kinds: Mapping[str, str], text: str) -> None:
    found = [kinds.get(t.name) if isinstance(t, Column) else kind_of_type(type(t.value)) for t in terms]
    distinct_kinds = sorted({kind for kind in found if kind is not None})
    if len(distinct_kinds) > 1:
        raise DefinitionError(
            f"In {text!r} a {distinct_kinds[0]} stands beside a {distinct_kinds[1]}: compare like with like."
        )


def _expression(node: Node, table: ir.Table) -> Any:
    match node:
        case Column() | Literal():
            return _term_expression(node, table)
        case Compare(left, how, right):
            return OPERATORS[how](_term_expression(left, table), _term_expression(right, table))
        case IsIn(term, choices):
            value = _term_expression(term, table)
            return reduce(operator.or_, [value == _term_expression(choice, table) for choice in choices])
        case Not(inner):
            return ~_expression(inner, table)
        case BooleanOperation(how, parts):
            join = operator.and_ if how == "and" else operator.or_
            return reduce(join, [_expression(part, table) for part in parts])


def _term_expression(term: Term, table: ir.Table) -> Any:
    import ibis

    return table[term.name] if isinstance(term, Column) else ibis.literal(term.value)


def _plain(node: Node, row: Mapping[str, object]) -> bool | None:
    match node:
        case Column() | Literal():
            value = _value(node, row)
            return None if value is None else bool(value)
        case Compare(left, how, right):
            return _compare_values(_value(left, row), how, _value(right, row))
        case IsIn(term, choices):
            value = _value(term, row)
            return _any(_compare_values(value, "=", _value(choice, row)) for choice in choices)
        case Not(inner):
            answer = _plain(inner, row)
            return None if answer is None else not answer
        case BooleanOperation("and", parts):
            answer = _any(_plain(Not(part), row) for part in parts)
            return None if answer is None else not answer
        case BooleanOperation(_, parts):
            return _any(_plain(part, row) for part in parts)


def _any(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued "or": true if one is true, else unknown if one is unknown, else false."""
    seen = set(answers)
    return True if True in seen else None if None in seen else False


def _compare_values(left: object, how: str, right: object) -> bool | None:
    return None if left is None or right is None else bool(OPERATORS[how](left, right))


def _value(term: Term, row: Mapping[str, object]) -> object:
    return row[term.name] if isinstance(term, Column) else term.value
