"""List the columns of the return, the code that reads each, and the purpose of each requested column."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assay import contract, reference
from assay.contract import Column, Table
from assay.contract.validation_rules import rules
from assay.engine.column_lineage import SourceColumn
from assay.grading import claim_comparison
from assay.indicators.catalogue.scale.hidden.list_overlap import READ as OVERLAP_COLUMNS
from assay.indicators.catalogue.scale.scale_columns import READ as SCALE_COLUMNS
from assay.indicators.indicator_catalogue import forms
from assay.ingest import summary_scan
from assay.ingest.column_completeness import REASON_SUFFIX
from assay.wording import count_phrase
from assay.workflows.reading.text_scan import NOTE_COLUMNS
from assay.workflows.request.fact_columns import LINKAGE, Found, fact_readers, facts_of_form, linkage_readers
from assay.workflows.request.rule_columns import ColumnLook, column_looks

# List the readers of each column of the data return: facts, linkage, checks and others.
#
# A check is a reason to request a column only if it tests another column by it, and something else reads that other
# column: a check of an unread column protects nothing. Three rules are findings by themselves (`answers` in
# contract/rules.toml). The columns that identify the rows of a requested table are its key.

KEY, COMPLETENESS, SCAN, READING = "key", "completeness", "scan", "reading"
SCALE, BRIEF, NARRATIVES, HIDDEN = "scale", "brief", "narratives", "hidden"
HEADER = """\
# What uses each column, table by table. `make docs` derives this again from facts, forms, rules and linkage.
# Nothing uses a column that is not listed here, so it is not requested.
"""
NOTES = "notes"
WIDTH = 118
UNBROKEN = "\u00a0"
Readers = dict[str, dict[str, tuple[str, ...]]]


def column_readers() -> Readers:
    """Return, by table and column of the contract, the parts of the program that read each column."""
    readers_found: Found = defaultdict(set)
    listed = (_read_by_scan(), _read_by_scale(), _read_by_brief(), _read_by_hidden_estimates())
    sources = (fact_readers(), linkage_readers(), *listed)
    for source in sources:
        for column, names in source.items():
            readers_found[column] |= names
    _add_checks(readers_found)
    _add_reasons(readers_found)
    tables = {name: _table_readers(table, readers_found) for name, table in contract.tables().items()}
    return {name: column_names for name, column_names in tables.items() if column_names}


def readers_toml(found: Readers) -> str:
    """Return the content of the data file `returns/contract/readers.toml`."""
    parts = [HEADER]
    for table, columns in found.items():
        parts.append(f"\n[{table}]\n")
        parts += [_line(column, names) for column, names in columns.items()]
    return "".join(parts)


def _line(column: str, names: tuple[str, ...]) -> str:
    """Return one column with its readers, on as many lines as needed, without breaking a reader."""
    kept_whole = [f'"{name}"'.replace(" ", UNBROKEN) for name in names]
    line = f"{column} = [{', '.join(kept_whole)}]"
    if len(line) > WIDTH:
        inner = textwrap.fill(", ".join(kept_whole), WIDTH, initial_indent="  ", subsequent_indent="  ")
        line = f"{column} = [\n{inner}\n]"
    return line.replace(UNBROKEN, " ") + "\n"


def write_readers(path: Path) -> None:
    """Write the data file `returns/contract/readers.toml`."""
    path.write_text(readers_toml(column_readers()), encoding="utf-8", newline="\n")


def _read_by_scan() -> Found:
    """Return the texts that are scanned or read, and the columns stored beside the findings."""
    narrative_columns = {("assessments", column): {NARRATIVES} for column in ("narrative", "person_ref")}
    scanned = narrative_columns | {
        (summary_scan.SUMMARIES, column): {SCAN, READING} for column in summary_scan.READ_COLUMNS
    }
    return scanned | {
        (NOTES, column): {READING} for column in (*NOTE_COLUMNS, summary_scan.TEXT) if column in _column_names(NOTES)
    }


def _column_names(table: str) -> tuple[str, ...]:
    return contract.table(table).column_names


def _read_by_scale() -> Found:
    """Return the columns that are combined to estimate scale."""
    return {(table, column): {SCALE} for table, columns in SCALE_COLUMNS.items() for column in columns}


def _read_by_brief() -> Found:
    """Return a force's statements about itself, which the brief for inspectors compares with its records."""
    return {("claims", column): {BRIEF} for column in claim_comparison.READ}


def _read_by_hidden_estimates() -> Found:
    """Return the columns of the overlap tables, which take the place of names."""
    return {("overlap_counts", column): {HIDDEN} for column in OVERLAP_COLUMNS}


def _add_checks(found: Found) -> None:
    """Add the checks as readers, until nothing is added: a column that a check reads may justify another column."""
    all_looks = column_looks()
    while True:
        reader_count = sum(map(len, found.values()))
        for look in all_looks:
            if _is_reason(look, found):
                for column in look.columns - _tested_column(look):
                    found[column].add(f"check {look.rule}")
        if sum(map(len, found.values())) == reader_count:
            return


def _is_reason(look: ColumnLook, found: Found) -> bool:
    """Return True if a check is a finding, or tests what something else reads."""
    table = contract.table(look.table)
    if rules()[look.rule].answers:
        return True
    if look.column and look.column not in table.key:
        return bool(found.get((look.table, look.column)))
    return _is_requested(table, found)


