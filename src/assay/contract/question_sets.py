"""What is asked of whoever reads a file: which questions, with which answers, and where must a reason stand?

A question set is fixed once it is marked: its version and its checksum go with every mark, so that no estimate mixes
answers to two wordings. `problems` says what is wrong with one before anybody marks by it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property

MET_ANSWER, PARTLY, NOT_MET_ANSWER = "met", "partly_met", "not_met"
NOT_ENOUGH, NOT_APPLICABLE = "not_enough_evidence", "not_applicable"
MARKS = (MET_ANSWER, PARTLY, NOT_MET_ANSWER, NOT_ENOUGH, NOT_APPLICABLE)
GRADES = ("good", "requires_improvement", "inadequate")
OVERALL = re.compile(r"(^|[^a-z])overall$")
"""A question whose key ends so is answered by a grade (return contract, rule R55)."""
KEY = re.compile(r"[a-z][a-z0-9_]{2,40}")
WHOLE_NUMBER = re.compile(r"([0-9]{1,6})(\.0+)?")
"""As a marker or a spreadsheet writes it."""
NONE = "none"
"""What a list says that is empty."""


@dataclass(frozen=True)
class Question:
    """One question to a file. `asks`: the questions of the commission that it serves (Q1 to Q50); `stage` of the case;
    `guidance`: what to look for; `welsh`: the question in Welsh, or '' until it is translated."""

    key: str
    text: str
    asks: str
    stage: str
    guidance: str = ""
    welsh: str = ""
    reason_for: tuple[str, ...] = (PARTLY, NOT_MET_ANSWER)

    @property
    def graded(self) -> bool:
        """Whether it is answered by a grade."""
        return bool(OVERALL.search(self.key))

    @property
    def in_words(self) -> bool:
        """Whether it is answered by a word of a ladder, so that a share of files can be told."""
        return True

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers that may be given, as words."""
        return GRADES if self.graded else MARKS

    @property
    def may_be(self) -> str:
        """How it may be answered, as the sheet says it beside the question."""
        return ", ".join(self.answers)

    def answer(self, said: str) -> str | None:
        """What was said, as a mark holds it; None where it is no answer to this question."""
        return said if said in self.answers else None

    def needs_reason(self, answer: str) -> bool:
        """Whether this answer stands only with a reason: what was not met, and every grade."""
        return self.graded or answer in self.reason_for


@dataclass(frozen=True)
class CountQuestion(Question):
    """A question that is answered with a whole number. `part_of`: the question of which it counts a part, by its key;
    the number is then never above that one's, and the two together are a ratio: all parts over all wholes. `ratio`:
    what that is called; `limits`: what it cannot tell."""

    reason_for: tuple[str, ...] = ()
    part_of: str = ""
    ratio: str = ""
    limits: str = ""

    @property
    def in_words(self) -> bool:
        """It is answered by a number."""
        return False

    @property
    def answers(self) -> tuple[str, ...]:
        """What may stand in the place of a number."""
        return (NOT_ENOUGH,)

    @property
    def may_be(self) -> str:
        """How it may be answered, as the sheet says it beside the question."""
        most = f", at most {self.part_of}" if self.part_of else ""
        return f"a whole number{most}; or {NOT_ENOUGH}"

    def answer(self, said: str) -> str | None:
        """A whole number without nought before it or point behind it, or the word for not knowing; else None."""
        number = WHOLE_NUMBER.fullmatch(said)
        return str(int(number[1])) if number else super().answer(said)


