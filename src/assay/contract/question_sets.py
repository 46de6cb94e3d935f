"""Questions that reviewers answer about a case file: wording, permitted answers, and answers that need a reason.

A question set is fixed once a file was rated with it: its version and checksum are stored with every rating, so that no
estimate mixes answers to two wordings. `question_set_problems` reports errors in a set before anybody uses it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property

MET_ANSWER, PARTLY_MET_ANSWER, NOT_MET_ANSWER = "met", "partly_met", "not_met"
NOT_ENOUGH, NOT_APPLICABLE = "not_enough_evidence", "not_applicable"
ANSWERS = (MET_ANSWER, PARTLY_MET_ANSWER, NOT_MET_ANSWER, NOT_ENOUGH, NOT_APPLICABLE)
GRADES = ("good", "requires_improvement", "inadequate")
OVERALL_KEY = re.compile(r"(^|[^a-z])overall$")
"""A question with this key suffix is answered by a grade (return contract, rule R55)."""
KEY_PATTERN = re.compile(r"[a-z][a-z0-9_]{2,40}")
WHOLE_NUMBER = re.compile(r"([0-9]{1,6})(\.0+)?")
"""A whole number as a rater or a spreadsheet writes it, such as 12 or 12.0."""
EMPTY_LIST_ANSWER = "none"
"""The answer for an empty list."""


@dataclass(frozen=True)
class Question:
    """One question about a case file.

    `asks`: the questions of the commission that it serves (Q1 to Q50); `stage`: the stage of the case; `guidance`: what
    to look for; `welsh`: the question in Welsh, or '' until it is translated.
    """

    key: str
    text: str
    asks: str
    stage: str
    guidance: str = ""
    welsh: str = ""
    reason_for: tuple[str, ...] = (PARTLY_MET_ANSWER, NOT_MET_ANSWER)

    @property
    def is_graded(self) -> bool:
        """Return True if it is answered by a grade."""
        return bool(OVERALL_KEY.search(self.key))

    @property
    def has_ladder_answer(self) -> bool:
        """Return True if the answer is a category such as met or not met, so that a share of files can be estimated."""
        return True

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the permitted answers, as words."""
        return GRADES if self.is_graded else ANSWERS

    @property
    def answer_hint(self) -> str:
        """Return the permitted answers, as the answer sheet prints them beside the question."""
        return ", ".join(self.answers)

    def parse_answer(self, text: str) -> str | None:
        """Return the text as a stored answer; None if it is not an answer to this question."""
        return text if text in self.answers else None

    def needs_reason(self, answer: str) -> bool:
        """Return True if this answer needs a reason: a grade, or one listed in `reason_for`."""
        return self.is_graded or answer in self.reason_for


@dataclass(frozen=True)
class CountQuestion(Question):
    """A question that is answered with a whole number.

    `part_of`: the key of the question that counts its whole. The number is then at most that one's, and the two
    form a ratio: the sum of all parts divided by the sum of all wholes. `ratio`: the name of that ratio; `limits`: what
    it cannot show.
    """

    reason_for: tuple[str, ...] = ()
    part_of: str = ""
    ratio: str = ""
    limits: str = ""

    @property
    def has_ladder_answer(self) -> bool:
        """Return False: the answer is a number, not a category."""
        return False

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the words that may be given in place of a number."""
        return (NOT_ENOUGH,)

    @property
    def answer_hint(self) -> str:
        """Return the permitted answers, as the sheet prints them beside the question."""
        upper_limit = f", at most {self.part_of}" if self.part_of else ""
        return f"a whole number{upper_limit}; or {NOT_ENOUGH}"

    def parse_answer(self, text: str) -> str | None:
        """Return the answer if it is a whole number (no leading zeros) or the word for not known; otherwise None."""
        number = WHOLE_NUMBER.fullmatch(text)
        return str(int(number[1])) if number else super().parse_answer(text)


@dataclass(frozen=True)
class ListQuestion(Question):
    """A question that is answered with a list of references from the file.

    `lists`: the kind of person to list. It is the last question of its set, after the overall question.
    """

    reason_for: tuple[str, ...] = ()
    lists: str = "suspects"

    @property
    def has_ladder_answer(self) -> bool:
        """Return False: the answer is a list of references, not a category."""
        return False

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the words that may be given in place of references."""
        return (EMPTY_LIST_ANSWER, NOT_ENOUGH)

    @property
    def answer_hint(self) -> str:
        """Return the permitted answers, as the sheet prints them beside the question."""
        return f"references of {self.lists}, commas or spaces between them; or {EMPTY_LIST_ANSWER}; or {NOT_ENOUGH}"

    def parse_answer(self, text: str) -> str | None:
        """Return the references separated by single commas; the caller checks whether they are known."""
        return ", ".join(text.replace(",", " ").split()) or None

    def parse_references(self, text: str, known: Collection[str]) -> tuple[tuple[str, ...], int]:
        """Return the known references in the text, sorted, and the number of unknown ones."""
        parts = [" ".join(part.split()) for part in text.split(",")]
        references = [reference for part in parts for reference in ([part] if part in known else part.split())]
        references = [
            reference if reference in known else reference.removesuffix(".0") for reference in references
        ]  # a number, as a spreadsheet saves it
        return tuple(sorted(set(references) & set(known))), len(set(references) - set(known))


