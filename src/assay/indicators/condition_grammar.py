"""Parse a condition: comparisons of named columns, joined by and, or and not; nothing else is accepted.

    in_base and offence_family in ('rape', 'other') and not cancelled
    wait_hours_high <= limit_number
    age_at_offence between 0 and 17

A condition is parsed into the few kinds of node below. All other SQL is refused with the advice to derive a named fact
in `assay.facts` and to compare that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import sqlglot
from sqlglot import exp

from assay.errors import DefinitionError


@dataclass(frozen=True)
class Column:
    """A column of the record in a condition; a column that is a condition by itself must be yes/no."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A constant in a condition: a text, a number, yes or no."""

    value: str | int | float | bool


Term: TypeAlias = Column | Literal


@dataclass(frozen=True)
class Compare:
    """A comparison of two terms: =, <>, <, <=, >, >=."""

    left: Term
    how: str
    right: Term


@dataclass(frozen=True)
class IsIn:
    """A condition that a term equals one of several values."""

    term: Term
    choices: tuple[Term, ...]


@dataclass(frozen=True)
class Not:
    """Negation; the negation of unknown is unknown."""

    inner: Node


@dataclass(frozen=True)
class BooleanOperation:
    """Conditions joined by "and" or "or"."""

    how: str
    parts: tuple[Node, ...]


Node: TypeAlias = Column | Literal | Compare | IsIn | Not | BooleanOperation

COMPARISONS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
FACT = "Derive a fact in records, with a name of its own, and compare that."
NO_MISSING_TEST = (
    "A condition does not test for missing values: missing is an answer, and the ladder counts it as not known. " + FACT
)


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Node:
    """Return the syntax tree of a condition; raise DefinitionError unless it only compares named columns."""
    try:
        # The PostgreSQL dialect, because that of DuckDB parses a column named `force` as a command.
        tree: Any = sqlglot.parse_one(text, dialect="postgres")
    except sqlglot.errors.SqlglotError:
        raise DefinitionError(
            f"The condition {text!r} cannot be read. Write comparisons of columns, joined by and, or, not; "
            "a column may not bear an SQL word as its name."
        ) from None
    return _condition(tree, text)


def iterate_columns(node: Node) -> Iterator[str]:
    """Yield the columns that a condition names, in reading order, with repeats."""
    for term in iterate_terms(node):
        if isinstance(term, Column):
            yield term.name


def iterate_terms(node: Node) -> Iterator[Term]:
    """Yield every column and literal of a condition, in reading order."""
    match node:
        case Column() | Literal():
            yield node
        case Compare(left, _, right):
            yield from (left, right)
        case IsIn(term, choices):
            yield from (term, *choices)
        case Not(inner):
            yield from iterate_terms(inner)
        case BooleanOperation(_, parts):
            for part in parts:
                yield from iterate_terms(part)


def _condition(tree: exp.Expression, text: str) -> Node:
    if isinstance(tree, exp.Paren):
        return _condition(tree.this, text)
    if isinstance(tree, exp.Not):
        return Not(_condition(tree.this, text))
    if isinstance(tree, exp.And | exp.Or):
        return _boolean_operation(tree, text)
    if type(tree) in COMPARISONS:
        return Compare(_term(tree.this, text), COMPARISONS[type(tree)], _term(tree.expression, text))
    if isinstance(tree, exp.Between):
        return _range_condition(tree, text)
    if isinstance(tree, exp.In):
        return _membership(tree, text)
    if isinstance(tree, exp.Column | exp.Boolean):
        return _term(tree, text)
    raise _refused(tree, text)


def _boolean_operation(tree: exp.And | exp.Or, text: str) -> BooleanOperation:
    how = "and" if isinstance(tree, exp.And) else "or"
    parts: list[Node] = []
    for side in (tree.this, tree.expression):
        part = _condition(side, text)
        parts += part.parts if isinstance(part, BooleanOperation) and part.how == how else (part,)
    return BooleanOperation(how, tuple(parts))


def _range_condition(tree: exp.Between, text: str) -> BooleanOperation:
    if tree.args.get("symmetric"):
        raise _refused(tree, text)
    term = _term(tree.this, text)
    low, high = _term(tree.args["low"], text), _term(tree.args["high"], text)
    return BooleanOperation("and", (Compare(term, ">=", low), Compare(term, "<=", high)))


def _membership(tree: exp.In, text: str) -> IsIn:
    if any(tree.args.get(other) for other in ("query", "unnest", "field", "is_global")) or not tree.expressions:
        raise DefinitionError(f"In {text!r}, 'in' needs a list of values in brackets, such as in ('early', 'help').")
    return IsIn(_term(tree.this, text), tuple(_term(value, text) for value in tree.expressions))


def _term(tree: exp.Expression, text: str) -> Term:
    if isinstance(tree, exp.Paren):
        return _term(tree.this, text)
    if isinstance(tree, exp.Column) and isinstance(tree.this, exp.Identifier) and not tree.table:
        return Column(tree.name)
    if isinstance(tree, exp.Boolean):
        return Literal(bool(tree.this))
    if isinstance(tree, exp.Literal):
        return Literal(tree.this if tree.is_string else _number(tree.this))
    if isinstance(tree, exp.Neg) and isinstance(tree.this, exp.Literal) and not tree.this.is_string:
        return Literal(-_number(tree.this.this))
    raise _refused(tree, text)


def _number(digits: str) -> int | float:
    return int(digits) if digits.isdigit() else float(digits)


def _refused(tree: exp.Expression, text: str) -> DefinitionError:
    if tree.find(exp.Null, exp.Is) is not None:
        return DefinitionError(f"The condition {text!r} is refused. {NO_MISSING_TEST}")
    sql = tree.sql(dialect="postgres")
    return DefinitionError(f"The condition {text!r} holds {sql!r}, which is not a comparison of named columns. {FACT}")
