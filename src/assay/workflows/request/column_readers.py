"""What reads each column of the data return?

A check is a reason to ask for a column only where it tests another column by it, and something else reads that other:
a check of what nobody reads protects nothing. Three rules are findings by themselves (`answers` in returns/rules.toml).
What tells the rows of an asked table apart is its key.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from pathlib import Path

from assay import contract
from assay.contract.validation_rules import rules
from assay.engine.column_lineage import Base
from assay.grading import claim_comparison
from assay.indicators.catalogue.scale.hidden.list_overlap import READ as OF_OVERLAPS
from assay.indicators.catalogue.scale.scale_columns import READ as OF_SCALE
from assay.ingest import summary_scan
from assay.ingest.column_completeness import REASON
from assay.workflows.reading.text_scan import OF_NOTES
from assay.workflows.request.fact_columns import Found, read_by_facts, read_by_linkage
from assay.workflows.request.rule_columns import Look, looks

KEY, COMPLETENESS, SCAN, READING = "key", "completeness", "scan", "reading"
SCALE, BRIEF, NARRATIVES, HIDDEN = "scale", "brief", "narratives", "hidden"
HEAD = """\
# What reads each column (table by table): `make docs` works this out anew from facts, forms, rules and linkage.
# A column that is not here is read by nothing today, and is not asked.
"""
NOTES = "notes"
WIDTH = 118
UNBROKEN = "\u00a0"
Readers = dict[str, dict[str, tuple[str, ...]]]


def readers() -> Readers:
    """By table and column, in the order of the contract, the readers of each column that has any."""
    found: Found = defaultdict(set)
    by_hand = (_read_by_the_scan(), _read_by_scale(), _read_by_the_brief(), _read_by_the_hidden())
    read_by = (read_by_facts(), read_by_linkage(), *by_hand)
    for read in read_by:
        for column, names in read.items():
            found[column] |= names
    _add_checks(found)
    _add_reasons(found)
    of_tables = {name: _of_table(table, found) for name, table in contract.tables().items()}
    return {name: of_columns for name, of_columns in of_tables.items() if of_columns}


def as_toml(found: Readers) -> str:
    """The same as the data file `returns/contract/readers.toml`."""
    parts = [HEAD]
    for table, columns in found.items():
        parts.append(f"\n[{table}]\n")
        parts += [_line(column, names) for column, names in columns.items()]
    return "".join(parts)


def _line(column: str, names: tuple[str, ...]) -> str:
    """One column; its readers on as many lines as they need, none of them broken."""
    kept_whole = [f'"{name}"'.replace(" ", UNBROKEN) for name in names]
    line = f"{column} = [{', '.join(kept_whole)}]"
    if len(line) > WIDTH:
        inner = textwrap.fill(", ".join(kept_whole), WIDTH, initial_indent="  ", subsequent_indent="  ")
        line = f"{column} = [\n{inner}\n]"
    return line.replace(UNBROKEN, " ") + "\n"


def write_readers(path: Path) -> None:
    """Write that data file."""
    path.write_text(as_toml(readers()), encoding="utf-8", newline="\n")


def _read_by_the_scan() -> Found:
    """The texts in which signs are looked for or that are read, and what is kept beside what was found."""
    of_words = {("assessments", column): {NARRATIVES} for column in ("narrative", "person_ref")}
    scanned = of_words | {(summary_scan.SUMMARIES, column): {SCAN, READING} for column in summary_scan.READ}
    return scanned | {(NOTES, column): {READING} for column in (*OF_NOTES, summary_scan.TEXT) if column in _of(NOTES)}


def _of(table: str) -> tuple[str, ...]:
    return contract.table(table).names


def _read_by_scale() -> Found:
    """What is set side by side to say how much there is."""
    return {(table, column): {SCALE} for table, columns in OF_SCALE.items() for column in columns}


def _read_by_the_brief() -> Found:
    """What a force says of itself, which inspectors are told before they travel, beside what its records say."""
    return {("claims", column): {BRIEF} for column in claim_comparison.READ}


def _read_by_the_hidden() -> Found:
    """The tables of overlaps that stand in the place of names."""
    return {("overlap_counts", column): {HIDDEN} for column in OF_OVERLAPS}


def _add_checks(found: Found) -> None:
    """Add the checks as readers; a column read by a check may give a reason for another, so until nothing is added."""
    every = looks()
    while True:
        before = sum(map(len, found.values()))
        for look in every:
            if _counts(look, found):
                for column in look.columns - _tested_alone(look):
                    found[column].add(f"check {look.rule}")
        if sum(map(len, found.values())) == before:
            return


def _counts(look: Look, found: Found) -> bool:
    """Whether a look is a finding, or tests what something else reads."""
    table = contract.table(look.table)
    if rules()[look.rule].answers:
        return True
    if look.column and look.column not in table.key:
        return bool(found.get((look.table, look.column)))
    return _asked(table, found)


def _tested_alone(look: Look) -> frozenset[Base]:
    """The column that a rule tells of is what it tests: no reason to ask for it, unless the rule is a finding."""
    return frozenset() if rules()[look.rule].answers else frozenset({(look.table, look.column)})


def _add_reasons(found: Found) -> None:
    """Why a value is missing is counted beside it (`ingest.column_completeness`), where that value is read."""
    for name, table in contract.tables().items():
        for column in table.names:
            if column.endswith(REASON) and found.get((name, column.removesuffix(REASON))):
                found[name, column].add(COMPLETENESS)


def _asked(table: contract.Table, found: Found) -> bool:
    """A table is asked if a column beside its key is read; one that is all key, if any is."""
    beside = [name for name in table.names if name not in table.key] or table.names
    return any(found.get((table.name, name)) for name in beside)


def _of_table(table: contract.Table, found: Found) -> dict[str, tuple[str, ...]]:
    if not _asked(table, found):
        return {}
    read = {name: _in_order(table, name, found) for name in table.names}
    return {name: names for name, names in read.items() if names}


def _in_order(table: contract.Table, name: str, found: Found) -> tuple[str, ...]:
    """A key needs no other reason, but in a table that is nothing else."""
    names: set[str] = found.get((table.name, name), set())
    if name not in table.key:
        return tuple(sorted(names))
    return (KEY, *sorted(names)) if set(table.names) == set(table.key) else (KEY,)
