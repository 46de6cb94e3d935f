"""Summary for the terminal after the check of an extract: what it contains, the key figures, and what to do next."""

from __future__ import annotations

from assay.wording import count_phrase
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.extract_letter import UNUSED, USED, WAITING, column_uses, first_corrections
from assay.workflows.check.extract_page import period_sentence, question_sentence
from assay.workflows.check.extract_questions import best_columns, question_answers, question_texts
from assay.workflows.check.key_figures import key_figures, unanswered
from assay.workflows.check.records_to_review import records_to_review

WHAT_TO_ADD = "  The page says for each what to add to the extract."


def check_summary(extract: CheckedExtract) -> list[str]:
    """Return the summary of a check as lines for a terminal."""
    figures = [figure.sentence for figure in key_figures(extract.counts, extract.records) if figure.is_asked]
    labels = [figure.label for figure in unanswered(extract.counts, extract.records)]
    reviews = [review.sentence for review in records_to_review(extract.records)]
    return [
        f"{extract.force_name or extract.name}: {period_sentence(extract)}",
        *(f"  {sentence}" for sentence in figures),
        *(["Look at again:", *(f"  {sentence}." for sentence in reviews)] if reviews else []),
        _columns_sentence(extract),
        *(f"  {sentence}" for sentence in first_corrections(extract)),
        *extract.refusals,
        *([f"Cannot be answered from this extract: {'; '.join(labels)}.", WHAT_TO_ADD] if labels else []),
        question_sentence(question_answers(extract.supplied)),
        "Adding these three columns would let you answer the most questions:",
        *(
            f"  {gain.column}: {question_texts(gain.questions) or 'none by itself'}"
            for gain in best_columns(extract.supplied)
        ),
    ]


def _columns_sentence(extract: CheckedExtract) -> str:
    uses = [use.use for sheet in extract.sheets for use in column_uses(extract, sheet)]
    waiting = count_phrase(uses.count(WAITING), "waits for you", "wait for you")
    return f"{count_phrase(len(uses), 'column')}: {uses.count(USED)} used, {waiting}, {uses.count(UNUSED)} not used."