@dataclass(frozen=True)
class QuestionSet:
    """Questions about one kind of subject ('crime', 'child', 'suspect', 'group'), with a version."""

    key: str
    version: str
    title: str
    subject: str
    line: str
    questions: tuple[Question, ...]

    @cached_property
    def checksum(self) -> str:
        """Return the SHA-256 of the whole set as 64 hexadecimal digits; one changed word gives another checksum."""
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    def question(self, key: str) -> Question | None:
        """Return the question with this key, or None."""
        return next((question for question in self.questions if question.key == key), None)

    @property
    def list_questions(self) -> tuple[ListQuestion, ...]:
        """Return the questions that are answered with references."""
        return tuple(question for question in self.questions if isinstance(question, ListQuestion))

    @property
    def ratios(self) -> tuple[tuple[CountQuestion, Question], ...]:
        """Return each ratio of the set: the question that counts the part, and the question that counts the whole."""
        parts = [question for question in self.questions if isinstance(question, CountQuestion) and question.part_of]
        return tuple((question, whole) for question in parts if (whole := self.question(question.part_of)))


def question_set_problems(question_set: QuestionSet) -> Iterator[str]:
    """Yield a sentence for each error in a question set; none if the set is fit for use."""
    keys = [question.key for question in question_set.questions]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"{question_set.key}: {key} occurs twice."
    for question in question_set.questions:
        if not KEY_PATTERN.fullmatch(question.key):
            yield (
                f"{question_set.key}: {question.key!r} is no key; small letters, digits and underscores, 3 to 41 of "
                "them."
            )
        if not question.text.endswith("?"):
            yield f"{question_set.key}, {question.key}: a question ends with a question mark."
        if not question.asks:
            yield f"{question_set.key}, {question.key}: say which question of the commission it serves."
        if set(question.reason_for) - set(question.answers) and not question.is_graded:
            yield f"{question_set.key}, {question.key}: a reason is asked for an answer that cannot be given."
        if isinstance(question, CountQuestion):
            yield from _count_problems(question_set, question)
    file_questions = question_set.questions[: len(question_set.questions) - len(question_set.list_questions)]
    if set(file_questions) & set(question_set.list_questions):
        yield f"{question_set.key}: a list closes its set, after the overall question."
    if not question_set.questions:
        yield f"{question_set.key}: it asks nothing."
    elif not file_questions or not file_questions[-1].is_graded:
        yield f"{question_set.key}: the last question is the overall one, asked when everything else has been answered."


def _count_problems(question_set: QuestionSet, question: CountQuestion) -> Iterator[str]:
    if question.is_graded:
        yield f"{question_set.key}, {question.key}: an overall question is answered by a grade, not by a number."
    before = question_set.questions[: question_set.questions.index(question)]
    whole = next((other for other in before if other.key == question.part_of), None)
    if question.part_of and (not isinstance(whole, CountQuestion) or whole.part_of):
        yield (
            f"{question_set.key}, {question.key}: what it is a part of is counted by a question before it, and is no "
            "part itself."
        )
    if question.part_of and not (question.ratio and question.limits):
        yield f"{question_set.key}, {question.key}: say what its ratio is called, and what it cannot tell."
