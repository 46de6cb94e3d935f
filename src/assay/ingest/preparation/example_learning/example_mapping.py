"""Which words, which form of dates and which fixed values does the example add to a table, and what may be shown of it?

A word of theirs is written only if the rule for words lets it out (decision 0015): a list knows it, or it stands in
five rows of the real export and nowhere among names and texts. That a person typed it in an example changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assay.ingest.preparation.cell_shapes import CLOCKS, CLOCKS_WITH_ZONE, ISO_DAY, MOSTLY
from assay.ingest.preparation.code_meanings import is_value, listed, may_be_shown, translation
from assay.ingest.preparation.column_fit import TIMES, wanted
from assay.ingest.preparation.column_matching import Proposal
from assay.ingest.preparation.example_learning.cell_agreement import known_otherwise
from assay.ingest.preparation.example_learning.column_lessons import Lesson
from assay.ingest.preparation.example_learning.proposal_correction import YOUR_EXAMPLE, contradicted
from assay.ingest.preparation.previous_mapping import Earlier
from assay.wording import counted

WHY_HIDDEN = "in fewer than five rows of the export, long, too many, or among the names"
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Taught:
    """What the example adds to a table. By column: `words` theirs -> ours, and those that are `guessed` because a list
    knows them as another value; `fixed` values that may hold for every row; `day`, the form of its days, or '';
    `columns` that the example is sure of; sentences for the person."""

    words: Words = field(default_factory=dict)
    guessed: Words = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    day: str = ""
    columns: tuple[str, ...] = ()
    rows: int = 0
    told: tuple[str, ...] = ()

    def as_earlier(self, table: str) -> Earlier:
        """The same, as a mapping that was written before any that a person wrote."""
        form = {"date_form": self.day} if self.day not in ("", ISO_DAY) else {}
        return Earlier(YOUR_EXAMPLE, {table: {**form, "values": self.words}})


def taught(lesson: Lesson | None, proposal: Proposal, earlier: Sequence[Earlier], never: Collection[str]) -> Taught:
    """What a lesson adds to a proposal, in which its columns stand already."""
    if lesson is None:
        return Taught()
    learnt = {name: pairs for name in proposal.matches if (pairs := _learnt(lesson, proposal, earlier, name))}
    shown = {name: _shown(proposal, name, pairs, never) for name, pairs in learnt.items()}
    guessed = {name: _otherwise(lesson, name, pairs) for name, pairs in shown.items()}
    sure = {name: {word: pairs[word] for word in pairs if word not in guessed[name]} for name, pairs in shown.items()}
    fits = _form_fits(lesson, proposal)
    return Taught(
        words=sure,
        guessed=guessed,
        fixed=dict(_fixed(lesson, proposal, earlier)),
        day=lesson.day if fits else "",
        columns=tuple(name for name, one in proposal.matches.items() if _from(lesson, name, one.heading)),
        rows=lesson.rows,
        told=(
            *_hidden(lesson, learnt, shown),
            *_list_differs(lesson, guessed),
            *([] if fits else [_no_such_form(lesson, proposal)]),
            *(line for was in earlier for line in _at_odds(lesson, was)),
        ),
    )


def _from(lesson: Lesson, column: str, heading: str) -> bool:
    return column in lesson.sure and lesson.sure[column].heading == heading


def _learnt(lesson: Lesson, proposal: Proposal, earlier: Sequence[Earlier], name: str) -> dict[str, str]:
    """The words of a sure column that the example knows, as the real export spells them, and no person wrote.

    Where nothing of the example is sure, its rows may not be the same records, and no word is learnt.
    """
    match = proposal.matches[name]
    seen = lesson.pairs.get((name, match.heading))
    if seen is None or not match.sure or not lesson.sure or not listed(seen.column):
        return {}
    yours = {word.strip().casefold() for was in earlier for word in was.values(lesson.table.name, name)}
    words = {word: seen.words.get(word.casefold(), word) for word in proposal.export.shape(match.heading).values}
    left = {word: ours for word, ours in words.items() if word.casefold() not in (ours.casefold(), *yours)}
    return {word: ours for word, ours in left.items() if translation(seen.column, word) != ours}


def _shown(proposal: Proposal, name: str, learnt: Mapping[str, str], never: Collection[str]) -> dict[str, str]:
    column = proposal.table.column(name)
    counts = proposal.export.shape(proposal.matches[name].heading).values
    known = {word for word in counts if is_value(column, word) or translation(column, word) is not None}
    shown = may_be_shown({word: rows for word, rows in counts.items() if word not in known}, never)
    return {word: ours for word, ours in learnt.items() if word in known or word in shown}


def _otherwise(lesson: Lesson, name: str, pairs: Mapping[str, str]) -> dict[str, str]:
    column = lesson.table.column(name)
    return {word: ours for word, ours in pairs.items() if known_otherwise(column, word, ours)}


def _form_fits(lesson: Lesson, proposal: Proposal) -> bool:
    """Whether the dates of the real export are in the form of the example, as far as it has one and there are any."""
    kinds = {column.name: column.kind for column in lesson.table.columns}
    dated = [one.heading for name, one in proposal.matches.items() if kinds.get(name) in TIMES]
    filled = [shape for heading in dated if (shape := proposal.export.shape(heading)).filled]
    forms = [lesson.day, *(lesson.day + clock for clock in (*CLOCKS, *CLOCKS_WITH_ZONE))]
    return not lesson.day or not filled or any(shape.share_in(*forms) >= MOSTLY for shape in filled)


def _fixed(lesson: Lesson, proposal: Proposal, earlier: Sequence[Earlier]) -> Iterator[tuple[str, str]]:
    asked = {column.name for column in wanted(lesson.table)} - set(proposal.matches)
    written = {name for was in earlier for name in was.tables.get(lesson.table.name, {}).get("fixed", {})}
    yield from ((name, value) for name, value in lesson.constant.items() if name in asked - written)


def _hidden(lesson: Lesson, learnt: Words, shown: Words) -> Iterator[str]:
    for name, pairs in learnt.items():
        hidden = len(pairs) - len(shown[name])
        if hidden:
            yield (
                f"{lesson.table.name}, {name}: {counted(hidden, 'word')} of {YOUR_EXAMPLE} not written, as not to be "
                f"shown: {WHY_HIDDEN}. Write into the draft what is meant."
            )


def _list_differs(lesson: Lesson, guessed: Words) -> Iterator[str]:
    for name, pairs in guessed.items():
        if pairs:
            yield (
                f"{lesson.table.name}, {name}: {YOUR_EXAMPLE} contradicts our list in {counted(len(pairs), 'word')}, "
                "which wait as guesses in the draft."
            )


def _no_such_form(lesson: Lesson, proposal: Proposal) -> str:
    return f"{proposal.export.file}: its dates do not fit {lesson.day}, the form of {YOUR_EXAMPLE}."


def _at_odds(lesson: Lesson, was: Earlier) -> Iterator[str]:
    """What a person wrote, where the example says otherwise; it stands all the same."""
    section = was.tables.get(lesson.table.name, {})
    stands = f"What {was.whose} says was kept."
    for name, heading in section.get("columns", {}).items():
        for line in contradicted(lesson, name, heading):
            yield f"{line} {stands}"
    form = section.get("date_form", "")
    if form and lesson.day and form != lesson.day:
        yield f"{lesson.table.name}: {YOUR_EXAMPLE} has days in the form {lesson.day}, and not {form}. {stands}"
    for name, pairs in section.get("values", {}).items():
        seen = lesson.pairs.get((name, section.get("columns", {}).get(name, "")))
        known = seen.words if seen else {}
        differ = sum(known.get(word.strip().casefold(), ours) != ours for word, ours in pairs.items())
        if differ:
            words = counted(differ, "word")
            yield f"{lesson.table.name}, {name}: {YOUR_EXAMPLE} has another value for {words}. {stands}"
