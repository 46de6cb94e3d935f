"""Match files to tables and headings to columns, with each match certain or a guess.

A match is sure if the words of the heading mean the column, the cells do not contradict it, its closed list (if it has
one) knows any of its words, and no other heading or column has the same claim. Any other match with evidence is a
guess. A wrong sure match is worse than no match.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assay import contract
from assay.contract import FORCE_CODE, Column, Table
from assay.ingest.preparation.column_fit import SAME_WORDS, ColumnFit, drafted_columns, find_column_fits, key_values
from assay.ingest.preparation.export_files import ExportFile
from assay.ingest.preparation.heading_words import heading_word_set
from assay.ingest.system_layouts import system_layouts

MIN_SCORE, CLEAR_RATIO = 4.0, 1.5
FILE_NAME_SCORE = 4.0
TYPICAL_COLUMNS = {"crimes": ("offence_code", "recorded_at")}
"""Columns by which a table is known, beside its key and those that every row needs."""
TYPICAL_SCORE = 1.5
"""More than a column that every row needs: `summaries` has the same columns, and is exported far less often."""
EXPECTED_COLUMNS = {
    "reports": ("received_at",),
    "orders": ("served_on",),
    "summaries": ("offence_code", "recorded_at"),
    "exhibits": ("crime_ref", "item_kind"),
    "links": ("link_value",),
    "groups": ("group_kind",),
    "overlap_counts": ("children",),
    "approaches": ("covers",),
}
"""Columns that may be absent, and that a file of the table usually has: they count as those that every row needs."""
MIN_SHARE_MARGIN = 0.2
"""How much better one of two claims must fit to win."""


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the contract and the heading matched to it, sure or guessed, with the reason."""

    column: str
    heading: str
    is_sure: bool
    reason: str


@dataclass(frozen=True)
class TableProposal:
    """One file matched to one table, with the matches of its columns.

    `matches` by contract column; `unrequested`: contract column that is not requested -> heading of the file.
    """

    table: Table
    export: ExportFile
    is_sure: bool
    reason: str
    matches: Mapping[str, ColumnMatch]
    unrequested: Mapping[str, str] = field(default_factory=dict)

    @property
    def unmatched_headings(self) -> tuple[str, ...]:
        """Return the headings of the file without a matching column."""
        used_headings = {*self.unrequested.values(), *(match.heading for match in self.matches.values())}
        return tuple(name for name in self.export.columns if name not in used_headings)

    @property
    def unmatched_columns(self) -> tuple[Column, ...]:
        """Return the requested columns without a matching heading."""
        return tuple(column for column in drafted_columns(self.table) if column.name not in self.matches)


def without_unrequested(proposal: TableProposal) -> TableProposal:
    """Return a proposal without the columns that are not requested."""
    names = {FORCE_CODE, *(column.name for column in drafted_columns(proposal.table))}
    requested = {name: match for name, match in proposal.matches.items() if name in names}
    unasked = {name: match.heading for name, match in proposal.matches.items() if name not in names}
    return replace(proposal, matches=requested, unrequested=unasked)


def unknown_file_remark(file: str) -> str:
    """Return the remark on a file that matches no table."""
    return f"{file}: it matches no table of the return, so no draft was written for it."


def propose_tables(exports: Sequence[ExportFile]) -> tuple[list[TableProposal], list[str]]:
    """Return the tables that the files match, in contract order, and remarks on files that match none."""
    proposals, remarks = [], list[str]()
    file_by_table: dict[str, str] = {}
    for export, ranked in _rank_exports(exports):
        if not ranked or ranked[0][0] < MIN_SCORE:
            remarks.append(unknown_file_remark(export.file))
        elif (table := ranked[0][1]) in file_by_table:
            remarks.append(
                f"{export.file}: it looks like {table}, as {file_by_table[table]} does. A table must be one "
                "file: join them."
            )
        else:
            file_by_table[table] = export.file
            proposals.append(_proposal(export, ranked))
    order = list(contract.tables())
    return _rematch_with_keys(sorted(proposals, key=lambda proposal: order.index(proposal.table.name))), remarks


RankedTables = list[tuple[float, str]]


def _rank_exports(exports: Sequence[ExportFile]) -> list[tuple[ExportFile, RankedTables]]:
    """Return each file with its possible tables, the most likely first; the clearest file first."""
    found = [(export, _rank_tables(export)) for export in exports if not export.refusal]
    return sorted(found, key=lambda entry: -entry[1][0][0] if entry[1] else 0.0)


def _rank_tables(export: ExportFile) -> RankedTables:
    scores = [(_score(table, export), name) for name, table in contract.tables().items()]
    return sorted((entry for entry in scores if entry[0] > 0), key=lambda entry: -entry[0])


