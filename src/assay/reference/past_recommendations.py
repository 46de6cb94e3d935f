"""Failure modes F1 to F19 of the inquiry, and past recommendations with their status.

Failure modes F1 to F19 are the findings of the inquiry, each with a test. Recommendations are those of inspections,
inquiries and reviews, with owner, response, deadline, last known status and what has happened since.
We do not word a recommendation whose text was not read: its row says so, and names the publisher to ask for the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.inspection_questions import inspection_themes, questions
from assay.reference.reference_data import (
    GRADING_EVIDENCE,
    READ_GRADES,
    Register,
    check_address,
    check_partial_dates,
    read_rows,
    split_cell,
)

FAILURE_COLUMNS = ("code", "line", "text", "test", "part", "publisher", "evidence", "source")
RECOMMENDATION_COLUMNS = (
    "key", "report", "publisher", "report_date", "number", "reference", "owner", "text", "deadline", "status",
    "status_on", "status_words", "response", "response_on", "state", "superseded_by", "questions", "theme", "evidence",
    "source", "address",
)  # fmt: skip
EVENT_COLUMNS = ("recommendations", "event_date", "happened", "publisher", "evidence", "source", "address")
STATUSES = {
    "carried out": "done, by the account of the source named",
    "in progress": "begun",
    "accepted": "its owner agreed; no later status was found",
    "incomplete": "not done by the date of the status",
    "declined": "refused by its owner",
    "not known": "no status was found in a source",
}
MET, POLICY_ONLY, NOT_SHOWN, SUPERSEDED = "met in records", "policy only", "not shown", "superseded"
STATES = {
    MET: "the law, report or record that was asked for exists and was found",
    POLICY_ONLY: "a law, plan, promise or body exists; nothing shows its result",
    NOT_SHOWN: "nothing that was found shows it done",
    SUPERSEDED: "another recommendation or law has taken its place",
}
"""What the sources show, apart from what the owner says of itself (`STATUSES`)."""
TEXT_NOT_READ = "Text not read."
NOT_GRADED = "Not graded: its text was read only in a copy or report."


@dataclass(frozen=True)
class FailureMode:
    """One way in which forces failed in the past, and how to test for it; `part` is a part of the inquiry's report."""

    code: str
    line: str
    text: str
    test: str
    part: str
    publisher: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The code: 'F1' to 'F19'."""
        return self.code

    @property
    def grades(self) -> bool:
        """True if the finding was read in the inquiry's own text, so that its combined test may count in a grade."""
        return self.evidence == GRADING_EVIDENCE


@dataclass(frozen=True)
class Recommendation:
    """One past recommendation; dates are ISO dates (day, month or year), '' if not found.

    `number` and `reference`: its place in the report. `questions`: those that would test it. `superseded_by`: its
    replacement. `publisher`: the publisher of its text.
    """

    key: str
    report: str
    publisher: str
    report_date: str
    number: str
    reference: str
    owner: str
    text: str
    deadline: str
    status: str
    status_on: str
    status_words: str
    response: str
    response_on: str
    state: str
    superseded_by: str
    questions: tuple[str, ...]
    theme: str
    evidence: str
    source: str
    address: str

    @property
    def text_read(self) -> bool:
        """True if the recommendation's text was read in a source or copy; otherwise forces are not tested on it."""
        return self.evidence in READ_GRADES

    @property
    def grades(self) -> bool:
        """True if a grade may rest on the recommendation, because its original text was read and not only a copy."""
        return self.evidence == GRADING_EVIDENCE


@dataclass(frozen=True)
class RecommendationEvent:
    """A dated event for one or more recommendations, with its source."""

    recommendations: tuple[str, ...]
    event_date: str
    happened: str
    publisher: str
    evidence: str
    source: str
    address: str


class FailureModes(Register[FailureMode]):
    """The failure modes, in their order."""

    member_name = "failure mode"