def _tested_column(look: ColumnLook) -> frozenset[SourceColumn]:
    """Return the column that a rule tests: no reason to request it, unless the rule is a finding."""
    return frozenset() if rules()[look.rule].answers else frozenset({(look.table, look.column)})


def _add_reasons(found: Found) -> None:
    """Add the column with the reason for a missing value, where that value is read (`ingest.column_completeness`)."""
    for name, table in contract.tables().items():
        for column in table.column_names:
            if column.endswith(REASON_SUFFIX) and found.get((name, column.removesuffix(REASON_SUFFIX))):
                found[name, column].add(COMPLETENESS)


def _is_requested(table: contract.Table, found: Found) -> bool:
    """Return True if a non-key column of the table is read; for a table of key columns only, if any is."""
    non_key_columns = [name for name in table.column_names if name not in table.key] or table.column_names
    return any(found.get((table.name, name)) for name in non_key_columns)


def _table_readers(table: contract.Table, found: Found) -> dict[str, tuple[str, ...]]:
    if not _is_requested(table, found):
        return {}
    read = {name: _ordered_readers(table, name, found) for name in table.column_names}
    return {name: names for name, names in read.items() if names}


def _ordered_readers(table: contract.Table, name: str, found: Found) -> tuple[str, ...]:
    """Return readers in order; a key needs no other reason, except in a table with nothing else."""
    names: set[str] = found.get((table.name, name), set())
    if name not in table.key:
        return tuple(sorted(names))
    return (KEY, *sorted(names)) if set(table.column_names) == set(table.key) else (KEY,)


MAX_NAMED = 3
"""Maximum number of readers of one kind named in a cell; the others are counted."""
NOT_ASKED = "no, until something uses it"
PEOPLE = "people"
READER_TEXT = {
    PEOPLE: "people who read and rate case files",
    KEY: "the key of its table",
    LINKAGE: "linkage of persons",
    COMPLETENESS: "completeness: why a value is missing",
    SCAN: "scan of summaries for signs of exploitation",
    NARRATIVES: "a check whether an assessment has its own wording",
    READING: "search of every text for blaming words and for exploitation without a flag",
    SCALE: "scale: comparison of counts, series and claims",
    HIDDEN: "estimates of hidden victims",
    BRIEF: "brief for inspectors before fieldwork",
}
CODE_PATTERN = re.compile(r"([QF])(\d+)(?:-[QF](\d+))?")


@dataclass(frozen=True)
class Field:
    """One column: its definition in the contract, its purpose, and the parts of the program that read it."""

    table: str
    column: str
    tier: int
    kind: str
    required: str
    identity: bool
    holds: str
    reason: str
    read_by: str
    requested: bool
    origin: str


def list_fields(tables: Mapping[str, Table]) -> tuple[Field, ...]:
    """Return every column of these tables, requested or not, in the order of the contract."""
    return tuple(_field(table, column) for table in tables.values() for column in table.columns)


def codes_in(reasons: Iterable[str]) -> tuple[str, ...]:
    """Return the questions and failure modes that reasons mention, in order; "Q4-Q6" gives three questions."""
    found = set()
    for letter, first, last in (match for reason in reasons for match in CODE_PATTERN.findall(reason)):
        found |= {(letter, number) for number in range(int(first), int(last or first) + 1)}
    return tuple(f"{letter}{number}" for letter, number in sorted(found))


def explain_codes(codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return code and text of the questions and failure modes with these codes."""
    texts = {entry.number: entry.text for entry in reference.questions()}
    texts |= {entry.code: entry.text for entry in reference.failure_modes()}
    return tuple((code, texts[code]) for code in codes if code in texts)


def readers_text(readers: Sequence[str]) -> str:
    """Return which parts of the program read a column, in words: indicators first, then facts, checks and others."""
    facts = [reader.removeprefix("fact ") for reader in readers if reader.startswith("fact ")]
    rules = [reader.removeprefix("check ") for reader in readers if reader.startswith("check ")]
    phrases = [READER_TEXT[reader] for reader in readers if reader in READER_TEXT]
    form_keys = sorted({key for fact in facts for key in _forms_by_fact().get(fact, ())})
    phrases += _reader_phrase("form", form_keys) + _reader_phrase("fact", facts) + _reader_phrase("check", rules)
    return "; ".join(phrases)


def _field(table: Table, column: Column) -> Field:
    return Field(
        table=table.name, column=column.name, tier=table.tier, kind=column.kind, required=column.required,
        identity=column.identity, holds=column.rule, reason=column.used_for, read_by=readers_text(column.readers),
        requested=column.is_requested, origin=column.origin,
    )  # fmt: skip


def _reader_phrase(kind: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {count_phrase(len(names) - MAX_NAMED, 'other')}" if len(names) > MAX_NAMED else ""
    return [f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names[:MAX_NAMED])}{more}"]


@lru_cache
def _forms_by_fact() -> Mapping[str, tuple[str, ...]]:
    """Return by fact the indicators, waits and counts that read it; by table name, all that read the table."""
    found: dict[str, list[str]] = {}
    for form in forms():
        for fact in (form.record, *facts_of_form(form)):
            found.setdefault(fact, []).append(form.key)
    return {fact: tuple(keys) for fact, keys in found.items()}
