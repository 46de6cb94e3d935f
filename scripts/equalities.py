"""Write the additivity constraints that follow from the definitions of indicators (`sdc/equalities.toml`).

The indicators, waits and counts (*forms*) are evaluated on many synthetic rows of facts, with every combination of
values that their conditions distinguish. Each figure (a released count of a form) is then a column of zeros and ones,
and `constraint_learning` finds the columns that are equal or add up on every row, and so on all records. Constraints
that follow from the facts of records are written by hand in the second part of the file, which is not changed.

Kinds of record are linked too: a crime has victims and suspects, and the records of people on crimes are both. So the
forms of all these kinds are also evaluated together, on rows in which a crime that is not counted has one victim and
one suspect. What holds there holds for most records, and is written with `usually = true`.

    python scripts/equalities.py                 write the first part of the file again
    python scripts/equalities.py FOLDER ...      list constraints that hold in all these inspections and are undeclared
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
from assay import reference
from assay.facts.case_courses import NO_NEXT_STEP
from assay.indicators import INCLUDED, STILL_WAITING, Count, Form, Indicator, Wait, indicator_catalogue
from assay.indicators.answer_ladder import count_column
from assay.indicators.catalogue.assessments.suspect_counts import DEFINITIONS as SUSPECT_DEFINITIONS
from assay.indicators.catalogue.assessments.suspect_counts import UNDER_18
from assay.indicators.catalogue.responses.case_course_indicators import NEXT, transition_key
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
"""Kinds of record with the same reference: one row for each crime, or for each person in a crime."""
ROLE = {"suspect": "suspect", "pursuit": "suspect"}
"""Kinds of record that have rows in one role only, with the role."""
UNITS = {"described": ("victim", "suspect"), "suspect": ("suspect",), "pursuit": ("suspect",), "victim": ("victim",),
         "crime": ("crime",), "investigation": ("crime",), "course": ("crime",)}  # fmt: skip
"""Linked kinds of record, with what a record of each is: a crime, a victim or a suspect."""
ROWS, FROM_EXAMPLES = 2000, 0.7
"""Number of synthetic rows, and the share of them that start from an example of a form."""
MIN_ROWS = 12.0
"""Minimum number of rows on which the smallest part of a sum is counted; rarer sums may hold by chance."""
TABLES = {"crime": "crimes", "report": "reports", "referral": "referrals", "assessment": "assessments",
          "missing_episode": "missing", "flag": "flags", "list_spell": "registers", "device": "exhibits",
          "disruption": "orders"}  # fmt: skip
"""Kinds of record that are rows of a table of the return, with the table."""
NUMBERS = ("number_low", "number", "number_high")
COURSE_STEP, RECORDED, REPORTED, CLOSED = "course_step", "recorded", "reported", "closed"
REPORTED_BY_VICTIM, ALL_VICTIMS = ("crime_reported", "crime_recorded"), "all victims"
"""Start events of a duty that each victim of a crime is owed once, and whom such a standard applies to."""
KNOWN = ("in_base", "cancelled", "transferred", "cse_titled")
"""Facts that are never missing in records to which an indicator that reads them applies."""
AGE = {True: 12, False: 20, None: None}
"""An age at the offence of a person who was a child then, was not, or of whom it is not known."""
DAYS = (-1, 0, 3, 9, 9, 12, 12, 30, None, None, None)
SEEN = (12, 12, 20, None)
OTHER_VALUE = "another value"
Row = Mapping[str, object]
LADDER = ("outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known")
GROUPED = [{table: columns for table, (_, columns) in tables.items()} for tables in COUNTERPARTS]


def with_first_part(text: str) -> str:
    """Return the file with its generated first part replaced; the introduction and the second part are unchanged."""
    head, foot = text.split(BEGINS)[0], text.split(ENDS)[1]
    return "".join(
        (head, BEGINS, "\n\n", "\n".join([*_blocks(from_forms()), *_same_blocks(), *_usual_blocks()]), "\n", ENDS, foot)
    )


@cache
def from_forms() -> tuple[Rule, ...]:
    """Return every equality and sum of counts that follows from the definitions of the indicators."""
    return tuple(rule for kinds in _kinds() for rule in _rules_of_kinds(kinds))


def _kinds() -> list[tuple[str, ...]]:
    """Return the kinds of record of all forms; kinds with the same reference are together."""
    record_kinds = dict.fromkeys(form.record for form in indicator_catalogue.forms() if form.record != "force")
    return list(dict.fromkeys(next((k for k in SAME_ROWS if kind in k), (kind,)) for kind in record_kinds))


def _rules_of_kinds(kinds: Sequence[str]) -> Iterator[Rule]:
    """Yield the rules of some kinds of record.

    Rules between the tables of groups come first: those tables have fewer figures, so fewer rules are implied there.
    """
    forms = _forms_of(kinds)
    found: list[Rule] = []
    vectors_by_rows = [_vectors(forms, possible) for possible in (False, True)]
    for vectors, tables in product(vectors_by_rows, (*reversed(GROUPED), None)):
        table_vectors = {series: counts for series, counts in vectors.items() if _is_in(series, tables)}
        known = [rule for rule in found if all(series in table_vectors for series in rule.figures)]
        always_zero = [series for series, counts in table_vectors.items() if not any(counts.values())]
        found += _new(_learned(table_vectors), known, _within_rows(forms, table_vectors), always_zero)
    yield from found
    yield from (rule for form in forms for rule in _elsewhere(form))


@cache
def usually_from_forms() -> tuple[Rule, ...]:
    """Return the constraints that usually hold between linked kinds of record, and between complete waiting times.

    Constraints that follow from those of the forms are left out.
    """
    unlinked = [kinds for kinds in _kinds() if UNITS.keys().isdisjoint(kinds) and len(_waits(_forms_of(kinds))) > 1]
    return tuple(rule for kinds in (tuple(UNITS), *unlinked) for rule in _usual_rules(kinds))


def _usually_elsewhere() -> Iterator[Rule]:
    """Yield what usually holds between the figures of forms and tables that count the same cases or people."""
    for form in indicator_catalogue.forms():
        if isinstance(form, Count) and form.record == COURSE_STEP:
            after = _after_steps(form)
            yield Rule(_cases_of(form), after[REPORTED])
            # A closed case is looked at unless it was transferred.
            yield Rule(figure("missing_case_steps.cases", step="any"), after[CLOSED])
    for definition in SUSPECT_DEFINITIONS:
        # Most suspects who are children or female are named, and so linked; of others many are only described.
        suspects = {"counting_unit": "suspects", "definition": definition}
        young = figure("suspects_by_age.suspects", definition=definition, age_group=UNDER_18)
        female = figure(
            "suspects_by_characteristic.suspects", definition=definition, characteristic="sex", people="female"
        )
        yield Rule(figure("distinct_counts_by_group.number", **suspects, split="band", value=UNDER_18), (young,))
        yield Rule(figure("distinct_counts_by_group.number", **suspects, split="sex", value="F"), (female,))


def _forms_of(kinds: Sequence[str]) -> tuple[Form, ...]:
    return tuple(form for form in indicator_catalogue.forms() if form.record in kinds)


def _waits(forms: Sequence[Form]) -> list[Wait]:
    return [form for form in forms if isinstance(form, Wait)]


def _usual_rules(kinds: Sequence[str]) -> Iterator[Rule]:
    forms = _forms_of(kinds)
    # The tables of groups follow from the others. Of waits that are on record, nothing is not known.
    vectors = {
        series: counts
        for series, counts in _usual_vectors(forms).items()
        if series.table != "disparities" and (series.table, series.column) != ("wait_medians", "not_known")
    }
    span = Span()
    for series, counts in vectors.items():
        if not any(counts.values()):
            span.add({series: 1})
    for rule in (*from_forms(), *_within_rows(forms, vectors)):
        if all(series in vectors for series in rule.figures):
            span.add(coefficients_of(rule.total, rule.parts))
    learned = [constraint.rule for constraint in _learned(vectors)]
    yield from (rule for rule in learned if span.add(coefficients_of(rule.total, rule.parts)))


def _usual_vectors(forms: Sequence[Form]) -> Vectors:
    """Return for each figure how many records it counts on each synthetic row: a crime with people, or one of these."""
    generator = random.Random(2)
    found: dict[CountSeries, dict[Any, int]] = {series: {} for form in forms for series in _figures(form)}
    for number, row in enumerate(_rows(forms, True)):
        position = (number, (frozenset(), None))
        for counts in found.values():
            counts[position] = 0
        for unit in _units(row, generator) if forms[0].record in UNITS else ("",):
            record = _usual_record(dict(row), _waits(forms), unit)
            for form in forms:
                for series in _counted_in(form, record) if unit in UNITS.get(form.record, ("",)) else ():
                    found[series][position] += 1
    return found


def _units(row: Row, generator: random.Random) -> tuple[str, ...]:
    """Return the records of a row. A crime that is not counted has one victim; one that is outside also one suspect.

    A crime that is counted has any number of people, so its records are rows of their own.
    """
    if not row.get("in_base"):
        return ("crime", "victim", "suspect")
    if row.get("cancelled") or row.get("transferred"):
        return generator.choice((("crime", "victim"), ("suspect",)))
    return (generator.choice(("crime", "victim", "suspect")),)


def _usual_record(row: dict[str, Any], waits: Sequence[Wait], unit: str) -> Row:
    """Return the row of one record. The victims of counted crimes are not adults; the days of waits are on record."""
    if unit in ("victim", "suspect"):
        row["role"] = unit
    if row.get("in_base") and row.get("child_at_offence") is False:
        row["child_at_offence"] = True
    if "age_at_offence" in row and "child_at_offence" in row:
        row["age_at_offence"] = AGE[row["child_at_offence"]]
    for wait in waits:
        row |= {name: value for name, value in _compared(parse_condition(wait.known)) if value is True}
        row[wait.seen] = max(day for day in DAYS if day is not None)
        row |= {name: max(row[name], 0) for _, name in wait.endings if row[name] is not None}
    return row


def _usual_blocks() -> Iterator[str]:
    """Yield the blocks of the usual constraints; those between kinds of record do not hold in groups of people."""
    kind = {form.key: form.record for form in indicator_catalogue.forms()}
    same_rows = {name: kinds[0] for kinds in _kinds() for name in kinds}
    yield from _blocks([*_usually_elsewhere()], ["usually = true", "in_groups = false"])
    for rule in usually_from_forms():
        kinds = {same_rows[kind[key]] for series in rule.figures for _, key in series.fixed if key in kind}
        options = ["usually = true", *(["in_groups = false"] if len(kinds) > 1 else [])]
        yield from _blocks([rule], options)


def _elsewhere(form: Form) -> Iterator[Rule]:
    """Yield the rules between the figures of a form and other tables that count the same records."""
    if isinstance(form, Wait):
        yield from _reason_sums(form)
        yield from _wait_beside_indicator(form)
    if isinstance(form, Count) and form.record == COURSE_STEP:
        after, last = _after_steps(form), [*NEXT.values()].index(NO_NEXT_STEP)
        # A crime of the period has a day of recording, and each case has one last step.
        yield Rule(_cases_of(form), after[RECORDED])
        yield Rule(_cases_of(form), tuple(figures[last] for figures in after.values()))
    if isinstance(form, Indicator) and form.record in TABLES:
        yield Rule(
            _form_figure(form, "ladders.records"), (figure("return_contents.accepted", table_name=TABLES[form.record]),)
        )
    if isinstance(form, Count) and form.record == "crime":  # no linkage is needed to count crimes
        for key in form.definitions:
            for name in NUMBERS:
                distinct = figure(f"distinct_counts.{name}", counting_unit="crimes", definition=key)
                yield Rule(figure("counts_by_definition.records", count=form.key, definition=key), (distinct,))
            low, middle, high = (
                figure(f"distinct_counts_by_group.{name}", counting_unit="crimes", definition=key) for name in NUMBERS
            )
            yield from (Rule(middle, (low,)), Rule(middle, (high,)))


def _after_steps(form: Count) -> dict[str, tuple[CountSeries, ...]]:
    """Return for each step of the course the figures of what came next; together they count the cases with the step."""
    return {
        step.key: tuple(
            figure("counts_by_definition.records", count=form.key, definition=transition_key(place, step.key, words))
            for words in NEXT.values()
        )
        for place, step in enumerate(reference.course().all, start=1)
    }


def _cases_of(form: Count) -> CountSeries:
    """Return the figure of all cases of a count: what is not met of the indicator that asks for the rest."""
    indicators = (other for other in indicator_catalogue.indicators() if not other.excluding)
    return next(
        _form_figure(other, "ladders.not_met")
        for other in indicators
        if f"{other.population} and not {other.met}" == form.population
    )


def _wait_beside_indicator(form: Wait) -> Iterator[Rule]:
    """Yield the sum of all records of an indicator with the population of the wait: outside, or known to the wait."""
    kinds = next(kinds for kinds in _kinds() if form.record in kinds)
    indicators = (other for other in _forms_of(kinds) if isinstance(other, Indicator))
    indicator = next((other for other in indicators if other.population == form.population), None)
    if indicator is not None:
        parts = (_form_figure(form, f"wait_medians.{name}") for name in ("records", "excluded", "not_known"))
        yield Rule(_form_figure(indicator, "ladders.records"), (_form_figure(indicator, "ladders.outside"), *parts))


def _is_in(series: CountSeries, tables: Mapping[str, Sequence[str]] | None) -> bool:
    return series.table != "disparities" if tables is None else series.column in tables.get(series.table, ())


def _learned(vectors: Vectors) -> list[LearnedConstraint]:
    return sorted(constraints_between(vectors, MIN_ROWS), key=lambda constraint: len(constraint.rule.parts))


def _new(
    learned: Sequence[LearnedConstraint],
    known: Sequence[Rule],
    within_rows: Sequence[Rule],
    always_zero: Sequence[CountSeries],
) -> list[Rule]:
    """Return all new equalities, and the sums that do not follow from other rules.

    Equalities are returned even if they are implied, because a release may lack one of the figures between.
    `always_zero`: figures that are 0 on every row.
    """
    span = Span()
    for series in always_zero:
        span.add({series: 1})
    equalities = [constraint.rule for constraint in learned if len(constraint.rule.parts) == 1]
    for rule in (*known, *within_rows, *equalities):
        span.add(coefficients_of(rule.total, rule.parts))
    new_equalities = [rule for rule in equalities if rule not in known]
    sums = [constraint.rule for constraint in learned if len(constraint.rule.parts) > 1]
    return new_equalities + [rule for rule in sums if span.add(coefficients_of(rule.total, rule.parts))]


def _within_rows(forms: Sequence[Form], vectors: Vectors) -> list[Rule]:
    """Return the sums within a table that are declared with its columns."""
    found = []
    for form in forms:
        if isinstance(form, Indicator):
            found.append(
                Rule(
                    _form_figure(form, "ladders.records"),
                    tuple(_form_figure(form, f"ladders.{name}") for name in LADDER),
                )
            )
            found.append(
                Rule(
                    _form_figure(form, "force_estimates.base"),
                    (_form_figure(form, "ladders.met"), _form_figure(form, "ladders.not_met")),
                )
            )
            reasons = tuple(
                _form_figure(form, "excluded_records.records", plain_label(reason)) for reason in form.excluding
            )
            found += [Rule(_form_figure(form, "ladders.excluded"), reasons)] if reasons else []
        if isinstance(form, Wait):
            parts = tuple(
                _form_figure(form, f"wait_medians.{name}") for name in ("ended", "ended_otherwise", "still_waiting")
            )
            found.append(Rule(_form_figure(form, "wait_medians.records"), parts))
            found += _reason_sums(form)
    return [rule for rule in found if all(series in vectors for series in rule.figures)]


def _reason_sums(form: Wait) -> Iterator[Rule]:
    if form.excluding:
        parts = tuple(_form_figure(form, "excluded_records.records", plain_label(reason)) for reason in form.excluding)
        yield Rule(_form_figure(form, "wait_medians.excluded"), parts)


def _form_figure(form: Form, name: str, reason: str = "") -> CountSeries:
    return _figure_of(form.key, name, reason)


@cache
def _figure_of(form_key: str, name: str, reason: str) -> CountSeries:
    key = "wait" if name.startswith("wait_medians") else "indicator"
    return figure(name, **{key: form_key}, **({"reason": reason} if reason else {}))


def _vectors(forms: Sequence[Form], possible: bool) -> Vectors:
    """Return for each figure the synthetic rows that it counts. `possible`: only rows that facts can have."""
    figures = list(dict.fromkeys(series for form in forms for series in _figures(form)))
    found: dict[CountSeries, dict[Any, int]] = {series: dict.fromkeys(range(ROWS), 0) for series in figures}
    for number, row in enumerate(_rows(forms, possible)):
        for form in forms:
            if row.get("role", "suspect") == ROLE.get(form.record, row.get("role", "suspect")):
                for series in _counted_in(form, row):
                    found[series][number] = 1
    positions = [(number, (frozenset(), None)) for number in range(ROWS)]
    return {series: dict(zip(positions, counts.values(), strict=True)) for series, counts in found.items()}


def _figures(form: Form) -> Iterator[CountSeries]:
    match form:
        case Indicator():
            yield from (_form_figure(form, f"ladders.{name}") for name in ("records", *LADDER))
            yield from (_form_figure(form, "force_estimates.base"), _form_figure(form, "disparities.not_known"))
        case Wait():
            yield from (_form_figure(form, f"wait_medians.{name}") for name in GROUPED[0]["wait_medians"])
        case Count():
            for key in form.definitions:
                yield figure("counts_by_definition.records", count=form.key, definition=key)
                yield figure("counts_by_definition.not_known", count=form.key, definition=key)
    if isinstance(form, Indicator | Wait):
        yield from (_form_figure(form, "excluded_records.records", plain_label(reason)) for reason in form.excluding)


def _counted_in(form: Form, row: Row) -> Iterator[CountSeries]:
    match form:
        case Indicator():
            answer, reason = plain_answer(form, row)
            yield _form_figure(form, "ladders.records")
            yield _form_figure(form, f"ladders.{count_column(answer)}")
            if answer in ("met", "not met"):
                yield _form_figure(form, "force_estimates.base")
            if answer.startswith("not known"):
                yield _form_figure(form, "disparities.not_known")
        case Wait():
            answer, reason, _, ending = plain_wait(form, row)
            yield from _figures_of_wait(form, answer, ending)
        case Count():
            reason = ""
            for key, found in plain_count(form, row).items():
                if found is not False:
                    yield figure(
                        f"counts_by_definition.{'records' if found else 'not_known'}", count=form.key, definition=key
                    )
    if reason and answer == "left out":
        yield _form_figure(form, "excluded_records.records", plain_label(reason))


def _figures_of_wait(form: Wait, answer: str, ending: str) -> Iterator[CountSeries]:
    if answer == INCLUDED:
        yield _form_figure(form, "wait_medians.records")
        ended = {STILL_WAITING: "still_waiting", form.ends[0]: "ended"}
        yield _form_figure(form, f"wait_medians.{ended.get(ending, 'ended_otherwise')}")
    elif answer != "outside":
        yield _form_figure(form, "wait_medians.excluded" if answer == "left out" else "wait_medians.not_known")


def _rows(forms: Sequence[Form], possible: bool) -> Iterator[Row]:
    generator, values = random.Random(1), _values(forms)
    examples = [row for form in forms for row, _ in form.examples]  # type: ignore[attr-defined]
    for _ in range(ROWS):
        row = {name: generator.choice(column_values) for name, column_values in values.items()}
        if generator.random() < FROM_EXAMPLES:
            redrawn = generator.sample(list(values), min(3, len(values)))
            example = generator.choice(examples)
            row |= {name: value for name, value in example.items() if name in values and name not in redrawn}
        yield _possible(row) if possible else row


def _possible(row: dict[str, Any]) -> Row:
    """Return the row with values that facts can have together."""
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
    """Return for each column the values that a condition distinguishes, and None (missing)."""
    found: dict[str, set[Any]] = {name: set() for form in forms for name in columns_read(form)}
    for form in forms:
        for text in conditions(form).values():
            for name, value in _compared(parse_condition(text)):
                found[name].add(value)
    values: dict[str, list[Any]] = {
        name: [*sorted(column_values, key=repr), None] for name, column_values in found.items()
    }
    for form in forms:
        if isinstance(form, Wait):
            values |= {column: list(DAYS) for _, column in form.endings} | {form.seen: list(SEEN)}
    return values | ({"role": ["suspect", "victim"]} if "role" in values else {}) | {"when_reported": ["all"]}


def _compared(node: Node) -> Iterator[tuple[str, object]]:
    match node:
        case Column(name):
            yield from ((name, True), (name, False))
        case Compare(left, _, right):
            yield from (*_values_near(left, right), *_values_near(right, left))
        case IsIn(term, choices):
            yield from (value for choice in choices for value in _values_near(term, choice))
        case Not(inner):
            yield from _compared(inner)
        case BooleanOperation(_, parts):
            yield from (value for part in parts for value in _compared(part))


def _values_near(term: Term, other: Term) -> Iterator[tuple[str, object]]:
    """Yield the values of a column for which a comparison with another term can differ."""
    if isinstance(term, Column):
        value = other.value if isinstance(other, Literal) else 2
        values = (True, False) if isinstance(value, bool) else (value, OTHER_VALUE) if isinstance(value, str) else ()
        yield from ((term.name, neighbour) for neighbour in values or (value - 1, value, value + 1))  # type: ignore[operator]


def same_records() -> Iterator[list[str]]:
    """Yield groups of indicators that share the same base: the same records are neither outside nor excluded."""
    for kinds in _kinds():
        forms = tuple(form for form in _forms_of(kinds) if isinstance(form, Indicator))
        keys_by_base: dict[tuple[int, ...], list[str]] = {}
        vectors = _vectors(forms, True) if len(forms) > 1 else {}
        for form in forms if vectors else ():
            parts = [
                vectors[_form_figure(form, name)].values() for name in ("force_estimates.base", "disparities.not_known")
            ]
            keys_by_base.setdefault(tuple(map(sum, zip(*parts, strict=True))), []).append(form.key)
        yield from (keys for keys in keys_by_base.values() if len(keys) > 1)


def same_inside() -> list[list[str]]:
    """Return the keys of the duties that each child victim is owed once, and of the indicators of child victims."""
    families = {
        standard.family
        for standard in reference.standards()
        if standard.start_event in REPORTED_BY_VICTIM and standard.applies_to.startswith(ALL_VICTIMS)
    }
    return [
        [form.key for form in _forms_of((kind,)) if isinstance(form, Indicator) and form.population in populations]
        for kind, populations in (
            ("duty", [f"family = '{family}' and in_base and age_at_offence < 18" for family in families]),
            ("described", ["in_base and role = 'victim' and child_at_offence"]),
        )
    ]


def _blocks(rules: Sequence[Rule], options: Sequence[str] = ()) -> Iterator[str]:
    for equal in equal_figures([rule for rule in rules if len(rule.parts) == 1]):
        yield "\n".join(["[[equal]]", *options, "figures = [", *(f"  {_inline(series)}," for series in equal), "]", ""])
    for rule in rules:
        if len(rule.parts) > 1:
            parts = [f"  {_inline(series)}," for series in rule.parts]
            yield "\n".join(["[[sum]]", *options, f"total = {_inline(rule.total)}", "parts = [", *parts, "]", ""])


def _same_blocks() -> Iterator[str]:
    for keys in same_records():
        yield "\n".join(["[[same_records]]", "indicators = [", *(f'  "{key}",' for key in keys), "]", ""])
    kinds = (", ".join(f'"{key}"' for key in keys) for keys in same_inside())
    yield "\n".join(["[[same_inside]]", "kinds = [", *(f"  [{keys}]," for keys in kinds), "]", ""])


def _inline(series: CountSeries) -> str:
    """Return a figure as an inline table of TOML."""
    fixed = "".join(f', {name} = "{value}"' for name, value in series.fixed)
    return f'{{ figure = "{series.table}.{series.column}"{fixed} }}'


def exact_counts(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the exact counts of an inspection, by table."""
    return {file.stem: pq.read_table(file).to_pylist() for file in sorted((folder / EXACT).glob("*.parquet"))}


if __name__ == "__main__":
    if folders := [Path(argument) for argument in sys.argv[1:]]:
        sentences = describe_undeclared([exact_counts(folder) for folder in folders], declared_tables())
        sys.stdout.write("".join(f"{sentence}\n" for sentence in sentences))
    else:
        FILE.write_text(with_first_part(FILE.read_text(encoding="utf-8")), encoding="utf-8")
