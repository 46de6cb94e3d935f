"""Learn code translations, date format and fixed values from an example, and select those that may be shown.

A word of the export is written only if the rule for words releases it (decision 0015): a list knows it, or it occurs in
five rows of the real export and nowhere among names and texts. That a person typed it in an example does not change
this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assay.ingest.date_formats import CLOCKS, CLOCKS_WITH_ZONE, ISO_DAY
from assay.ingest.preparation.cell_shapes import MIN_FIT_SHARE
from assay.ingest.preparation.code_meanings import has_closed_list, is_value, showable_words, translation
from assay.ingest.preparation.column_fit import TIME_KINDS, drafted_columns
from assay.ingest.preparation.column_matching import TableProposal
from assay.ingest.preparation.example_learning.cell_agreement import has_other_meaning
from assay.ingest.preparation.example_learning.column_lessons import TableLesson
from assay.ingest.preparation.example_learning.proposal_correction import YOUR_EXAMPLE, contradiction_remarks
from assay.ingest.preparation.previous_mapping import PreviousMapping
from assay.wording import count_phrase

WHY_HIDDEN = "in fewer than five rows of the export, long, too many, or among the names"
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class ExampleMapping:
    """Mapping entries of a table that were learned from an example.

    By column: `words`, exported -> contract; `guesses`, words that a list knows as another value; `fixed_values`,
    values that may hold for every row. `day` is the form of its dates, or ''; `columns` are those that the example is
    sure of; `remarks` are sentences for the person.
    """

    words: Words = field(default_factory=dict)
    guesses: Words = field(default_factory=dict)
    fixed_values: Mapping[str, str] = field(default_factory=dict)
    day: str = ""
    columns: tuple[str, ...] = ()
    rows: int = 0
    remarks: tuple[str, ...] = ()

    def as_previous_mapping(self, table: str) -> PreviousMapping:
        """Return the learned mapping in the form of a previous mapping, which has the lowest precedence."""
        form = {"date_form": self.day} if self.day not in ("", ISO_DAY) else {}
        return PreviousMapping(YOUR_EXAMPLE, {table: {**form, "values": self.words}})


def derive_example_mapping(
    lesson: TableLesson | None,
    proposal: TableProposal,
    previous_mappings: Sequence[PreviousMapping],
    withheld_words: Collection[str],
) -> ExampleMapping:
    """Return the mapping entries that a lesson adds to a proposal whose columns are matched."""
    if lesson is None:
        return ExampleMapping()
    learnt_words = {
        name: pairs for name in proposal.matches if (pairs := _learn_words(lesson, proposal, previous_mappings, name))
    }
    shown_words = {name: _showable_pairs(proposal, name, pairs, withheld_words) for name, pairs in learnt_words.items()}
    guesses = {name: _contradicting_pairs(lesson, name, pairs) for name, pairs in shown_words.items()}
    sure_words = {
        name: {word: pairs[word] for word in pairs if word not in guesses[name]} for name, pairs in shown_words.items()
    }
    fits = _day_form_fits(lesson, proposal)
    return ExampleMapping(
        words=sure_words,
        guesses=guesses,
        fixed_values=dict(_fixed_values(lesson, proposal, previous_mappings)),
        day=lesson.day if fits else "",
        columns=tuple(
            name for name, match in proposal.matches.items() if _is_from_example(lesson, name, match.heading)
        ),
        rows=lesson.rows,
        remarks=(
            *_hidden_word_remarks(lesson, learnt_words, shown_words),
            *_contradiction_remarks(lesson, guesses),
            *([] if fits else [_day_form_remark(lesson, proposal)]),
            *(line for previous in previous_mappings for line in _previous_mapping_remarks(lesson, previous)),
        ),
    )


def _is_from_example(lesson: TableLesson, column: str, heading: str) -> bool:
    return column in lesson.sure_matches and lesson.sure_matches[column].heading == heading


def _learn_words(
    lesson: TableLesson, proposal: TableProposal, previous_mappings: Sequence[PreviousMapping], name: str
) -> dict[str, str]:
    """Return the words of a sure column that the example knows and no person wrote, in the export's spelling.

    If nothing of the example is sure, its rows may not be the same records, and no word is learnt.
    """
    match = proposal.matches[name]
    agreement = lesson.pairs.get((name, match.heading))
    if agreement is None or not match.is_sure or not lesson.sure_matches or not has_closed_list(agreement.column):
        return {}
    previous_words = {
        word.strip().casefold()
        for previous in previous_mappings
        for word in previous.translations(lesson.table.name, name)
    }
    words = {word: agreement.words.get(word.casefold(), word) for word in proposal.export.shape(match.heading).values}
    open_words = {
        word: value for word, value in words.items() if word.casefold() not in (value.casefold(), *previous_words)
    }
    return {word: value for word, value in open_words.items() if translation(agreement.column, word) != value}


def _showable_pairs(
    proposal: TableProposal, name: str, learnt: Mapping[str, str], withheld_words: Collection[str]
) -> dict[str, str]:
    column = proposal.table.column(name)
    counts = proposal.export.shape(proposal.matches[name].heading).values
    known = {word for word in counts if is_value(column, word) or translation(column, word) is not None}
    showable = showable_words({word: rows for word, rows in counts.items() if word not in known}, withheld_words)
    return {word: value for word, value in learnt.items() if word in known or word in showable}


def _contradicting_pairs(lesson: TableLesson, name: str, pairs: Mapping[str, str]) -> dict[str, str]:
    column = lesson.table.column(name)
    return {word: value for word, value in pairs.items() if has_other_meaning(column, word, value)}


def _day_form_fits(lesson: TableLesson, proposal: TableProposal) -> bool:
    """Return True if the real export's dates, if there are any, are in the form of the example."""
    kinds = {column.name: column.kind for column in lesson.table.columns}
    dated = [match.heading for name, match in proposal.matches.items() if kinds.get(name) in TIME_KINDS]
    filled = [shape for heading in dated if (shape := proposal.export.shape(heading)).filled]
    forms = [lesson.day, *(lesson.day + clock for clock in (*CLOCKS, *CLOCKS_WITH_ZONE))]
    return not lesson.day or not filled or any(shape.date_form_share(*forms) >= MIN_FIT_SHARE for shape in filled)


