"""Write the data-quality letter to a sender other than a force.

The letter names tables, lines, columns and rules, but not the content of cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from assay.engine.safe_files.spreadsheet_cells import csv_text
from assay.ingest.other_senders.other_table_spec import EFFECTS, ORGANISATION, PLACE, list_values, meaning, rules
from assay.wording import count_phrase

if TYPE_CHECKING:
    from assay.contract import Column
    from assay.contract.validation_rules import Rule
    from assay.ingest.other_senders.other_table_reader import SenderSubmission
    from assay.ingest.validation_errors import ValidationError

CSV_COLUMNS = ("sender", "table", "line", "column", "rule", "what happened", "what to do")
FIRST_LINES = 10


def sender_letter_csv(submission: SenderSubmission) -> str:
    """Return the validation errors as CSV, one on each line."""
    rows = (
        (
            submission.manifest.sender,
            error.table,
            error.line or "",
            error.column,
            error.rule,
            EFFECTS[_effect(submission, error)],
            error.correction or rules()[error.rule].correction,
        )
        for error in submission.errors
    )
    return csv_text(CSV_COLUMNS, rows)


def sender_letter_html(submission: SenderSubmission, name: str = "") -> str:
    """Return the letter as one page; `name` is the sender's name if it is in the request."""
    return str(_templates().get_template("other.html").render(_page_context(submission, name)))


def _effect(submission: SenderSubmission, error: ValidationError) -> str:
    """Return the effect of an error: an invalid required value sets its row aside."""
    effect = rules()[error.rule].effect
    is_row_set_aside = submission.set_aside_lines.get(error.table, {}).get(error.line) == error.rule
    return "row" if effect == "value" and is_row_set_aside else effect


def _page_context(submission: SenderSubmission, name: str) -> dict[str, Any]:
    table_names = [item for item in submission.table_specs if item in submission.records]
    table_counts = [(item, submission.records[item], len(submission.rows.get(item, ()))) for item in table_names]
    return {
        "cover": submission.manifest,
        "name": name or submission.manifest.sender,
        "kind": meaning("sender_kind", submission.manifest.sender_kind),
        "came": table_counts,
        "refused": sorted({item.table for item in submission.errors if item.line == 0}),
        "errors": list(_error_groups(submission)),
        "strangers": count_phrase(len(submission.unknown_files), "other file") if submission.unknown_files else "",
    }


class SenderErrorGroup(NamedTuple):
    """Validation errors of one rule in one column of a table, as they appear in the letter.

    `allowed` lists the allowed values of the column; '' if the letter does not print them.
    """

    rule: Rule
    where: str
    lines: str
    happened: str
    correction: str
    allowed: str


def _error_groups(submission: SenderSubmission) -> Iterator[SenderErrorGroup]:
    groups: dict[tuple[str, str, str, str, str], list[int]] = defaultdict(list)
    for item in submission.errors:
        groups[item.rule, item.table, item.column, _effect(submission, item), item.correction].append(item.line)
    for (rule, table, column, effect, correction), lines in groups.items():
        numbered_lines = [line for line in lines if line]
        lines_text = ", ".join(map(str, numbered_lines[:FIRST_LINES]))
        more = f" and {len(numbered_lines) - FIRST_LINES} more" if len(numbered_lines) > FIRST_LINES else ""
        column_spec = next((item for item in submission.table_specs[table].columns if item.name == column), None)
        yield SenderErrorGroup(
            rule=rules()[rule],
            where=f"{table}.csv" + (f", {column}" if column else ""),
            lines=f"{'line' if len(numbered_lines) == 1 else 'lines'} {lines_text}{more}"
            if numbered_lines
            else "the whole table",
            happened=EFFECTS[effect],
            correction=correction or rules()[rule].correction,
            allowed=_allowed_values_text(column_spec) if rule == "V09" and column_spec else "",
        )


def _allowed_values_text(column: Column) -> str:
    """Return the allowed values of a column as text."""
    words = {
        "int": "whole numbers"
        + ("" if column.minimum is None else f" from {column.minimum} up")
        + ("" if column.maximum is None else f", at most {column.maximum}"),
        "date": "days as 2026-04-01",
        "ref": "1 to 64 printable characters",
        "text": f"text of at most {column.maximum} characters" if column.maximum else "text",
    }
    if column.kind != "code":
        return words[column.kind]
    if column.values in (PLACE, ORGANISATION):
        return "the code of a force in the request" + (", or ALL" if column.values == PLACE else "")
    return ", ".join(list_values(column.values))


@lru_cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("assay.feedback", "letters"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
