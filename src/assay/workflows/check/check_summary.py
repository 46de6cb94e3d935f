"""Summary for the terminal after the check of an extract: what it contains, the key figures, and what to do next."""

from __future__ import annotations

from assay.wording import count_phrase, verb_phrase
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.columns_to_confirm import (
    HOW_TO_CONFIRM,
    NONE_ALONE,
    answerable_in_order,
    columns_to_add,
    columns_to_confirm,
    columns_to_use,
    order_word,
)
from assay.workflows.check.columns_to_verify import HOW_TO_CORRECT, columns_to_verify
from assay.workflows.check.extract_letter import first_corrections
from assay.workflows.check.extract_page import period_sentence, question_sentence
from assay.workflows.check.extract_questions import question_answers, question_texts
from assay.workflows.check.key_figures import key_figures, unanswered
from assay.workflows.check.missing_facts import waits_for_confirmation
from assay.workflows.check.records_to_review import records_to_review
from assay.workflows.check.sent_columns import columns_sentence

MAX_VERIFIED = 5
"""Columns to verify that the terminal names; the letter has all."""
WHAT_TO_ADD = "  The page says for each what to add to the extract."


def check_summary(extract: CheckedExtract) -> list[str]:
    """Return the summary of a check as lines for a terminal."""
    figures = [figure.sentence for figure in key_figures(extract.counts, extract.records) if figure.is_asked]
    reviews = [review.sentence for review in records_to_review(extract.records)]
    return [
        f"{extract.force_name or _subject(extract)}: {period_sentence(extract)}",
        *(f"  {sentence}" for sentence in figures),
        *(["Look at again:", *(f"  {sentence}." for sentence in reviews)] if reviews else []),
        columns_sentence(extract),
        *_verification_lines(extract),
        *(f"  {sentence}" for sentence in first_corrections(extract)),
        *extract.refusals,
        *_unanswered_lines(extract),
        question_sentence(question_answers(extract.supplied)),
        *_confirmation_lines(extract),
        *_use_lines(extract),
        *_addition_lines(extract),
    ]


def _verification_lines(extract: CheckedExtract) -> list[str]:
    """Return the columns that were read for a need that their headings do not name."""
    columns = columns_to_verify(extract)
    if not columns:
        return []
    more = len(columns) - MAX_VERIFIED
    rest = [f"  {more} more {verb_phrase(more, 'are')} in the letter."] if more > 0 else []
    sentences = [f"  {column.sentence}" for column in columns[:MAX_VERIFIED]]
    return [f"Verify what was read from these columns. {HOW_TO_CORRECT}", *sentences, *rest]


def _subject(extract: CheckedExtract) -> str:
    return f"The extract {extract.name}" if extract.name.startswith("in the folder") else extract.name


def _unanswered_lines(extract: CheckedExtract) -> list[str]:
    """Return the figures that only wait for a column to be confirmed, and those for which a column is missing."""
    figures = unanswered(extract.counts, extract.records)
    waiting = [figure.label for figure in figures if waits_for_confirmation(figure.key, extract.contents)]
    absent = [figure.label for figure in figures if not waits_for_confirmation(figure.key, extract.contents)]
    return [
        *([f"Cannot be answered until a column is confirmed: {'; '.join(waiting)}."] if waiting else []),
        *([f"Cannot be answered from this extract: {'; '.join(absent)}.", WHAT_TO_ADD] if absent else []),
    ]


def _confirmation_lines(extract: CheckedExtract) -> list[str]:
    """Return what each waiting column may be, how it is confirmed, and the command that follows."""
    columns = columns_to_confirm(extract)
    if not columns:
        return []
    sentences = [f"  {column.sentence}" for column in columns]
    return [
        "Confirm first, because these columns are in your extract:",
        *sentences,
        HOW_TO_CONFIRM,
        f"  Then: {extract.command}",
    ]


def _use_lines(extract: CheckedExtract) -> list[str]:
    """Return the columns of the extract that were not read and would answer most questions, with what to do."""
    columns = columns_to_use(extract)
    if not columns:
        return []
    sentences = [f"  {column.sentence} Questions: {question_texts(column.questions)}" for column in columns]
    return ["Use first, because these columns are in your extract, and were not read:", *sentences]


def _addition_lines(extract: CheckedExtract) -> list[str]:
    """Return the columns to add in their order, with the questions that each helps to answer after those before."""
    gains = columns_to_add(extract)
    if not gains:
        return []
    unread = columns_to_use(extract)
    n_answerable = answerable_in_order(extract, [*(column.need for column in unread), *(gain.need for gain in gains)])[
        -1
    ]
    used = " once the columns above are used" if unread or extract.plan.waiting else ""
    return [
        f"{_adding_phrase(len(gains))} would let you answer the most questions:",
        *(
            f"  {order_word(number)} {gain.column}: {question_texts(gain.questions) or NONE_ALONE}"
            for number, gain in enumerate(gains)
        ),
        f"  After the last, {count_phrase(n_answerable, 'question')} can be answered in full or in part{used}.",
    ]


def _adding_phrase(n_columns: int) -> str:
    """Return 'Adding this column' for one, and 'Added in this order, these three columns' for several."""
    return "Adding this column" if n_columns == 1 else f"Added in this order, these {NUMBER_WORDS[n_columns]} columns"


NUMBER_WORDS = {2: "two", 3: "three"}