class Recommendations(Register[Recommendation]):
    """The register of past recommendations."""

    member_name = "recommendation"

    @property
    def latest_first(self) -> tuple[Recommendation, ...]:
        """All recommendations, latest report first; within a report in the order of the file."""
        return tuple(sorted(self.all, key=lambda item: item.report_date, reverse=True))


@lru_cache
def failure_modes() -> FailureModes:
    """Return the failure modes; DefinitionError for an unknown inspection theme."""
    found = FailureModes([FailureMode(**row) for row in read_rows("failure_modes", FAILURE_COLUMNS)])
    for mode in found:
        inspection_themes().get(mode.line)
    return found


@lru_cache
def recommendations() -> Recommendations:
    """Return past recommendations; DefinitionError for an unknown value, or a text read at no stated web address."""
    return Recommendations([_recommendation(row) for row in read_rows("recommendations", RECOMMENDATION_COLUMNS)])


@lru_cache
def recommendation_events() -> tuple[RecommendationEvent, ...]:
    """Return the events of past recommendations, latest first.

    Raises
    ------
    DefinitionError
        An event names an unknown recommendation or a wrong date, or states "met" without a source that was read.
    """
    events = [_event(row) for row in read_rows("recommendation_events", EVENT_COLUMNS)]
    latest_first = tuple(sorted(events, key=lambda event: event.event_date, reverse=True))
    _check_met(latest_first)
    return latest_first


def events_of(key: str) -> tuple[RecommendationEvent, ...]:
    """Return the events of one recommendation, latest first."""
    return tuple(event for event in recommendation_events() if key in event.recommendations)


def _check_met(events: Sequence[RecommendationEvent]) -> None:
    """Refuse `MET` without a later event of that recommendation alone, or its own row, that was read in the source."""
    shown_on = {event.recommendations: event.event_date for event in reversed(events) if event.evidence == "seen"}
    for item in recommendations():
        if item.state == MET and item.evidence != "seen" and shown_on.get((item.key,), "") <= item.report_date:
            raise DefinitionError(
                f"recommendations.csv, {item.key}: {MET!r} needs an event that was read in the source itself. Add one "
                f"to recommendation_events.csv, or write {POLICY_ONLY!r}."
            )


def _recommendation(row: dict[str, str]) -> Recommendation:
    place = f"recommendations.csv, {row['key']}"
    question_numbers = split_cell(row, "questions", " ")
    for column, known in (("status", STATUSES), ("state", STATES)):
        if row[column] not in known:
            raise DefinitionError(f"{place}: unknown {column} {row[column]!r}.")
    if (row["state"] == SUPERSEDED) != bool(row["superseded_by"]):
        raise DefinitionError(f"{place}: a superseded recommendation names what took its place, and no other does.")
    if not (row["report_date"] and row["publisher"]):
        raise DefinitionError(f"{place}: a recommendation has the date of its report and the publisher of its text.")
    check_partial_dates(row, place, ("report_date", "deadline", "status_on", "response_on"))
    check_address(row, place)
    for number in question_numbers:
        questions().get(number)
    recommendation = Recommendation(**{**row, "questions": question_numbers})  # type: ignore[arg-type]
    if recommendation.text_read == recommendation.text.startswith(TEXT_NOT_READ):
        raise DefinitionError(f"{place}: {TEXT_NOT_READ!r} stands where no text was read, and only there.")
    return recommendation


def _event(row: dict[str, str]) -> RecommendationEvent:
    place = f"recommendation_events.csv, {row['event_date']} {row['recommendations']}"
    keys = split_cell(row, "recommendations", " ")
    if not (keys and row["event_date"] and row["happened"]):
        raise DefinitionError(f"{place}: an event has a recommendation, a date and what happened.")
    for key in keys:
        recommendations().get(key)
    check_partial_dates(row, place, ("event_date",))
    check_address(row, place)
    return RecommendationEvent(**{**row, "recommendations": keys})  # type: ignore[arg-type]
