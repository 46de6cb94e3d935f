"""What becomes of the files and columns that were told by words and cells, once the example has been heard?

What the example is sure of takes their place. What it contradicts is no longer sure, and is said. What a person wrote
in a mapping is put over both, later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay import contract
from assay.ingest.preparation.column_matching import Match, Proposal, matches_of
from assay.ingest.preparation.example_learning.column_lessons import Lesson, ground, in_rows
from assay.ingest.preparation.export_files import Export
from assay.ingest.preparation.previous_mapping import file_of

YOUR_EXAMPLE = "your example"


@dataclass(frozen=True)
class Heard:
    """The columns of a table after a lesson, and in words what the lesson contradicts."""

    matches: Mapping[str, Match]
    told: tuple[str, ...]


def with_lessons(
    lessons: Sequence[Lesson], exports: Sequence[Export], proposals: Sequence[Proposal]
) -> tuple[list[Proposal], list[str]]:
    """The proposals with what the example teaches in its place, and sentences on what it contradicts or does not
    find again."""
    found = {one.table.name: one for one in proposals}
    told = list[str]()
    for one in lessons:
        told += one.unread
        export = _file_again(one, exports)
        if export is None:
            told.append(f"{YOUR_EXAMPLE}: no file of the folder has the columns of {one.file} ({_name(one)}).")
            continue
        told += _other_tables(one, export, found)
        found = {name: other for name, other in found.items() if name == _name(one) or other.export.file != export.file}
        heard = _heard(one, export, _told_by_words(one, export, found.get(_name(one))))
        told += [*heard.told, *_gone(one, export)]
        found[_name(one)] = Proposal(one.table, export, True, YOUR_EXAMPLE, heard.matches)
    return [found[name] for name in contract.tables() if name in found], told


def _name(one: Lesson) -> str:
    return one.table.name


def _file_again(one: Lesson, exports: Sequence[Export]) -> Export | None:
    """The file of the real export that has the headings of the example."""
    headings = {claim.heading for claim in one.sure.values()} | {guess.heading for guess in one.guesses}
    return file_of({"file": one.file, "columns": {name: name for name in headings}}, _name(one), exports)


def _other_tables(one: Lesson, export: Export, found: Mapping[str, Proposal]) -> Iterator[str]:
    """That words took the file for another table, or another file for this one."""
    for name, other in found.items():
        if (name == _name(one)) == (other.export.file == export.file):
            continue
        if other.sure:
            yield f"{other.export.file} looks like {name}; {YOUR_EXAMPLE} says that {export.file} is {_name(one)}."


def _told_by_words(one: Lesson, export: Export, found: Proposal | None) -> Mapping[str, Match]:
    if found is not None and found.export.file == export.file:
        return found.matches
    return {match.column: match for match in matches_of(one.table, export, {})}


def _heard(one: Lesson, export: Export, by_words: Mapping[str, Match]) -> Heard:
    sure = {
        name: Match(name, claim.heading, True, ground(claim))
        for name, claim in one.sure.items()
        if claim.heading in export.columns
    }
    taken = {match.heading: name for name, match in sure.items()}
    kept, told = dict(sure), list[str]()
    for name, match in by_words.items():
        if name in sure or match.heading in taken:
            told += _displaced(one, match, sure.get(name), taken.get(match.heading))
        else:
            kept[name], said = _weighed(one, match)
            told += said
    return Heard(_with_guesses(one, export, kept), tuple(told))


def _displaced(one: Lesson, match: Match, other: Match | None, column: str | None) -> list[str]:
    """What the words said, where the example says otherwise."""
    same = other is not None and other.heading == match.heading
    if same or not match.sure:
        return []
    rather = f"it is {column}" if column else f"{match.column} is {other.heading}" if other else ""
    return [
        f"{_name(one)}: the heading {match.heading} means {match.column} by its words; in {YOUR_EXAMPLE} {rather}, "
        "and that was taken."
    ]


def _weighed(one: Lesson, match: Match) -> tuple[Match, list[str]]:
    """A match by words, which is sure no longer if rows of the example speak against it."""
    seen = one.pairs.get((match.column, match.heading))
    if seen is None or not seen.against:
        return match, []
    against = f"{YOUR_EXAMPLE} has other values in {in_rows(seen.against)}"
    told = contradicted(one, match.column, match.heading) if match.sure else []
    return replace(match, sure=False, why=f"{match.why}; {against}"), told


def contradicted(one: Lesson, column: str, heading: str) -> list[str]:
    """That a heading is not the column in some rows of the example; nothing, where it is."""
    seen = one.pairs.get((column, heading))
    if seen is None or not seen.against:
        return []
    how = "one word of theirs stands beside two values of ours" if seen.words_clash else "it has other values"
    rows = in_rows(seen.against)
    return [f"{_name(one)}: {YOUR_EXAMPLE} contradicts {column} = {heading}: {how}, in {rows} of ours."]


def _with_guesses(one: Lesson, export: Export, kept: Mapping[str, Match]) -> dict[str, Match]:
    """The guesses of the example beside what is sure, each heading once; where words guessed one of its headings, that
    one first."""
    found = dict(kept)
    order = sorted(one.guesses, key=lambda guess: not _same_guess(found.get(guess.column), guess.heading))
    settled = {name for name, match in found.items() if match.sure}
    for guess in order:
        headings = {match.heading for name, match in found.items() if name in settled}
        if guess.column in settled or guess.heading in headings or guess.heading not in export.columns:
            continue
        found = {name: match for name, match in found.items() if match.heading != guess.heading or name == guess.column}
        found[guess.column] = Match(guess.column, guess.heading, False, guess.why)
        settled.add(guess.column)
    return found


def _same_guess(match: Match | None, heading: str) -> bool:
    return match is not None and match.heading == heading


def _gone(one: Lesson, export: Export) -> list[str]:
    gone = [f"{claim.heading} (our {name})" for name, claim in one.sure.items() if claim.heading not in export.columns]
    return [f"{YOUR_EXAMPLE}, {_name(one)}: {export.file} has not the column {', '.join(gone)}."] if gone else []
