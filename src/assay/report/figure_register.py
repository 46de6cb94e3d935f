"""Register of every printed figure with its value, unit, base, interval and release rule.

One file, `figures/figures.json`, holds every figure of every released table under its own id, as printed; the sentences
in which figures were released; and the few numbers that pages derive from released rows. A number on a page that is in
none of them, and is not marked as no figure (`number_markup`), is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from assay.report.number_words import MINUS, decimal, percent, probability_percent, whole, whole_percent
from assay.report.quotable_figures import row_key
from assay.report.report_tables import Row
from assay.sdc import Column, Released, Table, declared_tables
from assay.sdc.release_tables import EXACT

NUMBER = re.compile(rf"(?<![\w.,/])[{MINUS}+-]?\d+(?:,\d{{3}})*(?:\.\d+)?%?")
"""Matches a number in a text, with its per cent sign."""
SUBJECTS = ("indicator", "measure", "wait", "count", "characteristic", "recommendation", "failure_mode")
PLACES = ("place_code", "area_code")
PERIODS = ("financial_year", "quarter", "period", "year", "month", "window_from", "when_reported", "latest_to")
PLACE_TABLES = ("findings", "voices_quoted")
POSSIBLE_SHARE_UNITS = ("share", "see unit", "the unit of the measure")
AS_RELEASED = "as released"
DERIVED_FROM_ROUNDED = "worked out from rounded counts"


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
        return f"1 to {policy.hide_up_to} hidden, all others rounded to {policy.round_to}"
    method = (
        "estimated from exact counts and rounded as its column declares"
        if column.counts == EXACT
        else DERIVED_FROM_ROUNDED
    )
    return f"{method}, on a base of {policy.fewest_for_share} or more"


def _first(names: Iterable[str], row: Row) -> str:
    return next((str(row[name]) for name in names if row.get(name) not in (None, "")), "")


def _period(row: Row) -> str:
    return " ".join(str(row[name]) for name in PERIODS if row.get(name) not in (None, ""))


def _base(form: Table, column: Column, row: Row) -> Any:
    if column.over:
        counts = [row.get(name) for name in column.over]
        return None if None in counts else sum(counts)
    return row.get("base") if column.name != "base" and column.kind in ("share", "number") else None


def _figure_context(row: Row) -> dict[str, str]:
    context = {"indicator": _first(SUBJECTS, row), "force": _first(PLACES, row), "period": _period(row)}
    return {name: text for name, text in context.items() if text}


def figures(released: Released) -> Iterator[dict[str, Any]]:
    """Yield every figure of every released table; empty cells are omitted."""
    for name in released.tables:
        form = declared_tables()[name]
        columns = [column for column in form.columns if not column.is_text and column.kind != "flag"]
        rules = {column.name: _release_rule(column, released) for column in columns}
        for row in released.iter_rows(name) if columns else ():
            context, key = _figure_context(row), f"{name}/{row_key(name, row)}"
            for column in columns:
                if row[column.name] is not None:
                    yield _figure(form, column, row, key, rules[column.name]) | context


def _figure(form: Table, column: Column, row: Row, key: str, rule: str) -> dict[str, Any]:
    value = row[column.name]
    figure: dict[str, Any] = {
        "id": f"{key}#{column.name}", "value": value, "printed": printed_forms(value, column), "unit": column.unit,
    }  # fmt: skip
    base = _base(form, column, row)
    if base is not None:
        figure["base"] = base
    stem = column.name.removesuffix("_days")
    ends = [row.get(f"{stem}_low", row.get("low")), row.get(f"{stem}_high", row.get("high"))]
    if None not in ends and not column.name.endswith(("low", "high")) and column.kind in ("share", "number"):
        figure["interval"] = ends
    return figure | {"rule": rule}


def sentences(released: Released) -> Iterator[dict[str, Any]]:
    """Yield every released sentence that holds a figure of one place; sentences that are the same for all places are
    method."""
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
    """Yield the figure register as JSON, part by part, because the whole text can take hundreds of megabytes.

    It holds edition and policy, then figures, sentences, and derived numbers. `derived`: the path of the page, the
    method, and the number as printed.
    """
    head = {
        "edition": released.edition,
        "policy": released.policy.name,
        "seal": released.ledger_head,
        "about": "Every figure of the report. id: table, key of the row, and column. A missing value has no figure.",
    }
    derived_figures = (
        {"id": f"{method}/{page}/{text}", "printed": [text], "page": page} for page, method, text in sorted(derived)
    )
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield from _list_parts("figures", figures(released))
    yield from _list_parts("sentences", sentences(released))
    yield from _list_parts("worked_out", derived_figures)
    yield "\n}\n"


def _list_parts(name: str, items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a list with its name as JSON, one item a line."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    yield f',\n"{name}": [\n'
    separator = ""
    for item in items:
        yield f"{separator}{encode(item)}"
        separator = ",\n"
    yield "\n]"
