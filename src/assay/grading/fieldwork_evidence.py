"""Evidence from interviews, focus groups and observations.

The people were selected and not randomly sampled, so answers are counted by the rule for voices, and no share is
computed (decision 0050). A note that was not rated shows that somebody was asked, but not in which direction it points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.fieldwork_plan import PLANNED, planned_of
from assay.casefiles.file_allocation import sample_ratings
from assay.casefiles.ratings import current_ratings
from assay.casefiles.sample_results import answers_to
from assay.contract.question_sets import MET_ANSWER, NOT_MET_ANSWER, PARTLY_MET_ANSWER, Question
from assay.engine.provenance.stage_folders import list_stages
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_sources import CANNOT_TELL, EvidenceSource, verdict_by_count
from assay.indicators.fieldwork_question_sets import fieldwork_sets, role_side
from assay.ingest.other_senders.sender_rows import FieldworkNotesRow
from assay.wording import count_phrase


@dataclass(frozen=True)
class Visit:
    """One answer to one question of an interview, a focus group or an observation.

    Parameters
    ----------
    side
        The source of evidence to which the people belong.
    asks
        The questions of the commission (Q1 to Q50) that the question serves.
    answer
        '' if there is only a note.
    """

    ref: str
    place: str
    side: str
    question: str
    text: str
    asks: tuple[str, ...]
    answer: str = ""


def rated_visits(folder: Path) -> Iterator[Visit]:
    """Yield every submitted answer to a fieldwork question."""
    for key in list_stages(folder / PLANNED):
        for question_set in fieldwork_sets().values():
            ratings = current_ratings(sample_ratings(folder, key, question_set.key))
            sides = (
                {
                    planned_visit.pair: role_side(planned_visit.role)
                    for planned_visit in planned_of(folder, key, question_set.subject)
                }
                if ratings
                else {}
            )
            for question in (candidate for candidate in question_set.questions if not candidate.is_graded):
                for pair, answer in answers_to(ratings, question.key).items():
                    yield _visit(pair[1], pair[0], sides.get(pair, ""), question, answer)


def note_visits(notes: Iterable[FieldworkNotesRow]) -> Iterator[Visit]:
    """Yield a visit for each accepted field note, without reading the text of the note."""
    questions = {
        question.key: question for question_set in fieldwork_sets().values() for question in question_set.questions
    }
    for row in notes:
        key, side = row["question"], role_side(row["role_of_person"])
        if key in questions:
            yield _visit(row["fieldwork_ref"], row["place_code"], side, questions[key], "")
        else:
            yield Visit(row["fieldwork_ref"], row["place_code"], side, key, f"{key}:", (key,))


def fieldwork_parts(
    kind: str, question_keys: Sequence[str], visits: Iterable[Visit], place: str
) -> list[EvidenceSource]:
    """Return one source of evidence for each fieldwork question on these inspection questions that was asked here."""
    visits_by_question: dict[str, list[Visit]] = {}
    for visit in visits:
        if visit.side == kind and place in (EVERYWHERE, visit.place) and set(visit.asks) & set(question_keys):
            visits_by_question.setdefault(visit.question, []).append(visit)
    return [_question_part(kind, question_visits) for question_visits in visits_by_question.values()]


def _question_part(kind: str, question_visits: Sequence[Visit]) -> EvidenceSource:
    answers = Counter(item.answer for item in question_visits if item.answer)
    answered = sum(answers[item] for item in (MET_ANSWER, PARTLY_MET_ANSWER, NOT_MET_ANSWER))
    evidence_keys = tuple(sorted({item.ref for item in question_visits}))
    if not answered:
        number = len(evidence_keys)
        text = (
            f"{question_visits[0].text} {count_phrase(number, 'visit was', 'visits were')} noted on it, and "
            f"none tells which way."
        )
        return EvidenceSource(kind, CANNOT_TELL, text, evidence_keys, n_respondents=number)
    met, partly, none = (answers[item] for item in (MET_ANSWER, PARTLY_MET_ANSWER, NOT_MET_ANSWER))
    visits = count_phrase(answered, "interview, group or observation", "interviews, groups or observations")
    text = f"{question_visits[0].text} Of {visits} that tell, {met} say so, {partly} in part, {none} not."
    return EvidenceSource(kind, verdict_by_count(met, none), text, evidence_keys, n_respondents=answered)


def _visit(ref: str, place: str, side: str, question: Question, answer: str) -> Visit:
    return Visit(ref, place, side, question.key, question.text, tuple(question.asks.split("|")), answer)
