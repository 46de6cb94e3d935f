"""Find learned constraints that do not follow from the declared ones.

A constraint follows from others if it is a linear combination of them. This is decided by Gaussian elimination on
sparse rows, in exact arithmetic modulo a large prime.
"""

from __future__ import annotations

import tomllib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files

from assay.sdc.additivity_constraints import (
    PLACE,
    TOTAL_VALUES,
    CountSeries,
    DeclaredConstraints,
    PlaceAndGroup,
    Rule,
    cells_of,
)
from assay.sdc.constraint_learning import (
    MIN_EVIDENCE_BITS,
    LearnedConstraint,
    Rows,
    Vectors,
    figure_vectors,
    learn_constraints,
)
from assay.sdc.linked_tables import sums_between
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, Cell, Sum
from assay.sdc.usual_constraints import usual_constraints

PRIME = (1 << 61) - 1
"""A Mersenne prime. The coefficients of constraints are small integers: two different ones are never equal modulo it.

Those that arise by elimination may be larger, but hardly ever a multiple of so large a prime.
"""
Combination = dict[Hashable, int]
"""The coefficient of each count in a linear equation whose right side is 0."""


class Span:
    """The space of all linear combinations of the constraints that were added, in echelon form."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, Combination] = {}

    def add(self, coefficients: Mapping[Hashable, int]) -> bool:
        """Add the constraint that the weighted sum of the counts is 0; return False if it was implied already."""
        remainder = self._reduce(coefficients)
        if not remainder:
            return False
        pivot = next(iter(remainder))
        inverse = pow(remainder[pivot], -1, PRIME)
        self._rows[pivot] = {count: value * inverse % PRIME for count, value in remainder.items()}
        return True

    def _reduce(self, coefficients: Mapping[Hashable, int]) -> Combination:
        """Return what remains of a constraint after elimination of all pivots; empty if it is implied.

        A row of the echelon form holds no pivot of a row that was added before it, so each elimination brings in only
        pivots of later rows, and the loop ends.
        """
        remainder = {count: value % PRIME for count, value in coefficients.items() if value % PRIME}
        pivots = [count for count in remainder if count in self._rows]
        while pivots:
            pivot = pivots.pop()
            factor = remainder.get(pivot, 0)
            for count, value in self._rows[pivot].items() if factor else ():
                value = (remainder.get(count, 0) - factor * value) % PRIME
                if value and count not in remainder and count in self._rows:
                    pivots.append(count)
                if value:
                    remainder[count] = value
                else:
                    remainder.pop(count, None)
        return remainder


def coefficients_of(total: Hashable, parts: Sequence[Hashable]) -> dict[Hashable, int]:
    """Return the coefficients of the equation total - parts = 0."""
    coefficients: dict[Hashable, int] = {total: 1}
    for part in parts:
        coefficients[part] = coefficients.get(part, 0) - 1
    return coefficients


def constraints_not_implied(
    learned: Sequence[LearnedConstraint],
    countries: Sequence[Rows],
    forms: Mapping[str, Table],
    declared: DeclaredConstraints | None = None,
    views: Sequence[Vectors] | None = None,
) -> list[LearnedConstraint]:
    """Return the learned constraints that follow neither from the declared ones nor from those listed before them.

    A figure that is 0 everywhere is known to be 0. Each constraint is tested once for each kind of position in which it
    holds: a place, a group in a place, and a group in all places together.

    Parameters
    ----------
    learned
        The constraints to test.
    countries, forms, views
        As in `learn_constraints`.
    declared
        Constraints to use instead of those in `equalities.toml`.
    """
    spans = [_span_of(rows, forms, declared) for rows in countries]
    figures = {figure for constraint in learned for figure in constraint.rule.figures}
    cells = [cells_of(figures, rows, forms) for rows in countries]
    for number, zeros in enumerate(_zeros(countries, forms, views)):
        for cell in zeros:
            spans[number].add({cell: 1})
    # The order matters: a constraint that is not implied joins the spans, and may imply those that follow.
    return [constraint for constraint in learned if _add_to_spans(constraint.rule, cells, spans)]


def _span_of(rows: Rows, forms: Mapping[str, Table], declared: DeclaredConstraints | None) -> Span:
    span, row_forms = Span(), {name: forms[name] for name in rows}
    for constraint in (*sums_between(rows, row_forms, declared), *usual_constraints(rows, row_forms, declared)):
        if not _is_sum_over_places(constraint, forms) and not any(
            part[2].startswith(DIFFERENCE_PREFIX) for part in constraint.parts
        ):
            span.add(coefficients_of(constraint.total, constraint.parts))
    return span


def _is_sum_over_places(constraint: Sum, forms: Mapping[str, Table]) -> bool:
    """Return True for a sum over places. It implies nothing within one place, and there are many such sums."""
    table, key, _ = constraint.total
    names = forms[table].key
    if PLACE not in names or key[names.index(PLACE)] != TOTAL_VALUES[PLACE]:
        return False
    return any(part[0] == table and part[1][names.index(PLACE)] != TOTAL_VALUES[PLACE] for part in constraint.parts)


def _zeros(
    countries: Sequence[Rows], forms: Mapping[str, Table], views: Sequence[Vectors] | None
) -> Iterator[list[Cell]]:
    """Yield for each country the cells of the figures that are 0 everywhere."""
    zeros: set[CountSeries] = set()
    for vectors in figure_vectors(countries, forms) if views is None else views:
        zeros |= {figure for figure, counts in vectors.items() if not any(counts.values())}
    for rows in countries:
        cells_by_figure = cells_of({figure for figure in zeros if figure.table in rows}, rows, forms)
        yield [cell for cells in cells_by_figure.values() for cell in cells.values()]


def _add_to_spans(
    rule: Rule, cells: Sequence[Mapping[CountSeries, Mapping[PlaceAndGroup, Hashable]]], spans: Sequence[Span]
) -> bool:
    """Add a constraint to the span of each country, once for each kind of position; True if one did not imply it."""
    tested_kinds: set[frozenset[str]] = set()
    is_new = False
    for number, span in enumerate(spans):
        total, *parts = (cells[number].get(figure, {}) for figure in rule.figures)
        for where in sorted((where for where in total if all(where in part for part in parts)), key=repr):
            # The columns that say where a count stands: none for the whole country, the place, the place and a group.
            kind = frozenset(name for name, _ in where[0])
            if kind not in tested_kinds:
                tested_kinds.add(kind)
                is_new |= span.add(coefficients_of(total[where], [part[where] for part in parts]))
    return is_new


@dataclass(frozen=True)
class Exemption:
    """Constraints that hold in synthetic countries and are not declared, from `equalities-excused.toml`.

    Parameters
    ----------
    figures
        Patterns of figures, with * for any text.
    reason
        The reason, in one sentence.
    matching_columns
        Names of key columns in which all figures of the constraint must agree.
    """

    figures: tuple[str, ...]
    reason: str
    matching_columns: tuple[str, ...] = ()

    def applies_to(self, rule: Rule) -> bool:
        """Return True if every figure of the constraint matches a pattern, and all agree in `matching_columns`."""
        keys = [
            {name: value for name, value in figure.fixed if name in self.matching_columns} for figure in rule.figures
        ]
        agree = all(len({key[name] for key in keys if name in key}) < 2 for name in self.matching_columns)
        matches = (any(fnmatchcase(str(figure), pattern) for pattern in self.figures) for figure in rule.figures)
        return agree and all(matches)


def exemptions() -> tuple[Exemption, ...]:
    """Return the exemptions of `equalities-excused.toml`."""
    text = files("assay.sdc").joinpath("equalities-excused.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["excused"]
    return tuple(
        Exemption(tuple(entry["figures"]), entry["because"], tuple(entry.get("same", ()))) for entry in entries
    )


def describe_undeclared(
    countries: Sequence[Rows],
    forms: Mapping[str, Table],
    declared: DeclaredConstraints | None = None,
    min_evidence: float = MIN_EVIDENCE_BITS,
) -> list[str]:
    """Return one sentence for each constraint that holds in all countries and is neither declared nor exempt.

    The parameters are those of `constraints_not_implied` and `learn_constraints`.
    """
    exempt, views = exemptions(), figure_vectors(countries, forms)
    learned = learn_constraints(countries, forms, min_evidence, views)
    new = constraints_not_implied(learned, countries, forms, declared, views)
    return [
        _describe(constraint)
        for constraint in new
        if not any(exemption.applies_to(constraint.rule) for exemption in exempt)
    ]


def _describe(constraint: LearnedConstraint) -> str:
    return (
        f"In every country {constraint.rule} ({constraint.evidence:.0f} bits of evidence). Declare it in "
        "equalities.toml, so that a count that is suppressed in one table is not shown in another, or give the reason "
        "in equalities-excused.toml why it is no constraint."
    )