def _score(table: Table, export: ExportFile) -> float:
    """Return the number of columns found, required columns weighted more, and the match of the file name."""
    best: dict[str, int] = {}
    for fit in find_column_fits(table, export, {}):
        if not fit.is_contradicted and fit.heading_grade:
            best[fit.column.name] = max(best.get(fit.column.name, 0), fit.heading_grade)
    required_names = {column.name for column in table.columns if column.required == "yes"}
    required_names |= {*table.key, *EXPECTED_COLUMNS.get(table.name, ())}
    typical_names = TYPICAL_COLUMNS.get(table.name, ())
    points = sum(
        (2.0 if grade >= SAME_WORDS else 0.5) + (name in required_names) + TYPICAL_SCORE * (name in typical_names)
        for name, grade in best.items()
        if name != FORCE_CODE
    )
    return points + (FILE_NAME_SCORE if _table_in_file_name(export) == table.name else 0.0)


def _table_in_file_name(export: ExportFile) -> str:
    """Return the table whose words occur in the file name, the longest words first; '' if there is none."""
    file_words = heading_word_set(export.file.rpartition(".")[0])
    phrases = [(heading_word_set(name), name) for name in contract.tables()]
    phrases += [
        (heading_word_set(phrase), name)
        for layout in system_layouts()
        for name, file_names in layout.files.items()
        for phrase in file_names
    ]
    return max(((len(phrase), name) for phrase, name in phrases if phrase <= file_words), default=(0, ""))[1]


def _proposal(export: ExportFile, ranked: RankedTables) -> TableProposal:
    score, name = ranked[0]
    runner_up = ranked[1][0] if len(ranked) > 1 else 0.0
    by_name, clear = _table_in_file_name(export) == name, score >= CLEAR_RATIO * runner_up
    grounds = ["the name of the file"] if by_name else []
    grounds += ["its columns match no other table"] if clear else []
    table = contract.table(name)
    matches = {match.column: match for match in match_columns(table, export, {})}
    is_sure = clear and sum(match.is_sure for match in matches.values()) >= 2
    reason = (
        " and ".join(grounds)
        or f"its columns are nearest to those of {name}, and also close to those of {ranked[1][1]}"
    )
    return TableProposal(table, export, is_sure, reason, matches)


def _rematch_with_keys(proposals: list[TableProposal]) -> list[TableProposal]:
    """Match the columns again, now that the keys of the other tables are known."""
    keys: dict[str, Collection[str]] = {}
    for proposal in proposals:
        match = proposal.matches.get(proposal.table.key[0])
        values = key_values(proposal.table.name, proposal.export, match.heading) if match and match.is_sure else None
        if values is not None:
            keys[proposal.table.name] = values
    return [
        replace(
            proposal, matches={match.column: match for match in match_columns(proposal.table, proposal.export, keys)}
        )
        for proposal in proposals
    ]


def match_columns(table: Table, export: ExportFile, keys: Mapping[str, Collection[str]]) -> Iterator[ColumnMatch]:
    """Yield the best matches of columns and headings by words and cells, each column and each heading once."""
    found = find_column_fits(table, export, keys)
    columns, headings = set[str](), set[str]()
    for fit in sorted(found, key=lambda fit: (fit.is_contradicted, -fit.heading_grade, -fit.share)):
        if fit.column.name in columns or fit.heading in headings:
            continue
        rivals = [other for other in found if _is_rival(fit, other)]
        if _has_grounds(fit, rivals):
            columns.add(fit.column.name)
            headings.add(fit.heading)
            yield _make_match(fit, rivals)


def _is_rival(fit: ColumnFit, other: ColumnFit) -> bool:
    """Return True if another pair has as good a claim to the column or the heading."""
    shares = (fit.column == other.column) != (fit.heading == other.heading)
    return (
        shares
        and not other.is_contradicted
        and other.heading_grade >= fit.heading_grade
        and other.share > fit.share - MIN_SHARE_MARGIN
    )


def _has_grounds(fit: ColumnFit, rivals: Sequence[ColumnFit]) -> bool:
    """Return True if a pair may be a guess.

    Cells alone are evidence only if nothing else claims them; a pair that its cells rule out needs its name.
    """
    if fit.is_contradicted:
        return fit.heading_grade >= SAME_WORDS
    return fit.heading_grade > 0 or not rivals


def _make_match(fit: ColumnFit, rivals: Sequence[ColumnFit]) -> ColumnMatch:
    rival_headings = sorted({other.heading for other in rivals} - {fit.heading})
    columns = sorted({other.column.name for other in rivals} - {fit.column.name})
    reason = fit.reason + (f"; so may {', '.join(rival_headings)}" if rival_headings else "")
    reason += f"; it may be {', '.join(columns)} as well" if columns else ""
    doubtful = fit.is_contradicted or fit.no_word_known or fit.is_class_alone or fit.is_universal_time
    is_sure = fit.heading_grade >= SAME_WORDS and not (doubtful or rivals)
    return ColumnMatch(fit.column.name, fit.heading, is_sure, reason)
