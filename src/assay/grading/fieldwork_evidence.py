"""What do interviews, focus groups and observations say of a characteristic, of people inside and of partners?

Whoever was there was chosen, not drawn: answers are counted, by the rule for voices, and no share is made of them
(decision 0050). A note that nobody marked shows that somebody was asked, and not which way it points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.fieldwork_plan import PLANNED, planned_of
from assay.casefiles.file_allocation import marks_of
from assay.casefiles.ratings import standing
from assay.casefiles.sample_results import answers_to
from assay.contract.question_sets import MET_ANSWER, NOT_MET_ANSWER, PARTLY, Question
from assay.engine.provenance.stage_folders import stages_in
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_strands import CANNOT_TELL, Strand, by_count
from assay.indicators.fieldwork_question_sets import fieldwork_sets, side_of
from assay.wording import counted


@dataclass(frozen=True)
class Visit:
    """One answer to one question of an interview, a focus group or an observation; '' where only a note was taken.

    `side`: of which strand whoever was there is; `asks`: the questions of the commission, Q1 to Q50, that it serves.
    """

    ref: str
    place: str
    side: str
    question: str
    text: str
    asks: tuple[str, ...]
    answer: str = ""


def marked(folder: Path) -> Iterator[Visit]:
    """Every answer that was sealed, of every list that was written."""
    for key in stages_in(folder / PLANNED):
        for one in fieldwork_sets().values():
            marks = standing(marks_of(folder, key, one.key))
            sides = {there.pair: side_of(there.role) for there in planned_of(folder, key, one.subject)} if marks else {}
            for question in (each for each in one.questions if not each.graded):
                for pair, answer in answers_to(marks, question.key).items():
                    yield _visit(pair[1], pair[0], sides.get(pair, ""), question, answer)


def noted(notes: Iterable[dict[str, str]]) -> Iterator[Visit]:
    """Every note that was heard, from the accepted rows; its words are not read."""
    questions = {each.key: each for one in fieldwork_sets().values() for each in one.questions}
    for row in notes:
        key, side = row["question"], side_of(row["role_of_person"])
        if key in questions:
            yield _visit(row["fieldwork_ref"], row["place_code"], side, questions[key], "")
        else:
            yield Visit(row["fieldwork_ref"], row["place_code"], side, key, f"{key}:", (key,))


def parts(kind: str, asked: Sequence[str], visits: Iterable[Visit], place: str) -> list[Strand]:
    """One part for each question that serves one of `asked` and was put to this strand's people in this place."""
    mine: dict[str, list[Visit]] = {}
    for one in visits:
        if one.side == kind and place in (EVERYWHERE, one.place) and set(one.asks) & set(asked):
            mine.setdefault(one.question, []).append(one)
    return [_part(kind, held) for held in mine.values()]


def _part(kind: str, held: Sequence[Visit]) -> Strand:
    answers = Counter(one.answer for one in held if one.answer)
    told = sum(answers[one] for one in (MET_ANSWER, PARTLY, NOT_MET_ANSWER))
    rests_on = tuple(sorted({one.ref for one in held}))
    if not told:
        many = len(rests_on)
        says = f"{held[0].text} {counted(many, 'visit was', 'visits were')} noted on it, and none tells which way."
        return Strand(kind, CANNOT_TELL, says, rests_on, told=many)
    met, partly, none = (answers[one] for one in (MET_ANSWER, PARTLY, NOT_MET_ANSWER))
    visits = counted(told, "interview, group or observation", "interviews, groups or observations")
    says = f"{held[0].text} Of {visits} that tell, {met} say so, {partly} in part, {none} not."
    return Strand(kind, by_count(met, none), says, rests_on, told=told)


def _visit(ref: str, place: str, side: str, question: Question, answer: str) -> Visit:
    return Visit(ref, place, side, question.key, question.text, tuple(question.asks.split("|")), answer)
