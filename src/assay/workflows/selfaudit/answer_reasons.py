"""Explain why a record gives an answer, and what the force can correct.

"Not known" comes from the facts themselves: the deciding columns that are missing in the record. "Not met" is either
late, or absent from a list that the force declares complete, or simply as recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assay import reference
from assay.facts.duty_facts import DID_NOT_HAPPEN, REPORT_EVENTS
from assay.indicators import NOT_KNOWN, UNKNOWN_IF_COUNTED, Condition, Indicator
from assay.ingest.london_time import local_time
from assay.reference.time_standards import BREACH, LATE, UNLESS_EXTENDED
from assay.sdc import ToSender
from assay.workflows.selfaudit.correction_advice import MISSING, NO_ADVICE, Advice
from assay.workflows.selfaudit.failing_advice import FAILING

Row = Mapping[str, Any]
PAST_LIMIT = {
    LATE: "",
    BREACH: ", which the law sets as a maximum: a breach",
    UNLESS_EXTENDED: ", which the law sets as a maximum: a breach unless it was extended, which no return says",
}
"""Text for a duty past its limit, by its state."""


@dataclass(frozen=True)
class ReturnCompleteness:
    """The completeness of a return: complete kinds of event, and the cases whose rows were set aside."""

    complete: frozenset[str]
    set_aside: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @classmethod
    def from_return(cls, sender_tables: ToSender) -> ReturnCompleteness:
        """Read the completeness from the tables `kinds` and `incomplete`."""
        rows = [row for row in sender_tables.rows("incomplete") if row["kind"]]
        lost_events = {(row["kind"], row[name]) for row in rows for name in ("crime_ref", "missing_ref") if row[name]}
        return cls(
            frozenset(row["kind"] for row in sender_tables.rows("kinds") if row["complete"]), frozenset(lost_events)
        )

    def why(self, form: Indicator, answer: str, row: Row) -> Advice:
        """Return why `row`, a record of the form's table, gives `answer`."""
        if answer == UNKNOWN_IF_COUNTED:
            return _missing_columns((form.population, *form.excluding.values()), row)
        if answer == NOT_KNOWN:
            return self._not_known(row) if form.record == "duty" else _missing_columns((form.met,), row)
        return _failed_duty(row) if form.record == "duty" else FAILING[form.key]

    def _not_known(self, row: Row) -> Advice:
        """Return what is not known of a duty: its beginning, its end, or which of two limits applies."""
        end = row["end_event"]
        if not row["standard"]:
            return Advice("Which country's standard holds is not known.", "local_authority_code")
        if row["starts"] is None:
            return Advice("When the clock began is not known.", column_of_event(row["start_event"]))
        if row["ended"] is None and {(end, row["crime_ref"]), (end, row["about_ref"])} & self.set_aside:
            return Advice("A row that may be the one looked for was set aside.", "see the letter for rows set aside")
        if row["ended"] is None and end not in self.complete:
            return Advice(
                f"No '{event_text(end)}' is on record, and the return does not say that all are sent.",
                f"{column_of_event(end)}: enter it; or declare {end} complete in return.toml",
            )
        if row["ended"] is None:
            return Advice(
                (
                    f"No '{event_text(end)}' can be tied to it for certain: one may not say whose it is, may lie "
                    "before the clock began, or the return may not cover its day."
                ),
                f"{column_of_event(end)}; events.person_ref, about_event_ref",
            )
        if not row["rights_known"]:
            return Advice("Whether the victim has enhanced rights, and so which limit holds, is not known.",
                       "involvements.enhanced_rights")  # fmt: skip
        return Advice(
            "Beginning or end is known by its day alone, so in or out of time cannot be said.",
            f"the hour in {column_of_event(row['start_event'])} and {column_of_event(end)}",
        )


def _missing_columns(conditions: tuple[str, ...], row: Row) -> Advice:
    """Return the deciding columns that this record does not hold."""
    columns = dict.fromkeys(name for text in conditions for name in Condition(text).columns)
    reasons = [MISSING[name] for name in columns if row.get(name) is None and name in MISSING]
    if not reasons:
        return NO_ADVICE
    return Advice(" ".join(reason.reason for reason in reasons), "; ".join(reason.action for reason in reasons))


def _failed_duty(row: Row) -> Advice:
    end = row["end_event"]
    if row["state"] in PAST_LIMIT:
        sentence = f"'{event_text(end).capitalize()}' came after the limit{PAST_LIMIT[row['state']]}."
        return Advice(sentence, f"if the time is wrong: {column_of_event(end)}")
    if row["state"] == DID_NOT_HAPPEN:
        return Advice(
            (
                f"The time allowed is over, and no '{event_text(end)}' is on record, though the return says that all "
                "are sent."
            ),
            f"{column_of_event(end)}: enter it if it was done; if not, it is still owed",
        )
    return NO_ADVICE


def event_text(kind: str) -> str:
    """Return a kind of event in words: 'victim informed'."""
    return kind.replace("_", " ")


def column_of_event(kind: str) -> str:
    """Return where a return holds a kind of event: 'events (victim_informed)', 'crimes.recorded_at'."""
    if kind in REPORT_EVENTS:
        return "crimes.reported_at, or reports.received_at"
    if kind not in reference.event_kinds():
        return f"events ({kind})"
    column = reference.event_kinds().get(kind).home
    return column if "." in column else f"events ({kind})"


def day_or_time(first: datetime | None, last: datetime | None, day: object) -> str:
    """Return a moment in local time (Europe/London): a time, or a day alone; '' if not known."""
    if first is None or last is None:
        return str(day) if day is not None else ""
    known_to_the_minute = (last - first).total_seconds() < 60
    return local_time(first).strftime("%Y-%m-%d %H:%M") if known_to_the_minute else str(day or local_time(first).date())
