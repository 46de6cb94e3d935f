"""What did a person write before, in this folder or last year, and what of it still fits?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay import contract
from assay.contract import FORCE_CODE
from assay.errors import SourceError
from assay.ingest.column_mapping import read_mapping_file
from assay.ingest.preparation.column_matching import Match, Proposal
from assay.ingest.preparation.export_files import Export

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Earlier:
    """A mapping that a person wrote: `whose` names it in sentences, `tables` is its sections as they stand."""

    whose: str = ""
    tables: Sections = field(default_factory=dict)

    def values(self, table: str, column: str) -> Mapping[str, str]:
        """Its translations of a column, theirs -> ours."""
        return dict(self.tables.get(table, {}).get("values", {}).get(column, {}))


def read_earlier(path: Path, whose: str) -> Earlier:
    """The mapping in a file; SourceError if it cannot be read or a section of it is wrong."""
    mapped = read_mapping_file(path)
    for sentence in (*mapped.remarks, *mapped.refusals.values()):
        raise SourceError(f"{whose} ({path.name}) cannot be used. {sentence} Mend it, or leave it out.")
    return Earlier(whose, tomllib.loads(path.read_text(encoding="utf-8-sig")).get("tables", {}))


def file_of(section: Mapping[str, Any], table: str, exports: Sequence[Export]) -> Export | None:
    """The file that a section speaks of: by its name, else the one file that has most of its columns."""
    by_name = {one.file: one for one in exports if not one.refusal}
    names = [section.get("file", ""), *(f"{table}{suffix}" for suffix in (".csv", ".parquet", ".xlsx"))]
    for name in names:
        if name in by_name:
            return by_name[name]
    theirs = set(section.get("columns", {}).values())
    fitting = [one for one in by_name.values() if theirs and len(theirs & set(one.columns)) > len(theirs) / 2]
    return fitting[0] if len(fitting) == 1 else None


def with_earlier(
    earlier: Earlier, exports: Sequence[Export], proposals: Sequence[Proposal]
) -> tuple[list[Proposal], list[str]]:
    """The proposals with what was written before in its place, and sentences on what no longer fits."""
    found = {one.table.name: one for one in proposals}
    told = list[str]()
    for table, section in earlier.tables.items():
        export = file_of(section, table, exports)
        if export is None:
            told.append(f"{earlier.whose}: no file of the folder has the columns that it names for {table}.")
            continue
        for name, other in list(found.items()):
            if other.export.file == export.file and name != table:
                del found[name]
        found[table] = _kept(earlier, table, export, found.get(table))
        told += _gone(earlier, table, export)
    return [found[name] for name in contract.tables() if name in found], told


def _kept(earlier: Earlier, table: str, export: Export, found: Proposal | None) -> Proposal:
    written = {one.column: one for one in _written(earlier, table, export)}
    taken = {one.heading for one in written.values()}
    others = found.matches if found is not None and found.export.file == export.file else {}
    rest = {name: one for name, one in others.items() if name not in written and one.heading not in taken}
    return Proposal(contract.table(table), export, True, earlier.whose, {**written, **rest})


def _written(earlier: Earlier, table: str, export: Export) -> Iterator[Match]:
    columns = earlier.tables[table].get("columns", {})
    for column, heading in columns.items():
        if heading in export.columns:
            yield Match(column, heading, True, earlier.whose)


def _gone(earlier: Earlier, table: str, export: Export) -> list[str]:
    columns = earlier.tables[table].get("columns", {})
    gone = [f"{heading} (our {column})" for column, heading in columns.items() if heading not in export.columns]
    return [f"{earlier.whose}, {table}: {export.file} has no longer the column {', '.join(gone)}."] if gone else []


def force_column_used(proposal: Proposal, force_code: str) -> Proposal:
    """A column of the force is used only if every row of it bears the code; else the code is fixed."""
    match = proposal.matches.get(FORCE_CODE)
    if match is None or match.heading == FORCE_CODE:
        return proposal
    held = {value.casefold() for value in proposal.export.shape(match.heading).values}
    if held == {force_code.casefold()}:
        return replace(proposal, matches={**proposal.matches, FORCE_CODE: replace(match, sure=True)})
    rest = {name: one for name, one in proposal.matches.items() if name != FORCE_CODE}
    return replace(proposal, matches=rest)
