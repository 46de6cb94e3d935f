"""Which file is which table, and which of its columns is which of ours: what is sure, and what a guess?

Sure is what the words of a heading mean by themselves while its cells do not speak against it, its closed list (if it
has one) knows any of its words, and nothing else claims the same column. All else that has any ground is a guess. A
wrong sure answer is worse than none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assay import contract
from assay.contract import FORCE_CODE, Column, Table
from assay.ingest.preparation.column_fit import SAME, Fit, fits, key_values, wanted
from assay.ingest.preparation.export_files import Export
from assay.ingest.preparation.heading_words import words
from assay.ingest.system_layouts import layouts

LEAST_SCORE, CLEARLY = 4.0, 1.5
BY_NAME = 4.0
APART = 0.2
"""How much better one of two claims must fit to stand alone."""


@dataclass(frozen=True)
class Match:
    """One column of ours and the heading that is taken for it, sure or guessed, with the ground for it."""

    column: str
    heading: str
    sure: bool
    why: str


@dataclass(frozen=True)
class Proposal:
    """One file taken for one table. `matches` by our column; `left` are its headings that nothing was found for;
    `unasked`, by our column, those of columns that nobody asks for."""

    table: Table
    export: Export
    sure: bool
    why: str
    matches: Mapping[str, Match]
    unasked: Mapping[str, str] = field(default_factory=dict)

    @property
    def left(self) -> tuple[str, ...]:
        """Headings of the file that no column was found for."""
        taken = {*self.unasked.values(), *(one.heading for one in self.matches.values())}
        return tuple(name for name in self.export.columns if name not in taken)

    @property
    def absent(self) -> tuple[Column, ...]:
        """Columns of ours that are asked, and that no heading was found for."""
        return tuple(column for column in wanted(self.table) if column.name not in self.matches)


def only_asked(proposal: Proposal) -> Proposal:
    """A proposal without the columns that nobody asks for."""
    names = {FORCE_CODE, *(column.name for column in wanted(proposal.table))}
    kept = {name: one for name, one in proposal.matches.items() if name in names}
    unasked = {name: one.heading for name, one in proposal.matches.items() if name not in names}
    return replace(proposal, matches=kept, unasked=unasked)


def like_none(file: str) -> str:
    """What is said of a file that seems to be no table."""
    return f"{file}: it is like no table of the return. Nothing was written for it."


def propose(exports: Sequence[Export]) -> tuple[list[Proposal], list[str]]:
    """The tables that the files seem to be, in the contract's order, and sentences on files that are none."""
    proposals, told = [], list[str]()
    taken: dict[str, str] = {}
    for export, ranked in _by_score(exports):
        if not ranked or ranked[0][0] < LEAST_SCORE:
            told.append(like_none(export.file))
        elif (table := ranked[0][1]) in taken:
            told.append(
                f"{export.file}: it looks like {table}, as {taken[table]} does. One table is one file: join them."
            )
        else:
            taken[table] = export.file
            proposals.append(_proposal(export, ranked))
    order = list(contract.tables())
    return _again_with_keys(sorted(proposals, key=lambda one: order.index(one.table.name))), told


Ranked = list[tuple[float, str]]


def _by_score(exports: Sequence[Export]) -> list[tuple[Export, Ranked]]:
    """Each file with the tables that it may be, the likeliest first; the clearest file first."""
    found = [(export, _ranked(export)) for export in exports if not export.refusal]
    return sorted(found, key=lambda one: -one[1][0][0] if one[1] else 0.0)


def _ranked(export: Export) -> Ranked:
    scores = [(_score(table, export), name) for name, table in contract.tables().items()]
    return sorted((one for one in scores if one[0] > 0), key=lambda one: -one[0])


def _score(table: Table, export: Export) -> float:
    """Columns found, those that a row needs counted more; and the name of the file."""
    best: dict[str, int] = {}
    for one in fits(table, export, {}):
        if not one.against and one.says:
            best[one.column.name] = max(best.get(one.column.name, 0), one.says)
    needed = {column.name for column in table.columns if column.required == "yes"}
    points = sum((2.0 if says >= SAME else 0.5) + (name in needed) for name, says in best.items() if name != FORCE_CODE)
    return points + (BY_NAME if _named_for(export) == table.name else 0.0)


def _named_for(export: Export) -> str:
    """The table whose words stand in the name of the file, the longest words first; '' if none do."""
    said = words(export.file.rpartition(".")[0])
    phrases = [(words(name), name) for name in contract.tables()]
    phrases += [(words(one), name) for layout in layouts() for name, of in layout.files.items() for one in of]
    return max(((len(one), name) for one, name in phrases if one <= said), default=(0, ""))[1]


def _proposal(export: Export, ranked: Ranked) -> Proposal:
    score, name = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    by_name, clear = _named_for(export) == name, score >= CLEARLY * second
    grounds = ["the name of the file"] if by_name else []
    grounds += ["its columns are like those of no other table"] if clear else []
    table = contract.table(name)
    matches = {one.column: one for one in matches_of(table, export, {})}
    sure = clear and sum(one.sure for one in matches.values()) >= 2
    why = " and ".join(grounds) or f"its columns are nearest to those of {name}, and near to those of {ranked[1][1]}"
    return Proposal(table, export, sure, why, matches)


def _again_with_keys(proposals: list[Proposal]) -> list[Proposal]:
    """The columns once more, now that the keys of the other tables are known."""
    keys: dict[str, Collection[str]] = {}
    for one in proposals:
        match = one.matches.get(one.table.key[0])
        values = key_values(one.table.name, one.export, match.heading) if match and match.sure else None
        if values is not None:
            keys[one.table.name] = values
    return [
        replace(one, matches={match.column: match for match in matches_of(one.table, one.export, keys)})
        for one in proposals
    ]


def matches_of(table: Table, export: Export, keys: Mapping[str, Collection[str]]) -> Iterator[Match]:
    """The best pairs by words and cells, each column and each heading once."""
    found = fits(table, export, keys)
    columns, headings = set[str](), set[str]()
    for one in sorted(found, key=lambda one: (one.against, -one.says, -one.share)):
        if one.column.name in columns or one.heading in headings:
            continue
        rivals = [other for other in found if _claims_the_same(one, other)]
        if _worth_telling(one, rivals):
            columns.add(one.column.name)
            headings.add(one.heading)
            yield _match(one, rivals)


def _claims_the_same(one: Fit, other: Fit) -> bool:
    """Whether another pair has as good a claim to the column or the heading."""
    shares = (one.column == other.column) != (one.heading == other.heading)
    return shares and not other.against and other.says >= one.says and other.share > one.share - APART


def _worth_telling(one: Fit, rivals: Sequence[Fit]) -> bool:
    """Cells alone are a ground only where nothing else claims them; a pair that its cells rule out only by its name."""
    if one.against:
        return one.says >= SAME
    return one.says > 0 or not rivals


def _match(one: Fit, rivals: Sequence[Fit]) -> Match:
    others = sorted({other.heading for other in rivals} - {one.heading})
    columns = sorted({other.column.name for other in rivals} - {one.column.name})
    why = one.why + (f"; so may {', '.join(others)}" if others else "")
    why += f"; it may be {', '.join(columns)} as well" if columns else ""
    doubtful = one.against or one.no_word_known or one.is_class_alone or one.is_universal_time
    sure = one.says >= SAME and not (doubtful or rivals)
    return Match(one.column.name, one.heading, sure, why)
