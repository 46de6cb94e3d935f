"""What does an answer do, an undoing, a finish, a reopening?

Answers are drafts until they are sealed, so that nothing typed is lost: one that lacks its reason is kept, and told.
A file is finished when everything holds by the rules of `casefiles.rating_validation`, the same as for sheets and
tablets.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assay.casefiles.file_assignment import ADJUDICATED
from assay.casefiles.rating_validation import Fault, Read
from assay.errors import UsageError
from assay.workbench import adjudication, audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.models import DONE, OPEN, RECALLED, Answer, Reading
from assay.workbench.reading_answers import REASON, asked_of, checked, read_alone, standing

LONGEST, LONGEST_REASON = 2000, 4000


class NotNow(UsageError):
    """It cannot be done as things stand: a sentence for whoever asked."""


class Recalled(NotNow):
    """The file was given to somebody else, so nothing is kept of it from its reader of before."""

    def __init__(self) -> None:
        super().__init__(_("This file was given to somebody else."))


class Meanwhile(NotNow):
    """The question was answered somewhere else after the page was loaded; `standing`: what stands there now."""

    def __init__(self, said: str, standing: Answer) -> None:
        super().__init__(said)
        self.standing = standing


@dataclass(frozen=True)
class Saved:
    """What stands after a save: the answer, and whether it is new."""

    answer: Answer
    new: bool


def save(reading: Reading, question: str, answer: str, reason: str, seen: int | None = None) -> Saved:
    """Keep an answer as it was given. The same again adds nothing, so a request that is sent twice does no harm.
    `seen`: the turn that stood on the page when it was given; Meanwhile where another has taken its place."""
    answer, reason = " ".join(answer.split()), reason.replace("\r\n", "\n").strip()
    if asked_of(reading).question(question) is None:
        raise NotNow(_("There is no such question."))
    if len(answer) > LONGEST or len(reason) > LONGEST_REASON:
        raise NotNow(_("That is too long to be kept. Shorten it."))
    with audit_log.writing() as lines:
        held = _held(reading)
        old = held.answers.filter(question=question).last()
        if (old and (old.answer, old.reason) == (answer, reason)) or (not old and not answer and not reason):
            return Saved(old or Answer(reading=held, question=question, turn=0), False)
        if old and seen is not None and old.turn != seen:
            raise Meanwhile(_("This question was answered in another window after you opened this page."), old)
        return Saved(_add(lines, Kind.ANSWERED, held, question, answer, reason), True)


def undo(reading: Reading) -> Answer:
    """Take the last change back that was not taken back yet; NotNow where there is none."""
    with audit_log.writing() as lines:
        held = _held(reading)
        turns = list(held.answers.all())
        gone = {one.undoes for one in turns}
        last = next((one for one in reversed(turns) if one.undoes is None and one.turn not in gone), None)
        if last is None:
            raise NotNow(_("There is nothing to undo."))
        old = next((one for one in reversed(turns) if one.question == last.question and one.turn < last.turn), None)
        answer, reason = (old.answer, old.reason) if old else ("", "")
        return _add(lines, Kind.UNDONE, held, last.question, answer, reason, undoes=last.turn)


def finish(reading: Reading) -> Read:
    """Say that a file is finished, if nothing is open and nothing wrong; what was found, either way."""
    with audit_log.writing() as lines:
        held = _held(reading)
        found = read(held)
        if found.open or found.faults:
            return found
        held.state = DONE
        held.save(update_fields=["state"])
        lines.add(Kind.FINISHED, held.account.code, reading=held.id)
        adjudication.give(lines, held.file)
        return found


def reopen(reading: Reading, reason: str) -> None:
    """Open a finished file again, until it is sealed; a reason is needed. Once its adjudication has begun, only
    where it no longer holds by the rules: it could never be sealed otherwise, and what was decided stays."""
    if len(" ".join(reason.split())) < 10:
        raise NotNow(_("Say why in a sentence of at least 10 characters."))
    with audit_log.writing() as lines:
        held = _locked(reading)
        if held.state != DONE:
            raise NotNow(_("This file is not finished, or is sealed already."))
        judged = held.file.readings.filter(round=ADJUDICATED).first() if held.round != ADJUDICATED else None
        found = read(held)
        holds = not (found.faults or found.open)
        if judged and judged.opened and holds:
            raise NotNow(_("Its adjudication has begun, so it stays as it is."))
        if judged and not judged.opened:
            judged.delete()
        held.state = OPEN
        held.save(update_fields=["state"])
        lines.add(Kind.REOPENED, held.account.code, reading=held.id, why=audit_log.digest(reason))


def read(reading: Reading) -> Read:
    """What counts of a reading, what is still open, and what is wrong, by the rules of sheets and tablets."""
    if reading.round != ADJUDICATED:
        return read_alone(reading)
    asked, answers = asked_of(reading), {key: (one.answer, one.reason) for key, one in standing(reading).items()}
    first, second = adjudication.both(reading.file)
    apart = adjudication.apart(first, second)
    agreed = {one.question: (one.answer, one.reason) for one in first.answers if one.question not in apart}
    found = checked(reading, asked, {**agreed, **{key: answers.get(key, ("", "")) for key in apart}})
    kept = tuple(one for one in found.answers if one.question in apart)
    bare = [Fault(f"{one.question}{REASON}", _("A decision stands only with a reason. Write it.")) for one in kept
            if not one.reason]  # fmt: skip
    return Read(found.path, found.marker, kept, found.open, (*found.faults, *bare), found.files)


def _held(reading: Reading) -> Reading:
    """The reading, locked, as long as it may be answered."""
    held = _locked(reading)
    if held.state != OPEN:
        raise NotNow(_("This file is finished. Open it again before you change an answer."))
    held.account = reading.account  # as it was read already
    return held


def _locked(reading: Reading) -> Reading:
    """The reading, locked; Recalled where it was given to somebody else, perhaps a moment ago."""
    held: Reading = Reading.everything.select_for_update().get(pk=reading.pk)
    if held.state == RECALLED:
        raise Recalled
    return held


def _add(
    lines: audit_log.Writer,
    kind: Kind,
    held: Reading,
    question: str,
    answer: str,
    reason: str,
    undoes: int | None = None,
) -> Answer:
    turn = held.answers.count() + 1
    told = audit_log.digest(held.id, question, turn, answer, reason)
    event = lines.add(kind, held.account.code, reading=held.id, question=question, turn=turn, says=told)
    made: Answer = Answer.objects.create(
        reading=held, question=question, turn=turn, answer=answer, reason=reason, event=event, undoes=undoes
    )
    return made