def _fixed_values(
    lesson: TableLesson, proposal: TableProposal, previous_mappings: Sequence[PreviousMapping]
) -> Iterator[tuple[str, str]]:
    open_columns = {column.name for column in drafted_columns(lesson.table)} - set(proposal.matches)
    previous_columns = {
        name for previous in previous_mappings for name in previous.tables.get(lesson.table.name, {}).get("fixed", {})
    }
    yield from (
        (name, value) for name, value in lesson.constant_values.items() if name in open_columns - previous_columns
    )


def _hidden_word_remarks(lesson: TableLesson, learnt_words: Words, shown_words: Words) -> Iterator[str]:
    for name, pairs in learnt_words.items():
        hidden_count = len(pairs) - len(shown_words[name])
        if hidden_count:
            yield (
                f"{lesson.table.name}, {name}: {count_phrase(hidden_count, 'word')} of {YOUR_EXAMPLE} not "
                f"written, because they may not be shown: {WHY_HIDDEN}. Write their meaning into the draft."
            )


def _contradiction_remarks(lesson: TableLesson, guesses: Words) -> Iterator[str]:
    for name, pairs in guesses.items():
        if pairs:
            yield (
                f"{lesson.table.name}, {name}: {YOUR_EXAMPLE} contradicts our list in "
                f"{count_phrase(len(pairs), 'word')}, "
                "which are in the draft as guesses."
            )


def _day_form_remark(lesson: TableLesson, proposal: TableProposal) -> str:
    return f"{proposal.export.file}: its dates do not fit {lesson.day}, the form of {YOUR_EXAMPLE}."


def _previous_mapping_remarks(lesson: TableLesson, previous: PreviousMapping) -> Iterator[str]:
    """Return remarks where the example contradicts a mapping that a person wrote; the mapping stays."""
    section = previous.tables.get(lesson.table.name, {})
    precedence = f"This follows {previous.label}."
    for name, heading in section.get("columns", {}).items():
        for line in contradiction_remarks(lesson, name, heading):
            yield f"{line} {precedence}"
    form = section.get("date_form", "")
    if form and lesson.day and form != lesson.day:
        yield f"{lesson.table.name}: {YOUR_EXAMPLE} has days in the form {lesson.day}, and not {form}. {precedence}"
    for name, pairs in section.get("values", {}).items():
        agreement = lesson.pairs.get((name, section.get("columns", {}).get(name, "")))
        known = agreement.words if agreement else {}
        difference_count = sum(known.get(word.strip().casefold(), value) != value for word, value in pairs.items())
        if difference_count:
            words = count_phrase(difference_count, "word")
            yield f"{lesson.table.name}, {name}: {YOUR_EXAMPLE} has another value for {words}. {precedence}"
