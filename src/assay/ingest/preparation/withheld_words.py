"""Find the words of an export that must not be shown, because they occur in columns about persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assay import contract
from assay.contract import FORCE_CODE, Column
from assay.ingest.preparation.code_meanings import single_words
from assay.ingest.preparation.column_fit import grade_heading
from assay.ingest.preparation.column_matching import TableProposal
from assay.ingest.preparation.export_files import ExportFile
from assay.ingest.preparation.heading_words import heading_word_set

IDENTITY, TEXT = "identity", "text"
NAME_WORDS = frozenset({"name", "names"})


def find_withheld_words(exports: Sequence[ExportFile], proposals: Sequence[TableProposal]) -> frozenset[str]:
    """Return the lower-case content of identity and text columns and, for identities, also its single words.

    Every file counts, whether or not it matches a requested table, and every heading that shares words with such a
    column.
    """
    matched = {
        (proposal.export.file, match.heading): proposal.table.column(name)
        for proposal in proposals
        for name, match in proposal.matches.items()
        if name != FORCE_CODE
    }
    found = set[str]()
    for export in exports:
        for heading in export.columns:
            column = matched.get((export.file, heading))
            found.update(
                _column_words(
                    _heading_sensitivity(heading) if column is None else _column_sensitivity(column), export, heading
                )
            )
    return frozenset(found)


def _column_words(sensitivity: str, export: ExportFile, heading: str) -> Iterator[str]:
    for value in export.shape(heading).values if sensitivity else ():
        yield value.casefold()
        if sensitivity == IDENTITY:
            yield from single_words(value.casefold())


def _column_sensitivity(column: Column) -> str:
    """Return what a contract column reveals about persons: identity, or text about them; '' if neither."""
    return IDENTITY if column.identity else TEXT if column.kind == "text" else ""


@lru_cache(maxsize=4096)
def _heading_sensitivity(heading: str) -> str:
    """Return what an unmatched heading may reveal about persons, by its words alone."""
    if heading_word_set(heading) & NAME_WORDS:
        return IDENTITY
    found = {
        _column_sensitivity(column)
        for table in contract.tables().values()
        for column in table.columns
        if _column_sensitivity(column)
        and (heading_word_set(column.name) <= heading_word_set(heading) or grade_heading(table, column, heading)[0])
    }
    return IDENTITY if IDENTITY in found else TEXT if found else ""
