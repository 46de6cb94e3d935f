"""Apply a mapping that a person wrote before, for this folder or for last year's return."""

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
from assay.ingest.extracts.extract_model import SplitPlan
from assay.ingest.preparation.column_matching import ColumnMatch, TableProposal
from assay.ingest.preparation.export_files import ExportFile

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class PreviousMapping:
    """A mapping file that a person wrote before.

    `label` names it in sentences, `tables` holds its sections, and `split` the parts of its `[[split]]` sections.
    """

    label: str = ""
    tables: Sections = field(default_factory=dict)
    split: SplitPlan = field(default_factory=lambda: SplitPlan(()))

    def translations(self, table: str, column: str) -> Mapping[str, str]:
        """Return its translations of a column, force's word -> contract value."""
        return dict(self.tables.get(table, {}).get("values", {}).get(column, {}))


def read_previous_mapping(path: Path, label: str) -> PreviousMapping:
    """Return the mapping in a file; raise SourceError if it or a section of it cannot be read."""
    # Imported here, because the extracts package uses `heading_words` of this package.
    from assay.ingest.extracts.split_sections import SPLIT, read_split_sections

    mapped = read_mapping_file(path)
    for sentence in (*mapped.remarks, *mapped.refusals.values()):
        raise SourceError(f"{label} ({path.name}) cannot be used. {sentence} Correct it, or leave it out.")
    content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    plan, errors = read_split_sections(content.get(SPLIT, []))
    if errors:
        raise SourceError(f"{label} ({path.name}) cannot be used. {' '.join(errors)} Correct it, or leave it out.")
    return PreviousMapping(label, content.get("tables", {}), plan)


def find_section_file(section: Mapping[str, Any], table: str, exports: Sequence[ExportFile]) -> ExportFile | None:
    """Return the file that a mapping section describes: by name, or else the one with most of its columns."""
    by_name = {export.file: export for export in exports if not export.refusal}
    names = [section.get("file", ""), *(f"{table}{suffix}" for suffix in (".csv", ".parquet", ".xlsx"))]
    for name in names:
        if name in by_name:
            return by_name[name]
    headings = set(section.get("columns", {}).values())
    fitting = [
        export for export in by_name.values() if headings and len(headings & set(export.columns)) > len(headings) / 2
    ]
    return fitting[0] if len(fitting) == 1 else None


def apply_previous_mapping(
    previous: PreviousMapping, exports: Sequence[ExportFile], proposals: Sequence[TableProposal]
) -> tuple[list[TableProposal], list[str]]:
    """Return the proposals with a previous mapping applied, and remarks on what no longer fits."""
    found = {proposal.table.name: proposal for proposal in proposals}
    remarks = list[str]()
    for table, section in previous.tables.items():
        export = find_section_file(section, table, exports)
        if export is None:
            remarks.append(f"{previous.label}: no file of the folder has the columns that it names for {table}.")
            continue
        for name, other in list(found.items()):
            if other.export.file == export.file and name != table:
                del found[name]
        found[table] = _merge_proposal(previous, table, export, found.get(table))
        remarks += _missing_heading_remarks(previous, table, export)
    return [found[name] for name in contract.tables() if name in found], remarks


def _merge_proposal(
    previous: PreviousMapping, table: str, export: ExportFile, found: TableProposal | None
) -> TableProposal:
    mapped_matches = {match.column: match for match in _mapped_matches(previous, table, export)}
    used_headings = {match.heading for match in mapped_matches.values()}
    other_matches = found.matches if found is not None and found.export.file == export.file else {}
    remaining_matches = {
        name: match
        for name, match in other_matches.items()
        if name not in mapped_matches and match.heading not in used_headings
    }
    return TableProposal(contract.table(table), export, True, previous.label, {**mapped_matches, **remaining_matches})


def _mapped_matches(previous: PreviousMapping, table: str, export: ExportFile) -> Iterator[ColumnMatch]:
    columns = previous.tables[table].get("columns", {})
    for column, heading in columns.items():
        if heading in export.columns:
            yield ColumnMatch(column, heading, True, previous.label)


def _missing_heading_remarks(previous: PreviousMapping, table: str, export: ExportFile) -> list[str]:
    columns = previous.tables[table].get("columns", {})
    missing = [f"{heading} (our {column})" for column, heading in columns.items() if heading not in export.columns]
    return (
        [f"{previous.label}, {table}: {export.file} no longer has the column {', '.join(missing)}."] if missing else []
    )


def resolve_force_column(proposal: TableProposal, force_code: str) -> TableProposal:
    """Keep the match of a force column only if every row has this force's code; otherwise drop it."""
    match = proposal.matches.get(FORCE_CODE)
    if match is None or match.heading == FORCE_CODE:
        return proposal
    codes = {value.casefold() for value in proposal.export.shape(match.heading).values}
    if codes == {force_code.casefold()}:
        return replace(proposal, matches={**proposal.matches, FORCE_CODE: replace(match, is_sure=True)})
    other_matches = {name: other_match for name, other_match in proposal.matches.items() if name != FORCE_CODE}
    return replace(proposal, matches=other_matches)
