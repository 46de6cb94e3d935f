"""Write the data-quality letter about the return of a force: what was accepted, and what to correct first.

A letter is only for the force whose records it concerns. It names tables, files, lines, columns and rules, but not the
content of cells. The only exception are words of coded columns that no list contains and that occur in five rows or
more, so that they can be mapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.csv as pc
from jinja2 import Environment, PackageLoader, StrictUndefined

from assay import contract
from assay.contract.validation_rules import EFFECTS, rules
from assay.engine import TableStore
from assay.engine.safe_files.spreadsheet_cells import guard_table
from assay.feedback import letter_sentences
from assay.feedback.scan_summary import NO_FINDING, ScanSummary
from assay.ingest.column_completeness import REASON_SUFFIX
from assay.ingest.reference_checks import INAPPLICABLE_COLUMNS
from assay.ingest.return_manifest import ReturnManifest
from assay.ingest.sql_literals import sql_string, sql_table
from assay.reference import signs
from assay.wording import count_phrase

# Completeness of columns for the data-quality letter.

UNEXPLAINED = ("", "not known")
PARTIAL_COLUMN_NOTE = "for some rows only"
PARTIAL_COLUMNS = frozenset(
    {
        *((table, column) for table, column, _ in INAPPLICABLE_COLUMNS),
        *(("events", name) for name in ("crime_ref", "person_ref", "missing_ref", "exhibit_ref", "detail")),
        ("events", "about_event_ref"), ("crimes", "received_from_force"), ("crimes", "other_force_crime_ref"),
        ("flags", "removed_by_role"), ("registers", "reason_ended"), ("claims", "about_key"),
    }
)  # fmt: skip
"""Columns that the contract asks for on some rows of a table and not on others (R31, R32, R36, R38), or
that go with another column."""


class ColumnGaps(NamedTuple):
    """A column with empty cells: percentage filled, overall and by month, and the number empty with a stated reason.

    `empty_note` says why an empty cell is not a gap; '' if it is one.
    """

    column: str
    percent: int | None
    with_reason: int
    monthly_percents: list[int | None]
    empty_note: str


@dataclass(frozen=True)
class TableCompleteness:
    """The completeness of the columns of one table.

    `lowest` is the column with the lowest share of filled cells, with that percentage; None if no column has gaps.
    """

    table: str
    months: list[str]
    lowest: tuple[str, int] | None
    full: list[str]
    rows: list[ColumnGaps]


def completeness_tables(rows: pa.Table, order: Mapping[str, int]) -> list[TableCompleteness]:
    """Return, for each table, the columns with gaps (with the percentage filled by month) and the full columns.

    Columns in which an empty cell is no gap come last, with a note.
    """
    by_table: dict[str, list[dict[str, Any]]] = {}
    for row in rows.to_pylist():
        by_table.setdefault(row["table_name"], []).append(row)
    return [
        _completeness_table(table, by_table[table]) for table in sorted(by_table, key=lambda name: order.get(name, 99))
    ]


def _completeness_table(table: str, rows: Sequence[dict[str, Any]]) -> TableCompleteness:
    months = sorted({row["month"] for row in rows if row["month"]})
    undated = [""] if months and any(not row["month"] for row in rows) else []
    cells = {(row["column_name"], row["month"]): row for row in rows}
    totals = {column: _column_totals(rows, column) for column in dict.fromkeys(row["column_name"] for row in rows)}
    gaps = [column for column in totals if totals[column]["filled"] < totals[column]["rows"]]
    gaps.sort(key=lambda column: (bool(empty_cell_note(table, column)), _filled_percent(totals[column]) or 0))
    lowest = next(
        ((column, _filled_percent(totals[column]) or 0) for column in gaps if not empty_cell_note(table, column)), None
    )
    return TableCompleteness(
        table=table,
        months=months + (["no date"] if undated else []),
        lowest=lowest,
        full=[column for column in totals if column not in gaps],
        rows=[
            ColumnGaps(
                column,
                _filled_percent(totals[column]),
                totals[column]["with_reason"],
                [_filled_percent(cells.get((column, month))) for month in months + undated],
                empty_cell_note(table, column),
            )
            for column in gaps
        ],
    )


def empty_cell_note(table: str, column: str) -> str:
    """Return why an empty cell of a column is not a gap: not happened yet, or not applicable to the row."""
    empty_meaning = contract.table(table).column(column).empty_means
    if empty_meaning not in UNEXPLAINED:
        return f"empty: {empty_meaning}"
    return PARTIAL_COLUMN_NOTE if (table, column) in PARTIAL_COLUMNS or column.endswith(REASON_SUFFIX) else ""


def _column_totals(rows: Sequence[dict[str, Any]], column: str) -> dict[str, Any]:
    column_rows = [row for row in rows if row["column_name"] == column]
    return {name: sum(row[name] or 0 for row in column_rows) for name in ("rows", "filled", "with_reason")}


def _filled_percent(cell: Mapping[str, Any] | None) -> int | None:
    """Return the percentage of filled cells; 100 only if all are filled, and 0 only if none is."""
    if not cell or not cell["rows"]:
        return None
    share = 100 * cell["filled"] / cell["rows"]
    return 100 if share == 100 else 0 if share == 0 else min(99, max(1, round(share)))


CSV_COLUMNS = ("force", "table", "file", "line", "column", "rule", "what happened", "what to do")
FIRST_LINES = 10
N_PRIORITIES = 3
ErrorCounts = Mapping[tuple[str, str], int]


class LetterSource(Protocol):
    """Interface of an accepted return, with the parts that a data-quality letter needs."""

    @property
    def manifest(self) -> ReturnManifest:
        """The return manifest as it was read."""

    @property
    def tables(self) -> Mapping[str, pa.Table]:
        """The tables of the return that the letter uses, by name."""


@dataclass(frozen=True)
class Letter:
    """A letter to one sender. `lines` has one row for each validation error; `page` is the template context."""

    force_code: str
    edition: int
    lines: pa.Table
    page: Mapping[str, Any]

    @property
    def error_counts(self) -> ErrorCounts:
        """The number of validation errors by rule and table."""
        return count_errors(self.lines)

    def html(self) -> str:
        """Return the letter as one self-contained page."""
        return str(letter_templates().get_template("letter.html").render(self.page))

    def csv(self) -> str:
        """Return the validation errors as CSV, one on each line."""
        sink = pa.BufferOutputStream()
        pc.write_csv(guard_table(self.lines), sink)
        return str(sink.getvalue().to_pybytes(), "utf-8")


def write_letter(received: LetterSource, previous: Letter | Path | None = None, *, name: str = "") -> Letter:
    """Write the letter about a return; `previous` is the last letter or the path of its letter.csv."""
    with TableStore() as store:
        store.table("sent_errors", received.tables["faults"])
        store.table("sent_aside", received.tables["aside"])
        store.create_table("distinct_errors", _errors_sql())
        lines = store.run(_letter_lines_sql(received.manifest.force_code))
        groups = store.run(_error_groups_sql()).to_pylist()
    previous_counts = None if previous is None else previous_error_counts(previous)
    page = _page_context(received, groups, name) | {
        "changes": letter_sentences.compare_counts(previous_counts, count_errors(lines))
    }
    return Letter(received.manifest.force_code, received.manifest.edition, lines, page)


def count_errors(lines: pa.Table) -> ErrorCounts:
    """Return the number of validation errors by rule and table from the lines of a letter."""
    rows = lines.select(["rule", "table"]).group_by(["rule", "table"]).aggregate([([], "count_all")]).to_pylist()
    return {(row["rule"], row["table"]): row["count_all"] for row in rows}


def previous_error_counts(previous: Letter | Path) -> ErrorCounts:
    """Return the error counts of a previous letter or of its CSV file."""
    if isinstance(previous, Letter):
        return previous.error_counts
    text = pc.ConvertOptions(column_types={name: pa.string() for name in CSV_COLUMNS}, strings_can_be_null=False)
    options = pc.ParseOptions(newlines_in_values=True)
    return count_errors(pc.read_csv(previous, convert_options=text, parse_options=options))


def _errors_sql() -> str:
    """Return SQL for each distinct validation error with its effect on the row."""
    effects = [(rule.key, rule.effect) for rule in rules().values()]
    return (
        "select distinct f.table_name, f.file, f.line, f.column_name, f.rule, case "
        "when a.line is not null and (a.rule = f.rule or r.effect = 'row') then 'row' "
        "when f.line is null and r.effect = 'row' then 'kept' else r.effect end as effect "
        f"from sent_errors as f join {sql_table(effects, 'r', ('rule', 'effect'))} on f.rule = r.rule "
        "left join (select distinct table_name, file, line, rule from sent_aside) as a "
        "on f.table_name = a.table_name and f.file = a.file and f.line = a.line"
    )


def _letter_lines_sql(force_code: str) -> str:
    """Return the SQL of the rows of letter.csv, ordered by table, line and rule in the order of columns."""
    corrections = [
        (rule.key, table, rule.correction_for(table)) for rule in rules().values() for table in contract.tables()
    ]
    corrections_sql = sql_table(corrections, "m", ("rule", "of_table", "correction"))
    effects_sql = sql_table(EFFECTS.items(), "e", ("effect", "happened"))
    return (
        f'select {sql_string(force_code)} as "force", table_name as "table", file, line, column_name as "column", '
        't.rule as rule, happened as "what happened", correction as "what to do" '
        f"from distinct_errors as t join {corrections_sql} on t.rule = m.rule and t.table_name = m.of_table "
        f"join {effects_sql} on t.effect = e.effect"
    )


def _error_groups_sql() -> str:
    return (
        "select rule, effect, table_name, column_name, file, count(line) as lines, "
        f"min(line, {FIRST_LINES}) as first_lines from distinct_errors "
        "group by rule, effect, table_name, column_name, file"
    )


def _page_context(received: LetterSource, groups: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    tables, manifest = received.tables, received.manifest
    order = {table: position for position, table in enumerate(contract.tables())}
    scan = ScanSummary(tables["scanned"], tables["signs"]) if "scanned" in tables else None
    receipts = letter_sentences.table_receipts(manifest, tables["counted"].to_pylist(), tables["covers"].to_pylist())
    errors = [letter_sentences.error_group(group) for group in groups]
    errors.sort(
        key=lambda item: (
            letter_sentences.EFFECT_RANK[item.effect],
            item.rule.key,
            order.get(item.table, 99),
            item.column,
            item.file,
        )
    )
    return {
        "cover": manifest,
        "name": name or manifest.force_code,
        "summary": letter_sentences.receipt_summary(receipts),
        "came": [item for item in receipts if item.is_present],
        "absent": letter_sentences.absent_tables(receipts),
        "not_asked": letter_sentences.unrequested_tables(receipts),
        "first": letter_sentences.correction_priorities(errors, N_PRIORITIES),
        "sections": letter_sentences.error_sections(errors),
        "incomplete": sum(row is None for row in tables["incomplete"]["record_ref"].to_pylist()),
        "completeness": completeness_tables(tables["completeness"], order),
        "unmapped": letter_sentences.unmapped_words(tables["unmapped"].to_pylist()) if "unmapped" in tables else [],
        "scan": scan,
        "to_read": scan.priority_lines(tables["summaries"]) if scan and scan.priority_crimes else [],
        "no_finding": NO_FINDING,
        "signs": signs(),
        "remarks": [*manifest.remarks, *getattr(received, "remarks", ())],
        "first_lines": FIRST_LINES,
        "spec_version": contract.SPEC_VERSION,
    }


@lru_cache
def letter_templates() -> Environment:
    """Return the Jinja template environment of all data-quality letters.

    StrictUndefined: a missing name raises an error instead of leaving a gap in the letter.
    """
    environment = Environment(
        loader=PackageLoader("assay.feedback", "letters"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["number"] = lambda value: f"{value:,}"
    words = letter_sentences
    for function in (
        words.outcome,
        words.changed,
        words.total,
        words.rule_text,
        words.sentence,
        words.period,
        words.with_document,
    ):
        environment.globals[function.__name__] = function
    environment.globals["plural"] = count_phrase
    return environment
