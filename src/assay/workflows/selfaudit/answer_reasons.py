"""Why does this record give this answer, and what is its force to do about it?

"Not known" comes from the facts themselves: of the columns that decide, those that are missing in the record. What is
not met is either late, or absent from a list that the force calls complete, or simply as the record says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assay import reference
from assay.facts.duty_facts import DID_NOT_HAPPEN, REPORTING
from assay.indicators import NOT_KNOWN, UNKNOWN_IF_COUNTED, Condition, Indicator
from assay.ingest.london_time import wall
from assay.reference.time_standards import BREACH, LATE, UNLESS_EXTENDED
from assay.sdc import ToSender
from assay.workflows.selfaudit.correction_advice import MISSING, OTHER, Why
from assay.workflows.selfaudit.failing_advice import FAILING

Row = Mapping[str, Any]
PAST_LIMIT = {
    LATE: "",
    BREACH: ", which the law sets as a maximum: a breach",
    UNLESS_EXTENDED: ", which the law sets as a maximum: a breach unless it was extended, which no return says",
}
"""What it is that a duty ran over its limit, by its state."""


@dataclass(frozen=True)
class Sent:
    """What the return declares and lost: the kinds of event that are complete, and whose rows were set aside."""

    complete: frozenset[str]
    set_aside: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, sent: ToSender) -> Sent:
        """From the tables `kinds` and `incomplete`."""
        rows = [row for row in sent.rows("incomplete") if row["kind"]]
        lost = {(row["kind"], row[name]) for row in rows for name in ("crime_ref", "missing_ref") if row[name]}
        return cls(frozenset(row["kind"] for row in sent.rows("kinds") if row["complete"]), frozenset(lost))

    def why(self, form: Indicator, answer: str, row: Row) -> Why:
        """Why `row`, a record of the form's table, gives `answer`."""
        if answer == UNKNOWN_IF_COUNTED:
            return _missing((form.population, *form.excluding.values()), row)
        if answer == NOT_KNOWN:
            return self._not_known(row) if form.record == "duty" else _missing((form.met,), row)
        return _failing(row) if form.record == "duty" else FAILING[form.key]

    def _not_known(self, row: Row) -> Why:
        """Of a duty: its beginning, its end, or which of two limits holds."""
        end = row["end_event"]
        if not row["standard"]:
            return Why("Which country's standard holds is not known.", "local_authority_code")
        if row["starts"] is None:
            return Why("When the clock began is not known.", home_of(row["start_event"]))
        if row["ended"] is None and {(end, row["crime_ref"]), (end, row["about_ref"])} & self.set_aside:
            return Why("A row that may be the one looked for was set aside.", "see the letter for rows set aside")
        if row["ended"] is None and end not in self.complete:
            return Why(
                f"No '{spoken(end)}' is on record, and the return does not say that all are sent.",
                f"{home_of(end)}: enter it; or declare {end} complete in return.toml",
            )
        if row["ended"] is None:
            return Why(
                f"No '{spoken(end)}' can be tied to it for certain: one may not say whose it is, may lie before the "
                "clock began, or the return may not cover its day.",
                f"{home_of(end)}; events.person_ref, about_event_ref",
            )
        if not row["rights_known"]:
            return Why("Whether the victim has enhanced rights, and so which limit holds, is not known.",
                       "involvements.enhanced_rights")  # fmt: skip
        return Why(
            "Beginning or end is known by its day alone, so in or out of time cannot be said.",
            f"the hour in {home_of(row['start_event'])} and {home_of(end)}",
        )


def _missing(conditions: tuple[str, ...], row: Row) -> Why:
    """Of the columns that decide, those that this record does not hold."""
    columns = dict.fromkeys(name for text in conditions for name in Condition(text).columns)
    found = [MISSING[name] for name in columns if row.get(name) is None and name in MISSING]
    if not found:
        return OTHER
    return Why(" ".join(one.says for one in found), "; ".join(one.do for one in found))


def _failing(row: Row) -> Why:
    end = row["end_event"]
    if row["state"] in PAST_LIMIT:
        said = f"'{spoken(end).capitalize()}' came after the limit{PAST_LIMIT[row['state']]}."
        return Why(said, f"if the time is wrong: {home_of(end)}")
    if row["state"] == DID_NOT_HAPPEN:
        return Why(
            f"The time allowed is over, and no '{spoken(end)}' is on record, though the return says that all are sent.",
            f"{home_of(end)}: enter it if it was done; if not, it is still owed",
        )
    return OTHER


def spoken(kind: str) -> str:
    """A kind of event in words: 'victim informed'."""
    return kind.replace("_", " ")


def home_of(kind: str) -> str:
    """Where a return holds a kind of event: 'events (victim_informed)', 'crimes.recorded_at'."""
    if kind in REPORTING:
        return "crimes.reported_at, or reports.received_at"
    if kind not in reference.event_kinds():
        return f"events ({kind})"
    home = reference.event_kinds().get(kind).home
    return home if "." in home else f"events ({kind})"


def day_or_time(first: datetime | None, last: datetime | None, day: object) -> str:
    """A moment as its record knows it, in the wall time of Europe/London: a time, or a day alone; '' if not known."""
    if first is None or last is None:
        return str(day) if day is not None else ""
    known_to_the_minute = (last - first).total_seconds() < 60
    return wall(first).strftime("%Y-%m-%d %H:%M") if known_to_the_minute else str(day or wall(first).date())
