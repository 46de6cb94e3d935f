"""What do people inside, partners and victims say of a characteristic: in a survey, and in their own words?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assay.casefiles.surveys.questionnaire_forms import Questionnaire
from assay.grading.strand_links import Tie, ties
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_strands import CANNOT_TELL, Strand, by_count, by_line
from assay.wording import counted, percents

Row = Mapping[str, Any]


def from_survey(
    kind: str, asked: Sequence[str], survey: Questionnaire, results: Sequence[Row], place: str
) -> list[Strand]:
    """One part for each question of `asked` that anybody of this place answered; `results` as the survey keeps them."""
    found = []
    for question in survey.questions:
        mine = [row for row in results if row["place_code"] == place and row["question"] == question.key]
        if question.key in asked and any(row["people"] for row in mine):
            found.append(_answered(kind, question.text, mine))
    return found


def _answered(kind: str, text: str, rows: Sequence[Row]) -> Strand:
    wanted = [row for row in rows if row["option"] in ties().wanted]
    others = [row for row in rows if row["option"] not in ties().wanted]
    people, answered = sum(row["people"] for row in wanted), rows[0]["answered"]
    says = f"{text} {people} of {answered} who answered say so"
    if any(row["low"] is None for row in rows):
        says = f"{says}; nobody knows of how many, so there is no share."
        return Strand(kind, CANNOT_TELL, says, (rows[0]["question"],), told=answered)
    # Intervals of several options do not add up exactly: the wider of both ways round is never too sure.
    low = max(0.0, sum(row["low"] for row in wanted), 1 - sum(row["high"] for row in others))
    high = min(1.0, sum(row["high"] for row in wanted), 1 - sum(row["low"] for row in others))
    low, high = min(low, high), max(low, high)
    says = f"{says}; of all, {percents(low, high)}."
    return Strand(kind, by_line(low, high), says, (rows[0]["question"],), told=answered)


def from_voices(tie: Tie, themes: Sequence[Row], asked: Sequence[Row], place: str) -> list[Strand]:
    """One part for what was brought up in one place for and against; none where nobody was asked there.

    Each side counts as its one theme that most brought up: a person may bring up several, so themes do not add up.
    """
    if not (tie.said_for or tie.said_against) or not _of(place, asked):
        return []
    words = {row["theme"]: row["theme_words"] for row in themes}
    people = Counter[str]()
    for row in _of(place, themes):
        people[row["theme"]] += row["people"]
    sides = [max(((people[one], one) for one in side), default=(0, "")) for side in (tie.said_for, tie.said_against)]
    told = [f"{counted(number, 'person', 'people')}: {words[theme]}" for number, theme in sides if number]
    refs = tuple(sorted({row["voice"] for row in _of(place, asked)}))
    says = f"Brought up by {'; by '.join(told)}." if told else "Asked, and nobody brought it up."
    return [Strand("victims", by_count(sides[0][0], sides[1][0]), says, refs)]


def _of(place: str, rows: Sequence[Row]) -> list[Row]:
    """Rows of one force, and for all together every row; what was asked across forces is of no one of them."""
    return [row for row in rows if place in (EVERYWHERE, row["place_code"])]
