"""Evidence from surveys of staff and partners, and from the accounts of victims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from assay.casefiles.surveys.questionnaire_forms import Questionnaire
from assay.casefiles.surveys.survey_results import SurveyResult
from assay.grading.evidence_links import EvidenceLink, evidence_links
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_sources import CANNOT_TELL, EvidenceSource, verdict_by_count, verdict_by_interval
from assay.wording import count_phrase, percent_interval

Row = Mapping[str, Any]


def survey_parts(
    kind: str, question_keys: Sequence[str], survey: Questionnaire, results: Sequence[SurveyResult], place: str
) -> list[EvidenceSource]:
    """Return the evidence of each survey question that was answered in this place."""
    parts = []
    for question in survey.questions:
        options = [result for result in results if (result.place, result.question) == (place, question.key)]
        if question.key in question_keys and any(option.people for option in options):
            parts.append(_question_part(kind, question.text, options))
    return parts


def _question_part(kind: str, text: str, options: Sequence[SurveyResult]) -> EvidenceSource:
    positive = [item for item in options if item.option in evidence_links().positive_options]
    negative = [item for item in options if item.option not in evidence_links().positive_options]
    people, answered, refs = sum(item.people for item in positive), options[0].answered, (options[0].question,)
    sentence = f"{text} {people} of {answered} who answered say so"
    intervals = [(item.low, item.high) for item in (*positive, *negative)]
    if any(low is None or high is None for low, high in intervals):
        sentence = f"{sentence}; nobody knows of how many, so there is no share."
        return EvidenceSource(kind, CANNOT_TELL, sentence, refs, n_respondents=answered)
    # The share of the positive options can be bounded from their own intervals, and from those of the negative options.
    # Neither holds every value that the data allow, so the interval is the union of both.
    low = max(0.0, min(_total(positive, "low"), 1 - _total(negative, "high")))
    high = min(1.0, max(_total(positive, "high"), 1 - _total(negative, "low")))
    sentence = f"{sentence}; of all, {percent_interval(low, high)}."
    return EvidenceSource(kind, verdict_by_interval(low, high), sentence, refs, n_respondents=answered)


def _total(options: Sequence[SurveyResult], bound: Literal["low", "high"]) -> float:
    """Return the sum of one bound of the intervals of options, which all have an interval."""
    return sum(float(getattr(option, bound)) for option in options)


def voice_parts(link: EvidenceLink, themes: Sequence[Row], voices: Sequence[Row], place: str) -> list[EvidenceSource]:
    """Return the evidence for and against in victims' statements about one place; none if nobody was asked there.

    Each side counts by the theme that most people raised. A person can raise several, so themes cannot be added.
    """
    if not (link.said_for or link.said_against) or not _rows_of_place(place, voices):
        return []
    words = {row["theme"]: row["theme_words"] for row in themes}
    people = Counter[str]()
    for row in _rows_of_place(place, themes):
        people[row["theme"]] += row["people"]
    sides = [
        max(((people[side_theme], side_theme) for side_theme in side), default=(0, ""))
        for side in (link.said_for, link.said_against)
    ]
    theme_texts = [f"{count_phrase(number, 'person', 'people')}: {words[theme]}" for number, theme in sides if number]
    refs = tuple(sorted({row["voice"] for row in _rows_of_place(place, voices)}))
    text = f"Brought up by {'; by '.join(theme_texts)}." if theme_texts else "Asked, and nobody brought it up."
    return [EvidenceSource("victims", verdict_by_count(sides[0][0], sides[1][0]), text, refs)]


def _rows_of_place(place: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of one force, or all rows for all forces together."""
    return [row for row in rows if place in (EVERYWHERE, row["place_code"])]