@dataclass(frozen=True)
class ListQuestion(Question):
    """A question that is answered with a list of references, which stand in the file. `lists`: of whom; it closes its
    set, after the overall question."""

    reason_for: tuple[str, ...] = ()
    lists: str = "suspects"

    @property
    def in_words(self) -> bool:
        """It is answered by references."""
        return False

    @property
    def answers(self) -> tuple[str, ...]:
        """What may stand in the place of references."""
        return (NONE, NOT_ENOUGH)

    @property
    def may_be(self) -> str:
        """How it may be answered, as the sheet says it beside the question."""
        return f"references of {self.lists}, commas or spaces between them; or {NONE}; or {NOT_ENOUGH}"

    def answer(self, said: str) -> str | None:
        """What was said, with single commas; whether the references are known is for whoever knows the file."""
        return ", ".join(said.replace(",", " ").split()) or None

    def listed(self, said: str, known: Collection[str]) -> tuple[tuple[str, ...], int]:
        """The known references that are named, in order and each once, and how many others are."""
        parts = [" ".join(part.split()) for part in said.split(",")]
        each = [one for part in parts for one in ([part] if part in known else part.split())]
        each = [one if one in known else one.removesuffix(".0") for one in each]  # a number, as a spreadsheet saves it
        return tuple(sorted(set(each) & set(known))), len(set(each) - set(known))


@dataclass(frozen=True)
class QuestionSet:
    """Questions that are asked together of one kind of subject ("crime", "child", "suspect", "group")."""

    key: str
    version: str
    title: str
    subject: str
    line: str
    questions: tuple[Question, ...]

    @cached_property
    def checksum(self) -> str:
        """SHA-256 (64 hexadecimal digits) of every word of it: one changed word is another set."""
        told = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    def question(self, key: str) -> Question | None:
        """The question with this key, if it has one."""
        return next((one for one in self.questions if one.key == key), None)

    @property
    def lists(self) -> tuple[ListQuestion, ...]:
        """The questions that are answered with references."""
        return tuple(one for one in self.questions if isinstance(one, ListQuestion))

    @property
    def ratios(self) -> tuple[tuple[CountQuestion, Question], ...]:
        """Every question that counts a part, with the question that counts the whole."""
        parts = [one for one in self.questions if isinstance(one, CountQuestion) and one.part_of]
        return tuple((one, whole) for one in parts if (whole := self.question(one.part_of)))


def problems(held: QuestionSet) -> Iterator[str]:
    """What is wrong with a set, a sentence each; none if it is fit to mark by."""
    keys = [one.key for one in held.questions]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"{held.key}: {key} stands there twice."
    for one in held.questions:
        if not KEY.fullmatch(one.key):
            yield f"{held.key}: {one.key!r} is no key; small letters, digits and underscores, 3 to 41 of them."
        if not one.text.endswith("?"):
            yield f"{held.key}, {one.key}: a question ends with a question mark."
        if not one.asks:
            yield f"{held.key}, {one.key}: say which question of the commission it serves."
        if set(one.reason_for) - set(one.answers) and not one.graded:
            yield f"{held.key}, {one.key}: a reason is asked for an answer that cannot be given."
        if isinstance(one, CountQuestion):
            yield from _count_problems(held, one)
    asked = held.questions[: len(held.questions) - len(held.lists)]
    if set(asked) & set(held.lists):
        yield f"{held.key}: a list closes its set, after the overall question."
    if not held.questions:
        yield f"{held.key}: it asks nothing."
    elif not asked or not asked[-1].graded:
        yield f"{held.key}: the last question is the overall one, asked when everything else has been answered."


def _count_problems(held: QuestionSet, one: CountQuestion) -> Iterator[str]:
    if one.graded:
        yield f"{held.key}, {one.key}: an overall question is answered by a grade, not by a number."
    before = held.questions[: held.questions.index(one)]
    whole = next((other for other in before if other.key == one.part_of), None)
    if one.part_of and (not isinstance(whole, CountQuestion) or whole.part_of):
        yield f"{held.key}, {one.key}: what it is a part of is counted by a question before it, and is no part itself."
    if one.part_of and not (one.ratio and one.limits):
        yield f"{held.key}, {one.key}: say what its ratio is called, and what it cannot tell."
