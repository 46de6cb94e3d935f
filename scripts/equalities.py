"""Writes anew which counts are equal, or add up, because of what the forms ask (`disclosure/equalities.toml`).

The forms are put to many invented rows of facts, in every mixture of values that their conditions tell apart. Each
figure (a released count of a form) is then a column of zeros and ones, and `constraint_learning` finds which are equal
or add up on every row: so they are on all records. What follows from facts of the records, and not from the forms
alone, is written by hand in the second part of the file, and stays.

    python scripts/equalities.py                 writes the file anew
    python scripts/equalities.py FOLDER ...      names what holds in all these inspections and is not declared
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import assay
from assay.indicators import INCLUDED, STILL_WAITING, Count, Form, Indicator, Wait, indicator_catalogue
from assay.indicators.condition_grammar import (
    BooleanOperation,
    Column,
    Compare,
    IsIn,
    Literal,
    Node,
    Not,
    Term,
    parse_condition,
)
from assay.indicators.exclusion_reasons import plain_label
from assay.indicators.indicator_forms import columns_read, conditions
from assay.indicators.plain_evaluator import plain_answer, plain_count, plain_wait
from assay.sdc import declared_tables
from assay.sdc.additivity_constraints import COUNTERPARTS, CountSeries, Rule, equal_figures, figure
from assay.sdc.constraint_learning import LearnedConstraint, Vectors, constraints_between
from assay.sdc.implied_constraints import Span, coefficients_of, describe_undeclared
from assay.workflows.release.release_editions import EXACT_STAGE as EXACT

FILE = Path(assay.__file__).parent / "sdc" / "equalities.toml"
BEGINS = "# Part 1: from the forms, written by scripts/equalities.py."
ENDS = "# Part 2: from the facts, written by hand."
SAME_ROWS = (("crime", "investigation", "course"), ("described", "suspect", "pursuit"))
"""Kinds of record that are one row a crime, or one row a person in a crime, under the same reference."""
ROLE = {"suspect": "suspect", "pursuit": "suspect"}
"""Of these kinds there are rows in one role only."""
ROWS, FROM_EXAMPLES = 2000, 0.7
LEAST_ROWS = 12.0
"""On so many rows must the least part of a sum be counted before it is believed."""
TABLES = {"crime": "crimes", "report": "reports", "referral": "referrals", "assessment": "assessments",
          "missing_episode": "missing", "flag": "flags", "list_spell": "registers"}  # fmt: skip
"""Kinds of record that are one row of a table of the returns, and that table."""
NUMBERS = ("number_low", "number", "number_high")
KNOWN = ("in_base", "cancelled", "transferred", "cse_titled")
"""Facts that are never missing where an indicator that reads them is asked."""
DAYS = (-1, 0, 3, 9, 9, 12, 12, 30, None, None, None)
SEEN = (12, 12, 20, None)
ANOTHER = "another value"
Row = Mapping[str, object]
LADDER = ("outside", "left_out", "not_known_if_counted", "met", "not_met", "not_known")
GROUPED = [{table: columns for table, (_, columns) in tables.items()} for tables in COUNTERPARTS]


def with_first_part(text: str) -> str:
    """The file with its first part made anew; the words before it and the second part stay."""
    head, foot = text.split(BEGINS)[0], text.split(ENDS)[1]
    return "".join((head, BEGINS, "\n\n", "\n".join([*_blocks(from_forms()), *_same_blocks()]), "\n", ENDS, foot))


@cache
def from_forms() -> tuple[Rule, ...]:
    """Every equality and sum that holds on all rows because of what the forms ask."""
    return tuple(rule for kinds in _kinds() for rule in _of_kinds(kinds))


def _kinds() -> list[tuple[str, ...]]:
    asked = dict.fromkeys(form.record for form in indicator_catalogue.forms() if form.record != "force")
    return list(dict.fromkeys(next((k for k in SAME_ROWS if kind in k), (kind,)) for kind in asked))


def _of_kinds(kinds: Sequence[str]) -> Iterator[Rule]:
    """What holds in the tables of groups comes first, since less is shown there from which it could follow."""
    forms = tuple(form for form in indicator_catalogue.forms() if form.record in kinds)
    found: list[Rule] = []
    every = [_vectors(forms, possible) for possible in (False, True)]
    for vectors, tables in product(every, (*reversed(GROUPED), None)):
        shown = {one: held for one, held in vectors.items() if _is_in(one, tables)}
        known = [rule for rule in found if all(one in shown for one in rule.figures)]
        never = [one for one, held in shown.items() if not any(held.values())]
        found += _new(_learned(shown), known, _within_rows(forms, shown), never)
    yield from found
    yield from (rule for form in forms for rule in _elsewhere(form))


def _elsewhere(form: Form) -> Iterator[Rule]:
    """What of a form is counted in other tables too."""
    if isinstance(form, Wait):
        yield from _reasons_of(form)
    if isinstance(form, Indicator) and form.record in TABLES:
        yield Rule(_of(form, "ladders.records"), (figure("returned.accepted", table_name=TABLES[form.record]),))
    if isinstance(form, Count) and form.record == "crime":  # no linkage is needed to count crimes
        for key in form.definitions:
            for name in NUMBERS:
                distinct = figure(f"distinct.{name}", counted="crimes", definition=key)
                yield Rule(figure("counts.records", count=form.key, definition=key), (distinct,))
            low, middle, high = (figure(f"distinct_parts.{name}", counted="crimes", definition=key) for name in NUMBERS)
            yield from (Rule(middle, (low,)), Rule(middle, (high,)))


def _is_in(one: CountSeries, tables: Mapping[str, Sequence[str]] | None) -> bool:
    return one.table != "served" if tables is None else one.column in tables.get(one.table, ())


def _learned(vectors: Vectors) -> list[LearnedConstraint]:
    return sorted(constraints_between(vectors, LEAST_ROWS), key=lambda one: len(one.rule.parts))


def _new(
    learned: Sequence[LearnedConstraint],
    known: Sequence[Rule],
    within_rows: Sequence[Rule],
    never: Sequence[CountSeries],
) -> list[Rule]:
    """Equalities are all kept, since one of two figures may not be asked somewhere; of sums those that are new.

    `never`: figures that count nothing on any row.
    """
    span = Span()
    for one in never:
        span.add({one: 1})
    for rule in (*known, *within_rows, *(held.rule for held in learned if len(held.rule.parts) == 1)):
        span.add(coefficients_of(rule.total, rule.parts))
    kept = [one.rule for one in learned if len(one.rule.parts) == 1 and one.rule not in known]
    sums = [one.rule for one in learned if len(one.rule.parts) > 1]
    return kept + [rule for rule in sums if span.add(coefficients_of(rule.total, rule.parts))]


def _within_rows(forms: Sequence[Form], shown: Vectors) -> list[Rule]:
    """The sums within a table that are declared with its columns."""
    found = []
    for form in forms:
        if isinstance(form, Indicator):
            found.append(Rule(_of(form, "ladders.records"), tuple(_of(form, f"ladders.{name}") for name in LADDER)))
            found.append(Rule(_of(form, "standing.base"), (_of(form, "ladders.met"), _of(form, "ladders.not_met"))))
            reasons = tuple(_of(form, "left_out.records", plain_label(one)) for one in form.excluding)
            found += [Rule(_of(form, "ladders.left_out"), reasons)] if reasons else []
        if isinstance(form, Wait):
            parts = tuple(_of(form, f"wait_medians.{name}") for name in ("ended", "ended_otherwise", "still_waiting"))
            found.append(Rule(_of(form, "wait_medians.records"), parts))
            found += _reasons_of(form)
    return [rule for rule in found if all(one in shown for one in rule.figures)]


def _reasons_of(form: Wait) -> Iterator[Rule]:
    if form.excluding:
        parts = tuple(_of(form, "left_out.records", plain_label(reason)) for reason in form.excluding)
        yield Rule(_of(form, "wait_medians.left_out"), parts)


def _of(form: Form, name: str, reason: str = "") -> CountSeries:
    return _figure_of(form.key, name, reason)


@cache
def _figure_of(form_key: str, name: str, reason: str) -> CountSeries:
    key = "wait" if name.startswith("wait_medians") else "indicator"
    return figure(name, **{key: form_key}, **({"reason": reason} if reason else {}))


def _vectors(forms: Sequence[Form], possible: bool) -> Vectors:
    """For each figure on which of the invented rows it counts. `possible`: only rows as the facts can be."""
    figures = list(dict.fromkeys(one for form in forms for one in _figures(form)))
    found: dict[CountSeries, dict[Any, int]] = {one: dict.fromkeys(range(ROWS), 0) for one in figures}
    for number, row in enumerate(_rows(forms, possible)):
        for form in forms:
            if row.get("role", "suspect") == ROLE.get(form.record, row.get("role", "suspect")):
                for one in _counted_in(form, row):
                    found[one][number] = 1
    there = [(number, (frozenset(), None)) for number in range(ROWS)]
    return {one: dict(zip(there, counts.values(), strict=True)) for one, counts in found.items()}


def _figures(form: Form) -> Iterator[CountSeries]:
    match form:
        case Indicator():
            yield from (_of(form, f"ladders.{name}") for name in ("records", *LADDER))
            yield from (_of(form, "standing.base"), _of(form, "served.not_known"))
        case Wait():
            yield from (_of(form, f"wait_medians.{name}") for name in GROUPED[0]["wait_medians"])
        case Count():
            for key in form.definitions:
                yield figure("counts.records", count=form.key, definition=key)
                yield figure("counts.not_known", count=form.key, definition=key)
    if isinstance(form, Indicator | Wait):
        yield from (_of(form, "left_out.records", plain_label(reason)) for reason in form.excluding)


def _counted_in(form: Form, row: Row) -> Iterator[CountSeries]:
    match form:
        case Indicator():
            answer, reason = plain_answer(form, row)
            yield _of(form, "ladders.records")
            yield _of(form, f"ladders.{answer.replace(' ', '_')}")
            if answer in ("met", "not met"):
                yield _of(form, "standing.base")
            if answer.startswith("not known"):
                yield _of(form, "served.not_known")
        case Wait():
            answer, reason, _, ending = plain_wait(form, row)
            yield from _of_wait(form, answer, ending)
        case Count():
            reason = ""
            for key, found in plain_count(form, row).items():
                if found is not False:
                    yield figure(f"counts.{'records' if found else 'not_known'}", count=form.key, definition=key)
    if reason and answer == "left out":
        yield _of(form, "left_out.records", plain_label(reason))


def _of_wait(form: Wait, answer: str, ending: str) -> Iterator[CountSeries]:
    if answer == INCLUDED:
        yield _of(form, "wait_medians.records")
        ended = {STILL_WAITING: "still_waiting", form.ends[0]: "ended"}
        yield _of(form, f"wait_medians.{ended.get(ending, 'ended_otherwise')}")
    elif answer != "outside":
        yield _of(form, "wait_medians.left_out" if answer == "left out" else "wait_medians.not_known")


def _rows(forms: Sequence[Form], possible: bool) -> Iterator[Row]:
    chance, values = random.Random(1), _values(forms)
    examples = [row for form in forms for row, _ in form.examples]  # type: ignore[attr-defined]
    for _ in range(ROWS):
        row = {name: chance.choice(those) for name, those in values.items()}
        if chance.random() < FROM_EXAMPLES:
            again = chance.sample(list(values), min(3, len(values)))
            example = chance.choice(examples)
            row |= {name: value for name, value in example.items() if name in values and name not in again}
        yield _possible(row) if possible else row


def _possible(row: dict[str, Any]) -> Row:
    """The row as the facts can be: `records` makes no other."""
    for name in KNOWN:
        if name in row and row[name] is None:
            row[name] = False
    if row.get("pending"):
        row["charged"] = False
    if "known_as" in row:
        row["known_as"] = row["known_as"] or "nothing_known"
        row["named"] = row["known_as"] == "named"
    return row


def _values(forms: Sequence[Form]) -> dict[str, list[Any]]:
    """Of each column the values that a condition tells apart, and that it is missing."""
    found: dict[str, set[Any]] = {name: set() for form in forms for name in columns_read(form)}
    for form in forms:
        for text in conditions(form).values():
            for name, value in _compared(parse_condition(text)):
                found[name].add(value)
    values: dict[str, list[Any]] = {name: [*sorted(those, key=repr), None] for name, those in found.items()}
    for form in forms:
        if isinstance(form, Wait):
            values |= {column: list(DAYS) for _, column in form.endings} | {form.seen: list(SEEN)}
    return values | ({"role": ["suspect", "victim"]} if "role" in values else {}) | {"when_reported": ["all"]}


def _compared(node: Node) -> Iterator[tuple[str, object]]:
    match node:
        case Column(name):
            yield from ((name, True), (name, False))
        case Compare(left, _, right):
            yield from (*_beside(left, right), *_beside(right, left))
        case IsIn(term, those):
            yield from (one for other in those for one in _beside(term, other))
        case Not(inner):
            yield from _compared(inner)
        case BooleanOperation(_, parts):
            yield from (one for part in parts for one in _compared(part))


def _beside(term: Term, other: Term) -> Iterator[tuple[str, object]]:
    if isinstance(term, Column):
        value = other.value if isinstance(other, Literal) else 2
        near = (True, False) if isinstance(value, bool) else (value, ANOTHER) if isinstance(value, str) else ()
        yield from ((term.name, one) for one in near or (value - 1, value, value + 1))  # type: ignore[operator]


def same_records() -> Iterator[list[str]]:
    """Indicators that are counted in the same records: neither outside nor left out."""
    for kinds in _kinds():
        forms = tuple(
            form for form in indicator_catalogue.forms() if form.record in kinds and isinstance(form, Indicator)
        )
        counted: dict[tuple[int, ...], list[str]] = {}
        vectors = _vectors(forms, True) if len(forms) > 1 else {}
        for form in forms if vectors else ():
            parts = [vectors[_of(form, name)].values() for name in ("standing.base", "served.not_known")]
            counted.setdefault(tuple(map(sum, zip(*parts, strict=True))), []).append(form.key)
        yield from (keys for keys in counted.values() if len(keys) > 1)


def _blocks(rules: Sequence[Rule]) -> Iterator[str]:
    for equal in equal_figures([rule for rule in rules if len(rule.parts) == 1]):
        yield "\n".join(["[[equal]]", "figures = [", *(f"  {_inline(one)}," for one in equal), "]", ""])
    for rule in rules:
        if len(rule.parts) > 1:
            parts = [f"  {_inline(one)}," for one in rule.parts]
            yield "\n".join(["[[sum]]", f"total = {_inline(rule.total)}", "parts = [", *parts, "]", ""])


def _same_blocks() -> Iterator[str]:
    for keys in same_records():
        yield "\n".join(["[[same_records]]", "indicators = [", *(f'  "{key}",' for key in keys), "]", ""])


def _inline(one: CountSeries) -> str:
    fixed = "".join(f', {name} = "{value}"' for name, value in one.fixed)
    return f'{{ figure = "{one.table}.{one.column}"{fixed} }}'


def counted(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The exact counts of an inspection, by table."""
    return {file.stem: pq.read_table(file).to_pylist() for file in sorted((folder / EXACT).glob("*.parquet"))}


if __name__ == "__main__":
    if folders := [Path(one) for one in sys.argv[1:]]:
        named = describe_undeclared([counted(one) for one in folders], declared_tables())
        sys.stdout.write("".join(f"{sentence}\n" for sentence in named))
    else:
        FILE.write_text(with_first_part(FILE.read_text(encoding="utf-8")), encoding="utf-8")
