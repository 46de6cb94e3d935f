"""List what is urgent in a return: overdue duties of open cases, and missing children.

There are three rules, each on facts alone. A case is named by its references. Nobody is scored, ranked or judged, and
the order is by time alone. The records are as old as the extraction: check the live system first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay import reference
from assay.facts.duty_facts import DID_NOT_HAPPEN
from assay.indicators.exclusion_reasons import POLICE
from assay.sdc import ToSender
from assay.workflows.selfaudit.record_lists import duty_times

Row = Mapping[str, Any]
COLUMNS = ("only for", "rule", "crime", "person entry", "record", "began", "allowed", "what is missing")
ADULT = 18


@dataclass(frozen=True)
class Rule:
    """One rule: its title, and its criteria in words."""

    title: str
    explanation: str


OVERDUE = Rule(
    "The time allowed is over, nothing is on record, and the crime is open",
    "A duty of the police whose verified standard sets a number; the return says that every such event is sent; the "
    "crime is not closed, cancelled or passed on, and the victim did not ask to be left in peace.",
)
MISSING = Rule(
    "A child is missing",
    "The episode has no end, and the return says that every end is sent; the child was under 18, or of unknown age.",
)
POSSIBLY_MISSING = Rule(
    "Whether the child came back is not known",
    "The episode has no end, and the return does not say that every end is sent.",
)


@dataclass(frozen=True)
class UrgentList:
    """The records that one rule found: lines with COLUMNS, the longest open first."""

    rule: Rule
    lines: tuple[tuple[str, ...], ...]


def find_urgent(sender_tables: ToSender) -> tuple[UrgentList, ...]:
    """Return every rule that found something, in order of urgency."""
    episodes = [row for row in sender_tables.rows("missing_episode") if _is_possibly_child(row)]
    found = (
        UrgentList(
            MISSING, _episodes((row for row in episodes if row["returned"] is False), MISSING, sender_tables.mark)
        ),
        UrgentList(OVERDUE, _duties(sender_tables)),
        UrgentList(
            POSSIBLY_MISSING,
            _episodes((row for row in episodes if row["returned"] is None), POSSIBLY_MISSING, sender_tables.mark),
        ),
    )
    return tuple(group for group in found if group.lines)


def _is_possibly_child(episode: Row) -> bool:
    return episode["age_at_start"] is None or bool(episode["age_at_start"] < ADULT)


def _episodes(rows: Iterable[Row], rule: Rule, mark: str) -> tuple[tuple[str, ...], ...]:
    found = [
        (mark, rule.title, "", "", row["missing_ref"], str(row["started_day"] or ""), "", "the child's return")
        for row in rows
    ]
    return tuple(sorted(found, key=lambda line: (line[5], line[4])))


def _duties(sender_tables: ToSender) -> tuple[tuple[str, ...], ...]:
    crimes = {row["crime_ref"] for row in sender_tables.rows("crime") if _is_open(row)}
    return tuple(
        sorted(
            (_duty(row, sender_tables.mark) for row in sender_tables.rows("duty") if _is_overdue(row, crimes)),
            key=_time_order,
        )
    )


def _time_order(line: tuple[str, ...]) -> tuple[str, ...]:
    return (line[5], *line[2:])


def _is_open(crime: Row) -> bool:
    """Return True if a case is known to be open: not closed, and not known to be cancelled or passed on."""
    return crime["closed"] is False and not crime["cancelled"] and not crime["transferred"]


def _is_overdue(duty: Row, open_crimes: set[str]) -> bool:
    owed = duty["state"] == DID_NOT_HAPPEN and duty["grades"] and duty["holder"] == POLICE
    excused = duty["crime_cancelled"] or duty["no_contact_wished"] or duty["declined"]
    clock = duty["limit_number"] is not None and duty["standard_in_force"]
    return bool(owed and clock and not excused and duty["crime_ref"] in open_crimes)


def _duty(row: Row, mark: str) -> tuple[str, ...]:
    start, limit, _ = duty_times(row)
    name = reference.standards().get(row["standard"]).name
    entry, subject_ref = row["involvement_ref"] or "", row["about_ref"] or ""
    return mark, OVERDUE.title, row["crime_ref"], entry, subject_ref, start, limit, name
