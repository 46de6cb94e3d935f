"""Register of every printed figure with its value, unit, base, interval and disclosure rule.

One file, `figures/figures.json`, holds every figure of every released table under its own id, as printed; the sentences
in which figures were released; and the few numbers that pages derive from released rows. A number on a page that is in
none of them, and is not marked as no figure (`number_markup`), is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from assay.report.number_words import MINUS, decimal, percent, probability_percent, whole, whole_percent
from assay.report.quotable_figures import key_text, row_key
from assay.report.report_tables import BATCH_ROWS, Row, column_rows
from assay.sdc import Column, Released, Table, declared_tables
from assay.sdc.release_tables import EXACT

NUMBER = re.compile(rf"(?<![\w.,/])[{MINUS}+-]?\d+(?:,\d{{3}})*(?:\.\d+)?%?")
"""Matches a number in a text, with its per cent sign."""
SUBJECTS = ("indicator", "measure", "wait", "count", "characteristic", "recommendation", "failure_mode")
PLACES = ("place_code", "area_code")
PERIODS = ("financial_year", "quarter", "period", "year", "month", "window_from", "when_reported", "latest_to")
CONTEXT = ("indicator", "force", "period")
"""What a row of the register is about, where it says so."""
PLACE_TABLES = ("findings", "published_quotations")
POSSIBLE_SHARE_UNITS = ("share", "see unit", "the unit of the measure")
FORMAT = 2
"""Format 1 listed every figure with its unit and rule."""
EXPLANATION = (
    "Every figure of the report, by table. `columns` holds the unit of each column, the rule of its release, the "
    "columns that add up to its base and those with the ends of its interval. A figure is its value, then the forms in "
    "which it is printed. Its id: table, slash, row, number sign, column. A missing value has no figure."
)
AS_RELEASED = "as released"
DERIVED_FROM_ROUNDED = "worked out from rounded counts"


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
PER_HUNDRED = re.compile(r"(\d+(?:\.\d+)?)(?: (?:and|to) (\d+(?:\.\d+)?))? in 100\b")
POINTS = re.compile(
    rf"([{MINUS}+-]?\d+(?:\.\d+)?) (?:percentage )?points\b(?: \(([{MINUS}-]?\d+) to ([{MINUS}-]?\d+)\))?"
)
"""Matches numbers with their unit in words: '54 and 61 in 100', '+30 points (20 to 40)'."""


def numbers_in(text: str) -> list[str]:
    """Return the numbers in a text, each with its unit and without its sign: ['1,345', '7.9%', '8 in 100', '30
    points']."""
    found: list[str] = []
    for pattern, unit in ((PER_HUNDRED, " in 100"), (POINTS, " points")):
        found += [f"{number}{unit}" for match in pattern.finditer(text) for number in match.groups() if number]
        text = pattern.sub(" ", text)
    return [number.lstrip(f"{MINUS}+-") for number in (*found, *NUMBER.findall(text))]


def printed_forms(value: Any, column: Column) -> list[str]:
    """Return the forms in which the report prints a value of this column, the usual form first."""
    if column.kind == "share" and column.unit.endswith("whole per cent"):
        forms = [whole_percent(value)]
    elif column.kind == "share":
        forms = [percent(value), whole_percent(value)]
        forms += [probability_percent(value)] if column.name.startswith("probability") else []
        # A small lower limit is rounded to zero in an interval, where it is not said as "under".
        forms += [f"{100 * value:.{places}f}%" for places in (1, 0)] if value > 0 and "low" in column.name else []
        forms += [f"{round(100 * value)} points"] if column.unit == "share" else []
    elif column.kind == "number" and not float(value).is_integer():
        forms = [decimal(value), whole(value), decimal(value, 2)]
    elif column.kind == "number":
        forms = [whole(value), decimal(value), decimal(value, 2)]
    elif column.kind == "whole":
        forms = [str(value)] if value >= 1000 else [whole(value)]
    else:
        forms = [whole(value)]
    if column.kind == "number" and (column.unit.startswith("proportion") or column.unit in POSSIBLE_SHARE_UNITS):
        percentage = abs(100 * value)
        forms += [f"{percentage:.0f}%", percent(abs(value)), f"{percentage:.0f} points", f"{percentage:.1f} points"]
    return list(dict.fromkeys(forms))


def _release_rule(column: Column, released: Released) -> str:
    """Describe the release rule that applies to the figures of this column."""
    policy = released.policy
    if not column.protect or not policy.protects:
        return AS_RELEASED
    if column.kind == "count":
        return f"1 to {policy.suppression_threshold} suppressed, all others rounded to {policy.rounding_base}"
    method = (
        "estimated from exact counts and rounded as its column declares"
        if column.count_source == EXACT
        else DERIVED_FROM_ROUNDED
    )
    return f"{method}, on a base of {policy.minimum_base} or more"


def _first(names: Iterable[str], row: Row) -> str:
    return next((str(row[name]) for name in names if row.get(name) not in (None, "")), "")


def _period(row: Row) -> str:
    return " ".join(str(row[name]) for name in PERIODS if row.get(name) not in (None, ""))


def _figure_context(row: Row) -> dict[str, str]:
    texts = (_first(SUBJECTS, row), _first(PLACES, row), _period(row))
    return {name: text for name, text in zip(CONTEXT, texts, strict=True) if text}


def figure_tables(released: Released) -> Iterator[tuple[str, dict[str, Any], Iterator[str]]]:
    """Yield every released table with figures: its name, properties of each column (such as the unit), and its rows as
    JSON.

    Unit, rule, base and interval are the same in every row, so they are written once per column: a report has hundreds
    of thousands of figures. A row holds its key, what it is about, and each figure as the value and its printed forms;
    an empty cell is omitted.
    """
    for name in released.tables:
        form = declared_tables()[name]
        columns = [column for column in form.columns if not column.is_text and column.kind != "flag"]
        if columns:
            yield (
                name,
                {column.name: _column_facts(form, column, released) for column in columns},
                _row_texts(released.tables[name], name, columns),
            )


def _column_facts(form: Table, column: Column, released: Released) -> dict[str, Any]:
    facts: dict[str, Any] = {"unit": column.unit, "rule": _release_rule(column, released)}
    if base := _base_columns(form, column):
        facts["base"] = base
    if interval := _interval_columns(form, column):
        facts["interval"] = interval
    return facts


def _base_columns(form: Table, column: Column) -> list[str]:
    """Return the columns whose sum is the base of a figure; none if it has no base."""
    if column.base_counts:
        return list(column.base_counts)
    has_base = column.name != "base" and column.kind in ("share", "number") and "base" in _names(form)
    return ["base"] if has_base else []


def _interval_columns(form: Table, column: Column) -> list[str]:
    """Return the columns with the lower and upper end of the interval of a figure; none if it has no interval."""
    if column.name.endswith(("low", "high")) or column.kind not in ("share", "number"):
        return []
    stem, names = column.name.removesuffix("_days"), _names(form)
    ends = [f"{stem}_{end}" if f"{stem}_{end}" in names else end for end in ("low", "high")]
    return ends if set(ends) <= names else []


def _names(form: Table) -> set[str]:
    return {column.name for column in form.columns}


def _row_texts(table: pa.Table, name: str, columns: Sequence[Column]) -> Iterator[str]:
    """Yield each row with a figure as JSON.

    Rows are put together column by column, and equal values of a column are formatted once: as a dictionary for each
    row, the figures took a seventh of the processor time of a report.
    """
    cell_texts = [(column.name, _CellTexts(column)) for column in columns]
    context_columns = [column for column in (*SUBJECTS, *PLACES, *PERIODS) if column in table.column_names]
    contexts: dict[tuple[Any, ...], str] = {}
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        cells = [[texts.text(value) for value in batch[column].to_pylist()] for column, texts in cell_texts]
        keys = column_rows(batch, declared_tables()[name].key)
        for key, context, figure_texts in zip(
            keys, column_rows(batch, context_columns), zip(*cells, strict=True), strict=True
        ):
            if figures_text := ",".join(filter(None, figure_texts)):
                if context not in contexts:
                    texts = _figure_context(dict(zip(context_columns, context, strict=True)))
                    contexts[context] = "".join(f',"{part}":{_compact(text)}' for part, text in texts.items())
                yield f'{{"row":{_compact(key_text(key))}{contexts[context]},"figures":{{{figures_text}}}}}'


@dataclass(frozen=True)
class _CellTexts:
    """The figures of one column as JSON, each formatted once: `"base":[1345,"1,345"]`."""

    column: Column
    _cache: dict[Any, str] = field(default_factory=dict)

    def text(self, value: Any) -> str:
        """Return the JSON of a figure; '' for an empty cell."""
        if value is None:
            return ""
        key = value or repr(value)  # 0.0 and -0.0 are equal, but are not written alike
        if key not in self._cache:
            figure = _compact([value, *printed_forms(value, self.column)])
            self._cache[key] = f"{_compact(self.column.name)}:{figure}"
        return self._cache[key]


def figures(released: Released) -> Iterator[dict[str, Any]]:
    """Yield every figure of every released table, one at a time."""
    for name, columns, rows in figure_tables(released):
        yield from _single_figures(name, columns, map(json.loads, rows))


def register_figures(register: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every figure of a register, one at a time: id, value, printed forms, unit, base, interval, rule and
    subject.

    Registers of earlier releases list the figures singly, under `figures`; they are read too, because a report that is
    issued again is compared with the release before it.
    """
    if "tables" not in register:
        yield from register["figures"]
        return
    for name, table in register["tables"].items():
        yield from _single_figures(name, table["columns"], table["rows"])


def _single_figures(
    name: str, columns: Mapping[str, Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        cells = row["figures"]
        values = {column: cell[0] for column, cell in cells.items()}
        context = {key: row[key] for key in CONTEXT if key in row}
        for column, (value, *printed) in cells.items():
            facts = columns[column]
            figure = {"id": f"{name}/{row['row']}#{column}", "value": value, "printed": printed, "unit": facts["unit"]}
            base = [values.get(part) for part in facts.get("base", ())]
            if base and None not in base:
                figure["base"] = sum(base)
            ends = [values.get(end) for end in facts.get("interval", ())]
            if ends and None not in ends:
                figure["interval"] = ends
            yield figure | {"rule": facts["rule"]} | context


def sentences(released: Released) -> Iterator[dict[str, Any]]:
    """Yield every released sentence with a number in a table by place; sentences in other tables are about method."""
    for name in released.tables:
        form = declared_tables()[name]
        sentence_columns = [column.name for column in form.columns if column.kind == "sentence"]
        if not sentence_columns or not ("place_code" in released.tables[name].column_names or name in PLACE_TABLES):
            continue
        for row in released.iter_rows(name):
            for column in sentence_columns:
                if row[column] and NUMBER.search(row[column]):
                    context = _figure_context(row) | {"rule": AS_RELEASED}
                    yield {"id": f"{name}/{row_key(name, row)}#{column}", "says": row[column], **context}


def register_parts(released: Released, derived: Collection[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the figure register as JSON in pieces, because the whole text can take hundreds of megabytes.

    It holds edition and policy, then figures by table, sentences, and derived numbers. `derived`: the path of the page,
    the method, and the number as printed.
    """
    head = {
        "format": FORMAT,
        "edition": released.edition,
        "policy": released.policy.name,
        "seal": released.ledger_head,
        "about": EXPLANATION,
    }
    derived_figures = (
        {"id": f"{method}/{page}/{text}", "printed": [text], "page": page} for page, method, text in sorted(derived)
    )
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield from _table_parts(released)
    yield from _list_parts("sentences", sentences(released))
    yield from _list_parts("worked_out", derived_figures)
    yield "\n}\n"


def _table_parts(released: Released) -> Iterator[str]:
    """Yield the tables of figures as JSON, one row per line."""
    yield ',\n"tables": {'
    separator = "\n"
    for name, columns, rows in figure_tables(released):
        yield f'{separator}"{name}": {{"columns": {_compact(columns)}, "rows": [\n'
        yield from _lines(rows)
        yield "\n]}"
        separator = ",\n"
    yield "\n}"


def _list_parts(name: str, items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a list with its name as JSON, one item a line."""
    yield f',\n"{name}": [\n'
    yield from _lines(map(_compact, items))
    yield "\n]"


def _lines(texts: Iterable[str]) -> Iterator[str]:
    separator = ""
    for text in texts:
        yield f"{separator}{text}"
        separator = ",\n"
