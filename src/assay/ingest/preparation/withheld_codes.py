"""Which words of an export are never shown as a code, since they stand where persons are told of?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assay import contract
from assay.contract import FORCE_CODE, Column
from assay.ingest.preparation.code_meanings import single_words
from assay.ingest.preparation.column_fit import heading_says
from assay.ingest.preparation.column_matching import Proposal
from assay.ingest.preparation.export_files import Export
from assay.ingest.preparation.heading_words import words

IDENTITY, TEXT = "identity", "text"
NAMES = frozenset({"name", "names"})


def told_of_persons(exports: Sequence[Export], proposals: Sequence[Proposal]) -> frozenset[str]:
    """What stands in columns of identity and of text, in small letters; of an identity its single words too.

    Every file counts, whether or not it was taken for a table that is asked, and every heading that shares words with
    such a column.
    """
    matched = {
        (one.export.file, match.heading): one.table.column(name)
        for one in proposals
        for name, match in one.matches.items()
        if name != FORCE_CODE
    }
    found = set[str]()
    for export in exports:
        for heading in export.columns:
            column = matched.get((export.file, heading))
            found.update(_words(_told_by(heading) if column is None else _told_in(column), export, heading))
    return frozenset(found)


def _words(told: str, export: Export, heading: str) -> Iterator[str]:
    for value in export.shape(heading).values if told else ():
        yield value.casefold()
        if told == IDENTITY:
            yield from single_words(value.casefold())


def _told_in(column: Column) -> str:
    """What a column of ours tells of persons: who they are, or what was written of them; '' if neither."""
    return IDENTITY if column.identity else TEXT if column.kind == "text" else ""


@lru_cache(maxsize=4096)
def _told_by(heading: str) -> str:
    """What a heading that was matched with nothing may tell of persons, going by its words alone."""
    if words(heading) & NAMES:
        return IDENTITY
    found = {
        _told_in(column)
        for table in contract.tables().values()
        for column in table.columns
        if _told_in(column) and (words(column.name) <= words(heading) or heading_says(table, column, heading)[0])
    }
    return IDENTITY if IDENTITY in found else TEXT if found else ""
