"""Save, undo, finish and reopen answers; answers are drafts until they are sealed.

Drafts lose nothing that was typed: an answer without its required reason is saved and reported. A file is finished when
all answers are valid by the rules of `casefiles.rating_validation`, the same as for sheets and tablets.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assay.casefiles.file_assignment import ADJUDICATED
from assay.casefiles.rating_validation import RatingError, ValidatedSheet
from assay.errors import UsageError
from assay.workbench import adjudication, audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.models import DONE, OPEN, RECALLED, Answer, Reading
from assay.workbench.reading_answers import (
    REASON,
    check_answers,
    current_answers,
    reading_questions,
    validate_single_reading,
)

MAX_ANSWER_LENGTH, MAX_REASON_LENGTH = 2000, 4000


class NotPossible(UsageError):
    """Error for an action that is not possible in the current state, with a sentence for the user."""


class Recalled(NotPossible):
    """Error if the file was reassigned to somebody else, so that no answer of its previous reader is saved."""

    def __init__(self) -> None:
        super().__init__(_("This file was assigned to somebody else."))


class AnswerConflict(NotPossible):
    """Error if the question was answered elsewhere after the page was loaded."""

    def __init__(self, message: str, current_answer: Answer) -> None:
        super().__init__(message)
        self.current_answer = current_answer


@dataclass(frozen=True)
class Saved:
    """The result of a save: the current answer, and whether it is new."""

    answer: Answer
    new: bool


def save_answer(reading: Reading, question: str, answer: str, reason: str, displayed_turn: int | None = None) -> Saved:
    """Save an answer as given; an identical answer adds nothing.

    `displayed_turn`: the turn that the page displayed.

    Raises
    ------
    AnswerConflict
        If another turn has replaced it meanwhile.
    """
    answer, reason = " ".join(answer.split()), reason.replace("\r\n", "\n").strip()
    if reading_questions(reading).question(question) is None:
        raise NotPossible(_("There is no such question."))
    if len(answer) > MAX_ANSWER_LENGTH or len(reason) > MAX_REASON_LENGTH:
        raise NotPossible(_("The text is too long. Shorten it."))
    with audit_log.write_lines() as lines:
        locked_reading = _lock_open_reading(reading)
        previous = locked_reading.answers.filter(question=question).last()
        if (previous and (previous.answer, previous.reason) == (answer, reason)) or (
            not previous and not answer and not reason
        ):
            return Saved(previous or Answer(reading=locked_reading, question=question, turn=0), False)
        if previous and displayed_turn is not None and previous.turn != displayed_turn:
            raise AnswerConflict(
                _("This question was answered in another window after you opened this page. Load the page again."),
                previous,
            )
        return Saved(_add_answer(lines, Kind.ANSWERED, locked_reading, question, answer, reason), True)


def undo_answer(reading: Reading) -> Answer:
    """Undo the last change that has not been undone; NotPossible if there is none."""
    with audit_log.write_lines() as lines:
        locked_reading = _lock_open_reading(reading)
        turns = list(locked_reading.answers.all())
        undone_turns = {turn.undoes for turn in turns}
        last = next(
            (turn for turn in reversed(turns) if turn.undoes is None and turn.turn not in undone_turns),
            None,
        )
        if last is None:
            raise NotPossible(_("There is nothing to undo."))
        previous = next(
            (turn for turn in reversed(turns) if turn.question == last.question and turn.turn < last.turn),
            None,
        )
        answer, reason = (previous.answer, previous.reason) if previous else ("", "")
        return _add_answer(lines, Kind.UNDONE, locked_reading, last.question, answer, reason, undoes=last.turn)


def finish_reading(reading: Reading) -> ValidatedSheet:
    """Finish a file if all questions are answered validly, and return the validation result in any case."""
    with audit_log.write_lines() as lines:
        locked_reading = _lock_open_reading(reading)
        validated = validate_reading(locked_reading)
        if validated.open or validated.errors:
            return validated
        locked_reading.state = DONE
        locked_reading.save(update_fields=["state"])
        lines.add(Kind.FINISHED, locked_reading.account.code, reading=locked_reading.id)
        adjudication.assign_adjudicator(lines, locked_reading.file)
        return validated


def reopen_reading(reading: Reading, reason: str) -> None:
    """Reopen a finished file for a reason, until it is sealed."""
    if len(" ".join(reason.split())) < 10:
        raise NotPossible(_("Give the reason in a sentence of at least 10 characters."))
    with audit_log.write_lines() as lines:
        locked_reading = _lock_reading(reading)
        if locked_reading.state != DONE:
            raise NotPossible(_("This file is not finished, or it is already sealed."))
        adjudication_reading = (
            locked_reading.file.readings.filter(round=ADJUDICATED).first()
            if locked_reading.round != ADJUDICATED
            else None
        )
        validated = validate_reading(locked_reading)
        holds = not (validated.errors or validated.open)
        if adjudication_reading and adjudication_reading.opened and holds:
            raise NotPossible(_("Its adjudication has begun, so it can no longer be changed."))
        if adjudication_reading and not adjudication_reading.opened:
            adjudication_reading.delete()
        locked_reading.state = OPEN
        locked_reading.save(update_fields=["state"])
        lines.add(Kind.REOPENED, locked_reading.account.code, reading=locked_reading.id, why=audit_log.digest(reason))


def validate_reading(reading: Reading) -> ValidatedSheet:
    """Return the current answers of a reading, the unanswered questions, and the errors."""
    if reading.round != ADJUDICATED:
        return validate_single_reading(reading)
    questionnaire = reading_questions(reading)
    answers = {key: (item.answer, item.reason) for key, item in current_answers(reading).items()}
    first, second = adjudication.both_ratings(reading.file)
    differing = adjudication.differing_questions(first, second)
    agreed = {item.question: (item.answer, item.reason) for item in first.answers if item.question not in differing}
    validated = check_answers(
        reading, questionnaire, {**agreed, **{key: answers.get(key, ("", "")) for key in differing}}
    )
    decided = tuple(item for item in validated.answers if item.question in differing)
    missing_reasons = [
        RatingError(f"{item.question}{REASON}", _("A decision needs a reason. Write one."))
        for item in decided
        if not item.reason
    ]
    return ValidatedSheet(
        validated.path,
        validated.marker,
        decided,
        validated.open,
        (*validated.errors, *missing_reasons),
        validated.files,
    )


def _lock_open_reading(reading: Reading) -> Reading:
    """Lock and return the reading while it may be answered."""
    locked_reading = _lock_reading(reading)
    if locked_reading.state != OPEN:
        raise NotPossible(_("This file is finished. Open it again before you change an answer."))
    locked_reading.account = reading.account  # as it was read already
    return locked_reading


def _lock_reading(reading: Reading) -> Reading:
    """Lock and return the reading; raise Recalled if it was given to somebody else, perhaps a moment ago."""
    locked_reading: Reading = Reading.everything.select_for_update().get(pk=reading.pk)
    if locked_reading.state == RECALLED:
        raise Recalled
    return locked_reading


def _add_answer(
    lines: audit_log.Writer,
    kind: Kind,
    locked_reading: Reading,
    question: str,
    answer: str,
    reason: str,
    undoes: int | None = None,
) -> Answer:
    turn = locked_reading.answers.count() + 1
    answer_hash = audit_log.digest(locked_reading.id, question, turn, answer, reason)
    event = lines.add(
        kind, locked_reading.account.code, reading=locked_reading.id, question=question, turn=turn, says=answer_hash
    )
    saved_answer: Answer = Answer.objects.create(
        reading=locked_reading, question=question, turn=turn, answer=answer, reason=reason, event=event, undoes=undoes
    )
    return saved_answer
